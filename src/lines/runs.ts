/** Runs of instructions with one place, function by function in the order they are found, and in the end in the module's. */
import type { Places } from './inline';

interface Slice {
  from: number;
  to: number;
}

export class RunColumns {
  private length = 0;
  private starts = new Uint32Array(1 << 12);
  private lines = new Int32Array(1 << 12);
  private nodes = new Int32Array(1 << 12);
  private files = new Int32Array(1 << 12);
  private readonly slices = new Map<number, Slice>();

  /** @param made for each of `count` instructions which of `places` is its own */
  add(body: number, places: Places, made: Int32Array, count: number): void {
    const from = this.length;
    this.append(places, made, count);
    this.slices.set(body, { from, to: this.length });
  }

  /** Whether a body has exactly these runs. */
  same(body: number, places: Places, made: Int32Array, count: number): boolean {
    const slice = this.slices.get(body);
    if (!slice) return false;
    const from = this.length;
    this.append(places, made, count);
    const to = this.length;
    this.length = from;
    if (to - from !== slice.to - slice.from) return false;
    const columns = [this.starts, this.lines, this.nodes, this.files];
    for (let i = 0; i < to - from; i++) {
      if (columns.some((column) => column[from + i] !== column[slice.from + i])) return false;
    }
    return true;
  }

  forget(body: number): void {
    this.slices.delete(body);
  }

  /** Columns by number of the body; see `LineTable`. */
  inOrder(bodies: number) {
    const firstRuns = new Uint32Array(bodies + 1);
    for (let body = 0; body < bodies; body++) {
      const slice = this.slices.get(body);
      firstRuns[body + 1] = firstRuns[body] + (slice ? slice.to - slice.from : 0);
    }
    const gather = <T extends Uint32Array | Int32Array>(column: T, into: T): T => {
      for (const [body, { from, to }] of this.slices) into.set(column.subarray(from, to), firstRuns[body]);
      return into;
    };
    const runs = firstRuns[bodies];
    return {
      firstRuns,
      starts: gather(this.starts, new Uint32Array(runs)),
      lines: gather(this.lines, new Int32Array(runs)),
      nodes: gather(this.nodes, new Int32Array(runs)),
      files: gather(this.files, new Int32Array(runs)),
    };
  }

  private append(places: Places, made: Int32Array, count: number): void {
    let last = -1;
    for (let i = 0; i < count; i++) {
      const at = made[i];
      const [line, node, file] = [places.lines[at], places.nodes[at], places.files[at]];
      if (last >= 0 && this.lines[last] === line && this.nodes[last] === node && this.files[last] === file) continue;
      if (this.length === this.starts.length) this.grow();
      last = this.length++;
      this.starts[last] = i;
      this.lines[last] = line;
      this.nodes[last] = node;
      this.files[last] = file;
    }
  }

  private grow(): void {
    const wider = <T extends Uint32Array | Int32Array>(column: T, copy: T): T => {
      copy.set(column);
      return copy;
    };
    const size = this.starts.length * 2;
    this.starts = wider(this.starts, new Uint32Array(size));
    this.lines = wider(this.lines, new Int32Array(size));
    this.nodes = wider(this.nodes, new Int32Array(size));
    this.files = wider(this.files, new Int32Array(size));
  }
}
