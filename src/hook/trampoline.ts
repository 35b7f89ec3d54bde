/**
 * Calls of ours in front of functions of the page, with no frame of ours on the stack while those run.
 *
 * A JavaScript wrapper would stand in every `error.stack` and console stack made below it. A WebAssembly function that
 * ends in `return_call` does not: its frame is gone when the callee starts (WebAssembly 3.0, tail calls; V8 ≥ 11.2). So:
 *
 *   (func $f (param …) (result …)   local.get …  call $note   local.get …  return_call $next)
 *
 * is assembled here, byte by byte. `note` must catch everything: what it throws would reach the page.
 */
import { exportsOf, Instance, Module } from './pristine';

enum Type {
  externref = 0x6f,
  i32 = 0x7f,
}

/** @returns a function that calls `note`, then becomes `next`; null where the page's CSP or an old engine forbids it. */
type Trampoline = (note: (...args: never[]) => void, next: unknown) => unknown;

const section = (id: number, ...body: number[]) => [id, body.length, ...body];

/** Compiles on first use: a page that never touches WebAssembly pays nothing, and its CSP is not asked. */
function trampoline(params: number[], results: number[]): Trampoline {
  const arity = params.length;
  const args = params.flatMap((_, index) => [0x20, index]);
  const bytes = new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 2, 0x60, arity, ...params, 0, 0x60, arity, ...params, results.length, ...results),
    // The imports `n` and `o` of the module named ''; the export `f`.
    ...section(2, 2, 0, 1, 0x6e, 0, 0, 0, 1, 0x6f, 0, 1),
    ...section(3, 1, 1),
    ...section(7, 1, 1, 0x66, 0, 2),
    ...section(10, 1, args.length * 2 + 6, 0, ...args, 0x10, 0, ...args, 0x12, 1, 0x0b),
  ]);
  let module: WebAssembly.Module;
  let refused = false;
  return (note, next) => {
    if (refused) return null;
    try {
      module ??= new Module(bytes);
      const imports = { __proto__: null, '': { __proto__: null, n: note, o: next } };
      return exportsOf(new Instance(module, imports as unknown as WebAssembly.Imports)).f;
    } catch {
      refused = !module;
      return null;
    }
  };
}

/** For traps of a Proxy: three values in, one out. */
export const beforeTrap = trampoline([Type.externref, Type.externref, Type.externref], [Type.externref]);

/** For the imports of a Go module, which all have the type (i32) → (). */
export const beforeImport = trampoline([Type.i32], []);
