/**
 * One Go function body as the assembler laid it out: its calls with the return PC that each pushes, and which resume
 * blocks (PC_B) the other instructions may belong to.
 *
 * Source: cmd/internal/obj/wasm/wasmobj.go preprocess and assemble (1.11–1.27).
 * - A call writes its return PC to the Go stack as a literal just before the call instruction:
 *   `i64.const PC; i64.store 0; [i32.const 0] call f`. The literal alone names function and block, so it also holds after
 *   wasm-opt has merged and moved functions. (Calls of runtime support such as wasmDiv push none.)
 * - A body starts with [block] [loop] block×(n+1), local.get 0, br_table T. Each later `end` at the depth of these
 *   blocks starts the next segment; the PCs of segment k are those with T[pc] = k.
 * - Within a segment the PC only grows: at a wasm `nop` by 1, and a literal says exactly where it stands.
 */
import { floorIndex } from '../bytes/search';
import { OP, Operators } from '../wasm/operators';

/** Block numbers an instruction may have, both inclusive. */
export interface BlockRange {
  low: number;
  high: number;
}

/** A literal PC is at least this: PC_F 0x1000, block 0. */
const FIRST_PC = 0x10000000;

/** Instructions between the literal and its call: i64.store, i32.const 0, and what wasm-opt may move in between. */
const MOST_BETWEEN = 6;

export class Body {
  constructor(
    /** Module offset of the first instruction; what lies before it are locals, where V8 puts "function entry". */
    readonly start: number,
    /** Module offset of every instruction, ascending. */
    readonly instructions: Uint32Array,
    /** Module offsets of call instructions, ascending, and the return PC each pushes; 0 where it pushes none. */
    readonly calls: Uint32Array,
    readonly returnPCs: Float64Array,
    /** Function index each call names; -1 for call_indirect. */
    readonly callees: Int32Array,
    /** For every instruction the blocks it may belong to; null when the body does not follow the assembler's layout. */
    private readonly ranges: { low: Int32Array; high: Int32Array } | null,
  ) {}

  /** @returns index of the instruction that holds an offset, or -1 before the first one */
  instructionAt(offset: number): number {
    return floorIndex(this.instructions, offset);
  }

  /** @returns index in `calls` of the call at exactly this offset, or -1 */
  callAt(offset: number): number {
    const index = floorIndex(this.calls, offset);
    return index >= 0 && this.calls[index] === offset ? index : -1;
  }

  /**
   * @param size the function's size in blocks, from its pc-value tables
   * @returns the blocks that the instruction with this index may belong to, or null when nothing is known
   */
  blocks(instruction: number, size: number): BlockRange | null {
    if (!this.ranges || size <= 0) return null;
    const low = this.ranges.low[instruction];
    const high = Math.min(this.ranges.high[instruction], size - 1);
    return low <= high ? { low, high } : null;
  }

  /**
   * Tells each instruction that surely belongs to one block, when that is another block than the last one told.
   * @param size the function's size in blocks, from its pc-value tables
   */
  eachBlock(size: number, tell: (instruction: number, block: number) => void): void {
    if (!this.ranges) return;
    const { low, high } = this.ranges;
    let last = -1;
    for (let i = 0; i < low.length; i++) {
      const block = low[i];
      if (block === last || block !== Math.min(high[i], size - 1)) continue;
      last = block;
      tell(i, block);
    }
  }
}

/** Per instruction while walking: what happens to the PC at it. One byte each: hostile bodies are all marks. */
enum Mark {
  None,
  /** First instruction of a new segment comes next. */
  Segment,
  Nop,
  /** A call whose literal says the PC behind it. */
  Literal,
}

/** @param bytes one function body @param offset its module offset @param pcF its own PC_F, or -1. @throws Malformed */
export function readBody(bytes: Uint8Array, offset: number, pcF: number): Body {
  const operators = new Operators(bytes, offset);
  const start = operators.after;
  // An instruction takes a byte or more.
  const at = new Uint32Array(bytes.length);
  const marks = new Uint8Array(bytes.length);
  const literals: number[] = [];
  let count = 0;
  const calls: number[] = [];
  const returnPCs: number[] = [];
  const callees: number[] = [];
  const prologue = new Prologue();
  let literal = 0;
  let literalAge = 0;
  let constant = 0;
  while (operators.next()) {
    const { op } = operators;
    const index = count++;
    at[index] = operators.at;
    if (prologue.step(op, operators)) marks[index] = Mark.Segment;
    literalAge++;
    if (op === OP.i64Store) {
      if (constant >= FIRST_PC && operators.value === 0) {
        literal = constant;
        literalAge = 0;
      }
    } else if (op === OP.nop) marks[index] = Mark.Nop;
    if (op === OP.call || op === OP.callIndirect) {
      const pc = literal > 0 && literalAge <= MOST_BETWEEN + (op === OP.callIndirect ? 4 : 0) ? literal : 0;
      calls.push(operators.at);
      returnPCs.push(pc);
      callees.push(op === OP.call ? operators.value : -1);
      if (pc > 0 && Math.floor(pc / 0x10000) === pcF) {
        marks[index] = Mark.Literal;
        literals.push(pc % 0x10000);
      }
      literal = 0;
    }
    constant = op === OP.i64Const ? operators.value : 0;
  }
  return new Body(
    start,
    at.slice(0, count),
    Uint32Array.from(calls),
    Float64Array.from(returnPCs),
    Int32Array.from(callees),
    prologue.segments ? ranges(marks.subarray(0, count), literals, prologue.segments) : null,
  );
}

