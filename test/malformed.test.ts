/**
 * Bad input, a lot of it, always the same: every reader over truncated and bit-flipped bytes and text. Readers may throw
 * Malformed and nothing else; Program, Session and the readers of text never throw. Each part also asserts that it got
 * through to the reader: some cases must still be read, some must be refused.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeCapture, encodeCapture } from '../src/bridge/file';
import { readProfile } from '../src/bridge/profile';
import { crc32 } from '../src/bytes/crc32';
import { Malformed } from '../src/bytes/malformed';
import { Reader } from '../src/bytes/reader';
import { withSections } from '../src/dwarfgen/append';
import { makeDwarf } from '../src/dwarfgen/make';
import { readGoText } from '../src/failures/gotext';
import { functionRows } from '../src/functions';
import { readAccesses } from '../src/go/accesses';
import { readBody } from '../src/go/body';
import { readBuildInfo } from '../src/go/buildinfo';
import { Image } from '../src/go/image';
import { findModuledata } from '../src/go/moduledata';
import { Pclntab } from '../src/go/pclntab';
import { readPcTable } from '../src/go/pcvalue';
import { findBuildVersion, releaseOf } from '../src/go/toolchain';
import { readInfo } from '../src/info';
import { ExactLines } from '../src/lines/exact';
import { LineMaker } from '../src/lines/make';
import { decodeTable, encodeTable } from '../src/lines/table';
import { Program } from '../src/program';
import type { Capture, HookEvent } from '../src/protocol/messages';
import { createSession } from '../src/session';
import { readPlaces } from '../src/sourcemap/consume';
import { makeSourceMap } from '../src/sourcemap/make';
import { symbolicate } from '../src/symbols/symbolicate';
import { bodyAt, type CodeOutline, readCode } from '../src/wasm/code';
import { Module } from '../src/wasm/module';
import { readFunctionNames } from '../src/wasm/names';
import { readProducers } from '../src/wasm/producers';
import { readDataSegments, readElements, readExports, readFunctionTypes, readImports } from '../src/wasm/sections';
import { bytes, custom, exportedFunctions, functionNames, module, pcTable } from './assemble';
import { captureOf, type MadeEvent } from './bridge/captures';
import { Dwarf } from './dwarfgen/reader';
import { openFixture } from './fixtures/open';
import { runFixture } from './fixtures/run';
import { tiny } from './go/tiny';
import { linesOf, listingOf } from './lines/listings';
import { readScopes } from './sourcemap/scopes-reader';

/** A generator with a fixed seed (Marsaglia's xorshift), so that a failure can be met again. */
class Dice {
  constructor(private state: number) {}
  below(limit: number): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) % limit;
  }
}

let cases = 0;

/** Counts what came of the cases of one part. */
class Tally {
  readonly outcomes = { read: 0, refused: 0 };
  constructor(private readonly part: string) {}

  /** @param read may only throw Malformed */
  reads(what: string, read: () => unknown): void {
    cases++;
    try {
      read();
      this.outcomes.read++;
    } catch (error) {
      assert.ok(error instanceof Malformed, `${this.part}, ${what}: ${(error as Error)?.stack ?? error}`);
      assert.ok(Number.isSafeInteger(error.offset) && error.offset >= 0, `${this.part}, ${what}: ${error.message}`);
      this.outcomes.refused++;
    }
  }

  /** @param ask must not throw; its answer says whether something was read */
  answers(what: string, ask: () => boolean): void {
    cases++;
    try {
      this.outcomes[ask() ? 'read' : 'refused']++;
    } catch (error) {
      assert.fail(`${this.part}, ${what}: ${(error as Error)?.stack ?? error}`);
    }
  }

  /** Both kinds of outcome were met, or the bytes were never looked at. */
  close(): void {
    const { read, refused } = this.outcomes;
    assert.ok(read > 0 && refused > 0, `${this.part}: ${read} read, ${refused} refused`);
  }
}

