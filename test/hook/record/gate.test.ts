/** Functions behind a gate: what is told, what their originals and their callers see. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGate } from '../../../src/hook/record/gate';

type Import = (sp: number) => void;

function gate(originals: Import[], before: (sp: number, index: number) => number) {
  const log: unknown[] = [];
  const { functions, turn } = createGate(
    originals,
    (sp, index) => {
      log.push(`before ${index} ${sp}`);
      return before(sp, index);
    },
    () => log.push('after'),
  );
  return { log, turn, functions: functions as Import[] };
}

test('nothing is told until it is turned on, and nothing after it is turned off', () => {
  const called: number[] = [];
  const { functions, turn, log } = gate([(sp) => called.push(sp)], () => 1);
  functions[0](8);
  turn(1);
  functions[0](16);
  turn(0);
  functions[0](24);
  assert.deepEqual(called, [8, 16, 24]);
  assert.deepEqual(log, ['before 0 16', 'after']);
});

test('the end is told of those that are asked for, each by its own index', () => {
  const order: string[] = [];
  const originals = Array.from({ length: 40 }, (_, i) => (sp: number) => order.push(`${i} ${sp}`));
  const { functions, turn, log } = gate(originals, (_sp, index) => (index === 39 ? 1 : 0));
  turn(1);
  functions[7](-8);
  functions[39](4);
  assert.deepEqual(order, ['7 -8', '39 4']);
  assert.deepEqual(log, ['before 7 -8', 'before 39 4', 'after']);
});

test('an original that is not to be told when it ends sees no frame of ours', () => {
  const stacks: (string | undefined)[] = [];
  const { functions, turn } = gate([() => stacks.push(new Error('stack').stack)], (sp) => sp & 1);
  turn(1);
  for (const sp of [8, 9]) functions[0](sp);
  const [untold, told] = stacks.map((stack) => stack?.match(/wasm-function/g)?.length ?? 0);
  assert.deepEqual([untold, told], [0, 1]);
});

test('what an original throws comes through as it is, and its end is told', () => {
  const error = { mine: true };
  const throws = () => {
    throw error;
  };
  const { functions, turn, log } = gate([throws], () => 1);
  turn(1);
  assert.throws(
    () => functions[0](8),
    (thrown) => thrown === error,
  );
  assert.deepEqual(log, ['before 0 8', 'after']);
});

test('an original of WebAssembly that has another type is refused', () => {
  const module = new WebAssembly.Module(
    // (func (export "f") (param i64))
    new Uint8Array([
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 1, 0x7e, 0],
      ...[3, 2, 1, 0, 7, 5, 1, 1, 0x66, 0, 0, 10, 4, 1, 2, 0, 0x0b],
    ]),
  );
  const { f } = new WebAssembly.Instance(module).exports;
  assert.throws(() => gate([f as Import], () => 0), WebAssembly.LinkError);
});
