/**
 * Rows of a view that has any number of them: kept a page at a time, and only those that are looked at are asked for. Knows nothing of
 * what rows are.
 */

/** Rows that are asked for together. */
export const PAGE = 100;
/** Pages that are kept: more than any screen shows. */
const MOST = 40;
/** So many rows before one scrolls to its edge a page is asked for. */
const AHEAD = 50;

export interface Span {
  from: number;
  count: number;
}

export class Pages<Row> {
  private kept = new Map<number, Row[]>();
  /** Kept, and to be asked for again. */
  private readonly stale = new Set<number>();
  private sight = { from: 0, to: 60 };
  /** Which way it moves, 1 or −1; 0 where it jumps. */
  private way = 0;
  count = 0;

  /** @returns null for a row that is not here yet */
  row(index: number): Row | null {
    return this.kept.get(Math.floor(index / PAGE))?.[index % PAGE] ?? null;
  }

  /** Rows that are looked at; `to` is behind the last. */
  look(from: number, to: number): void {
    const step = from - this.sight.from;
    if (step !== 0) this.way = Math.abs(step) < PAGE ? Math.sign(step) : 0;
    this.sight = { from, to };
  }

  /** Rows in sight that are here. */
  inSight(): Row[] {
    const rows: Row[] = [];
    for (let i = this.sight.from; i < Math.min(this.sight.to, this.count); i++) {
      const row = this.row(i);
      if (row !== null) rows.push(row);
    }
    return rows;
  }

  /** All rows that are here. */
  here(): Row[] {
    return [...this.kept.values()].flat();
  }

  /** What is in sight and not here, as one stretch; null for nothing. @param of a view of so many rows that is to come, where all is to be asked */
  missing(of?: number): Span | null {
    const count = of ?? this.count;
    const first = Math.floor(Math.min(this.sight.from, Math.max(0, count - 1)) / PAGE);
    const last = Math.ceil(Math.min(Math.max(this.sight.to, first * PAGE + 1), count) / PAGE) - 1;
    let [low, high] = [-1, -1];
    for (let page = first; page <= last; page++) {
      if (of === undefined && this.kept.has(page) && !this.stale.has(page)) continue;
      if (low < 0) low = page;
      high = page;
    }
    return low < 0 ? null : { from: low * PAGE, count: (high - low + 1) * PAGE };
  }

  /** The page that comes into sight next if one scrolls on; null where it is here, or one does not scroll. */
  ahead(): Span | null {
    const edge = this.way > 0 ? Math.min(this.sight.to - 1 + AHEAD, this.count - 1) : this.sight.from - AHEAD;
    const page = Math.floor(edge / PAGE);
    return this.way === 0 || page < 0 || this.kept.has(page) ? null : { from: page * PAGE, count: PAGE };
  }

  /** Takes rows that came, from the first of a page on. */
  take(from: number, rows: readonly Row[]): void {
    for (let i = 0; i < rows.length; i += PAGE) {
      const page = (from + i) / PAGE;
      this.kept.delete(page);
      this.kept.set(page, rows.slice(i, i + PAGE));
      this.stale.delete(page);
    }
    for (const page of this.kept.keys()) {
      if (this.kept.size <= MOST) break;
      this.kept.delete(page);
      this.stale.delete(page);
    }
  }

  /** Another view, with the rows of it that are in sight. */
  renew(count: number, from: number, rows: readonly Row[]): void {
    this.kept = new Map();
    this.stale.clear();
    this.count = count;
    this.take(from, rows);
  }

  /** What rows say has changed, and not which there are. */
  age(): void {
    for (const page of this.kept.keys()) this.stale.add(page);
  }
}