/** Flips one to three bits of bytes[from..to) for the time of one case, or sets a byte to one of the edges. */
function flipped(bytes: Uint8Array, from: number, to: number, dice: Dice, run: (what: string) => void): void {
  const undo: [number, number][] = [];
  for (let flips = 1 + dice.below(3); flips > 0; flips--) {
    const at = from + dice.below(to - from);
    undo.push([at, bytes[at]]);
    const edge = dice.below(4);
    bytes[at] = edge === 0 ? 0xff : edge === 1 ? 0x80 : bytes[at] ^ (1 << dice.below(8));
  }
  run(`bytes ${undo.map(([at]) => at).join(', ')} changed`);
  for (const [at, byte] of undo.reverse()) bytes[at] = byte;
}

/** Everything that can be asked of a program. @returns whether pclntab could still tell anything */
function askAll(program: Program, offsets: number[]): boolean {
  const info = readInfo(program);
  const rows = functionRows(program);
  const found = offsets.map((offset) => program.locate(offset));
  for (const block of [0, 1, 4, 0xffff]) program.framesOfReturn(0x1000_0000 + block);
  program.pcFNamed('main.inner');
  program.functionNamed('main.inner');
  program.go.collectorState();
  program.go.goroutineState();
  symbolicate(program, `at m.wasm:wasm-function[1]:0x${offsets[0].toString(16)}\nmain.inner()\n\ta.go:1 +0x1`);
  JSON.stringify([info, rows.slice(0, 50), found]);
  if (program.go.lines().ok) {
    const { map } = makeSourceMap(program, String);
    readScopes(map.scopes, map.names);
  }
  return found.some((one) => one?.via === 'pclntab');
}

const small = tiny();
const OFFSETS = [small.firstCall, small.secondCall, small.trap, small.trap - 1];
/** The small program with the sections that a stripped one lacks. */
const whole = bytes()
  .bytes(small.bytes)
  .bytes(exportedFunctions(['run', 1], ['resume', 2]))
  .bytes(functionNames([1, 'main.outer'], [2, 'main.inner']))
  .bytes(custom('sourceMappingURL', bytes().name('main.wasm.map')))
  .done();

test('a whole program cut at every byte', () => {
  const tally = new Tally('cut program');
  for (let length = 0; length < whole.length; length++) {
    tally.reads(`${length} bytes`, () => askAll(new Program(whole.slice(0, length)), OFFSETS));
  }
  tally.close();
});

test('a whole program with bits flipped', () => {
  const tally = new Tally('flipped program');
  const dice = new Dice(1);
  const work = whole.slice();
  for (let i = 0; i < 6000; i++) {
    flipped(work, 0, work.length, dice, (what) => tally.reads(what, () => askAll(new Program(work.slice()), OFFSETS)));
  }
  tally.close();
});

test('the small program’s data: pclntab, inline trees and moduledata with bits flipped', () => {
  const tally = new Tally('flipped tables');
  const dice = new Dice(2);
  const work = whole.slice();
  const data = new Module(work).section('data');
  assert.ok(data);
  for (let i = 0; i < 5000; i++) {
    flipped(work, data.offset + 8, data.offset + data.size, dice, (what) =>
      tally.answers(what, () => askAll(new Program(work.slice()), OFFSETS)),
    );
  }
  assert.ok(tally.outcomes.read > 1000, JSON.stringify(tally.outcomes));
  tally.close();
});

test('DWARF of the small program with bits flipped is still DWARF', () => {
  const tally = new Tally('DWARF');
  const dice = new Dice(12);
  const work = whole.slice();
  for (let i = 0; i < 3000; i++) {
    flipped(work, 8, work.length, dice, (what) =>
      tally.reads(what, () => {
        const { module } = new Program(work.slice());
        const made = makeDwarf(new Program(work.slice()), 'a test');
        const dwarf = new Dwarf(Buffer.concat(withSections(module, made.sections)));
        const size = module.section('code')?.size ?? 0;
        for (let address = 0; address < Math.min(size, 200); address++) dwarf.symbolize(address);
        assert.equal(dwarf.units.length, made.units);
        if (made.functions === 0) throw new Malformed('a function', 0);
      }),
    );
  }
  assert.ok(tally.outcomes.read > 1000, JSON.stringify(tally.outcomes));
  tally.close();
});

