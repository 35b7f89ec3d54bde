/** pclntab and pc-value tables: written by hand, and those of every stored release against a second reading of the bytes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Reader } from '../../src/bytes/reader';
import { Image } from '../../src/go/image';
import { Pclntab } from '../../src/go/pclntab';
import { readPcTable } from '../../src/go/pcvalue';
import { Program } from '../../src/program';
import { bytes, pclntab, pcTable } from '../assemble';
import { fixtureNames, openFixture } from '../fixtures/open';

const BASE = 0x11000;
const image = (content: Uint8Array) => new Image(content.slice(), BASE);

test('a pc-value table holds each value up to its end', () => {
  const table = readPcTable(new Reader(pcTable([10, 3], [7, 4], [300, 20]).done()));
  assert.deepEqual(
    [0, 2, 3, 4, 19, 20, 65535].map((block) => table.at(block)),
    [10, 10, 7, 300, 300, -1, -1],
  );
  assert.equal(table.size, 20);
});

test('a table may start with -1, written as no change', () => {
  const table = readPcTable(new Reader(pcTable([-1, 2], [5, 6]).done()));
  assert.deepEqual(
    [0, 1, 2, 5].map((block) => table.at(block)),
    [-1, -1, 5, 5],
  );
});

test('tables that stand still or leave the function are refused', () => {
  assert.throws(() => readPcTable(new Reader(bytes().u8(2, 1, 2, 0, 0).done())), /pc-value step inside the function/);
  assert.throws(() => readPcTable(new Reader(pcTable([1, 70000]).done())), /pc-value step inside the function/);
  assert.throws(() => readPcTable(new Reader(bytes().u8(2, 1, 2, 1).done())), /a byte at offset 0x4/);
});

test('functions, names, files and lines of a table written by hand', () => {
  const content = pclntab(
    BASE,
    ['a.go', 'dir/b.go'],
    [
      {
        name: 'main.main',
        file: [[0, 5]],
        line: [
          [10, 2],
          [12, 5],
        ],
        startLine: 9,
      },
      { name: 'main.(*T).Do[...]', file: [[1, 3]], line: [[70, 3]], startLine: 69, funcID: 4 },
    ],
  );
  const read = Pclntab.find(image(content.done()), '1.26');
  assert.deepEqual([read.version, read.count, read.files, read.address], ['1.20', 2, 2, BASE]);
  const [first, second] = [read.func(0), read.func(1)];
  assert.deepEqual(
    [first, second].map((func) => [func.pcF, read.name(func.nameOff), func.startLine, func.funcID]),
    [
      [0x1000, 'main.main', 9, 0],
      [0x1001, 'main.(*T).Do[...]', 69, 4],
    ],
  );
  assert.deepEqual([read.table(first.pcln).at(1), read.table(first.pcln).at(4)], [10, 12]);
  assert.equal(read.file(second, read.table(second.pcfile).at(0)), 'dir/b.go');
  assert.deepEqual(
    [0xfff, 0x1000, 0x1001, 0x1002].map((pcF) => read.indexOf(pcF)),
    [-1, 0, 1, -1],
  );
});

test('the magic alone is not believed: the first table that reads as one is taken', () => {
  const real = pclntab(BASE + 64, ['a.go'], [{ name: 'main.main', file: [[0, 1]], line: [[1, 1]] }]).done();
  const noise = bytes().u32(0xfffffff1, 0x08010000, 0x7fffffff).zeros(52);
  assert.equal(Pclntab.find(image(bytes().bytes(noise).bytes(real).done()), null).address, BASE + 64);
});

test('an image without one says so', () => {
  assert.throws(() => Pclntab.find(image(new Uint8Array(64)), null), {
    message: 'expected a pclntab in the data image at offset 0x11000',
  });
});

/** What the header says, read here a second time, straight from the bytes (runtime/symtab.go pcHeader). */
function ownCount(content: Uint8Array, address: number, base: number): number {
  return new DataView(content.buffer, content.byteOffset).getUint32(address - base + 8, true);
}

const FORMATS: [first: number, last: number, format: string][] = [
  [11, 15, '1.2'],
  [16, 17, '1.16'],
  [18, 19, '1.18'],
  [20, 27, '1.20'],
];

for (const name of fixtureNames().filter((one) => one.startsWith('go'))) {
  test(`${name}: every function of pclntab has a name, a file and a line`, () => {
    const { go } = new Program(openFixture(name));
    const [pclntab, lines, image] = [go.pclntab(), go.lines(), go.image()];
    assert.ok(pclntab.ok && lines.ok && image.ok);
    assert.equal(go.inlineWarning, '');
    const minor = Number(/go1\.(\d+)/.exec(name)?.[1]);
    assert.equal(pclntab.value.version, FORMATS.find(([first, last]) => first <= minor && minor <= last)?.[2]);
    assert.equal(pclntab.value.count, ownCount(image.value.bytes, pclntab.value.address, image.value.base));
    let seen = 0;
    const mute: string[] = [];
    for (const func of go.funcs()) {
      seen++;
      const called = lines.value.functionName(func);
      const { file, line } = lines.value.start(func);
      if (called === '' || file === '' || line <= 0) mute.push(`${called} ${file}:${line}`);
    }
    assert.equal(seen, pclntab.value.count);
    // The linker makes the build id's symbol a function of no file.
    assert.deepEqual(
      mute.filter((one) => !/^go[:.]buildid :0$/.test(one)),
      [],
    );
  });
}
