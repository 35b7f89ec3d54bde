/** How often a call is timed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPace, lookCost } from '../../../src/hook/record/pace';

/** Makes calls that each take so many milliseconds. @returns which were timed, by number */
function run(pace: ReturnType<typeof createPace>, calls: number, each: number, from = 1000): number[] {
  const timed: number[] = [];
  for (let i = 0; i < calls; i++) {
    if (!pace.next()) continue;
    timed.push(i);
    pace.at(from + i * each);
  }
  return timed;
}

test('every call, or one in so many in the mean and in no rhythm', () => {
  assert.equal(run(createPace(1, 0.001), 1000, 0.001).length, 1000);
  const timed = run(createPace(16, 0.001), 160_000, 0.001);
  assert.ok(Math.abs(timed.length - 10_000) < 300, `${timed.length}`);
  const gaps = new Set(timed.slice(1).map((call, i) => call - timed[i]));
  assert.deepEqual(
    [...gaps].sort((a, b) => a - b),
    Array.from({ length: 31 }, (_, i) => i + 1),
  );
});

test('by itself: all calls of a calm program, few of one that does nothing else', () => {
  // Each 5 ms apart.
  assert.equal(run(createPace(0, 0.0005), 500, 5).length, 500);
  const pace = createPace(0, 0.0005);
  // A call each 0.4 µs: at 40 looks, 20 µs, for each that is timed, a fiftieth of the time is one in 2500.
  run(pace, 1_000_000, 0.0004);
  assert.ok(pace.every > 2200 && pace.every < 2800, String(pace.every));
  // It grows calm again: Go is entered twice after a while, and every call is timed from then on.
  pace.at(5000);
  assert.ok(pace.every < 30, String(pace.every));
  pace.at(5100);
  assert.equal(pace.every, 1);
  assert.equal(run(pace, 100, 1, 5000).length, 100);
});

test('a clock that stands still or runs back changes nothing', () => {
  const pace = createPace(0, 0);
  for (const now of [0, 0, 1e9, 5, -1, Number.NaN]) {
    assert.equal(pace.next(), true);
    pace.at(now);
  }
  assert.equal(pace.every, 1);
});

test('what a look costs is measured between two steps of the clock', () => {
  /** A clock that shows only whole steps; each look takes so long. */
  const stepping = (step: number, look: number) => {
    let time = 0.37;
    return () => {
      time += look;
      return Math.floor(time / step) * step;
    };
  };
  assert.ok(Math.abs(lookCost(stepping(0.1, 0.0003)) / 0.0003 - 1) < 0.05);
  assert.ok(Math.abs(lookCost(stepping(0.0001, 0.0003)) / 0.0003 - 1) < 0.05);
  assert.equal(
    lookCost(() => 5),
    0,
  );
});
