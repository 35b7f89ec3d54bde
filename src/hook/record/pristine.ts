/** Builtins that only a recording needs; see ../pristine.ts. */
import { defineProperty } from '../pristine';

export const { freeze } = Object;
export const { ownKeys } = Reflect;
export const { ceil, imul } = Math;
export const I32 = Int32Array;
export const F64 = Float64Array;
export const { setTimeout } = globalThis;

const { iterator } = Symbol;

/** A list as it is, for what asks lists for their iterator, which is the page's otherwise. */
export function listOf(list: Transferable[]): Transferable[] {
  let at = 0;
  const next = () => ({ __proto__: null, done: at >= list.length, value: list[at++] });
  const value = () => ({ __proto__: null, next });
  defineProperty(list, iterator, { __proto__: null, value } as PropertyDescriptor);
  return list;
}
