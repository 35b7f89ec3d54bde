/**
 * One unit of .debug_info: its header, the attributes of its entries, and what those mean with the unit's own bases: strings,
 * addresses, references. Source: DWARF 5 section 7.5.1 (headers), 7.5.5 (classes), 7.26 and 7.27 (string and address tables);
 * GNU's forerunners of DWARF 5 in version 4 (https://gcc.gnu.org/wiki/DebugFission).
 */
import { Malformed } from '../bytes/malformed';
import type { Reader } from '../bytes/reader';
import { type Abbreviations, type AbbreviationTables, isPlace, VARIES } from './abbreviations';
import { AT, FORM, UT } from './codes';
import { type Encoding, isAddressIndex, readForm, readNumber, type Value } from './forms';
import type { Sections } from './sections';

export interface Header extends Encoding {
  /** Offset in .debug_info of the unit, of its first entry, and of what follows it. */
  start: number;
  first: number;
  end: number;
  /** One of UT; `compile` before version 5. */
  type: number;
  abbreviations: number;
}

/**
 * Reads the length that stands in front of each unit, table and set, and what it covers; the reader then stands behind that.
 * @throws Malformed when it cannot be told where that is
 */
export function readLength(reader: Reader): { offsetSize: number; content: Reader } {
  const length = reader.u32();
  if (length >= 0xfffffff0 && length !== 0xffffffff) reader.fail('a length');
  const wide = length === 0xffffffff;
  const size = wide ? reader.u64() : length;
  return { offsetSize: wide ? 8 : 4, content: reader.sub(size, `${size} bytes`) };
}

/** Reads the header of the unit that starts at an offset in .debug_info. @throws Malformed */
export function readHeader(sections: Sections, start: number): Header {
  const reader = sections.reader('debug_info', start);
  const { offsetSize, content } = readLength(reader);
  const end = reader.position;
  const version = content.u16();
  if (version < 2 || version > 5) content.fail(`DWARF 2 to 5, not ${version}`);
  let type: number = UT.compile;
  let addressSize = 0;
  let abbreviations = 0;
  if (version >= 5) {
    type = content.u8();
    addressSize = content.u8();
    abbreviations = readNumber(content, offsetSize);
    if (type === UT.skeleton || type === UT.split_compile) content.skip(8);
    if (type === UT.type || type === UT.split_type) content.skip(8 + offsetSize);
  } else {
    abbreviations = readNumber(content, offsetSize);
    addressSize = content.u8();
  }
  if (addressSize !== 4 && addressSize !== 8) content.fail('addresses of 4 or 8 bytes');
  return { start, first: end - content.left, end, version, type, addressSize, offsetSize, abbreviations };
}

/** True entries have some dozen bytes. */
const LONG_ENTRY = 1_000;

/** Attributes of an entry by their numbers. */
export type Attributes = Map<number, Value>;

const NOTHING: Attributes = new Map();

export class Unit {
  readonly abbreviations: Abbreviations;
  /** Attributes of the unit's own entry. */
  readonly root: Attributes;
  private readonly stringOffsets: number;
  private readonly addresses: number;
  readonly rangeLists: number | null;
  /** What range lists are relative to. */
  readonly base: number;
  readonly directory: string;
  readonly language: number;

  /** @throws Malformed when its abbreviations or its first entry cannot be read */
  constructor(
    readonly sections: Sections,
    tables: AbbreviationTables,
    readonly header: Header,
  ) {
    this.abbreviations = tables.at(header.abbreviations, header);
    const reader = this.reader(header.first);
    this.root = reader.left > 0 ? (this.attributes(reader)?.values ?? new Map()) : new Map();
    const { root } = this;
    // Past the header of the tables, should a unit not say so.
    const skipped = header.offsetSize === 8 ? 16 : 8;
    this.stringOffsets = root.get(AT.str_offsets_base)?.raw ?? (header.version >= 5 ? skipped : 0);
    this.addresses =
      root.get(AT.addr_base)?.raw ?? root.get(AT.GNU_addr_base)?.raw ?? (header.version >= 5 ? skipped : 0);
    this.rangeLists = root.get(AT.rnglists_base)?.raw ?? null;
    this.base = this.address(root.get(AT.low_pc)) ?? this.address(root.get(AT.entry_pc)) ?? 0;
    this.directory = this.string(root.get(AT.comp_dir)) ?? '';
    this.language = root.get(AT.language)?.raw ?? 0;
  }

  /** A reader over the unit. @param at offset in .debug_info */
  reader(at: number): Reader {
    return this.sections.reader('debug_info', at, this.header.end);
  }

  /** Reads an entry; the reader then stands at the next one. @returns null for the end of a list of children */
  attributes(reader: Reader): { tag: number; values: Attributes } | null {
    const code = reader.leb64();
    return code === 0 ? null : this.attributesOf(reader, this.shape(code, reader));
  }