/** One binary of each shape that pclntab, `_func` and inline trees had. */
const RELEASES = ['1.11', '1.12', '1.15', '1.16', '1.17', '1.18', '1.19', '1.20', '1.24', '1.25', '1.27'];

for (const release of RELEASES) {
  test(`Go ${release}: pclntab cut and with bits flipped`, () => {
    const name = `go${release}/judge-stripped`;
    const { go } = new Program(openFixture(name));
    const [image, pclntab] = [go.image(), go.pclntab()];
    assert.ok(image.ok && pclntab.ok);
    // From the header on, so that it is found at once; as long as the oldest, which keeps its tables behind the functions.
    const { address } = pclntab.value;
    const from = address - image.value.base;
    const table = image.value.bytes.slice(
      from,
      from + Math.min(400_000, Math.floor((image.value.bytes.length - from) / 8) * 8),
    );
    const tally = new Tally(name);
    const dice = new Dice(Number(release.slice(2)));
    const read = (bytes: Uint8Array) => {
      const found = Pclntab.find(new Image(bytes, address), release);
      for (let i = 0; i < 12; i++) {
        const func = found.func((i * 997) % found.count);
        found.name(func.nameOff);
        found.file(func, found.table(func.pcfile).at(0));
        found.table(func.pcsp).at(1);
        found.pcdata(func, 2);
        found.funcdata(func, 3, address);
      }
    };
    for (let i = 0; i < 60; i++) {
      const length = dice.below(table.length / 8) * 8;
      tally.reads(`${length} bytes`, () => read(table.slice(0, length)));
    }
    for (let i = 0; i < 240; i++) {
      // Half of them in the header, where each bit counts; the rest anywhere.
      const end = i % 2 === 0 ? 96 : table.length;
      flipped(table, 0, end, dice, (what) => tally.reads(what, () => read(table)));
    }
    tally.close();
  });
}

test('pc-value tables: cut, flipped, and noise', () => {
  const tally = new Tally('pc tables');
  const dice = new Dice(5);
  const table = pcTable([10, 3], [7, 40], [300, 200], [-1, 210], [90000, 60000]).done();
  for (let length = 0; length <= table.length; length++)
    tally.reads(`${length}`, () => readPcTable(new Reader(table.slice(0, length))));
  for (let i = 0; i < 1000; i++)
    flipped(table, 0, table.length, dice, (what) => tally.reads(what, () => readPcTable(new Reader(table))));
  for (let i = 0; i < 1000; i++) {
    const noise = Uint8Array.from({ length: 40 }, () => dice.below(256) & (dice.below(2) ? 0xff : 0x0f));
    tally.reads(`noise ${i}`, () => readPcTable(new Reader(noise)));
  }
  tally.close();
});

const SECTIONS: [name: string, read: (reader: Reader) => unknown][] = [
  ['import', readImports],
  ['function', readFunctionTypes],
  ['export', readExports],
  ['element', readElements],
  ['code', readCode],
  ['data', readDataSegments],
  ['producers', readProducers],
  ['name', readFunctionNames],
];

for (const [name, read] of SECTIONS) {
  test(`section ${name} of a real binary: cut and with bits flipped`, () => {
    const module = new Module(openFixture('go1.27/judge-plain'));
    const section = module.section(name);
    assert.ok(section);
    const content = module.bytes.slice(section.offset, section.offset + section.size);
    const tally = new Tally(name);
    const dice = new Dice(name.length);
    for (let i = 0; i < 100; i++) {
      const length = i < 20 ? Math.min(i, content.length) : dice.below(content.length);
      tally.reads(`${length} bytes`, () => read(new Reader(content.subarray(0, length), section.offset)));
    }
    // The beginning holds counts and first entries; in a code section that is where sizes of bodies are.
    const busy = Math.min(content.length, 4000);
    for (let i = 0; i < 250; i++) {
      flipped(content, 0, busy, dice, (what) => tally.reads(what, () => read(new Reader(content, section.offset))));
    }
    tally.reads('untouched', () => read(new Reader(content, section.offset)));
    tally.close();
  });
}

