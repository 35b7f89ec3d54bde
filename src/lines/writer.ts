/** Bytes that grow: LEB128 numbers, zigzag for signed ones, names. The counterpart of `bytes/reader.ts`; knows no format. */
const utf8 = new TextEncoder();

export class Writer {
  length = 0;
  private buffer = new Uint8Array(1 << 10);

  leb(value: number): void {
    this.room(10);
    let rest = value;
    while (rest > 0x7f) {
      this.buffer[this.length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.buffer[this.length++] = rest;
  }

  signed(value: number): void {
    this.leb(value < 0 ? -value * 2 - 1 : value * 2);
  }

  bytes(bytes: Uint8Array): void {
    this.room(bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  text(text: string): void {
    this.bytes(utf8.encode(text));
  }

  /** Length in bytes, then UTF-8. */
  name(name: string): void {
    const bytes = utf8.encode(name);
    this.leb(bytes.length);
    this.bytes(bytes);
  }

  /** Length in bytes, then what another one has written. */
  column(other: Writer): void {
    this.leb(other.length);
    this.bytes(other.finish());
  }

  finish(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  private room(more: number): void {
    if (this.length + more <= this.buffer.length) return;
    const wider = new Uint8Array(Math.max(this.buffer.length * 2, this.length + more));
    wider.set(this.buffer);
    this.buffer = wider;
  }
}
