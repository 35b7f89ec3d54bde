/**
 * .debug_line of one unit (DWARF 4, 6.2): its files, and a row wherever the place changes. One sequence per stretch of code, so
 * that the bytes between two bodies (their sizes) have no line.
 *
 * A row says a place; `is_stmt` says that the place is sure, and that a breakpoint may stand there. Line 0 is the standard's
 * word for "belongs to no line that is known".
 */
import { Writer } from '../bytes/writer';
import { LNE, LNS } from '../dwarf/codes';

/**
 * One byte says "advance the address by A and the line by L, and add a row", here for L from -1 to 1 and A up to 80: rows of Go
 * code lie far apart, often on the same line or the next. (Compilers' -5 and 14 make the section 10 % longer.)
 */
const LINE_BASE = -1;
const LINE_RANGE = 3;
const OPCODE_BASE = 13;
/** Operands of the standard opcodes 1 … 12 (6.2.5.2). */
const OPERANDS = [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1];
/** How far DW_LNS_const_add_pc goes: as the opcode 255. */
const CONST_ADVANCE = Math.floor((255 - OPCODE_BASE) / LINE_RANGE);

export class LineProgram {
  private readonly directories = new Map<string, number>();
  private readonly files = new Map<string, number>();
  private readonly fileTable = new Writer();
  private readonly directoryTable = new Writer();
  private readonly program = new Writer();
  /** The state machine's registers (6.2.2). */
  private registers = { address: 0, file: 1, line: 1, statement: true };
  /** The row that comes next: another one at the same address takes its place. */
  private pending = { address: -1, file: 1, line: 0, statement: true };
  private open = false;

  /** Rows written so far, and those with a line that is not sure. */
  rows = 0;
  likely = 0;

  /** @param spend is told the length of each new path; may refuse it by a Malformed */
  constructor(private readonly spend: (length: number) => void) {}

  /** @returns number of a file in this unit; 0 for none. Paths stay as they are: directory and name with a `/` make them again */
  file(path: string): number {
    if (path === '') return 0;
    let number = this.files.get(path);
    if (number === undefined) {
      this.spend(path.length);
      const slash = path.lastIndexOf('/');
      // Where a `/` between the two would not give the same path again, all of it is the name; an empty name ends the table.
      const inside = slash > 0 && path[slash - 1] !== '/' && slash + 1 < path.length;
      this.fileTable.cstring(inside ? path.slice(slash + 1) : path);
      this.fileTable
        .uleb(inside ? this.directory(path.slice(0, slash)) : 0)
        .u8(0)
        .u8(0);
      number = this.files.size + 1;
      this.files.set(path, number);
    }
    return number;
  }

  private directory(path: string): number {
    let number = this.directories.get(path);
    if (number === undefined) {
      this.directoryTable.cstring(path);
      number = this.directories.size + 1;
      this.directories.set(path, number);
    }
    return number;
  }

  /**
   * From this address on. A row that says nothing new is left out: where the line stays, a sure row holds on.
   * @param line 0 when not known @param sure whether it is the only line it can be
   */
  row(address: number, file: number, line: number, sure: boolean): void {
    const { pending } = this;
    if (this.open && pending.address >= 0 && pending.file === file && pending.line === line) {
      if (pending.statement || !sure) return;
    }
    if (this.open && pending.address < address) this.flush();
    this.pending = { address, file, line, statement: sure };
    this.open = true;
  }

  /** The stretch of code ends before this address. */
  end(address: number): void {
    if (!this.open) return;
    this.flush();
    this.advance(address - this.registers.address);
    this.program.u8(LNS.extended).uleb(1).u8(LNE.end_sequence);
    this.registers = { address: 0, file: 1, line: 1, statement: true };
    this.pending = { address: -1, file: 1, line: 0, statement: true };
    this.open = false;
  }

  private flush(): void {
    const { registers, pending, program } = this;
    if (registers.address === 0) {
      program.u8(LNS.extended).uleb(5).u8(LNE.set_address).u32(pending.address);
      registers.address = pending.address;
    }
    if (registers.file !== pending.file) program.u8(LNS.set_file).uleb(pending.file);
    if (registers.statement !== pending.statement) program.u8(LNS.negate_stmt);
    let lines = pending.line - registers.line;
    let bytes = pending.address - registers.address;
    if (lines < LINE_BASE || lines >= LINE_BASE + LINE_RANGE) {
      program.u8(LNS.advance_line).sleb(lines);
      lines = 0;
    }
    const most = Math.floor((255 - OPCODE_BASE - (lines - LINE_BASE)) / LINE_RANGE);
    if (bytes > most && bytes <= most + CONST_ADVANCE) {
      program.u8(LNS.const_add_pc);
      bytes -= CONST_ADVANCE;
    } else if (bytes > most) {
      this.advance(bytes);
      bytes = 0;
    }
    program.u8(lines - LINE_BASE + LINE_RANGE * bytes + OPCODE_BASE);
    this.registers = { ...pending };
    this.rows++;
    if (!pending.statement && pending.line > 0) this.likely++;
  }

  private advance(bytes: number): void {
    if (bytes > 0) this.program.u8(LNS.advance_pc).uleb(bytes);
  }

  /** Appends the unit's program to the section. */
  write(out: Writer): void {
    const start = out.length;
    out.u32(0).u16(4);
    const header = out.length;
    out.u32(0);
    // Instructions are a byte at least, and one at a time; rows are statements until told otherwise.
    out
      .u8(1)
      .u8(1)
      .u8(1)
      .u8(LINE_BASE & 0xff)
      .u8(LINE_RANGE)
      .u8(OPCODE_BASE);
    for (const operands of OPERANDS) out.u8(operands);
    out.append(this.directoryTable.done()).u8(0);
    out.append(this.fileTable.done()).u8(0);
    out.patch32(header, out.length - header - 4);
    out.append(this.program.done());
    out.patch32(start, out.length - start - 4);
  }
}
