/**
 * Calls of ours in front of functions of the page, with no frame of ours on the stack while those run.
 *
 * A JavaScript wrapper would stand in every `error.stack` and console stack made below it. A WebAssembly function that
 * ends in `return_call` does not: its frame is gone when the callee starts (WebAssembly 3.0, tail calls; V8 ≥ 11.2). So:
 *
 *   (func $f (param …) (result …)   local.get …  call $note   local.get …  return_call $next)
 *
 * is assembled here, byte by byte, for the two types needed, in one module: compiling one takes a third of a millisecond of the
 * page's start. It is compiled on first use: a page that never touches WebAssembly pays nothing, and its CSP is not asked.
 * `note` must catch everything: what it throws would reach the page.
 */
import { exportsOf, Instance, Module, nothing, U8 } from './pristine';

type Note = (...args: never[]) => void;

/**
 * The module, section by section; 0x6f is externref, 0x7f is i32. Made here and now: a typed array that is made of a list asks the
 * list's iterator, which is the page's later on.
 */
const CODE = new U8([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  // Types. 0: the note of a trap; 1: a trap; 2: an import, and the note of one.
  ...[1, 18, 3, 0x60, 3, 0x6f, 0x6f, 0x6f, 0, 0x60, 3, 0x6f, 0x6f, 0x6f, 1, 0x6f, 0x60, 1, 0x7f, 0],
  // Imports from the module named ''. `n` and `o`: note and next of a trap; `p` and `q`: those of an import.
  ...[2, 21, 4, 0, 1, 0x6e, 0, 0, 0, 1, 0x6f, 0, 1, 0, 1, 0x70, 0, 2, 0, 1, 0x71, 0, 2],
  // Functions: one trap, one import. Their exports: `t` and `i`.
  ...[3, 3, 2, 1, 2],
  ...[7, 9, 2, 1, 0x74, 0, 4, 1, 0x69, 0, 5],
  // Code: local.get (0x20), call (0x10), return_call (0x12), end (0x0b).
  ...[10, 31, 2],
  ...[18, 0, 0x20, 0, 0x20, 1, 0x20, 2, 0x10, 0, 0x20, 0, 0x20, 1, 0x20, 2, 0x12, 1, 0x0b],
  ...[10, 0, 0x20, 0, 0x10, 2, 0x20, 0, 0x12, 3, 0x0b],
]);

let module: WebAssembly.Module | undefined;
let refused = false;

/** @returns the export called `which` of an instance with these functions; null if the module cannot be had. */
function trampoline(which: 't' | 'i', p: Note, q: unknown, n = p, o = q): unknown {
  if (refused) return null;
  try {
    module ??= new Module(CODE);
    const imports = { __proto__: null, '': { __proto__: null, n, o, p, q } };
    return exportsOf(new Instance(module, imports as unknown as WebAssembly.Imports))[which];
  } catch {
    refused = !module;
    return null;
  }
}

/** For traps of a Proxy: three values in, one out. Both return null where the page's CSP or an old engine forbids it. */
export const beforeTrap = (note: Note, next: unknown) => trampoline('t', note, next);

/** For the imports of a Go module, which all have the type (i32) → (). `next` may itself be of WebAssembly, and fit no other. */
export const beforeImport = (note: Note, next: unknown) => trampoline('i', note, next, nothing, nothing);
