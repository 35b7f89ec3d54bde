/** Which stretch of a recording is in sight, and how keys, wheel and pointer move it. Pure. */
import type { Range } from '../../src/bridge/sums';

/** No stretch in sight is shorter, ms: the finest clocks step by 5 µs. */
const LEAST = 0.02;

export const widthOf = ({ from, to }: Range): number => to - from;

/** Kept within `all`, no shorter than can be told apart. */
export function within(view: Range, all: Range): Range {
  const whole = Math.max(LEAST, widthOf(all));
  const width = Math.min(whole, Math.max(LEAST, widthOf(view)));
  const from = Math.min(Math.max(all.from, view.from), all.from + whole - width);
  return { from, to: from + width };
}

/** @param factor below 1 shows less @param at the moment that stays where it is */
export function zoom(view: Range, all: Range, factor: number, at: number): Range {
  const width = Math.min(Math.max(widthOf(view) * factor, LEAST), Math.max(LEAST, widthOf(all)));
  const share = (at - view.from) / widthOf(view);
  const from = at - share * width;
  return within({ from, to: from + width }, all);
}

/** @param by milliseconds */
export function pan(view: Range, all: Range, by: number): Range {
  return within({ from: view.from + by, to: view.to + by }, all);
}

/** Round distances for a ruler: 1, 2 or 5 times a power of ten. @param least milliseconds that marks must be apart */
export function tick(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((times) => times * power).find((step) => step >= least) ?? 10 * power;
}