test('bodies of a real binary: cut and with bits flipped', () => {
  const program = new Program(openFixture('go1.24/judge-stripped').slice());
  const code = program.module.code();
  assert.ok(code.ok && code.value);
  const { offsets, sizes } = code.value;
  const tally = new Tally('bodies');
  const dice = new Dice(6);
  for (let i = 0; i < 3000; i++) {
    const number = dice.below(offsets.length);
    const body = program.module.bytes.slice(offsets[number], offsets[number] + Math.min(sizes[number], 3000));
    const cut = i % 3 === 0 ? dice.below(body.length) + 1 : body.length;
    flipped(body, 0, body.length, dice, (what) =>
      tally.reads(`body ${number}, ${cut} bytes, ${what}`, () => {
        const read = readBody(body.subarray(0, cut), offsets[number], 0x1000 + number);
        for (let i = 0; i < read.instructions.length; i += 7) read.blocks(read.instructions[i], 100);
        read.callAt(offsets[number] + 5);
        readAccesses(body.subarray(0, cut), offsets[number], 0, 2 ** 32);
      }),
    );
  }
  tally.close();
});

test('source maps: cut, with characters changed, and noise', () => {
  const program = new Program(whole);
  const { map } = makeSourceMap(program, String);
  const part = { ...map, sourceRoot: 'r', sourcesContent: ['"x"'] };
  const sections = { version: 3, sections: [{ offset: { line: 0, column: 0 }, map: part }] };
  const tally = new Tally('source maps');
  const dice = new Dice(12);
  const read = (text: string) => {
    const places = readPlaces(program, text);
    for (const offset of OFFSETS) places.locate(offset);
    for (let i = 0; i < 20; i++) places.locate(dice.below(whole.length));
  };
  for (const text of [part, sections].map((value) => JSON.stringify(value))) {
    tally.reads('untouched', () => read(text));
    for (let length = 0; length < text.length; length += 3) tally.reads(`${length}`, () => read(text.slice(0, length)));
    for (let i = 0; i < 1500; i++) {
      const changed = garbled(text, dice);
      tally.reads(changed, () => read(changed));
    }
  }
  // Fields that are text all the same: digits changed, so that indexes and offsets go astray.
  const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/,;';
  for (let i = 0; i < 6000; i++) {
    const fields = { mappings: [...map.mappings], scopes: [...map.scopes] };
    const field = i % 2 ? fields.mappings : fields.scopes;
    for (let changes = 1 + dice.below(3); changes > 0; changes--) {
      field.splice(dice.below(field.length), dice.below(2), DIGITS[dice.below(DIGITS.length)]);
    }
    const changed = { ...map, mappings: fields.mappings.join(''), scopes: fields.scopes.join('') };
    tally.reads(JSON.stringify(changed), () => read(JSON.stringify(changed)));
  }
  tally.close();
});

test('build information and the version string: cut and with bits flipped', () => {
  const { go } = new Program(openFixture('go1.24/deps-stripped'));
  const image = go.image();
  assert.ok(image.ok);
  const at = Buffer.from(image.value.bytes).indexOf(Buffer.from('3077af0c9274080241e1c107e6d618e6', 'hex'));
  const content = image.value.bytes.slice(at - 64, at + 1024);
  const tally = new Tally('build information');
  const dice = new Dice(7);
  const read = (bytes: Uint8Array) => {
    const image = new Image(bytes, 0x1000);
    findBuildVersion(image);
    if (!readBuildInfo(image)) throw new Malformed('build information', 0);
  };
  for (let length = 0; length < content.length; length += 8)
    tally.reads(`${length} bytes`, () => read(content.slice(0, length)));
  for (let i = 0; i < 500; i++)
    flipped(content, 0, content.length, dice, (what) => tally.reads(what, () => read(content)));
  tally.close();
  for (const spelled of ['', 'go', 'go1.', 'go1.99999999999', 'go1.21\0', '1'.repeat(10000)]) releaseOf(spelled);
});

