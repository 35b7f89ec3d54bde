/**
 * A recording of the bridge, as it is kept: what the batches of one instance have said, in columns that grow. Numbers of
 * operations, targets, stacks and entries count from 1; 0 stands for what found no room. PCs are return PCs, innermost first.
 */
import type { RecordBatch, StateSamples } from '../protocol/recording';

/** What is known of an entry: an operation with a target from a stack. */
export interface Entry {
  operation: number;
  target: number;
  stack: number;
  /** Target's number of the word for what it is called on. */
  receiver: number;
  calls: number;
  bytes: number;
  /** Calls that were timed, their milliseconds, and those without what they called back. */
  timed: number;
  totalMs: number;
  selfMs: number;
}

/** Numbers of one entry in `Capture.keys` and `Capture.sums`. */
const KEYS = 3;
const SUMS = 5;
/** A row of what was seen in memory begins with the time and the bytes of linear memory. */
export const ROW_STARTS = 2;

export class Capture {
  /** By number; '' at 0. */
  readonly operations: string[] = [''];
  readonly targets: string[] = [''];
  /** Where each stack's count of PCs stands in `pcs`; by number, stack 0 is empty. */
  stacks = new Grown(Int32Array, [0]);
  pcs = new Grown(Int32Array, [0]);
  /** Operation, target, stack of each entry; its sums: calls, bytes, timed, milliseconds, those without what was called back. */
  keys = new Grown(Int32Array, [0, 0, 0]);
  sums = new Grown(Float64Array, [0, 0, 0, 0, 0]);
  /** By entry: the number of the target's name that stands for what it is called on, 0 for several or not known. */
  receivers = new Grown(Int32Array, [0]);
  /** Timed calls: entry, depth, bytes; begin, end. As they ended. */
  events = new Grown(Int32Array);
  times = new Grown(Float64Array);
  /** What was seen in linear memory, as in `StateSamples`: rows of `rowWidth` numbers; time and goroutine. Width 0 for nothing. */
  rowWidth = 0;
  rows = new Grown(Float64Array);
  goroutines = new Grown(Float64Array);
  goClock = 0;
  stateLost = 0;
  /** When the recording began and when it was last heard of, `performance.now()` of the page; `origin` makes it a date. */
  began = 0;
  now = 0;
  origin = 0;
  dropped = 0;
  lost = 0;
  /** When the last of those ended that `forget` took away; 0 for none. */
  forgottenUntil = 0;
  clockStep = 0;
  /** One call in so many was timed at the end. */
  every = 1;
  batches = 0;

  get entries(): number {
    return this.keys.length / KEYS;
  }

  entry(number: number): Entry {
    const { keys, sums } = this;
    const [key, sum] = [number * KEYS, number * SUMS];
    return {
      operation: keys.at(key),
      target: keys.at(key + 1),
      stack: keys.at(key + 2),
      receiver: this.receivers.at(number),
      calls: sums.at(sum),
      bytes: sums.at(sum + 1),
      timed: sums.at(sum + 2),
      totalMs: sums.at(sum + 3),
      selfMs: sums.at(sum + 4),
    };
  }

  /** @returns return PCs of a stack, innermost first, and whether they reach to its outer end */
  stack(number: number): { pcs: Uint32Array; whole: boolean } {
    const at = this.stacks.at(number);
    const count = this.pcs.at(at);
    // Kept as they came; functions from number 28,672 on have PCs of 2³¹ and more.
    const words = this.pcs.slice(at + 1, at + 1 + Math.abs(count));
    return { pcs: new Uint32Array(words.buffer, words.byteOffset, words.length), whole: count >= 0 };
  }

  /**
   * Takes what came from the page. It must have been checked for types and sizes (`protocol/check-recording.ts`); that its
   * numbers stand for something is checked here.
   * @returns false when one is missing before it, or its numbers make no sense: then nothing of it is taken
   */
  add(batch: RecordBatch): boolean {
    if (batch.number !== this.batches + 1) return false;
    const stacks = stackStarts(batch.stacks, this.pcs.length);
    const entries = this.entries + batch.entries.length / KEYS;
    if (!stacks || !this.fits(batch, this.stacks.length + stacks.length, entries)) return false;
    this.batches++;
    for (const operation of batch.operations) this.operations.push(operation);
    for (const target of batch.targets) this.targets.push(target);
    this.stacks.add(stacks);
    this.pcs.add(batch.stacks);
    this.keys.add(batch.entries);
    this.sums.extend(entries * SUMS);
    this.receivers.extend(entries);
    for (let i = 0; i < batch.receivers.length; i += 2) this.receivers.set(batch.receivers[i], batch.receivers[i + 1]);
    for (let i = 0; i < batch.counts.length; i += SUMS + 1) {
      const at = batch.counts[i] * SUMS;
      for (let sum = 0; sum < SUMS; sum++) this.sums.set(at + sum, batch.counts[i + 1 + sum]);
    }
    this.events.add(batch.events);
    this.times.add(batch.times);
    if (batch.state) this.addState(batch.state);
    this.began ||= batch.now;
    // A call that took long began before those that ended earlier.
    for (let i = 0; i < batch.times.length; i += 2) this.began = Math.min(this.began, batch.times[i]);
    this.now = batch.now;
    this.origin = batch.origin;
    this.dropped = batch.dropped;
    this.lost = batch.lost;
    this.clockStep = batch.clockStep;
    this.every = batch.every;
    return true;
  }

