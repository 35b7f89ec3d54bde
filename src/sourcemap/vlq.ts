/**
 * Text of a source map as it is written: base64 VLQ numbers (ECMA-426, "Mappings structure"; the scopes field adds numbers
 * without a sign, five bits to a digit).
 */

const DIGITS = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const COMMA = 44;

/** Of a number of 32 bits. */
const MOST_DIGITS = 7;

/** ASCII that grows. */
export class VlqWriter {
  private bytes = new Uint8Array(1 << 16);
  private used = 0;

  /** @param value 0 … 2³²-1 */
  unsigned(value: number): this {
    if (this.used + MOST_DIGITS > this.bytes.length) this.grow();
    let rest = value >>> 0;
    while (rest > 31) {
      this.bytes[this.used++] = DIGITS[(rest & 31) | 32];
      rest >>>= 5;
    }
    this.bytes[this.used++] = DIGITS[rest];
    return this;
  }

  /** @param value less than 2³¹ from 0 */
  signed(value: number): this {
    return this.unsigned(value < 0 ? (-value << 1) | 1 : value << 1);
  }

  /** Before every item but the first. */
  comma(): this {
    if (this.used === 0) return this;
    if (this.used === this.bytes.length) this.grow();
    this.bytes[this.used++] = COMMA;
    return this;
  }

  text(): string {
    return new TextDecoder('latin1').decode(this.bytes.subarray(0, this.used));
  }

  private grow(): void {
    const wider = new Uint8Array(this.bytes.length * 2);
    wider.set(this.bytes);
    this.bytes = wider;
  }
}
