/**
 * How the time of all calls is told where some were not timed: an entry's as the mean of its own timed calls; where none of it was
 * timed, as the mean of those of its row, the same operation with the same target from anywhere. What a row was never timed for is 0.
 */
import type { Capture } from './capture';

/** Calls of an entry or a row, how many of them were timed, and milliseconds of these. */
export interface Times {
  calls: number;
  timed: number;
  totalMs: number;
  selfMs: number;
}

/** Milliseconds of all calls, timed or not; the second without what was called back meanwhile. */
export type Told = Pick<Times, 'totalMs' | 'selfMs'>;

/** @param row the sums of the row that the entry belongs to */
export function estimate(entry: Times, row: Times): Told {
  const { timed, totalMs, selfMs } = entry.timed > 0 ? entry : row;
  const share = timed > 0 ? entry.calls / timed : 0;
  return { totalMs: totalMs * share, selfMs: selfMs * share };
}

/** Which row an entry belongs to: the same number for the same operation with the same target. */
export const rowOf = (capture: Capture, entry: number): number =>
  capture.keys.at(entry * 3) * 2 ** 31 + capture.keys.at(entry * 3 + 1);

/** @returns the sums of each row, by `rowOf` */
export function rowTimes(capture: Capture): Map<number, Times> {
  const rows = new Map<number, Times>();
  for (let entry = 0; entry < capture.entries; entry++) addTimes(rows, rowOf(capture, entry), capture.entry(entry), 1);
  return rows;
}

/** Adds an entry's sums to those of its row, or takes them out again. @returns the row */
export function addTimes(rows: Map<number, Times>, row: number, entry: Times, sign: 1 | -1): Times {
  let times = rows.get(row);
  if (!times) {
    times = { calls: 0, timed: 0, totalMs: 0, selfMs: 0 };
    rows.set(row, times);
  }
  times.calls += sign * entry.calls;
  times.timed += sign * entry.timed;
  times.totalMs += sign * entry.totalMs;
  times.selfMs += sign * entry.selfMs;
  return times;
}
