/** Which errors are told, that telling runs no code of the page, and the bounds of what is told. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorWatch } from '../../src/hook/errors';
import type { Unnumbered } from '../../src/hook/program';
import type { Capture } from '../../src/protocol/messages';

const WASM = 'at http://x/main.wasm:wasm-function[7]:0x12';

function watching(urls = ['http://x/main.wasm'], words = 2) {
  const events: Unnumbered[] = [];
  const capture = (): Capture => ({ sp: 8, at: 'event', gs: [], words: new Uint32Array(words), dropped: 0 });
  const programs = urls.map((url, i) => ({ id: i + 1, source: { url }, program: { capture } }));
  const watch = errorWatch(programs, (event) => events.push(event));
  const error = (message: string, stack: string, make = Error) => {
    const made = new make(message);
    made.stack = `${made.name}: ${message}\n    ${stack}`;
    watch('error', made, `Uncaught ${message}`, '');
  };
  const captured = () =>
    events.map((event) => event.type === 'error' && event.captures.map(({ instance }) => instance));
  return { events, watch, error, captured };
}

test('errors that pass through wasm, and what wasm_exec.js says after an exit, are told; others are not', () => {
  const { events, error } = watching();
  error('ours', WASM);
  error('Go program has already exited', 'at _resume (http://x/wasm_exec.js:1:2)');
  error("Cannot read properties of undefined (reading 'exports')", 'at f (http://x/app.js:1:2)', TypeError);
  error("Cannot read properties of undefined (reading 'get')", 'at _resume (http://x/app.js:1:2)', TypeError);
  error("Cannot read properties of undefined (reading 'get')", 'at f (http://x/app.js:1:2)', TypeError);
  error('theirs', 'at f (http://x/app.js:1:2)');
  assert.deepEqual(
    events.map((event) => event.type === 'error' && event.message),
    [
      'ours',
      'Go program has already exited',
      "Cannot read properties of undefined (reading 'exports')",
      "Cannot read properties of undefined (reading 'get')",
    ],
  );
});

test('nothing is told, nor looked at, without a program', () => {
  const { events, watch } = watching([]);
  const trap = () => assert.fail('looked at');
  watch(
    'error',
    new Proxy(new Error('x'), { get: trap, getOwnPropertyDescriptor: trap }),
    '',
    'http://x/main.wasm:1:2',
  );
  assert.deepEqual(events, []);
});

test('accessors and values that are no errors run no code', () => {
  const { events, watch } = watching();
  const error = new Error('x');
  for (const key of ['stack', 'name', 'message']) {
    Object.defineProperty(error, key, { get: () => assert.fail(`${key} was read`) });
  }
  watch('error', error, 'Uncaught it', 'http://x/main.wasm:1:2');
  const [{ type, ...first }] = events;
  assert.equal(type, 'error');
  assert.ok('message' in first && first.message === 'Uncaught it' && first.name === '');
  for (const value of [undefined, null, 5, 'text', Symbol('s'), () => 1]) watch('rejection', value, '', '');
  assert.equal(events.length, 1);
});

test('the same error again is only counted; 200 different ones are told', () => {
  const { events, error } = watching();
  error('same', WASM);
  error('same', WASM);
  assert.deepEqual(
    events.map((event) => event.type !== 'again' || [event.of, event.count]),
    [true, [1, 1]],
  );
  for (let i = 0; i < 300; i++) error(`number ${i}`, WASM);
  assert.equal(events.filter(({ type }) => type === 'error').length, 200);
});

test('programs whose URL is in the stack are captured, else all, newest first, four at most', () => {
  const urls = [
    'http://x/main.wasm',
    'http://x/other.wasm',
    '',
    'http://x/1.wasm',
    'http://x/2.wasm',
    'http://x/3.wasm',
  ];
  const { error, captured } = watching(urls);
  error('one', WASM);
  error('none', 'at http://y/main.wasm:wasm-function[7]:0x12');
  assert.deepEqual(captured(), [[1], [6, 5, 4, 3]]);
});

test('captures of one realm have a budget', () => {
  const { error, captured } = watching(undefined, 1 << 21);
  for (const name of ['a', 'b', 'c', 'd']) error(name, WASM);
  assert.deepEqual(captured(), [[1], [1], [], []]);
});
