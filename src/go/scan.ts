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
import { Malformed } from '../bytes/malformed';
import { OP, Operators, SHAPES, Shape } from '../wasm/operators';

/** A literal PC is at least this: PC_F 0x1000, block 0; and less than what a column holds as PC_F. */
const FIRST_PC = 0x10000000;
const LAST_PC = 2 ** 47;

/** Instructions between the literal and its call: i64.store, i32.const 0, and what wasm-opt may move in between. */
const MOST_BETWEEN = 6;

/** A function has at most 65,536 blocks, each with a segment, a nop or a call. What has more stretches is not the assembler's. */
const MOST_STRETCHES = 1 << 19;

/** Opcodes that say something, and those whose end a loop over `SHAPES` cannot tell. */
const STOPS = SHAPES.map((shape) => (shape === Shape.Other ? 1 : 0));
for (const op of [OP.block, OP.loop, OP.if, OP.end, OP.nop, OP.i64Const, OP.call, OP.callIndirect]) STOPS[op] = 1;

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
  /** Module offset of each call instruction, ascending. */
  readonly calls = new Column();
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

  /** Within the body: where the instruction after the one that was last looked at stands, and how many came before. */
  private next = 0;
  private index = 0;
  private readonly borders = new Column();
  /** Segment or block that each border is about. */
  private readonly marks = new Column();

  private readonly columns = [
    ...[this.calls, this.pcFs, this.blocks],
    ...[this.from, this.low, this.high, this.borders, this.marks],
  ];
  private readonly front = new Front();

  /** @param bytes one function body @param offset its module offset @param pcF its own PC_F, or -1. @throws Malformed */
  scan(bytes: Uint8Array, offset: number, pcF: number): void {
    const operators = new Operators(bytes, offset);
    this.reset(operators.after, offset + bytes.length);
    const { front, calls } = this;
    let depth = 0;
    while (operators.next() && front.step(operators.op, operators)) {
      if (operators.op === OP.block || operators.op === OP.loop) depth++;
    }
    /** Depth at which the next segment begins. */
    let level = -1;
    let segment = 0;
    if (front.hasTable) {
      level = depth;
      segment = -1;
    }
    let pc = 0;
    let literal = 0;
    let literalAt = 0;
    // The front's last instruction counts as one of the body.
    this.next = operators.at - offset;
    for (;;) {
      const at = this.toStop(bytes, offset);
      if (at < 0) break;
      const op = bytes[at];
      if (op === OP.end) {
        if (depth === level && segment + 1 < front.count) {
          level--;
          pc = front.low[++segment];
          this.border(offset + this.next, pc, Border.Segment, segment);
        }
        depth--;
      } else if (op === OP.block || op === OP.loop || op === OP.if) depth++;
      else if (op === OP.i64Const) {
        const { next } = this;
        // As the assembler writes it: alignment and an offset of 0, a byte each.
        if (bytes[next] !== OP.i64Store || bytes[next + 1] >= 0x40 || bytes[next + 2] !== 0) continue;
        const constant = signed(bytes, at + 1, next);
        if (constant < FIRST_PC || constant >= LAST_PC) continue;
        literal = constant;
        literalAt = this.index + 1;
      } else if (op === OP.nop) this.border(offset + this.next, ++pc, Border.Nop, 0);
      else {
        if (SHAPES[op] === Shape.Other) {
          operators.goTo(offset + at);
          operators.next();
          this.next = operators.after - offset;
          if (op !== OP.callIndirect) continue;
        }
        if (this.index - literalAt > MOST_BETWEEN + (op === OP.callIndirect ? 4 : 0)) literal = 0;
        const block = literal % 0x10000;
        const literalF = (literal - block) / 0x10000;
        calls.push(offset + at);
        this.pcFs.push(literalF);
        this.blocks.push(block);
        literal = 0;
        if (literalF === 0 || literalF !== pcF) continue;
        this.border(offset + at, Math.max(pc, block - 1), Border.Call, block);
        pc = Math.max(pc, block);
        this.border(offset + this.next, pc, Border.Called, block);
      }
    }
    this.bound(segment);
  }

  /**
   * Passes over instructions that say nothing, from `next` on. Small, and only locals and tables: a module has millions of them.
   * @returns where the next one stands that says something, or whose end this does not know, with `next` behind it; -1 at
   * the body's end. @throws Malformed
   */
  private toStop(bytes: Uint8Array, offset: number): number {
    const end = bytes.length;
    let passed = 0;
    let at = this.next;
    while (at < end) {
      const from = at;
      const op = bytes[at++];
      const shape = SHAPES[op];
      passed++;
      if (shape > Shape.None) {
        if (shape === Shape.Memory) {
          const align = bytes[at];
          while (bytes[at++] >= 0x80);
          // The index of a memory follows.
          if ((align & 0x40) !== 0) while (bytes[at++] >= 0x80);
        }
        while (bytes[at++] >= 0x80);
      }
      // A PC takes five bytes at least.
      if (STOPS[op] === 0 || (op === OP.i64Const && at - from <= 5)) continue;
      this.next = at;
      this.index += passed;
      return from;
    }
    if (at > end) throw new Malformed('the end of an instruction', offset + end);
    return -1;
  }

  private reset(start: number, end: number): void {
    this.index = 0;
    this.start = start;
    this.end = end;
    for (const column of this.columns) column.length = 0;
    this.front.reset();
    this.border(start, 0, Border.Start, 0);
  }

  private border(from: number, low: number, border: Border, mark: number): void {
    if (this.from.length === MOST_STRETCHES) return;
    this.from.push(from);
    this.low.push(low);
    this.high.push(OPEN);
    this.borders.push(border);
    this.marks.push(mark);
  }

  /** Tells the highest block of each stretch, from the last one backward. */
  private bound(segment: number): void {
    const { front, from, high, borders, marks } = this;
    if (front.count === 0 || from.length === MOST_STRETCHES) {
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
   * @param size the function's size in blocks, from its pc-value tables
   * @returns the one block that all instructions of a stretch belong to; -1 when it may be one of several, or there are none
   */
  sure(stretch: number, size: number): number {
    const { from, low, high } = this;
    const next = stretch + 1 < from.length ? from.at(stretch + 1) : this.end;
    const block = low.at(stretch);
    return from.at(stretch) < next && block === Math.min(high.at(stretch), size - 1) ? block : -1;
  }
}

/** @returns a signed LEB128 that ends before `end`: exact up to 2^53 */
function signed(bytes: Uint8Array, at: number, end: number): number {
  let value = 0;
  let scale = 1;
  for (let i = at; i < end; i++) {
    value += (bytes[i] & 0x7f) * scale;
    scale *= 0x80;
  }
  return bytes[end - 1] & 0x40 ? value - scale : value;
}

/** Higher than every block number. */
const OPEN = 0xffff;

/** The nest of blocks and the br_table at a body's beginning, which say where segments begin and which PCs they have. */
class Front {
  /** Lowest and highest PC of each segment; the last one's highest is open. */
  readonly low: number[] = [];
  readonly high: number[] = [];
  private nested = 0;

  /** Whether there is a br_table that follows the layout; without one the whole body may be one segment. */
  hasTable = false;

  /** Segments; 0 when the body does not follow the layout. */
  get count(): number {
    return this.low.length;
  }

  reset(): void {
    this.low.length = this.high.length = this.nested = 0;
    this.hasTable = false;
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
      this.hasTable = this.count > 0;
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
