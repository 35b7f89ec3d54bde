/**
 * The builtins the hook needs, taken at document_start before any script of the page could replace one. Every other room
 * of the hook calls these, never a method on a value: `list.push`, `for … of` and spread all go through prototypes that the
 * page owns. Descriptors and proxy handlers have no prototype for the same reason. Knows nothing about Go.
 */

export const { apply, construct, defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
const PristineObject = Object;
export const { create } = PristineObject;
export const { now } = Date;
export const { min } = Math;
export const U8 = Uint8Array;
export const U32 = Uint32Array;

type Pristine<T> = T extends (...args: infer A) => infer R ? Method<A, R> : Getter<T>;
type Method<A extends unknown[], R> = (self: unknown, ...args: A) => R;
type Getter<T> = (self: unknown) => T;

/**
 * Only what is asked for is looked at: Chromium makes the members of a DOM prototype when they are first touched.
 * @returns methods and getters of a class as functions of their receiver; they throw for a foreign receiver
 */
export const pristine = <P extends object, K extends (keyof P)[]>(
  { prototype }: { prototype: P },
  ...keys: K
): { [I in keyof K]: Pristine<P[K[I]]> } =>
  keys.map((key) => {
    const { value, get = value } = getOwnPropertyDescriptor(prototype, key) as PropertyDescriptor;
    return (self: unknown, ...args: unknown[]) => apply(get, self, args);
  }) as never;

export const { Instance, Memory, Module } = WebAssembly;
export const [exportsOf] = pristine(Instance, 'exports');
export const [includes, slice] = pristine(String, 'includes', 'slice');
export const [exec] = pristine(RegExp, 'exec');
export const [react] = pristine(Promise, 'then');
export const [addEventListener] = pristine(EventTarget, 'addEventListener');
export const [byteLength] = pristine(ArrayBuffer, 'byteLength');
export const [bufferOf, byteOffsetOf, byteLengthOf, lengthOf, copyWithin] = pristine(
  getPrototypeOf(U8) as { prototype: Uint8Array<ArrayBuffer> },
  'buffer',
  'byteOffset',
  'byteLength',
  'length',
  'copyWithin',
);
const decoder = new TextDecoder();
const [decode] = pristine(TextDecoder, 'decode');

/** @returns UTF-8 bytes as text, wrong ones replaced. */
export const utf8 = (bytes: Uint8Array<ArrayBuffer>) => decode(decoder, bytes);

/**
 * Reads a data property of an object or its prototypes without running any accessor.
 * @returns undefined when there is none, or an accessor stands in its place
 */
export function dataProperty(object: unknown, key: PropertyKey, depth = 8): unknown {
  if (!isObject(object) || !depth) return;
  const found = getOwnPropertyDescriptor(object, key);
  return found ? found.value : dataProperty(getPrototypeOf(object), key, depth - 1);
}

export const isObject = (value: unknown): value is object => PristineObject(value) === value;

const { toStringTag } = Symbol;

/**
 * What a built-in object says it is, in any realm: `Promise`, `WebAssembly.Module`. Anybody may claim it; but asking a
 * method of the class whether it takes the object costs an error if not, and the first error costs a page a millisecond.
 */
export const tagOf = (value: unknown) => dataProperty(value, toStringTag);

export const nothing = () => {};

/** Appends, and drops the oldest but `first` when there are more than `most`. @returns what was dropped */
export function add<T>(list: T[], item: T, most: number, first = 0): T | undefined {
  list[list.length] = item;
  return list.length > most ? take(list, first) : undefined;
}

/** Removes and returns the element at `index`. */
export function take<T>(list: T[], index: number): T {
  const found = list[index];
  for (; index < list.length; index++) list[index] = list[index + 1];
  list.length--;
  return found;
}
