/**
 * The `mappings` of source maps (ECMA-426, "Mappings structure"): which place stands behind which byte of the module. In
 * columns, sorted. Of the generated lines only the first one counts: a module has no other.
 */
import { Column } from '../bytes/column';
import { floorIndex } from '../bytes/search';
import { VlqReader } from './vlq';

const COMMA = 44;
const SEMICOLON = 59;

/** What one `mappings` text is about, within the map that holds it. */
export interface Part {
  /** Index of its first source and name in the whole, and how many it has. */
  sources: number;
  names: number;
  sourceCount: number;
  nameCount: number;
  /** Module offset that its columns count from, and the one where the next part begins. */
  from: number;
  to: number;
}

/** Lines and columns of sources are less. */
const MOST_LINE = 2 ** 31 - 1;

export class Mappings {
  private readonly offsets = new Column();
  /** -1: from here on nothing is known. */
  private readonly sources = new Column();
  private readonly lines = new Column();
  /** -1 for none. */
  private readonly names = new Column();
  private isSorted = true;
  private order: { offsets: Int32Array; index: Uint32Array | null } | null = null;

  /** @param size bytes of the module: what lies behind them is of another build, and there cannot be more places than bytes */
  constructor(private readonly size: number) {}

  get count(): number {
    return this.offsets.length;
  }

  /** @throws Malformed for what is no `mappings` text */
  add(text: string, part: Part): void {
    const reader = new VlqReader(text, 'mappings');
    let [column, source, line, sourceColumn, name] = [part.from, 0, 0, 0, 0];
    while (reader.position < text.length && reader.code !== SEMICOLON) {
      if (reader.code === COMMA) {
        reader.position++;
        continue;
      }
      column += reader.signed();
      if (column < 0 || column > this.size) reader.fail('an offset in the module');
      let known = false;
      let named = false;
      if (reader.more) {
        source += reader.signed();
        line += reader.signed();
        sourceColumn += reader.signed();
        if (source < 0 || source >= part.sourceCount) reader.fail(`the index of one of ${part.sourceCount} sources`);
        if (line < 0 || line > MOST_LINE || sourceColumn < 0) reader.fail('a line and a column');
        known = true;
        if (reader.more) {
          name += reader.signed();
          if (name < 0 || name >= part.nameCount) reader.fail(`the index of one of ${part.nameCount} names`);
          named = true;
        }
      }
      if (reader.position < text.length && reader.code !== COMMA && reader.code !== SEMICOLON) {
        reader.fail('one, four or five numbers');
      }
      // What lies in the next part is that part's matter.
      if (column >= part.to) continue;
      if (this.count > this.size) reader.fail('fewer places than the module has bytes');
      if (this.count > 0 && column < this.offsets.at(this.count - 1)) this.isSorted = false;
      this.offsets.push(column);
      this.sources.push(known ? part.sources + source : -1);
      this.lines.push(line + 1);
      this.names.push(named ? part.names + name : -1);
    }
  }

  /** @returns index of the last mapping at or before a module offset, -1 for none */
  at(offset: number): number {
    this.order ??= this.sort();
    const { offsets, index } = this.order;
    const found = floorIndex(offsets, offset);
    return found < 0 || index === null ? found : index[found];
  }

  private sort(): { offsets: Int32Array; index: Uint32Array | null } {
    const offsets = this.offsets.slice();
    if (this.isSorted) return { offsets, index: null };
    // Of those with one offset the last one written counts, as in DevTools.
    const index = Uint32Array.from({ length: offsets.length }, (_, i) => i);
    index.sort((a, b) => offsets[a] - offsets[b] || a - b);
    return { offsets: Int32Array.from(index, (i) => offsets[i]), index };
  }

  offset(index: number): number {
    return this.offsets.at(index);
  }

  /** Index of the source, -1 where nothing is known. */
  source(index: number): number {
    return this.sources.at(index);
  }

  /** From 1. */
  line(index: number): number {
    return this.lines.at(index);
  }

  /** Index of the name, -1 for none. */
  name(index: number): number {
    return this.names.at(index);
  }
}
