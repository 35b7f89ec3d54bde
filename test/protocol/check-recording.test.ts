/** What the panel believes of a recording, and how much of it: good batches pass as they are, any one number that is wrong spoils one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkBatch, recordingBudget, sizeOf } from '../../src/protocol/check-recording';
import type { RecordBatch } from '../../src/protocol/recording';

const batch: RecordBatch = {
  instance: 1,
  number: 3,
  now: 12.5,
  origin: 1.7e12,
  operations: ['run', 'syscall/js.valueGet'],
  targets: ['x', 'document'],
  stacks: new Int32Array([2, 0x10010002, 0x10020003, -1, 0x10030004]),
  entries: new Int32Array([1, 0, 0, 2, 1, 2]),
  receivers: new Int32Array([2, 2]),
  counts: new Float64Array([1, 1, 0, 1, 2.5, 2, 2, 7, 32, 3, 0.5, -0.25]),
  events: new Int32Array([2, 1, 32, 1, 0, -1]),
  times: new Float64Array([10, 10.5, 9.5, 12]),
  state: {
    width: 3,
    rows: new Float64Array([10, 65536, 7]),
    goroutines: new Float64Array([10, 1]),
    goClock: 0.5,
    lost: 0,
  },
  dropped: 0,
  lost: 1,
  clockStep: 0.1,
  every: 4,
  last: false,
};

test('what the recorder says passes unchanged, and what is added does not come along', () => {
  assert.deepEqual(checkBatch(batch), batch);
  assert.deepEqual(checkBatch({ ...batch, more: new ArrayBuffer(9) }), batch);
});

test('a field of the wrong kind spoils the batch', () => {
  for (const field of Object.keys(batch)) {
    for (const wrong of field === 'state'
      ? [null, 'x', {}, 1]
      : [undefined, null, 'x', {}, Number.NaN, Number.POSITIVE_INFINITY, [1], new Uint16Array(6)]) {
      assert.equal(checkBatch({ ...batch, [field]: wrong }), null, `${field} ${wrong}`);
    }
  }
  for (const value of [null, 1, 'batch', [], new Int32Array(3)]) assert.equal(checkBatch(value), null);
});

test('a number that makes no sense spoils the batch', () => {
  const ints = (...values: number[]) => new Int32Array(values);
  const floats = (...values: number[]) => new Float64Array(values);
  const wrong: Partial<RecordBatch>[] = [
    ...[{ instance: -1 }, { number: 0 }, { every: 0 }, { dropped: 0.5 }, { lost: -1 }],
    // The second stack is longer than what there is; one is too deep; one ends beyond all numbers.
    ...[{ stacks: ints(1, 0x10010002, 2, 0x10020003) }, { stacks: new Int32Array(600).fill(599, 0, 1) }],
    { stacks: ints(-(2 ** 31)) },
    ...[{ entries: ints(1, 0) }, { entries: ints(1, -1, 0) }, { receivers: ints(1) }, { receivers: ints(1, -1) }],
    ...[{ counts: floats(1, 1, 0, 1, 2.5) }, { counts: floats(1, 1.5, 0, 1, 2, 2) }],
    ...[{ counts: floats(1, 1, 0, 1, Number.NaN, 2) }, { counts: floats(-1, 1, 0, 1, 2, 2) }],
    // As many times as events; none ends before it begins.
    ...[{ times: floats(10, 10.5) }, { times: floats(10, 9, 9, 12) }, { events: ints(2, 128, 0, 1, 0, 0) }],
    ...[{ operations: ['x'.repeat(1025)] }, { targets: ['x'.repeat(161)] }, { targets: Array(8193).fill('') }],
    { events: new Int32Array(3 * 16385), times: new Float64Array(2 * 16385) },
    { entries: new Int32Array(3 * 131073) },
    ...[{ width: 4 }, { width: 1 }, { width: 19 }, { lost: -1 }, { goClock: Number.NaN }, { goroutines: floats(1) }]
      .concat([{ rows: floats(1, 2, Number.NaN) } as never])
      .map((part) => ({ state: { ...batch.state, ...part } as RecordBatch['state'] })),
  ];
  for (const part of wrong) assert.equal(checkBatch({ ...batch, ...part }), null, JSON.stringify(part).slice(0, 100));
});

test('a small view of a large buffer does not keep the buffer', () => {
  const events = new Int32Array(new ArrayBuffer(2 ** 20), 0, 6);
  assert.equal(checkBatch({ ...batch, events })?.events.buffer.byteLength, 24);
});

test('a recorder at full speed has room; a flood has not, and nothing has for ever', () => {
  const full = sizeOf({ ...batch, events: new Int32Array(3 * 16384), times: new Float64Array(2 * 16384) });
  const steady = recordingBudget();
  // One full batch each 4 ms for 4 seconds: 16 million events.
  for (let now = 0; now < 4000; now += 4) {
    assert.equal(steady.take(0, now), '');
    assert.equal(steady.take(full, now), '');
  }
  const flooded = recordingBudget();
  const taken = Array.from({ length: 10_000 }, () => flooded.take(0, 1)).filter((why) => why === '').length;
  assert.equal(taken, 4000);
  assert.equal(flooded.take(0, 1), 'The page sends more than a recording can: it was ended.');
  const long = recordingBudget();
  let why = '';
  for (let second = 0; !why; second++) why = long.take(full, second * 1000);
  assert.equal(why, 'The recording is over 512 MB: it ends here.');
});
