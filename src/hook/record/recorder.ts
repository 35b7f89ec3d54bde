/**
 * Counts and times what crosses between a Go program and JavaScript, call by call, without an allocation for each. Calls are told
 * apart by operation, target and stack.
 *
 * Where arguments stand from SP: lib/wasm/wasm_exec.js (Go 1.11 to 1.27). At SP itself stands the return PC
 * (cmd/internal/obj/wasm/wasmobj.go). The memory is the page's: a typed array answers undefined beyond its end, and what
 * was written there is never called, only looked up.
 */
import type { RecordBatch, RecordOptions } from '../../protocol/recording';
import { apply, exec, lengthOf, U8 } from '../pristine';
import { createEntries, Sum } from './entries';
import { createEvents } from './events';
import { createNames } from './names';
import { createPace } from './pace';
import { F64, I32 } from './pristine';
import { createStacks } from './stacks';

enum Most {
  /** Timed calls within each other. */
  Depth = 128,
}

/** How a look at the clock is timed. */
enum Clock {
  Tries = 3,
  /** Milliseconds of each try. */
  Span = 0.3,
  /** Of one that stands still. */
  Looks = 100000,
}

/** What is looked at besides the return PC; the numbers are offsets of a length from SP. */
enum Kind {
  Plain,
  /** A string at SP + 16. */
  Named,
  /** The ref of a function at SP + 8. */
  Called,
  /** A ref at SP + 8 that Go lets go of. */
  Dropped,
  Written = 16,
  Loaded = 24,
  /** Bytes that were copied, known afterwards. */
  Copied = 40,
}

const kindOf = (name: string) =>
  exec(/value(?:[GS]et|Delete|Call)$/, name)
    ? Kind.Named
    : exec(/value(?:New|Invoke)$/, name)
      ? Kind.Called
      : exec(/finalizeRef$/, name)
        ? Kind.Dropped
        : exec(/stringVal$|getRandomData$/, name)
          ? Kind.Written
          : exec(/LoadString$|wasmWrite$/, name)
            ? Kind.Loaded
            : exec(/copyBytes/, name)
              ? Kind.Copied
              : Kind.Plain;

export interface Recorder {
  /** As in gate.ts. */
  before(sp: number, index: number): number;
  after(): void;
  /** Go is entered. @returns what is to be handed to `leave` */
  enter(operation: string): number;
  leave(depth: number): void;
  /** What is under way ends now, as far as the recording goes. */
  end(): void;
  /** @returns what was recorded since the last call; null when that is nothing. May be more than one batch */
  take(last?: boolean): RecordBatch | null;
  /** Whether there are events to take. */
  more(): boolean;
}

/** What is recorded. */
export interface Recorded {
  instance: number;
  /** Of its imports, by their index in the gate. */
  names: string[];
  /** Its linear memory as it is now. Throws when it has none any more. */
  memory(): ArrayBuffer;
  /** Name of the function with an id in wasm_exec.js's table, without running code of the page; '' when that cannot be told. */
  nameOf(id: number): string;
  /** `performance`, its `now` and its `timeOrigin`. */
  clock: { performance: unknown; now: () => number; origin: number };
}

const NONE: never[] = [];

