/**
 * A pc-value table: which value holds from one PC to the next, as varint deltas. The unit of PC on wasm is the resume
 * block (PC_B), 0 … 65535 within a function (cmd/internal/obj/pcln.go funcpctab, runtime/symtab.go step; same since 1.2).
 */
import { Column } from '../bytes/column';
import type { Reader } from '../bytes/reader';
import { upperBound } from '../bytes/search';

/** cmd/internal/obj/wasm/wasmobj.go preprocess: "function too big: exceeds 65536 blocks". */
const MOST_BLOCKS = 1 << 16;

export class PcTable {
  constructor(
    /** Ascending: values[i] holds for ends[i-1] ≤ pc < ends[i]. */
    readonly ends: Int32Array,
    readonly values: Int32Array,
  ) {}

  /** The entry that was last asked for: blocks are asked about in their order. */
  private last = 0;

  /** @returns the value at a block number; -1 (Go's "none") outside the table */
  at(block: number): number {
    const { ends, values } = this;
    let { last } = this;
    if (last < values.length && block < ends[last] && (last === 0 || block >= ends[last - 1])) return values[last];
    last = upperBound(ends, block);
    this.last = last;
    return last < values.length ? values[last] : -1;
  }

  /** First block number that is not in the table: the function's size in blocks. */
  get size(): number {
    return this.ends.length > 0 ? this.ends[this.ends.length - 1] : 0;
  }
}

export const EMPTY = new PcTable(new Int32Array(0), new Int32Array(0));

function uvarint(reader: Reader): number {
  const first = reader.u8();
  if (first < 0x80) return first;
  let value = first & 0x7f;
  for (let i = 1, scale = 0x80; i < 5; i++, scale *= 0x80) {
    const byte = reader.u8();
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
  }
  return reader.fail('a varint of 32 bits');
}

/** Filled anew by each table. */
const ends = new Column();
const values = new Column();

/** @param reader stands at the table's first byte. @throws Malformed when it does not end within a function's size */
export function readPcTable(reader: Reader): PcTable {
  ends.length = values.length = 0;
  let pc = 0;
  let value = -1;
  for (;;) {
    const delta = uvarint(reader);
    if (delta === 0 && ends.length > 0) break;
    value += delta & 1 ? -Math.ceil(delta / 2) : delta / 2;
    const step = uvarint(reader);
    pc += step;
    // A step of 0 is legal only in front, where Go writes one for an empty first range.
    if ((step === 0 && ends.length > 0) || pc > MOST_BLOCKS + 1) reader.fail('a pc-value step inside the function');
    ends.push(pc);
    values.push(value);
  }
  return new PcTable(ends.slice(), values.slice());
}
