/** The module reader over modules written by hand, section by section. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyAt } from '../../src/wasm/code';
import { Module } from '../../src/wasm/module';
import {
  bytes,
  codeSection,
  custom,
  data,
  dataSection,
  elementSection,
  elements,
  exportedFunctions,
  functionNames,
  functionTypes,
  importedFunctions,
  module,
  passiveData,
  producers,
  section,
  unplacedData,
} from '../assemble';

const END = 0x0b;
const ok = <T>(outcome: { ok: true; value: T } | { ok: false; why: string }): T => {
  assert.ok(outcome.ok, outcome.ok ? '' : outcome.why);
  return outcome.value;
};

test('a header alone is a module with nothing in it', () => {
  const empty = new Module(module());
  assert.deepEqual(empty.sections, []);
  assert.deepEqual([ok(empty.imports()), ok(empty.exports()), ok(empty.elements())], [[], [], []]);
  assert.deepEqual(
    [ok(empty.data()), ok(empty.code()), ok(empty.names()), ok(empty.producers())],
    [null, null, null, null],
  );
});

test('what is no module is refused with what was expected and where', () => {
  const refused: [Uint8Array, string][] = [
    [new Uint8Array(0), 'expected the wasm magic number "\\0asm" at offset 0x0'],
    [bytes().u8(0x89).ascii('PNG\r\n').done(), 'expected the wasm magic number "\\0asm" at offset 0x0'],
    [bytes().ascii('\0asm').done(), 'expected version 1 of the wasm core format at offset 0x4'],
    // A component.
    [bytes().ascii('\0asm').u32(0x1000d).done(), 'expected version 1 of the wasm core format at offset 0x4'],
    [module(bytes().u8(1, 4, 0)), 'expected 4 bytes of type section at offset 0xa'],
    [module(bytes().u8(77, 0)), 'expected a section id at offset 0x8'],
    [module(bytes().u8(0, 2, 5, 65)), 'expected a name at offset 0xb'],
  ];
  for (const [content, message] of refused) assert.throws(() => new Module(content), { name: 'Malformed', message });
});

test('sections are listed with names, payload offsets and sizes', () => {
  const read = new Module(module(custom('note', bytes().ascii('hello')), functionTypes(0, 1)));
  assert.deepEqual(read.sections, [
    { id: 0, name: 'note', offset: 15, size: 5 },
    { id: 3, name: 'function', offset: 22, size: 3 },
  ]);
  assert.equal(read.section('note'), read.sections[0]);
  assert.equal(read.section('absent'), null);
});

test('a custom section that calls itself by a standard name is not taken for it', () => {
  const read = new Module(module(custom('import', bytes().u8(1, 2, 3)), custom('code', bytes().u8(0xff))));
  assert.deepEqual([ok(read.imports()), ok(read.code())], [[], null]);
});

test('imports of every kind; functions are counted', () => {
  const content = bytes()
    .leb(6)
    .bytes(bytes().name('go').name('debug').u8(0).leb(3))
    .bytes(bytes().name('m').name('t').u8(1, 0x70, 0).leb(4))
    .bytes(bytes().name('m').name('mem').u8(2, 1).leb(1).leb(65536))
    .bytes(bytes().name('m').name('g').u8(3, 0x7f, 1))
    .bytes(bytes().name('m').name('tag').u8(4, 0).leb(2))
    .bytes(bytes().name('gojs').name('f').u8(0).leb(200));
  const read = new Module(module(section(2, content)));
  assert.deepEqual(
    ok(read.imports()).map(({ module, name, kind }) => `${module}.${name} ${kind}`),
    ['go.debug function', 'm.t table', 'm.mem memory', 'm.g global', 'm.tag tag', 'gojs.f function'],
  );
  assert.equal(read.importedFunctions(), 2);
});

test('exports and function types', () => {
  const read = new Module(module(functionTypes(0, 300), exportedFunctions(['run', 7], ['resume', 8])));
  assert.deepEqual([...ok(read.functionTypes())], [0, 300]);
  assert.deepEqual(ok(read.exports()), [
    { name: 'run', kind: 'function', index: 7 },
    { name: 'resume', kind: 'function', index: 8 },
  ]);
});

test('element segments: active ones of table 0 are kept, in both ways of writing functions', () => {
  const asExpressions = bytes().leb(4).u8(0x41).sleb(8).u8(0x0b).leb(2).u8(0xd2).leb(5).u8(0x0b, 0xd0, 0x70, 0x0b);
  const passive = bytes().leb(1).u8(0).leb(1).leb(9);
  const declared = bytes().leb(3).u8(0).leb(1).leb(9);
  const otherTable = bytes().leb(2).leb(1).u8(0x41, 0, 0x0b, 0).leb(1).leb(9);
  const byGlobal = bytes().leb(0).u8(0x23, 0, 0x0b).leb(1).leb(9);
  const read = new Module(
    module(elementSection(elements(0x1000, 3, 4, 128), asExpressions, passive, declared, otherTable, byGlobal)),
  );
  assert.deepEqual(
    ok(read.elements()).map(({ offset, functions }) => [offset, ...functions]),
    [
      [0x1000, 3, 4, 128],
      [8, 5, 0xffffffff],
    ],
  );
});

test('data segments: active ones of memory 0 are placed, the rest is counted', () => {
  const otherMemory = bytes().leb(2).leb(1).u8(0x41, 0, 0x0b).sized(bytes().u8(1));
  const read = new Module(
    module(
      dataSection(
        data(0x10000, bytes().ascii('abc')),
        passiveData(bytes().ascii('p')),
        unplacedData(0, bytes().ascii('u')),
        otherMemory,
        // The top of memory, written as a negative i32.
        data(-16, bytes().zeros(16)),
        // Beyond the top of memory.
        data(-16, bytes().zeros(17)),
      ),
    ),
  );
  const segments = ok(read.data());
  assert.ok(segments);
  const { count, unplaced, addresses, sizes, offsets } = segments;
  assert.deepEqual([count, unplaced], [2, 4]);
  assert.deepEqual([...addresses.subarray(0, 2), ...sizes.subarray(0, 2)], [0x10000, 0xfffffff0, 3, 16]);
  assert.equal(new TextDecoder().decode(read.bytes.subarray(offsets[0], offsets[0] + 3)), 'abc');
});

test('a segment of a 64-bit memory at a negative address has no place', () => {
  const below = bytes().leb(0).u8(0x42).sleb(-8).u8(END).sized(bytes().zeros(4));
  assert.equal(ok(new Module(module(dataSection(below))).data())?.count, 0);
});

test('function bodies: first byte, length, and which one holds an offset', () => {
  const read = new Module(module(codeSection(bytes().u8(0, END), bytes().u8(0, 1, 1, END))));
  const code = ok(read.code());
  assert.ok(code);
  assert.deepEqual(
    [[...code.offsets], [...code.sizes]],
    [
      [12, 15],
      [2, 4],
    ],
  );
  assert.deepEqual(
    [11, 12, 13, 14, 15, 18, 19].map((offset) => bodyAt(code, offset)),
    // 14 is the second body's size, which belongs to no body.
    [-1, 0, 0, -1, 1, 1, -1],
  );
});

test('function names are found by index; other subsections are passed over', () => {
  const moduleName = bytes().u8(0).sized(bytes().name('m'));
  const map = bytes().u8(1).sized(bytes().leb(2).leb(3).name('three').leb(200).name('größer'));
  const names = ok(new Module(module(custom('name', bytes().bytes(moduleName).bytes(map)))).names());
  assert.deepEqual([names?.count, names?.name(3), names?.name(200), names?.name(4)], [2, 'three', 'größer', null]);
  assert.deepEqual(
    [...(names?.all() ?? [])],
    [
      [3, 'three'],
      [200, 'größer'],
    ],
  );
  assert.equal(ok(new Module(module(functionNames())).names())?.count, 0);
});

test('producers are told field by field', () => {
  const read = new Module(
    module(producers(['language', ['Go', 'go1.26.11']], ['processed-by', ['Go cmd/compile', 'go1.26.11']])),
  );
  assert.deepEqual(ok(read.producers()), [
    { field: 'language', name: 'Go', version: 'go1.26.11' },
    { field: 'processed-by', name: 'Go cmd/compile', version: 'go1.26.11' },
  ]);
});

test('what fails in one section costs that section only', () => {
  const read = new Module(
    module(
      importedFunctions(['go', 'a']),
      section(7, bytes().leb(9)),
      functionTypes(0),
      custom('name', bytes().u8(1, 200, 9)),
    ),
  );
  const exports = read.exports();
  const names = read.names();
  assert.deepEqual(
    [exports.ok, names.ok, ok(read.imports()).length, ok(read.functionTypes()).length],
    [false, false, 1, 1],
  );
  assert.match(
    exports.ok ? '' : exports.why,
    /^expected a count of exports that fits the section at offset 0x[0-9a-f]+$/,
  );
});
