/** Bytes that grow, little-endian, with LEB128: the counterpart of `reader.ts`. Knows no format. */

const utf8 = new TextEncoder();

export class Writer {
  length = 0;
  private bytes = new Uint8Array(1 << 8);
  private view = new DataView(this.bytes.buffer);

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

  f64(value: number): this {
    this.room(8);
    this.view.setFloat64(this.length, value, true);
    this.length += 8;
    return this;
  }

  /** An unsigned LEB128. @param value 0 … 2⁵³-1 */
  uleb(value: number): this {
    this.room(8);
    let rest = value;
    while (rest > 0x7f) {
      this.bytes[this.length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.bytes[this.length++] = rest;
    return this;
  }

  /** A signed LEB128. @param value of 32 bits */
  sleb(value: number): this {
    let rest = value | 0;
    for (; rest < -0x40 || rest > 0x3f; rest >>= 7) this.u8((rest & 0x7f) | 0x80);
    return this.u8(rest & 0x7f);
  }

  /** A signed number as an unsigned LEB128: 0, -1, 1, -2 … */
  zigzag(value: number): this {
    return this.uleb(value < 0 ? -value * 2 - 1 : value * 2);
  }

  append(part: Uint8Array): this {
    this.room(part.length);
    this.bytes.set(part, this.length);
    this.length += part.length;
    return this;
  }

  /** UTF-8, and nothing that says where it ends. */
  text(text: string): this {
    return this.append(utf8.encode(text));
  }

  /** A string and a NUL; a NUL within would end it early, so it goes. */
  cstring(text: string): this {
    return this.text(text.replaceAll('\0', '\ufffd')).u8(0);
  }

  /** Length in bytes, then UTF-8. */
  name(name: string): this {
    return this.sized(utf8.encode(name));
  }

  /** Length in bytes, then the bytes. */
  sized(part: Uint8Array): this {
    return this.uleb(part.length).append(part);
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
