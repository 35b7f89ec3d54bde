/**
 * Custom sections behind everything else of a module, so that no offset moves (WebAssembly core specification 5.5.3), and
 * which of them a module may not have yet.
 *
 * One section is moved: Go's linker writes `producers` in front of `name` (cmd/link/internal/wasm/asm.go), and all tools of LLVM
 * refuse a module in which they do not stand the other way round (llvm/lib/Object/WasmObjectFile.cpp, WasmSectionOrderChecker).
 * Both stand behind code and data, and nobody counts offsets in them.
 */

import { Writer } from '../bytes/writer';
import type { Module, Section } from '../wasm/module';

/** @returns a section that would stand there twice: DWARF of any maker, or a build id */
export function alreadyThere(module: Module): Section | null {
  return module.sections.find(({ id, name }) => id === 0 && (/^\.z?debug_/.test(name) || name === 'build_id')) ?? null;
}

/** The content of the section `build_id`: a vector of bytes (tool-conventions, BuildId.md). */
export function buildIdSection(id: Uint8Array): Uint8Array {
  return new Writer().uleb(id.length).append(id).done();
}

/** @returns the parts of the new module in order: what was there, then the sections */
export function withSections(module: Module, sections: [name: string, content: Uint8Array][]): Uint8Array[] {
  const parts = namesFirst(module);
  for (const [name, content] of sections) {
    const label = new TextEncoder().encode(name);
    const inner = new Writer().uleb(label.length).append(label).done();
    const head = new Writer().u8(0).uleb(inner.length + content.length);
    parts.push(head.append(inner).done(), content);
  }
  return parts;
}

/** The module with `producers` behind `name`. */
function namesFirst({ bytes, sections }: Module): Uint8Array[] {
  const find = (wanted: string) => sections.findIndex(({ id, name }) => id === 0 && name === wanted);
  const [code, producers, name] = [sections.findIndex(({ id }) => id === 10), find('producers'), find('name')];
  if (code < 0 || producers < code || name < producers) return [bytes];
  const end = (index: number) => sections[index].offset + sections[index].size;
  const [start, middle, last] = [end(producers - 1), end(producers), end(name)];
  return [bytes.subarray(0, start), bytes.subarray(middle, last), bytes.subarray(start, middle), bytes.subarray(last)];
}
