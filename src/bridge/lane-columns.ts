/**
 * The lanes beneath the timeline's calls as columns that are drawn: goroutines that run, cycles of the collector, memory, timers, long
 * callbacks. What is in them, and why they may be missing: `lanes.ts`.
 */
import type { Outcome } from '../bytes/malformed';
import type { Program } from '../program';
import type { Capture } from './capture';
import type { Labels } from './labels';
import { type Lanes, type Memory, type Runs, readLanes } from './lanes';
import { type Spans, straight } from './spans';

/** Why a lane of the timeline is empty. */
export interface Unknown {
  why: string;
}

/** Runs of one goroutine, or of all others together. */
export interface GoroutineRow extends Spans {
  /** 0 for the others. */
  goid: number;
  /** Number of the goroutine of each run; null where all are `goid`. */
  goids: Float64Array | null;
  /** Milliseconds of all runs. */
  ms: number;
}

export interface GoroutineLane {
  /** Those that ran longest, longest first, then the others. */
  rows: GoroutineRow[];
  /** Different goroutines that were seen. */
  count: number;
}

export interface GcLane extends Spans {
  /** Bytes of the heap when the cycle began, and what it found alive; NaN while it runs. */
  before: Float64Array;
  after: Float64Array;
  /** 1 where begin and end are Go's own; else they are when the change was seen. */
  exact: Uint8Array;
  /** Label of the entry into Go during which it began; -1 for not known. */
  labels: Int32Array;
  /** Cycles of which only is known that they were. */
  missed: number;
}

/** A column of sizes, bytes, with what is least and most in each block of `BLOCK`. */
export interface Sizes {
  values: Float64Array;
  least: Float64Array;
  most: Float64Array;
}

/** Sizes as they are from each time on. */
export interface MemoryLane {
  times: Float64Array;
  linear: Sizes;
  /** Null where they are not known, for which `heapWhy` tells why. */
  heap: { inuse: Float64Array; live: Sizes } | null;
  heapWhy: string;
}

export interface LaneColumns {
  goroutines: GoroutineLane | Unknown;
  gc: GcLane | Unknown;
  memory: MemoryLane | Unknown;
  /** When timers of Go's own ran it: each begins and ends at once. */
  timers: Spans;
  /** Entries into Go that held the page's thread for 50 ms or more. */
  long: Spans;
}

/** Goroutines that have a row of their own. */
const MOST_ROWS = 3;
const BLOCK = 16;
/** Linear memory of wasm32. */
const MOST_MEMORY = 2 ** 32;

export function laneColumns(capture: Capture, program: Program | null, labels: Labels): LaneColumns {
  const lanes = readLanes(capture, program);
  const spansOf = (events: Int32Array, end: 0 | 1): Spans => {
    const begins = Float64Array.from(events, (event) => capture.times.at(event * 2));
    const spans = { begins, ends: Float64Array.from(events, (event) => capture.times.at(event * 2 + end)) };
    straight(spans);
    return spans;
  };
  return {
    goroutines: lanes.goroutines.ok ? goroutineLane(lanes.goroutines.value) : whyOf(lanes.goroutines),
    gc: lanes.collector.ok
      ? gcLane(lanes.collector.value, (event) => labels.of(capture.events.at(event * 3)))
      : whyOf(lanes.collector),
    memory: memoryLane(lanes),
    timers: spansOf(lanes.timers, 0),
    long: spansOf(lanes.long, 1),
  };
}

const whyOf = ({ why }: Outcome<unknown> & { ok: false }): Unknown => ({ why: `Not known: ${why}.` });