/** Recognises the nest of blocks and the br_table in front, then the `end` that starts each segment. */
class Prologue {
  /** Lowest and highest PC of each segment; the last one's highest is open. */
  segments: { low: number[]; high: number[] } | null = null;
  private depth = 0;
  private blocks = 0;
  private state: 'before' | 'inside' | 'none' = 'before';
  private current = -1;
  /** Depth at which the next segment ends. */
  private level = 0;

  /** @returns true when a new segment starts after this instruction */
  step(op: number, operators: Operators): boolean {
    if (op === OP.block || op === OP.loop || op === OP.if) this.depth++;
    if (this.state === 'before') this.before(op, operators);
    if (op !== OP.end) return false;
    const starts = this.state === 'inside' && this.depth === this.level && this.current + 1 < this.segments!.low.length;
    if (starts) {
      this.current++;
      this.level--;
    }
    this.depth--;
    return starts;
  }

  private before(op: number, operators: Operators): void {
    if (op === OP.block || op === OP.loop) this.blocks++;
    else if (op === OP.brTable) {
      this.segments = segmentsOf(operators.labels);
      this.state = this.segments && this.blocks >= this.segments.low.length ? 'inside' : 'none';
      if (this.state === 'none') this.segments = null;
      this.level = this.depth;
    } else if (op !== OP.globalGet && op !== OP.localSet && op !== OP.localGet) {
      // No resume points at all: the whole body is one segment.
      this.state = 'none';
      if (this.blocks === 0 || op !== OP.end) this.segments = this.blocks <= 2 ? { low: [0], high: [OPEN] } : null;
    }
  }
}

/** Higher than every block number. */
const OPEN = 0xffff;

/** T ascends from 0 by steps of 0 or 1; anything else is not the assembler's. */
function segmentsOf(labels: Uint32Array): { low: number[]; high: number[] } | null {
  if (labels.length === 0 || labels[0] !== 0) return null;
  const low = [0];
  const high: number[] = [];
  for (let pc = 1; pc < labels.length; pc++) {
    if (labels[pc] === labels[pc - 1]) continue;
    if (labels[pc] !== labels[pc - 1] + 1) return null;
    high.push(pc - 1);
    low.push(pc);
  }
  high.push(OPEN);
  return { low, high };
}

/** Narrows each segment's PCs by the nops and literals in it: forward for the lowest, backward for the highest. */
function ranges(
  marks: Uint8Array,
  literals: number[],
  segments: { low: number[]; high: number[] },
): { low: Int32Array; high: Int32Array } {
  const low = new Int32Array(marks.length);
  const high = new Int32Array(marks.length);
  let segment = marks.find((mark) => mark !== Mark.None) === Mark.Segment ? -1 : 0;
  let pc = 0;
  let literal = 0;
  for (let i = 0; i < marks.length; i++) {
    low[i] = pc;
    if (marks[i] === Mark.Segment) pc = segments.low[++segment];
    else if (marks[i] === Mark.Nop) pc++;
    else if (marks[i] === Mark.Literal) {
      const behind = literals[literal++];
      low[i] = Math.max(pc, behind - 1);
      pc = Math.max(pc, behind);
    }
  }
  pc = segments.high[Math.max(segment, 0)];
  for (let i = marks.length - 1; i >= 0; i--) {
    if (marks[i] === Mark.Segment) pc = segment-- > 0 ? segments.high[segment] : 0;
    else if (marks[i] === Mark.Nop) pc = Math.max(pc - 1, 0);
    else if (marks[i] === Mark.Literal) {
      const behind = literals[--literal];
      if (behind > 0) pc = Math.min(pc, behind - 1);
    }
    high[i] = pc;
  }
  return { low, high };
}
