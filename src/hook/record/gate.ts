/**
 * A Go program's imports with a note before each, and one after those whose note asks for it. All have the type (i32) → ():
 * Go's stack pointer in, nothing out (cmd/internal/obj/wasm/wasmobj.go, CallImport).
 *
 * As with trampoline.ts no frame of ours is on the stack while an original runs, except for one that is to be told when it ends:
 *
 *   (func $i (param $sp i32)
 *     (if (i32.eqz (global.get $on)) (then (return_call $original_i (local.get $sp))))
 *     (if (call $before (local.get $sp) (i32.const i)) (then
 *       (try (do (call $original_i (local.get $sp))) (catch_all (call $after) (rethrow 0)))
 *       (call $after) (return)))
 *     (return_call $original_i (local.get $sp)))
 *
 * `before` and `after` must catch everything. Exceptions by the legacy instructions: those of WebAssembly 3.0 are newer than
 * Node 20. A trap is no exception there, and passes without `after`.
 */
import { exportsOf, Instance, Module, U8 } from '../pristine';

export interface Gate {
  /** What to link in the place of the originals, by their index. */
  functions: Record<number, unknown>;
  /** Nothing is told but while it is turned on. */
  turn(on: number): void;
}

/** wasm_exec.js has 33 at most (Go 1.27). With fewer than this every index below is one byte. */
const MOST = 60;

/**
 * @param before gets the stack pointer and the index; what it returns says whether `after` is called
 * @throws when the page's CSP forbids it, or an original is of WebAssembly and has another type
 */
export function createGate(
  originals: unknown[],
  before: (sp: number, index: number) => number,
  after: () => void,
): Gate {
  const { length } = originals;
  if (length > MOST) throw length;
  // No lists are spread, and none becomes a typed array by itself: both would ask the page's iterators.
  const bytes: number[] = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  let body: number[] = [];
  const put = (...values: number[]) => {
    for (let i = 0; i < values.length; i++) body[body.length] = values[i];
  };
  const section = (id: number) => {
    bytes[bytes.length] = id;
    bytes[bytes.length] = (body.length & 0x7f) | 0x80;
    bytes[bytes.length] = body.length >> 7;
    for (let i = 0; i < body.length; i++) bytes[bytes.length] = body[i];
    body = [];
  };
  const name = (i: number) => put(2, 0x30 + i / 10, 0x30 + (i % 10));

  // Types. 0: an import; 1: before; 2: after.
  put(3, 0x60, 1, 0x7f, 0, 0x60, 2, 0x7f, 0x7f, 1, 0x7f, 0x60, 0, 0);
  section(1);
  // Imports: `b` and `a` of '', and the originals of 'o' by two digits.
  put(length + 2, 0, 1, 0x62, 0, 1, 0, 1, 0x61, 0, 2);
  const space = { __proto__: null } as Record<string, unknown>;
  for (let i = 0; i < length; i++) {
    put(1, 0x6f);
    name(i);
    put(0, 0);
    space[(i < 10 ? '0' : '') + i] = originals[i];
  }
  section(2);
  // Functions: the gates, and `turn`.
  put(length + 1);
  for (let i = 0; i <= length; i++) put(0);
  section(3);
  // The global.
  put(1, 0x7f, 1, 0x41, 0, 0x0b);
  section(6);
  // Exports.
  put(length + 1);
  for (let i = 0; i <= length; i++) {
    name(i);
    put(0, 2 + length + i);
  }
  section(7);
  put(length + 1);
  for (let i = 0; i < length; i++) {
    const original = 2 + i;
    put(40, 0);
    put(0x23, 0, 0x45, 0x04, 0x40, 0x20, 0, 0x12, original, 0x0b);
    put(0x20, 0, 0x41, i, 0x10, 0, 0x04, 0x40);
    put(0x06, 0x40, 0x20, 0, 0x10, original, 0x19, 0x10, 1, 0x09, 0, 0x0b, 0x10, 1, 0x0f, 0x0b);
    put(0x20, 0, 0x12, original, 0x0b);
  }
  put(6, 0, 0x20, 0, 0x24, 0, 0x0b);
  section(10);

  const code = new U8(bytes.length);
  for (let i = 0; i < bytes.length; i++) code[i] = bytes[i];
  const own = { __proto__: null, b: before, a: after };
  const all = { __proto__: null, '': own, o: space };
  const exports = exportsOf(new Instance(new Module(code), all as unknown as WebAssembly.Imports));
  const functions: unknown[] = [];
  for (let i = 0; i <= length; i++) functions[i] = exports[(i < 10 ? '0' : '') + i];
  return { functions, turn: functions[length] as Gate['turn'] };
}
