/** From a tree to the rows that are shown. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { treeRows } from '../../../panels/bridge/tree-rows';
import type { Tree } from '../../../src/bridge/tree';

/** a(1: 10) with b(2: 3) and c(3: 7), of c d(4: 7); e(5: 2). Node: count; self is 100 less count. */
const tree: Tree = {
  names: ['a', 'b', 'c', 'd', 'e'].map((name) => ({
    kind: 'frame',
    function: name,
    file: '',
    line: 0,
    inlined: false,
  })),
  parents: Int32Array.of(-1, 0, 1, 1, 3, 0),
  name: Int32Array.of(-1, 0, 1, 2, 3, 4),
  sums: Float64Array.from([12, 10, 3, 7, 7, 2].flatMap((count) => [count, count, 0, 100 - count, 0])),
  cut: 0,
};
const none = new Map<string, boolean>();
const told = (more: Partial<Parameters<typeof treeRows>[1]>) =>
  treeRows(tree, { toggled: none, order: 'count', opens: 'only', ...more }).map(
    ({ name, level, open, position, siblings }) =>
      `${'  '.repeat(level - 1)}${open === null ? '·' : open ? '-' : '+'}${name.kind === 'frame' && name.function} ${position}/${siblings}`,
  );

test('rows are closed where there is a choice, and sorted by the column', () => {
  assert.deepEqual(told({}), ['+a 1/2', '·e 2/2']);
  assert.deepEqual(told({ order: 'selfMs' }), ['·e 1/2', '+a 2/2']);
});

test('what holds most of its parent may be open by itself; what was closed by hand stays closed', () => {
  assert.deepEqual(told({ opens: 'most' }), ['-a 1/2', '  -c 1/2', '    ·d 1/1', '  ·b 2/2', '·e 2/2']);
  assert.deepEqual(told({ opens: 'most', toggled: new Map([['/0', false]]) }), ['+a 1/2', '·e 2/2']);
});

test('opened by hand; a part of a tree has its own root', () => {
  assert.deepEqual(told({ toggled: new Map([['/0', true]]) }), ['-a 1/2', '  +c 1/2', '  ·b 2/2', '·e 2/2']);
  assert.deepEqual(told({ root: 3 }), ['·d 1/1']);
});
