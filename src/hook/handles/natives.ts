/**
 * Builtins that tell what a value is without running code of the page, each only if it is the native still: this script comes late, and
 * the page may have replaced any of them. No function of a page prints as a native with a name does (see ../pristine.ts).
 */
import { apply, find, textOf } from '../pristine';

export type Native = (self: unknown, args: unknown[]) => unknown;

/** Whether it is a native function of this name, and no proxy of one. */
export const isNative = (value: unknown, name: string): value is () => void =>
  typeof value === 'function' && textOf(value) === `function ${name}() { [native code] }`;

/** @returns a getter or method of a class; null where the page has replaced it */
function originalOf(owner: unknown, key: PropertyKey, name = String(key)): (() => void) | null {
  const { value, get } = find((owner as { prototype?: object } | undefined)?.prototype, key) ?? {};
  const found: unknown = get ?? value;
  return isNative(found, get ? `get ${name}` : name) ? found : null;
}

/**
 * @param name as it prints, where that is not the key
 * @returns a getter or method of a class as a function of its receiver, which throws for a foreign one; null where the page has replaced it
 */
export function nativeOf(owner: unknown, key: PropertyKey, name?: string): Native | null {
  const found = originalOf(owner, key, name);
  return found && ((self, args) => apply(found, self, args));
}

/** @returns what a native says of a value; undefined where it is of another class, or there is no such native */
export function ask(native: Native | null, value: unknown, argument?: unknown): unknown {
  if (!native) return;
  try {
    return native(value, [argument]);
  } catch {
    // Of another class: natives look at internal slots first, and run no code of the value's.
  }
}

type HasGetter = (list: unknown[], index: number) => boolean;

/**
 * Whether an element is an accessor, its own or an inherited one. `__lookupGetter__` says so without making an object for each element, as
 * a descriptor is; and called by a bound `call` it needs no list of arguments either: a table has some 100,000 of them.
 */
export const hasGetter: HasGetter = lookUp() ?? ((list, index) => find(list, index)?.get !== undefined);

function lookUp(): HasGetter | null {
  const [original, call, bind] = [
    originalOf(Object, '__lookupGetter__'),
    originalOf(Function, 'call'),
    nativeOf(Function, 'bind'),
  ];
  if (!original || !call || !bind) return null;
  const getter = bind(call, [original]) as (list: unknown[], index: number) => unknown;
  return (list, index) => getter(list, index) !== undefined;
}