test('moduledata: cut and with bits flipped', () => {
  const { go } = new Program(whole);
  const [image, pclntab] = [go.image(), go.pclntab()];
  assert.ok(image.ok && pclntab.ok);
  const content = image.value.bytes.slice();
  const tally = new Tally('moduledata');
  const dice = new Dice(8);
  const at = findModuledata(image.value, pclntab.value) - image.value.base;
  for (let i = 0; i < 400; i++) {
    flipped(content, at, at + 16, dice, (what) =>
      tally.reads(what, () => findModuledata(new Image(content, image.value.base), pclntab.value)),
    );
    tally.reads('untouched', () => findModuledata(new Image(content, image.value.base), pclntab.value));
  }
  tally.close();
});

/** A text with some characters replaced, removed, doubled or cut off. */
function garbled(text: string, dice: Dice): string {
  const SPICE = [
    '\n',
    '\r',
    '\t',
    '(',
    ')',
    '[',
    ']',
    ':',
    '@',
    ' at ',
    '0x',
    'wasm-function[',
    '99999999999',
    '…',
    '\0',
    '-1',
    '+0x',
  ];
  let out = text;
  for (let changes = 1 + dice.below(6); changes > 0; changes--) {
    const at = dice.below(out.length + 1);
    const kind = dice.below(4);
    if (kind === 0) out = out.slice(0, at) + SPICE[dice.below(SPICE.length)] + out.slice(at);
    else if (kind === 1) out = out.slice(0, at) + out.slice(at + 1 + dice.below(20));
    else if (kind === 2) out = out.slice(0, at) + out.slice(Math.max(0, at - 30));
    else out = out.slice(0, Math.max(at, 20));
  }
  return out.slice(0, 5000);
}

test('stack text, Go’s tracebacks and pastes, garbled', async () => {
  const run = await runFixture('go1.24/judge-stripped', ['panic-in-callback']);
  const engine = [
    `RuntimeError: unreachable\n    at main.outer (http://h/m.wasm:wasm-function[1]:0x${small.firstCall.toString(16)})\n    at http://h/m.wasm:wasm-function[2]:0x${small.trap.toString(16)}\n    at run (http://h/wasm_exec.js:5:1)`,
    `main.inner@http://h/m.wasm:wasm-function[2]:0x${small.trap.toString(16)}\nrun@http://h/wasm_exec.js:5:1\n<?>.wasm-function[main.outer]@[wasm code]`,
    `$main.outer @ m.wasm:0x${small.firstCall.toString(16)}\nmain.inner()\n\tinner.go:50 +0x1\n`,
  ];
  const program = new Program(whole);
  const session = createSession();
  session.open('m', whole);
  const tally = new Tally('stack text');
  const printed = new Tally('Go text');
  const dice = new Dice(9);
  for (let i = 0; i < 2500; i++) {
    const text = garbled(engine[i % engine.length], dice);
    tally.answers(JSON.stringify(text), () => symbolicate(program, text).some((line) => line.located));
    const output = garbled(run.output, dice);
    printed.answers(JSON.stringify(output), () => (readGoText(output)?.goroutine?.rows.length ?? 0) > 0);
    if (i % 5 === 0) tally.answers(text, () => session.paste('m', `${text}\n${output}`).stack.length > 0);
  }
  tally.close();
  printed.close();
});

