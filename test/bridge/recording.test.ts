/** What a recording answers, against the plainest reckoning of the same numbers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Capture } from '../../src/bridge/capture';
import { findingsOf } from '../../src/bridge/findings';
import { operationName, readProfile, targetName } from '../../src/bridge/profile';
import { type OperationSums, Recording, type Wanted } from '../../src/bridge/recording';
import { Sum } from '../../src/bridge/sums';
import type { Tree, TreeName } from '../../src/bridge/tree';
import type { Program } from '../../src/program';
import type { RecordBatch } from '../../src/protocol/recording';
import { batchOf } from './captures';
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

test('what an operation is called on is told as soon as it is known, and no more once there are several', () => {
  const call = { operation: 'syscall/js.valueCall', target: 'focus', calls: 1 };
  const batch = batchOf([
    { ...call, pcs: [0x1000_0003] },
    { ...call, receiver: 'div' },
  ]);
  const [first, receivers] = [{ ...batch, receivers: new Int32Array() }, batch.receivers];
  const empty = { operations: [], targets: [], stacks: new Int32Array(), entries: new Int32Array() };
  const more = { ...batch, ...empty, counts: new Float64Array() };
  const recording = new Recording(() => program);
  const told = () => {
    const [row] = recording.operations(ALL).rows;
    const { names } = recording.tree('up', ALL);
    const same = names.find((name) => name.kind === 'operation');
    assert.deepEqual([same?.receiver, recording.names()[row.label].receiver], [row.receiver, row.receiver]);
    return [row.receiver, targetName(row), recording.operations({ ...ALL, text: 'div.focus' }).rows.length];
  };
  recording.add(first);
  assert.deepEqual(told(), ['', 'focus', 0]);
  recording.add({ ...more, number: 2, receivers });
  assert.deepEqual(told(), ['', 'focus', 0], 'not known of the other place');
  recording.add({ ...more, number: 3, receivers: Int32Array.of(1, receivers[1]) });
  assert.deepEqual(told(), ['div', 'div.focus', 1]);
  recording.add({ ...more, number: 4, receivers: Int32Array.of(2, 0) });
  assert.deepEqual(told(), ['', 'focus', 0]);
});

test('findings are those of the capture, and get their Go lines once the program is read', () => {
  const copy = { operation: 'syscall/js.copyBytesToJS', pcs: [0x1002_0003], calls: 2, bytes: 1 << 22, totalMs: 3 };
  const batch = batchOf([copy]);
  let known: Program | null = null;
  const recording = new Recording(() => known);
  recording.add(batch);
  assert.match(recording.findings()[0].place!.function, /^PC 0x/);
  known = program;
  const capture = captureOf([batch]);
  const found = findingsOf(capture, readProfile(capture, program));
  assert.deepEqual(
    found.map(({ kind, place, bytes }) => [kind, place?.function, place?.line, bytes]),
    [['copy', 'example.com/paint/canvas.(*Layer).flush', 231, 1 << 22]],
  );
  assert.deepEqual(recording.findings(), found);
  const more = { ...batch, number: 2, operations: [], stacks: new Int32Array(), entries: new Int32Array() };
  recording.add({ ...more, counts: Float64Array.of(1, 3, 1 << 23, 3, 4, 4) });
  assert.match(recording.findings()[0].text, /^8\.0 MB copied in 3 calls/);
});

test('targets are spelled as JavaScript spells them', () => {
  const names = [
    ['createElement', 'document'],
    ['a b', 'Uint8Array'],
    ['clientX', ''],
    ['', 'div'],
  ].map(([target, receiver]) => operationName({ operation: 'valueGet', target, receiver }));
  assert.deepEqual(names, [
    'valueGet document.createElement',
    'valueGet Uint8Array["a b"]',
    'valueGet "clientX"',
    'valueGet',
  ]);
});

test('calls from a place where none was timed take as long as others of their row do; what was never timed takes no time', () => {
  const get = { operation: 'syscall/js.valueGet', target: 'x' };
  const rows = [
    { ...get, pcs: [0x1000_0003], calls: 100, timed: 10, totalMs: 5, selfMs: 4 },
    { ...get, pcs: [0x1001_0003], calls: 50, timed: 10, totalMs: 15, selfMs: 6, bytes: 100 },
    { ...get, pcs: [0x1002_0003], calls: 7, timed: 0, bytes: 14 },
    { ...get, target: 'y', calls: 9, timed: 0 },
  ];
  // 50 and 75 ms of their own means; 7 times 1 ms, 0.5 ms of them self, which is the mean of all twenty.
  const expected = { totalMs: 50 + 75 + 7, selfMs: 40 + 30 + 3.5 };
  const events = Array.from({ length: 20 }, (_, i) => [1 + ((i >> 3) & 1), 0, 4, 10 + i, 10.5 + i] as const);
  const batch = batchOf(
    rows,
    events.map((event) => [...event]),
  );
  const profile = readProfile(captureOf([batch]), program);
  const recording = recordingOf([batch]);
  const sumOf = (target: string) => recording.operations(ALL).rows.find((row) => row.target === target)!;
  const row = profile.operations.find(({ target }) => target === 'x')!;
  for (const { totalMs, selfMs } of [row, sumOf('x')]) assert.deepEqual({ totalMs, selfMs }, expected);
  assert.deepEqual(
    row.sites.map(({ count, timed, totalMs, selfMs }) => [count, timed, totalMs, selfMs]),
    [
      [100, 10, 50, 40],
      [50, 10, 75, 30],
      [7, 0, 7, 3.5],
    ],
  );
  assert.equal(sumOf('y').totalMs, 0);
  assert.ok(near(recording.summary().totals.inJs, expected.selfMs));
  // The same numbers once the last place was timed too: nothing of its estimate stays behind.
  const more = {
    ...batch,
    number: 2,
    operations: [],
    targets: [],
    stacks: new Int32Array(),
    entries: new Int32Array(),
  };
  const counts = Float64Array.of(3, 8, 16, 2, 1, 1);
  recording.add({ ...more, counts, events: new Int32Array(), times: new Float64Array() });
  assert.ok(near(recording.summary().totals.inJs, 40 + 30 + 4));
  assert.ok(near(sumOf('x').selfMs, 40 + 30 + 4));
});

test('in a stretch of time, too, what was never timed is told as the rest of its row', () => {
  const get = { operation: 'syscall/js.valueGet', target: 'x' };
  const rows = [
    { ...get, pcs: [0x1000_0003], calls: 40, timed: 4, totalMs: 4, bytes: 80 },
    { ...get, pcs: [0x1002_0003], calls: 8, timed: 0, bytes: 16 },
  ];
  const recording = recordingOf([
    batchOf(
      rows,
      [10, 20, 30, 40].map((at) => [1, 0, 2, at, at + 1]),
    ),
  ]);
  const [row] = recording.operations({ ...ALL, range: { from: 15, to: 35 } }).rows;
  assert.deepEqual([row.count, row.timed, row.totalMs, row.selfMs, row.bytes], [20 + 4, 2, 20 + 4, 20 + 4, 40 + 8]);
  const [whole] = recording.operations(ALL).rows;
  const [all] = recording.operations({ ...ALL, range: { from: 0, to: 1e9 } }).rows;
  assert.deepEqual([all.count, all.totalMs, all.bytes], [whole.count, whole.totalMs, whole.bytes]);
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