  /** @param reader behind the entry's code */
  private attributesOf(reader: Reader, shape: number): { tag: number; values: Attributes } {
    const { tags, firsts, names, forms } = this.abbreviations;
    const values: Attributes = new Map();
    for (let i = firsts[shape]; i < firsts[shape + 1]; i++) values.set(names[i], this.value(reader, forms[i], i));
    return { tag: tags[shape], values };
  }

  /** Only those attributes that say which addresses an entry has. @param reader behind the entry's code */
  placeOf(reader: Reader, shape: number): Attributes {
    const { firsts, names, forms, placed } = this.abbreviations;
    if (placed[shape] === 0) {
      this.skip(reader, shape);
      return NOTHING;
    }
    const values: Attributes = new Map();
    for (let i = firsts[shape]; i < firsts[shape + 1]; i++) {
      if (isPlace(names[i])) values.set(names[i], this.value(reader, forms[i], i));
      else this.pass(reader, forms[i], i);
    }
    return values;
  }

  /** Moves past the attributes of an entry. */
  skip(reader: Reader, shape: number): void {
    const { sizes, firsts, forms } = this.abbreviations;
    const size = sizes[shape];
    if (size !== VARIES) {
      reader.skip(size, 'an entry');
      return;
    }
    for (let i = firsts[shape]; i < firsts[shape + 1]; i++) this.pass(reader, forms[i], i);
  }

  private pass(reader: Reader, form: number, index: number): void {
    if (form === FORM.indirect) this.value(reader, form, index);
    else readForm(reader, form, this.header);
  }

  /** @returns index in the abbreviations. @throws Malformed */
  shape(code: number, reader: Reader): number {
    return this.abbreviations.find(code) ?? reader.fail(`an abbreviation of this unit, not ${code}`);
  }

  private value(reader: Reader, form: number, index: number): Value {
    if (form === FORM.implicit_const) return { form, raw: this.abbreviations.constants.get(index) ?? 0 };
    if (form !== FORM.indirect) return { form, raw: readForm(reader, form, this.header) };
    const own = reader.leb32();
    if (own === FORM.indirect || own === FORM.implicit_const) reader.fail('a form that stands for itself');
    return { form: own, raw: readForm(reader, own, this.header) };
  }

  /** @returns null when there is none, or when it lies in another file. @throws Malformed */
  string(value: Value | undefined): string | null {
    if (!value) return null;
    const { form, raw } = value;
    switch (form) {
      case FORM.string:
        return this.sections.string('debug_info', raw);
      case FORM.strp:
        return this.sections.string('debug_str', raw);
      case FORM.line_strp:
        return this.sections.string('debug_line_str', raw);
      case FORM.strx:
      case FORM.strx1:
      case FORM.strx2:
      case FORM.strx3:
      case FORM.strx4:
      case FORM.GNU_str_index: {
        const { offsetSize } = this.header;
        const at = this.stringOffsets + raw * offsetSize;
        return this.sections.string('debug_str', readNumber(this.sections.reader('debug_str_offsets', at), offsetSize));
      }
      default:
        return null;
    }
  }

  /** @returns null when there is none. @throws Malformed */
  address(value: Value | undefined): number | null {
    if (!value) return null;
    if (value.form === FORM.addr) return value.raw;
    return isAddressIndex(value.form) ? this.indexedAddress(value.raw) : null;
  }

  /** Entry of .debug_addr. @throws Malformed */
  indexedAddress(index: number): number {
    const { addressSize } = this.header;
    return readNumber(this.sections.reader('debug_addr', this.addresses + index * addressSize), addressSize);
  }

  /** @returns offset in .debug_info of the entry referred to; null when there is none, or it lies in another file */
  reference(value: Value | undefined): number | null {
    switch (value?.form) {
      case FORM.ref1:
      case FORM.ref2:
      case FORM.ref4:
      case FORM.ref8:
      case FORM.ref_udata:
        return this.header.start + value.raw;
      case FORM.ref_addr:
        return value.raw;
      default:
        return null;
    }
  }

  /** @throws Malformed when the unit has no such entry */
  entryAt(offset: number): { tag: number; values: Attributes } {
    const { start, first, end } = this.header;
    if (offset < first || offset >= end) throw new Malformed(`an entry of the unit at 0x${start.toString(16)}`, offset);
    const reader = this.reader(offset);
    const found = this.attributes(reader) ?? reader.fail('an entry');
    // Entries are read again when they are asked for; long ones count as the text that they hold.
    if (reader.position - offset > LONG_ENTRY) this.sections.spend(reader.position - offset, reader.offset);
    return found;
  }
}
