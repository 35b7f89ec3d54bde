/** Which function a js.Func runs, read from a memory made by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFunctions } from '../../../src/hook/record/functions';

const SP = 64;
const ARGUMENT = 128;
const LIST = 256;
const CLOSURE = 512;
const PC_F = 0x1003;

/** Memory in which FuncOf makes the js.Func with an id. */
function memory({ id = 7, code = PC_F << 16, closure = CLOSURE, high = 0 } = {}) {
  const bytes = new DataView(new ArrayBuffer(1024));
  bytes.setUint32(SP + 32, LIST, true);
  bytes.setFloat64(LIST, id, true);
  bytes.setUint32(ARGUMENT, closure, true);
  bytes.setUint32(ARGUMENT + 4, high, true);
  if (closure + 8 <= 1024) bytes.setUint32(closure, code, true);
  return new Int32Array(bytes.buffer);
}

const isFunction = (pcF: number) => pcF >= 0x1000 && pcF < 0x1010;
const made = (given: Parameters<typeof memory>[0], functions = createFunctions()) => {
  functions.made(memory(given), SP / 4, ARGUMENT / 4, isFunction);
  return functions;
};

test('by its id, and by no other', () => {
  const functions = made({});
  assert.deepEqual([functions.of(7), functions.of(8), functions.of(7 + 65536)], [PC_F, 0, 0]);
  made({ id: 7 + 65536, code: 0x1004 << 16 }, functions);
  assert.deepEqual([functions.of(7), functions.of(7 + 65536)], [0, 0x1004]);
});

test('what is no id has none', () => {
  const functions = made({});
  for (const id of [undefined, null, '7', {}, Number.NaN, -7, 7.5, Number.POSITIVE_INFINITY]) {
    assert.equal(functions.of(id), 0, String(id));
  }
});

test('what is no closure of a function is not remembered', () => {
  for (const wrong of [
    { code: (PC_F << 16) | 3 },
    { code: 0x2000 << 16 },
    { closure: CLOSURE + 4 },
    { closure: 0x7ffffff8 },
    { high: 0x7ff80001 },
    { id: 0.5 },
    { id: -1 },
    { id: Number.NaN },
    { id: 2 ** 40 },
  ]) {
    assert.equal(made(wrong).of(wrong.id ?? 7), 0, JSON.stringify(wrong));
  }
});
