/**
 * Entries into Go, told while they run: `run`, `resume` and what a program exports itself (go:wasmexport). While a program is
 * recorded its Go object's `_inst` is an object like the true instance, whose exports tell; wasm_exec.js asks it anew for each
 * `run` and `resume`. Own exports are called through the page's instance: for programs that have some, the getter of
 * `WebAssembly.Instance.prototype.exports` gives those too. Functions that the page took out before are not seen.
 */
import {
  apply,
  create,
  dataProperty,
  defineProperty,
  exec,
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
  /** Set where the program exports functions of its own. */
  own: boolean;
}

const { prototype } = Instance;
const original = getOwnPropertyDescriptor(prototype, 'exports') as PropertyDescriptor;
/** What stands for the exports of programs that are recorded. */
const replaced = new WeakMap<object, object>();
/** Instances in whose place another object stands in their Go object, which alone must keep them alive. */
const displaced = new WeakMap<object, object>();
const PristineWeakRef = WeakRef;
const [deref] = pristine(WeakRef, 'deref');
const [get, set, remove] = pristine(WeakMap, 'get', 'set', 'delete');
let recorded = 0;

const getter = new PristineProxy(
  original.get as () => object,
  {
    __proto__: null,
    apply(target: () => object, self: unknown, args: unknown[]) {
      const exports = apply(target, self, args);
      return get(replaced, exports) ?? exports;
    },
  } as ProxyHandler<() => object>,
);

const FIELD = '_inst';
/** What Go's linker exports for wasm_exec.js. */
const LINKED = /^(?:run|resume|getsp|mem)$/;

/** @param goObject of wasm_exec.js. @returns ends it */
export function tellEntries(goObject: object, exports: WebAssembly.Exports, entered: Entered): () => void {
  const { enter, leave } = entered;
  const told = create(null);
  let own = false;
  const keys = ownKeys(exports) as string[];
  for (let i = 0; i < keys.length; i++) {
    const name = keys[i];
    const value = exports[name];
    own ||= !exec(LINKED, name);
    const wrapped =
      typeof value === 'function' && name !== 'getsp'
        ? new PristineProxy(value, {
            __proto__: null,
            apply(target: () => unknown, self: unknown, args: unknown[]) {
              const depth = enter(name);
              try {
                return apply(target, self, args);
              } finally {
                leave(depth);
              }
            },
          } as ProxyHandler<() => unknown>)
        : value;
    defineProperty(told, name, { __proto__: null, value: wrapped, enumerable: true } as PropertyDescriptor);
  }
  freeze(told);
  entered.own = own;
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
    set(replaced, exports, told);
    if (recorded++ === 0) defineProperty(prototype, 'exports', { __proto__: null, get: getter } as PropertyDescriptor);
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
    if (!own) return;
    const itsExports = deref(known);
    if (itsExports) remove(replaced, itsExports);
    if (--recorded === 0) defineProperty(prototype, 'exports', original);
  };
}
