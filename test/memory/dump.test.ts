/** Dumps as files: what goes in comes out; what is cut, changed, foreign or makes no sense is refused in one line. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { Capture } from '../../src/bridge/capture';
import { encodeCapture } from '../../src/bridge/file';
import { crc32 } from '../../src/bytes/crc32';
import { Malformed } from '../../src/bytes/malformed';
import { beginDump, chunksOf, type DeflatedPages, type Dump, decodeDump } from '../../src/memory/dump';
import { openMemory } from '../../src/memory/memory';
import { deflate, inflate } from '../../src/node/deflate';
import { type DumpParts, PAGE } from '../../src/protocol/handles';
import { type Bytes, bytes } from '../assemble';
import { ABOUT, emptyParts, madeParts, madeTable, takenOf } from './made';

function chunksFor({ pages, bytes }: DumpParts): DeflatedPages[] {
  return [...chunksOf(pages, bytes as Uint8Array)].map(({ pages, bytes }) => ({
    pages,
    crc: crc32(bytes),
    deflated: deflate(bytes),
  }));
}

function fileOf(parts: DumpParts, about = ABOUT, chunks = chunksFor(parts)): Uint8Array {
  const writer = beginDump(about, takenOf(parts));
  for (const chunk of chunks) writer.addChunk(chunk);
  const file = new Uint8Array(writer.size);
  let at = 0;
  for (const part of writer.done()) {
    file.set(part, at);
    at += part.length;
  }
  assert.equal(at, file.length);
  return file;
}

/** A file whose checksum is right, whatever it says. */
function sealed(body: Uint8Array): Uint8Array {
  const header = bytes().ascii('gowadump').u8(1).u32(body.length, crc32(body)).done();
  const file = new Uint8Array(header.length + body.length);
  file.set(header);
  file.set(body, header.length);
  return file;
}

const HEADER = 17;

/** Everything that a dump tells, pages too. */
function told(file: Uint8Array) {
  const { chunks, ...rest } = decodeDump(file);
  const memory = openMemory({ chunks, ...rest }, inflate, 2 ** 32);
  return { ...rest, pages: chunks.flatMap(({ pages }) => [...pages]), words: memory.words(2 ** 30) };
}

function expected(parts: DumpParts, about = ABOUT) {
  const image = new Uint8Array(parts.memory);
  for (const [i, page] of parts.pages.entries()) {
    image.set((parts.bytes as Uint8Array).subarray(i * PAGE, (i + 1) * PAGE), page * PAGE);
  }
  return { about, ...takenOf(parts), pages: [...parts.pages], words: new Int32Array(image.buffer) };
}

const why = (read: () => unknown): string => {
  try {
    read();
    return 'taken';
  } catch (error) {
    assert.ok(error instanceof Malformed, `${error}`);
    assert.match(error.message, /^expected .* at offset 0x[0-9a-f]+$/);
    return error.message;
  }
};

test('a dump comes back as it went', () => {
  for (const parts of [madeParts(), emptyParts()]) {
    assert.deepEqual(told(fileOf(parts)), expected(parts));
    const nothing = { ...ABOUT, title: '', goVersion: '', pc: 0, size: 0, takenAt: -1 };
    assert.deepEqual(told(fileOf(parts, nothing)), expected(parts, nothing));
  }
  const unwatched = madeParts({ ...madeTable(), watched: null, registered: null, funcs: -1 });
  assert.deepEqual(told(fileOf(unwatched)), expected(unwatched));
});

test('a hundred thousand handles come back', () => {
  const rows = 100_000;
  const ids = new Int32Array(rows).map((_, i) => i * 7);
  const cycle = (of: number) => new Int32Array(rows).map((_, i) => i % of);
  const table = {
    ...madeTable(),
    ...{ ids, types: new Uint8Array(cycle(8)), refs: cycle(1000), classes: cycle(4), flags: new Uint8Array(cycle(7)) },
    watched: {
      ...madeTable().watched!,
      ...{ births: new Float64Array(ids), times: new Float64Array(rows).map((_, i) => i / 3) },
      ...{ crossings: new Float64Array(cycle(3)), stacks: cycle(4), funcs: cycle(9), codes: ids },
      ...{ handlers: cycle(2), turns: ids },
    },
  };
  const parts = madeParts(table);
  parts.previews.texts = Array.from({ length: rows }, (_, i) => `div#n${i}`);
  assert.deepEqual(told(fileOf(parts)), expected(parts));
});

