/** The table of answers: against a Map, over growth, forgetting and offsets that cannot be. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Remembered } from '../../src/symbols/remembered';

test('what was set is found, also after growth; nothing else is', () => {
  const table = new Remembered<string | null>();
  const truth = new Map<number, string | null>();
  for (let i = 0; i < 60_000; i++) {
    // Neighbours, far ones, and some again.
    const offset = i % 3 === 0 ? i : (i * 2654435761) % 2 ** 31;
    const answer = i % 7 === 0 ? null : `${i}`;
    table.set(offset, answer);
    truth.set(offset, answer);
  }
  for (const [offset, answer] of truth) assert.equal(table.get(offset), answer);
  for (let i = 1; i < 60_000; i += 3) assert.equal(table.get(i), truth.get(i));
});

test('it forgets all rather than grow without end', () => {
  const table = new Remembered<number>();
  let most = 0;
  for (let i = 0; i < 600_000; i++) {
    table.set(i, i);
    assert.equal(table.get(i), i);
    if (table.get(0) === 0) most = i;
  }
  assert.ok(most > 200_000 && most < 300_000, `${most}`);
  table.clear();
  assert.equal(table.get(599_999), undefined);
});

test('offsets that no module has are never remembered', () => {
  const table = new Remembered<number>();
  for (const offset of [-1, 1.5, Number.NaN, 2 ** 32, Number.POSITIVE_INFINITY]) {
    table.set(offset, 1);
    assert.equal(table.get(offset), undefined, `${offset}`);
  }
});
