/** No number says more than is known. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { honesty, mean, moment, single } from '../../../panels/bridge/words';
import type { Summary } from '../../../src/bridge/recording';

test('a single call is never finer than the clock', () => {
  assert.equal(single(0, 0.1), '< 0.1 ms');
  assert.equal(single(0.0999, 0.1), '0.1 ms');
  assert.equal(single(6.3, 0.1), '6.3 ms');
  assert.equal(single(6.312, 0.005), '6.312 ms');
  assert.equal(single(0.05, 0), '< 0.1 ms');
  assert.equal(single(1204, 1), '1,204 ms');
});

test('a mean of few timed calls is not told', () => {
  assert.equal(mean({ count: 1000, timed: 29, totalMs: 100 }), '–');
  assert.equal(mean({ count: 1000, timed: 30, totalMs: 118.9 }), '118.9');
});

test('moments have as many digits as pixels tell apart', () => {
  assert.deepEqual(
    [100, 10, 1, 0.1].map((pixel) => moment(12_705.26, pixel)),
    ['12.7 s', '12.71 s', '12.705 s', '12.7053 s'],
  );
});

const summary: Summary = {
  ...{
    totals: { goToJs: 0, jsToGo: 0, inJs: 0, bytes: 0, cycles: 0, switches: 0 },
    samples: [],
    began: 0,
    now: 0,
    origin: 0,
  },
  ...{ calls: 50_113, timed: 3132, clockStep: 0.1, every: 16, dropped: 0, lost: 0, forgottenUntil: 0 },
  ...{ gc: { cycles: 0, ms: 0, missed: 0 }, switchesWhy: '', stateLost: 0 },
  ...{ ended: true, broken: '', named: true },
};

test('the footer says what is exact, what is sampled, how the clock goes, and what is missing', () => {
  assert.deepEqual(honesty(summary), [
    '50,113 calls: counts and bytes exact',
    'Times from 3,132 of them',
    'Clock steps are 100 µs: read means, not single calls',
    'Nothing dropped',
  ]);
  assert.deepEqual(
    honesty({ ...summary, timed: 50_113, clockStep: 0.005, dropped: 12, lost: 1, named: false }).slice(1),
    [
      'Times of every call',
      'Clock steps are 5 µs: read means, not single calls',
      '12 timed calls not kept, 1 call without name or call site, Call sites have no names: the module is not read',
    ],
  );
});
