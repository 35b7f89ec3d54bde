/** Handles in words. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowMarkdown } from '../../../panels/handles/copy';
import {
  ageWords,
  deltaWords,
  findingOf,
  growthWords,
  handleKey,
  handleOf,
  honesty,
  previewWords,
  slotsWords,
} from '../../../panels/handles/words';
import type { HandleDetail, SnapshotInfo } from '../../../src/handles/view';

const value = (more: Partial<HandleDetail>): HandleDetail => ({
  ...{ kind: 'handle', id: 9, group: '', type: 'object', class: '', text: '', refs: 1, crossings: null, ageMs: null },
  ...{ state: 'not known', func: 0, runs: null, connected: null, fresh: null, suspect: false, createdAt: null },
  ...{ whole: false, createdWhy: 'Nobody watched who makes handles.', within: null, reason: '', ...more },
});
const frame = (name: string, file: string, line: number) => ({ function: name, file, line, inlined: false });

test('values are written as the Console writes them, in one line of 80 characters', () => {
  const words = (more: Partial<HandleDetail>) => previewWords(value(more));
  assert.equal(words({ class: 'HTMLButtonElement', text: 'button.tool' }), 'button.tool');
  assert.equal(words({ class: 'Array', text: '(3)' }), 'Array(3)');
  assert.equal(words({ class: 'ImageData', text: '512 × 128' }), 'ImageData 512 × 128');
  assert.equal(words({ class: 'Text', text: '#text' }), 'Text #text');
  assert.equal(words({ type: 'string', class: 'String', text: 'two\nlines' }), "'two lines'");
  assert.equal(words({ type: 'string', class: 'String', text: "it's" }), '"it\'s"');
  assert.equal(words({ type: 'function', class: 'Function', text: 'fetch' }), 'ƒ fetch');
  assert.equal(words({ type: 'function', class: 'js.Func', func: 371 }), 'ƒ → Go func 371');
  const runs = frame('example.com/paint/ui.(*Toolbar).rebuild.func1', '/src/toolbar.go', 89);
  assert.equal(words({ type: 'function', class: 'js.Func', runs }), 'ƒ → ui.(*Toolbar).rebuild.func1');
  assert.equal(words({ type: 'bigint', class: 'BigInt', text: '42' }), '42n');
  assert.equal(words({ type: 'symbol', class: 'Symbol', text: 'iterator' }), 'Symbol(iterator)');
  assert.equal(words({ type: 'number', class: 'NaN', text: 'NaN' }), 'NaN');
  assert.equal(words({}), '');
  assert.equal([...words({ class: 'Object', text: 'x'.repeat(300) })].length, 80);
});

test('keys of rows give back the handle, or the js.Func that has none', () => {
  assert.deepEqual(handleOf(handleKey(1203, 371)), { id: 1203, func: 0 });
  assert.deepEqual(handleOf(handleKey(0, 371)), { id: 0, func: 371 });
  assert.deepEqual(handleOf(handleKey(0, 0)), { id: 0, func: 0 });
  assert.equal(handleOf('group main.main /src/main.go:12'), null);
});

test('ages, differences and growth', () => {
  assert.deepEqual([null, 0, 240, 949, 951, 59_400, 60_000, 36 * 60_000, 125 * 60_000].map(ageWords), [
    '–',
    '< 0.1 s',
    '0.2 s',
    '0.9 s',
    '1 s',
    '59 s',
    '1 min',
    '36 min',
    '2 h 05 min',
  ]);
  assert.deepEqual([4, 0, -1204].map(deltaWords), ['+4', '0', '−1,204']);
  assert.deepEqual([[1, 1, 2], [3, 3], [3], [2, 1], [1, 3, 2]].map(growthWords), [
    ...['rising', 'steady', 'steady', 'falling', 'goes up and down'],
  ]);
  const site = frame('main.draw', '/src/main.go', 12);
  assert.equal(findingOf({ kind: 'func', count: 1, site }).after, 'was never released.');
  assert.equal(findingOf({ kind: 'grows', count: 1204, site }).before, '1,204 handles from');
  const { before, after } = findingOf({ kind: 'func', count: 316, site: null });
  assert.equal(`${before} ${after}`, '316 js.Func are not released; where they were made is not known.');
});

const snapshot: SnapshotInfo = {
  ...{ number: 3, at: 1000, how: 'page', handles: 1204, funcs: 325, funcHandles: 320, nodes: 212, fixed: 7 },
  ...{ strings: 60, slots: 1300, free: 96, numgc: 12, watchedSince: null, lost: 0, funcsWhy: '', classified: 1204 },
};

test('the size of the table is told with what it means', () => {
  assert.equal(
    slotsWords({ slots: 1262, free: 58 }),
    'The table has 1,262 slots, as many as handles were ever held at once: it never shrinks. Of these 58 are free and are used again first',
  );
  assert.match(slotsWords({ slots: 8, free: 1 }), /Of these 1 is free and is used again first$/);
});

test('the footer says what was counted, where handles were made and when it was read', () => {
  const facts = (more: Partial<SnapshotInfo>, live = true, file = '') =>
    honesty({
      ...{ snapshot: { ...snapshot, ...more }, view: { shown: 20, unheld: 3 }, short: false, live, age: 400, file },
    });
  const [counted, lag, made, read] = facts({});
  assert.equal(counted, '17 of 1,204 handles');
  assert.match(lag, /^Counts are exact\. /);
  assert.deepEqual([made, read], ['Created at: before recording', 'Read 0.4 s ago']);
  assert.match(facts({ watchedSince: 5 })[2], /^Created at: recorded since \d\d:\d\d:\d\d$/);
  assert.equal(facts({ watchedSince: 5, lost: 2 })[2], 'Created at: recorded, 2 stacks not kept');
  assert.equal(facts({}, false)[3], 'Read 0.4 s ago, when it still ran');
  assert.equal(facts({}, false, 'a.godump')[3], 'Opened from a.godump');
});

test('a row as Markdown has the stack that made it, and no fence that its text could close', () => {
  const createdAt = [frame('main.f', '/src/main.go', 12), frame('main.main', '', 0)];
  const said = value({ class: 'Object', text: 'a`b', createdAt, createdWhy: '', reason: 'Because.', crossings: 2 });
  assert.equal(
    rowMarkdown(said),
    "**#9** `Object a'b`, not known, refs 1, crossed 2\n\nBecause.\n\nCreated at:\n\n    main.f /src/main.go:12\n    main.main\n",
  );
  assert.match(rowMarkdown(value({})), /`object`, not known, refs 1\n\nNobody watched who makes handles\.\n$/);
});
