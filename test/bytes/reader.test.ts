/** The cursor: what it reads, and which error it throws at which absolute offset. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lazily, Malformed, must } from '../../src/bytes/malformed';
import { Reader } from '../../src/bytes/reader';
import { floorIndex, upperBound } from '../../src/bytes/search';
import { type Bytes, bytes } from '../assemble';

const over = (content: Bytes, base = 0) => new Reader(content.done(), base);

/** A Malformed with these words at this offset. */
function malformed(expected: string, offset: number) {
  return (error: unknown) => {
    assert.ok(error instanceof Malformed, `${error}`);
    assert.deepEqual([error.expected, error.offset], [expected, offset]);
    return true;
  };
}

test('numbers are little-endian', () => {
  const reader = over(bytes().u8(1).u16(0x0302).u32(0x07060504, 0xffffffff));
  assert.deepEqual([reader.u8(), reader.u16(), reader.u32(), reader.i32()], [1, 0x0302, 0x07060504, -1]);
  assert.equal(reader.left, 0);
});

test('unsigned LEB128: the specification’s bounds, padded forms, and what is too long', () => {
  for (const value of [0, 1, 127, 128, 624485, 2 ** 31, 2 ** 32 - 1]) {
    assert.equal(over(bytes().leb(value)).leb32(), value);
    assert.equal(over(bytes().paddedLeb(value, 5)).leb32(), value);
  }
  assert.throws(() => over(bytes().leb(2 ** 32), 16).leb32(), malformed('an unsigned LEB128 of 32 bits', 16));
  assert.throws(() => over(bytes().u8(0x80, 0x80, 0x80, 0x80, 0x80, 0)).leb32(), Malformed);
  assert.throws(() => over(bytes().u8(0x80), 7).leb32(), malformed('a byte', 8));
});

test('signed LEB128: both ends of 32 bits, 64 bits exact where addresses and PCs are', () => {
  for (const value of [0, -1, 63, 64, -64, -65, 2 ** 31 - 1, -(2 ** 31)]) {
    assert.equal(over(bytes().sleb(value)).sleb32(), value);
    assert.equal(over(bytes().sleb(value)).sleb64(), value);
  }
  for (const value of [2 ** 53 - 1, 0x1000_0003_0000, -(2 ** 40)]) {
    assert.equal(over(bytes().sleb(value)).sleb64(), value);
  }
  assert.throws(
    () => over(bytes().u8(0x80, 0x80, 0x80, 0x80, 0x80, 0)).sleb32(),
    malformed('a signed LEB128 of 32 bits', 0),
  );
  assert.throws(() => over(bytes().u8(...Array(11).fill(0x80))).sleb64(), malformed('a signed LEB128 of 64 bits', 0));
});

test('numbers of 53 bits, and signed ones by turns', () => {
  for (const value of [0, 127, 2 ** 32, 2 ** 53 - 1]) assert.equal(over(bytes().leb(value)).leb53(), value);
  assert.throws(() => over(bytes().leb(2 ** 53), 4).leb53(), malformed('a number of 53 bits', 4));
  assert.deepEqual(
    [0, 1, 2, 3, 4, 2 ** 33 - 1].map((value) => over(bytes().leb(value)).zigzag()),
    [0, -1, 1, -2, 2, -(2 ** 32)],
  );
});

test('a part keeps absolute offsets, and its parent moves past it', () => {
  const reader = over(bytes().u8(9, 1, 2, 3), 100);
  reader.u8();
  const part = reader.sub(2, 'a part');
  assert.deepEqual([part.offset, part.u8(), part.u8(), reader.offset], [101, 1, 2, 103]);
  assert.throws(() => part.u8(), malformed('a byte', 103));
  assert.throws(() => reader.sub(2, 'a part'), malformed('a part', 103));
});

test('names are UTF-8; wrong UTF-8 is shown, not refused', () => {
  assert.equal(over(bytes().name('Größe')).name(), 'Größe');
  assert.equal(over(bytes().leb(2).u8(0xff, 0x41)).name(), '\ufffdA');
  assert.throws(
    () =>
      over(
        bytes()
          .leb(2 ** 32 - 1)
          .ascii('x'),
      ).name(),
    malformed('a name', 5),
  );
});

test('a count that cannot fit is refused before anything is made of it', () => {
  assert.equal(over(bytes().leb(2).zeros(4)).count(2, 'pairs'), 2);
  assert.throws(
    () => over(bytes().leb(3).zeros(4), 50).count(2, 'pairs'),
    malformed('a count of pairs that fits the section', 50),
  );
});

test('a part is read once; its failure is remembered; bugs pass through', () => {
  let calls = 0;
  const broken = lazily(() => {
    calls++;
    throw new Malformed('sense', 5);
  });
  assert.deepEqual(
    [broken(), broken(), calls],
    [{ ok: false, why: 'expected sense at offset 0x5' }, { ok: false, why: 'expected sense at offset 0x5' }, 1],
  );
  assert.throws(() => must(broken()), { name: 'Malformed', message: 'expected sense at offset 0x5' });
  assert.throws(() => lazily(() => (undefined as unknown as string).length)(), TypeError);
});

test('binary search agrees with the naive one', () => {
  const sorted = Uint32Array.of(1, 3, 3, 3, 8, 0xffffffff);
  for (const value of [0, 1, 2, 3, 4, 8, 9, 0xffffffff]) {
    const naive = sorted.findIndex((one) => one > value);
    assert.equal(upperBound(sorted, value), naive < 0 ? sorted.length : naive, `${value}`);
    assert.equal(floorIndex(sorted, value), (naive < 0 ? sorted.length : naive) - 1, `${value}`);
  }
});

test('numbers of 64 bits are exact up to 2^53', () => {
  const content = bytes()
    .u64(2 ** 53 - 1, 7)
    .leb(2 ** 53 - 1)
    .leb(0)
    .done();
  const reader = new Reader(content);
  assert.deepEqual([reader.u64(), reader.u64(), reader.leb64(), reader.leb64()], [2 ** 53 - 1, 7, 2 ** 53 - 1, 0]);
  assert.throws(() => new Reader(new Uint8Array(7)).u64(), Malformed);
  const endless = new Reader(new Uint8Array(20).fill(0x80));
  assert.throws(() => endless.leb64(), Malformed);
  assert.equal(endless.position, 0);
});

test('a string ends at its NUL, or is refused', () => {
  const reader = new Reader(bytes().cString('abc').cString('').ascii('cut').done());
  assert.deepEqual([reader.skipCString(), reader.position, reader.skipCString()], [3, 4, 0]);
  assert.throws(() => reader.skipCString(), Malformed);
});
