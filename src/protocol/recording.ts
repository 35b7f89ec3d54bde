/**
 * What a recording of the bridge asks of the recorder in the page, and what that says of it. All numbers of a page
 * are hostile: `check-recording.ts` looks at them.
 */

import type { FrameTable, Proof } from './binary';
import type { WatchOptions } from './handles';

/** Words of linear memory that are looked at while a program is recorded. All addresses are multiples of 4. */
export interface StateProbes {
  /**
   * Pairs: address, and its 4 or 8 bytes, an unsigned number. 16 pairs at most. The first two are looked at at each call: their
   * changes are kept with their times.
   */
  words: Int32Array<ArrayBuffer>;
  /** How to tell which goroutine runs; null for not at all. */
  goroutine: GoroutineProbe | null;
}

export interface GoroutineProbe {
  /** Address of the pointer to the goroutine that runs on an m, and that m. */
  curg: number;
  m: number;
  /** In a g: offsets of its m and of its number, 8 bytes. */
  gM: number;
  gGoid: number;
}

export interface RecordOptions {
  /** One call in so many is timed: 0 as many as cost allows, 1 every one. Counts are exact always. */
  every: number;
  /** What follows is true of programs that have these words, and of no other. Without it: of all. */
  proof?: Proof;
  /** Null records no call sites. */
  frames: FrameTable | null;
  /** Addresses: what lies between never changes, so a string there is known by its address. Both 0 for not known. */
  staticLow: number;
  staticHigh: number;
  /** Nothing of linear memory is looked at without. */
  state?: StateProbes;
}

/** What was seen in linear memory, in the order of time. Times as `now`. */
export interface StateSamples {
  /** Numbers of a row: 2, and the words that were asked for. */
  width: number;
  /** Time, bytes of linear memory, and the words: as they were then, where something had changed. */
  rows: Float64Array<ArrayBuffer>;
  /** Pairs: time, and the goroutine that runs from then on: its number, 0 for none, -1 for not known. */
  goroutines: Float64Array<ArrayBuffer>;
  /** Milliseconds to add to Go's own time (runtime.nanotime) for that of `now`; 0 for not known. */
  goClock: number;
  /** Rows and pairs that found no room, so far. */
  lost: number;
}

/** What happened between two messages of one recording. Everything is numbered from 1 on as it comes; 0 is none. */
export interface RecordBatch {
  instance: number;
  /** From 1, without gaps: a missing one makes all that follows worthless. */
  number: number;
  /** `performance.now()` of the page, and what to add for milliseconds since the epoch. */
  now: number;
  origin: number;
  /** New operations: names of imports, and of entries into Go: `run`, `resume`, `export NAME`, `callback`. */
  operations: string[];
  /** New names: of properties, methods, constructors, receivers. */
  targets: string[];
  /** New stacks: for each the count of its PCs, negative when it was cut, and the PCs, innermost first. */
  stacks: Int32Array<ArrayBuffer>;
  /** New entries: operation, target, stack. */
  entries: Int32Array<ArrayBuffer>;
  /** What entries are called on, as far as was looked: pairs of an entry and a target's number, 0 for several or not known. */
  receivers: Int32Array<ArrayBuffer>;
  /** Entries that changed: number, count, bytes, calls timed, their milliseconds, those without what they called back. */
  counts: Float64Array<ArrayBuffer>;
  /** Calls that were timed, as they ended: entry, depth (0 for outermost), bytes. */
  events: Int32Array<ArrayBuffer>;
  /** Of each event: begin and end, as `now`. */
  times: Float64Array<ArrayBuffer>;
  /** Timed calls that found no room among the events, so far. */
  dropped: number;
  /** Calls whose names, stacks or entries found no room, so far: counted under 0. */
  lost: number;
  /** Smallest step of the clock seen, milliseconds; 0 for none yet. */
  clockStep: number;
  /** One call in so many is timed now. */
  every: number;
  /** Only where it was asked for. */
  state?: StateSamples;
  /** The recording has ended with this. */
  last: boolean;
}

/** content script → recorder */
export type RecorderHears =
  /**
   * Record all programs that run and that begin to run; null: no more. Of further orders each adds what it says of its program: one
   * that is being recorded goes on with it, but begins anew where something else was believed of it.
   */
  | { record: RecordOptions | null }
  /** Watch who makes handles, in all programs that run and that begin to run; each further order adds what it says of its program. Null: no more. */
  | { watch: WatchOptions | null }
  | { /** Whether Chrome's Performance panel records, and shows the calls too. */ track: boolean }
  | { /** `number` of the message that has come. */ received: number };
/** recorder → content script: numbered as they are sent. What is not known to have come is said once more when the page goes. */
export type RecorderSays = { batch: RecordBatch; number: number };
