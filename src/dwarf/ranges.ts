/**
 * Which addresses an entry has: low_pc and high_pc, or a list in .debug_ranges (2 to 4) or .debug_rnglists (5). What a
 * linker removed keeps its entries, with addresses that no code can have. Source: DWARF 5 section 2.17 and 7.25, DWARF 4
 * section 7.24; tombstones: lld wasm/InputChunks.cpp getTombstoneForSection (-1, -2 in .debug_ranges; older ones 0).
 */
import type { Reader } from '../bytes/reader';
import { AT, FORM, RLE } from './codes';
import { isAddress, readNumber } from './forms';
import type { Sections } from './sections';
import type { Attributes, Unit } from './unit';

/** Addresses that code can have: what lies outside is of functions that a linker removed. */
export interface Extent {
  from: number;
  to: number;
}

/** Gets each range that is not empty, end exclusive. */
export type Add = (low: number, high: number) => void;

/** Entries of lists that are read, for each byte of lists and of entries that point there: true lists do not overlap. */
const MOST_ENTRIES = 0.5;
const LEAST_ENTRIES = 200_000;

export class Ranges {
  private budget: number;

  constructor(
    private readonly sections: Sections,
    private readonly extent: Extent,
  ) {
    const size = sections.size('debug_ranges') + sections.size('debug_rnglists');
    this.budget = LEAST_ENTRIES + MOST_ENTRIES * size;
  }

  /**
   * @param unit whose entry it is
   * @returns whether the entry has addresses at all, live or not. @throws Malformed
   */
  each(unit: Unit, attributes: Attributes, add: Add): boolean {
    const high = attributes.get(AT.high_pc);
    const low = high && unit.address(attributes.get(AT.low_pc));
    if (high && low !== null && low !== undefined) {
      this.add(low, isAddress(high.form) ? (unit.address(high) ?? 0) : low + high.raw, add);
      return true;
    }
    const list = attributes.get(AT.ranges);
    if (!list) return false;
    if (unit.header.version < 5) this.old(unit, list.raw, add);
    else this.list(unit, list.form === FORM.rnglistx ? this.indexed(unit, list.raw) : list.raw, add);
    return true;
  }

  /**
   * Starts outside the extent are those of removed functions. Ends outside are no ends: wasm-opt (108) leaves 0 for those
   * that it has lost, and the length that it writes for them wraps around.
   */
  private add(low: number, high: number, add: Add): void {
    const { from, to } = this.extent;
    if (low >= from && low < high && high <= to) add(low, high);
  }

  private count(reader: Reader): void {
    if (--this.budget < 0) reader.fail('range lists that do not overlap');
  }

  private old(unit: Unit, at: number, add: Add): void {
    const size = unit.header.addressSize;
    const reader = this.sections.reader('debug_ranges', at);
    const selection = size === 4 ? 0xffffffff : 2 ** 64;
    let { base } = unit;
    for (;;) {
      const low = readNumber(reader, size);
      const high = readNumber(reader, size);
      if (low === 0 && high === 0) return;
      this.count(reader);
      if (low >= selection) base = high;
      // Relative to a base that is none: of removed code too.
      else if (base < selection) this.add(base + low, base + high, add);
    }
  }

  /** Offset of a list by its number in the unit's table of offsets. */
  private indexed(unit: Unit, index: number): number {
    const { offsetSize } = unit.header;
    // Past the header, should the unit not say where its table is.
    const base = unit.rangeLists ?? (offsetSize === 8 ? 20 : 12);
    return base + readNumber(this.sections.reader('debug_rnglists', base + index * offsetSize), offsetSize);
  }

  private list(unit: Unit, at: number, add: Add): void {
    const size = unit.header.addressSize;
    const reader = this.sections.reader('debug_rnglists', at);
    const tombstone = size === 4 ? 0xffffffff : 2 ** 64;
    let { base } = unit;
    for (;;) {
      const kind = reader.u8();
      if (kind === RLE.end_of_list) return;
      this.count(reader);
      if (kind === RLE.base_addressx) base = unit.indexedAddress(reader.leb64());
      else if (kind === RLE.base_address) base = readNumber(reader, size);
      else if (kind === RLE.offset_pair) {
        const [low, high] = [reader.leb64(), reader.leb64()];
        if (base < tombstone) this.add(base + low, base + high, add);
      } else if (kind === RLE.startx_endx) {
        this.add(unit.indexedAddress(reader.leb64()), unit.indexedAddress(reader.leb64()), add);
      } else if (kind === RLE.startx_length) {
        const low = unit.indexedAddress(reader.leb64());
        this.add(low, low + reader.leb64(), add);
      } else if (kind === RLE.start_end) this.add(readNumber(reader, size), readNumber(reader, size), add);
      else if (kind === RLE.start_length) {
        const low = readNumber(reader, size);
        this.add(low, low + reader.leb64(), add);
      } else reader.fail('a kind of range list entry');
    }
  }
}
