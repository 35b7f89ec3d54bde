/** What the recorder keeps of a memory that is written by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSamples } from '../../../src/hook/record/samples';
import type { StateProbes } from '../../../src/protocol/recording';

const M = 0x100;
const CURG = 0x188;
const [G_M, G_GOID] = [48, 152];
const PROBES: StateProbes = {
  words: Int32Array.of(0x40, 4, 0x44, 4, 0x50, 8),
  goroutine: { curg: CURG, m: M, gM: G_M, gGoid: G_GOID },
};
const SIZE = 0x10000;

function memory() {
  const words = new Int32Array(SIZE / 4);
  return {
    words,
    put(address: number, value: number) {
      words[address / 4] = value % 2 ** 32;
      words[address / 4 + 1] = Math.floor(value / 2 ** 32);
    },
    /** Makes a goroutine the one that runs. */
    run(g: number, goid: number) {
      this.put(CURG, g);
      this.put(g + G_M, M);
      this.put(g + G_GOID, goid);
    },
  };
}

test('rows are kept where something has changed: watched words at once, others a millisecond apart', () => {
  const mem = memory();
  const samples = createSamples(PROBES);
  const at = (time: number) => samples.at(mem.words, SIZE, time, false, time);
  at(10);
  mem.put(0x50, 2 ** 40 + 7);
  at(10.5);
  at(11.5);
  at(13);
  assert.equal(samples.changed(mem.words), false);
  mem.words[0x44 / 4] = -1;
  assert.equal(samples.changed(mem.words), true);
  at(13.1);
  mem.put(0x50, 5);
  samples.at(mem.words, SIZE * 2, 13.2, false, 13.2);
  samples.at(mem.words, SIZE * 2, 14.2, false, 14.2);
  const { width, rows, lost } = samples.take();
  assert.deepEqual([width, lost], [5, 0]);
  assert.deepEqual(
    [...rows],
    [
      ...[10, SIZE, 0, 0, 0],
      ...[11.5, SIZE, 0, 0, 2 ** 40 + 7],
      ...[13.1, SIZE, 0, 2 ** 32 - 1, 2 ** 40 + 7],
      ...[14.2, SIZE * 2, 0, 2 ** 32 - 1, 5],
    ],
  );
  assert.deepEqual([samples.more(), samples.take().rows.length], [false, 0]);
});

test('a goroutine runs from the call on that shows it, none while Go does not run, and none is guessed', () => {
  const mem = memory();
  const samples = createSamples(PROBES);
  const at = (time: number, inGo: boolean, since = time) => samples.at(mem.words, SIZE, time, inGo, since);
  mem.run(0x1000, 1);
  at(1, false);
  at(3, true, 2);
  at(4, true, 3.5);
  mem.run(0x2000, 2 ** 33 + 9);
  at(6, true, 5);
  at(7, false);
  // Go was entered and left since: it runs from now on at the earliest.
  at(9, true, 6.5);
  // The same g for another goroutine; the scheduler; a pointer that leads to no g of this m, one beyond memory, an odd one.
  mem.run(0x2000, 12);
  at(10, true);
  mem.put(CURG, 0);
  at(11, true);
  mem.put(CURG, 0x3000);
  at(12, true);
  mem.run(0x1000, 1);
  at(13, true);
  mem.put(CURG, 0xfffffff8);
  at(14, true);
  mem.put(CURG, 0x1001);
  at(15, true);
  assert.deepEqual(
    [...samples.take().goroutines],
    [2, 1, 5, 2 ** 33 + 9, 7, 0, 9, 2 ** 33 + 9, 10, 12, 11, 0, 12, -1, 13, 1, 14, -1],
  );
});

test('a page that changes all the time fills what there is room for, and no more', () => {
  const mem = memory();
  const samples = createSamples(PROBES);
  const most = 1 << 20;
  for (let i = 1; i <= most + 10; i++) {
    mem.words[0x40 / 4] = i;
    mem.run(0x1000, i);
    samples.at(mem.words, SIZE, i / 100, true, i / 100);
  }
  let rows = 0;
  let pairs = 0;
  let lost = 0;
  while (samples.more()) {
    const taken = samples.take();
    rows += taken.rows.length / taken.width;
    pairs += taken.goroutines.length / 2;
    lost = taken.lost;
  }
  assert.deepEqual([rows, pairs], [65_536, most]);
  assert.equal(lost, most + 10 - 65_536 + 10);
});

test('Go’s time is laid over the page’s by the closest pair', () => {
  const mem = memory();
  const samples = createSamples(PROBES);
  mem.put(0x80, 5_000_000);
  samples.clock(mem.words, 0x80 / 4, 10, 14);
  assert.equal(samples.take().goClock, 12 - 5);
  samples.clock(mem.words, 0x80 / 4, 20, 20.5);
  samples.clock(mem.words, 0x80 / 4, 30, 31);
  assert.equal(samples.take().goClock, 20.25 - 5);
});

test('without words only the size of memory is kept', () => {
  const samples = createSamples({ words: new Int32Array(0), goroutine: null });
  const words = new Int32Array(SIZE / 4);
  samples.at(words, SIZE, 1, true, 1);
  words.fill(7);
  samples.at(words, SIZE, 5, true, 5);
  const { width, rows, goroutines } = samples.take();
  assert.deepEqual([width, [...rows], goroutines.length], [2, [1, SIZE], 0]);
});
