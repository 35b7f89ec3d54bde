/**
 * Which file and line each address has: the program of a line table run once, its rows kept in columns. Rows of functions that
 * the linker removed are not kept. Source: DWARF 5 section 6.2.2 and 6.2.5; versions 2 to 4 have the same opcodes or fewer.
 */
import type { Reader } from '../bytes/reader';
import { floorIndex, upperBound } from '../bytes/search';
import { LNE, LNS } from './codes';
import { Column } from './column';
import { readNumber } from './forms';
import { type Files, type LineHeader, readFile, readLineHeader } from './line-header';
import type { Extent } from './ranges';
import type { Sections } from './sections';
import { readLength } from './unit';

export class LineTable {
  constructor(
    readonly files: Files,
    /** A row holds from its address to that of the next one. */
    private readonly addresses: Uint32Array,
    private readonly fileNumbers: Uint32Array,
    private readonly lines: Uint32Array,
    /** Sequences, ascending by their ends (exclusive); their first rows, and one more than their last. */
    private readonly ends: Float64Array,
    private readonly firsts: Uint32Array,
    private readonly lasts: Uint32Array,
  ) {}

  /** @returns number of the row that an address belongs to; -1 for none */
  find(address: number): number {
    const sequence = upperBound(this.ends, address);
    if (sequence === this.ends.length) return -1;
    const first = this.firsts[sequence];
    // Of rows at one address the last one counts: the others are empty.
    return address < this.addresses[first] ? -1 : floorIndex(this.addresses, address, first, this.lasts[sequence]);
  }

  /** File number and line of a row; line 0: made by the compiler for no line. */
  row(index: number): { file: number; line: number } {
    return { file: this.fileNumbers[index], line: this.lines[index] };
  }

  get size(): number {
    return this.addresses.length;
  }
}

/** Bytes of tables that are read, for each byte of the section: units share tables, but tables do not overlap. */
const MOST_READ = 4;
const LEAST_READ = 1_000_000;
/** A table costs some hundred bytes here however short it is. */
const EACH_TABLE = 400;

export class LineTables {
  private readonly tables = new Map<number, LineTable>();
  private budget: number;

  constructor(
    private readonly sections: Sections,
    private readonly extent: Extent,
  ) {
    this.budget = LEAST_READ + MOST_READ * sections.size('debug_line');
  }

  /** @param offset as `stmt_list` has it. @throws Malformed */
  at(offset: number): LineTable {
    let table = this.tables.get(offset);
    if (!table) {
      const section = this.sections.reader('debug_line', offset);
      const length = readLength(section);
      this.budget -= EACH_TABLE + section.position - offset;
      if (this.budget < 0) section.fail('line tables that do not overlap');
      const { header, program } = readLineHeader(length, section.position, this.sections);
      table = new Machine(header, program, this.extent).run();
      this.tables.set(offset, table);
    }
    return table;
  }
}

/** The registers of the standard's line number machine that matter here. */
class Machine {
  private address = 0;
  private operation = 0;
  private file = 1;
  private line = 1;

  private readonly addresses: Column;
  private readonly fileNumbers: Column;
  private readonly lines: Column;
  private readonly ends: number[] = [];
  private readonly firsts: number[] = [];
  private readonly lasts: number[] = [];
  /** Where the sequence being read starts; whether it is of code that is there, its addresses ascending. */
  private first = 0;
  private live = true;

  constructor(
    private readonly header: LineHeader,
    private readonly program: Reader,
    private readonly extent: Extent,
  ) {
    // Most opcodes are special ones, a byte and a row each.
    const room = program.left >> 1;
    this.addresses = new Column(room);
    this.fileNumbers = new Column(room);
    this.lines = new Column(room);
  }

  run(): LineTable {
    const { program, header } = this;
    while (program.left > 0) {
      const opcode = program.u8();
      if (opcode === 0) this.extended();
      else if (opcode < header.opcodeBase) this.standard(opcode);
      else this.special(opcode - header.opcodeBase);
    }
    // Rows of a sequence that does not end tell nothing.
    this.cut();
    const order = [...this.ends.keys()].sort((a, b) => this.ends[a] - this.ends[b] || a - b);
    return new LineTable(
      header.files,
      this.addresses.done(),
      this.fileNumbers.done(),
      this.lines.done(),
      Float64Array.from(order, (i) => this.ends[i]),
      Uint32Array.from(order, (i) => this.firsts[i]),
      Uint32Array.from(order, (i) => this.lasts[i]),
    );
  }

  private special(adjusted: number): void {
    const { lineBase, lineRange } = this.header;
    this.advance(Math.floor(adjusted / lineRange));
    this.line += lineBase + (adjusted % lineRange);
    this.row();
  }

  private advance(operations: number): void {
    const { minimumInstructionLength, operationsPerInstruction } = this.header;
    const sum = this.operation + operations;
    this.address += minimumInstructionLength * Math.floor(sum / operationsPerInstruction);
    this.operation = sum % operationsPerInstruction;
  }

  private standard(opcode: number): void {
    const { program, header } = this;
    if (opcode === LNS.copy) this.row();
    else if (opcode === LNS.advance_pc) this.advance(program.leb64());
    else if (opcode === LNS.advance_line) this.line += program.sleb64();
    else if (opcode === LNS.set_file) this.file = program.leb64();
    else if (opcode === LNS.const_add_pc) this.advance(Math.floor((255 - header.opcodeBase) / header.lineRange));
    else if (opcode === LNS.fixed_advance_pc) {
      this.address += program.u16();
      this.operation = 0;
    } else {
      // Columns, statements, prologues, ISAs, and what later versions may add.
      for (let left = header.operands[opcode]; left > 0; left--) program.skipLeb(10);
    }
  }

  private extended(): void {
    const { program } = this;
    const length = program.leb32();
    const end = program.position + length;
    if (length === 0 || length > program.left) program.fail('the length of an extended opcode');
    const opcode = program.u8();
    if (opcode === LNE.end_sequence) this.endSequence();
    else if (opcode === LNE.set_address) {
      this.address = readNumber(program, length - 1);
      this.operation = 0;
    } else if (opcode === LNE.define_file) {
      const at = program.position;
      program.skipCString();
      readFile(program, at, this.header.files);
    }
    program.position = end;
  }

  private row(): void {
    const { addresses, address } = this;
    if (addresses.length === this.first) {
      // Where a sequence starts tells whether its function is there.
      this.live = address >= this.extent.from && address < this.extent.to;
    } else if (address < addresses.at(addresses.length - 1)) this.live = false;
    if (!this.live || address > this.extent.to) {
      // One row stands for all of a dead sequence.
      if (addresses.length > this.first) return;
    }
    addresses.push(Math.min(address, 0xffffffff));
    this.fileNumbers.push(this.file < 0xffffffff ? this.file : 0xffffffff);
    this.lines.push(this.line >= 0 && this.line <= 0xffffffff ? this.line : 0);
  }

  private endSequence(): void {
    const { addresses, first } = this;
    const last = addresses.length;
    const descends = last > first && this.address < addresses.at(last - 1);
    if (last > first && this.live && !descends && this.address > addresses.at(first)) {
      this.firsts.push(first);
      this.lasts.push(last);
      this.ends.push(this.address);
    } else {
      this.cut();
    }
    this.first = addresses.length;
    this.live = true;
    this.address = 0;
    this.operation = 0;
    this.file = 1;
    this.line = 1;
  }

  private cut(): void {
    this.addresses.cut(this.first);
    this.fileNumbers.cut(this.first);
    this.lines.cut(this.first);
  }
}
