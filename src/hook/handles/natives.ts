/**
 * Builtins that tell what a value is without running code of the page, each only if it is the native still: this script comes late, and
 * the page may have replaced any of them. No function of a page prints as a native with a name does (see ../pristine.ts).
 */
import { apply, find, textOf } from '../pristine';

export type Native = (self: unknown, args: unknown[]) => unknown;

/** @returns a getter or method of a class as a function of its receiver, which throws for a foreign one; null where the page has replaced it */
export function nativeOf(owner: unknown, key: PropertyKey, name = String(key)): Native | null {
  const { value, get } = find((owner as { prototype?: object } | undefined)?.prototype, key) ?? {};
  const found = get ?? value;
  if (typeof found !== 'function') return null;
  if (textOf(found) !== `function ${get ? 'get ' : ''}${name}() { [native code] }`) return null;
  return (self, args) => apply(found as () => void, self, args);
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