test('a session of hostile events never throws and always answers', () => {
  const dice = new Dice(10);
  const tally = new Tally('session');
  const wild = () =>
    [0, 1, 7, 8, 0x1000_0000, 0x1000_0002, 0x1001_0001, 0x10ff_ffff, 0xffff_fff8, 0xffff_ffff][dice.below(10)];
  const capture = (): Capture => ({
    sp: wild(),
    at: dice.below(2) ? 'import' : 'event',
    gs: Array.from({ length: dice.below(4) }, () => ({
      address: wild(),
      bytes: new Uint8Array(Uint32Array.from({ length: dice.below(129) }, () => (dice.below(2) ? 0 : wild())).buffer),
    })),
    words: Uint32Array.from({ length: dice.below(30) * 2 }, (_, i) => (i % 2 ? wild() : dice.below(8) * 8)),
    dropped: dice.below(3),
  });
  const messages = [
    'unreachable',
    'Go program has already exited',
    "Cannot read properties of undefined (reading 'exports')",
    '',
    'Maximum call stack size exceeded',
    '__proto__',
  ];
  const stacks = [
    `    at m.wasm:wasm-function[1]:0x${small.firstCall.toString(16)}\n    at m.wasm:wasm-function[2]:0x${small.trap.toString(16)}`,
    '',
    'x'.repeat(5000),
  ];
  const outputs = ['', 'panic: x\n\ngoroutine 1 [running]:\nmain.f()\n\ta.go:1 +0x1\n', 'fatal error: \n', 'panic: '];
  for (let round = 0; round < 250; round++) {
    const session = createSession();
    session.open('m', whole);
    const realm = ['a', 'a#1', '__proto__', ''][dice.below(4)];
    for (let seq = 1; seq <= 8; seq++) {
      const instance = dice.below(3);
      const at = dice.below(1000);
      const event = ((): HookEvent => {
        switch (dice.below(4)) {
          case 0:
            return {
              type: 'module',
              seq,
              instance,
              url: dice.below(2) ? 'http://h/m.wasm' : '',
              bytes: 'url',
              how: 'instantiate',
              namespace: 'gojs',
              at,
            };
          case 1:
            return { type: 'again', seq, of: dice.below(9), count: wild(), at };
          case 2:
            return {
              type: 'exit',
              seq,
              instance,
              code: wild() | 0,
              output: outputs[dice.below(4)],
              outputDropped: 0,
              capture: dice.below(3) ? capture() : null,
              at,
            };
          default: {
            const captures = Array.from({ length: dice.below(3) }, (_, instance) => ({ instance, capture: capture() }));
            return {
              type: 'error',
              seq,
              how: 'error',
              name: dice.below(2) ? 'RuntimeError' : 'toString',
              message: messages[dice.below(6)],
              stack: stacks[dice.below(3)],
              captures,
              at,
            };
          }
        }
      })();
      tally.answers(`round ${round}, ${JSON.stringify(event)}`, () => {
        const change = session.seen(realm, event);
        if (dice.below(3) === 0) session.bind(realm, instance, dice.below(2) ? 'm' : 'none');
        if (dice.below(9) === 0) session.unavailable('m', 'gone');
        if (dice.below(9) === 0) session.gone(realm);
        structuredClone(change);
        return change.failures.length > 0;
      });
    }
  }
  tally.close();
});

for (const name of ['clang-2-O2', 'clang-4-O2', 'clang-5-O2', 'clang-aranges']) {
  test(`DWARF of ${name}: sections cut and with bits flipped; the name section answers all the same`, () => {
    const work = openFixture(`dwarf/${name}`).slice();
    const { sections } = new Module(work);
    const debug = sections.filter((one) => one.name.startsWith('.debug_'));
    const code = new Program(work).module.code();
    assert.ok(code.ok && code.value && debug.length >= 4);
    const offsets = [...code.value.offsets].flatMap((offset) => [offset, offset + 9, offset + 33]);
    const tally = new Tally(name);
    const dice = new Dice(name.charCodeAt(6));
    const ask = (bytes: Uint8Array) => {
      const program = new Program(bytes.slice());
      let told = 0;
      for (const offset of offsets) {
        const located = program.locate(offset);
        if (located?.via === 'dwarf') told++;
        assert.ok(located || bodyAt(code.value as CodeOutline, offset) < 0, `nobody knows ${offset}`);
      }
      functionRows(program);
      // What broke says why, in one line each.
      for (const why of program.debugWarnings()) assert.ok(!why.includes('\n') && why.length < 200, why);
      if (told === 0) assert.ok(program.debugWarnings().length > 0, 'silence');
      return told > 0;
    };
    for (const { offset, size } of debug) {
      for (let i = 0; i < 120; i++) {
        // Headers count most; abbreviations and line programs are small enough to be hit everywhere.
        const end = i % 3 === 0 ? Math.min(size, 64) : size;
        flipped(work, offset, offset + end, dice, (what) => tally.answers(what, () => ask(work)));
      }
      const content = work.slice(offset, offset + size);
      for (let i = 0; i < 24; i++) {
        const cut = dice.below(size);
        work.fill(i % 2 === 0 ? 0 : 0xff, offset + cut, offset + size);
        tally.answers(`${size - cut} bytes lost at ${offset + cut}`, () => ask(work));
        work.set(content, offset);
      }
    }
    tally.close();
  });
}

