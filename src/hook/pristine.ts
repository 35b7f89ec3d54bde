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
export const PristineProxy = Proxy;
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
export const [textOf] = pristine(Function, 'toString');
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

/** @returns the nearest property called `key`, own or inherited, without running an accessor */
export const find = (object: unknown, key: PropertyKey, depth = 8): PropertyDescriptor | undefined =>
  isObject(object) && depth
    ? (getOwnPropertyDescriptor(object, key) ?? find(getPrototypeOf(object), key, depth - 1))
    : undefined;

/** @returns undefined when there is no such property, own or inherited, or an accessor stands in its place */
export const dataProperty = (object: unknown, key: PropertyKey) => find(object, key)?.value;

/**
 * Calls a getter or method of a DOM object that is looked up only now, because touching one more DOM class costs each page
 * 20 to 40 µs of its start. No function of a page prints as a native with a name does: their text is no JavaScript, and bound
 * functions and proxies have no name in it.
 * @throws when the page put something else in its place
 */
export function native(self: unknown, key: string, ...args: unknown[]): unknown {
  const { value, get = value } = find(self, key) as PropertyDescriptor;
  if (textOf(get) !== `function ${get === value ? '' : 'get '}${key}() { [native code] }`) throw key;
  return apply(get, self, args);
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
