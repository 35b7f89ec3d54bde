/**
 * One pass over a Go function body, as the assembler laid it out: its calls with the return PC that each pushes, and
 * stretches of instructions that may belong to the same resume blocks (PC_B). Keeps columns that the next body overwrites, so that
 * a whole module is read without an allocation for each of its millions of instructions.
 *
 * Source: cmd/internal/obj/wasm/wasmobj.go preprocess and assemble (1.11–1.27).
 * - A call writes its return PC to the Go stack as a literal just before the call instruction:
 *   `i64.const PC; i64.store 0; [i32.const 0] call f`. The literal alone names function and block, so it also holds after
 *   wasm-opt has merged and moved functions. (Calls of runtime support such as wasmDiv push none.)
 * - A body starts with [block] [loop] block×(n+1), local.get 0, br_table T. Each later `end` at the depth of these
 *   blocks starts the next segment; the PCs of segment k are those with T[pc] = k.
 * - Within a segment the PC only grows: at a wasm `nop` by 1, and a literal says exactly where it stands.
 */
import { Column } from '../bytes/column';
import { OP, Operators } from '../wasm/operators';

/** A literal PC is at least this: PC_F 0x1000, block 0; and less than what a column holds as PC_F. */
const FIRST_PC = 0x10000000;
const LAST_PC = 2 ** 47;

/** Instructions between the literal and its call: i64.store, i32.const 0, and what wasm-opt may move in between. */
const MOST_BETWEEN = 6;

/** What lies between two stretches. */
enum Border {
  /** The body begins. */
  Start,
  /** A segment of the br_table begins. */
  Segment,
  /** A nop stands in front. */
  Nop,
  /** The call begins whose literal says where it stands: a stretch of one instruction. */
  Call,
  /** That call stands in front. */
  Called,
}

export class BodyScanner {
  /** Module offset of the first instruction, and the one behind the body. */
  start = 0;
  end = 0;
  /** Of each call instruction: module offset, ascending; function index it names, -1 for call_indirect. */
  readonly calls = new Column();
  readonly callees = new Column();
  /** The return PC that each call pushes: PC_F, 0 where it pushes none, and block. */
  readonly pcFs = new Column();
  readonly blocks = new Column();
  /**
   * Of each stretch: module offset of its first instruction, ascending, and the lowest and highest block its instructions
   * may have. One that has no instruction starts where the next one does. None at all when the body does not follow the
   * assembler's layout.
   */
  readonly from = new Column();
  readonly low = new Column();
  readonly high = new Column();
  /** Module offset of every instruction, ascending; filled only when it is asked for. */
  readonly instructions = new Column(0x100);

  private readonly borders = new Column();
  /** Segment or block that each border is about. */
  private readonly marks = new Column();

  private readonly columns = [
    ...[this.calls, this.callees, this.pcFs, this.blocks],
    ...[this.from, this.low, this.high, this.borders, this.marks, this.instructions],
  ];
  private readonly front = new Front();

  /**
   * @param bytes one function body @param offset its module offset @param pcF its own PC_F, or -1
   * @param all whether every instruction's offset is wanted. @throws Malformed
   */
  scan(bytes: Uint8Array, offset: number, pcF: number, all = false): void {
    const operators = new Operators(bytes, offset);
    this.reset(operators.after, offset + bytes.length);
    const { front } = this;
    let inFront = true;
    let depth = 0;
    /** Depth at which the next segment begins. */
    let level = -1;
    let segment = 0;
    let pc = 0;
    let index = 0;
    let constant = 0;
    let constantAt = -1;
    let literal = 0;
    let literalAt = 0;
    for (; operators.next(); index++) {
      const { op } = operators;
      if (all) this.instructions.push(operators.at);
      if (inFront && !front.step(op, operators)) {
        inFront = false;
        if (op === OP.brTable && front.count > 0) {
          level = depth;
          segment = -1;
        }
      }
      if (op === OP.block || op === OP.loop || op === OP.if) depth++;
      else if (op === OP.end) {
        if (depth === level && segment + 1 < front.count) {
          level--;
          pc = front.low[++segment];
          this.border(operators.after, pc, Border.Segment, segment);
        }
        depth--;
      } else if (op === OP.nop) this.border(operators.after, ++pc, Border.Nop, 0);
      else if (op === OP.i64Const) {
        constant = operators.value;
        constantAt = index;
      } else if (op === OP.i64Store) {
        if (constantAt === index - 1 && constant >= FIRST_PC && constant < LAST_PC && operators.value === 0) {
          literal = constant;
          literalAt = index;
        }
      } else if (op === OP.call || op === OP.callIndirect) {
        if (index - literalAt > MOST_BETWEEN + (op === OP.callIndirect ? 4 : 0)) literal = 0;
        const block = literal % 0x10000;
        const literalF = (literal - block) / 0x10000;
        this.calls.push(operators.at);
        this.callees.push(op === OP.call ? operators.value : -1);
        this.pcFs.push(literalF);
        this.blocks.push(block);
        literal = 0;
        if (literalF === 0 || literalF !== pcF) continue;
        this.border(operators.at, Math.max(pc, block - 1), Border.Call, block);
        pc = Math.max(pc, block);
        this.border(operators.after, pc, Border.Called, block);
      }
    }
    this.bound(segment);
  }

