/** The order of calls and what is drawn of them, against algorithms that look at everything. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Capture } from '../../src/bridge/capture';
import { Kind } from '../../src/bridge/labels';
import { Recording } from '../../src/bridge/recording';
import { bytesIn, callAt, createSlices, kindOf, visible } from '../../src/bridge/slices';
import { type Lane, orderOf } from '../../src/bridge/timeline';
import type { Program } from '../../src/program';
import { paint, paintRecording, random } from './made';

function captureOf(events: [depth: number, begin: number, end: number][]): Capture {
  const capture = new Capture();
  assert.ok(
    capture.add({
      ...{ instance: 1, number: 1, now: 100, origin: 0, operations: ['run'], targets: [] },
      ...{ stacks: new Int32Array(), receivers: new Int32Array(), counts: new Float64Array() },
      entries: Int32Array.of(1, 0, 0),
      events: Int32Array.from(events.flatMap(([depth]) => [1, depth, 0])),
      times: Float64Array.from(events.flatMap(([, begin, end]) => [begin, end])),
      ...{ dropped: 0, lost: 0, clockStep: 0.1, every: 1, last: false },
    }),
  );
  return capture;
}

const told = (capture: Capture) => {
  const { count, events, depths } = orderOf(capture);
  return Array.from({ length: count }, (_, place) => `${depths[place]}:${events[place]}`);
};

test('callers come before what they call, also where the clock stands still', () => {
  // As they end: two calls within each other, twice, all at the same moment, within one.
  assert.deepEqual(
    told(
      captureOf([
        [2, 5, 5],
        [1, 5, 5],
        [2, 5, 5],
        [1, 5, 5],
        [0, 5, 5],
        [0, 5, 5],
      ]),
    ),
    [...['0:4', '1:1', '2:0', '1:3', '2:2', '0:5']],
  );
});

test('a call whose caller was dropped stands alone; one that began before a call is not of it', () => {
  assert.deepEqual(
    told(
      captureOf([
        [1, 1, 2],
        [1, 6, 7],
        [0, 5, 8],
      ]),
    ),
    ['0:0', '0:2', '1:1'],
  );
  // One depth is missing between the two.
  assert.deepEqual(
    told(
      captureOf([
        [3, 6, 7],
        [0, 5, 8],
      ]),
    ),
    ['0:1', '1:0'],
  );
});

test('made recordings are trees: calls of one depth lie beside each other, within their caller', () => {
  const capture = new Capture();
  for (const batch of paintRecording({ seed: 1, events: 20_000, every: 3 })) capture.add(batch);
  const { count, events, depths, begins, ends } = orderOf(capture);
  assert.deepEqual(
    [...events].sort((a, b) => a - b),
    Array.from({ length: count }, (_, i) => i),
  );
  const open: number[] = [];
  for (let place = 0; place < count; place++) {
    assert.equal(depths[place], capture.events.at(events[place] * 3 + 1));
    assert.equal(begins[place], capture.times.at(events[place] * 2));
    assert.equal(ends[place], capture.times.at(events[place] * 2 + 1));
    open.length = depths[place];
    const caller = open.at(-1);
    if (caller !== undefined) assert.ok(begins[caller] <= begins[place] && ends[place] <= ends[caller]);
    open.push(place);
  }
});

test('whatever the page’s clock says, times rise and lanes do not overlap', () => {
  const next = random(5);
  // As far as a capture takes them.
  const odd = [-3e13, 3e13, -0.1, 0];
  const time = () => (next() < 0.2 ? odd[Math.floor(next() * odd.length)] : next() * 100);
  const depth = () => Math.floor((next() - 0.1) * 400);
  const { count, depths, begins, ends } = orderOf(
    captureOf(Array.from({ length: 3000 }, () => [depth(), time(), time()])),
  );
  const last = new Map<number, number>();
  for (let place = 0; place < count; place++) {
    assert.ok(Number.isFinite(begins[place]) && begins[place] >= (begins[place - 1] ?? begins[place]));
    assert.ok(ends[place] >= begins[place] && begins[place] >= (last.get(depths[place]) ?? begins[place]));
    last.set(depths[place], ends[place]);
  }
});

/** Calls of a lane, short ones in crowds. */
function laneOf(size: number, seed: number): Lane {
  const next = random(seed);
  const lane: Lane = {
    begins: new Float64Array(size),
    ends: new Float64Array(size),
    places: Int32Array.from({ length: size }, (_, i) => i),
    js: new Int32Array(size + 1),
    copies: new Int32Array(size + 1),
  };
  let time = 0;
  for (let i = 0; i < size; i++) {
    time += next() < 0.1 ? next() * 30 : next() * 0.05;
    lane.begins[i] = time;
    time += next() < 0.1 ? next() * 10 : next() * 0.05;
    lane.ends[i] = time;
    const kind = Math.floor(next() * 3);
    lane.js[i + 1] = lane.js[i] + (kind === Kind.Js ? 1 : 0);
    lane.copies[i + 1] = lane.copies[i] + (kind === Kind.Copy ? 1 : 0);
  }
  return lane;
}

