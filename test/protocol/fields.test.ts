import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copyOf, copyTexts, countStacks, isCount, isText, isTime } from '../../src/protocol/fields';

const NONE = [undefined, null, true, 1n, Symbol('x'), {}, [], () => {}];

test('a text is one up to its longest, and nothing else is', () => {
  assert.deepEqual([isText('', 0), isText('abc', 3), isText('abcd', 3)], [true, true, false]);
  for (const value of [...NONE, 1, ['abc'], new String('abc')]) assert.equal(isText(value, 9), false);
  assert.deepEqual(copyTexts(['a', 'bc'], 2, 2), ['a', 'bc']);
  for (const value of [
    ['a', 'b', 'c'],
    ['abc'],
    ['a', 1],
    new Array(2),
    'ab',
    ...NONE.filter((one) => !Array.isArray(one)),
  ]) {
    assert.equal(copyTexts(value, 2, 2), null);
  }
});

test('a count is a whole number from 0, a time what a date can have', () => {
  assert.deepEqual([0, 7, 2 ** 53 - 1].filter(isCount).length, 3);
  for (const value of [...NONE, -1, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, '7'])
    assert.equal(isCount(value), false);
  assert.deepEqual([0, -1.5, 8e15].filter(isTime).length, 3);
  for (const value of [...NONE, 8.64e15, Number.NaN, Number.NEGATIVE_INFINITY, '7']) assert.equal(isTime(value), false);
});

test('a column is copied without what lies around it in its buffer', () => {
  const given = new Int32Array(1000).subarray(10, 12);
  const copy = copyOf(given, Int32Array, 2);
  assert.deepEqual([copy?.length, copy?.buffer.byteLength], [2, 8]);
  for (const value of [...NONE, [1, 2], new Float64Array(1), new Int32Array(3)])
    assert.equal(copyOf(value, Int32Array, 2), null);
});

test('stacks are counted to their last word, whole ones and cut ones', () => {
  assert.equal(countStacks(Int32Array.of()), 0);
  assert.equal(countStacks(Int32Array.of(2, 5, 6, -1, 7, 0)), 3);
  assert.equal(countStacks(Int32Array.of(2, 5)), -1);
  assert.equal(countStacks(new Int32Array(513).fill(512, 0, 1)), 1);
  for (const many of [513, -513, -(2 ** 31)]) assert.equal(countStacks(new Int32Array(600).fill(many, 0, 1)), -1);
});
