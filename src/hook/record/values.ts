/**
 * Finds the Go object whose program begins to run, and its instance. `run` of every release (Go 1.11 to 1.27,
 * wasm_exec.js) first assigns `this._inst`, on which ../go-object.ts waits, and then the table of values, for which an accessor
 * on Object.prototype waits here, from the moment a Go module is linked until then.
 */
import type { Namespace } from '../imports';
import { add, dataProperty, defineProperty, deleteProperty, exportsOf, take } from '../pristine';

/** wasm_exec.js's table of values, in the Go object. */
export const FIELD = '_values';
const { prototype } = Object;

export type Found = (goObject: object, exports: WebAssembly.Exports) => void;

enum Most {
  /** Linked, but not run yet. */
  Waiting = 32,
}

const waiting: (Namespace & { found: Found })[] = [];

/** Waits for the run of the program that was linked with the functions of `namespace`. */
export function awaitValues({ name, functions }: Namespace, found: Found): void {
  add(waiting, { name, functions, found }, Most.Waiting);
  if (waiting.length > 1) return;
  defineProperty(prototype, FIELD, { __proto__: null, set: assigned, configurable: true } as PropertyDescriptor);
}

function assigned(this: unknown, value: unknown): void {
  try {
    const own = { __proto__: null, value, writable: true, enumerable: true, configurable: true };
    defineProperty(this as object, FIELD, own as PropertyDescriptor);
    const exports = exportsOf(dataProperty(this, '_inst'));
    const { found } = take(waiting, match(this));
    if (waiting.length === 0) deleteProperty(prototype, FIELD);
    found(this as object, exports);
  } catch {
    // Assigned to a primitive, or to what is no Go object.
  }
}

/** @returns index of the oldest that was linked with this object's own functions; else of the oldest */
function match(goObject: unknown): number {
  const imports = dataProperty(goObject, 'importObject');
  for (let i = 0; i < waiting.length; i++) {
    if (dataProperty(imports, waiting[i].name) === waiting[i].functions) return i;
  }
  return 0;
}