test('what is drawn stands for every call in sight exactly once, with as many slices as pixels', () => {
  const lane = laneOf(5000, 11);
  const end = lane.ends.at(-1)!;
  const slices = createSlices(4000);
  for (const [from, to] of [
    [0, end + 1],
    [end / 3, end / 2],
    [100, 101],
    [end + 5, end + 9],
    [lane.begins[40] + 0.001, lane.begins[41]],
  ]) {
    const pixel = (to - from) / 800;
    visible(lane, from, to, pixel, slices);
    const drawn: number[] = [];
    for (let i = 0; i < slices.count; i++) {
      for (let k = 0; k < slices.sizes[i]; k++) drawn.push(slices.firsts[i] + k);
      assert.ok(slices.ends[i] - slices.begins[i] >= pixel * 0.999999);
      // What is as long as a pixel stands for itself.
      if (slices.sizes[i] > 1) {
        for (let k = 0; k < slices.sizes[i]; k++) {
          assert.ok(lane.ends[slices.firsts[i] + k] - lane.begins[slices.firsts[i] + k] < pixel);
        }
      }
      // Several are one only if they begin within one pixel.
      const [first, last] = [slices.firsts[i], slices.firsts[i] + slices.sizes[i] - 1];
      if (last > first) assert.equal(Math.floor(lane.begins[first] / pixel), Math.floor(lane.begins[last] / pixel));
    }
    const seen = [...lane.begins.keys()].filter((i) => lane.ends[i] > from && lane.begins[i] < to);
    assert.deepEqual(drawn.slice(0, seen.length), seen);
    // A merged slice at the edge may hold calls beyond it, of the same pixel.
    assert.ok(drawn.length - seen.length < 800 && drawn.slice(seen.length).every((i) => lane.begins[i] < to + pixel));
    assert.ok(slices.count <= 1602);
  }
});

test('a merged slice has the colour of most of its calls', () => {
  const lane = laneOf(300, 2);
  for (let first = 0; first < 250; first += 13) {
    const counts = [0, 0, 0];
    for (let i = first; i < first + 40; i++) {
      counts[lane.copies[i + 1] > lane.copies[i] ? Kind.Copy : lane.js[i + 1] > lane.js[i] ? Kind.Js : Kind.Go]++;
    }
    assert.equal(counts[kindOf(lane, first, 40)], Math.max(...counts));
  }
});

test('a point finds the call under it, or the nearest within reach', () => {
  const lane = laneOf(500, 4);
  const next = random(9);
  for (let i = 0; i < 500; i++) {
    const time = next() * lane.ends.at(-1)!;
    const under = [...lane.begins.keys()].filter((k) => lane.begins[k] <= time && time <= lane.ends[k]);
    if (under.length > 0) assert.equal(callAt(lane, time, 0.01), under.at(-1));
  }
  assert.equal(callAt(lane, -50, 1), -1);
  assert.equal(callAt(lane, lane.begins[0] - 0.5, 1), 0);
});

test('bytes of a stretch are those of the calls that begin in it', () => {
  const recording = new Recording(() => paint as unknown as Program);
  for (const batch of paintRecording({ seed: 2, events: 3000 })) recording.add(batch);
  const timeline = recording.timeline();
  const { rows } = recording.calls({ range: { from: 1200, to: 1350 }, text: '', label: null }, 0, 1000);
  const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
  assert.ok(bytes > 1e6);
  assert.equal(bytesIn(timeline, 1200, 1350), bytes);
});

test('the oldest calls go when there are too many, and it is said until when; counts stay', () => {
  const capture = new Capture();
  for (const batch of paintRecording({ seed: 2, events: 3000 })) capture.add(batch);
  const calls = capture.entry(1).calls;
  const [before, kept] = [capture.times.slice().slice(), 1000];
  capture.forget(kept);
  assert.equal(capture.times.length, kept * 2);
  assert.deepEqual(capture.times.slice(), before.slice(-kept * 2));
  assert.equal(capture.forgottenUntil, before.at(-kept * 2 - 1));
  assert.equal(capture.entry(1).calls, calls);
});
