/** What a recording answers, against the plainest reckoning of the same numbers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Capture } from '../../src/bridge/capture';
import { readProfile } from '../../src/bridge/profile';
import { type OperationSums, Recording, type Wanted } from '../../src/bridge/recording';
import { Sum } from '../../src/bridge/sums';
import type { Tree, TreeName } from '../../src/bridge/tree';
import type { Program } from '../../src/program';
import type { RecordBatch } from '../../src/protocol/recording';
import { paint, paintRecording, random } from './made';

const program = paint as unknown as Program;
const ALL: Wanted = { range: null, text: '', label: null };
const batches = [...paintRecording({ seed: 7, events: 5000, every: 4 })];

function recordingOf(list: RecordBatch[]): Recording {
  const recording = new Recording(() => program);
  for (const batch of list) assert.ok(recording.add(batch));
  return recording;
}

function captureOf(list: RecordBatch[]): Capture {
  const capture = new Capture();
  for (const batch of list) assert.ok(capture.add(batch));
  return capture;
}

const near = (a: number, b: number) => Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a), Math.abs(b));

test('the whole recording has the sums that the profile has', () => {
  const { operations } = readProfile(captureOf(batches), program);
  const { rows, exact } = recordingOf(batches).operations(ALL);
  assert.ok(exact);
  assert.equal(rows.length, operations.length);
  for (const row of operations) {
    const same = rows.find(
      ({ operation, target }) => operation === row.operation && (target === row.target || operation === 'callback'),
    );
    assert.ok(same, row.operation);
    for (const sum of ['count', 'timed', 'totalMs', 'selfMs', 'bytes'] as const)
      assert.ok(near(same[sum], row[sum]), `${row.operation} ${sum}`);
  }
});

test('a callback is called by the Go function that ran', () => {
  const { rows } = recordingOf(batches).operations(ALL);
  assert.equal(rows.find(({ operation }) => operation === 'callback')?.target, 'main.(*App).listen.func2');
});

/** Each event with its caller found by looking at all others. */
function naive(
  capture: Capture,
  from: number,
  to: number,
): Map<string, { count: number; totalMs: number; selfMs: number }> {
  const count = capture.times.length / 2;
  const found = new Map<string, { count: number; totalMs: number; selfMs: number }>();
  const of = (event: number) => {
    const { operation, target, calls, timed } = capture.entry(capture.events.at(event * 3));
    const key = `${capture.operations[operation].replace(/^.*\./, '')} ${capture.targets[target]}`;
    if (!found.has(key)) found.set(key, { count: 0, totalMs: 0, selfMs: 0 });
    return { row: found.get(key)!, share: calls / timed };
  };
  for (let event = 0; event < count; event++) {
    const [begin, end] = [capture.times.at(event * 2), capture.times.at(event * 2 + 1)];
    const { row, share } = of(event);
    if (begin >= from && begin < to) row.count += share;
    const within = Math.max(0, Math.min(end, to) - Math.max(begin, from));
    row.totalMs += within * share;
    row.selfMs += within * share;
    // Its caller ends after it: the next one that lies one less deep.
    const depth = capture.events.at(event * 3 + 1);
    if (depth === 0) continue;
    let caller = event + 1;
    while (capture.events.at(caller * 3 + 1) !== depth - 1) caller++;
    const outer = of(caller);
    outer.row.selfMs -= within * share * outer.share;
  }
  return found;
}

test('a stretch of time has the sums of the calls in it', () => {
  const capture = captureOf(batches);
  const recording = recordingOf(batches);
  for (const [from, to] of [
    [1000, 1400],
    [1203.3, 1207.9],
    [1500, 1e9],
    [0, 1],
  ]) {
    const expected = naive(capture, from, to);
    const { rows, exact } = recording.operations({ ...ALL, range: { from, to } });
    assert.equal(exact, false);
    const live = [...expected].filter(([, row]) => row.count > 0 || row.totalMs > 0);
    assert.equal(rows.length, live.length, `${from}–${to}`);
    for (const [key, sums] of live) {
      const row = rows.find(
        ({ operation, target }) => key === `${operation} ${operation === 'callback' ? '' : target}`,
      ) as OperationSums;
      for (const sum of ['count', 'totalMs', 'selfMs'] as const)
        assert.ok(near(row[sum], sums[sum]), `${key} ${sum} ${row[sum]} ${sums[sum]}`);
    }
  }
});

