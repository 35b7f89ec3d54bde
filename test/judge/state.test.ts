/**
 * What is read of the runtime's state without symbols, against what Go itself tells: runtime.MemStats and runtime.Stack at the
 * same moment, and the lines of GODEBUG=gctrace=1, which Go prints for each cycle of the collector.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Capture } from '../../src/bridge/capture';
import { readLanes } from '../../src/bridge/lanes';
import { floorIndex, upperBound } from '../../src/bytes/search';
import { Program } from '../../src/program';
import { fixtureNames, openFixture } from '../fixtures/open';
import { runState, type StateRun } from '../fixtures/state';

const MB = 1 << 20;
const STACKS = 256 * 1024;
const names = fixtureNames().filter((name) => name.includes('/state-'));

/** As Go prints a cycle (runtime/mgc.go gcMarkTermination). */
const TRACE =
  /^gc (\d+) @[\d.]+s \d+%: ([\d.]+)\+([\d.]+)\+([\d.]+) ms clock, .* cpu, (\d+)->(\d+)->(\d+) MB, .* \d+ P( \(forced\))?$/;

function tracesOf(output: string) {
  const lines = output.split('\n').filter((line) => line.startsWith('gc '));
  return lines.map((line) => {
    const [, number, sweep, mark, end, before, , after] = TRACE.exec(line) ?? assert.fail(line);
    const milliseconds = [sweep, mark, end].map(Number);
    return { number: Number(number), milliseconds, before: Number(before), after: Number(after) };
  });
}

function captureOf(run: StateRun): Capture {
  const capture = new Capture();
  for (const batch of run.batches) assert.ok(capture.add(batch), `batch ${batch.number}`);
  return capture;
}

for (const name of names) {
  test(`${name}: heap, collector and goroutines are what Go says they are`, () => {
    const run = runState(name, 1, { GODEBUG: 'gctrace=1' });
    const traces = tracesOf(run.output);

    assert.equal(run.moments.length, 7);
    for (const { label, after, told } of run.moments) {
      assert.deepEqual(
        {
          NumGC: after.numgc,
          HeapSys: after.heapInUse + after.heapFree + after.heapReleased,
          HeapInuse: after.heapInUse,
          HeapIdle: after.heapFree + after.heapReleased,
          HeapReleased: after.heapReleased,
        },
        {
          NumGC: told.NumGC,
          HeapSys: told.HeapSys,
          HeapInuse: told.HeapInuse,
          HeapIdle: told.HeapIdle,
          HeapReleased: told.HeapReleased,
        },
        label,
      );
      // One has begun and not ended where the collector works in the background; on a busy machine that happens at such a moment.
      assert.ok([told.NumGC, told.NumGC + 1].includes(after.cycles), label);
      assert.ok(after.heapLive <= after.heapInUse && after.heapInUse <= after.bytes, label);
    }
    // What the pacer takes for live is Go's HeapAlloc once all is swept, but for what was allocated since and rounding to blocks.
    for (const { label, after, told } of run.moments.filter((one) => /^(?:collected|dropped)/.test(one.label))) {
      assert.ok(
        Math.abs(after.heapLive - told.HeapAlloc) < 32 * 1024,
        `${label}: ${after.heapLive}, ${told.HeapAlloc}`,
      );
    }

    assert.equal(run.goroutines.length, 1 + 3 * 4 + 1);
    assert.ok(new Set(run.goroutines.map(({ told }) => told)).size >= 5);
    assert.deepEqual(
      run.goroutines.map(({ read }) => read),
      run.goroutines.map(({ told }) => told),
    );

    const capture = captureOf(run);
    const lanes = readLanes(capture, new Program(openFixture(name)));
    assert.ok(lanes.collector.ok && lanes.memory.ok && lanes.goroutines.ok);
    const cycles = lanes.collector.value;
    assert.deepEqual(
      Array.from(cycles.number, (number, i) => [
        number,
        Math.floor(cycles.before[i] / MB),
        Math.floor(cycles.after[i] / MB),
      ]),
      traces.map(({ number, before, after }) => [number, before, after]),
    );
    assert.ok(traces.length >= 8, `${traces.length} cycles`);
    assert.equal(cycles.missed, 0);
    for (const [i, { milliseconds }] of traces.entries()) {
      assert.equal(cycles.exact[i], 1);
      // Of each of the three parts Go prints two digits, or whole milliseconds from 10 on, and drops the rest.
      const printed = milliseconds.reduce((sum, each) => sum + each, 0);
      const dropped = milliseconds.reduce((sum, each) => sum + (each >= 10 ? 1 : each >= 1 ? 0.1 : 0.01), 0);
      const lasted = cycles.end[i] - cycles.begin[i] + 0.001;
      assert.ok(printed <= lasted && lasted <= printed + dropped + 0.002, `${i + 1}: ${lasted} ms, not ${printed}`);
    }

    // Each cycle within the call from outside that it is laid to.
    const operationOf = (event: number) => capture.operations[capture.entry(capture.events.at(event * 3)).operation];
    for (const [i, event] of cycles.entry.entries()) {
      assert.ok(event >= 0, `cycle ${i + 1}`);
      assert.ok(capture.times.at(event * 2) <= cycles.seen[i] && cycles.seen[i] <= capture.times.at(event * 2 + 1));
    }
    const churned = run.moments.findIndex(({ label }) => label === 'churned in a callback');
    const first = run.moments[churned - 1].told.NumGC;
    const second = run.moments[churned].told.NumGC;
    assert.ok(second - first >= 3, 'cycles while a callback allocates');
    assert.equal(operationOf(cycles.entry[0]), 'run');
    for (let i = first; i < second; i++) assert.equal(operationOf(cycles.entry[i]), 'callback', `cycle ${i + 1}`);

    // Every time a goroutine said its number, the lane has it running then.
    const { begin, end, goid } = lanes.goroutines.value;
    for (const { told, time } of run.goroutines) {
      const at = floorIndex(begin, time);
      assert.ok(
        [at, at - 1, at + 1].some((i) => goid[i] === told && begin[i] <= time + 0.5 && end[i] >= time - 0.5),
        `goroutine ${told} at ${time}`,
      );
    }

    const { times, linear, heap } = lanes.memory.value;
    assert.ok(heap);
    for (const { label, after, told } of run.moments) {
      // Linear memory only grows; spans of stacks come and go.
      const row = upperBound(times, after.time);
      const next = Math.min(row, times.length - 1);
      assert.ok(linear[row - 1] <= after.bytes && after.bytes <= linear[next], label);
      const [low, high] = [heap.sys[row - 1], heap.sys[next]].sort((a, b) => a - b);
      assert.ok(
        low - STACKS <= told.HeapSys && told.HeapSys <= high + STACKS,
        `${label}: ${low}, ${told.HeapSys}, ${high}`,
      );
    }
    assert.ok(lanes.long.length >= 1, 'a callback that blocks for 60 ms');
    assert.deepEqual([capture.stateLost, lanes.heapWhy], [0, '']);
  });
}

test('timing few calls misses no cycle', () => {
  const name = names[names.length - 1];
  const run = runState(name, 1000, { GODEBUG: 'gctrace=1' });
  const lanes = readLanes(captureOf(run), new Program(openFixture(name)));
  assert.ok(lanes.collector.ok);
  const traces = tracesOf(run.output);
  assert.deepEqual(
    Array.from(lanes.collector.value.number),
    traces.map(({ number }) => number),
  );
});
