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
import { createFunctions } from './functions';
import { createNames } from './names';
import { createPace, lookCost } from './pace';
import { F64, I32 } from './pristine';
import { createReceivers } from './receivers';
import { createSamples, type Samples } from './samples';
import { argumentsOf, createSites, Site } from './sites';
import { createStacks } from './stacks';

enum Most {
  /** Timed calls within each other. */
  Depth = 128,
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
  /** Go asks what time it is: the answer will stand at SP + 8. */
  Clock,
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
          : exec(/nanotime1$/, name)
            ? Kind.Clock
            : exec(/LoadString$|wasmWrite$/, name)
              ? Kind.Loaded
              : exec(/copyBytes/, name)
                ? Kind.Copied
                : Kind.Plain;

export interface Recorder {
  /** As in gate.ts. */
  before(sp: number, index: number): number;
  after(): void;
  /** Go is entered. @param id of the js.Func that is called, if one is. @returns what is to be handed to `leave` */
  enter(operation: string, id?: unknown): number;
  leave(depth: number): void;
  /** Goes on with what is known by now. */
  use(options: RecordOptions): void;
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
  /** A word for the value with an id, on the same terms. */
  receiverOf(id: number): string;
  /** `performance`, its `now` and its `timeOrigin`. */
  clock: { performance: unknown; now: () => number; origin: number };
}

const NONE: never[] = [];

export function createRecorder(recorded: Recorded, options: RecordOptions): Recorder {
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

  let pace = createPace(1, 0);
  const names = createNames(recorded.nameOf);
  const stacks = createStacks();
  const entries = createEntries();
  const sites = createSites();
  const functions = createFunctions();
  const { table } = sites;
  const receivers = createReceivers((id) => {
    const word = recorded.receiverOf(id);
    return word ? names.text(word) : 0;
  });
  const events = createEvents();
  let samples: Samples | null = null;

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
  let memorySize = lengthOf(bytes);

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
  /** Of an entry into Go: its operation, and PC_F of the function that runs for it; 0 while that is not known, -1 for none. */
  const entered = new I32(Most.Depth);
  const handlers = new I32(Most.Depth);
  /** Where the frame of the syscall/js.handleEvent lies that runs for it: that one asks what has happened before it calls a function. */
  const handling = new I32(Most.Depth);
  let depth = 0;
  /** Index of the word in which the time will stand that Go has just asked for. */
  let asked = 0;
  /** Depth of the innermost entry into Go, and 1; 0 for none. */
  let go = 0;
  const outer = new I32(Most.Depth);
  /** Whether the function is not known yet that runs for it. */
  let searched = false;

  const look = () => {
    if (words[0] !== undefined) return;
    const buffer = memory();
    words = new I32(buffer);
    bytes = new U8(buffer);
    memorySize = lengthOf(bytes);
  };
  /** Looks at the state of Go, at the latest time known. */
  const sample = (inGo: boolean, since = clock[0]) => {
    if (!samples) return;
    try {
      look();
      samples.at(words, memorySize, clock[0], inGo, since);
    } catch {
      // The memory is gone: Go has ended.
    }
  };
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
  /** Walks the stack. @returns its site, with what there is to know */
  const visit = (sp: number, index: number): number => {
    const stack = stacks.at(words, sp);
    const site = sites.enter(words, sp >>> 2, index, stacks.places, stacks.pcs, stacks.settled());
    table[site + Site.Kind] = kinds[index];
    table[site + Site.Stack] = stack;
    table[site + Site.Event] = stacks.eventAt(stack);
    table[site + Site.Handler] = stacks.handlers[stack];
    table[site + Site.Entry] = table[site + Site.Wraps] = 0;
    return site;
  };
  const entryOf = (site: number, index: number, target: number): number => {
    ofImport[index] ||= operation(recorded.names[index]);
    return entries.of(ofImport[index], target, table[site + Site.Stack]);
  };
  /** A call by a name, which is remembered where it never changes. */
  const named = (site: number, at: number, index: number): number => {
    const pointer = words[at + 4];
    const length = words[at + 6];
    const target = names.string(bytes, pointer >>> 0, length >>> 0);
    const entry = entryOf(site, index, target);
    table[site + Site.Wraps] = target && target === names.wrapper ? argumentsOf(table, site, stacks.inBridge) : 0;
    table[site + Site.Pointer] = pointer;
    table[site + Site.Length] = length;
    table[site + Site.Entry] = target && names.still(pointer >>> 0, length >>> 0) ? entry : 0;
    return entry;
  };
  const lost = () => names.lost + stacks.lost + entries.lost;

  const leave = (at: number) => {
    if (at < 0 || at >= depth) return;
    // A trap leaves calls open.
    depth = at + 1;
    go = outer[at];
    searched = go > 0 && !handlers[go - 1];
    open[at] = entries.of(entered[at], 0, handlers[at] > 0 ? stacks.of(handlers[at] << 16) : 0);
    count(open[at], 0);
    pop();
    sample(false);
  };

  const use = ({ every, frames, staticLow, staticHigh, state }: RecordOptions) => {
    pace = createPace(every, every ? 0 : lookCost(now));
    names.use(staticLow, staticHigh);
    stacks.use(frames);
    sites.clear();
    samples = state ? createSamples(state) : null;
    now();
    sample(false);
  };
  use(options);

  return {
    use,
    leave,
    before(sp, index) {
      const at = sp >>> 2;
      // Memory that has grown leaves an empty array behind.
      if (words[at] === undefined) look();
      let site = sites.of(words, at);
      if (!sites.holds(site, words, at, index)) site = visit(sp, index);
      if (samples?.changed(words)) {
        now();
        sample(true);
      }
      if (searched) {
        const event = table[site + Site.Event];
        const handler = table[site + Site.Handler];
        if (!handling[go - 1] && !handler) handling[go - 1] = event;
        // A function that was called back earlier, and waited, may go on now: that one's frame is another.
        if (handling[go - 1] === event) handlers[go - 1] = handler;
        searched = !handlers[go - 1];
      }
      const kind = table[site + Site.Kind];
      let size = 0;
      let entry = table[site + Site.Entry];
      if (kind === Kind.Named) {
        if (!entry || words[at + 4] !== table[site + Site.Pointer] || words[at + 6] !== table[site + Site.Length])
          entry = named(site, at, index);
        if (table[site + Site.Wraps]) functions.made(words, at, table[site + Site.Wraps], stacks.isFunction);
      } else if (kind === Kind.Called) entry = entryOf(site, index, names.function(words[at + 2]));
      else {
        if (kind === Kind.Written || kind === Kind.Loaded) size = words[(sp + kind) >>> 2] >>> 0;
        else if (kind === Kind.Dropped) names.forget(words[at + 2]);
        if (!entry) table[site + Site.Entry] = entry = entryOf(site, index, 0);
      }
      count(entry, size);
      if (depth === Most.Depth) return 0;
      if (kind === Kind.Copied) push(entry, 0, 1, (sp + kind) >>> 2);
      else if (pace.next()) {
        if (kind === Kind.Named) receivers.look(entry, words[at + 2]);
        push(entry, size, pace.every, 0);
      } else return 0;
      if (kind === Kind.Clock) asked = at + 2;
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
      if (asked) {
        samples?.clock(words, asked, begins[depth], clock[0]);
        asked = 0;
      }
      sample(true, begins[depth]);
    },
    enter(name, id) {
      if (depth === Most.Depth) return -1;
      // Who called JavaScript that now enters Go again.
      if (go) sample(true);
      entered[depth] = operation(name);
      // Nothing has called Go's main function.
      handlers[depth] = name === 'run' ? -1 : functions.of(id);
      handling[depth] = 0;
      outer[depth] = go;
      push(0, 0, 1, 0);
      pace.at(clock[0]);
      sample(false);
      go = depth;
      searched = !handlers[depth - 1];
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
      if (!last && !lengthOf(counted.counts) && !lengthOf(chunk.events) && !samples?.more()) return null;
      const batch: RecordBatch = {
        instance,
        number: ++batches,
        now: now(),
        origin,
        operations,
        receivers: receivers.take(),
        targets: names.take(),
        stacks: stacks.take(),
        ...counted,
        ...chunk,
        dropped: events.dropped,
        lost: lost(),
        clockStep: clock[1],
        every: pace.every,
        last: false,
      };
      if (samples) batch.state = samples.take();
      batch.last = last && !events.more() && !samples?.more();
      operations = [];
      return batch;
    },
  };
}