export function createRecorder(recorded: Recorded, { every, frames, staticLow, staticHigh }: RecordOptions): Recorder {
  const { instance, memory } = recorded;
  const { performance, now: read, origin } = recorded.clock;
  /** The latest time, and the smallest step. In a typed array, for of a variable with a fraction each change makes an object. */
  const clock = new F64(2);
  const now = (): number => {
    const time = apply(read, performance, NONE);
    const step = time - clock[0];
    if (step > 0 && clock[0] && (step < clock[1] || !clock[1])) clock[1] = step;
    clock[0] = time;
    return time;
  };

  const pace = createPace(every, timeLook(now));
  const names = createNames(staticLow, staticHigh, recorded.nameOf);
  const stacks = createStacks(frames);
  const entries = createEntries();
  const events = createEvents();

  let batches = 0;
  let operations: string[] = [];
  const numbers = { __proto__: null } as unknown as Record<string, number>;
  let known = 0;
  const operation = (name: string): number => {
    if (!numbers[name]) {
      operations[operations.length] = name;
      numbers[name] = ++known;
    }
    return numbers[name];
  };
  const { length } = recorded.names;
  const kinds = new U8(length);
  const ofImport = new I32(length);
  for (let i = 0; i < length; i++) kinds[i] = kindOf(recorded.names[i]);

  let words = new I32(memory());
  let bytes = new U8(memory());

  // What is under way, by depth.
  const open = new I32(Most.Depth);
  const begins = new F64(Most.Depth);
  /** Milliseconds of what was called within. */
  const within = new F64(Most.Depth);
  const sizes = new I32(Most.Depth);
  /** How many calls each one stands for: of those that are not timed nothing is known but that they are alike. */
  const weights = new I32(Most.Depth);
  /** Of a copy: where its length will stand, in words. */
  const lengths = new I32(Most.Depth);
  /** Of an entry into Go: its operation, and PC_F of the function that runs for it. */
  const entered = new I32(Most.Depth);
  const handlers = new I32(Most.Depth);
  let depth = 0;
  /** Depth of the innermost entry into Go, and 1; 0 for none. */
  let go = 0;
  const outer = new I32(Most.Depth);

  const count = (entry: number, size: number) => {
    const sums = entries.sums();
    const at = entry * Sum.Count;
    sums[at + Sum.Calls]++;
    sums[at + Sum.Bytes] += size;
    entries.touch(entry);
  };
  const push = (entry: number, size: number, weight: number, length: number) => {
    open[depth] = entry;
    sizes[depth] = size;
    weights[depth] = weight;
    lengths[depth] = length;
    within[depth] = 0;
    begins[depth++] = now();
  };
  const pop = () => {
    const end = now();
    const begin = begins[--depth];
    const time = end - begin;
    const entry = open[depth];
    const sums = entries.sums();
    const at = entry * Sum.Count;
    sums[at + Sum.Timed]++;
    sums[at + Sum.Total] += time;
    sums[at + Sum.Self] += time - within[depth];
    entries.touch(entry);
    if (depth) within[depth - 1] += time * weights[depth];
    events.add(entry, depth, sizes[depth], begin, end);
    pace.at(end);
  };
  const lost = () => names.lost + stacks.lost + entries.lost;
  const look = () => {
    if (words[0] !== undefined) return;
    const buffer = memory();
    words = new I32(buffer);
    bytes = new U8(buffer);
  };

  const leave = (at: number) => {
    if (at < 0 || at >= depth) return;
    // A trap leaves calls open.
    depth = at + 1;
    go = outer[at];
    open[at] = entries.of(entered[at], 0, handlers[at] && stacks.of(handlers[at] << 16));
    count(open[at], 0);
    pop();
  };

  return {
    leave,
    before(sp, index) {
      look();
      const at = sp >>> 2;
      const kind = kinds[index];
      const stack = stacks.at(words, sp);
      if (go && !handlers[go - 1]) handlers[go - 1] = stacks.handlers[stack];
      let target = 0;
      let size = 0;
      if (kind === Kind.Named) target = names.string(bytes, words[at + 4] >>> 0, words[at + 6] >>> 0);
      else if (kind === Kind.Called) target = names.function(words[at + 2]);
      else if (kind === Kind.Dropped) names.forget(words[at + 2]);
      else if (kind === Kind.Written || kind === Kind.Loaded) size = words[(sp + kind) >>> 2] >>> 0;
      ofImport[index] ||= operation(recorded.names[index]);
      const entry = entries.of(ofImport[index], target, stack);
      count(entry, size);
      if (depth === Most.Depth) return 0;
      if (kind === Kind.Copied) {
        push(entry, 0, 1, (sp + kind) >>> 2);
        return 1;
      }
      if (!pace.next()) return 0;
      push(entry, size, pace.every, 0);
      return 1;
    },
    after() {
      if (!depth) return;
      const length = lengths[depth - 1];
      if (length) {
        look();
        // `ok` stands behind it.
        const size = words[length + 2] & 1 ? words[length] : 0;
        sizes[depth - 1] = size;
        entries.sums()[open[depth - 1] * Sum.Count + Sum.Bytes] += size;
      }
      pop();
    },
    enter(name) {
      if (depth === Most.Depth) return -1;
      entered[depth] = operation(name);
      handlers[depth] = 0;
      outer[depth] = go;
      push(0, 0, 1, 0);
      go = depth;
      return depth - 1;
    },
    end() {
      while (depth) {
        if (go === depth) leave(depth - 1);
        else pop();
      }
    },
    more: events.more,
    take(last = false) {
      const counted = entries.take();
      const chunk = events.take();
      if (!last && !lengthOf(counted.counts) && !lengthOf(chunk.events)) return null;
      const batch: RecordBatch = {
        instance,
        number: ++batches,
        now: now(),
        origin,
        operations,
        targets: names.take(),
        stacks: stacks.take(),
        ...counted,
        ...chunk,
        dropped: events.dropped,
        lost: lost(),
        clockStep: clock[1],
        every: pace.every,
        last: last && !events.more(),
      };
      operations = [];
      return batch;
    },
  };
}

/**
 * @returns milliseconds that a look at the clock takes; the least of some tries, for other work comes between. The clock of a page goes in
 *   steps of 0.1 ms, which many looks fit into
 */
function timeLook(now: () => number): number {
  let least = 1;
  for (let tries = 0; tries < Clock.Tries; tries++) {
    const begun = now();
    let looks = 0;
    let time = 0;
    while (time < Clock.Span && looks < Clock.Looks) {
      time = now() - begun;
      looks++;
    }
    if (time / looks < least) least = time / looks;
  }
  return least;
}
