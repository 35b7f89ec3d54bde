/** How the sums of a recording rose, by direction: for the strip of counters. A few hundred samples, however long it lasts. */

import type { RecordBatch, StateSamples } from '../protocol/recording';
import type { Capture } from './capture';
import { addTimes, estimate, rowOf, type Times } from './estimate';
import { isEntry } from './profile';
import { COLUMN, FULL_ROW } from './state';

/** Sums of the whole recording. */
export interface Totals {
  goToJs: number;
  jsToGo: number;
  /** Milliseconds in JavaScript, without Go that was called back. */
  inJs: number;
  bytes: number;
  /** Cycles of Go's collector that ended, and how often another goroutine ran than before, as far as they were seen. */
  cycles: number;
  switches: number;
}

/** A moment, milliseconds of the page's clock, and the sums then. */
export interface Sample extends Totals {
  at: number;
}

const MOST = 512;

export class Counters {
  readonly totals: Totals = { goToJs: 0, jsToGo: 0, inJs: 0, bytes: 0, cycles: 0, switches: 0 };
  samples: Sample[] = [];
  /** Only every so many of what comes is kept. */
  private step = 1;
  private seen = 0;
  /** Of each row (`estimate.ts`): the entries of which no call was timed, and those that have timed calls. */
  private readonly untimed = new Map<number, Times>();
  private readonly timed = new Map<number, Times>();
  /** Cycles before the recording; -1 before the first row. The goroutine that ran last. */
  private before = -1;
  private goroutine = 0;

  /**
   * To be called around `Capture.add`: before with the sums that a batch replaces, after with what it put there.
   * @param sign -1 before, 1 after
   */
  count(capture: Capture, batch: RecordBatch, sign: 1 | -1): void {
    const entries = new Set<number>();
    for (let i = 0; i < batch.counts.length; i += 6) entries.add(batch.counts[i]);
    for (const entry of entries) if (entry < capture.entries) this.add(capture, entry, sign);
  }

  /** Counts a whole capture. How its sums rose is not known then: there are no samples. */
  countAll(capture: Capture): void {
    for (let entry = 0; entry < capture.entries; entry++) this.add(capture, entry, 1);
  }

  private add(capture: Capture, entry: number, sign: 1 | -1): void {
    const all = capture.entry(entry);
    const name = capture.operations[all.operation];
    this.totals.bytes += sign * all.bytes;
    if (name !== '' && isEntry(name)) {
      this.totals.jsToGo += sign * all.calls;
      return;
    }
    this.totals.goToJs += sign * all.calls;
    const row = rowOf(capture, entry);
    this.totals.inJs -= this.untimedMs(row);
    if (all.timed > 0) this.totals.inJs += sign * all.selfMs * (all.calls / all.timed);
    addTimes(all.timed > 0 ? this.timed : this.untimed, row, all, sign);
    this.totals.inJs += this.untimedMs(row);
  }

  /** Milliseconds of those of a row's entries of which no call was timed. */
  private untimedMs(row: number): number {
    const [times, own] = [this.timed.get(row), this.untimed.get(row)];
    return times && own && times.timed > 0 ? estimate(own, times).selfMs : 0;
  }

  /** Counts what a batch that was taken has seen in memory. */
  state({ width, rows, goroutines }: StateSamples): void {
    if (width === FULL_ROW && rows.length > 0) {
      if (this.before < 0) this.before = rows[COLUMN.numgc];
      this.totals.cycles = Math.max(0, rows[rows.length - width + COLUMN.numgc] - this.before);
    }
    for (let i = 1; i < goroutines.length; i += 2) {
      // Between two runs of one goroutine Go was left, or it is not known who ran.
      if (!(goroutines[i] > 0) || goroutines[i] === this.goroutine) continue;
      if (this.goroutine > 0) this.totals.switches++;
      this.goroutine = goroutines[i];
    }
  }

  /** The recording begins: all sums are 0. */
  start(at: number): void {
    this.samples = [{ at, goToJs: 0, jsToGo: 0, inJs: 0, bytes: 0, cycles: 0, switches: 0 }];
  }

  /** Remembers the sums as they are now. */
  sample(at: number): void {
    if (this.seen++ % this.step !== 0) return;
    this.samples.push({ at, ...this.totals });
    if (this.samples.length <= MOST) return;
    this.samples = this.samples.filter((_, i) => i % 2 === 0);
    this.step *= 2;
  }
}
