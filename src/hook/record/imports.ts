/**
 * The import object of a Go program with all functions of Go's own packages behind a gate (wasm_exec.js of every release; the
 * namespace is `go` up to 1.20 and `gojs` from 1.21). As in ../imports.ts the page's own objects stay as they are, and are
 * looked up when the module is linked.
 */
import type { Namespace } from '../imports';
import { create, exec, getOwnPropertyDescriptor, getPrototypeOf, isObject, PristineProxy, pristine } from '../pristine';
import { createGate, type Gate } from './gate';
import { ownKeys } from './pristine';

export interface GateNotes {
  /**
   * The module is being linked. `names` are those of the gate, by index. `turn` leads to the page's functions, and must not be
   * kept alive.
   */
  linked(names: string[], turn: Gate['turn']): void;
  /** As in gate.ts. */
  before(sp: number, index: number): number;
  after(): void;
}

/** Every function that Go's own packages import takes SP. A program may have imports of its own besides. */
const OWN = /^(?:runtime|syscall\/js)\./;

/** Keeps each gate's `turn` for as long as the page has the functions that it leads to. */
const turns = new WeakMap<object, unknown>();
const [keep] = pristine(WeakMap, 'set');

/** @returns an object to link with in place of `imports` */
export function gateImports(imports: Record<string, unknown>, name: Namespace['name'], notes: GateNotes): object {
  let derived: unknown;
  const namespace = () => {
    const functions = imports[name];
    derived ??= isObject(functions) ? gateFunctions(functions as Record<string, unknown>, notes) : functions;
    return derived;
  };
  return create(imports, { [name]: lazy(namespace) });
}

/**
 * To hook.js, which is called next and looks at properties without reading them, this is the page's own import object; the
 * engine, which reads them, gets the gates.
 * @param gated by `gateImports`. @param namespace the page's own
 */
export function disguise(gated: object, { name, functions }: Namespace): object {
  const own = { __proto__: null, value: functions, writable: true, enumerable: true, configurable: true };
  return new PristineProxy(create(gated), {
    __proto__: null,
    getOwnPropertyDescriptor: (target: object, key: PropertyKey) =>
      key === name ? (own as PropertyDescriptor) : getOwnPropertyDescriptor(target, key),
  } as ProxyHandler<object>);
}

function gateFunctions(functions: Record<string, unknown>, notes: GateNotes): object {
  const names: string[] = [];
  const known = { __proto__: null } as unknown as Record<string, boolean>;
  let object: unknown = functions;
  for (let depth = 8; isObject(object) && depth; depth--) {
    const keys = ownKeys(object);
    for (let i = 0; i < keys.length; i++) {
      const name = keys[i];
      if (typeof name !== 'string' || known[name] || !exec(OWN, name)) continue;
      known[name] = true;
      names[names.length] = name;
    }
    object = getPrototypeOf(object);
  }

  let gates: Gate['functions'] | undefined;
  const properties = { __proto__: null } as unknown as PropertyDescriptorMap;
  for (let i = 0; i < names.length; i++) {
    properties[names[i]] = lazy(() => {
      gates ??= open(functions, names, notes);
      return gates[i] ?? functions[names[i]];
    });
  }
  return create(functions, properties);
}

function open(functions: Record<string, unknown>, names: string[], notes: GateNotes): Gate['functions'] {
  try {
    const originals: unknown[] = [];
    for (let i = 0; i < names.length; i++) originals[i] = functions[names[i]];
    const gate = createGate(originals, notes.before, notes.after);
    keep(turns, functions, gate.turn);
    notes.linked(names, gate.turn);
    return gate.functions;
  } catch {
    // The engine gets the originals, and complains about them if it must.
    return {};
  }
}

const lazy = (get: () => unknown) => ({ __proto__: null, get }) as PropertyDescriptor;