test('DWARF of Rust with bits flipped, in all units', () => {
  const work = openFixture('dwarf/rust-5-O2').slice();
  const { sections } = new Module(work);
  const code = new Program(work).module.code();
  assert.ok(code.ok && code.value);
  const offsets = [...code.value.offsets].map((offset) => offset + 7);
  const tally = new Tally('rust');
  const dice = new Dice(12);
  for (const { name, offset, size } of sections) {
    if (!name.startsWith('.debug_')) continue;
    for (let i = 0; i < 12; i++) {
      flipped(work, offset, offset + size, dice, (what) =>
        tally.answers(what, () => {
          const program = new Program(work);
          const told = offsets.filter((one) => program.locate(one)?.via === 'dwarf').length;
          // One broken part costs itself: the others still tell.
          return told === offsets.length || program.debugWarnings().length === 0;
        }),
      );
    }
  }
  tally.close();
});

test('line tables cut and with bits flipped, also in the hands of a program', () => {
  const name = 'go1.27/judge-stripped';
  const table = encodeTable(linesOf(name).table);
  const cut = new Tally('cut line table');
  for (let length = 0; length <= table.length; length += 1 + (length >> 6)) {
    cut.reads(`${length} bytes`, () => decodeTable(table.slice(0, length)));
  }
  cut.reads('all of it', () => decodeTable(table));
  cut.close();
  const program = new Program(openFixture(name));
  const code = program.module.code();
  assert.ok(code.ok && code.value);
  const { offsets } = code.value;
  const tally = new Tally('flipped line table');
  const dice = new Dice(13);
  const work = table.slice();
  for (let i = 0; i < 300; i++) {
    // Behind the fingerprint: one that does not fit is refused before anything is asked.
    flipped(work, 17, dice.below(2) ? 200 : work.length, dice, (what) =>
      tally.reads(what, () => {
        const lines = ExactLines.open(program, work);
        for (let k = 0; k < 50; k++) lines.locate(offsets[dice.below(offsets.length)] + dice.below(200));
        for (let number = 0; number < offsets.length; number += 1 + dice.below(400)) {
          if (lines.knows(number)) lines.eachRun(number, () => {});
        }
      }),
    );
  }
  tally.close();
});

test('captures of the bridge with bytes changed, below a checksum that is right', () => {
  const about = { fingerprint: new Uint8Array(8), size: 1, title: 'a page' };
  const rows = Array.from({ length: 12 }, (_, i) => ({
    ...{ operation: ['syscall/js.valueGet', 'callback', 'run'][i % 3], target: 'abc'[i % 4], calls: i, totalMs: i / 8 },
    pcs: [0x1000_0001 + i, 0x1001_0002],
  }));
  const events = rows.map((_, i): MadeEvent => [i + 1, i % 3, i, i, i + 0.5]);
  const body = encodeCapture(captureOf(rows, events), about).slice(17);
  const program = new Program(whole);
  const tally = new Tally('captures');
  const dice = new Dice(15);
  const read = (content: Uint8Array) => {
    const head = bytes().ascii('gobridge').u8(1).u32(content.length, crc32(content)).done();
    const { capture } = decodeCapture(Buffer.concat([head, content]));
    const profile = readProfile(capture, program);
    for (const { sites } of profile.operations) for (const { stack } of sites) profile.stack(stack);
  };
  for (let length = 0; length <= body.length; length++)
    tally.reads(`${length} bytes`, () => read(body.slice(0, length)));
  for (let i = 0; i < 3000; i++) flipped(body, 0, body.length, dice, (what) => tally.reads(what, () => read(body)));
  assert.ok(tally.outcomes.read > 500, JSON.stringify(tally.outcomes));
  tally.close();
});