test('a text of half a surrogate pair, or of too many characters, is still a file', () => {
  const parts = madeParts();
  parts.previews.texts[0] = '\ud83d';
  const long = { ...ABOUT, title: 'x'.repeat(70_000), goVersion: 'ü'.repeat(2000) };
  const back = decodeDump(fileOf(parts, long));
  assert.equal(back.previews.texts[0], '\ufffd');
  assert.deepEqual([back.about.title.length, back.about.goVersion.length], [65_536, 1024]);
});

/** What the layout says, put together by hand: two handles, who made them, one js.Func, one page of two. */
function byHand(pages: Bytes[] = [byHandPage()], memory = 2 * PAGE): Bytes[] {
  const about = bytes().u8(1, 2, 3, 4, 5, 6, 7, 8).leb(99).name('t').u32(0, 0x4000_0000).name('go1.27').leb(0x200);
  const zero = [0, 0] as const;
  const handles = bytes().u32(...zero, ...zero);
  handles.leb(9).leb(1).leb(2).leb(0).leb(1).name('Go');
  // Ids 6 and 8.
  handles.leb(2).leb(6).leb(2).u8(1, 2).leb(0).leb(4).leb(1).leb(0).u8(0, 4);
  const watched = bytes()
    .u32(...zero)
    .leb(0);
  // One stack of two PCs, cut: -2; the second PC 1 below the first.
  watched
    .leb(3)
    .leb(3)
    .leb(0x1000_0002 * 2)
    .leb(1);
  watched
    .leb(0)
    .leb(1)
    .u32(...zero, 0, 0x4000_0000)
    .leb(0)
    .leb(3);
  watched.leb(0).leb(1).leb(0).leb(5).leb(0).leb(0x1000).leb(0).leb(0).leb(0).leb(7);
  const registered = bytes().leb(1).leb(5).leb(0x1000).leb(1).u32(0, 0x4000_0000).leb(0).leb(7);
  registered.leb(2).leb(0).leb(1);
  const previews = bytes()
    .u32(...zero)
    .leb(1)
    .name('x');
  previews.u8(1, 2, 0, 4).leb(1).leb(2).leb(0).leb(0).name('').name('f');
  const sections = [about.u8(1).leb(0x1_0000_0001).leb(memory), handles, watched, registered, previews, ...pages];
  return sections.map((contents, i) =>
    bytes()
      .u8(Math.min(i + 1, 6))
      .sized(contents),
  );
}

const CONTENT = new Uint8Array(PAGE).fill(3);

function byHandPage(page = 1, crc = crc32(CONTENT), raw: Uint8Array = CONTENT): Bytes {
  return bytes().leb(1).leb(page).u32(crc).bytes(deflateRawSync(raw));
}

const joined = (...parts: Bytes[]) => parts.reduce((all, part) => all.bytes(part), bytes()).done();

