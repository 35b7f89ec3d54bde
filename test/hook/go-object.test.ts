/** The assignment that wasm_exec.js's `run` starts with is seen, whoever makes it, and nothing else changes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awaitRun } from '../../src/hook/go-object';

interface GoLike {
  importObject?: unknown;
  _inst?: unknown;
}

const module = new WebAssembly.Module(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
const newInstance = () => new WebAssembly.Instance(module);
const armed = () => Object.hasOwn(Object.prototype, '_inst');

function awaited(): { functions: object; found: unknown[] } {
  const functions = {};
  const found: unknown[] = [];
  awaitRun({ name: 'gojs', functions }, (exports) => found.push(exports));
  return { functions, found };
}

test('the assignment makes an own property as it would, is told once, and the accessor goes', () => {
  const { found } = awaited();
  assert.ok(armed());
  assert.equal(({} as GoLike)._inst, undefined);
  assert.deepEqual(Object.keys({}), []);
  const go: GoLike = {};
  const instance = newInstance();
  go._inst = instance;
  assert.deepEqual(found, [instance.exports]);
  assert.equal(found[0], instance.exports);
  assert.deepEqual(Object.getOwnPropertyDescriptor(go, '_inst'), {
    value: instance,
    writable: true,
    enumerable: true,
    configurable: true,
  });
  assert.equal(armed(), false);
});

test('what is no instance is assigned and not taken for a program', () => {
  const { found } = awaited();
  const other: GoLike = {};
  other._inst = 5;
  assert.deepEqual(other, { _inst: 5 });
  Object.assign(Object('text'), { _inst: newInstance });
  assert.deepEqual(found, []);
  assert.ok(armed());
  (({}) as GoLike)._inst = newInstance();
  assert.equal(found.length, 1);
});

test('programs that wait together are told apart by their functions, else in order', () => {
  const [a, b, c] = [awaited(), awaited(), awaited()];
  const run = (functions: object | null) => {
    const go: GoLike = functions ? { importObject: { gojs: functions } } : {};
    go._inst = newInstance();
    return [a, b, c].map(({ found }) => found.length).join('');
  };
  assert.equal(run(c.functions), '001');
  assert.equal(run(null), '101');
  assert.ok(armed());
  assert.equal(run(b.functions), '111');
  assert.equal(armed(), false);
});

test('programs that never run are forgotten', () => {
  const all = Array.from({ length: 40 }, awaited);
  let runs = 0;
  for (; armed(); runs++) (({}) as GoLike)._inst = newInstance();
  assert.equal(runs, 32);
  assert.deepEqual(
    all.map(({ found }) => found.length),
    [...Array(8).fill(0), ...Array(32).fill(1)],
  );
});
