/**
 * Entries into Go, told while they run: `run`, `resume` and what a program exports itself (go:wasmexport). While a program is
 * recorded its Go object's `_inst` is an object like the true instance, whose exports tell; wasm_exec.js asks it anew for each
 * `run` and `resume`. Own exports are called through the page's instance: for programs that have some, the getter of
 * `WebAssembly.Instance.prototype.exports` gives those too, from when the program is linked on, for the page may take them out before it
 * runs. Only a page that has kept the getter itself from before calls functions that are not seen.
 */
import {
  apply,
  create,
  dataProperty,
  defineProperty,
  getOwnPropertyDescriptor,
  Instance,
  PristineProxy,
  pristine,
} from '../pristine';
import { freeze, ownKeys } from './pristine';

export interface Entered {
  /** Go is entered by the export of this name. @returns what is handed to `leave` */
  enter(name: string): number;
  leave(depth: number): void;
}

const { prototype } = Instance;
const original = getOwnPropertyDescriptor(prototype, 'exports') as PropertyDescriptor;
/** By exports: what the getter gives instead; themselves where that is nothing else. */
const given = new WeakMap<object, object>();
/** Who hears of entries, by exports. */
const hearers = new WeakMap<object, Entered>();
/** Instances in whose place another object stands in their Go object, which alone must keep them alive. */
const displaced = new WeakMap<object, object>();
const PristineWeakRef = WeakRef;
const [deref] = pristine(WeakRef, 'deref');
const [get, set, remove] = pristine(WeakMap, 'get', 'set', 'delete');
let users = 0;

const getter = new PristineProxy(
  original.get as () => object,
  {
    __proto__: null,
    apply(target: () => object, self: unknown, args: unknown[]) {
      const exports = apply(target, self, args);
      if (!get(given, exports)) set(given, exports, hasOwn(exports) ? tellingExports(exports) : exports);
      return get(given, exports);
    },
  } as ProxyHandler<() => object>,
);

/** @param more 1: the getter is needed from now on; -1: no more */
function use(more: number) {
  users += more;
  const now = users > 0 ? ({ __proto__: null, get: getter } as PropertyDescriptor) : original;
  defineProperty(prototype, 'exports', now);
}

const FIELD = '_inst';

/** Whether they are of a Go program, and more than what Go's linker exports for wasm_exec.js. */
function hasOwn(exports: object): boolean {
  const keys = ownKeys(exports) as string[];
  let linked = 0;
  for (let i = 0; i < keys.length; i++) {
    const name = keys[i];
    if (name === 'run' || name === 'resume' || name === 'getsp' || name === 'mem') linked++;
  }
  return linked === 4 && keys.length > 4;
}

/** @returns the same exports, of which the functions tell whoever hears that they are called */
function tellingExports(exports: WebAssembly.Exports): object {
  const told = create(null);
  const keys = ownKeys(exports) as string[];
  for (let i = 0; i < keys.length; i++) {
    const name = keys[i];
    const value = exports[name];
    const wrapped =
      typeof value === 'function' && name !== 'getsp'
        ? new PristineProxy(value, {
            __proto__: null,
            apply(target: () => unknown, self: unknown, args: unknown[]) {
              const hearer = get(hearers, exports) as Entered | undefined;
              if (!hearer) return apply(target, self, args);
              const depth = hearer.enter(name);
              try {
                return apply(target, self, args);
              } finally {
                hearer.leave(depth);
              }
            },
          } as ProxyHandler<() => unknown>)
        : value;
    defineProperty(told, name, { __proto__: null, value: wrapped, enumerable: true } as PropertyDescriptor);
  }
  return freeze(told);
}

/** A program is linked whose entries will be told. @returns to be called when that has begun */
export function expectEntries(): () => void {
  use(1);
  return () => use(-1);
}

/** @param goObject of wasm_exec.js. @returns ends it */
export function tellEntries(goObject: object, exports: WebAssembly.Exports, entered: Entered): () => void {
  const own = hasOwn(exports);
  let told = get(given, exports) as object | undefined;
  if (!told || told === exports) told = tellingExports(exports);
  set(hearers, exports, entered);
  const held = getOwnPropertyDescriptor(goObject, FIELD);
  if (held) set(displaced, goObject, held.value);
  const stand = create(prototype, { exports: { __proto__: null, value: told } as PropertyDescriptor });
  const put = (object: object, value: unknown) => {
    if (getOwnPropertyDescriptor(object, FIELD)?.writable) {
      defineProperty(object, FIELD, { __proto__: null, value } as PropertyDescriptor);
    }
  };
  put(goObject, stand);
  if (own) {
    set(given, exports, told);
    use(1);
  }
  // What ends it must not keep a program alive that the page has dropped.
  const object = new PristineWeakRef(goObject);
  const standing = new PristineWeakRef(stand);
  const known = new PristineWeakRef(exports);
  let ended = false;
  return () => {
    if (ended) return;
    ended = true;
    const itsObject = deref(object) as object | undefined;
    // After the exit wasm_exec.js has none any more.
    if (itsObject && dataProperty(itsObject, FIELD) === deref(standing)) put(itsObject, get(displaced, itsObject));
    const itsExports = deref(known) as object | undefined;
    if (itsExports) {
      remove(hearers, itsExports);
      // The true ones again, as long as the getter is there for others.
      if (own) set(given, itsExports, itsExports);
    }
    if (own) use(-1);
  };
}
