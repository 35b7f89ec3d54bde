/**
 * Bodies of functions by their names, and where the program's variables lie: what `runtime-state.ts` and `js-funcs.ts` search for addresses.
 * Facts: runtime/symtab.go (moduledata).
 */
import { attempt, must } from '../bytes/malformed';
import type { Module } from '../wasm/module';
import type { Image } from './image';
import { moduledataLayout } from './layout';
import { findModuledata } from './moduledata';
import type { GoProgram } from './program';

export interface Body {
  /** With its locals, as in the module; `offset` is where it begins there. */
  bytes: Uint8Array;
  offset: number;
}

/** @returns by name; without those that the program does not have, and those of which it has two. @throws Malformed */
export function bodiesOf(module: Module, go: GoProgram, names: Iterable<string>): Map<string, Body> {
  const code = must(module.code());
  const wanted = new Set(names);
  const pcFs = new Map<string, number>();
  for (const func of go.funcs()) {
    const name = attempt(() => go.nameOf(func));
    if (name !== null && wanted.has(name)) pcFs.set(name, pcFs.has(name) ? -1 : func.pcF);
  }
  const found = new Map<string, Body>();
  for (const [name, pcF] of pcFs) {
    const index = go.functionIndexOf(pcF) - module.importedFunctions();
    if (!code || !(index >= 0 && index < code.offsets.length)) continue;
    const offset = code.offsets[index];
    found.set(name, { bytes: module.bytes.subarray(offset, offset + code.sizes[index]), offset });
  }
  return found;
}

/** Linear addresses: from the first one on, to before the second. */
export type Range = [from: number, to: number];

/** @returns where types are described, and variables lie; null when it is not known of this release. @throws Malformed */
export function dataRanges(go: GoProgram, image: Image): { types: Range; variables: Range } | null {
  const layout = moduledataLayout(go.release ?? '');
  const at = findModuledata(image, must(go.pclntab()));
  if (!layout) return null;
  const range = (from: number, to: number): Range => [image.pointer(at + from), image.pointer(at + to)];
  return { types: range(layout.types, layout.etypes), variables: range(layout.noptrdata, layout.enoptrbss) };
}
