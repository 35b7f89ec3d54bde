/** Bytes that grow, little-endian, with LEB128 (DWARF 4, 7.6). Knows no format. */

const utf8 = new TextEncoder();

export class Bytes {
  private bytes = new Uint8Array(1 << 8);
  private view = new DataView(this.bytes.buffer);
  length = 0;

  u8(value: number): this {
    this.room(1);
    this.bytes[this.length++] = value;
    return this;
  }

  u16(value: number): this {
    this.room(2);
    this.view.setUint16(this.length, value, true);
    this.length += 2;
    return this;
  }

  u32(value: number): this {
    this.room(4);
    this.view.setUint32(this.length, value, true);
    this.length += 4;
    return this;
  }

  /** @param value 0 … 2³²-1 */
  uleb(value: number): this {
    let rest = value >>> 0;
    for (; rest > 0x7f; rest >>>= 7) this.u8((rest & 0x7f) | 0x80);
    return this.u8(rest);
  }

  /** @param value of 32 bits */
  sleb(value: number): this {
    let rest = value | 0;
    for (; rest < -0x40 || rest > 0x3f; rest >>= 7) this.u8((rest & 0x7f) | 0x80);
    return this.u8(rest & 0x7f);
  }

  /** A string and a NUL; a NUL within would end it early, so it goes. */
  text(text: string): this {
    return this.append(utf8.encode(text.replaceAll('\0', '\ufffd'))).u8(0);
  }

  append(part: Uint8Array): this {
    this.room(part.length);
    this.bytes.set(part, this.length);
    this.length += part.length;
    return this;
  }

  /** Writes over four bytes that stand there already. */
  patch32(at: number, value: number): void {
    this.view.setUint32(at, value, true);
  }

  /** A view of what was written, until more is. */
  done(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  private room(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const wider = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more));
    wider.set(this.bytes);
    this.bytes = wider;
    this.view = new DataView(wider.buffer);
  }
}
