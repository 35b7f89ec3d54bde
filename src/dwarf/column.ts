/** A column of numbers that grows: rows of line tables and entries of units come in millions, one after the other. Knows no DWARF. */

export class Column {
  private items: Uint32Array<ArrayBuffer>;
  length = 0;

  /** @param room how many items are expected */
  constructor(room = 64) {
    this.items = new Uint32Array(Math.max(room, 16));
  }

  /** @param item from 0 to 2^32-1 */
  push(item: number): void {
    if (this.length === this.items.length) {
      const more = new Uint32Array(this.items.length * 2);
      more.set(this.items);
      this.items = more;
    }
    this.items[this.length++] = item;
  }

  /** Takes the last item away. There must be one. */
  pop(): number {
    return this.items[--this.length];
  }

  /** @returns the last item; undefined when there is none */
  last(): number | undefined {
    return this.length > 0 ? this.items[this.length - 1] : undefined;
  }

  /** Forgets all items from `length` on. */
  cut(length: number): void {
    this.length = length;
  }

  at(index: number): number {
    return this.items[index];
  }

  /** @returns the items; a view, for a copy would cost as much again */
  done(): Uint32Array<ArrayBuffer> {
    return this.items.subarray(0, this.length);
  }
}
