import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Reader } from '../../src/bytes/reader';
import { Writer } from '../../src/bytes/writer';

test('what is written is read back', () => {
  const numbers = [0, 1, 127, 128, 16_383, 16_384, 2 ** 32 - 1, 2 ** 32, 2 ** 40];
  const out = new Writer().u8(0xfe).u16(0xabcd).u32(0xfedcba98);
  for (const number of numbers) out.uleb(number);
  out
    .name('Größe')

    .sized(Uint8Array.of(1, 2, 3));
  const reader = new Reader(out.done());
  assert.deepEqual([reader.u8(), reader.u8() | (reader.u8() << 8), reader.u32()], [0xfe, 0xabcd, 0xfedcba98]);
  assert.deepEqual(
    numbers.map(() => reader.leb64()),
    numbers,
  );
  assert.equal(reader.name(), 'Größe');
  assert.equal(reader.leb32(), 3);
  assert.equal(reader.left, 3);
});

test('a string ends at its NUL and nowhere before', () => {
  assert.deepEqual([...new Writer().cstring('a\0b').done()], [0x61, 0xef, 0xbf, 0xbd, 0x62, 0]);
});

test('signed numbers, as LEB128 and as zigzag', () => {
  // From the examples of DWARF 4, 7.6, figure 23.
  const sleb: [number, number[]][] = [
    ...([
      [2, [2]],
      [-2, [0x7e]],
      [127, [0xff, 0]],
      [-127, [0x81, 0x7f]],
    ] as [number, number[]][]),
    ...([
      [128, [0x80, 1]],
      [-128, [0x80, 0x7f]],
      [129, [0x81, 1]],
      [-129, [0xff, 0x7e]],
    ] as [number, number[]][]),
  ];
  for (const [value, bytes] of sleb) assert.deepEqual([...new Writer().sleb(value).done()], bytes, String(value));
  const zigzag = [0, -1, 1, -2, 2].map((value) => new Writer().zigzag(value).done()[0]);
  assert.deepEqual(zigzag, [0, 1, 2, 3, 4]);
});

test('it grows, and what stands there can be written over', () => {
  const out = new Writer();
  for (let i = 0; i < 10_000; i++) out.u32(i);
  out.patch32(4, 0xffffffff);
  assert.equal(out.length, 40_000);
  const view = new DataView(out.done().slice().buffer);
  assert.deepEqual(
    [0, 4, 8, 39_996].map((at) => view.getUint32(at, true)),
    [0, 0xffffffff, 2, 9999],
  );
});
