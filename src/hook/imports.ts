/**
 * The import object of a Go program, with `runtime.wasmExit` and `runtime.wasmWrite` seen (wasm_exec.js of every release;
 * the namespace is `go` up to 1.20 and `gojs` from 1.21). The page's own objects stay as they are: the engine gets objects
 * derived from them, whose two properties are looked up when the module is linked and no earlier, so that what the page
 * changes meanwhile counts. Which program it is, and what is noted, is for others to say.
 */
import { create, dataProperty, isObject } from './pristine';
import { beforeImport } from './trampoline';

export interface Notes {
  /** The module imports these functions: it is made by Go, and is being linked now. */
  linked(): void;
  /** Before `runtime.wasmExit`, with Go's stack pointer. */
  exit(sp: number): void;
  /** Before `runtime.wasmWrite`. */
  write(sp: number): void;
}

/** Where a Go program's functions stand in an import object. */
export interface Namespace {
  name: 'go' | 'gojs';
  functions: object;
}

export const EXIT = 'runtime.wasmExit';
const WRITE = 'runtime.wasmWrite';

/** @returns null when the object is not what wasm_exec.js makes. Runs no code of the page, Proxies aside. */
export function goNamespace(imports: unknown, name: Namespace['name'] = 'gojs'): Namespace | null {
  const functions = dataProperty(imports, name);
  if (dataProperty(functions, EXIT)) return { name, functions: functions as object };
  return name === 'go' ? null : goNamespace(imports, 'go');
}

/** @returns an object to link with in place of `imports`. */
export function derive(imports: Record<string, unknown>, name: Namespace['name'], notes: Notes): object {
  let derived: unknown;
  const namespace = () => {
    const functions = imports[name];
    derived ??= isObject(functions) ? deriveFunctions(functions as Record<string, unknown>, notes) : functions;
    return derived;
  };
  return create(imports, { [name]: lazy(namespace) });
}

function deriveFunctions(functions: Record<string, unknown>, notes: Notes): object {
  const seen = (key: string, note: Notes['exit']) =>
    lazy(() => {
      const original = functions[key];
      notes.linked();
      // Null too for what is no function, which is the engine's to complain about.
      return beforeImport(note, original) ?? original;
    });
  return create(functions, { [EXIT]: seen(EXIT, notes.exit), [WRITE]: seen(WRITE, notes.write) });
}

const lazy = (get: () => unknown) => ({ __proto__: null, get }) as PropertyDescriptor;
