/**
 * Which inlined call each listed instruction belongs to, and whether a listed function has the lines that pclntab has of it.
 * The listing prints file and line of the innermost code and the block (PC_B), not the inlined calls around it; pclntab has
 * those, but for each block only as its last instruction has them.
 *
 * Source: cmd/internal/obj/wasm/wasmobj.go preprocess: a block ends with the first instruction whose position has another base,
 * that is: lies in another inlined call. So a block's last source instruction may belong to another call than those before it,
 * which still belong to the one that the block before ended with. What preprocess makes of one source instruction (a load from
 * the frame, a call, a jump, a return) has its position and block. cmd/internal/obj/pcln.go funcpctab, pctofileline, pctoinline.
 */
import type { FunctionTables } from '../go/lines';
import type { Listed } from './listing';
import { LISTED } from './opcodes';

/** Place of every listed instruction. Reused from function to function. */
export class Places {
  /** Index into `Listing.files`, -1 before the first known position. */
  files = new Int32Array(1024);
  lines = new Int32Array(1024);
  /** Node of the inline tree, -1 for the function's own code. */
  nodes = new Int32Array(1024);

  /**
   * @param sameFile whether a file of the listing is the one with this number in pclntab
   * @returns whether the end of every block has the line and file that pclntab says
   */
  read(listed: Listed, tables: FunctionTables, sameFile: (file: number, number: number) => boolean): boolean {
    this.grow(listed.count);
    const { files, lines, nodes } = this;
    let node = -1;
    let file = -1;
    let line = 0;
    // What pclntab goes by: TEXT and NOP say nothing there.
    let toldFile = -1;
    let toldLine = 0;
    for (let start = 0; start < listed.count; ) {
      const block = listed.blocks[start];
      let end = start;
      for (; end < listed.count && listed.blocks[end] === block; end++) {
        if (listed.lines[end] > 0) {
          file = listed.files[end];
          line = listed.lines[end];
          if (listed.opcodes[end] !== LISTED.silent) {
            toldFile = file;
            toldLine = line;
          }
        }
        // Without a position of its own (spilled values at the start of a block): as the one before, which is what pclntab does.
        files[end] = file;
        lines[end] = line;
      }
      if (toldLine > 0 && (tables.lines.at(block) !== toldLine || !sameFile(toldFile, tables.files.at(block))))
        return false;
      const own = tables.nodes.at(block);
      nodes.fill(node, start, end);
      // An instruction without a position lies in no inlined call, says pclntab; but its line does.
      if (own !== node && listed.lines[end - 1] > 0) {
        nodes.fill(own, lastSource(listed, start, end), end);
        node = own;
      }
      start = end;
    }
    return true;
  }

  private grow(count: number): void {
    if (this.files.length >= count) return;
    this.files = new Int32Array(count * 2);
    this.lines = new Int32Array(count * 2);
    this.nodes = new Int32Array(count * 2);
  }
}

/**
 * Start of what the last source instruction of a block became. The compiler sets a position where the stack of operands is
 * empty, so it begins with the last instruction before which that is so.
 */
function lastSource(listed: Listed, from: number, to: number): number {
  const { opcodes } = listed;
  const last = opcodes[to - 1];
  let at = to - 1;
  if (last === OP_BR_IF) {
    // A call: from `SP -= 8` on.
    while (at > from && opcodes[at] !== OP_I32_SUB) at--;
    return Math.max(at - 2, from);
  }
  for (let missing = popped(last); missing > 0 && at > from; ) {
    at--;
    missing += popped(opcodes[at]) - pushed(opcodes[at]);
  }
  // A jump sets PC_B before; a return gives back the frame before.
  if (last === OP_BR) at -= 2;
  if (last === OP_RETURN) while (at - 4 >= from && isAddToSP(opcodes, at - 4)) at -= 4;
  return Math.max(at, from);
}

const OP_BR = 0x0c;
const OP_BR_IF = 0x0d;
const OP_RETURN = 0x0f;
const OP_I32_CONST = 0x41;
const OP_I32_ADD = 0x6a;
const OP_I32_SUB = 0x6b;

function isAddToSP(opcodes: Int32Array, at: number): boolean {
  const [get, constant, add, set] = opcodes.subarray(at, at + 4);
  return get === LISTED.get && constant === OP_I32_CONST && add === OP_I32_ADD && set === LISTED.set;
}

/** Operands that an instruction takes from the stack, as far as source instructions end with it. */
function popped(op: number): number {
  if (op === LISTED.set || op === 0x1a || op === 0x22) return 1;
  if (op === 0x04 || (op >= 0x0d && op <= 0x0f)) return 1;
  if (op === 0x1b) return 3;
  if (op >= 0x28 && op <= 0x35) return 1;
  if (op >= 0x36 && op <= 0x3e) return 2;
  if (op === 0x40 || (op >= 0xa7 && op <= 0xc4)) return 1;
  if (op >= 0x45 && op <= 0xa6) return isUnary(op) ? 1 : 2;
  if (op >= 0xfc00 && op <= 0xfc07) return 1;
  return op === 0xfc0a || op === 0xfc0b ? 3 : 0;
}

/** Operands that it puts there. */
function pushed(op: number): number {
  if (op === LISTED.get || op === 0x1b || op === 0x22 || op === 0x3f || op === 0x40) return 1;
  if (op >= 0x41 && op <= 0xc4) return 1;
  return (op >= 0x28 && op <= 0x35) || (op >= 0xfc00 && op <= 0xfc07) ? 1 : 0;
}

/** Tests for zero, counting of bits, and the unary functions of floating point. */
function isUnary(op: number): boolean {
  if (op === 0x45 || op === 0x50) return true;
  if ((op >= 0x67 && op <= 0x69) || (op >= 0x79 && op <= 0x7b)) return true;
  return (op >= 0x8b && op <= 0x91) || (op >= 0x99 && op <= 0x9f);
}