test('the layout is what the file says', () => {
  const file = sealed(joined(...byHand()));
  const dump = decodeDump(file);
  const { table, previews, about, chunks } = dump;
  assert.deepEqual(about, {
    fingerprint: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    ...{ size: 99, title: 't', takenAt: 2, goVersion: 'go1.27', pc: 0x1_0000_0001 },
  });
  assert.deepEqual([dump.sp, dump.at, dump.memory], [0x200, 'import', 2 * PAGE]);
  assert.deepEqual(table, {
    ...{ now: 0, origin: 0, slots: 9, free: 1, funcs: 1, numgc: -1, classNames: ['', 'Go'] },
    ...{ ids: Int32Array.of(6, 8), types: Uint8Array.of(1, 2), refs: Int32Array.of(-1, 3) },
    ...{ classes: Int32Array.of(1, 0), flags: Uint8Array.of(0, 4) },
    watched: {
      ...{ since: 0, births: Float64Array.of(0, 1), times: Float64Array.of(0, 2), crossings: Float64Array.of(0, 3) },
      ...{ stacks: Int32Array.of(0, 1), funcs: Int32Array.of(0, 5), codes: Int32Array.of(0, 0x1000) },
      ...{ handlers: Int32Array.of(0, 0), turns: Int32Array.of(0, 7) },
      ...{ stackWords: Int32Array.of(-2, 0x1000_0002, 0x1000_0001), lost: 0 },
    },
    registered: {
      ...{ ids: Int32Array.of(5), codes: Int32Array.of(0x1000), stacks: Int32Array.of(1), times: Float64Array.of(2) },
      ...{ handlers: Int32Array.of(0), turns: Int32Array.of(7), made: Int32Array.of(0, 1) },
    },
  });
  assert.deepEqual(previews, {
    ...{ now: 0, ids: Int32Array.of(6, 8), types: Uint8Array.of(1, 2), flags: Uint8Array.of(0, 4) },
    ...{ births: Float64Array.of(0, 1), classes: ['x', 'x'], texts: ['', 'f'] },
  });
  const [{ pages, deflated }] = chunks;
  assert.deepEqual([[...pages], chunks.length], [[1], 1]);
  assert.deepEqual(inflateRawSync(deflated).equals(CONTENT), true);
  const again = { ...dump, pages: Int32Array.from(pages), bytes: CONTENT };
  assert.deepEqual(fileOf(again, about, chunks), file, 'and is written so');
});

test('what a later release adds is skipped; what it may not do is refused', () => {
  const plain = decodeDump(sealed(joined(...byHand())));
  const later = bytes().u8(7).sized(bytes().ascii('anything'));
  const other = bytes().u8(255).sized(bytes());
  const [about, handles, watched, registered, previews, pages] = byHand();
  const parts = [about, handles, watched, registered, previews, pages];
  for (let at = 0; at <= parts.length; at++) {
    const dump = decodeDump(sealed(joined(...parts.slice(0, at), later, other, ...parts.slice(at))));
    assert.deepEqual(withoutOffsets(dump), withoutOffsets(plain), `in front of section ${at}`);
  }
  assert.equal(decodeDump(sealed(joined(about, handles, previews))).table.registered, null);
  for (const [refused, expected] of [
    [[handles, previews], /^expected a section about the program at offset 0x11$/],
    [[about, previews], /^expected a section of handles at/],
    [[about, handles, watched], /^expected a section of previews at/],
    [[handles, about, previews], /^expected a section about the program at offset 0x11$/],
    [[about, about, handles, previews], /^expected a section of handles at/],
    [[about, handles, watched, handles, previews], /^expected a section of previews at/],
    [[about, handles, previews, previews], /^expected the end of the dump at/],
    [[about, handles, previews, pages, registered], /^expected the end of the dump at/],
    [[about, handles, previews, bytes().u8(7)], /^expected a byte at/],
    [[about, handles, previews, bytes().u8(7, 5)], /^expected a section at/],
    // Without its stacks a js.Func was made at none that there is.
    [[about, handles, registered, previews], /^expected a table of handles whose numbers make sense at/],
    [[about, handles, registered, watched, previews], /^expected a table of handles whose numbers make sense at/],
  ] as [Bytes[], RegExp][]) {
    assert.match(
      why(() => decodeDump(sealed(joined(...refused)))),
      expected,
    );
  }
  for (const [at, section] of parts.entries()) {
    const contents = section.done().slice(2 + (section.length > 129 ? 1 : 0));
    const longer = bytes()
      .u8(at + 1)
      .sized(bytes().bytes(contents).u8(0));
    const dump = sealed(joined(...parts.slice(0, at), longer, ...parts.slice(at + 1)));
    // Behind the last block of DEFLATE nothing may stand either.
    if (at === 5)
      assert.match(
        why(() => told(dump)),
        /^expected pages that inflate to 65536 bytes at/,
      );
    else
      assert.match(
        why(() => decodeDump(dump)),
        /^expected the end of a section at/,
      );
  }
});

