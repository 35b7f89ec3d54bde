/**
 * Finds the object on which `run(instance)` is called, also when wasm_exec.js is bundled into a closure.
 *
 * `run` of every release (Go 1.11 to 1.27, misc/wasm and lib/wasm/wasm_exec.js) starts with `this._inst = instance`, and the
 * object has no `_inst` before. So from the moment a Go module is linked until then, and no longer, an accessor on
 * Object.prototype waits for that assignment, and does what the assignment would have done.
 */
import type { Namespace } from './imports';
import {
  add,
  dataProperty,
  defineProperty,
  deleteProperty,
  exportsOf,
  getOwnPropertyDescriptor,
  take,
} from './pristine';

const FIELD = '_inst';
const { prototype } = Object;

enum Most {
  /** Linked, but not run yet. */
  Waiting = 32,
}

interface Waiting extends Namespace {
  found: (exports: WebAssembly.Exports, goObject: object) => void;
}

const waiting: Waiting[] = [];

/** Waits for the run of the program that was linked with the functions of `namespace`. */
export function awaitRun(namespace: Namespace, found: Waiting['found']): void {
  add(waiting, { ...namespace, found }, Most.Waiting);
  if (getOwnPropertyDescriptor(prototype, FIELD)) return;
  defineProperty(prototype, FIELD, { __proto__: null, set: assigned, configurable: true } as PropertyDescriptor);
}

function assigned(this: unknown, value: unknown): void {
  try {
    const own = { __proto__: null, value, writable: true, enumerable: true, configurable: true };
    defineProperty(this as object, FIELD, own as PropertyDescriptor);
    const exports = exportsOf(value);
    const { found } = take(waiting, match(this));
    if (waiting.length === 0) deleteProperty(prototype, FIELD);
    found(exports, this as object);
  } catch {
    // Assigned to a primitive, or no instance was assigned: this is no Go object.
  }
}

/** @returns index of the oldest that was linked with this object's own functions; else of the oldest. */
function match(goObject: unknown): number {
  const imports = dataProperty(goObject, 'importObject');
  for (let i = 0; i < waiting.length; i++) {
    if (dataProperty(imports, waiting[i].name) === waiting[i].functions) return i;
  }
  return 0;
}
