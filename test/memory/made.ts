/** A table of handles, what they were, and memory, made up by hand, for tests of what carries them. */
import type { DumpAbout, DumpTaken } from '../../src/memory/dump';
import { type DumpParts, type HandleTable, PAGE } from '../../src/protocol/handles';

export const ABOUT: DumpAbout = {
  fingerprint: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 255),
  size: 3_125_910,
  title: 'https://example.org/größer?\n#\u202eolleh',
  takenAt: 1.7e12 + 0.25,
  goVersion: 'go1.26.1 X:nodwarf5',
  pc: 0x1_2345_0006,
};

const ints = (...values: number[]) => Int32Array.from(values);
const bytes = (...values: number[]) => Uint8Array.from(values);
const floats = (...values: number[]) => Float64Array.from(values);

/** Six handles, three of them watched from their making on. */
export function madeTable(): HandleTable {
  return {
    ...{ now: 1234.5, origin: 1.7e12, slots: 2 ** 32 - 1, free: 7, funcs: 2, numgc: 3 },
    ids: ints(0, 1, 6, 7, 300, 2 ** 31 - 1),
    types: bytes(6, 6, 1, 2, 3, 1),
    refs: ints(-1, -1, -1, 1, 2 ** 31 - 1, 0),
    classes: ints(0, 0, 1, 2, 0, 3),
    classNames: ['', 'Go', 'Function', 'HTML\nElement "\u202e\0'],
    flags: bytes(0, 0, 0, 4, 0, 255),
    watched: {
      since: -0.5,
      births: floats(0, 0, 0, 1, 2 ** 53 - 1, 3),
      times: floats(0, 0, 0, 1000.0625, 1e-9, 1234.5),
      crossings: floats(0, 0, 0, 9, 2 ** 40, 1),
      stacks: ints(0, 0, 0, 1, 2, 3),
      funcs: ints(0, 0, 0, 77, 0, 0),
      codes: ints(0, 0, 0, 0x1001, -1, 0),
      handlers: ints(0, 0, 0, 0, 77, -1),
      turns: ints(0, 0, 0, 1, 2, -(2 ** 31)),
      // Of two frames, cut after one, of none; a PC of a function far behind.
      stackWords: ints(2, 0x1001_0002, 0xfffe_0001 | 0, -1, 0x1001_0002, 0),
      lost: 5,
    },
    registered: {
      ids: ints(77, 3),
      codes: ints(0x1001, 0x1002),
      stacks: ints(1, 0),
      times: floats(1000.0625, 0),
      handlers: ints(0, 12),
      turns: ints(1, 0),
      made: ints(0, 4, 0, 1),
    },
  };
}

export function madeParts(table = madeTable()): DumpParts {
  const rows = table.ids.length;
  const texts = ['', '', '', 'main.onClick', 'ab\r\n\u2028ﷺ 👩‍👩‍👧 \ufeff', '\ufeffdiv#id.first'];
  const pages = Int32Array.of(1, 2, 5);
  const content = new Uint8Array(pages.length * PAGE);
  for (let i = 0; i < content.length; i++) content[i] = i % 251;
  return {
    table,
    previews: {
      now: 1234.5,
      ids: table.ids.slice(),
      types: table.types.slice(),
      classes: Array.from(table.ids, (id) => (id < 7 ? 'Number' : `Class${id % 3}`)),
      texts: Array.from(table.ids, (_, i) => texts[i] ?? ''),
      flags: table.flags.slice(),
      births: new Float64Array(rows).map((_, i) => i - 1),
    },
    sp: 0xfff8,
    at: 'import',
    memory: 7 * PAGE,
    pages,
    bytes: content,
  };
}

/** Nothing at all. */
export function emptyParts(): DumpParts {
  const none = ints();
  const table: HandleTable = {
    ...{ now: 0, origin: 0, slots: 0, free: 0, funcs: -1, numgc: -1 },
    ...{ ids: none, types: bytes(), refs: none, classes: none, classNames: [''], flags: bytes() },
    ...{ watched: null, registered: null },
  };
  return { ...madeParts(table), memory: 0, pages: ints(), bytes: bytes(), at: 'event', sp: 0 };
}

/** What a file keeps of them besides the pages. */
export function takenOf({ pages: _pages, bytes: _bytes, ...taken }: DumpParts): DumpTaken {
  return taken;
}