test('listings cut and with bits flipped', () => {
  const name = 'go1.27/judge-stripped';
  const program = new Program(openFixture(name));
  const text = listingOf(name);
  const part = text.subarray(text.indexOf('# example.com'));
  const tally = new Tally('listing');
  const dice = new Dice(14);
  const work = Uint8Array.from(part.subarray(0, part.lastIndexOf('\n', 200_000) + 1));
  const make = (listing: Uint8Array) => {
    const maker = new LineMaker(program);
    maker.listing.push(listing);
    maker.listing.end();
    return maker;
  };
  for (let i = 0; i < 60; i++)
    tally.reads('cut', () => make(work.subarray(dice.below(5000), work.length - dice.below(100_000))));
  for (let i = 0; i < 80; i++) flipped(work, 0, work.length, dice, (what) => tally.reads(what, () => make(work)));
  // Lines without end, and structure characters in the wrong places.
  for (const tail of ['\n', '\t', '\t0x0000 ', '\trel ', '# ', '\tx y', ' STEXT size=1\n\t0x0000 00000 (a:1)\tEnd']) {
    tally.reads(JSON.stringify(tail), () =>
      make(new TextEncoder().encode(`main.main STEXT size=1${tail.repeat(2000)}`)),
    );
  }
  const { aligned } = make(work).finish();
  assert.ok(aligned > 4, `${aligned} functions`);
  tally.close();
});

test('whole real binaries with bits flipped where it hurts', () => {
  const tally = new Tally('real binaries');
  const dice = new Dice(11);
  for (const name of ['go1.11/judge-stripped', 'go1.19/judge-stripped', 'go1.27/judge-plain', 'other/rust-release']) {
    const work = openFixture(name).slice();
    const { sections } = new Module(work);
    for (let i = 0; i < 12; i++) {
      // Section headers, or the beginning of a section.
      const section = sections[dice.below(sections.length)];
      const from = Math.max(section.offset - 6, 8);
      flipped(work, from, Math.min(from + 40, work.length), dice, (what) =>
        tally.reads(`${name}, ${what}`, () => askAll(new Program(work), [section.offset + 20, section.offset + 3000])),
      );
    }
  }
  tally.close();
});

test('files that are no wasm are refused in one line', () => {
  const files: Record<string, Uint8Array> = {
    empty: new Uint8Array(0),
    PNG: bytes().u8(0x89).ascii('PNG\r\n\x1a\n').zeros(50).done(),
    text: bytes().ascii('<!doctype html><title>404</title>').done(),
    ELF: bytes().u8(0x7f).ascii('ELF').zeros(60).done(),
    gzip: bytes().u8(0x1f, 0x8b, 8, 0).zeros(20).done(),
    'header of another version': bytes().ascii('\0asm').u32(2).done(),
    zeros: new Uint8Array(4096),
  };
  for (const [name, content] of Object.entries(files)) {
    assert.throws(() => new Program(content), /^Malformed: expected [^\n]+ at offset 0x[04]$/, name);
    const opened = createSession().open(name, content);
    assert.ok(!opened.ok && /^expected [^\n]+ at offset 0x[04]$/.test(opened.why), name);
  }
  assert.ok(createSession().open('header only', module()).ok);
});

test('that was enough', () => {
  assert.ok(cases >= 20_000, `${cases} cases`);
});
