import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pasteUnread } from '../../src/failures/paste';

const TRACEBACK = `panic: oops

goroutine 7 [running]:
main.draw(0x1)
	/home/me/paint/app.go:118 +0x3
...additional frames elided...
created by main.main in goroutine 1
	/home/me/paint/main.go:7 +0x1
`;

test('without a binary a Go traceback has the names and places that Go printed', () => {
  const { stack, lines, warning } = pasteUnread(TRACEBACK, 'no module');
  assert.deepEqual(
    stack.map((row) => (row.kind === 'frame' ? `${row.function} ${row.file}:${row.line}` : row.kind)),
    ['main.draw /home/me/paint/app.go:118', 'gap'],
  );
  assert.equal(lines.length, TRACEBACK.split('\n').length);
  assert.equal(warning, '');
});

test('without a binary wasm frames stay as they are, and it says why', () => {
  const { stack, warning } = pasteUnread('  at x (wasm://wasm/0f:wasm-function[7]:0x10)', 'no module');
  assert.equal(stack.length, 1);
  assert.equal(warning, 'no module');
});
