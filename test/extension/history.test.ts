/** The history of a document: complete while it is small, bounded when the page fails without end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHistory } from '../../src/extension/history';
import type { HookEvent } from '../../src/protocol/messages';

const again = (seq: number): HookEvent => ({ type: 'again', seq, of: 1, count: 1, at: 0 });
const large = (seq: number, megabytes: number): HookEvent => ({
  type: 'exit',
  seq,
  instance: 0,
  code: 2,
  output: '',
  outputDropped: 0,
  at: 0,
  capture: { sp: 0, at: 'import', gs: [], words: new Uint32Array(megabytes * 2 ** 18), dropped: 0 },
});
const seqs = (events: HookEvent[]) => events.map(({ seq }) => seq);

test('a small history is complete, and told from any point on', () => {
  const history = createHistory();
  for (let seq = 1; seq <= 1000; seq++) assert.equal(history.add(again(seq)), true);
  assert.equal(history.after(0).length, 1000);
  assert.deepEqual(seqs(history.after(998)), [999, 1000]);
});

test('with too many events the first and the latest stay', () => {
  const history = createHistory();
  for (let seq = 1; seq <= 5000; seq++) history.add(again(seq));
  const kept = seqs(history.after(0));
  assert.equal(kept.length, 1000);
  assert.deepEqual(
    kept.slice(0, 100),
    Array.from({ length: 100 }, (_, i) => i + 1),
  );
  assert.equal(kept.at(-1), 5000);
  assert.deepEqual(
    kept.slice(100),
    Array.from({ length: 900 }, (_, i) => 4101 + i),
  );
});

test('with too many bytes events go, the first and the last remain', () => {
  const history = createHistory();
  for (let seq = 1; seq <= 10; seq++) history.add(large(seq, 10));
  assert.deepEqual(seqs(history.after(0)), [1, 10]);
});

test('what could not be sent, or is no event, is refused', () => {
  const history = createHistory();
  assert.equal(history.add(large(1, 49)), false);
  assert.equal(history.add(null as unknown as HookEvent), false);
  assert.equal(history.add({ type: 'again' } as HookEvent), false);
  const endless: { self?: unknown } & HookEvent = again(2);
  endless.self = endless;
  assert.equal(history.add(endless), false);
  assert.deepEqual(history.after(0), []);
});
