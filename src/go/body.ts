/**
 * One Go function body that is asked about: which instruction holds an offset, which call stands there and what it
 * returns to, which resume blocks (PC_B) an instruction may belong to. How a body tells that: `scan.ts`.
 */

import { Column } from '../bytes/column';
import { attempt } from '../bytes/malformed';
import { floorIndex } from '../bytes/search';
import { Operators } from '../wasm/operators';
import { BodyScanner } from './scan';

/** Block numbers an instruction may have, both inclusive. */
export interface BlockRange {
  low: number;
  high: number;
}

export class Body {
  constructor(
    private readonly bytes: Uint8Array,
    private readonly offset: number,
    /** Module offset of the first instruction; what lies before it are locals, where V8 puts "function entry". */
    readonly start: number,
    /** Module offsets of call instructions, ascending, and the return PC each pushes; 0 where it pushes none. */
    readonly calls: Int32Array,
    readonly returnPCs: Float64Array,
    /** Where the blocks an instruction may belong to change; null when the body does not follow the assembler's layout. */
    private readonly stretches: { from: Int32Array; low: Int32Array; high: Int32Array } | null,
  ) {}

  private decoded: Int32Array | undefined;

  /** Module offset of every instruction, ascending. Decoded when it is first asked for: calls are known without it. */
  get instructions(): Int32Array {
    this.decoded ??= this.decode();
    return this.decoded;
  }

  private decode(): Int32Array {
    const operators = new Operators(this.bytes, this.offset);
    const found = new Column();
    // What cannot be decoded ends the list: `scan` measured some of it by a looser rule.
    attempt(() => {
      while (operators.next()) found.push(operators.at);
    });
    return found.slice();
  }

  /** @returns module offset of the instruction that holds an offset, or -1 before the first one */
  instructionAt(offset: number): number {
    if (this.callAt(offset) >= 0) return offset;
    return this.instructions[floorIndex(this.instructions, offset)] ?? -1;
  }

  /** @returns index in `calls` of the call at exactly this offset, or -1 */
  callAt(offset: number): number {
    const index = floorIndex(this.calls, offset);
    return index >= 0 && this.calls[index] === offset ? index : -1;
  }

  /**
   * @param offset of a byte of the body in the module @param size the function's size in blocks, from its pc-value tables
   * @returns the blocks that the instruction there may belong to, or null when nothing is known
   */
  blocks(offset: number, size: number): BlockRange | null {
    if (!this.stretches || size <= 0 || offset < this.start) return null;
    // A stretch begins where an instruction does.
    const stretch = floorIndex(this.stretches.from, offset);
    const low = this.stretches.low[stretch];
    const high = Math.min(this.stretches.high[stretch], size - 1);
    return low <= high ? { low, high } : null;
  }
}

/** Read with again and again. */
const scanner = new BodyScanner();

/** @param bytes one function body @param offset its module offset @param pcF its own PC_F, or -1. @throws Malformed */
export function readBody(bytes: Uint8Array, offset: number, pcF: number): Body {
  scanner.scan(bytes, offset, pcF);
  const { start, calls, pcFs, blocks, from, low, high } = scanner;
  const returnPCs = new Float64Array(calls.length);
  for (let i = 0; i < returnPCs.length; i++) returnPCs[i] = pcFs.at(i) * 0x10000 + blocks.at(i);
  const stretches = from.length > 0 ? { from: from.slice(), low: low.slice(), high: high.slice() } : null;
  return new Body(bytes, offset, start, calls.slice(), returnPCs, stretches);
}
