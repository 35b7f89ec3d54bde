/**
 * Small files that ask for much: counts of 2^32-1, a million of everything, tables that overlap, circles. Each is either
 * refused or answered, without a hang and within a small multiple of its size. Memory is what heap and buffers hold right
 * after the work, garbage included.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { deflateRawSync } from 'node:zlib';
import { decodeCapture } from '../src/bridge/file';
import { crc32 } from '../src/bytes/crc32';
import type { Malformed } from '../src/bytes/malformed';
import { makeDwarf } from '../src/dwarfgen/make';
import type { FrameRow } from '../src/failures/failure';
import { foldRows } from '../src/failures/rows';
import { functionRows } from '../src/functions';
import { readInfo } from '../src/info';
import { decodeDump } from '../src/memory/dump';
import { openMemory } from '../src/memory/memory';
import { inflate as inflateStream } from '../src/memory/streams';
import { inflate } from '../src/node/deflate';
import { Program } from '../src/program';
import { createSession } from '../src/session';
import { foldRuns } from '../src/symbols/fold';
import { bytes, module } from './assemble';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const MB = 1 << 20;

/** Sections of megabytes: `assemble` is for small ones. */
function joined(...parts: Uint8Array[]): Uint8Array {
  return joinedAll(parts);
}

function joinedAll(parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
const header = (id: number, size: number) => bytes().u8(id).paddedLeb(size, 5).done();
const withSection = (id: number, ...parts: Uint8Array[]) => {
  const content = joined(...parts);
  return joined(module(), header(id, content.length), content);
};
const count = (value: number) => bytes().paddedLeb(value, 5).done();
/** `part` again and again. */
function repeated(times: number, part: number[]): Uint8Array {
  const out = new Uint8Array(times * part.length);
  for (let at = 0; at < out.length; at += part.length) out.set(part, at);
  return out;
}
const GO = joined(
  header(0, 32),
  bytes().name('producers').leb(1).name('language').leb(1).name('Go').name('go1.26').u8().done(),
);
const producersSize = GO.length - 6;
GO.set(header(0, producersSize));

/** A module made by Go, by its own word, with one data segment at 0x11000. */
const withImage = (data: Uint8Array) =>
  joined(withSection(11, bytes().leb(1).leb(0).u8(0x41).sleb(0x11000).u8(0x0b).done(), count(data.length), data), GO);

/** A program made by Go with a line table: from the fingerprint on. */
const withLines = (...parts: Uint8Array[]) =>
  joined(withSection(0, bytes().name('go_debug_line').ascii('golines\0').u8(1).done(), ...parts), GO);

const oneBody = (body: Uint8Array) => withSection(10, count(1), count(body.length), body);

/** A pclntab of Go 1.20 on whose parts the caller fills: `functions` entries, `record` says where each `_func` lies. */
function table(
  functions: number,
  room: number,
  record: (i: number, records: number) => number,
): { data: Uint8Array; view: DataView; records: number; rest: number } {
  const records = functions * 8 + 8;
  const data = new Uint8Array(72 + records + room);
  const view = new DataView(data.buffer);
  view.setUint32(0, 0xfffffff1, true);
  view.setUint32(4, 0x08010000, true);
  view.setUint32(8, functions, true);
  view.setUint32(16, 1, true);
  for (let i = 0; i < functions; i++) {
    view.setUint32(72 + i * 8, 0x1000 + i, true);
    view.setUint32(76 + i * 8, record(i, records), true);
  }
  view.setUint32(64, 72, true);
  return { data, view, records: 72 + records, rest: 72 + records };
}

/** Names, units, files and pc tables all start here. */
function partsAt(view: DataView, at: number): void {
  for (const field of [32, 40, 48, 56]) view.setUint32(field, at, true);
}

const BOMBS: Record<string, () => Uint8Array> = {
  'counts of 2^32-1': () =>
    joined(
      module(),
      ...[2, 3, 7, 9, 10, 11].map((id) =>
        bytes()
          .u8(id, 5)
          .leb(2 ** 32 - 1)
          .done(),
      ),
    ),
  'a million sections': () => joined(module(), repeated(MB, [0, 1, 0])),
  'a million imports': () => withSection(2, count(MB), new Uint8Array(4 * MB)),
  'a million exports': () => withSection(7, count(MB), new Uint8Array(3 * MB)),
  'a million element segments': () => withSection(9, count(MB), repeated(MB, [0, 0x41, 0, 0x0b, 0])),
  'one segment of four million elements': () =>
    withSection(9, bytes().leb(1).leb(0).u8(0x41).sleb(0x1000).u8(0x0b).done(), count(4 * MB), new Uint8Array(4 * MB)),
  'a million empty data segments': () => withSection(11, count(MB), repeated(MB, [0, 0x41, 0, 0x0b, 0])),
  'data at both ends of 4 GB': () =>
    withSection(11, count(2), bytes().u8(0, 0x41, 0, 0x0b, 1, 9, 0, 0x41).sleb(-8).u8(0x0b, 1, 9).done()),
  'four million empty bodies': () => withSection(10, count(4 * MB), new Uint8Array(4 * MB)),
  'a body of nops': () => oneBody(joined(new Uint8Array(1), repeated(4 * MB, [1]))),
  'a body of ends': () => oneBody(joined(new Uint8Array(1), repeated(4 * MB, [0x0b]))),
  'a body of blocks': () => oneBody(joined(new Uint8Array(1), repeated(2 * MB, [2, 0x40]))),
  'a br_table of 2^31 labels': () =>
    oneBody(
      bytes()
        .leb(0)
        .u8(0x0e)
        .leb(2 ** 31)
        .zeros(100)
        .done(),
    ),
  'half a million br_tables': () => oneBody(joined(new Uint8Array(1), repeated(MB / 2, [0x0e, 2, 0, 1, 2]))),
  'producers without end': () => withSection(0, bytes().name('producers').done(), count(1000), new Uint8Array(4 * MB)),
  'a line table of 2^32-1 bodies': () =>
    withLines(
      bytes()
        .zeros(9)
        .leb(2 ** 32 - 1)
        .zeros(100)
        .done(),
    ),
  'a line table of four million files': () => withLines(new Uint8Array(8), count(4 * MB), new Uint8Array(4 * MB)),
  'a line table of a million bodies with a million runs each': () => {
    const runs = Array.from({ length: 3 }, () => joined(count(MB), new Uint8Array(MB)));
    const counts = repeated(MB, [0x80, 0x80, 0x40]);
    return withLines(new Uint8Array(9), count(MB), count(counts.length), counts, ...runs);
  },
  'a million names': () => {
    const names = joined(count(MB), ...Array.from({ length: 64 }, (_, block) => namesFrom(block * 16384)));
    return withSection(0, bytes().name('name').u8(1).done(), count(names.length), names);
  },
  'a header of a pclntab in every line, all leading to one table that ends wrong': () => {
    const headers = 16_000;
    const data = new Uint8Array(4 * MB);
    const view = new DataView(data.buffer);
    const tab = headers * 72;
    const entries = Math.floor((data.length - tab) / 8) - 1;
    for (let i = 0; i < entries - 1; i++) view.setUint32(tab + i * 8, 0x1000 + i, true);
    for (let at = 0; at < tab; at += 72) {
      view.setUint32(at, 0xfffffff1, true);
      view.setUint32(at + 4, 0x08010000, true);
      view.setUint32(at + 8, entries, true);
      for (let field = 32; field <= 64; field += 8) view.setUint32(at + field, tab - at, true);
    }
    return withImage(data);
  },
  'fifty thousand functions in one record': () => {
    const { data, view, rest } = table(50_000, 4096, (_, records) => records);
    partsAt(view, rest + 1024);
    return withImage(data);
  },
  'thirty thousand functions whose pc tables overlap': () => {
    const functions = 30_000;
    const { data, view, records, rest } = table(functions, functions * 44 + 200_000, (i, records) => records + i * 44);
    const tables = rest + functions * 44;
    partsAt(view, tables);
    for (let i = 0; i < functions; i++) {
      view.setUint32(records + i * 44 + 4, i, true);
      view.setUint32(records + i * 44 + 24, 1 + i * 2, true);
    }
    data.set(repeated(65_000, [2, 1]), tables + 1);
    return withImage(data);
  },
  'thirty thousand names of 64 KB that overlap': () => {
    const functions = 30_000;
    const { data, view, records, rest } = table(functions, functions * 44 + 200_000, (i, records) => records + i * 44);
    const names = rest + functions * 44;
    partsAt(view, names);
    for (let i = 0; i < functions; i++) view.setUint32(records + i * 44 + 4, i, true);
    data.fill(0x61, names);
    for (let at = names; at < data.length; at += 65_000) data[at] = 0;
    return withImage(data);
  },
  'names that never end': () => {
    const functions = 20_000;
    const { data, view, records, rest } = table(functions, functions * 44 + MB, (i, records) => records + i * 44);
    partsAt(view, rest + functions * 44);
    for (let i = 0; i < functions; i++) view.setUint32(records + i * 44 + 4, i, true);
    data.fill(0x61, rest + functions * 44);
    return withImage(data);
  },
  'inlined calls in a circle, in every function': () => withImage(circle()),
};

/** A module of one body of 60,000 bytes and debug sections. */
function withDwarf(sections: Record<string, Uint8Array>): Uint8Array {
  const customs = Object.entries(sections).map(([name, content]) => {
    const title = bytes().name(`.${name}`).done();
    return joined(header(0, title.length + content.length), title, content);
  });
  return joined(oneBody(joined(new Uint8Array(1), repeated(59_999, [1]))), ...customs);
}

/** A unit of version 5 around its entries. */
const unit5 = (entries: Uint8Array, abbreviations = 0) =>
  joined(
    bytes()
      .u32(entries.length + 8)
      .u16(5)
      .u8(1, 4)
      .u32(abbreviations)
      .done(),
    entries,
  );

/** Abbreviations 1, 2, …, each a tag, whether it has children, attributes with their forms; numbers in 3 are constants. */
const abbreviations = (...list: [tag: number, children: number, ...attributes: number[][]][]) => {
  const out = bytes();
  for (const [i, [tag, children, ...attributes]] of list.entries()) {
    out
      .leb(i + 1)
      .leb(tag)
      .u8(children);
    for (const attribute of attributes) for (const each of attribute) out.leb(each);
    out.u8(0, 0);
  }
  return out.u8(0).done();
};
/** A unit that has all code: low_pc 1, high_pc 60,000. */
const WHOLE = [
  [0x11, 0x01],
  [0x12, 0x06],
];
const whole = bytes().leb(1).u32(1).u32(59_000).done();
const line = (
  program: Uint8Array,
  header = bytes().u8(1, 1, 1, 1, 1, 10, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0).cString('a.c').u8(0, 0, 0, 0).done(),
) =>
  joined(
    bytes()
      .u32(program.length + header.length + 6)
      .u16(4)
      .u32(header.length)
      .done(),
    header,
    program,
  );
const WITH_LINES = [[0x10, 0x17], ...WHOLE];
const wholeWithLines = bytes().leb(1).u32(0).u32(1).u32(59_000).done();

/** Debug information that asks for much. The inlined calls of 2 have an address by index; all code has address 100 and more. */
const DWARF_BOMBS: Record<string, () => Record<string, Uint8Array>> = {
  'a hundred thousand units': () => ({
    debug_abbrev: abbreviations([0x11, 0]),
    debug_info: repeated(100_000, [...unit5(Uint8Array.of(1))]),
  }),
  'a hundred thousand units, each with abbreviations that begin a byte later': () => ({
    debug_abbrev: repeated(100_000, [1]),
    debug_info: joinedAll(Array.from({ length: 100_000 }, (_, i) => unit5(Uint8Array.of(1), i))),
  }),
  'four million namespaces in each other': () => ({
    debug_abbrev: abbreviations([0x11, 1, ...WHOLE], [0x39, 1]),
    debug_info: unit5(joined(whole, repeated(4 * MB, [2]))),
  }),
  'half a million inlined calls in each other': () => ({
    debug_abbrev: abbreviations([0x11, 1, ...WHOLE], [0x1d, 1, [0x11, 0x29], [0x12, 0x21, 200]]),
    debug_addr: bytes().u32(8, 5, 100).done(),
    debug_info: unit5(joined(whole, repeated(MB / 2, [2, 0]))),
  }),
  'an abbreviation of a million attributes that take no byte': () => ({
    debug_abbrev: joined(bytes().leb(1).leb(0x11).u8(1).done(), repeated(MB, [0x34, 0x19]), new Uint8Array(3)),
    debug_info: unit5(repeated(4 * MB, [1])),
  }),
  'a quarter of a million functions of a hundred attributes, of which most take no byte': () => ({
    debug_abbrev: abbreviations(
      [0x11, 1, ...WHOLE],
      [0x2e, 0, [0x11, 0x01], ...Array.from({ length: 99 }, () => [0x34, 0x19])],
    ),
    debug_info: unit5(joined(whole, repeated(MB / 4, [2, 1, 0, 0, 0]))),
  }),
  'a million abbreviations': () => ({
    debug_abbrev: joined(repeated(MB, [1, 0x34, 0, 0, 0]), new Uint8Array(1)),
    debug_info: unit5(Uint8Array.of(9)),
  }),
  'a quarter of a million functions that share a list of ranges without end': () => ({
    debug_abbrev: abbreviations([0x11, 1, ...WHOLE], [0x2e, 0, [0x55, 0x17]]),
    debug_rnglists: joined(repeated(300_000, [7, 100, 0, 0, 0, 50]), new Uint8Array(1)),
    debug_info: unit5(joined(whole, repeated(250_000, [2, 0, 0, 0, 0]))),
  }),
  'ranges of billions': () => ({
    debug_abbrev: abbreviations([0x11, 1, ...WHOLE], [0x2e, 0, [0x11, 0x01], [0x12, 0x07]]),
    debug_info: unit5(joined(whole, repeated(200_000, [2, 100, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]))),
  }),
  'four million rows': () => ({
    debug_abbrev: abbreviations([0x11, 0, ...WITH_LINES]),
    debug_line: line(joined(bytes().u8(0, 5, 2).u32(100).done(), repeated(4 * MB, [20]), Uint8Array.of(0, 1, 1))),
    debug_info: unit5(wholeWithLines),
  }),
  'a million sequences': () => ({
    debug_abbrev: abbreviations([0x11, 0, ...WITH_LINES]),
    debug_line: line(repeated(MB / 2, [0, 5, 2, 100, 0, 0, 0, 1, 2, 1, 0, 1, 1])),
    debug_info: unit5(wholeWithLines),
  }),
  'a line program that advances forever': () => ({
    debug_abbrev: abbreviations([0x11, 0, ...WITH_LINES]),
    debug_line: line(
      joined(
        bytes().u8(0, 5, 2).u32(100).u8(1).done(),
        repeated(400_000, [2, 255, 255, 255, 255, 255, 255, 255, 127, 1]),
      ),
    ),
    debug_info: unit5(wholeWithLines),
  }),
  'a hundred thousand units with line tables that begin a byte later': () => ({
    debug_abbrev: abbreviations([0x11, 0, [0x10, 0x17], ...WHOLE]),
    debug_line: repeated(400_000, [0, 1, 0, 0, 0, 4, 0]),
    debug_info: joinedAll(
      Array.from({ length: 100_000 }, (_, i) => unit5(bytes().leb(1).u32(i).u32(1).u32(59_000).done())),
    ),
  }),
  'a line table of 2^32 files that take no byte': () => ({
    debug_abbrev: abbreviations([0x11, 0, ...WITH_LINES]),
    debug_line: joined(
      bytes().u32(40).u16(5).u8(4, 0).u32(28).u8(1, 1, 1, 1, 1, 10, 0, 1, 1, 1, 1, 0, 0, 0, 1).done(),
      bytes()
        .u8(0, 0, 1, 1, 0x19)
        .leb(2 ** 32 - 1)
        .zeros(20)
        .done(),
    ),
    debug_info: unit5(wholeWithLines),
  }),
  'sixty thousand functions whose names overlap': () => ({
    debug_abbrev: abbreviations([0x11, 1, ...WHOLE], [0x2e, 0, [0x11, 0x01], [0x12, 0x21, 1], [0x03, 0x0e]]),
    debug_str: joined(repeated(120_000, [0x61]), new Uint8Array(1)),
    debug_info: unit5(
      joined(
        whole,
        ...Array.from({ length: 59_000 }, (_, i) =>
          bytes()
            .leb(2)
            .u32(i + 1, 60_000 + i)
            .done(),
        ),
      ),
    ),
  }),
  'a hundred thousand units that do not say what they have': () => ({
    debug_abbrev: abbreviations([0x11, 1], [0x2e, 0, [0x11, 0x01], [0x12, 0x21, 1]]),
    debug_info: repeated(100_000, [...unit5(Uint8Array.of(1, 2, 100, 0, 0, 0, 0))]),
  }),
};

for (const [name, make] of Object.entries(DWARF_BOMBS)) BOMBS[`DWARF: ${name}`] = () => withDwarf(make());

function namesFrom(first: number): Uint8Array {
  const out = new Uint8Array(16384 * 5);
  for (let i = 0; i < 16384; i++)
    out.set(
      bytes()
        .paddedLeb(first + i, 4)
        .u8(0)
        .done(),
      i * 5,
    );
  return out;
}

/** Each of 100,000 functions has at its first block an inlined call that stands in itself. */
function circle(): Uint8Array {
  const { data, view, records } = table(100_000, 8192, (_, records) => records);
  const parts = records + 1024;
  const tree = records + 2048;
  const moduledata = records + 4096;
  partsAt(view, parts);
  view.setUint32(40, parts + 512, true);
  data.set([0, 0x61, 0], parts);
  // pcfile, pcln and the inline index: 0 for ten blocks.
  data.set([2, 10, 0], parts + 4);
  const set = (offset: number, value: number) => view.setUint32(records + offset, value, true);
  set(4, 1);
  set(20, 4);
  set(24, 4);
  set(28, 3);
  data[records + 43] = 4;
  set(44 + 8, 4);
  view.setUint32(tree + 4, 1, true);
  view.setUint32(moduledata, 0x11000, true);
  view.setUint32(moduledata + 8, 0x11000 + parts, true);
  view.setUint32(moduledata + 296, 0x11000, true);
  view.setUint32(moduledata + 320, 0x11000 + tree, true);
  return data;
}

for (const [name, make] of Object.entries(BOMBS)) {
  test(name, { timeout: 60_000 }, () => {
    const content = make();
    collect();
    const before = process.memoryUsage();
    let rows = 0;
    try {
      const program = new Program(content);
      readInfo(program);
      for (const offset of [20, 1000, content.length - 10]) program.locate(offset);
      // Each of 60,000 bytes of code has another answer in some.
      for (let offset = 0; offset < 60_000; offset += 10) program.locate(offset);
      for (const why of program.debugWarnings()) assert.ok(why.length < 200 && !why.includes('\n'), why);
      program.pcFNamed('main.main');
      rows = functionRows(program).length;
    } catch (error) {
      assert.match(`${error}`, /^Malformed: expected .* at offset 0x[0-9a-f]+$/);
    }
    const after = process.memoryUsage();
    const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
    // Rows are the answer itself, 200 bytes each.
    const allowed = 32 * MB + 24 * content.length + 250 * rows;
    assert.ok(grown < allowed, `${Math.round(grown / MB)} MB for ${(content.length / MB).toFixed(1)} MB, ${rows} rows`);
  });
}

/** A Go program of as many bodies as functions, each `nop; end`. */
const withBodies = (functions: number, image: Uint8Array) =>
  joined(withSection(10, count(functions), repeated(functions, [3, 0, 1, 0x0b])), withImage(image).subarray(8));

/** Programs that ask for much when all of them is told, as DWARF does. */
const WIDE: Record<string, [make: () => Uint8Array, refused: number]> = {
  'fifty thousand functions, each with the same 65,000 lines': [
    () => {
      const { data, view, rest } = table(50_000, 200_000, (_, records) => records);
      partsAt(view, rest + 1024);
      view.setUint32(rest + 20, 4, true);
      view.setUint32(rest + 24, 4, true);
      data.set(repeated(65_000, [2, 1]), rest + 1024 + 4);
      return withBodies(50_000, data);
    },
    49_000,
  ],
  'a package for each of forty thousand functions': [
    () => {
      const functions = 40_000;
      const { data, view, records, rest } = table(functions, functions * 54 + 64, (i, records) => records + i * 44);
      const names = rest + functions * 44;
      partsAt(view, names);
      for (let i = 0; i < functions; i++) {
        view.setUint32(records + i * 44 + 4, i * 10, true);
        data.set(new TextEncoder().encode(`p${String(i).padStart(6, '0')}.f`), names + i * 10);
      }
      return withBodies(functions, data);
    },
    20_000,
  ],
  'a path of 60,000 letters in each of ten thousand packages': [
    () => {
      const functions = 10_000;
      const { data, view, records, rest } = table(functions, functions * 54 + 70_000, (i, records) => records + i * 44);
      const names = rest + functions * 44;
      partsAt(view, names);
      // One table of one line and file 0, and the path, behind all names.
      const tables = functions * 10;
      view.setUint32(40, names + tables + 8, true);
      data.set([2, 2, 0], names + tables);
      view.setUint32(names + tables + 8, tables + 12, true);
      data.fill(0x61, names + tables + 12, names + tables + 60_012);
      for (let i = 0; i < functions; i++) {
        const at = records + i * 44;
        view.setUint32(at + 4, i * 10, true);
        view.setUint32(at + 20, tables, true);
        view.setUint32(at + 24, tables, true);
        data.set(new TextEncoder().encode(`p${String(i).padStart(6, '0')}.f`), names + i * 10);
      }
      return withBodies(functions, data);
    },
    9_000,
  ],
};

for (const [name, [make, refused]] of Object.entries(WIDE)) {
  test(`DWARF of ${name}`, { timeout: 60_000 }, () => {
    const content = make();
    collect();
    const before = process.memoryUsage();
    const { unread, sections } = makeDwarf(new Program(content), '');
    const after = process.memoryUsage();
    assert.ok(unread >= refused, `${unread} unread`);
    const written = sections.reduce((sum, [, part]) => sum + part.length, 0);
    assert.ok(written < 16 * MB + 4 * content.length, `${written} bytes for ${content.length}`);
    const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
    assert.ok(grown < 64 * MB + 24 * content.length, `${Math.round(grown / MB)} MB for ${content.length} bytes`);
  });
}

/** Captures of the bridge: what stands behind the title, in zeros for the rest. */
const CAPTURES: Record<string, () => Uint8Array> = {
  'counts of 2^32-1': () => repeated(20, [0xff, 0xff, 0xff, 0xff, 0x0f]),
  'a million names': () => joined(count(MB), repeated(MB, [1, 0x61])),
  'sixteen million names': () => joined(count(16 * MB), new Uint8Array(16 * MB)),
  'four million empty stacks': () =>
    joined(bytes().u8(0, 0).done(), count(4 * MB), count(4 * MB), new Uint8Array(4 * MB + 20)),
  'a hundred thousand entries and two million events': () => {
    const columns = (each: number[], times: number) =>
      each.flatMap((size) => [count(size * times), new Uint8Array(size * times)]);
    const sums = [1, 1, 1, 8, 8].flatMap((size) => [count(size * 100_001), new Uint8Array(size * 100_001)]);
    const entries = joined(count(100_000), ...columns([1, 1, 1, 1], 100_000), ...sums);
    const nothingSeen = bytes().u8(0).zeros(8).u8(0, 0, 0).done();
    const events = joined(count(2 * MB), ...columns([1, 1, 1, 1, 1], 2 * MB));
    return joined(bytes().u8(0, 0, 0, 0, 0).done(), entries, events, nothingSeen);
  },
};

for (const [name, make] of Object.entries(CAPTURES)) {
  test(`capture: ${name}`, { timeout: 60_000 }, () => {
    const body = joined(bytes().zeros(8).leb(1).name('').zeros(32).u8(0, 0, 1).done(), make());
    const file = joined(bytes().ascii('gobridge').u8(1).u32(body.length, crc32(body)).done(), body);
    collect();
    const before = process.memoryUsage();
    let read: unknown;
    try {
      read = decodeCapture(file);
    } catch (error) {
      assert.match(`${error}`, /^Malformed: expected .* at offset 0x[0-9a-f]+$/);
    }
    const after = process.memoryUsage();
    assert.equal(read !== undefined, name.startsWith('a hundred'), name);
    const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
    assert.ok(grown < 32 * MB + 24 * file.length, `${Math.round(grown / MB)} MB for ${file.length} bytes`);
  });
}

/** A section of a dump. */
const part = (section: number, ...contents: Uint8Array[]) => {
  const all = joined(...contents);
  return joined(bytes().u8(section).done(), count(all.length), all);
};
/** Of a program with 4 GiB of memory. */
const ABOUT_DUMP = part(
  1,
  bytes()
    .zeros(22)
    .leb(2 ** 32)
    .done(),
);
const NO_HANDLES = part(2, bytes().zeros(22).done());
const NO_PREVIEWS = part(5, bytes().zeros(9).done());
/** Clock, slots and what is in them, in front of the class names. */
const COUNTS = new Uint8Array(20);
const HUGE = repeated(40, [0xff, 0xff, 0xff, 0xff, 0x0f]);
/** 64 pages of zeros, of which a dump would not say a word. */
const ZEROS = new Uint8Array(64 * 65536);
const DEFLATED = deflateRawSync(ZEROS);
const SUM = bytes().u32(crc32(ZEROS)).done();
const zeroPages = (at: number) => part(6, count(64), count(at), repeated(63, [1]), SUM, DEFLATED);

/** Dumps: their sections behind what is said about the program, and whether they are read. */
const DUMPS: Record<string, [make: () => Uint8Array, read: boolean]> = {
  'class names: 2^32-1': [() => part(2, COUNTS, HUGE), false],
  'sixteen million class names': [() => part(2, COUNTS, count(16 * MB), new Uint8Array(16 * MB)), false],
  'handles: 2^32-1': [() => part(2, COUNTS, count(0), HUGE), false],
  'three million handles that are one': [
    () => part(2, COUNTS, count(0), count(3 * MB), new Uint8Array(15 * MB + 64)),
    false,
  ],
  'a million handles': [
    () => {
      const ids = repeated(MB, [1]);
      const previews = part(5, new Uint8Array(8), count(1), bytes().name('x').done(), new Uint8Array(5 * MB));
      return joined(part(2, COUNTS, count(0), count(MB), ids, new Uint8Array(4 * MB)), previews);
    },
    true,
  ],
  'a million previews of two letters': [
    () => {
      const ids = repeated(MB, [1]);
      const texts = repeated(MB, [2, 0x61, 0x62]);
      const previews = part(5, new Uint8Array(8), count(1), bytes().name('x').done(), new Uint8Array(4 * MB), texts);
      return joined(part(2, COUNTS, count(0), count(MB), ids, new Uint8Array(4 * MB)), previews);
    },
    true,
  ],
  'previews of handles that are not there': [() => joined(NO_HANDLES, part(5, new Uint8Array(8), HUGE)), false],
  'stacks of 2^32-1 words': [() => joined(NO_HANDLES, part(3, new Uint8Array(9), HUGE), NO_PREVIEWS), false],
  'four million empty stacks': [
    () => joined(NO_HANDLES, part(3, new Uint8Array(9), count(4 * MB), new Uint8Array(4 * MB)), NO_PREVIEWS),
    true,
  ],
  'js.Funcs: 2^32-1': [() => joined(NO_HANDLES, part(4, HUGE), NO_PREVIEWS), false],
  'a million js.Funcs and what was made at sixteen million stacks': [
    () =>
      joined(
        NO_HANDLES,
        part(4, count(MB), new Uint8Array(13 * MB), count(16 * MB), new Uint8Array(16 * MB)),
        NO_PREVIEWS,
      ),
    false,
  ],
  'pages: 2^32-1': [() => joined(NO_HANDLES, NO_PREVIEWS, part(6, HUGE)), false],
  'a million sections that nobody knows': [() => joined(repeated(MB, [9, 0]), NO_HANDLES, NO_PREVIEWS), true],
  'four gigabytes of zeros': [
    () => joined(NO_HANDLES, NO_PREVIEWS, ...Array.from({ length: 1024 }, (_, i) => zeroPages(i * 64))),
    true,
  ],
};

for (const [name, [make, isRead]] of Object.entries(DUMPS)) {
  test(`dump: ${name}`, { timeout: 60_000 }, () => {
    const body = joined(ABOUT_DUMP, make());
    const file = joined(bytes().ascii('gowadump').u8(1).u32(body.length, crc32(body)).done(), body);
    collect();
    const before = process.memoryUsage();
    let read: unknown;
    try {
      const dump = decodeDump(file);
      const memory = openMemory(dump, inflate, 2 ** 32);
      read = [dump, memory, memory.u32(2 ** 31)];
    } catch (error) {
      assert.match(`${error}`, /^Malformed: expected .* at offset 0x[0-9a-f]+$/);
      assert.ok((error as Malformed).offset > 17 + ABOUT_DUMP.length, `${error}`);
    }
    const after = process.memoryUsage();
    assert.equal(read !== undefined, isRead, name);
    const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
    assert.ok(grown < 32 * MB + 24 * file.length, `${Math.round(grown / MB)} MB for ${file.length} bytes`);
  });
}

test('what inflates to 256 MB is given up where it is too large', { timeout: 60_000 }, async () => {
  const bomb = deflateRawSync(new Uint8Array(256 * MB));
  collect();
  const before = process.memoryUsage();
  assert.equal(inflate(bomb, 65536), null);
  assert.equal(await inflateStream(bomb, 65536), null);
  const after = process.memoryUsage();
  const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  assert.ok(grown < 32 * MB, `${Math.round(grown / MB)} MB`);
});

test('the circle of inlined calls is met, and remembered', () => {
  const program = new Program(withImage(circle()));
  assert.equal(program.framesOfReturn(0x1000_0001), null);
  assert.equal(functionRows(program).length, 100_000);
  assert.equal(program.framesOfReturn(0x1100_0001)?.length, 1);
});

test('a stack of 300,000 different frames is told without its middle', () => {
  const rows = Array.from(
    { length: 300_000 },
    (_, i): FrameRow => ({
      kind: 'frame',
      function: `f${i}`,
      file: 'a.go',
      line: i,
      inlined: false,
      precision: 'exact',
      from: 'v8',
      internal: false,
    }),
  );
  const folded = foldRows(rows);
  assert.equal(folded.length, 22_001);
  assert.deepEqual([folded[0], folded[22_000]], [rows[0], rows[299_999]]);
  assert.equal(folded.find((row) => row.kind === 'gap')?.why, '278000 rows left out here');
});

test('an error with 200,000 lines of JavaScript is told', () => {
  const session = createSession();
  const stack = Array.from({ length: 200_000 }, (_, i) => `    at f${i} (http://h/a.js:${i}:1)`).join('\n');
  const { failures } = session.seen('r', {
    type: 'error',
    seq: 1,
    how: 'error',
    name: 'Error',
    message: 'x',
    stack,
    captures: [],
    at: 1,
  });
  assert.equal(failures[0].stack.rows.length, 22_001);
});

test('folding takes a bounded number of looks at each key', () => {
  for (const size of [20_000, 40_000]) {
    let looks = 0;
    // Almost periodic: runs of every length begin everywhere and come to nothing.
    const keys = new Proxy(
      Array.from({ length: size }, (_, i) => (i % 31 === 0 ? i : i % 3)),
      {
        get(target, key, self) {
          looks++;
          return Reflect.get(target, key, self);
        },
      },
    );
    foldRuns(keys);
    assert.ok(looks < size * 400, `${looks} looks at ${size} keys`);
  }
});
