/**
 * What this reader is given: the bytes of each debug section, whatever file they come from. Here also all strings, which lie in
 * four of them. Source: DWARF 5 section 7.26 and 6.1.
 */
import { Malformed } from '../bytes/malformed';
import { Reader, text } from '../bytes/reader';

/** Sections that are read, by their names without the dot. */
export const SECTION_NAMES = [
  'debug_info',
  'debug_abbrev',
  'debug_line',
  'debug_str',
  'debug_line_str',
  'debug_str_offsets',
  'debug_addr',
  'debug_ranges',
  'debug_rnglists',
  'debug_aranges',
] as const;

export type SectionName = (typeof SECTION_NAMES)[number];

export interface Section {
  bytes: Uint8Array;
  /** Where the first byte lies in the file, for what is said of broken ones. */
  offset: number;
}

const NOTHING: Section = { bytes: new Uint8Array(0), offset: 0 };

/** No name is longer; C++ templates come to a few thousand characters. */
const LONGEST = 65_536;
/** Strings that are decoded, for each byte of sections: each is decoded once, and true ones do not overlap much. */
const MOST_TEXT = 4;
const LEAST_TEXT = 16_000_000;

export class Sections {
  private readonly strings = new Map<number, string>();
  private budget: number;

  constructor(private readonly sections: Partial<Record<SectionName, Section>>) {
    this.budget =
      LEAST_TEXT + MOST_TEXT * (this.size('debug_info') + this.size('debug_str') + this.size('debug_line_str'));
  }

  private get(name: SectionName): Section {
    return this.sections[name] ?? NOTHING;
  }

  size(name: SectionName): number {
    return this.get(name).bytes.length;
  }

  /** A reader whose position is the offset in the section. @throws Malformed when the section ends before `at` */
  reader(name: SectionName, at = 0, end = this.size(name)): Reader {
    const { bytes, offset } = this.get(name);
    if (!(at >= 0 && at <= end && end <= bytes.length)) {
      throw new Malformed(`an offset in .${name}, not 0x${at.toString(16)}`, offset);
    }
    return new Reader(end === bytes.length ? bytes : bytes.subarray(0, end), offset, at);
  }

  /** The NUL-terminated string at an offset; wrong UTF-8 replaced. @throws Malformed */
  string(name: SectionName, at: number): string {
    const key = SECTION_NAMES.indexOf(name) * 2 ** 48 + at;
    let found = this.strings.get(key);
    if (found === undefined) {
      const reader = this.reader(name, at);
      const bytes = reader.bytes.subarray(at, at + LONGEST + 1);
      const length = bytes.indexOf(0);
      this.spend(length < 0 ? bytes.length : length + 16, reader.offset);
      if (length < 0) reader.fail(`a string that ends within ${LONGEST} bytes`);
      found = text(bytes.subarray(0, length));
      this.strings.set(key, found);
    }
    return found;
  }

  /** Counts text that is made and kept. @throws Malformed when it is more than true debug information has */
  spend(length: number, offset: number): void {
    this.budget -= length;
    if (this.budget < 0) throw new Malformed('fewer strings that overlap', offset);
  }
}
