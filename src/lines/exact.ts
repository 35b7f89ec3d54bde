/**
 * Places out of an exact line table: the instruction at a module offset, its run, and around it the inlined calls that
 * pclntab has for the run's node. One answer for every instruction of the functions that the table knows.
 */
import { attempt, Malformed, must } from '../bytes/malformed';
import { floorIndex } from '../bytes/search';
import type { FunctionTables, Lines } from '../go/lines';
import type { Func } from '../go/pclntab';
import type { Program } from '../program';
import type { Frame, Named, Place, Places } from '../symbols/frame';
import { bodyAt } from '../wasm/code';
import { fingerprintOf } from './fingerprint';
import { decodeTable, type LineTable } from './table';

export class ExactLines implements Places {
  private constructor(
    private readonly program: Program,
    readonly table: LineTable,
  ) {}

  /**
   * @param offset of the table's first byte in what it was read from
   * @throws Malformed when it is no line table, or one of another build
   */
  static open(program: Program, bytes: Uint8Array, offset = 0): ExactLines {
    const table = decodeTable(bytes, offset);
    const code = must(program.module.code());
    const own = fingerprintOf(program.module);
    if (
      table.firstRuns.length - 1 !== (code?.offsets.length ?? 0) ||
      own.some((byte, i) => byte !== table.fingerprint[i])
    ) {
      throw new Malformed('a line table of this build', offset);
    }
    return new ExactLines(program, table);
  }

  locate(offset: number): Named | null {
    const { program, table } = this;
    const code = program.module.code();
    if (!code.ok || !code.value) return null;
    const number = bodyAt(code.value, offset);
    if (number < 0 || !this.knows(number)) return null;
    const instruction = floorIndex(program.locator.body(number)?.instructions ?? [], offset);
    if (instruction < 0) return null;
    return attempt(() => {
      const func = this.funcOf(number);
      const [first, end] = [table.firstRuns[number], table.firstRuns[number + 1]];
      const run = floorIndex(table.starts, instruction, first, end);
      const lines = must(program.go.lines());
      const place = { file: this.fileOf(lines, func, run), line: table.lines[run] };
      if (place.line === 0) return null;
      return { precision: 'exact' as const, frames: lines.framesAround(func, table.nodes[run], place) };
    });
  }

  /** Whether the table has lines for the body with this number. */
  knows(number: number): boolean {
    return this.table.firstRuns[number] < this.table.firstRuns[number + 1];
  }

  /**
   * Tells each run of a body: its first instruction's number, a block whose inlined calls are those around it, and the place.
   * @throws Malformed
   */
  eachRun(number: number, tell: (instruction: number, block: number, place: Place) => void): void {
    const { table } = this;
    const func = this.funcOf(number);
    const lines = must(this.program.go.lines());
    const tables = lines.tables(func);
    const blocks = new Map<number, number>();
    for (let run = table.firstRuns[number]; run < table.firstRuns[number + 1]; run++) {
      const node = table.nodes[run];
      const block = blocks.get(node) ?? firstBlock(tables, node);
      blocks.set(node, block);
      tell(table.starts[run], block, { file: this.fileOf(lines, func, run), line: table.lines[run] });
    }
  }

  /** Tells the frames of each run of a body, innermost first, and its first instruction's number. @throws Malformed */
  eachStack(number: number, tell: (instruction: number, frames: Frame[]) => void): void {
    const { table } = this;
    const func = this.funcOf(number);
    const lines = must(this.program.go.lines());
    for (let run = table.firstRuns[number]; run < table.firstRuns[number + 1]; run++) {
      const place = { file: this.fileOf(lines, func, run), line: table.lines[run] };
      tell(table.starts[run], lines.framesAround(func, table.nodes[run], place));
    }
  }

  /** @returns name of the package variable at exactly this address, or null */
  variableAt(address: number): string | null {
    const index = floorIndex(this.table.addresses, address);
    return index >= 0 && this.table.addresses[index] === address ? this.table.symbols[index] : null;
  }

  /** @returns address of a package variable such as `runtime.allgs`, or null */
  addressOf(symbol: string): number | null {
    this.byName ??= new Map(this.table.symbols.map((name, i) => [name, this.table.addresses[i]]));
    return this.byName.get(symbol) ?? null;
  }

  private byName: Map<string, number> | undefined;
  private files: { func: Func; tables: FunctionTables; usual: Map<number, string> } | undefined;

  private funcOf(number: number): Func {
    const { go, module } = this.program;
    const func = go.funcOf(go.pcFsOf(module.importedFunctions() + number)[0] ?? -1);
    if (!func) throw new Malformed('a Go function for each body', number);
    return func;
  }

  private fileOf(lines: Lines, func: Func, run: number): string {
    const { table } = this;
    if (this.files?.func !== func) this.files = { func, tables: lines.tables(func), usual: new Map() };
    const node = table.nodes[run];
    let file = this.files.usual.get(node);
    if (file === undefined) {
      file = fileOfNode(lines, func, this.files.tables, node);
      this.files.usual.set(node, file);
    }
    const other = floorIndex(table.otherRuns, run);
    return other >= 0 && table.otherRuns[other] === run ? table.files[table.otherFiles[other]] : file;
  }
}

/** @returns the file that pclntab has at the first block of a node of the inline tree; '' when it has none. @throws Malformed */
export function fileOfNode(lines: Lines, func: Func, tables: FunctionTables, node: number): string {
  const block = firstBlock(tables, node);
  if (block < 0 && node >= 0) throw new Malformed('a node of the inline tree', func.funcdata);
  return block < 0 ? lines.start(func).file : lines.pclntab.file(func, tables.files.at(block));
}

/** @returns the first block with a node of the inline tree, -1 when none has it */
export function firstBlock({ nodes }: FunctionTables, node: number): number {
  if (nodes.size === 0 && node === -1) return 0;
  const at = nodes.values.indexOf(node);
  if (at < 0) return -1;
  return at === 0 ? 0 : nodes.ends[at - 1];
}
