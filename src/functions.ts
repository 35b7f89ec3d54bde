/** Every function of a module: one row per pclntab entry, else per body, named by DWARF or the name section (contract.md `functions`). */
import { Malformed } from './bytes/malformed';
import { packageOf } from './go/names';
import type { Program } from './program';

export interface FunctionRow {
  /** Wasm function index, imports counted; -1 when no body belongs to the entry. */
  index: number;
  name: string;
  /** Import path; '' for helpers in assembly. */
  package: string;
  file: string;
  /** Of the `func` keyword; before Go 1.20 the first line known. 0 when there is none. */
  line: number;
  /** The body's first byte in the module, and its length. */
  offset: number;
  size: number;
}

/** @returns rows in the order of pclntab, or of the bodies where there is no pclntab */
export function functionRows(program: Program): FunctionRow[] {
  const { module, go } = program;
  const imported = module.importedFunctions();
  const code = module.code();
  const outline = code.ok ? code.value : null;
  const place = (index: number) => {
    const number = index - imported;
    const has = outline !== null && number >= 0 && number < outline.offsets.length;
    return { offset: has ? outline.offsets[number] : 0, size: has ? outline.sizes[number] : 0 };
  };
  const pclntab = go.isGo ? go.pclntab() : null;
  if (!pclntab?.ok) {
    const names = module.names();
    return Array.from(outline?.offsets ?? [], (_, number) => {
      const index = imported + number;
      const told = program.debug()?.functionAt(place(index).offset);
      const name = told?.function ?? (names.ok ? names.value?.name(index) : null) ?? `wasm-function[${index}]`;
      return { index, name, package: '', file: told?.file ?? '', line: told?.line ?? 0, ...place(index) };
    });
  }
  const rows: FunctionRow[] = [];
  const lines = go.lines();
  for (const func of go.funcs()) {
    const index = go.functionIndexOf(func.pcF);
    const name = go.nameOf(func) ?? `wasm-function[${index}]`;
    let start = { file: '', line: 0 };
    try {
      if (lines.ok) start = lines.value.start(func);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
    }
    rows.push({ index, name, package: packageOf(name), ...start, ...place(index) });
  }
  return rows;
}
