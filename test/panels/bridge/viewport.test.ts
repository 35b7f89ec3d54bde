/** How the stretch in sight moves. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pan, tick, widthOf, within, zoom } from '../../../panels/bridge/viewport';

const all = { from: 1000, to: 5000 };

test('zooming keeps the moment under the pointer where it is', () => {
  const view = { from: 2000, to: 3000 };
  const near = zoom(view, all, 0.5, 2250);
  assert.deepEqual(near, { from: 2125, to: 2625 });
  assert.equal((2250 - near.from) / widthOf(near), (2250 - view.from) / widthOf(view));
  assert.deepEqual(zoom(near, all, 2, 2250), view);
});

test('nothing outside the recording is shown, nor less than can be told apart', () => {
  assert.deepEqual(zoom({ from: 1100, to: 3000 }, all, 100, 1200), all);
  assert.deepEqual(pan({ from: 1500, to: 2500 }, all, -9000), { from: 1000, to: 2000 });
  assert.deepEqual(pan({ from: 1500, to: 2500 }, all, 9000), { from: 4000, to: 5000 });
  assert.ok(widthOf(zoom({ from: 2000, to: 2001 }, all, 1e-9, 2000.5)) > 0.01);
  assert.deepEqual(within({ from: 7, to: 7 }, { from: 5, to: 5 }), { from: 5, to: 5.02 });
});

test('marks of a ruler stand at round numbers, as far apart as is asked', () => {
  assert.deepEqual([0.013, 0.2, 3, 7, 100, 101].map(tick), [0.02, 0.2, 5, 10, 100, 200]);
});
