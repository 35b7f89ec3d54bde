/**
 * The cursor under every parser: bytes, a position, and where the first byte lies in the whole input, so that every
 * error names an absolute offset. Little-endian. Knows no format.
 * LEB128 per the WebAssembly core specification 5.2.2 (an N-bit integer takes at most ceil(N/7) bytes).
 */
import { Malformed } from './malformed';

const utf8 = new TextDecoder();

export class Reader {
  /** Made when a number of fixed size is first read: most readers see none, and there are many. */
  private made: DataView | undefined;

  /**
   * @param bytes what may be read, all of it
   * @param base absolute offset of bytes[0]
   */
  constructor(
    readonly bytes: Uint8Array,
    readonly base = 0,
    public position = 0,
  ) {}

  private get view(): DataView {
    this.made ??= new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
    return this.made;
  }

  get left(): number {
    return this.bytes.length - this.position;
  }

  /** Absolute offset of the next byte. */
  get offset(): number {
    return this.base + this.position;
  }

  fail(expected: string): never {
    throw new Malformed(expected, this.offset);
  }

  private take(count: number, what: string): number {
    const at = this.position;
    if (count < 0 || at + count > this.bytes.length) this.fail(what);
    this.position = at + count;
    return at;
  }

  u8(): number {
    return this.bytes[this.take(1, 'a byte')];
  }
  u16(): number {
    return this.view.getUint16(this.take(2, '2 bytes'), true);
  }
  u32(): number {
    return this.view.getUint32(this.take(4, '4 bytes'), true);
  }
  i32(): number {
    return this.view.getInt32(this.take(4, '4 bytes'), true);
  }

  f64(): number {
    return this.view.getFloat64(this.take(8, '8 bytes'), true);
  }

  /** An unsigned LEB128 of at most 32 bits. */
  leb32(): number {
    const start = this.position;
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.u8();
      if (shift === 28 && byte > 0x0f) break;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    this.position = start;
    return this.fail('an unsigned LEB128 of 32 bits');
  }

  /** A signed LEB128 of at most 32 bits (also block types, 33 bits). */
  sleb32(): number {
    return this.signed(5, 'a signed LEB128 of 32 bits');
  }

  /**
   * A signed LEB128 of at most 64 bits as a number: exact up to 2^53, which covers every PC and address; beyond that
   * rounded, which no caller looks at.
   */
  sleb64(): number {
    return this.signed(10, 'a signed LEB128 of 64 bits');
  }

  private signed(most: number, what: string): number {
    const start = this.position;
    let value = 0;
    // The first 28 bits as an integer: nearly all numbers end there.
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.u8();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (value << (25 - shift)) >> (25 - shift);
    }
    for (let i = 4, scale = 2 ** 28; i < most; i++) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      scale *= 0x80;
      if (byte < 0x80) return byte & 0x40 ? value - scale : value;
    }
    this.position = start;
    return this.fail(what);
  }

  /** An unsigned number of 64 bits: exact up to 2^53, beyond that rounded, which no size or offset can be. */
  u64(): number {
    const at = this.take(8, '8 bytes');
    return this.view.getUint32(at, true) + this.view.getUint32(at + 4, true) * 2 ** 32;
  }

  /** An unsigned LEB128 of at most 64 bits as a number: exact up to 2^53, beyond that rounded. */
  leb64(): number {
    const start = this.position;
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.u8();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    this.position = start;
    return this.fail('an unsigned LEB128 of 64 bits');
  }

  /** An unsigned LEB128 that a number holds exactly. */
  leb53(): number {
    const start = this.position;
    const value = this.leb64();
    if (value <= Number.MAX_SAFE_INTEGER) return value;
    this.position = start;
    return this.fail('a number of 53 bits');
  }

  /** A signed number as an unsigned LEB128: 0, -1, 1, -2 … */
  zigzag(): number {
    const value = this.leb53();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  /** Moves past a NUL-terminated string. @returns its length without the NUL */
  skipCString(): number {
    const end = this.bytes.indexOf(0, this.position);
    if (end < 0) this.fail('a string that ends');
    const length = end - this.position;
    this.position = end + 1;
    return length;
  }

  /** Moves past a LEB128 of at most `most` bytes. */
  skipLeb(most: number): void {
    const start = this.position;
    for (let i = 0; i < most; i++) if (this.u8() < 0x80) return;
    this.position = start;
    this.fail(`a LEB128 of at most ${most} bytes`);
  }

  skip(count: number, what = `${count} bytes`): void {
    this.take(count, what);
  }

  /** A view (no copy) of the next `count` bytes. */
  slice(count: number, what = `${count} bytes`): Uint8Array {
    const at = this.take(count, what);
    return this.bytes.subarray(at, at + count);
  }

  /** A reader over the next `count` bytes that keeps absolute offsets; this one moves past them. */
  sub(count: number, what = `${count} bytes`): Reader {
    const base = this.offset;
    return new Reader(this.slice(count, what), base);
  }

  /** A name: LEB128 length, then UTF-8. Wrong UTF-8 becomes U+FFFD, for a name is only shown. */
  name(): string {
    return utf8.decode(this.slice(this.leb32(), 'a name'));
  }

  /** A count of items that each take at least `least` bytes; refuses one that cannot fit in what is left. */
  count(least: number, what: string): number {
    const at = this.position;
    const count = this.leb32();
    if (count * least <= this.left) return count;
    this.position = at;
    return this.fail(`a count of ${what} that fits the section`);
  }
}

/** @returns the text of bytes, wrong UTF-8 replaced. */
export function text(bytes: Uint8Array): string {
  return utf8.decode(bytes);
}
