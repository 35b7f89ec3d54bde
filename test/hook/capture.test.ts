/** What is copied of a memory with goroutines in it; that hostile memory costs no more than its size. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capture } from '../../src/hook/capture';
import { G_BYTES } from '../../src/protocol/messages';

const PAGE = 65536;
const PC = 0x12340005;

interface G {
  at: number;
  lo: number;
  hi: number;
  m?: number;
  sp?: number;
}

/** A memory with these gs in it, and words at addresses. */
function memory(gs: G[], words: Record<number, number | bigint> = {}, pages = 2): ArrayBuffer {
  const buffer = new ArrayBuffer(pages * PAGE);
  const view = new DataView(buffer);
  const u64 = (address: number, value: number | bigint) => view.setBigUint64(address, BigInt(value), true);
  for (const { at, lo, hi, m = 0, sp = 0 } of gs) {
    for (const [offset, value] of Object.entries({ 0: lo, 8: hi, 48: m, 56: sp, 72: at }))
      u64(at + Number(offset), value);
  }
  for (const [address, value] of Object.entries(words)) u64(Number(address), value);
  return buffer;
}

const take = (buffer: ArrayBuffer, sp: number) => capture(buffer, buffer.byteLength, sp, 'event');
const pairs = (words: Uint32Array) =>
  Array.from({ length: words.length / 2 }, (_, i) => [words[i * 2], words[i * 2 + 1]]);

test('the goroutine that runs, its g0 and then those that wait are taken, with the words of their stacks that may be PCs', () => {
  const g0 = { at: 0x4000, lo: 0x8000, hi: 0x8100, m: 0x6000, sp: 0x80c0 };
  const user = { at: 0x5000, lo: 0x9000, hi: 0x9100, m: 0x6000, sp: 0x9040 };
  const parked = { at: 0x5800, lo: 0xa000, hi: 0xa100, sp: 0xa010 };
  const buffer = memory([g0, user, parked], {
    32840: PC, // 0x8048: inside g0's stack, below SP
    32848: PC + 1, // 0x8050: at SP
    32856: 0xfffffff, // too small
    32864: 0x100000000n + BigInt(PC), // too large
    36928: PC + 2, // 0x9040: at the other's saved SP
    36920: PC + 3, // 0x9038: below it
    40976: PC + 4, // 0xa010: of a goroutine that waits
  });
  const { gs, words, dropped, sp, at } = take(buffer, 0x8050);
  assert.deepEqual([sp, at, dropped], [0x8050, 'event', 0]);
  assert.deepEqual(
    gs.map(({ address, bytes }) => [address, bytes]),
    [g0, user, parked].map((g) => [g.at, new Uint8Array(buffer, g.at, G_BYTES)]),
  );
  assert.notEqual(gs[0].bytes.buffer, buffer);
  assert.deepEqual(pairs(words), [
    [0x8050, PC + 1],
    [0x9040, PC + 2],
    [0xa010, PC + 4],
  ]);
});

test('a dead goroutine that names the same stack does not stand for the one that runs', () => {
  const running = { at: 0x4000, lo: 0x8000, hi: 0x8100, m: 0x6000 };
  for (const at of [0x3000, 0x5000]) {
    const { gs } = take(memory([{ at, lo: 0x8000, hi: 0x8100 }, running]), 0x8050);
    assert.deepEqual(
      gs.map(({ address }) => address),
      [0x4000, at],
    );
  }
});

test('memory without gs: the words from SP on, to the end of the memory at most', () => {
  const buffer = memory([], { 66000: PC, 130000: PC + 1 });
  assert.deepEqual(pairs(take(buffer, 66000).words), [
    [66000, PC],
    [130000, PC + 1],
  ]);
  for (const sp of [0, 1, 2 * PAGE - 1, 2 * PAGE, 0xffffffff]) assert.deepEqual(take(buffer, sp).gs, []);
  assert.deepEqual(take(new ArrayBuffer(0), 8).words.length, 0);
});

test('of too many words the inner and the outer half are kept', () => {
  const most = 1_000_000;
  const extra = 1000;
  const bytes = (most + extra) * 8;
  const lo = 0x10000;
  const buffer = memory([{ at: 0x4000, lo, hi: lo + bytes, m: 8 }], {}, Math.ceil((lo + bytes) / PAGE));
  const all = new Uint32Array(buffer, lo, bytes / 4);
  for (let i = 0; i < all.length; i += 2) all[i] = PC;
  const { words, dropped } = take(buffer, lo);
  assert.equal(dropped, extra);
  assert.equal(words.length, most * 2);
  assert.deepEqual(
    [words[0], words[most - 2], words[most], words[most * 2 - 2]],
    [lo, lo + (most / 2 - 1) * 8, lo + (most / 2 + extra) * 8, lo + bytes - 8],
  );
});

test('a memory full of gs that claim everything is bounded', () => {
  const gs = Array.from({ length: 200 }, (_, i) => ({ at: 0x1000 + i * 0x200, lo: 8, hi: 2 * PAGE, m: 8, sp: 8 }));
  const { gs: taken, words } = take(memory(gs, { 30000: PC }), 16);
  assert.equal(taken.length, 64);
  assert.ok(words.length <= 2_000_000);
});
