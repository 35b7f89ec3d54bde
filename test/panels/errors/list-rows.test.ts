import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entryFrom } from '../../../panels/errors/list';
import { listRows } from '../../../panels/errors/list-rows';
import type { Failure } from '../../../src/failures/failure';
import { failure } from '../preview/make';

const loads = [
  { number: 1, from: 100, to: 200, missed: 0 },
  { number: 2, from: 200, to: null, missed: 0 },
];
const list = [
  failure({ id: 'old', title: 'old', realm: '1', at: 150 }),
  failure({ id: 'cause', title: 'cause', realm: '2', at: 210 }),
  failure({ id: 'second', title: 'second', realm: '2', at: 230 }),
  failure({ id: 'late', title: 'late', realm: '2', at: 220, kind: 'follow-up', causedBy: 'cause' }),
  failure({ id: 'later', title: 'later', realm: '2', at: 225, kind: 'follow-up', causedBy: 'late' }),
];

/** Draws rows: `# Load`, `entry`, `  follow-up`. */
function draw(matches: (failure: Failure) => boolean, failures = list): string[] {
  const map = new Map(failures.map((each) => [each.id, each]));
  return listRows(map, loads, (each) => Number(each.realm), matches).map((row) =>
    row.kind === 'load' ? `# ${row.title}` : `${row.cause ? '  ' : ''}${row.failure.title}`,
  );
}

test('the newest load first, in it the order of time, follow-ups below their first cause', () => {
  assert.deepEqual(
    draw(() => true),
    ['# This load', 'cause', '  late', '  later', 'second', '# Load 1', 'old'],
  );
});

test('a follow-up whose cause is filtered away stands by itself', () => {
  assert.deepEqual(
    draw((each) => each.title !== 'cause'),
    ['# This load', 'late', 'later', 'second', '# Load 1', 'old'],
  );
});

test('a circle of causes ends', () => {
  const circle = [
    failure({ id: 'a', title: 'a', realm: '2', causedBy: 'b' }),
    failure({ id: 'b', title: 'b', realm: '2', causedBy: 'a' }),
  ];
  assert.equal(draw(() => true, circle).filter((row) => row.trim() === 'a').length <= 1, true);
});

test('moving in the list leaves out heads and stops at its ends', () => {
  const map = new Map(list.map((each) => [each.id, each]));
  const rows = listRows(
    map,
    loads,
    (each) => Number(each.realm),
    () => true,
  );
  assert.equal(entryFrom(rows, 4, 1)?.id, 'old');
  assert.equal(entryFrom(rows, 1, -1), null);
  assert.equal(entryFrom(rows, 1, 10)?.id, 'old');
});
