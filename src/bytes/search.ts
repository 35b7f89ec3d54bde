/** The only binary search of the project. */

/** @returns index of the first element of the ascending `sorted[from..to)` that is > `value`, else `to`. */
export function upperBound(sorted: ArrayLike<number>, value: number, from = 0, to = sorted.length): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** @returns index of the last element ≤ `value`, or -1. */
export function floorIndex(sorted: ArrayLike<number>, value: number, from = 0, to = sorted.length): number {
  return upperBound(sorted, value, from, to) - 1;
}
