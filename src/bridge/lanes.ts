/**
 * The lanes beneath the timeline's calls: cycles of the collector and whose callback paid for them, memory, goroutines, bytes that were
 * copied, timers and long callbacks. Columns, in the order of time; all times are `performance.now()` of the page. What was
 * seen in linear memory is held against what must be true of it; a lane that fails that is not told, and says why.
 *
 * Facts: runtime/mgc.go gcStart and gcMarkTermination, mstats.go readmemstats_m (Go 1.21 to 1.27).
 */
import type { Outcome } from '../bytes/malformed';
import type { Program } from '../program';
import type { Capture } from './capture';
import { type Cycles, readCycles } from './cycles';
import { innermost, readEntries } from './entries';
import { COLUMN, FULL_ROW } from './state';

/** Sizes in bytes, as they are from each time on. */
export interface Memory {
  times: Float64Array;
  /** Linear memory as JavaScript sees it: it never shrinks. */
  linear: Float64Array;
  /** What Go's heap takes (MemStats.HeapSys), and of that what holds objects (HeapInuse). None where that is not known. */
  heap: { sys: Float64Array; inuse: Float64Array; live: Float64Array } | null;
}

/** Stretches in which a goroutine was seen to run, as far as calls were timed. */
export interface Runs {
  begin: Float64Array;
  end: Float64Array;
  /** Number of the goroutine. */
  goid: Float64Array;
}

export interface Lanes {
  /** `entry` is the event of the entry into Go that began each cycle, and waited for it as far as it did; -1 where none was timed. */
  collector: Outcome<Cycles & { entry: Int32Array }>;
  memory: Outcome<Memory>;
  /** What the heap's part of `memory` is missing for; '' when it is there. */
  heapWhy: string;
  goroutines: Outcome<Runs>;
  /** Events: entries into Go by timers of Go's own (`resume`). */
  timers: Int32Array;
  /** Events: entries into Go from outside of it that took `LONG_MS` or more. */
  long: Int32Array;
}

/** What browsers call a long task. */
export const LONG_MS = 50;

const NOT_LOOKED = 'linear memory was not looked at';

/** @param program of the recording, null when it is not at hand */
export function readLanes(capture: Capture, program: Program | null): Lanes {
  const entries = readEntries(capture);
  const { begin, end, depth } = entries;
  const timers: number[] = [];
  const long: number[] = [];
  for (let i = 0; i < begin.length; i++) {
    if (entries.isTimer[i]) timers.push(entries.event[i]);
    if (depth[i] === 0 && end[i] - begin[i] >= LONG_MS) long.push(entries.event[i]);
  }
  const heapWhy = whyNoHeap(capture, program);
  const cycles = collectorOf(capture, program);
  return {
    collector: cycles.ok
      ? { ok: true, value: { ...cycles.value, entry: innermost(entries, cycles.value.seen) } }
      : cycles,
    memory: readMemory(capture, heapWhy === ''),
    heapWhy,
    goroutines: readRuns(capture, program),
    timers: Int32Array.from(timers),
    long: Int32Array.from(long),
  };
}

/**
 * @param from @param to milliseconds @param buckets how many parts of that time
 * @returns bytes copied in each part, by when a call ended. Of strings only those of calls that were timed are in it
 */
export function bytesOver(capture: Capture, from: number, to: number, buckets: number): Float64Array {
  const sums = new Float64Array(buckets);
  const { events, times } = capture;
  const count = times.length / 2;
  // Events are in the order of their ends.
  const ends = times.slice();
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ends[middle * 2 + 1] < from) low = middle + 1;
    else high = middle;
  }
  for (let i = low; i < count && ends[i * 2 + 1] < to; i++) {
    const size = events.at(i * 3 + 2) >>> 0;
    if (size > 0) sums[Math.min(buckets - 1, Math.floor(((ends[i * 2 + 1] - from) / (to - from)) * buckets))] += size;
  }
  return sums;
}

/** Cycles of the collector, without whose they were. */
export function collectorOf(capture: Capture, program: Program | null): Outcome<Cycles> {
  const why = whyNoHeap(capture, program);
  return why ? { ok: false, why } : readCycles(capture);
}

function whyNoHeap(capture: Capture, program: Program | null): string {
  if (capture.rows.length === 0) return NOT_LOOKED;
  if (capture.rowWidth === FULL_ROW) return '';
  const state = program?.go.collectorState();
  return state && !state.ok ? state.why : 'the words of the collector were not looked at';
}

function readMemory(capture: Capture, whole: boolean): Outcome<Memory> {
  const { rows, rowWidth } = capture;
  if (rows.length === 0) return { ok: false, why: NOT_LOOKED };
  const count = rows.length / rowWidth;
  const column = (at: number) => Float64Array.from({ length: count }, (_, i) => rows.at(i * rowWidth + at));
  if (!whole) return { ok: true, value: { times: column(0), linear: column(1), heap: null } };
  const inuse = column(COLUMN.heapInUse);
  const free = column(COLUMN.heapFree);
  const released = column(COLUMN.heapReleased);
  const linear = column(1);
  const sys = inuse.map((size, i) => size + free[i] + released[i]);
  return { ok: true, value: { times: column(0), linear, heap: { sys, inuse, live: column(COLUMN.heapLive) } } };
}

/** @returns why it is not known which goroutines ran; '' when it is */
export function whyNoRuns(capture: Capture, program: Program | null): string {
  const { goroutines } = capture;
  const state = program?.go.goroutineState();
  if (state && !state.ok) return state.why;
  if (goroutines.length === 0) return NOT_LOOKED;
  let [known, unknown] = [0, 0];
  for (let i = 1; i < goroutines.length; i += 2) {
    if (goroutines.at(i) > 0) known++;
    else if (goroutines.at(i) < 0) unknown++;
  }
  return unknown > known ? 'what should be the running goroutine is none' : '';
}

function readRuns(capture: Capture, program: Program | null): Outcome<Runs> {
  const why = whyNoRuns(capture, program);
  if (why) return { ok: false, why };
  const pairs = capture.goroutines.slice();
  const kept: number[] = [];
  for (let i = 0; i < pairs.length; i += 2) if (pairs[i + 1] > 0) kept.push(i);
  const end = (i: number) => (i + 2 < pairs.length ? pairs[i + 2] : capture.now);
  return {
    ok: true,
    value: {
      begin: Float64Array.from(kept, (i) => pairs[i]),
      end: Float64Array.from(kept, end),
      goid: Float64Array.from(kept, (i) => pairs[i + 1]),
    },
  };
}
