/** Builtins that only a recording needs; see ../pristine.ts. */
import { defineProperty } from '../pristine';

export const { freeze } = Object;
export const { ownKeys } = Reflect;
export const { ceil, imul } = Math;
export const I32 = Int32Array;
export const F64 = Float64Array;
export const { setTimeout } = globalThis;

const { iterator } = Symbol;

/** A list of one, or of none, that does not ask the page for its iterator. */
export function listOf(one: Transferable | null): Transferable[] {
  let left = one;
  const next = () => {
    const result = { __proto__: null, done: !left, value: left };
    left = null;
    return result;
  };
  const value = () => ({ __proto__: null, next });
  const list: Transferable[] = one ? [one] : [];
  defineProperty(list, iterator, { __proto__: null, value } as PropertyDescriptor);
  return list;
}
