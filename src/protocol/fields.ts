/**
 * What the checks of this room have in common: what a value that came from a page is, before anything is done with it. Columns are copied,
 * for a view may be small and its buffer huge.
 */

export type Bag = Record<string, unknown>;
export type Column = Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer> | Float64Array<ArrayBuffer>;
type Kind<T extends Column> = { new (from: T): T };

/** PCs of one stack at most. */
const FRAMES = 512;

export const isBag = (value: unknown): value is Bag => typeof value === 'object' && value !== null;
export const isText = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.length <= most;
export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
/** Milliseconds that a Date can have. */
export const isTime = (value: unknown): value is number =>
  Number.isFinite(value) && Math.abs(value as number) < 8.64e15;

/** @param longest characters of one; @returns a copy, or null for what is no list of at most so many texts */
export function copyTexts(value: unknown, most: number, longest: number): string[] | null {
  if (!Array.isArray(value) || value.length > most) return null;
  for (let i = 0; i < value.length; i++) if (!isText(value[i], longest)) return null;
  return value.slice();
}

/** @returns null for what is no column of this kind with at most so many numbers */
export function copyOf<T extends Column>(value: unknown, Kind: Kind<T>, most: number): T | null {
  return value instanceof Kind && value.length <= most ? new Kind(value) : null;
}

/** @param words of each stack how many PCs it has, less than none for a cut one, and the PCs; @returns how many stacks; -1 for no such words */
export function countStacks(words: Int32Array): number {
  let stacks = 0;
  let at = 0;
  for (; at < words.length; stacks++) {
    const count = Math.abs(words[at]);
    if (count > FRAMES) return -1;
    at += 1 + count;
  }
  return at === words.length ? stacks : -1;
}
