/**
 * The builtins the hook needs, taken at document_start before any script of the page could replace one. Every other room
 * of the hook calls these, never a method on a value: `list.push`, `for … of` and spread all go through prototypes that the
 * page owns. Descriptors and proxy handlers have no prototype for the same reason. Knows nothing about Go.
 */

export const { apply, construct, defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } =
  Reflect;
const PristineObject = Object;
export const { create } = PristineObject;
export const { now } = Date;
export const { min } = Math;
export const U8 = Uint8Array;
export const U32 = Uint32Array;

type Pristine<P> = {
  [K in keyof P]: P[K] extends (...args: infer A) => infer R ? Method<A, R> : Getter<P[K]>;
};
type Method<A extends unknown[], R> = (self: unknown, ...args: A) => R;
type Getter<T> = (self: unknown) => T;

/** @returns every method and getter of a class as a function of its receiver; these throw for a foreign receiver. */
export function pristine<P extends object>({ prototype }: { prototype: P }): Pristine<P> {
  const taken = create(null);
  for (const key of ownKeys(prototype)) {
    const { value, get = value } = getOwnPropertyDescriptor(prototype, key) as PropertyDescriptor;
    taken[key] = (self: unknown, ...args: unknown[]) => apply(get, self, args);
  }
  return taken;
}

export const { Instance, Memory, Module } = WebAssembly;
export const { exports: exportsOf } = pristine(Instance);
export const { includes, slice } = pristine(String);
export const { exec } = pristine(RegExp);
export const { then: react } = pristine(Promise);
export const { byteLength } = pristine(ArrayBuffer);
export const typed = pristine(getPrototypeOf(U8) as { prototype: Uint8Array<ArrayBuffer> });
const decoder = new TextDecoder();
const { decode } = pristine(TextDecoder);

/** @returns UTF-8 bytes as text, wrong ones replaced. */
export const utf8 = (bytes: Uint8Array<ArrayBuffer>) => decode(decoder, bytes);

/**
 * Reads a data property of an object or its prototypes without running any accessor.
 * @returns undefined when there is none, or an accessor stands in its place
 */
export function dataProperty(object: unknown, key: string, depth = 8): unknown {
  if (!isObject(object) || !depth) return;
  const found = getOwnPropertyDescriptor(object, key);
  return found ? found.value : dataProperty(getPrototypeOf(object), key, depth - 1);
}

export const isObject = (value: unknown): value is object => PristineObject(value) === value;

/** Appends, and drops the oldest when there are more than `most`. @returns what was dropped */
export function add<T>(list: T[], item: T, most: number): T | undefined {
  list[list.length] = item;
  return list.length > most ? take(list, 0) : undefined;
}

/** Removes and returns the element at `index`. */
export function take<T>(list: T[], index: number): T {
  const found = list[index];
  for (; index < list.length; index++) list[index] = list[index + 1];
  list.length--;
  return found;
}
