/**
 * Text of a source map as it is written: base64 VLQ numbers (ECMA-426, "Mappings structure"; the scopes field adds numbers
 * without a sign, five bits to a digit).
 */

const DIGITS = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const COMMA = 44;

/** ASCII that grows. */
export class VlqWriter {
  private bytes = new Uint8Array(1 << 12);
  private used = 0;

  /** @param value 0 … 2³²-1 */
  unsigned(value: number): this {
    let rest = value >>> 0;
    do {
      const more = rest > 31 ? 32 : 0;
      this.put(DIGITS[(rest & 31) | more]);
      rest >>>= 5;
    } while (rest > 0);
    return this;
  }

  /** @param value less than 2³¹ from 0 */
  signed(value: number): this {
    return this.unsigned(value < 0 ? (-value << 1) | 1 : value << 1);
  }

  /** Before every item but the first. */
  comma(): this {
    if (this.used > 0) this.put(COMMA);
    return this;
  }

  text(): string {
    return new TextDecoder('latin1').decode(this.bytes.subarray(0, this.used));
  }

  private put(byte: number): void {
    if (this.used === this.bytes.length) {
      const wider = new Uint8Array(this.used * 2);
      wider.set(this.bytes);
      this.bytes = wider;
    }
    this.bytes[this.used++] = byte;
  }
}
