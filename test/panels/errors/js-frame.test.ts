import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJsFrame } from '../../../panels/errors/js-frame';

const url = 'http://localhost:8080/js/app.js?v=3';
const at = { place: 'app.js:88', url, line: 88, column: 8 };

test('frames of all three engines', () => {
  assert.deepEqual(parseJsFrame(`at HTMLButtonElement.<anonymous> (${url}:88:9)`), {
    ...at,
    name: 'HTMLButtonElement.<anonymous>',
  });
  assert.deepEqual(parseJsFrame(`    at async start (${url}:88:9)`), { ...at, name: 'start' });
  assert.deepEqual(parseJsFrame(`at ${url}:88:9`), { ...at, name: '' });
  assert.deepEqual(parseJsFrame(`onclick@${url}:88:9`), { ...at, name: 'onclick' });
});

test('other lines stay as they are', () => {
  assert.equal(parseJsFrame('canvas.js:88 onpointermove'), null);
  assert.equal(parseJsFrame('at new Promise (<anonymous>)'), null);
  assert.equal(parseJsFrame(`at ${'x'.repeat(5000)}`), null);
});
