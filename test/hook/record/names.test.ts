/** Numbers for names: by address where nothing is written, by content elsewhere, by id for functions. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNames } from '../../../src/hook/record/names';

/** Memory with texts at addresses. Static up to 1000. */
function stage(texts: Record<number, string>, functions: Record<number, string> = {}) {
  const bytes = new Uint8Array(1 << 16);
  const write = (at: number, text: string) => bytes.set(new TextEncoder().encode(text), at);
  for (const [at, text] of Object.entries(texts)) write(Number(at), text);
  const asked: number[] = [];
  const names = createNames((id) => {
    asked.push(id);
    return functions[id] ?? '';
  });
  names.use(0, 1000);
  const text = (at: number, length: number) => names.string(bytes, at, length);
  return { names, text, write, asked };
}

test('equal names have one number, wherever they stand; a longer one that begins alike has another', () => {
  const { text, names } = stage({ 100: 'appendChild', 500: 'append', 2000: 'appendChild' });
  assert.equal(text(100, 11), 1);
  assert.equal(text(500, 6), 2);
  assert.equal(text(100, 6), 2);
  assert.equal(text(2000, 11), 1);
  assert.equal(text(2000, 11), 1);
  assert.deepEqual(names.take(), ['appendChild', 'append']);
  assert.deepEqual(names.take(), []);
});

test('a name that is built at run time is read at each call', () => {
  const { text, write, names } = stage({ 2000: 'item1' });
  assert.equal(text(2000, 5), 1);
  write(2000, 'item2');
  assert.equal(text(2000, 5), 2);
  write(2000, 'item1');
  assert.equal(text(2000, 5), 1);
  assert.deepEqual(names.take(), ['item1', 'item2']);
});

test('of a long name the beginning is kept, and its length counts', () => {
  const { text, names } = stage({ 2000: 'x'.repeat(3000) });
  assert.equal(text(2000, 1000), 1);
  assert.equal(text(2000, 1001), 2);
  assert.equal(text(2000, 1000), 1);
  assert.deepEqual(names.take(), [`${'x'.repeat(128)}…`, `${'x'.repeat(128)}…`]);
});

test('an empty name is a name; one beyond the memory is none', () => {
  const { text, names } = stage({});
  assert.equal(text(100, 0), 1);
  for (const [at, length] of [
    [65_536, 5],
    [65_530, 7],
    [0xffffffff, 1],
    [100, 0xffffffff],
  ])
    assert.equal(text(at, length), 0, `${at} ${length}`);
  assert.deepEqual(names.take(), ['']);
});

test('what finds no room is counted, and what has its number keeps it', () => {
  const { text, write, names } = stage({});
  write(3000, 'first ');
  assert.equal(text(3000, 6), 1);
  for (let i = 0; i < 9000; i++) {
    write(2000, String(i).padStart(6, '0'));
    text(2000, 6);
  }
  assert.equal(names.take().length, 8192);
  assert.equal(names.lost, 9001 - 8192);
  assert.equal(text(3000, 6), 1);
});

test('a function is asked for its name once, and again when Go has let go of its id', () => {
  const functions: Record<number, string> = { 7: 'fetch', 8: 'fetch', 9: '' };
  const { names, asked } = stage({}, functions);
  assert.deepEqual([7, 7, 8, 9, 9].map(names.function), [1, 1, 1, 0, 0]);
  assert.deepEqual(asked, [7, 8, 9, 9]);
  names.forget(7);
  functions[7] = 'Uint8Array';
  assert.equal(names.function(7), 2);
  // Another id in the same slot.
  functions[7 + 4096] = 'Date';
  assert.deepEqual([names.function(7 + 4096), names.function(7)], [3, 2]);
  assert.deepEqual(names.take(), ['fetch', 'Uint8Array', 'Date']);
});
