/** What a user may do with one value: these run in the page because the user asks for it. */
import { apply, dataProperty, defineProperty, exec, exportsOf, getOwnPropertyDescriptor } from '../pristine';
import { ownKeys } from '../record/pristine';
import { elementAt, valuesOf } from './table';

/** @throws in one sentence when no value has this id */
export function valueWith(goObject: object, id: number): unknown {
  const values = valuesOf(goObject);
  const value = elementAt(values, id);
  if (id >= values.length || (value === null && id !== 2)) throw 'Go has let go of this value.';
  return value;
}

/** Prints a value to the Console. */
export function log(goObject: object, id: number): string {
  console.log(valueWith(goObject, id));
  return '';
}

/** @returns name of the global variable that holds the value: the first that is free, as DevTools' own "Store as global variable" does */
export function store(goObject: object, id: number): string {
  const value = valueWith(goObject, id);
  let number = 1;
  while (getOwnPropertyDescriptor(globalThis, `temp${number}`)) number++;
  const name = `temp${number}`;
  const own = { __proto__: null, value, writable: true, enumerable: true, configurable: true };
  if (!defineProperty(globalThis, name, own as PropertyDescriptor)) throw 'The page lets nobody add a global variable.';
  return name;
}

/** Names by which a program may export a function that runs its collector (go:wasmexport). */
const COLLECT = /^(?:run)?_?gc$/i;

/** Runs Go's collector, where the program offers that. @throws in one sentence where not */
export function collect(goObject: object): string {
  const instance = dataProperty(goObject, '_inst');
  if (!instance) throw 'The program has exited.';
  const exports = dataProperty(instance, 'exports') ?? exportsOf(instance);
  const keys = ownKeys(exports as object) as string[];
  for (let i = 0; i < keys.length; i++) {
    const found = exec(COLLECT, keys[i]) && dataProperty(exports, keys[i]);
    if (typeof found !== 'function') continue;
    apply(found as () => void, undefined, []);
    return '';
  }
  throw 'This program offers no way to run its collector: export one with //go:wasmexport gc.';
}