test('where every call is timed, a stretch that holds all has the exact numbers', () => {
  const every = [...paintRecording({ seed: 3, events: 2000 })];
  const recording = recordingOf(every);
  const whole = recording.operations(ALL).rows;
  const stretch = recording.operations({ ...ALL, range: { from: 0, to: 1e9 } }).rows;
  assert.deepEqual(
    stretch.map(({ label, count, bytes }) => ({ label, count, bytes })).sort((a, b) => a.label - b.label),
    whole.map(({ label, count, bytes }) => ({ label, count, bytes })).sort((a, b) => a.label - b.label),
  );
  for (const row of whole) {
    const same = stretch.find(({ label }) => label === row.label)!;
    assert.ok(near(same.selfMs, row.selfMs), row.operation);
  }
});

/** `name > name: count`, each branch. */
function branches({ names, name, parents, sums }: Tree): Map<string, number> {
  const say = (node: TreeName) =>
    node.kind === 'frame'
      ? `${node.function}:${node.line}`
      : node.kind === 'operation'
        ? `${node.operation} ${node.target}`.trim()
        : node.why;
  const paths: string[] = [''];
  const found = new Map<string, number>();
  for (let node = 1; node < parents.length; node++) {
    paths[node] = `${paths[parents[node]]} > ${say(names[name[node]])}`;
    found.set(paths[node], sums[node * Sum.Columns + Sum.Count]);
  }
  return found;
}

test('trees lead from the outermost function to the operation, and back, without Go’s own machinery', () => {
  const recording = recordingOf(batches);
  const { rows } = recording.operations(ALL);
  const copies = rows.find(({ operation }) => operation === 'copyBytesToJS')!;
  const [down, up, sites] = (['down', 'up', 'sites'] as const).map((kind) =>
    branches(recording.tree(kind, { ...ALL, label: copies.label })),
  );
  const flush = 'example.com/paint/canvas.(*Layer).flush:231';
  const view = 'example.com/paint/canvas.(*View).paint:77';
  const log = 'example.com/paint/history.(*Log).thumbnail:118';
  const app = 'main.(*App).frame:160';
  const main = 'main.main:31';
  assert.deepEqual(
    [...down.keys()].sort(),
    [
      ` > ${main}`,
      ` > ${main} > ${app}`,
      ` > ${main} > ${app} > ${view}`,
      ` > ${main} > ${app} > ${view} > ${flush}`,
      ` > ${main} > ${app} > ${view} > ${flush} > copyBytesToJS`,
      ` > ${main} > ${app} > ${log}`,
      ` > ${main} > ${app} > ${log} > ${flush}`,
      ` > ${main} > ${app} > ${log} > ${flush} > copyBytesToJS`,
    ].sort(),
  );
  assert.equal(down.get(` > ${main}`), copies.count);
  assert.equal(up.get(' > copyBytesToJS'), copies.count);
  assert.equal(up.get(` > copyBytesToJS > ${flush}`), copies.count);
  assert.equal(
    (up.get(` > copyBytesToJS > ${flush} > ${view}`) ?? 0) + (up.get(` > copyBytesToJS > ${flush} > ${log}`) ?? 0),
    copies.count,
  );
  assert.deepEqual([...sites.keys()], [` > ${flush}`, ` > ${flush} > copyBytesToJS`]);
});

test('a filter finds operations, targets and Go functions, and leaves out what has a minus', () => {
  const recording = recordingOf(batches);
  const names = (text: string) =>
    recording
      .operations({ ...ALL, text })
      .rows.map(({ operation, target }) => `${operation} ${target}`.trim())
      .sort();
  assert.deepEqual(names('valueNew'), ['valueNew ImageData']);
  assert.deepEqual(names('toolbar.go clientx'), ['valueGet clientX']);
  assert.deepEqual(names('toolbar -valueGet'), ['stringVal', 'valueCall createElement', 'valueSet style.transform']);
  assert.deepEqual(names('no such thing'), []);
});

