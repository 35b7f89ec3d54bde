/** A column of numbers that grows, and may be filled anew: a map of a big program has millions of places. */
export class Column {
  private values: Int32Array;
  length = 0;

  /** @param room numbers before it grows first */
  constructor(room = 1 << 8) {
    this.values = new Int32Array(room);
  }

  push(value: number): void {
    if (this.length === this.values.length) {
      const wider = new Int32Array(this.length * 2);
      wider.set(this.values);
      this.values = wider;
    }
    this.values[this.length++] = value;
  }

  at(index: number): number {
    return this.values[index];
  }

  set(index: number, value: number): void {
    this.values[index] = value;
  }

  /** What was pushed so far, copied. */
  slice(): Int32Array {
    return this.values.slice(0, this.length);
  }
}