  private reset(start: number, end: number): void {
    this.start = start;
    this.end = end;
    for (const column of this.columns) column.length = 0;
    this.front.reset();
    this.border(start, 0, Border.Start, 0);
  }

  private border(from: number, low: number, border: Border, mark: number): void {
    this.from.push(from);
    this.low.push(low);
    this.high.push(OPEN);
    this.borders.push(border);
    this.marks.push(mark);
  }

  /** Tells the highest block of each stretch, from the last one backward. */
  private bound(segment: number): void {
    const { front, from, high, borders, marks } = this;
    if (front.count === 0) {
      from.length = 0;
      return;
    }
    let pc = front.high[Math.max(segment, 0)];
    for (let i = from.length - 1; i >= 0; i--) {
      high.set(i, pc);
      const mark = marks.at(i);
      switch (borders.at(i)) {
        case Border.Segment:
          pc = mark > 0 ? front.high[mark - 1] : 0;
          break;
        case Border.Nop:
          pc = Math.max(pc - 1, 0);
          break;
        case Border.Called:
          if (mark > 0) pc = Math.min(pc, mark - 1);
      }
    }
  }

  /**
   * Tells each instruction that surely belongs to one block, when that is another block than the last one told.
   * @param size the function's size in blocks, from its pc-value tables
   */
  eachBlock(size: number, tell: (offset: number, block: number) => void): void {
    const { from, low, high, end } = this;
    let last = -1;
    for (let i = 0; i < from.length; i++) {
      const block = low.at(i);
      const next = i + 1 < from.length ? from.at(i + 1) : end;
      if (from.at(i) === next || block === last || block !== Math.min(high.at(i), size - 1)) continue;
      last = block;
      tell(from.at(i), block);
    }
  }
}

/** Higher than every block number. */
const OPEN = 0xffff;

/** The nest of blocks and the br_table at a body's beginning, which say where segments begin and which PCs they have. */
class Front {
  /** Lowest and highest PC of each segment; the last one's highest is open. */
  readonly low: number[] = [];
  readonly high: number[] = [];
  private nested = 0;

  /** Segments; 0 when the body does not follow the layout. */
  get count(): number {
    return this.low.length;
  }

  reset(): void {
    this.low.length = this.high.length = this.nested = 0;
  }

  /** @returns whether the next instruction is part of the front, too */
  step(op: number, operators: Operators): boolean {
    if (op === OP.block || op === OP.loop) {
      this.nested++;
      return true;
    }
    if (op === OP.globalGet || op === OP.localSet || op === OP.localGet) return true;
    if (op === OP.brTable) {
      this.segments(operators.labels);
      if (this.nested < this.count) this.low.length = 0;
    } else if (this.nested === 0 || (this.nested <= 2 && op !== OP.end)) {
      // No resume points at all: the whole body is one segment.
      this.low.push(0);
      this.high.push(OPEN);
    }
    return false;
  }

  /** T ascends from 0 by steps of 0 or 1; anything else is not the assembler's. */
  private segments(labels: Uint32Array): void {
    const { low, high } = this;
    if (labels.length === 0 || labels[0] !== 0) return;
    low.push(0);
    for (let pc = 1; pc < labels.length; pc++) {
      if (labels[pc] === labels[pc - 1]) continue;
      if (labels[pc] !== labels[pc - 1] + 1) {
        low.length = 0;
        return;
      }
      high.push(pc - 1);
      low.push(pc);
    }
    high.push(OPEN);
  }
}