const withoutOffsets = ({ chunks, ...rest }: Dump) => ({
  ...rest,
  chunks: chunks.map(({ offset: _offset, ...chunk }) => chunk),
});

test('what is said of the program is within bounds', () => {
  const [, handles, , , previews] = byHand();
  const refused = (about: Bytes) =>
    why(() => decodeDump(sealed(joined(bytes().u8(1).sized(about), handles, previews))));
  const about = (title: string, high: number, where: number) =>
    bytes().zeros(8).leb(0).name(title).u32(0, high).leb(0).leb(0).u8(where).leb(0).leb(PAGE);
  assert.equal(refused(about('x'.repeat(65536), 0x4000_0000, 1)), 'taken');
  assert.match(refused(about('x'.repeat(65537), 0, 1)), /^expected a text of at most 65536 characters at/);
  assert.match(refused(about('x'.repeat(200_000), 0, 1)), /^expected a text of at most 65536 characters at/);
  assert.match(refused(about('', 0x7ff0_0000, 1)), /^expected a time in front of this at/);
  assert.match(refused(about('', 0x7ff8_0000, 1)), /^expected a time in front of this at/);
  assert.match(refused(about('', 0x4350_0000, 1)), /^expected a time in front of this at/);
  assert.match(refused(about('', 0, 2)), /^expected 0 or 1 in front of this at/);
});

test('stacks are whole, of PCs', () => {
  const [about, handles, , , previews] = byHand();
  const refused = (...words: number[]) => {
    const watched = bytes().zeros(9);
    for (const word of words) watched.leb(word);
    watched.zeros(2 * 15);
    return why(() => decodeDump(sealed(joined(about, handles, bytes().u8(3).sized(watched), previews))));
  };
  // Numbers of words and of PCs, and steps; the last two double, for they have a sign.
  assert.equal(refused(2, 2, 0xffff_ffff * 2), 'taken');
  assert.match(refused(2, 2, 0x1_0000_0000 * 2), /^expected a PC at/);
  assert.match(refused(2, 2, 1), /^expected a PC at/);
  assert.match(refused(2, 4, 0), /^expected a stack that ends at/);
  assert.match(refused(2, 3, 0), /^expected a stack that ends at/);
  assert.match(refused(1, 2 ** 40), /^expected a stack that ends at/);
  assert.match(refused(4194304 + 65536 + 1), /^expected a count of words of stacks that fits the section at/);
});

test('pages that cannot be are refused before they are inflated', () => {
  const refused = (...pages: Bytes[]) => why(() => decodeDump(sealed(joined(...byHand(pages)))));
  const many = (count: number) => {
    const chunk = bytes().leb(count);
    for (let i = 0; i < count; i++) chunk.leb(i === 0 ? 0 : 1);
    return chunk.u32(0);
  };
  assert.equal(refused(byHandPage(0), byHandPage(1)), 'taken');
  assert.match(refused(byHandPage(2)), /^expected a page from 0 on and below 2 at/);
  assert.match(refused(byHandPage(2 ** 32 - 1)), /^expected a page from 0 on and below 2 at/);
  assert.match(refused(byHandPage(1), byHandPage(0)), /^expected a page from 2 on and below 2 at/);
  assert.match(refused(byHandPage(1), byHandPage(1)), /^expected a page from 2 on and below 2 at/);
  assert.match(refused(many(3)), /^expected a page from 2 on and below 2 at/);
  assert.match(refused(bytes().leb(2).leb(1).leb(0).u32(0)), /^expected a page from 2 on and below 2 at/);
  assert.match(refused(many(0)), /^expected 1 to 64 pages at/);
  const roomy = (...pages: Bytes[]) => why(() => decodeDump(sealed(joined(...byHand(pages, 2 ** 32)))));
  assert.equal(roomy(many(64)), 'taken');
  assert.match(roomy(many(65)), /^expected 1 to 64 pages at/);
  assert.equal(roomy(byHandPage(65535)), 'taken');
  assert.match(roomy(byHandPage(65536)), /^expected a page from 0 on and below 65536 at/);
  for (const memory of [PAGE + 1, 2 ** 32 + PAGE, 2 ** 53]) {
    const file = sealed(joined(...byHand([], memory)));
    assert.notEqual(
      why(() => decodeDump(file)),
      'taken',
    );
  }
});

