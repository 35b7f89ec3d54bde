/** A Go program written by hand: every answer can be read off its source (tiny.ts). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Program } from '../../src/program';
import {
  bytes,
  custom,
  data,
  dataSection,
  exportedFunctions,
  importedFunctions,
  module,
  pclntab,
  producers,
} from '../assemble';
import { IMAGE, table, tiny } from './tiny';

const shown = (frames: { function: string; file: string; line: number; inlined: boolean }[] | null | undefined) =>
  frames?.map((frame) => `${frame.function} ${frame.file}:${frame.line}${frame.inlined ? ' inlined' : ''}`);

test('a call is exact: function, file and line of the block before its return PC', () => {
  const { bytes, firstCall } = tiny();
  const located = new Program(bytes).locate(firstCall);
  assert.deepEqual(located, {
    functionIndex: 1,
    offset: firstCall,
    via: 'pclntab',
    precision: 'exact',
    frames: [{ function: 'main.outer', file: 'outer.go', line: 12, inlined: false }],
  });
});

test('a call inside inlined code tells the inlined function and its caller', () => {
  const { bytes, secondCall } = tiny();
  assert.deepEqual(shown(new Program(bytes).locate(secondCall)?.frames), [
    'main.small small.go:90 inlined',
    'main.outer outer.go:13',
  ]);
});

test('an offset inside a call counts as that call', () => {
  const { bytes, firstCall } = tiny();
  const program = new Program(bytes);
  assert.deepEqual(program.locate(firstCall + 1)?.frames, program.locate(firstCall)?.frames);
});

test('any other instruction says so and gives candidates', () => {
  const { bytes, trap } = tiny();
  const located = new Program(bytes).locate(trap);
  assert.deepEqual(
    [located?.functionIndex, located?.precision, located?.candidates],
    [2, 'candidates', [{ file: 'inner.go', line: 50 }]],
  );
});

test('a function’s first byte tells the function and the line of its func', () => {
  const { bytes, trap } = tiny();
  const located = new Program(bytes).locate(trap - 1);
  assert.deepEqual([located?.precision, shown(located?.frames)], ['function', ['main.inner inner.go:49']]);
});

test('what lies in no function is nowhere', () => {
  const { bytes } = tiny();
  const program = new Program(bytes);
  for (const offset of [0, 8, bytes.length - 1, bytes.length, 0xffffffff]) assert.equal(program.locate(offset), null);
});

test('return PCs and names lead to functions', () => {
  const program = new Program(tiny().bytes);
  assert.deepEqual(shown(program.framesOfReturn(0x1000_0004)), [
    'main.small small.go:90 inlined',
    'main.outer outer.go:13',
  ]);
  assert.deepEqual(shown(program.framesOfReturn(0x1001_0000)), ['main.inner inner.go:50']);
  assert.equal(program.framesOfReturn(0x1003_0000), null);
  assert.deepEqual([program.pcFNamed('main.inner'), program.pcFNamed('main.none')], [0x1001, null]);
  assert.equal(program.functionIndexOf(0x1001), 2);
});

test('without a moduledata inlined code has only its function, never a line under another name, and it says why', () => {
  const whole = table().done();
  const { bytes: content, secondCall } = tiny(bytes().bytes(whole.subarray(0, whole.length - 592)));
  const program = new Program(content);
  const located = program.locate(secondCall);
  assert.deepEqual([shown(located?.frames), located?.precision], [['main.outer outer.go:10'], 'function']);
  assert.match(program.go.inlineWarning, /^inlined calls: expected runtime\.firstmoduledata/);
});

test('without a pclntab nothing is named and everything else still answers', () => {
  const { bytes: content, firstCall } = tiny(bytes().zeros(64));
  const program = new Program(content);
  const table = program.go.pclntab();
  assert.deepEqual([program.locate(firstCall), program.framesOfReturn(0x10000001), table.ok], [null, null, false]);
  assert.equal(program.go.version, 'go1.26.11');
});

test('the data image: segments by address, zeros between, nothing outside', () => {
  const spread = module(dataSection(data(IMAGE + 24, bytes().ascii('later')), data(IMAGE + 3, bytes().ascii('early'))));
  const image = new Program(spread).go.image();
  assert.ok(image.ok);
  const { value } = image;
  assert.deepEqual([value.base, value.end], [IMAGE, IMAGE + 32]);
  assert.equal(new TextDecoder().decode(value.slice(IMAGE + 3, 26)), `early${'\0'.repeat(16)}later`);
  assert.deepEqual([value.has(IMAGE - 1), value.has(IMAGE + 31), value.has(IMAGE + 31, 2)], [false, true, false]);
  assert.throws(() => value.slice(IMAGE + 30, 3), {
    message: 'expected 3 bytes of data inside the data image at offset 0x1101e',
  });
  assert.throws(() => value.at(IMAGE + 33), { name: 'Malformed' });
  assert.equal(value.pointerOrNull(IMAGE + 8), 0);
});

test('segments that lie gigabytes apart are no image', () => {
  const far = module(dataSection(data(8, bytes().u8(1)), data(0xf000_0000, bytes().u8(1))));
  const image = new Program(far).go.image();
  assert.match(
    image.ok ? '' : image.why,
    /^expected data segments within 8 times the file's size, not 4026531840 bytes/,
  );
});

test('the toolchain is told by producers, then by the build id, then by the exports', () => {
  const [run, resume, getsp, mem] = ['run', 'resume', 'getsp', 'mem'].map((name, i): [string, number] => [name, i]);
  const told = (...sections: Parameters<typeof module>) => {
    const { kind, version, target } = new Program(module(...sections)).toolchain();
    return [kind, version, target];
  };
  const js = importedFunctions(['gojs', 'debug']);
  const wasip1 = importedFunctions(['wasi_snapshot_preview1', 'fd_write']);
  assert.deepEqual(told(js, producers(['language', ['Go', 'go1.27.4']])), ['go', 'go1.27.4', 'js']);
  assert.deepEqual(told(wasip1, producers(['language', ['Go', 'go1.21.13']])), ['go', 'go1.21.13', 'wasip1']);
  assert.deepEqual(told(js, producers(['processed-by', ['TinyGo', '0.35.0']])), ['tinygo', '0.35.0', 'js']);
  assert.deepEqual(told(custom('go:buildid', bytes().ascii('x'))), ['go', null, null]);
  assert.deepEqual(told(custom('go.buildid', bytes().ascii('x'))), ['go', null, null]);
  assert.deepEqual(told(exportedFunctions(run, resume, getsp, mem)), ['go', null, 'js']);
  assert.deepEqual(told(exportedFunctions(run, resume)), ['other', null, null]);
  assert.deepEqual(told(producers(['language', ['Rust', '']], ['processed-by', ['rustc', '1.68']])), [
    'other',
    null,
    null,
  ]);
});

test('inlined calls within inlined calls are told from the innermost outward', () => {
  const nested = pclntab(
    IMAGE,
    ['a.go', 'b.go', 'c.go'],
    [
      {
        name: 'main.outer',
        file: [
          [0, 1],
          [1, 2],
          [2, 4],
        ],
        line: [
          [10, 1],
          [20, 2],
          [30, 4],
        ],
        // Block 2 is in main.inner, called at block 1, which is in main.small, called at block 0.
        inlined: {
          at: [
            [-1, 1],
            [0, 2],
            [1, 4],
          ],
          tree: [
            { function: 2, parentPc: 0 },
            { function: 1, parentPc: 1 },
          ],
        },
      },
      { name: 'main.inner', file: [[2, 4]], line: [[30, 4]] },
      { name: 'main.small', file: [[1, 4]], line: [[20, 4]] },
    ],
  );
  assert.deepEqual(shown(new Program(tiny(nested).bytes).framesOfReturn(0x1000_0003)), [
    'main.inner c.go:30 inlined',
    'main.small b.go:20 inlined',
    'main.outer a.go:10',
  ]);
});
