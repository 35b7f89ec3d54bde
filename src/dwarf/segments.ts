/**
 * Which of many ranges an address belongs to, when ranges nest or overlap: of those that cover it, the one with the highest
 * rank. Made once by a sweep over the starts, then a binary search. Knows no DWARF.
 */
import { floorIndex } from '../bytes/search';
import { Column } from './column';

export const NOBODY = 0xffffffff;

const NO_COLUMN = new Column(0);

export class Segments {
  private lows = new Column(16);
  private highs = new Column(16);
  private ranks = new Column(16);
  private starts = new Uint32Array(0);
  private owners = new Uint32Array(0);

  /** Takes a range that is not empty. @param rank of its owner, by which it is told again; the owner's number in an order in which inner ones come later */
  add(low: number, high: number, rank: number): void {
    this.lows.push(low);
    this.highs.push(high);
    this.ranks.push(rank);
  }

  /** To be called once, when all are there. */
  close(): this {
    const [lows, highs, ranks] = [this.lows.done(), this.highs.done(), this.ranks.done()];
    const order = Uint32Array.from(lows.keys()).sort((a, b) => lows[a] - lows[b] || a - b);
    const starts = new Column(order.length);
    const owners = new Column(order.length);
    // Of the ranges that are open the highest rank is on top; those that have ended stay below until they come up.
    const open = new Heap(ranks);
    let next = 0;
    let at = 0;
    do {
      while (open.size > 0 && highs[open.top()] <= at) open.pop();
      while (next < order.length && lows[order[next]] <= at) open.push(order[next++]);
      const owner = open.size > 0 ? ranks[open.top()] : NOBODY;
      if (owner !== (owners.last() ?? NOBODY)) {
        starts.push(at);
        owners.push(owner);
      }
      const end = open.size > 0 ? highs[open.top()] : Number.POSITIVE_INFINITY;
      at = next < order.length ? Math.min(end, lows[order[next]]) : end;
    } while (at !== Number.POSITIVE_INFINITY);
    this.starts = starts.done();
    this.owners = owners.done();
    [this.lows, this.highs, this.ranks] = [NO_COLUMN, NO_COLUMN, NO_COLUMN];
    return this;
  }

  /** @returns the rank of the owner; NOBODY when no range covers the address */
  find(address: number): number {
    const index = floorIndex(this.starts, address);
    return index < 0 ? NOBODY : this.owners[index];
  }

  /** Each stretch that somebody owns. */
  each(add: (low: number, high: number) => void): void {
    // The last stretch is nobody's.
    for (let i = 0; i + 1 < this.starts.length; i++) {
      if (this.owners[i] !== NOBODY) add(this.starts[i], this.starts[i + 1]);
    }
  }
}

/** Indexes of ranges, the highest rank on top; of equal ranks the later one. */
class Heap {
  private readonly items: number[] = [];

  constructor(private readonly ranks: Uint32Array) {}

  get size(): number {
    return this.items.length;
  }

  top(): number {
    return this.items[0];
  }

  private above(a: number, b: number): boolean {
    return this.ranks[a] > this.ranks[b] || (this.ranks[a] === this.ranks[b] && a > b);
  }

  push(item: number): void {
    const { items } = this;
    let at = items.length;
    items.push(item);
    for (let parent = (at - 1) >> 1; at > 0 && this.above(item, items[parent]); parent = (at - 1) >> 1) {
      items[at] = items[parent];
      at = parent;
    }
    items[at] = item;
  }

  pop(): void {
    const { items } = this;
    const item = items.pop()!;
    if (items.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && this.above(items[child + 1], items[child])) child++;
      if (!this.above(items[child], item)) break;
      items[at] = items[child];
      at = child;
    }
    items[at] = item;
  }
}
