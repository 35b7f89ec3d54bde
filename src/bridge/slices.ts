/**
 * Which of a lane's calls are seen in a stretch of time, merged where they are closer than a pixel: as many answers as there are
 * pixels at most, however many calls there are, each found by search. Pure: the panel draws them, tests compare them.
 */
import { floorIndex, upperBound } from '../bytes/search';
import { Kind } from './labels';
import type { Spans } from './spans';
import type { Lane } from './timeline';

/** Slices that were found; columns are used again for the next stretch. */
export interface Slices {
  count: number;
  /** Milliseconds. */
  begins: Float64Array;
  ends: Float64Array;
  /** Numbers within the lane: of the first call, and how many calls it stands for. */
  firsts: Int32Array;
  sizes: Int32Array;
}

/** @param most twice the pixels of the widest stretch */
export function createSlices(most: number): Slices {
  return {
    count: 0,
    begins: new Float64Array(most),
    ends: new Float64Array(most),
    firsts: new Int32Array(most),
    sizes: new Int32Array(most),
  };
}

/**
 * Finds what is seen from `from` to `to`. A call shorter than a pixel is one pixel wide; those that begin in one pixel are one
 * slice. Pixels stand at whole multiples of `pixel`, so that slices stay the same while the stretch moves.
 */
export function visible(lane: Spans, from: number, to: number, pixel: number, out: Slices): void {
  const { begins, ends } = lane;
  const size = begins.length;
  out.count = 0;
  for (let at = upperBound(ends, from); at < size && begins[at] < to && out.count < out.begins.length; ) {
    const begin = begins[at];
    let next = at + 1;
    if (ends[at] - begin < pixel) {
      next = after(begins, (Math.floor(begin / pixel) + 1) * pixel, next);
      // A long one at the end stands for itself.
      if (next - at > 1 && ends[next - 1] - begins[next - 1] >= pixel) next--;
    }
    const slot = out.count++;
    out.begins[slot] = begin;
    out.ends[slot] = Math.max(begin + pixel, ends[next - 1]);
    out.firsts[slot] = at;
    out.sizes[slot] = next - at;
    at = next;
  }
}

/** First number from `from` on whose value is at least `value`: near ones are found at once. */
function after(sorted: Float64Array, value: number, from: number): number {
  let step = 1;
  let low = from;
  while (low + step < sorted.length && sorted[low + step] < value) {
    low += step;
    step *= 2;
  }
  let high = Math.min(sorted.length, low + step);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What most of a slice's calls are. */
export function kindOf({ js, copies }: Lane, first: number, size: number): Kind {
  const inJs = js[first + size] - js[first];
  const copied = copies[first + size] - copies[first];
  const inGo = size - inJs - copied;
  if (copied > inJs && copied >= inGo) return Kind.Copy;
  return inGo > inJs ? Kind.Go : Kind.Js;
}

/** @returns number within the lane of the call at a time, or of the nearest one within `reach`; -1 for none */
export function callAt({ begins, ends }: Spans, time: number, reach: number): number {
  const at = floorIndex(begins, time);
  if (at >= 0 && time <= Math.max(ends[at], begins[at] + reach)) return at;
  return at + 1 < begins.length && begins[at + 1] - time <= reach ? at + 1 : -1;
}

/** @returns bytes that calls moved which began in a stretch; estimated where calls were timed in part */
export function bytesIn(
  { begins, bytesUpTo }: { begins: Float64Array; bytesUpTo: Float64Array },
  from: number,
  to: number,
): number {
  return bytesUpTo[after(begins, to, 0)] - bytesUpTo[after(begins, from, 0)];
}
