/**
 * Walks the instructions of one function body: opcode, place, and the immediates that somebody asks about. Decodes no
 * types and validates nothing. Source: core specification 5.4 (MVP, sign extension, saturating truncation, bulk memory,
 * reference types, SIMD, tail calls, exceptions, threads). An opcode it does not know (GC proposal) is a Malformed.
 */
import { Reader } from '../bytes/reader';

export const OP = {
  unreachable: 0x00,
  nop: 0x01,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  returnCall: 0x12,
  returnCallIndirect: 0x13,
  localGet: 0x20,
  localSet: 0x21,
  globalGet: 0x23,
  i32Const: 0x41,
  i64Const: 0x42,
  i64Store: 0x37,
} as const;

/** What follows an opcode. */
export enum Shape {
  /** Anything else, or nothing that is known. */
  Other,
  None,
  /** One unsigned LEB128 of 32 bits. */
  Index,
  /** One signed LEB128. */
  Signed,
  /** Alignment and offset. */
  Memory,
}

/** A `Shape` by opcode, for loops that only need to know where the next instruction begins. */
export const SHAPES = new Uint8Array(256);
const RUNS: [Shape, first: number, last: number][] = [
  [Shape.None, 0x00, 0x01], // unreachable, nop
  [Shape.Signed, 0x02, 0x04], // block, loop, if
  [Shape.None, 0x05, 0x05], // else
  [Shape.Signed, 0x06, 0x06], // try (legacy exceptions, as the next ones)
  [Shape.Index, 0x07, 0x09], // catch, throw, rethrow
  [Shape.None, 0x0a, 0x0b], // throw_ref, end
  [Shape.Index, 0x0c, 0x0d], // br, br_if
  [Shape.None, 0x0f, 0x0f], // return
  [Shape.Index, 0x10, 0x10], // call
  [Shape.Index, 0x12, 0x12], // return_call
  [Shape.Index, 0x14, 0x15], // call_ref, return_call_ref
  [Shape.Index, 0x18, 0x18], // delegate (legacy exceptions)
  [Shape.None, 0x19, 0x1b], // catch_all (legacy exceptions), drop, select
  [Shape.Index, 0x20, 0x26], // locals, globals, tables
  [Shape.Memory, 0x28, 0x3e], // loads, stores
  [Shape.Signed, 0x41, 0x42], // i32.const, i64.const
  [Shape.None, 0x45, 0xc4], // numeric
  [Shape.None, 0xd1, 0xd1], // ref.is_null
  [Shape.Index, 0xd2, 0xd2], // ref.func
  [Shape.None, 0xd3, 0xd4], // ref.eq, ref.as_non_null
  [Shape.Index, 0xd5, 0xd6], // br_on_null, br_on_non_null
];
for (const [shape, first, last] of RUNS) SHAPES.fill(shape, first, last + 1);

export class Operators {
  /** Opcode of the instruction the last `next` stood on; prefixed ones are prefix << 8 | number. */
  op = 0;
  /** Its module offset. */
  at = 0;
  /** i32/i64.const: the constant; call, local.get, global.get, br, br_if: the index; loads and stores: the offset immediate. */
  value = 0;
  /** br_table: its labels, the default last; reused by the next br_table. */
  labels: Uint32Array = new Uint32Array(0);

  private readonly reader: Reader;

  /** @param body bytes of one function body @param base its module offset. @throws Malformed when its locals cannot be read */
  constructor(body: Uint8Array, base: number) {
    this.reader = new Reader(body, base);
    const groups = this.reader.count(2, 'groups of locals');
    for (let i = 0; i < groups; i++) {
      this.reader.leb32();
      const type = this.reader.u8();
      if (type === 0x63 || type === 0x64) this.reader.sleb32();
    }
  }

  /** Module offset of the instruction after this one. */
  get after(): number {
    return this.reader.offset;
  }

  /** Goes on with the instruction at this module offset. */
  goTo(offset: number): void {
    this.reader.position = offset - this.reader.base;
  }

