/** What a recording looks up in the page, without running any of its code. */
import {
  apply,
  dataProperty,
  exec,
  find,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  isObject,
  native,
  pristine,
  slice,
  textOf,
  U8,
} from '../pristine';

/** Characters of a name; see names.ts. */
const LENGTH = 128;

/**
 * `performance`, its `now` and the moment it counts from, as the realm has them when the recording begins.
 * @throws when the page has put something else in their place
 */
export function clock(): { performance: unknown; now: () => number; origin: number } {
  const { performance } = globalThis;
  // Throws for what is no native.
  native(performance, 'now');
  const now = find(performance, 'now')?.value as () => number;
  return { performance, now, origin: Number(native(performance, 'timeOrigin')) };
}

/** A value of the table of the Go object (wasm_exec.js `_values`); undefined where there is none. */
const held = (goObject: unknown, id: number) => dataProperty(dataProperty(goObject, '_values'), id >>> 0);

/**
 * Name of the function with an id, '' when that cannot be told. A Proxy and a bound function print as natives without a name;
 * every other function has its name as data, or is left alone.
 */
export function nameOf(goObject: unknown, id: number): string {
  const value = held(goObject, id);
  if (typeof value !== 'function') return '';
  if (exec(/^function \(\) \{ \[native code\] \}$/, textOf(value))) return '';
  const name = dataProperty(value, 'name');
  return typeof name === 'string' ? slice(name, 0, LENGTH) : '';
}

/** Objects of the global scope that programs call methods of. */
const GLOBALS = ['console', 'Math', 'JSON', 'Reflect', 'Intl', 'WebAssembly'];
const typedArrayTag = getOwnPropertyDescriptor(getPrototypeOf(U8.prototype) as object, Symbol.toStringTag)
  ?.get as () => unknown;

const pristineGetter = (object: object, key: string) =>
  (getOwnPropertyDescriptor(object, key) as { get: () => string }).get;

/** What natives say of values of their own class; they throw for all others, a Proxy of one included. */
type Brand = (value: object) => string;

/** None under Node, which has no such classes. Taken before the page could replace one. */
function pageBrands(): Brand[] {
  if (typeof document === 'undefined') return [];
  const nodeName = pristineGetter(Node.prototype, 'nodeName');
  const type = pristineGetter(Event.prototype, 'type');
  const page = document;
  return [
    (value) => (value === page ? 'document' : apply(nodeName, value, [])),
    (value) => apply(type, value, []) && 'event',
  ];
}

const brands = pageBrands();
const [lower] = pristine(String, 'toLowerCase');

/**
 * What the receiver of a call is, in a word: `document`, the name of an element, `event`, `Uint8Array`, `Math`, a function's own
 * name; '' when that cannot be told without running code of the page.
 */
export function receiverOf(goObject: unknown, id: number): string {
  // As wasm_exec.js begins its table.
  if (id === 5) return 'globalThis';
  const value = held(goObject, id);
  if (typeof value === 'function') return nameOf(goObject, id);
  if (!isObject(value)) return '';
  const array = apply(typedArrayTag, value, []);
  if (array) return array as string;
  for (let i = 0; i < GLOBALS.length; i++) if (dataProperty(globalThis, GLOBALS[i]) === value) return GLOBALS[i];
  for (let i = 0; i < brands.length; i++) {
    try {
      return lower(slice(brands[i](value), 0, LENGTH));
    } catch {
      // Of another class.
    }
  }
  return '';
}
