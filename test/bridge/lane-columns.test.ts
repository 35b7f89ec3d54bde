/** What the timeline draws beneath the calls, against the plainest way to say the same, and against what Go tells. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Capture } from '../../src/bridge/capture';
import { extremes, type GoroutineLane, sizesOf } from '../../src/bridge/lane-columns';
import { readLanes } from '../../src/bridge/lanes';
import { Recording } from '../../src/bridge/recording';
import { createSlices, visible } from '../../src/bridge/slices';
import { straight } from '../../src/bridge/spans';
import { COLUMN, FULL_ROW } from '../../src/bridge/state';
import { buffersOf } from '../../src/bridge/timeline';
import { Program } from '../../src/program';
import type { RecordBatch, StateSamples } from '../../src/protocol/recording';
import { openFixture } from '../fixtures/open';
import { runState } from '../fixtures/state';
import { paint, paintRecording, random } from './made';

const program = paint as unknown as Program;
const batches = [...paintRecording({ seed: 5, events: 20_000, every: 4 })];

function recordingOf(list: RecordBatch[], of = program): Recording {
  const recording = new Recording(() => of);
  for (const batch of list) assert.ok(recording.add(batch));
  return recording;
}

/** A batch of which only what was seen in memory counts. */
function seen(number: number, state: Partial<StateSamples>): RecordBatch {
  const none = { width: FULL_ROW, rows: new Float64Array(), goroutines: new Float64Array(), goClock: 0, lost: 0 };
  const now = Math.max(state.rows?.at(-FULL_ROW) ?? 0, state.goroutines?.at(-2) ?? 0);
  return {
    ...{ instance: 1, number, now, origin: 0, operations: [], targets: [], stacks: new Int32Array() },
    ...{ receivers: new Int32Array(), entries: new Int32Array(), counts: new Float64Array(), events: new Int32Array() },
    ...{ times: new Float64Array(), dropped: 0, lost: 0, clockStep: 0.1, every: 1, last: false },
    state: { ...none, ...state },
  };
}

const near = (a: number, b: number) => Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a));

test('goroutines that ran longest have rows of their own, all others one; each run is in one of them', () => {
  const next = random(3);
  for (const goroutines of [1, 3, 4, 5, 60]) {
    const pairs: number[] = [];
    let time = 1;
    for (let i = 0; i < 4000; i++) {
      time += next() * 3;
      pairs.push(time, next() < 0.2 ? 0 : 1 + Math.floor(next() ** 2 * goroutines));
    }
    pairs.push(time + 1, 0);
    const { goroutines: lane } = recordingOf([seen(1, { goroutines: Float64Array.from(pairs) })]).timeline();
    assert.ok('rows' in lane);
    const runs: [goid: number, begin: number, end: number][] = [];
    for (let i = 0; i + 2 < pairs.length; i += 2)
      if (pairs[i + 1] > 0) runs.push([pairs[i + 1], pairs[i], pairs[i + 2]]);
    const sums = new Map<number, number>();
    for (const [goid, begin, end] of runs) sums.set(goid, (sums.get(goid) ?? 0) + end - begin);
    const ranked = [...sums].sort((a, b) => b[1] - a[1]).map(([goid]) => goid);
    const own = goroutines <= 4 ? ranked : ranked.slice(0, 3);
    assert.deepEqual(
      lane.rows.map(({ goid }) => goid),
      [...own, ...(goroutines > 4 ? [0] : [])],
    );
    for (const row of lane.rows) {
      const expected = runs.filter(([goid]) => (row.goid === 0 ? !own.includes(goid) : goid === row.goid));
      assert.deepEqual(
        Array.from(row.begins, (begin, i) => [row.goids?.[i] ?? row.goid, begin, row.ends[i]]),
        expected,
      );
      assert.ok(
        near(
          row.ms,
          expected.reduce((sum, [, begin, end]) => sum + end - begin, 0),
        ),
      );
    }
    assert.equal(lane.count, goroutines);
  }
});

test('switches are the times another goroutine ran than before, whoever was not known between', () => {
  const parts = [
    [1, 1, 2, 0, 3, 1, 4, 7],
    [5, -1, 6, 7, 7, 0, 8, 9, 9, 1],
  ];
  const recording = recordingOf(parts.map((pairs, i) => seen(i + 1, { goroutines: Float64Array.from(pairs) })));
  // 1, 1, 7, 7, 9, 1.
  assert.equal(recording.summary().totals.switches, 3);
  assert.equal(recording.summary().switchesWhy, '');
  assert.deepEqual(recording.summary().gc, { why: 'linear memory was not looked at' });
});

test('least and most of a part of a column, whole blocks or not', () => {
  const next = random(8);
  const sizes = sizesOf(Float64Array.from({ length: 1000 }, () => Math.floor(next() * 1e6)));
  const out = { least: 0, most: 0 };
  for (let i = 0; i < 400; i++) {
    const from = Math.floor(next() * 1000);
    const to = from + 1 + Math.floor(next() * (1000 - from));
    extremes(sizes, from, to, out);
    const part = sizes.values.slice(from, to);
    assert.deepEqual(out, { least: Math.min(...part), most: Math.max(...part) }, `${from}–${to}`);
  }
});

test('stretches lie beside each other, whatever clocks say, and as many are drawn as there are pixels', () => {
  const next = random(12);
  const spans = {
    begins: Float64Array.from({ length: 3000 }, () => next() * 900),
    ends: Float64Array.from({ length: 3000 }, () => next() * 1000),
  };
  spans.begins[7] = Number.NEGATIVE_INFINITY;
  straight(spans);
  for (let i = 1; i < 3000; i++) {
    assert.ok(spans.ends[i - 1] <= spans.begins[i] && spans.begins[i] <= spans.ends[i]);
  }
  const slices = createSlices(4000);
  visible(spans, 0, 1000, 1, slices);
  assert.ok(slices.count > 0 && slices.count <= 2000);
});

