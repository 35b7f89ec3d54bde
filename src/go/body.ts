/**
 * One Go function body that is asked about: which instruction holds an offset, which call stands there and what it
 * returns to, which resume blocks (PC_B) an instruction may belong to. How a body tells that: `scan.ts`.
 */
import { floorIndex } from '../bytes/search';
import { BodyScanner } from './scan';

/** Block numbers an instruction may have, both inclusive. */
export interface BlockRange {
  low: number;
  high: number;
}

export class Body {
  constructor(
    /** Module offset of the first instruction; what lies before it are locals, where V8 puts "function entry". */
    readonly start: number,
    /** Module offset of every instruction, ascending. */
    readonly instructions: Int32Array,
    /** Module offsets of call instructions, ascending, and the return PC each pushes; 0 where it pushes none. */
    readonly calls: Int32Array,
    readonly returnPCs: Float64Array,
    /** Where the blocks an instruction may belong to change; null when the body does not follow the assembler's layout. */
    private readonly stretches: { from: Int32Array; low: Int32Array; high: Int32Array } | null,
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
    if (!this.stretches || size <= 0 || !(instruction >= 0 && instruction < this.instructions.length)) return null;
    const stretch = floorIndex(this.stretches.from, this.instructions[instruction]);
    const low = this.stretches.low[stretch];
    const high = Math.min(this.stretches.high[stretch], size - 1);
    return low <= high ? { low, high } : null;
  }
}

/** @param bytes one function body @param offset its module offset @param pcF its own PC_F, or -1. @throws Malformed */
export function readBody(bytes: Uint8Array, offset: number, pcF: number): Body {
  const scanner = new BodyScanner();
  scanner.scan(bytes, offset, pcF, true);
  const { calls, pcFs, blocks } = scanner;
  const returnPCs = Float64Array.from({ length: calls.length }, (_, i) => pcFs.at(i) * 0x10000 + blocks.at(i));
  const stretches = { from: scanner.from.slice(), low: scanner.low.slice(), high: scanner.high.slice() };
  return new Body(
    scanner.start,
    scanner.instructions.slice(),
    calls.slice(),
    returnPCs,
    stretches.from.length > 0 ? stretches : null,
  );
}