  /** Drops the oldest timed calls; sums stay as they are. @param left how many stay */
  forget(left: number): void {
    const gone = this.times.length / 2 - left;
    if (gone <= 0) return;
    this.forgottenUntil = this.times.at(gone * 2 - 1);
    this.events.drop(gone * 3);
    this.times.drop(gone * 2);
  }

  /** Drops the oldest of what was seen in memory. @param rows @param changes of goroutine: how many stay */
  forgetState(rows: number, changes: number): void {
    if (this.rowWidth === 0) return;
    this.rows.drop(Math.max(0, this.rows.length - rows * this.rowWidth));
    this.goroutines.drop(Math.max(0, this.goroutines.length - changes * 2));
  }

  private addState({ width, rows, goroutines, goClock, lost }: StateSamples): void {
    this.rowWidth = width;
    this.rows.add(rows);
    this.goroutines.add(goroutines);
    this.goClock = goClock;
    this.stateLost = lost;
  }

  /** Whether rows and pairs are whole, and their times go on from those before. */
  private fitsState({ width, rows, goroutines }: StateSamples): boolean {
    if (this.rowWidth !== 0 && this.rowWidth !== width) return false;
    return width >= ROW_STARTS && ascends(rows, width, this.rows) && ascends(goroutines, 2, this.goroutines);
  }

  private fits(batch: RecordBatch, stacks: number, entries: number): boolean {
    const operations = this.operations.length + batch.operations.length;
    const targets = this.targets.length + batch.targets.length;
    const { entries: keys, receivers, counts, events, times } = batch;
    for (let i = 0; i < keys.length; i += KEYS) {
      if (!below(keys[i], operations) || !below(keys[i + 1], targets) || !below(keys[i + 2], stacks)) return false;
    }
    for (let i = 0; i < receivers.length; i += 2) {
      if (!below(receivers[i], entries) || !below(receivers[i + 1], targets)) return false;
    }
    for (let i = 0; i < counts.length; i += SUMS + 1) {
      if (!below(counts[i], entries)) return false;
      for (let sum = 1; sum <= SUMS; sum++) if (!(sum < 4 ? isCount : isTime)(counts[i + sum])) return false;
    }
    for (let i = 0; i < times.length; i++) if (!isTime(times[i])) return false;
    if (![batch.dropped, batch.lost, batch.every].every(isCount)) return false;
    if (![batch.now, batch.origin, batch.clockStep].every((time) => isTime(time) && time >= 0)) return false;
    for (let i = 0; i < events.length; i += 3) if (!below(events[i], entries)) return false;
    if (batch.state && !this.fitsState(batch.state)) return false;
    return (
      times.length * 3 === events.length * 2 &&
      keys.length % KEYS === 0 &&
      receivers.length % 2 === 0 &&
      counts.length % (SUMS + 1) === 0
    );
  }
}

/** A thousand years, in milliseconds. */
const MOST_MS = 3.2e13;

const isCount = (number: number) => Number.isSafeInteger(number) && number >= 0;
/** Also below 0: a time without what was called back, where the clock steps. */
const isTime = (ms: number) => Math.abs(ms) <= MOST_MS;

/** @returns whether rows of this width are whole, and begin with times that do not go back, nor behind those that are known */
function ascends(rows: Float64Array, width: number, known: Grown<Float64Array>): boolean {
  if (!Number.isInteger(width) || rows.length % width !== 0) return false;
  let last = known.length === 0 ? 0 : known.at(known.length - width);
  for (let i = 0; i < rows.length; i += width) {
    if (!(rows[i] >= last && rows[i] < Number.POSITIVE_INFINITY)) return false;
    last = rows[i];
  }
  return true;
}

const below = (number: number, count: number) => Number.isInteger(number) && number >= 0 && number < count;

/** @returns where each stack of a batch starts once it stands behind `from`; null when they do not add up */
function stackStarts(words: Int32Array, from: number): number[] | null {
  const starts: number[] = [];
  let at = 0;
  while (at < words.length) {
    starts.push(from + at);
    at += 1 + Math.abs(words[at]);
  }
  return at === words.length ? starts : null;
}

type Numbers = Int32Array | Float64Array;

/** A column that grows by doubling. */
export class Grown<T extends Numbers> {
  length = 0;
  private values: T;

  constructor(
    private readonly kind: new (length: number) => T,
    first: number[] = [],
  ) {
    this.values = new kind(Math.max(256, first.length));
    this.add(first);
  }

  at(index: number): number {
    return this.values[index];
  }

  set(index: number, value: number): void {
    this.values[index] = value;
  }

  add(values: ArrayLike<number>): void {
    const start = this.length;
    this.extend(start + values.length);
    this.values.set(values, start);
  }

  /** Makes it this long; new places hold 0. */
  extend(length: number): void {
    if (length > this.values.length) {
      const wider = new this.kind(Math.max(length, this.values.length * 2));
      wider.set(this.values);
      this.values = wider;
    }
    this.length = Math.max(this.length, length);
  }

  /** Takes away the first ones. */
  drop(count: number): void {
    this.values.copyWithin(0, count, this.length);
    this.length -= count;
  }

  /** @returns a view, good until it grows */
  slice(from = 0, to = this.length): T {
    return this.values.subarray(from, to) as T;
  }
}
