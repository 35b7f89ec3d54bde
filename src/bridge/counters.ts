/** How the sums of a recording rose, by direction: for the strip of counters. A few hundred samples, however long it lasts. */

import type { RecordBatch, StateSamples } from '../protocol/recording';
import type { Capture } from './capture';
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
  /** Cycles before the recording; -1 before the first row. The goroutine that ran last. */
  private before = -1;
  private goroutine = 0;

  /**
   * To be called around `Capture.add`: before with the sums that a batch replaces, after with what it put there.
   * @param sign -1 before, 1 after
   */
  count(capture: Capture, batch: RecordBatch, sign: 1 | -1): void {
    const done = new Set<number>();
    for (let i = 0; i < batch.counts.length; i += 6) {
      const entry = batch.counts[i];
      if (!(entry < capture.entries) || done.has(entry)) continue;
      done.add(entry);
      const { operation, calls, bytes, timed, selfMs } = capture.entry(entry);
      const name = capture.operations[operation];
      this.totals.bytes += sign * bytes;
      if (name !== '' && isEntry(name)) this.totals.jsToGo += sign * calls;
      else {
        this.totals.goToJs += sign * calls;
        if (timed > 0) this.totals.inJs += sign * selfMs * (calls / timed);
      }
    }
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
