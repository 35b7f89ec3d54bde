/** Programs linked with derived import objects: what the engine and the page see of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { derive, goNamespace } from '../../src/hook/imports';

const encode = (text: string) => [text.length, ...Buffer.from(text)];

/** A module that imports wasmExit and wasmWrite and exports each as a function that calls it with its argument. */
function moduleLikeGo(namespace = 'gojs'): WebAssembly.Module {
  const names = ['runtime.wasmExit', 'runtime.wasmWrite'];
  const imports = names.flatMap((name) => [...encode(namespace), ...encode(name), 0, 0]);
  const section = (id: number, ...body: number[]) => [id, body.length, ...body];
  const call = (index: number) => [6, 0, 0x20, 0, 0x10, index, 0x0b];
  return new WebAssembly.Module(
    new Uint8Array([
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(1, 1, 0x60, 1, 0x7f, 0),
      ...section(2, 2, ...imports),
      ...section(3, 2, 0, 0),
      ...section(7, 2, ...encode('exit'), 0, 2, ...encode('write'), 0, 3),
      ...section(10, 2, ...call(0), ...call(1)),
    ]),
  );
}

function link(functions: object, notes: Partial<Parameters<typeof derive>[2]> = {}) {
  const imports = { gojs: functions };
  const nothing = () => {};
  const derived = derive(imports, 'gojs', { linked: nothing, exit: nothing, write: nothing, ...notes });
  const instance = new WebAssembly.Instance(moduleLikeGo(), derived as WebAssembly.Imports);
  return instance.exports as { exit: (sp: number) => void; write: (sp: number) => void };
}

test('each note comes before its original, with the same argument', () => {
  const log: unknown[] = [];
  const calls = (name: string) => (sp: number) => log.push([name, sp]);
  const functions = { 'runtime.wasmExit': calls('original exit'), 'runtime.wasmWrite': calls('original write') };
  const { exit, write } = link(functions, { exit: calls('exit'), write: calls('write') });
  exit(8);
  write(-16);
  assert.deepEqual(log, [
    ['exit', 8],
    ['original exit', 8],
    ['write', -16],
    ['original write', -16],
  ]);
});

test('an original sees no frame of ours, and what it throws comes through as it is', () => {
  let stack = '';
  const error = new Error('mine');
  const functions = {
    'runtime.wasmExit': () => {
      stack = new Error('stack').stack ?? '';
    },
    'runtime.wasmWrite': () => {
      throw error;
    },
  };
  const natural = new WebAssembly.Instance(moduleLikeGo(), { gojs: functions }).exports as {
    exit: (sp: number) => void;
  };
  const derived = link(functions);
  const stacks = [natural, derived].map((exports) => {
    exports.exit(0);
    return stack;
  });
  assert.equal(stacks[0], stacks[1]);
  assert.throws(
    () => derived.write(0),
    (thrown) => thrown === error,
  );
});

test('the page may change its functions until the module is linked', () => {
  const log: string[] = [];
  const imports = { gojs: { 'runtime.wasmExit': () => log.push('old'), 'runtime.wasmWrite': () => {} } };
  const nothing = () => {};
  const derived = derive(imports, 'gojs', { linked: () => log.push('linked'), exit: nothing, write: nothing });
  imports.gojs = { 'runtime.wasmExit': () => log.push('new'), 'runtime.wasmWrite': () => {} };
  const instance = new WebAssembly.Instance(moduleLikeGo(), derived as WebAssembly.Imports);
  (instance.exports.exit as (sp: number) => void)(0);
  assert.deepEqual(log, ['linked', 'linked', 'new']);
});

test('what cannot be called fails as it would', () => {
  const natural = () => new WebAssembly.Instance(moduleLikeGo(), { gojs: { 'runtime.wasmExit': 1 } });
  assert.throws(natural, WebAssembly.LinkError);
  let message = '';
  try {
    natural();
  } catch (error) {
    message = (error as Error).message;
  }
  assert.throws(() => link({ 'runtime.wasmExit': 1 }), { name: 'LinkError', message });
});

test('Go namespaces are told without running accessors', () => {
  const functions = { 'runtime.wasmExit': () => {} };
  assert.deepEqual(goNamespace({ gojs: functions }), { name: 'gojs', functions });
  assert.deepEqual(goNamespace({ go: functions }), { name: 'go', functions });
  assert.deepEqual(goNamespace(Object.create({ gojs: functions })), { name: 'gojs', functions });
  const getter = {
    get gojs() {
      return assert.fail('read');
    },
  };
  for (const other of [getter, {}, { gojs: {} }, { go: 1 }, null, undefined, 5, 'x'])
    assert.equal(goNamespace(other), null);
});
