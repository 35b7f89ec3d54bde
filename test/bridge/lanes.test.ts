/** Lanes out of recordings that are made up with a fixed seed, against the plainest way to say the same. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Capture } from '../../src/bridge/capture';
import { readCycles } from '../../src/bridge/cycles';
import { innermost, readEntries } from '../../src/bridge/entries';
import { bytesOver, readLanes } from '../../src/bridge/lanes';
import { COLUMN, FULL_ROW } from '../../src/bridge/state';
import type { RecordBatch, StateSamples } from '../../src/protocol/recording';

/** Marsaglia's xorshift. */
function dice(state: number): (limit: number) => number {
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

/** 1 callback, 2 a timer, 3 copyBytesToJS; entries 1 to 3 are one of each. */
const OPERATIONS = ['callback', 'resume', 'syscall/js.copyBytesToJS'];

interface Call {
  entry: number;
  depth: number;
  bytes: number;
  begin: number;
  end: number;
}

function batchOf(calls: Call[], state?: Partial<StateSamples>): RecordBatch {
  const none = { width: FULL_ROW, rows: new Float64Array(0), goroutines: new Float64Array(0), goClock: 0, lost: 0 };
  return {
    instance: 1,
    number: 1,
    now: 100_000,
    origin: 0,
    operations: OPERATIONS,
    targets: [],
    stacks: new Int32Array(0),
    receivers: new Int32Array(),
    entries: Int32Array.of(1, 0, 0, 2, 0, 0, 3, 0, 0),
    counts: new Float64Array(0),
    events: Int32Array.from(calls.flatMap(({ entry, depth, bytes }) => [entry, depth, bytes])),
    times: Float64Array.from(calls.flatMap(({ begin, end }) => [begin, end])),
    dropped: 0,
    lost: 0,
    clockStep: 0.005,
    every: 1,
    last: true,
    ...(state && { state: { ...none, ...state } }),
  };
}

function captureOf(calls: Call[], state?: Partial<StateSamples>): Capture {
  const capture = new Capture();
  assert.ok(capture.add(batchOf(calls, state)));
  return capture;
}

/** Calls nested at random, as they end. */
function nestedCalls(roll: (limit: number) => number, count: number): Call[] {
  const calls: Call[] = [];
  let time = 1;
  const nest = (depth: number) => {
    const begin = time;
    for (let i = roll(4); i > 0 && depth < 6 && calls.length < count; i--) nest(depth + 1);
    time += roll(100) === 0 ? 60 : roll(50) / 10;
    // Go → JavaScript → Go: every other depth is an entry.
    const entry = depth % 2 === 1 ? 3 : 1 + roll(2);
    calls.push({ entry, depth, bytes: entry === 3 ? roll(1000) : 0, begin, end: time });
    time += roll(3) / 10;
  };
  while (calls.length < count) {
    nest(0);
    time += roll(20);
  }
  return calls;
}

test('entries into Go, and the innermost one at any moment', () => {
  const roll = dice(7);
  const calls = nestedCalls(roll, 3000);
  const entries = readEntries(captureOf(calls));
  const expected = calls
    .map((call, event) => ({ ...call, event }))
    .filter(({ entry }) => entry !== 3)
    .sort((a, b) => a.begin - b.begin || a.depth - b.depth);
  assert.deepEqual(
    Array.from(entries.event, (event, i) => [event, entries.begin[i], entries.end[i], entries.isTimer[i]]),
    expected.map(({ event, begin, end, entry }) => [event, begin, end, entry === 2 ? 1 : 0]),
  );
  const moments = Float64Array.from({ length: 500 }, () => roll(calls[calls.length - 1].end * 10) / 10 + 0.05).sort();
  const naive = Array.from(moments, (moment) => {
    const around = expected.filter(({ begin, end }) => begin <= moment && moment <= end);
    return around.sort((a, b) => b.depth - a.depth)[0]?.event ?? -1;
  });
  assert.ok(naive.includes(-1) && new Set(naive).size > 50);
  assert.deepEqual([...innermost(entries, moments)], naive);
});

test('bytes over time, timers and long callbacks', () => {
  const calls = nestedCalls(dice(11), 4000);
  const capture = captureOf(calls);
  const [from, to, buckets] = [200, 2200, 37];
  const sums = new Array(buckets).fill(0);
  for (const { end, bytes } of calls) {
    if (end >= from && end < to) sums[Math.floor(((end - from) / (to - from)) * buckets)] += bytes;
  }
  assert.deepEqual([...bytesOver(capture, from, to, buckets)], sums);
  const { timers, long } = readLanes(capture, null);
  const wanted = (keep: (call: Call) => boolean) => calls.flatMap((call, i) => (keep(call) ? [i] : []));
  assert.deepEqual(
    [...timers].sort((a, b) => a - b),
    wanted(({ entry }) => entry === 2),
  );
  const blocking = wanted(({ depth, begin, end }) => depth === 0 && end - begin >= 50);
  assert.ok(blocking.length > 5);
  assert.deepEqual(
    [...long].sort((a, b) => a - b),
    blocking,
  );
});

/** A runtime that is only counters, and what a recorder would see of it. */
function collected(seed: number, goClock: number) {
  const roll = dice(seed);
  const row = new Float64Array(FULL_ROW);
  const rows: number[] = [];
  const cycles: { number: number; begin: number; end: number; before: number; after: number }[] = [];
  let time = 50;
  const ns = () => (time - goClock) * 1e6;
  const look = () => {
    row[0] = time;
    rows.push(...row);
  };
  row[1] = 1 << 26;
  row[COLUMN.heapInUse] = 8192 * 1000;
  look();
  for (let number = 1; number <= 200; number++) {
    time += roll(100) / 8;
    if (roll(2)) look();
    row[COLUMN.heap0] = row[COLUMN.heapLive] = roll(8_000_000);
    row[COLUMN.tSweepTerm] = ns();
    const begin = time;
    time += roll(3) / 8;
    row[COLUMN.cycles] = number;
    look();
    time += roll(40) / 8;
    if (roll(2)) look();
    row[COLUMN.tEnd] = ns();
    const end = time;
    row[COLUMN.heap2] = row[COLUMN.heapLive] = roll(1 + row[COLUMN.heap0]);
    time += roll(3) / 8;
    row[COLUMN.numgc] = number;
    look();
    cycles.push({ number, begin, end, before: row[COLUMN.heap0], after: row[COLUMN.heap2] });
  }
  return { rows: Float64Array.from(rows), cycles, roll };
}

test('cycles of the collector, whose moments are Go’s own', () => {
  const { rows, cycles } = collected(3, 12.5);
  const read = readCycles(captureOf([], { rows, goClock: 12.5 }));
  assert.ok(read.ok);
  const { number, begin, end, before, after, exact, missed } = read.value;
  assert.deepEqual(
    Array.from(number, (one, i) => ({
      ...{ number: one, begin: Math.round(begin[i] * 1e3) / 1e3, end: Math.round(end[i] * 1e3) / 1e3 },
      ...{ before: before[i], after: after[i] },
    })),
    cycles,
  );
  assert.deepEqual([exact.every((one) => one === 1), missed], [true, 0]);
});

test('without Go’s clock they are where they were seen, and one that runs to the end has no outcome', () => {
  const { rows, cycles } = collected(5, 0);
  // The last row saw the last cycle's end.
  const read = readCycles(captureOf([], { rows: rows.slice(0, -FULL_ROW) }));
  assert.ok(read.ok);
  const { begin, end, seen, after, exact } = read.value;
  assert.equal(begin.length, cycles.length);
  for (const [i, cycle] of cycles.entries()) assert.ok(cycle.begin <= begin[i] && begin[i] === seen[i], `${i}`);
  assert.deepEqual([end[199], after[199], exact.includes(1)], [100_000, Number.NaN, false]);
});

test('cycles that nothing was seen of are counted as missed', () => {
  const { rows, cycles, roll } = collected(9, 12.5);
  const kept: number[] = [];
  for (let at = 0; at < rows.length; at += FULL_ROW) {
    if (at === 0 || roll(4) === 0) kept.push(...rows.subarray(at, at + FULL_ROW));
  }
  const read = readCycles(captureOf([], { rows: Float64Array.from(kept), goClock: 12.5 }));
  assert.ok(read.ok);
  const { number, end, before, after, exact, missed } = read.value;
  const last = kept[kept.length - FULL_ROW + COLUMN.cycles];
  assert.equal(number.length + missed, last);
  assert.ok(missed > 20 && number.length > 50, `${missed} missed`);
  for (const [i, one] of number.entries()) {
    const truth = cycles[one - 1];
    assert.equal(before[i], truth.before, `cycle ${one}`);
    if (Number.isNaN(after[i])) continue;
    assert.equal(after[i], truth.after, `cycle ${one}`);
    if (exact[i]) assert.ok(Math.abs(end[i] - truth.end) < 1e-3, `cycle ${one}`);
  }
});

test('words that cannot be the collector’s are not taken for it', () => {
  const { rows } = collected(3, 12.5);
  const wrong: [column: number, value: number, why: RegExp][] = [
    [COLUMN.cycles, 300, /300 cycles begun and \d+ ended/],
    [COLUMN.numgc, Number.NaN, /cycles begun and NaN ended/],
    [COLUMN.heapInUse, 8193, /a heap of 8193 bytes/],
    [COLUMN.heapFree, 2 ** 30, /bytes of heap in 67108864 bytes of memory/],
    [COLUMN.heap2, Number.NaN, /NaN bytes of heap/],
  ];
  for (const [column, value, why] of wrong) {
    const broken = rows.slice();
    broken[FULL_ROW * 100 + column] = value;
    const { collector } = readLanes(captureOf([], { rows: broken }), null);
    assert.ok(!collector.ok);
    assert.match(collector.why, why);
  }
  const back = rows.slice();
  back.set(rows.subarray(FULL_ROW + 1, FULL_ROW * 2), FULL_ROW * 100 + 1);
  const { collector } = readLanes(captureOf([], { rows: back }), null);
  assert.ok(!collector.ok && /went back/.test(collector.why));
});

test('memory and goroutines', () => {
  const { rows } = collected(3, 12.5);
  const goroutines = Float64Array.of(50, 1, 60, 0, 61, 7, 62, -1, 64, 1);
  const lanes = readLanes(captureOf([], { rows, goroutines, goClock: 12.5 }), null);
  assert.ok(lanes.memory.ok && lanes.goroutines.ok);
  const { times, linear, heap } = lanes.memory.value;
  assert.deepEqual([times.length, times[0], linear[0]], [rows.length / FULL_ROW, 50, 1 << 26]);
  assert.deepEqual([heap?.sys[0], heap?.inuse[0], heap?.live[0]], [8_192_000, 8_192_000, 0]);
  const { begin, end, goid } = lanes.goroutines.value;
  assert.deepEqual(
    [...goid].map((one, i) => [one, begin[i], end[i]]),
    [
      [1, 50, 60],
      [7, 61, 62],
      [1, 64, 100_000],
    ],
  );
  const noise = Float64Array.of(50, -1, 60, 3, 61, -1, 62, 0, 64, -1);
  const unknown = readLanes(captureOf([], { goroutines: noise }), null).goroutines;
  assert.deepEqual(unknown, { ok: false, why: 'what should be the running goroutine is none' });
});

test('a recording that did not look at memory has none of these lanes', () => {
  const lanes = readLanes(captureOf([]), null);
  const why = 'linear memory was not looked at';
  const none = { ok: false, why };
  assert.deepEqual([lanes.collector, lanes.memory, lanes.goroutines, lanes.heapWhy], [none, none, none, why]);
  const rows = Float64Array.of(1, 65536, 2, 131072);
  const bare = readLanes(captureOf([], { rows, width: 2 }), null);
  assert.ok(bare.memory.ok && !bare.collector.ok);
  assert.deepEqual([[...bare.memory.value.linear], bare.memory.value.heap], [[65536, 131072], null]);
});

test('rows that are cut, or go back in time, are refused whole', () => {
  const row = (time: number) => [time, ...new Array(FULL_ROW - 1).fill(0)];
  const good = Float64Array.from([...row(1), ...row(2)]);
  const refused: Partial<StateSamples>[] = [
    { rows: good.slice(1) },
    { rows: good, width: FULL_ROW - 1 },
    { rows: good, width: 0 },
    { rows: good, width: 1.5 },
    { rows: Float64Array.from([...row(2), ...row(1)]) },
    { rows: Float64Array.from(row(Number.NaN)) },
    { rows: Float64Array.from(row(Number.POSITIVE_INFINITY)) },
    { goroutines: Float64Array.of(1, 1, 2) },
    { goroutines: Float64Array.of(2, 1, 1, 2) },
  ];
  for (const [i, state] of refused.entries()) {
    const capture = new Capture();
    assert.equal(capture.add(batchOf([], state)), false, `case ${i}`);
    assert.deepEqual([capture.rows.length, capture.goroutines.length, capture.batches], [0, 0, 0], `case ${i}`);
  }
  const capture = captureOf([], { rows: good });
  assert.equal(capture.add({ ...batchOf([], { rows: good }), number: 2 }), false, 'before what is known');
  assert.equal(capture.add({ ...batchOf([], { rows: Float64Array.from(row(3)) }), number: 2 }), true);
});
