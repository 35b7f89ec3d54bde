/** What a recording looks up in the page, without running any of its code. */
import { dataProperty, exec, find, native, slice, textOf } from '../pristine';

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

/**
 * Name of the function with an id in the table of the Go object (wasm_exec.js `_values`), '' when that cannot be told. A Proxy
 * and a bound function print as natives without a name; every other function has its name as data, or is left alone.
 */
export function nameOf(goObject: unknown, id: number): string {
  const value = dataProperty(dataProperty(goObject, '_values'), id >>> 0);
  if (typeof value !== 'function') return '';
  if (exec(/^function \(\) \{ \[native code\] \}$/, textOf(value))) return '';
  const name = dataProperty(value, 'name');
  return typeof name === 'string' ? slice(name, 0, LENGTH) : '';
}
