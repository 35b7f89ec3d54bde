/**
 * Recordings of a made-up program, example.com/paint, as the recorder tells them: the same for the same seed. Calls nest as they
 * do in a browser: Go is entered for each frame of an animation, calls JavaScript, and is called back by some of it.
 */
import type { RecordBatch } from '../../src/protocol/recording';
import type { Frame } from '../../src/symbols/frame';
import { createState } from './made-state';

const P = 'example.com/paint';

/** Functions by number; a PC is `(0x1000 + number) << 16 | block`. */
const FRAMES: [name: string, file: string, line: number][] = [
  ['main.(*App).frame', `${P}/app.go`, 160],
  [`${P}/canvas.(*View).paint`, `${P}/canvas/view.go`, 77],
  [`${P}/canvas.(*Layer).flush`, `${P}/canvas/layer.go`, 231],
  [`${P}/history.(*Log).thumbnail`, `${P}/history/log.go`, 118],
  [`${P}/ui.(*Toolbar).onMove`, `${P}/ui/toolbar.go`, 88],
  [`${P}/ui.(*Toolbar).layout`, `${P}/ui/toolbar.go`, 140],
  ['main.(*App).listen.func2', `${P}/app.go`, 96],
  ['main.main', `${P}/main.go`, 31],
  ['runtime.main', '/usr/local/go/src/runtime/proc.go', 290],
  ['syscall/js.Value.Get', '/usr/local/go/src/syscall/js/js.go', 293],
  ['syscall/js.CopyBytesToJS', '/usr/local/go/src/syscall/js/js.go', 613],
  // Who makes handles (test/handles/made.ts).
  [`${P}/ui.(*Toolbar).rebuild`, `${P}/ui/toolbar.go`, 88],
  [`${P}/ui.(*Toolbar).Select`, `${P}/ui/toolbar.go`, 61],
  ['main.(*App).onClick', `${P}/app.go`, 143],
  ['main.(*App).listen.func1', `${P}/app.go`, 91],
  ['main.(*App).listen', `${P}/app.go`, 96],
  ['main.(*App).onPointerMove', `${P}/app.go`, 112],
  [`${P}/ui.Icon`, `${P}/ui/icon.go`, 33],
  [`${P}/ui.(*Palette).swatch`, `${P}/ui/palette.go`, 51],
  [`${P}/codec.(*Worker).post`, `${P}/codec/worker.go`, 40],
  ['syscall/js.FuncOf', '/usr/local/go/src/syscall/js/func.go', 65],
  [`${P}/ui.(*Toolbar).rebuild.func1`, `${P}/ui/toolbar.go`, 89],
  ['main.(*App).onMove', `${P}/app.go`, 160],
  ['main.(*App).onDown', `${P}/app.go`, 171],
];

/** Stands for a program, as far as recordings ask one. */
export const paint = {
  module: { sections: [], bytes: new Uint8Array(8) },
  go: { collectorState: () => ({ ok: true }), goroutineState: () => ({ ok: true }) },
  framesOfReturn(pc: number): Frame[] | null {
    const found = FRAMES[(pc >>> 16) - 0x1000];
    return found ? [{ function: found[0], file: found[1], line: found[2], inlined: false }] : null;
  },
};

const pc = (number: number) => ((0x1000 + number) << 16) | 3;

const OPERATIONS = [
  ...['', 'syscall/js.copyBytesToJS', 'syscall/js.valueCall', 'syscall/js.valueGet', 'syscall/js.valueNew'],
  ...['syscall/js.stringVal', 'syscall/js.valueSet', 'syscall/js.finalizeRef', 'runtime.scheduleTimeoutEvent'],
  ...['run', 'resume', 'callback'],
];
const TARGETS = [
  ...['', 'putImageData', 'requestAnimationFrame', 'createElement', 'clientX', 'clientY', 'buttons', 'ImageData'],
  ...['style.transform', 'document', 'event'],
];

/** Stacks by number, innermost first. */
const STACKS = [
  [],
  [pc(10), pc(2), pc(1), pc(0), pc(7), pc(8)],
  [pc(10), pc(2), pc(3), pc(0), pc(7), pc(8)],
  [pc(9), pc(4), pc(6)],
  [pc(5), pc(4), pc(6)],
  [pc(1), pc(0), pc(7), pc(8)],
  [pc(8)],
  [(0x1000 + 6) << 16],
];

/** Operation, target, stack of each entry. */
const ENTRIES = [
  [0, 0, 0],
  [1, 0, 1],
  [1, 0, 2],
  [2, 1, 5],
  [2, 2, 5],
  [2, 3, 4],
  [3, 4, 3],
  [3, 5, 3],
  [3, 6, 3],
  [4, 7, 5],
  [5, 0, 3],
  [6, 8, 4],
  [7, 0, 5],
  [8, 0, 6],
  [9, 0, 0],
  [10, 0, 0],
  [11, 0, 7],
];
const [, COPY, THUMBNAIL, PUT, RAF, CREATE, X, Y, BUTTONS, IMAGE, STRING, STYLE, DROP, TIMER, , RESUME, CALLBACK] =
  ENTRIES.keys();

/** Entry, and target's number of what it is called on. */
const RECEIVERS = [CREATE, 9, X, 10, Y, 10, BUTTONS, 10];

export interface Shape {
  seed: number;
  /** Timed calls at least. */
  events: number;
  /** One in so many calls from Go is timed. */
  every?: number;
  instance?: number;
  /** Milliseconds by which the page's clock goes. */
  step?: number;
  /** Linear memory was looked at. */
  memory?: boolean;
}