test('the log has the calls in the order of their beginnings, a page at a time', () => {
  const recording = recordingOf(batches);
  const capture = captureOf(batches);
  const all = recording.calls(ALL, 0, 1000);
  assert.equal(all.total, capture.times.length / 2);
  const begins = Array.from({ length: all.total }, (_, i) => capture.times.at(i * 2)).sort((a, b) => a - b);
  assert.deepEqual(
    all.rows.map(({ begin }) => begin),
    begins.slice(0, 1000),
  );
  assert.deepEqual(recording.calls(ALL, 990, 1000).rows.slice(0, 10), all.rows.slice(990));
  const page = recording.calls({ ...ALL, text: 'copyBytesToJS', range: { from: 1100, to: 1300 } }, 0, 50);
  assert.ok(page.total > 5);
  assert.ok(
    page.rows.every(
      ({ operation, begin, bytes, site }) =>
        operation === 'copyBytesToJS' && begin >= 1100 && begin < 1300 && bytes > 0 && site?.function.endsWith('flush'),
    ),
  );
});

test('what the strip counts is what all batches say', () => {
  const recording = recordingOf(batches);
  const { totals, calls, timed, samples } = recording.summary();
  const { operations } = readProfile(captureOf(batches), program);
  const sum = (direction: string, column: 'count' | 'selfMs' | 'bytes') =>
    operations.filter((row) => row.direction === direction).reduce((all, row) => all + row[column], 0);
  assert.equal(totals.goToJs, sum('go→js', 'count'));
  assert.equal(totals.jsToGo, sum('js→go', 'count'));
  assert.equal(totals.bytes, sum('go→js', 'bytes'));
  assert.ok(near(totals.inJs, sum('go→js', 'selfMs')));
  assert.equal(calls, totals.goToJs + totals.jsToGo);
  assert.ok(timed < calls);
  assert.ok(samples.length > 1 && samples.every((sample, i) => i === 0 || sample.goToJs >= samples[i - 1].goToJs));
});

test('a batch that is missing ends the recording and says so; what came before stays', () => {
  const recording = recordingOf(batches.slice(0, 2));
  const before = recording.operations(ALL).rows;
  assert.equal(recording.add(batches[3]), false);
  assert.equal(recording.add(batches[2]), false);
  assert.deepEqual(recording.operations(ALL).rows, before);
  assert.match(recording.summary().broken, /did not arrive/);
  const [totals, same] = [recording, recordingOf(batches.slice(0, 2))].map((each) => each.summary().totals);
  assert.ok(near(totals.inJs, same.inJs));
  assert.deepEqual({ ...totals, inJs: 0 }, { ...same, inJs: 0 });
});

test('a program that is read later gives its names to what has been recorded', () => {
  let known: Program | null = null;
  const recording = new Recording(() => known);
  for (const batch of batches) recording.add(batch);
  assert.match(recording.operations(ALL).rows.find(({ operation }) => operation === 'callback')!.target, /^PC 0x/);
  known = program;
  assert.equal(
    recording.operations(ALL).rows.find(({ operation }) => operation === 'callback')!.target,
    'main.(*App).listen.func2',
  );
});

test('whatever numbers a page sends, a recording takes a batch or refuses it, and answers', () => {
  const next = random(21);
  const odd = [0, -1, 1, 2 ** 31 - 1, -(2 ** 31), 0.5, Number.NaN, Number.POSITIVE_INFINITY, 1e300, 7];
  const [small] = [...paintRecording({ seed: 4, events: 300 })];
  let taken = 0;
  for (let round = 0; round < 400; round++) {
    const batch = structuredClone(small);
    const { rows, goroutines } = batch.state!;
    const columns = [batch.stacks, batch.entries, batch.counts, batch.events, batch.times, rows, goroutines];
    for (let change = 0; change <= round % 5; change++) {
      const column = columns[Math.floor(next() * columns.length)];
      column[Math.floor(next() * column.length)] = odd[Math.floor(next() * odd.length)];
    }
    const recording = new Recording(() => program);
    if (recording.add(batch)) taken++;
    const wanted: Wanted = { range: { from: 1010, to: 1100 }, text: 'main', label: null };
    recording.summary();
    recording.operations(wanted);
    for (const kind of ['up', 'down', 'sites'] as const) recording.tree(kind, wanted);
    recording.calls(ALL, 0, 100);
    const { lanes, count } = recording.timeline();
    assert.equal(
      lanes.reduce((sum, lane) => sum + lane.begins.length, 0),
      count,
    );
  }
  assert.ok(taken > 50 && taken < 400, `${taken}`);
});
