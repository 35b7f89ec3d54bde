/**
 * Folds equal runs of a sequence, so that a recursion of 10⁵ frames becomes a few rows. Knows only keys.
 */

/** A stretch of the sequence: `length` items from `from`, standing `times` times in a row. */
export interface Run {
  from: number;
  length: number;
  times: number;
}

/** Longest cycle that is looked for: mutual recursion through more functions stays unfolded. */
const MOST_PERIOD = 32;
/** Fewer repetitions are easier to read unfolded. */
const LEAST_TIMES = 3;

/**
 * @param keys one number per item, equal for equal items
 * @returns runs that cover the whole sequence in order; `times` 1 for what does not repeat
 */
export function foldRuns(keys: ArrayLike<number>): Run[] {
  const runs: Run[] = [];
  let plain = 0;
  const flush = (end: number) => {
    if (end > plain) runs.push({ from: plain, length: end - plain, times: 1 });
  };
  for (let i = 0; i < keys.length; ) {
    const run = longestRun(keys, i);
    if (!run) {
      i++;
      continue;
    }
    flush(i);
    runs.push(run);
    i += run.length * run.times;
    plain = i;
  }
  flush(keys.length);
  return runs;
}

function longestRun(keys: ArrayLike<number>, from: number): Run | null {
  let best: Run | null = null;
  for (let length = 1; length <= MOST_PERIOD && from + length * LEAST_TIMES <= keys.length; length++) {
    let end = from + length;
    while (end < keys.length && keys[end] === keys[end - length]) end++;
    const times = Math.floor((end - from) / length);
    // A longer period must cover more: of `abab` cycles the shortest is the true one.
    if (times >= LEAST_TIMES && (!best || times * length > best.times * best.length)) best = { from, length, times };
  }
  return best;
}

/** @returns a number for each item, equal for items with equal text keys */
export function internKeys<T>(items: readonly T[], key: (item: T) => string): Uint32Array {
  const known = new Map<string, number>();
  return Uint32Array.from(items, (item) => {
    const text = key(item);
    let number = known.get(text);
    if (number === undefined) {
      number = known.size;
      known.set(text, number);
    }
    return number;
  });
}