test('pages that do not inflate to what they were are refused when they are asked for', () => {
  const wrong = {
    'pages that inflate to 65536 bytes': [
      byHandPage(1, crc32(CONTENT), CONTENT.subarray(1)),
      byHandPage(1, crc32(CONTENT), new Uint8Array(PAGE + 1).fill(3)),
      bytes().leb(1).leb(1).u32(crc32(CONTENT)).bytes(deflateRawSync(CONTENT).subarray(0, -1)),
      bytes().leb(1).leb(1).u32(crc32(CONTENT)).u8(0xff, 0xff),
      bytes().leb(1).leb(1).u32(crc32(CONTENT)),
    ],
    'pages that add up to their checksum': [byHandPage(1, 7), byHandPage(1, crc32(CONTENT), new Uint8Array(PAGE))],
  };
  for (const [expected, pages] of Object.entries(wrong)) {
    for (const page of pages) {
      const dump = decodeDump(sealed(joined(...byHand([byHandPage(0), page]))));
      let inflated = 0;
      const memory = openMemory(
        dump,
        (deflated, size) => {
          inflated++;
          return inflate(deflated, size);
        },
        2 ** 32,
      );
      assert.deepEqual([inflated, memory.u32(PAGE - 4), inflated], [0, 0x0303_0303, 1]);
      for (let times = 0; times < 2; times++) {
        assert.equal(why(() => memory.u8(PAGE)).replace(/ at .*/, ''), `expected ${expected}`);
      }
      assert.equal(inflated, 2, 'the failure is remembered');
    }
  }
});

test('cut, changed and foreign files are refused, with what was expected where', () => {
  const file = sealed(joined(...byHand()));
  const whyOf = (content: Uint8Array) => why(() => told(content));
  const foreign = [
    ...[new Uint8Array(), bytes().ascii('{"a":1}').done(), bytes().ascii('\0asm').u32(1).done()],
    bytes().u8(0x89).ascii('PNG\r\n').u8(0x1a).ascii('\n').zeros(100).done(),
    encodeCapture(new Capture(), ABOUT),
    bytes().ascii('gowadum').done(),
  ];
  for (const content of foreign) {
    assert.equal(whyOf(content), 'expected a dump of a Go program ("gowadump") at offset 0x0');
  }
  assert.equal(whyOf(file), 'taken');
  for (let length = 0; length < file.length; length++) {
    assert.notEqual(whyOf(file.subarray(0, length)), 'taken', `${length} bytes`);
  }
  assert.match(whyOf(Uint8Array.from([...file, 0])), /^expected \d+ bytes, and not \d+ at offset 0x11$/);
  for (let at = 0; at < file.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      file[at] ^= 1 << bit;
      assert.notEqual(whyOf(file), 'taken', `bit ${bit} of byte ${at}`);
      file[at] ^= 1 << bit;
    }
  }
  file[8] = 2;
  assert.equal(whyOf(file), 'expected version 1 of the dump at offset 0x8');
});

test('numbers that stand for nothing are refused, whatever the checksum says', () => {
  const parts = madeParts();
  const one = { ...parts, pages: parts.pages.slice(0, 1), memory: 2 * PAGE };
  const whole = fileOf(one).subarray(HEADER);
  let [refused, cases] = [0, 0];
  const outcome = (body: Uint8Array) => {
    cases++;
    if (why(() => told(sealed(body))) !== 'taken') refused++;
  };
  outcome(whole);
  assert.equal(refused, 0);
  for (let at = 0; at < whole.length; at++) {
    for (const value of [0xff, 0x80, 0x7f, 0, whole[at] ^ 1]) {
      const work = whole.slice();
      work[at] = value;
      outcome(work);
    }
    outcome(whole.subarray(0, at));
  }
  assert.ok(refused > cases / 2 && refused < cases, `${refused} of ${cases}`);
});
