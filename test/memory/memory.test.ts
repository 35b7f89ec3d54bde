/** Memory by address: as a plain array of all its bytes tells it, whichever pages are there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from '../../src/bytes/crc32';
import { Malformed } from '../../src/bytes/malformed';
import { chunksOf, type Dump } from '../../src/memory/dump';
import { loadMemory, Memory, openMemory } from '../../src/memory/memory';
import { inflate as inflateStream } from '../../src/memory/streams';
import { deflate, inflate } from '../../src/node/deflate';
import { PAGE } from '../../src/protocol/handles';
import { ABOUT, emptyParts, takenOf } from './made';

/** Pages 1, 2, 5 and 70 to 139 of 141, of numbers that follow no pattern a page wide. */
const PAGES = [1, 2, 5, ...Array.from({ length: 70 }, (_, i) => i + 70)];
const SIZE = 141 * PAGE;

function image(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(SIZE);
  for (const page of PAGES) {
    for (let i = 0; i < PAGE; i++) bytes[page * PAGE + i] = (i * 31 + page * 7 + (i >> 8)) % 253;
  }
  return bytes;
}

const whole = image();

function dumpOf(): Dump {
  const bytes = new Uint8Array(PAGES.length * PAGE);
  for (const [i, page] of PAGES.entries()) bytes.set(whole.subarray(page * PAGE, (page + 1) * PAGE), i * PAGE);
  const chunks = [...chunksOf(Int32Array.from(PAGES), bytes)].map(({ pages, bytes }, i) => ({
    ...{ pages, crc: crc32(bytes), deflated: deflate(bytes), offset: 100 + i },
  }));
  assert.deepEqual(
    chunks.map(({ pages }) => pages.length),
    [64, 9],
  );
  return { about: ABOUT, ...takenOf(emptyParts()), memory: SIZE, chunks };
}

/** Around the edges of all kinds of pages, and some in between. */
function* addresses(): Generator<number> {
  for (const page of [0, 1, 2, 3, 5, 6, 69, 70, 71, 131, 132, 139, 140, 141]) {
    for (let by = -9; by <= 9; by++) yield page * PAGE + by;
  }
  for (let at = 0; at < SIZE; at += 40_009) yield at;
}

function reads(memory: Memory): void {
  const view = new DataView(whole.buffer);
  for (const at of addresses()) {
    for (const [length, ours, plain] of [
      [1, () => memory.u8(at), () => view.getUint8(at)],
      [4, () => memory.u32(at), () => view.getUint32(at, true)],
      [11, () => [...memory.bytes(at, 11)], () => [...whole.slice(at, at + 11)]],
      [200_000, () => memory.bytes(at, 200_000), () => whole.slice(at, at + 200_000)],
    ] as [number, () => unknown, () => unknown][]) {
      const inside = at >= 0 && at + length <= SIZE;
      assert.equal(memory.has(at, length), inside);
      if (inside) assert.deepEqual(ours(), plain(), `${length} bytes at ${at}`);
      else assert.throws(ours, malformed(`${length} bytes of linear memory`, at));
    }
  }
  assert.deepEqual(memory.words(SIZE), new Int32Array(whole.slice().buffer));
  assert.equal(memory.words(SIZE - 1), null);
}

function malformed(expected: string, offset: number) {
  return (error: unknown) => {
    assert.ok(error instanceof Malformed, `${error}`);
    assert.deepEqual([error.expected, error.offset], [expected, offset]);
    return true;
  };
}

test('all of a dump’s memory is read as it was', async () => {
  const dump = dumpOf();
  reads(openMemory(dump, inflate, PAGES.length * PAGE));
  reads(await loadMemory(dump, inflateStream, PAGES.length * PAGE));
});

test('no more is inflated than is asked for, and that once', () => {
  const sizes: number[] = [];
  const memory = openMemory(
    dumpOf(),
    (deflated, size) => {
      sizes.push(size);
      return inflate(deflated, size);
    },
    2 ** 32,
  );
  memory.u32(0);
  memory.u8(SIZE - 1);
  assert.deepEqual(sizes, []);
  memory.u32(PAGE);
  memory.u32(5 * PAGE);
  assert.deepEqual(sizes, [64 * PAGE]);
  memory.bytes(139 * PAGE, 8);
  memory.bytes(0, SIZE);
  assert.deepEqual(sizes, [64 * PAGE, 9 * PAGE]);
});

test('more memory than the reader wants is refused before any is inflated', async () => {
  const never = () => assert.fail('inflated');
  const most = PAGES.length * PAGE - 1;
  const refusal = malformed(`at most ${most} bytes of memory`, 101);
  assert.throws(() => openMemory(dumpOf(), never, most), refusal);
  await assert.rejects(loadMemory(dumpOf(), never, most), refusal);
});

test('pages that come to nothing are refused while they are loaded', async () => {
  const size = 64 * PAGE;
  await assert.rejects(
    loadMemory(dumpOf(), async () => null, 2 ** 32),
    malformed(`pages that inflate to ${size} bytes`, 100),
  );
  await assert.rejects(
    loadMemory(dumpOf(), async (_, size) => new Uint8Array(size - 1), 2 ** 32),
    malformed(`pages that inflate to ${size} bytes`, 100),
  );
  await assert.rejects(
    loadMemory(dumpOf(), async (_, size) => new Uint8Array(size), 2 ** 32),
    malformed('pages that add up to their checksum', 100),
  );
});

test('a pointer is 8 bytes, of which 4 are an address', () => {
  const page = new Uint8Array(PAGE);
  const view = new DataView(page.buffer);
  view.setUint32(8, 0xffff_fff8, true);
  view.setUint32(20, 1, true);
  const memory = new Memory(PAGE, [{ pages: Int32Array.of(0), bytes: () => page }]);
  assert.deepEqual([memory.pointer(8), memory.pointer(0)], [0xffff_fff8, 0]);
  assert.throws(() => memory.pointer(16), malformed('a pointer of 32 bits', 16));
  assert.throws(() => memory.pointer(PAGE - 7), malformed('8 bytes of linear memory', PAGE - 7));
});

test('the last bytes of 4 GiB are read as others are', () => {
  const page = new Uint8Array(PAGE).fill(0xff, PAGE - 4);
  const memory = new Memory(2 ** 32, [{ pages: Int32Array.of(65535), bytes: () => page }]);
  assert.deepEqual([memory.u32(2 ** 32 - 4), memory.u8(2 ** 32 - 1), memory.u32(2 ** 31)], [0xffff_ffff, 0xff, 0]);
  assert.equal(memory.u32(2 ** 32 - 6), 0xffff_0000);
  assert.throws(() => memory.u32(2 ** 32 - 3), Malformed);
  assert.equal(memory.has(Number.NaN, 1), false);
});
