/** What is kept of a program's output: its end, and its failure from the first line on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOutput } from '../../src/hook/output';

const MB = 1_000_000;

/** Writes each text at an odd place of a memory, as one write each. */
function written(...texts: string[]): [text: string, dropped: number] {
  const output = createOutput();
  for (const text of texts) {
    const bytes = new TextEncoder().encode(`#${text}#`);
    output.write(bytes.buffer as ArrayBuffer, 1, bytes.length - 2);
  }
  return output.read();
}

test('a program that does not fail: the end of its output', () => {
  assert.deepEqual(written(), ['', 0]);
  assert.deepEqual(written('hello ', 'world\n'), ['hello world\n', 0]);
  const lines = Array.from({ length: 5000 }, (_, i) => `line ${i}\n`);
  const all = lines.join('');
  const [text] = written(...lines);
  assert.ok(text.length >= 4096 && text.length <= 8192, `${text.length}`);
  assert.ok(all.endsWith(text));
  assert.equal(written(all)[0].length, written('x'.repeat(all.length))[0].length);
});

test('a panic: from its first line on, with what the runtime said just before', () => {
  const panic = ['panic: ', 'boom', '\n\n', 'goroutine 1 [running]:\n'];
  assert.deepEqual(written('hello\n', ...panic), [panic.join(''), 0]);
  const runtime = 'runtime: goroutine stack exceeds 1000000000-byte limit\nruntime: sp=0x1\n';
  assert.deepEqual(written('hello\nruntime: not this\nhello\n', runtime, 'fatal error: ', 'stack overflow\n'), [
    `${runtime}fatal error: stack overflow\n`,
    0,
  ]);
});

test('text like a panic within a line is no panic', () => {
  assert.deepEqual(written('no ', 'panic:', ' here', 'a panic: b'), ['no panic: herea panic: b', 0]);
});

test('a huge panic keeps its start and its end, and says what is missing', () => {
  const all = `panic: ${'0123456789'.repeat(MB / 4)}the end`;
  const [text, dropped] = written('before\n', all);
  assert.ok(text.length <= MB, `${text.length}`);
  assert.equal(text.length + dropped, all.length);
  assert.equal(text.slice(0, MB / 2), all.slice(0, MB / 2));
  assert.equal(text.slice(-4096), all.slice(-4096));
});