/** Timed calls in a batch. */
const BATCH = 16384;

/** @returns the batches of a recording, the last of them its end */
export function* paintRecording({
  seed,
  events,
  every = 1,
  instance = 1,
  step = 0.1,
  memory = true,
}: Shape): Generator<RecordBatch> {
  const next = random(seed);
  const sums = new Float64Array(ENTRIES.length * 5);
  const touched = new Set<number>();
  let time = 1000;
  let out = { events: [] as number[], times: [] as number[] };
  let made = 0;
  let number = 0;
  const clock = (at: number) => Math.round(at / step) * step;
  const other = random(seed + 1);
  const state = createState(clock, () => 3 + other() * 4);
  const within: number[] = [];
  const weights: number[] = [];

  const batch = (last: boolean): RecordBatch => {
    const counts: number[] = [];
    for (const entry of touched) counts.push(entry, ...sums.subarray(entry * 5, entry * 5 + 5));
    touched.clear();
    const first = number === 0;
    const stacks = STACKS.slice(1).flatMap((pcs) => [pcs.length, ...pcs]);
    const made: RecordBatch = {
      ...{ instance, number: ++number, now: clock(time), origin: Date.UTC(2026, 10, 20, 12, 47) },
      operations: first ? OPERATIONS.slice(1) : [],
      targets: first ? TARGETS.slice(1) : [],
      stacks: Int32Array.from(first ? stacks : []),
      receivers: Int32Array.from(first ? RECEIVERS : []),
      entries: Int32Array.from(first ? ENTRIES.slice(1).flat() : []),
      counts: Float64Array.from(counts),
      events: Int32Array.from(out.events),
      times: Float64Array.from(out.times),
      ...{ dropped: 0, lost: 0, clockStep: step, every, last },
      ...(memory && { state: state.take() }),
    };
    out = { events: [], times: [] };
    return made;
  };
  /** One call that takes `before`, calls what is in it, and takes `after`. */
  const call = (entry: number, bytes: number, before: number, inside?: () => void, after = 0) => {
    const always = entry <= THUMBNAIL || entry >= RESUME;
    const timed = always || next() * every < 1;
    touched.add(entry);
    sums[entry * 5] += 1;
    sums[entry * 5 + 1] += bytes;
    if (!timed) {
      time += before;
      inside?.();
      time += after;
      return;
    }
    const begin = clock(time);
    const depth = within.length;
    within.push(0);
    weights.push(always ? 1 : every);
    time += before;
    inside?.();
    time += after;
    const end = clock(time);
    const spent = end - begin;
    const weight = weights.pop()!;
    sums[entry * 5 + 2] += 1;
    sums[entry * 5 + 3] += spent;
    sums[entry * 5 + 4] += spent - within.pop()!;
    if (depth > 0) within[depth - 1] += spent * weight;
    out.events.push(entry, depth, bytes);
    out.times.push(begin, end);
    made++;
  };
  const go = (most: number) => {
    time += next() * most;
  };
  const pointer = (runs: number) =>
    call(CALLBACK, 0, 0.05, () => {
      state.run(31, time);
      for (const entry of [X, Y, BUTTONS]) {
        for (let i = 0; i < 3; i++) {
          call(entry, 0, 0.002 + next() * 0.004);
          go(0.02);
        }
      }
      if (next() < 0.5) call(STRING, 8 + Math.floor(next() * 40), 0.003);
      call(STYLE, 0, 0.01 + next() * 0.1);
      go(0.3);
      state.allocate(2000 + other() * 6000);
      state.run(runs, time);
    });

  for (let frame = 0; made < events; frame++) {
    const start = time;
    const slow = frame % 5 === 4;
    const work = 0.45 + 0.4 * Math.sin(frame / 90) ** 2 + (frame < 90 ? 0.5 : 0);
    call(RESUME, 0, 0.3, () => {
      go(1.5);
      // Now and then one blocks the page.
      if (frame % 300 === 240) time += 65;
      state.run(1, time);
      state.allocate(150_000 + other() * 150_000);
      state.look(time);
      if (slow) {
        state.run(23, time);
        call(THUMBNAIL, 16384, 0.4 + next());
        state.run(1, time);
      }
      call(COPY, 262144, work * (3 + next() * 4));
      call(IMAGE, 0, 0.02 + next() * 0.3);
      // Drawing may call listeners at once.
      call(PUT, 0, work * (1 + next() * 2), slow ? () => pointer(1) : undefined, slow ? 0.5 : 0);
      for (let i = 0; i < 9; i++) call(DROP, 0, 0.0008);
      if (next() < 0.25) call(CREATE, 0, 0.03);
      call(RAF, 0, 0.02);
      go(1);
      state.look(time);
      state.run(0, time);
    });
    // People move the pointer now and then.
    const lively = 1.6 + 1.4 * Math.sin(frame / 37) + Math.sin(frame / 11);
    for (let i = Math.floor(next() * 1.5 * lively); i > 0; i--) {
      go(1);
      pointer(0);
      state.look(time);
    }
    if (next() < 0.3) {
      state.run(40 + (frame % 7), time);
      call(RESUME, 0, 0.05, () => call(TIMER, 0, 0.004));
      state.run(0, time);
    }
    time = Math.max(time + 0.1, start + 16.7);
    if (out.times.length >= BATCH * 2 || (events < 100_000 && frame % 15 === 14)) yield batch(false);
  }
  yield batch(true);
}

/** Numbers in [0, 1), the same for a seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