function goroutineLane({ begin, end, goid }: Runs): GoroutineLane {
  const times = new Map<number, number>();
  for (let i = 0; i < goid.length; i++) times.set(goid[i], (times.get(goid[i]) ?? 0) + Math.max(0, end[i] - begin[i]));
  const ranked = [...times].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  // One other alone needs no common row.
  const own = ranked.length <= MOST_ROWS + 1 ? ranked : ranked.slice(0, MOST_ROWS);
  const rowOf = new Map(own.map(([number], row) => [number, row]));
  const runs: number[][] = Array.from({ length: own.length + (ranked.length > own.length ? 1 : 0) }, () => []);
  for (let i = 0; i < goid.length; i++) runs[rowOf.get(goid[i]) ?? own.length].push(i);
  const rows = runs.map((list, row): GoroutineRow => {
    const spans = { begins: Float64Array.from(list, (i) => begin[i]), ends: Float64Array.from(list, (i) => end[i]) };
    straight(spans);
    if (row < own.length) return { ...spans, goid: own[row][0], goids: null, ms: own[row][1] };
    const ms = ranked.slice(own.length).reduce((sum, [, time]) => sum + time, 0);
    return { ...spans, goid: 0, goids: Float64Array.from(list, (i) => goid[i]), ms };
  });
  return { rows, count: ranked.length };
}

type Collected = (Lanes['collector'] & { ok: true })['value'];

function gcLane(
  { begin, end, before, after, exact, entry, missed }: Collected,
  label: (event: number) => number,
): GcLane {
  const spans = { begins: begin, ends: end };
  straight(spans);
  return { ...spans, before, after, exact, labels: entry.map((event) => (event < 0 ? -1 : label(event))), missed };
}

function memoryLane({ memory, heapWhy, collector }: Lanes): MemoryLane | Unknown {
  if (!memory.ok) return whyOf(memory);
  const { times, linear, heap }: Memory = memory.value;
  if (!linear.every((size) => size >= 0 && size <= MOST_MEMORY)) {
    return { why: 'Not known: what should be the size of linear memory is none.' };
  }
  // Words that cannot be the collector's are not those of the heap either.
  const why = collector.ok ? heapWhy : collector.why;
  return {
    times,
    linear: sizesOf(linear),
    heap: heap && why === '' ? { inuse: heap.inuse, live: sizesOf(heap.live) } : null,
    heapWhy: why,
  };
}

export function sizesOf(values: Float64Array): Sizes {
  const blocks = Math.ceil(values.length / BLOCK);
  const least = new Float64Array(blocks).fill(Number.POSITIVE_INFINITY);
  const most = new Float64Array(blocks).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < values.length; i++) {
    const block = Math.floor(i / BLOCK);
    if (values[i] < least[block]) least[block] = values[i];
    if (values[i] > most[block]) most[block] = values[i];
  }
  return { values, least, most };
}

/** Finds least and most of the values `from` to `to`, that one not included; whole blocks are not looked into. */
export function extremes(
  { values, least, most }: Sizes,
  from: number,
  to: number,
  out: { least: number; most: number },
): void {
  out.least = Number.POSITIVE_INFINITY;
  out.most = Number.NEGATIVE_INFINITY;
  for (let i = from; i < to; ) {
    const whole = i % BLOCK === 0 && i + BLOCK <= to;
    const low = whole ? least[i / BLOCK] : values[i];
    const high = whole ? most[i / BLOCK] : values[i];
    if (low < out.least) out.least = low;
    if (high > out.most) out.most = high;
    i += whole ? BLOCK : 1;
  }
}

/** What is handed over of lanes instead of copied. */
export function laneBuffers({ goroutines, gc, memory, timers, long }: LaneColumns): ArrayBufferLike[] {
  const columns: ArrayBufferView[] = [timers.begins, timers.ends, long.begins, long.ends];
  const add = ({ values, least, most }: Sizes) => columns.push(values, least, most);
  if ('rows' in goroutines) {
    for (const { begins, ends, goids } of goroutines.rows) columns.push(begins, ends, ...(goids ? [goids] : []));
  }
  if ('begins' in gc) columns.push(gc.begins, gc.ends, gc.before, gc.after, gc.exact, gc.labels);
  if ('times' in memory) {
    columns.push(memory.times);
    add(memory.linear);
    if (memory.heap) {
      add(memory.heap.live);
      columns.push(memory.heap.inuse);
    }
  }
  return columns.map(({ buffer }) => buffer);
}
