/** Handles over the last minutes as lines of a drawing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chartOf, type Sample, SPAN, sparkline } from '../../../panels/handles/chart';

const NOW = 1_000_000;
const size = { width: 360, height: 100 };
/** Two pixels a second. */
const sample = (secondsAgo: number, handles: number, funcs = 0, cycles = 0): Sample => ({
  ...{ at: NOW - secondsAgo * 1000, handles, funcs, cycles },
});

const points = (path: string) => [...path.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);

test('a sample stands as far from the right edge as it is old, and the highest below the words', () => {
  const { handles, funcs } = chartOf([sample(3, 50, 0), sample(2, 100, 50), sample(1, 0, 25)], NOW, [], size);
  assert.deepEqual(points(handles.line), [
    [354, 57],
    [356, 14],
    [358, 100],
  ]);
  assert.deepEqual(
    points(funcs.line).map(([, y]) => y),
    [100, 57, 78.5],
  );
  assert.deepEqual(points(handles.area), [[354, 100], ...points(handles.line), [358, 100]]);
});

test('where nothing was looked at nothing is drawn', () => {
  const { handles } = chartOf([sample(60, 5), sample(59, 5), sample(20, 5), sample(19, 5)], NOW, [], size);
  assert.equal(handles.line.match(/M/g)?.length, 2);
  assert.equal(handles.area.match(/Z/g)?.length, 2);
  assert.deepEqual(points(chartOf([sample(0, 5)], NOW, [], size).handles.line).length, 2);
});

test('what is not known has no line', () => {
  const { funcs, cycles } = chartOf([sample(2, 5, -1, -1), sample(1, 5, -1, 7), sample(0, 5, -1, 8)], NOW, [], size);
  assert.deepEqual([funcs.line, funcs.area, cycles], ['', '', [360]]);
});

test('cycles stand where their number rose, snapshots where they were taken within these minutes', () => {
  const samples = [sample(10, 1, 0, 3), sample(9, 1, 0, 3), sample(8, 1, 0, 5), sample(7, 1, 0, 5)];
  const { cycles, snapshots } = chartOf(samples, NOW, [NOW - SPAN - 1, NOW - 9000, NOW + 5], size);
  assert.deepEqual([cycles, snapshots], [[344], [342]]);
});

test('nothing to draw is no error', () => {
  assert.deepEqual(chartOf([], NOW, [], size), {
    ...{ handles: { area: '', line: '' }, funcs: { area: '', line: '' }, cycles: [], snapshots: [] },
  });
});

test('the line of a row goes from its lowest edge to below the top', () => {
  assert.deepEqual(points(sparkline([0, 2, 4], 64, 14).line), [
    [0, 14],
    [32, 8],
    [64, 2],
  ]);
  assert.deepEqual(points(sparkline([9], 64, 14).line), [
    [0, 2],
    [64, 2],
  ]);
  assert.deepEqual(points(sparkline([0, 0], 64, 14).line)[0], [0, 14]);
});
