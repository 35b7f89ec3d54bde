/**
 * Text of a source map as it is written and read: base64 VLQ numbers (ECMA-426, "Mappings structure"; the scopes field adds numbers
 * without a sign, five bits to a digit).
 */

import { Malformed } from '../bytes/malformed';

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

/** Value of each digit by its ASCII code; -1 for what is none. */
const VALUES = new Int8Array(128).fill(-1);
DIGITS.forEach((digit, value) => {
  VALUES[digit] = value;
});

/** Reads items of numbers, separated by commas. */
export class VlqReader {
  position = 0;

  /** @param what the text is, for the one line that says what is wrong with it */
  constructor(
    private readonly text: string,
    private readonly what: string,
  ) {}

  fail(expected: string): never {
    throw new Malformed(`${expected} in the ${this.what}`, this.position);
  }

  /** Code of the next character; NaN at the end. */
  get code(): number {
    return this.text.charCodeAt(this.position);
  }

  /** Whether another number of the same item follows. */
  get more(): boolean {
    const { code } = this;
    return code < 128 && VALUES[code] >= 0;
  }

  /** @returns 0 … 2³²-1. @throws Malformed */
  unsigned(): number {
    const { text } = this;
    let value = 0;
    for (let shift = 0; shift < 35; shift += 5) {
      const code = text.charCodeAt(this.position);
      const digit = code < 128 ? VALUES[code] : -1;
      // The seventh digit holds the last two of 32 bits.
      if (digit < 0 || (shift === 30 && digit > 3)) break;
      this.position++;
      value |= (digit & 31) << shift;
      if (digit < 32) return value >>> 0;
    }
    return this.fail('a base64 VLQ number of 32 bits');
  }

  /** @returns -2³¹ … 2³¹-1. @throws Malformed */
  signed(): number {
    const value = this.unsigned();
    const magnitude = value >>> 1;
    if ((value & 1) === 0) return magnitude;
    return magnitude === 0 ? -(2 ** 31) : -magnitude;
  }
}
