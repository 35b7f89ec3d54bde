/** What a recorder says of calls that a made-up program makes: sums, targets, nesting, events. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRecorder } from '../../../src/hook/record/recorder';
import type { RecordBatch } from '../../../src/protocol/recording';

const NAMES = [
  ...['valueGet', 'valueCall', 'valueNew', 'copyBytesToJS', 'stringVal', 'finalizeRef'].map(
    (name) => `syscall/js.${name}`,
  ),
  'runtime.wasmWrite',
];
const index = (name: string) => NAMES.findIndex((each) => each.endsWith(name));

/** A program whose calls are made by hand; the clock moves when told. */
function stage(every = 1) {
  const memory = new ArrayBuffer(1 << 16);
  const view = new DataView(memory);
  let time = 1000;
  const recorder = createRecorder(
    {
      instance: 1,
      names: NAMES,
      memory: () => memory,
      nameOf: (id) => (id === 77 ? 'Uint8Array' : ''),
      receiverOf: (id) => (id === 90 ? 'document' : id === 91 ? 'div' : ''),
      clock: { performance: null, now: () => time, origin: 0 },
    },
    { every, frames: null, staticLow: 0, staticHigh: 0 },
  );
  const SP = 256;
  const text = (at: number, value: string) => {
    new Uint8Array(memory).set(new TextEncoder().encode(value), 8192);
    view.setUint32(SP + at, 8192, true);
    view.setUint32(SP + at + 8, value.length, true);
  };
  return {
    recorder,
    pass: (ms: number) => {
      time += ms;
    },
    number: (at: number, value: number) => view.setUint32(SP + at, value, true),
    text,
    /** A call from a return PC, with what it does meanwhile. @returns whether its end was asked for */
    call(name: string, pc: number, within: () => void = () => {}): boolean {
      view.setUint32(SP, pc, true);
      const told = recorder.before(SP, index(name)) === 1;
      within();
      if (told) recorder.after();
      return told;
    },
    enter(name: string, within: () => void) {
      const depth = recorder.enter(name);
      within();
      recorder.leave(depth);
    },
  };
}

/** Everything recorded, as lines: operation target stack calls bytes timed total self. */
function lines(recorder: ReturnType<typeof createRecorder>): {
  sums: string[];
  events: string[];
  batches: RecordBatch[];
} {
  const batches: RecordBatch[] = [];
  recorder.end();
  for (let last = false; !last; ) {
    const batch = recorder.take(true);
    assert.ok(batch);
    batches.push(batch);
    last = batch.last;
  }
  const operations = ['', ...batches.flatMap((batch) => batch.operations)];
  const targets = ['', ...batches.flatMap((batch) => batch.targets)];
  const stacks = batches.flatMap((batch) => [...batch.stacks]).filter((_, i) => i % 2 === 1);
  const keys = batches.flatMap((batch) => [...batch.entries]);
  const name = (entry: number) => {
    const [operation, target, stack] = keys.slice((entry - 1) * 3, entry * 3);
    return `${operations[operation].replace(/.*\./, '')} ${targets[target]} ${stack ? stacks[stack - 1] : ''}`.trim();
  };
  const latest = new Map<number, number[]>();
  for (const { counts } of batches)
    for (let i = 0; i < counts.length; i += 6) latest.set(counts[i], [...counts.slice(i + 1, i + 6)]);
  const sums = [...latest].map(([entry, values]) => `${name(entry)}: ${values.map((n) => Math.round(n * 10) / 10)}`);
  const events = batches.flatMap(({ events, times }) =>
    Array.from(
      { length: times.length / 2 },
      (_, i) =>
        `${name(events[i * 3])} depth ${events[i * 3 + 1]}, ${events[i * 3 + 2]} bytes, ${times[i * 2] - 1000}–${times[i * 2 + 1] - 1000}`,
    ),
  );
  return { sums: sums.sort(), events, batches };
}

test('calls are told apart by operation, target and stack, and counted', () => {
  const { recorder, text, call, number } = stage();
  for (const [name, pc] of [
    ['style', 1],
    ['style', 1],
    ['style', 2],
    ['width', 1],
  ] as const) {
    text(16, name);
    call('valueGet', pc);
  }
  number(8, 77);
  call('valueNew', 3);
  number(8, 78);
  call('valueNew', 3);
  const { sums } = lines(recorder);
  assert.deepEqual(sums, [
    'valueGet style 1: 2,0,2,0,0',
    'valueGet style 2: 1,0,1,0,0',
    'valueGet width 1: 1,0,1,0,0',
    'valueNew  3: 1,0,1,0,0',
    'valueNew Uint8Array 3: 1,0,1,0,0',
  ]);
});

test('bytes: what strings and copies carry; of a copy what was really copied', () => {
  const { recorder, call, number } = stage(1000);
  number(16, 11);
  call('stringVal', 1);
  number(24, 300);
  call('wasmWrite', 2);
  // However seldom calls are timed, the end of a copy is asked for: only there its length stands.
  for (const [copied, ok] of [
    [4096, 1],
    [100, 1],
    [999, 0],
  ]) {
    const told = call('copyBytesToJS', 3, () => {
      number(40, copied);
      number(48, ok);
    });
    assert.ok(told);
  }
  assert.deepEqual(
    lines(recorder).sums.map((line) => line.split(',').slice(0, 2).join()),
    ['copyBytesToJS  3: 3,4196', 'stringVal  1: 1,11', 'wasmWrite  2: 1,300'],
  );
});

