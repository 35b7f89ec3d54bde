/**
 * Comparing two ways of doing something on a machine that others use too: they take turns, so that both meet the same
 * weather, and neighbours in time are compared with each other. The median of these ratios is told: a burst of other work
 * spoils a few pairs, which it ignores, and unlike the ratio of two minima it cannot be made by one lucky run.
 */

export interface Turns {
  tried: number[];
  base: number[];
}

export interface Comparison {
  /** Median of tried/base over the pairs. */
  ratio: number;
  /** Between these lies the true median in 19 of 20 runs, if pairs are independent. */
  low: number;
  high: number;
}

/** Milliseconds after which nothing is begun beyond the pairs that must be: all figures together may take six minutes. */
const LONGEST = 60_000;

/** How long to go on. */
export interface Plan {
  /** Pairs before those that count. */
  warmUp: number;
  /** Pairs that count, at least; without `most` exactly. */
  pairs: number;
  /** Goes on beyond `pairs` to this many while the interval of the ratio is wider than `width`, and LONGEST allows. */
  most?: number;
  width?: number;
}

/** Runs both in turn, the first of a pair changing places with the second every time. */
export async function inTurn(
  { warmUp, pairs, most = pairs, width = 0 }: Plan,
  tried: () => number | Promise<number>,
  base: () => number | Promise<number>,
): Promise<Turns> {
  const turns: Turns = { tried: [], base: [] };
  const end = performance.now() + LONGEST;
  const unsure = () => performance.now() < end && widthOf(turns) > width;
  for (let pair = -warmUp; pair < pairs || (pair < most && unsure()); pair++) {
    let a = 0;
    if (pair % 2 === 0) a = await tried();
    const b = await base();
    if (pair % 2 !== 0) a = await tried();
    if (pair < 0) continue;
    turns.tried.push(a);
    turns.base.push(b);
  }
  return turns;
}

function widthOf(turns: Turns): number {
  const { low, high } = compare(turns);
  return high - low;
}

export function compare({ tried, base }: Turns): Comparison {
  const ratios = tried.map((value, i) => value / base[i]).sort(ascending);
  // Ranks of the sign test's confidence interval, in the normal approximation.
  const reach = 0.98 * Math.sqrt(ratios.length);
  const middle = (ratios.length - 1) / 2;
  return {
    ratio: median(ratios),
    low: ratios[Math.max(0, Math.floor(middle - reach))],
    high: ratios[Math.min(ratios.length - 1, Math.ceil(middle + reach))],
  };
}

/**
 * The ratio of the two medians, for what differs from one time to the next by far more than what is looked for: there the
 * ratio of two neighbours says little, and the middle of many such ratios little more.
 */
export function ratioOfMedians({ tried, base }: Turns): number {
  return median(tried) / median(base);
}

/**
 * The ratio of the means of the faster halves, for differences that are small against what other work adds at random: that
 * only ever makes a time longer, so the faster half has least of it, and a mean of many wavers less than one median.
 */
export function ratioOfFasterHalves({ tried, base }: Turns): number {
  return fasterHalf(tried) / fasterHalf(base);
}

function fasterHalf(values: number[]): number {
  const half = [...values].sort(ascending).slice(0, Math.ceil(values.length / 2));
  return half.reduce((sum, value) => sum + value, 0) / half.length;
}

export function median(values: number[]): number {
  const sorted = [...values].sort(ascending);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @returns `open 12.3 ms, validate 4.6 ms; 95 % interval 2.612–2.761, 15 pairs`, for a figure's details */
export function tell(turns: Turns, tried: string, base: string): string {
  const { low, high } = compare(turns);
  const ms = (values: number[]) => `${median(values).toFixed(1)} ms`;
  const range = `95 % interval ${low.toFixed(3)}–${high.toFixed(3)}, ${turns.base.length} pairs`;
  return `${tried} ${ms(turns.tried)}, ${base} ${ms(turns.base)}; ${range}`;
}

/**
 * Milliseconds that this process has computed, all its threads together. For figures that are no ratio: other programs' work
 * does not lengthen it, and when there is none it is no shorter than the time on the wall.
 */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const ascending = (a: number, b: number) => a - b;

/** Numbers in [0, 1), the same in every run (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