test('the lanes of a made program: its cycles, who paid for them, its memory', () => {
  const recording = recordingOf(batches);
  const { gc, memory, goroutines, began, now } = recording.timeline();
  assert.ok('begins' in gc && 'times' in memory && 'rows' in goroutines);
  const capture = new Capture();
  for (const batch of batches) capture.add(batch);
  const { collector } = readLanes(capture, null);
  assert.ok(collector.ok);
  assert.deepEqual([...gc.before], [...collector.value.before]);
  assert.ok(gc.begins.length > 20 && gc.begins[0] >= began && gc.ends[gc.ends.length - 1] <= now);
  const names = recording.names();
  const operation = (event: number) => capture.operations[capture.entry(capture.events.at(event * 3)).operation];
  assert.deepEqual(
    Array.from(gc.labels, (label) => names[label].operation),
    Array.from(collector.value.entry, operation),
  );
  const { gc: told, totals } = recording.summary();
  assert.ok('cycles' in told);
  assert.equal(told.cycles, gc.begins.length);
  assert.ok(told.cycles - totals.cycles <= 1, 'one may still run');
  assert.ok(
    near(
      told.ms,
      gc.begins.reduce((sum, begin, i) => sum + gc.ends[i] - begin, 0),
    ),
  );
  assert.deepEqual(
    (goroutines as GoroutineLane).rows.map(({ goid }) => goid),
    [1, 31, 23, 0],
  );
  assert.ok(memory.heap && memory.heapWhy === '');
  assert.ok(memory.linear.values.every((size, i) => size > memory.heap!.inuse[i]));
});

test('words that cannot be the collector’s give no heap either; a size that is none, no memory', () => {
  const spoiled = (column: number, value: number) => {
    const state = { ...batches[0].state!, rows: batches[0].state!.rows.slice() };
    state.rows[FULL_ROW * 3 + column] = value;
    return recordingOf([{ ...batches[0], state }]);
  };
  const noHeap = spoiled(COLUMN.heapInUse, 12345).timeline();
  assert.ok('why' in noHeap.gc && /a heap of 12345 bytes/.test(noHeap.gc.why));
  assert.ok('times' in noHeap.memory && noHeap.memory.heap === null);
  assert.match(noHeap.memory.heapWhy, /a heap of 12345 bytes/);
  for (const size of [Number.NaN, -1, 2 ** 40]) {
    const { memory } = spoiled(1, size).timeline();
    assert.deepEqual(memory, { why: 'Not known: what should be the size of linear memory is none.' });
  }
});

test('without looks at memory each lane says why it is empty', () => {
  const recording = recordingOf([...paintRecording({ seed: 5, events: 500, memory: false })]);
  const why = 'linear memory was not looked at';
  const { goroutines, gc, memory } = recording.timeline();
  assert.deepEqual([goroutines, gc, memory], new Array(3).fill({ why: `Not known: ${why}.` }));
  const { gc: counted, switchesWhy } = recording.summary();
  assert.deepEqual([counted, switchesWhy], [{ why }, why]);
});

test('every column of a timeline is handed over, and once', () => {
  const timeline = recordingOf(batches).timeline();
  const found: ArrayBufferLike[] = [];
  const walk = (value: unknown) => {
    if (ArrayBuffer.isView(value)) found.push(value.buffer);
    else if (value && typeof value === 'object') for (const part of Object.values(value)) walk(part);
  };
  walk(timeline);
  const handed = buffersOf(timeline);
  assert.equal(new Set(handed).size, handed.length);
  assert.deepEqual(new Set(handed), new Set(found));
});

test('the oldest rows go when there are too many, and their cycles stay counted', () => {
  const [rows, apart] = [420_000, 500];
  const all = new Float64Array(rows * FULL_ROW);
  const row = new Float64Array(FULL_ROW);
  row[1] = 2 ** 25;
  for (let i = 0; i < rows; i++) {
    row[0] = i + 1;
    if (i % apart === 100) row[COLUMN.cycles]++;
    if (i % apart === 110) row[COLUMN.numgc]++;
    all.set(row, i * FULL_ROW);
  }
  const recording = new Recording(() => null);
  const part = all.length / 3;
  for (let i = 0; i < 3; i++)
    assert.ok(recording.add(seen(i + 1, { rows: all.slice(i * part, (i + 1) * part) })), `${i}`);
  const { gc, totals } = recording.summary();
  const cycles = rows / apart;
  assert.deepEqual(gc, { cycles, ms: cycles * 10, missed: 0 });
  assert.equal(totals.cycles, cycles);
  const { memory, gc: kept } = recording.timeline();
  assert.ok('times' in memory && 'begins' in kept);
  assert.deepEqual([memory.times.length, kept.begins.length], [200_000, 200_000 / apart]);
});

test('go1.27: cycles are as many as Go tells, and callbacks are told that paid', () => {
  const name = 'go1.27/state-stripped';
  const run = runState(name, 1);
  const recording = recordingOf(run.batches, new Program(openFixture(name)));
  const { gc, goroutines, long } = recording.timeline();
  const { gc: told } = recording.summary();
  assert.ok('begins' in gc && 'rows' in goroutines && 'cycles' in told);
  assert.equal(told.cycles, run.moments[run.moments.length - 1].told.NumGC);
  const names = recording.names();
  assert.ok([...gc.labels].some((label) => names[label]?.operation === 'callback'));
  assert.ok(goroutines.count >= new Set(run.goroutines.map(({ told }) => told)).size);
  assert.ok(long.begins.length >= 1, 'a callback that blocks for 60 ms');
});