  /** Moves to the next instruction. @returns false at the end of the body. @throws Malformed */
  next(): boolean {
    const { reader } = this;
    const { bytes, position } = reader;
    if (position >= bytes.length) return false;
    this.at = reader.base + position;
    const op = bytes[position];
    this.op = op;
    const shape = SHAPES[op];
    // Nineteen of twenty instructions: no immediate, or one of a single byte.
    if (shape === Shape.None) {
      reader.position = position + 1;
      return true;
    }
    const first = bytes[position + 1];
    if (shape !== Shape.Other && first < 0x80) {
      if (shape !== Shape.Memory) {
        this.value = shape === Shape.Index ? first : (first << 25) >> 25;
        reader.position = position + 2;
        return true;
      }
      const offset = bytes[position + 2];
      if (first < 0x40 && offset < 0x80) {
        this.value = offset;
        reader.position = position + 3;
        return true;
      }
    }
    reader.position = position + 1;
    return this.immediates(op);
  }

  /** Reads the immediates of any instruction, whatever their size. */
  private immediates(op: number): boolean {
    const { reader } = this;
    switch (op) {
      case 0x0e: {
        const count = reader.count(1, 'branch labels') + 1;
        if (this.labels.length !== count) this.labels = new Uint32Array(count);
        for (let i = 0; i < count; i++) this.labels[i] = reader.leb32();
        return true;
      }
      case 0x11:
      case 0x13:
        this.value = reader.leb32();
        reader.skipLeb(5);
        return true;
      case 0x1c:
        for (let i = reader.count(1, 'types'); i > 0; i--) reader.sleb32();
        return true;
      case 0x1f: // try_table
        reader.sleb32();
        for (let i = reader.count(2, 'catch clauses'); i > 0; i--) {
          if (reader.u8() < 2) reader.leb32();
          reader.leb32();
        }
        return true;
      case 0x3f:
      case 0x40:
        reader.skipLeb(5);
        return true;
      case 0x42:
        this.value = reader.sleb64();
        return true;
      case 0x43:
        reader.skip(4);
        return true;
      case 0x44:
        reader.skip(8);
        return true;
      case 0xd0:
        reader.sleb32();
        return true;
      case 0xfc:
        return this.bulk(reader.leb32());
      case 0xfd:
        return this.vector(reader.leb32());
      case 0xfe:
        return this.atomic(reader.leb32());
    }
    const shape = SHAPES[op];
    if (shape === Shape.Index) this.value = reader.leb32();
    else if (shape === Shape.Signed) this.value = reader.sleb32();
    else if (shape === Shape.Memory) this.memory();
    if (shape !== Shape.Other) return true;
    reader.position--;
    return reader.fail('a known opcode');
  }

  /** A memarg: alignment, maybe a memory index (bit 6), offset. */
  private memory(): void {
    const align = this.reader.leb32();
    if (align & 0x40) this.reader.leb32();
    this.value = align & 0x40 ? 0 : this.offset();
    if (align & 0x40) this.offset();
  }

  private offset(): number {
    const { reader } = this;
    const start = reader.position;
    const first = reader.u8();
    if (first < 0x80) return first;
    let value = first & 0x7f;
    for (let i = 1, scale = 0x80; i < 10; i++, scale *= 0x80) {
      const byte = reader.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    reader.position = start;
    return reader.fail('a memory offset');
  }

  private bulk(number: number): boolean {
    this.op = 0xfc00 | number;
    const indexes = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1][number];
    if (indexes === undefined) this.reader.fail('a known 0xfc opcode');
    for (let i = 0; i < indexes; i++) this.reader.leb32();
    return true;
  }

  private vector(number: number): boolean {
    this.op = 0xfd0000 | number;
    if (number <= 11 || number === 92 || number === 93) this.memory();
    else if (number === 12 || number === 13) this.reader.skip(16);
    else if (number >= 21 && number <= 34) this.reader.skip(1);
    else if (number >= 84 && number <= 91) {
      this.memory();
      this.reader.skip(1);
    } else if (number > 0x113) this.reader.fail('a known 0xfd opcode');
    return true;
  }

  private atomic(number: number): boolean {
    this.op = 0xfe00 | number;
    if (number === 3) this.reader.skip(1);
    else if (number <= 2 || (number >= 0x10 && number <= 0x4e)) this.memory();
    else this.reader.fail('a known 0xfe opcode');
    return true;
  }
}