test('what a call calls back is its own time no more, at any depth', () => {
  const { recorder, call, enter, pass, text } = stage();
  text(16, 'dispatchEvent');
  enter('run', () => {
    pass(1);
    call('valueCall', 1, () => {
      pass(2);
      enter('callback', () => {
        pass(4);
        call('finalizeRef', 2, () => pass(8));
      });
      pass(16);
    });
    pass(32);
  });
  const { sums, events } = lines(recorder);
  assert.deepEqual(sums, [
    'callback: 1,0,1,12,4',
    'finalizeRef  2: 1,0,1,8,8',
    'run: 1,0,1,63,33',
    'valueCall dispatchEvent 1: 1,0,1,30,18',
  ]);
  assert.deepEqual(events, [
    'finalizeRef  2 depth 3, 0 bytes, 7–15',
    'callback depth 2, 0 bytes, 3–15',
    'valueCall dispatchEvent 1 depth 1, 0 bytes, 1–31',
    'run depth 0, 0 bytes, 0–63',
  ]);
});

test('calls that a trap left open end with the entry into Go that they were in', () => {
  const { recorder, enter, pass, call } = stage();
  enter('resume', () => {
    enter('callback', () => {
      pass(1);
      recorder.before(256, index('stringVal'));
      pass(1);
    });
    call('stringVal', 5);
    pass(1);
  });
  const { events } = lines(recorder);
  assert.deepEqual(
    events.map((event) => event.replace(/,.*,/, ',')),
    ['callback depth 1, 0–2', 'stringVal  5 depth 1, 2–2', 'resume depth 0, 0–3'],
  );
});

test('what is under way when the recording ends ends with it', () => {
  const { recorder, pass } = stage();
  recorder.enter('run');
  pass(5);
  recorder.before(256, index('stringVal'));
  pass(2);
  assert.deepEqual(
    lines(recorder).events.map((event) => event.replace(/,.*,/, ',')),
    ['stringVal  0 depth 1, 5–7', 'run depth 0, 0–7'],
  );
});

test('more events than a batch holds come in several, numbered, the last one marked', () => {
  const { recorder, call } = stage();
  for (let i = 0; i < 40_000; i++) call('stringVal', 1);
  const { batches, events } = lines(recorder);
  assert.equal(events.length, 40_000);
  assert.ok(batches.length > 1);
  assert.deepEqual(
    batches.map(({ number, last }) => [number, last]),
    batches.map((_, i) => [i + 1, i === batches.length - 1]),
  );
});

test('between two batches only what changed is told', () => {
  const { recorder, call } = stage();
  call('stringVal', 1);
  call('stringVal', 2);
  const first = recorder.take();
  assert.equal(recorder.take(), null);
  call('stringVal', 2);
  const second = recorder.take();
  assert.deepEqual([first?.operations, second?.operations], [['syscall/js.stringVal'], []]);
  assert.deepEqual([first?.entries.length, second?.entries.length], [6, 0]);
  assert.deepEqual([...(second?.counts ?? [])].slice(0, 2), [2, 2]);
});

test('memory that has grown has another buffer', () => {
  let memory = new ArrayBuffer(1 << 16);
  const recorder = createRecorder(
    {
      instance: 1,
      names: NAMES,
      memory: () => memory,
      nameOf: () => '',
      receiverOf: () => '',
      clock: { performance: null, now: () => 0, origin: 0 },
    },
    { every: 1, frames: null, staticLow: 0, staticHigh: 0 },
  );
  const call = (pc: number) => {
    new Uint32Array(memory)[64] = pc;
    recorder.before(256, index('finalizeRef'));
    recorder.after();
  };
  call(1);
  memory = structuredClone(memory, { transfer: [memory] });
  call(2);
  assert.deepEqual(
    lines(recorder).sums.map((line) => line.split(':')[0]),
    ['finalizeRef  1', 'finalizeRef  2'],
  );
});

test('what calls are made on is told where all that were looked at are alike', () => {
  const { recorder, call, text, number } = stage();
  text(16, 'createElement');
  for (let i = 0; i < 3; i++) {
    number(8, 90);
    call('valueCall', 1);
    number(8, 90 + (i % 2));
    call('valueCall', 2);
    number(8, 5000 + i);
    call('valueCall', 3);
  }
  const { batches } = lines(recorder);
  const [{ receivers, targets, entries }] = batches;
  const told = new Map<number, string>();
  for (let i = 0; i < receivers.length; i += 2)
    told.set(receivers[i], receivers[i + 1] ? targets[receivers[i + 1] - 1] : '');
  assert.equal(entries.length, 9);
  assert.deepEqual(
    [...told],
    [
      [1, 'document'],
      [2, ''],
      [3, ''],
    ],
  );
});
