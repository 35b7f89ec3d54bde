/**
 * .debug_abbrev: the shapes of debugging information entries: tag, whether it has children, attributes with their forms.
 * Units share tables. Source: DWARF 5 section 7.5.3.
 */
import type { Reader } from '../bytes/reader';
import { AT, FORM, TAG } from './codes';
import { Column } from './column';
import { type Encoding, fixedSize } from './forms';
import type { Sections } from './sections';

/** The declarations of one table, in columns; index: number of the declaration in the table. */
export interface Abbreviations {
  /** @returns index of a code; undefined when the table does not have it */
  find(code: number): number | undefined;
  tags: Uint32Array;
  /** 1 where an entry of this shape has children. */
  children: Uint32Array;
  /** Where its attributes start in the two columns below; one more item than there are declarations. */
  firsts: Uint32Array;
  names: Uint32Array;
  forms: Uint32Array;
  /** Values of `implicit_const`, by index of the attribute. */
  constants: Map<number, number>;
  /** Whether any shape is that of a function with addresses. */
  hasFunctions: boolean;
  /** 1 where an entry of this shape says which addresses it has. */
  placed: Uint32Array;
  /** Bytes of all attributes of an entry where that is always the same, else VARIES. */
  sizes: Uint32Array;
}

/** True entries have thirty. */
const MOST_ATTRIBUTES = 100;

export const VARIES = 0xffffffff;

/**
 * Bytes of tables that are read, for each byte of the section: units share tables, but tables do not overlap. A table costs
 * some hundred bytes here however short it is.
 */
const MOST_READ = 6;
const LEAST_READ = 4_000_000;
const EACH_TABLE = 400;

/** Whether an attribute says which addresses an entry has. */
export const isPlace = (name: number) => name === AT.low_pc || name === AT.high_pc || name === AT.ranges;

export class AbbreviationTables {
  /** By offset and by what sizes depend on. */
  private readonly tables = new Map<number, Abbreviations>();
  private budget: number;

  constructor(private readonly sections: Sections) {
    this.budget = LEAST_READ + MOST_READ * sections.size('debug_abbrev');
  }

  /** @throws Malformed */
  at(offset: number, encoding: Encoding): Abbreviations {
    const { addressSize, offsetSize, version } = encoding;
    const key = offset * 8 + (addressSize >> 3) + (offsetSize >> 3) * 2 + (version === 2 ? 4 : 0);
    let table = this.tables.get(key);
    if (!table) {
      table = this.read(offset, encoding);
      this.tables.set(key, table);
    }
    return table;
  }

  private read(offset: number, encoding: Encoding): Abbreviations {
    const reader = this.sections.reader('debug_abbrev', offset);
    const codes = new Map<number, number>();
    this.spend(EACH_TABLE, reader);
    const [tags, children, firsts] = [new Column(16), new Column(16), new Column(16)];
    const [names, forms, sizes, placed] = [new Column(16), new Column(16), new Column(16), new Column(16)];
    const constants = new Map<number, number>();
    // Most tables number their declarations 1, 2, 3: no map is needed.
    let inOrder = true;
    let hasFunctions = false;
    for (;;) {
      const start = reader.position;
      const code = reader.leb64();
      if (code === 0) break;
      const index = tags.length;
      inOrder &&= code === index + 1;
      if (!inOrder && codes.size === 0) for (let i = 0; i < index; i++) codes.set(i + 1, i);
      if (!inOrder && !codes.has(code)) codes.set(code, index);
      tags.push(reader.leb32());
      children.push(reader.u8() ? 1 : 0);
      firsts.push(names.length);
      let size = 0;
      let places = 0;
      for (;;) {
        const name = reader.leb32();
        const form = reader.leb32();
        if (name === 0 && form === 0) break;
        // Forms that take no bytes would let one byte of an entry stand for a million attributes.
        if (names.length - firsts.at(index) === MOST_ATTRIBUTES) reader.fail(`at most ${MOST_ATTRIBUTES} attributes`);
        if (form === FORM.implicit_const) constants.set(names.length, reader.sleb64());
        if (isPlace(name)) places = 1;
        names.push(name);
        forms.push(form);
        const own = fixedSize(form, encoding);
        size = size < 0 || own < 0 ? -1 : size + own;
      }
      placed.push(places);
      hasFunctions ||= places === 1 && tags.at(index) === TAG.subprogram;
      sizes.push(size < 0 ? VARIES : size);
      this.spend(reader.position - start, reader);
    }
    firsts.push(names.length);
    const count = tags.length;
    return {
      find: inOrder ? (code) => (code >= 1 && code <= count ? code - 1 : undefined) : (code) => codes.get(code),
      tags: tags.done(),
      children: children.done(),
      firsts: firsts.done(),
      names: names.done(),
      forms: forms.done(),
      constants,
      hasFunctions,
      placed: placed.done(),
      sizes: sizes.done(),
    };
  }

  private spend(bytes: number, reader: Reader): void {
    this.budget -= bytes;
    if (this.budget < 0) reader.fail('abbreviation tables that do not overlap');
  }
}
