/**
 * Sums of each entry of a capture: of the whole recording, where counts and bytes are exact and times told as `profile.ts` does;
 * or of a stretch of time, made of the timed calls in it, each standing for as many calls as were made for one timed. What was never
 * timed is told there as the rest of its row (`estimate.ts`).
 */
import type { Capture } from './capture';
import { estimate, rowOf, rowTimes } from './estimate';
import { MOST_DEPTH, type Order } from './timeline';

/** Columns of sums: `EntrySums[entry * Sum.Columns + column]`. */
export enum Sum {
  Count = 0,
  Timed = 1,
  Total = 2,
  Self = 3,
  Bytes = 4,
  Columns = 5,
}

export type EntrySums = Float64Array;

/** Milliseconds of the page's clock. */
export interface Range {
  from: number;
  to: number;
}

/** How many calls one timed call of an entry stands for. */
export function shareOf(capture: Capture, entry: number): number {
  const timed = capture.sums.at(entry * 5 + 2);
  return timed > 0 ? capture.sums.at(entry * 5) / timed : 0;
}

export function wholeSums(capture: Capture): EntrySums {
  const sums = new Float64Array(capture.entries * Sum.Columns);
  const rows = rowTimes(capture);
  for (let entry = 0; entry < capture.entries; entry++) {
    const all = capture.entry(entry);
    const { totalMs, selfMs } = estimate(all, rows.get(rowOf(capture, entry))!);
    sums.set([all.calls, all.timed, totalMs, selfMs, all.bytes], entry * Sum.Columns);
  }
  return sums;
}

/** Calls that begin in the range are counted, with their bytes; of the time of all calls what lies within it. */
export function rangeSums(capture: Capture, order: Order, { from, to }: Range): EntrySums {
  const sums = new Float64Array(capture.entries * Sum.Columns);
  const { count, events, depths, begins, ends } = order;
  /** The call that is open at each depth: where its sums are, and how many it stands for. */
  const open = new Int32Array(MOST_DEPTH);
  const shares = new Float64Array(MOST_DEPTH);
  for (let place = 0; place < count && begins[place] < to; place++) {
    const depth = depths[place];
    const entry = capture.events.at(events[place] * 3);
    const share = shareOf(capture, entry);
    const at = entry * Sum.Columns;
    open[depth] = at;
    shares[depth] = share;
    if (begins[place] >= from) {
      sums[at + Sum.Count] += share;
      sums[at + Sum.Timed] += 1;
      sums[at + Sum.Bytes] += Math.max(0, capture.events.at(events[place] * 3 + 2)) * share;
    }
    const within = Math.min(to, ends[place]) - Math.max(from, begins[place]);
    if (!(within > 0)) continue;
    sums[at + Sum.Total] += within * share;
    sums[at + Sum.Self] += within * share;
    if (depth > 0) sums[open[depth - 1] + Sum.Self] -= within * share * shares[depth - 1];
  }
  addUntimed(capture, sums);
  return sums;
}

/** Gives entries of which no call was timed their part of what the others of their row do in the stretch. */
function addUntimed(capture: Capture, sums: EntrySums): void {
  /** By row: calls of the entries that were timed, and the count, total and self of these in the stretch. */
  const rows = new Map<number, Float64Array>();
  const untimed: number[] = [];
  for (let entry = 0; entry < capture.entries; entry++) {
    const calls = capture.sums.at(entry * 5);
    if (shareOf(capture, entry) === 0) {
      if (calls > 0) untimed.push(entry);
      continue;
    }
    const row = rowOf(capture, entry);
    const part = rows.get(row) ?? new Float64Array(4);
    part[0] += calls;
    part[1] += sums[entry * Sum.Columns + Sum.Count];
    part[2] += sums[entry * Sum.Columns + Sum.Total];
    part[3] += sums[entry * Sum.Columns + Sum.Self];
    rows.set(row, part);
  }
  for (const entry of untimed) {
    const part = rows.get(rowOf(capture, entry));
    if (!part) continue;
    const { calls, bytes } = capture.entry(entry);
    const [all, count, total, self] = part;
    const share = calls / all;
    sums.set([count * share, 0, total * share, self * share, (bytes * count) / all], entry * Sum.Columns);
  }
}
