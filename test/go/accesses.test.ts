/** Bodies written by hand as Go's assembler writes them, and what they access. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Malformed } from '../../src/bytes/malformed';
import { PASSED, readAccesses, reads, writes } from '../../src/go/accesses';
import { type Bytes, bytes } from '../assemble';

const LOW = 0x10000;
const HIGH = 0x20000;
const A = 0x12340;

const body = () => bytes().leb(0);
const i64Const = (code: Bytes, value: number) => code.u8(0x42).sleb(value);
const local = { get: 0x20, set: 0x21, tee: 0x22 };
const WRAP = 0xa7;
const END = 0x0b;

function accessesOf(code: Bytes): number[][] {
  const { addresses, how, values } = readAccesses(code.done(), 0, LOW, HIGH);
  return Array.from({ length: addresses.length }, (_, i) => [addresses.at(i), how.at(i), values.at(i)]);
}

test('a variable that is read and written, with the offset of its field in the constant or in the instruction', () => {
  const code = i64Const(body(), A).u8(WRAP, 0x29, 3, 8);
  code.u8(0x1a);
  // i32.const A; i64.const A + 16; i64.store 24
  code.u8(0x41).sleb(A);
  i64Const(code, A + 16).u8(0x37, 3, 24);
  // An unknown number is written: SP.
  code.u8(0x41).sleb(A).u8(0x23, 0, 0x36, 2, 4);
  assert.deepEqual(accessesOf(code), [
    [A + 8, reads(8), 0],
    [A + 24, writes(8), A + 16],
    [A + 4, writes(4), 0],
  ]);
});

test('an address kept in a local, until it may have come another way', () => {
  const code = i64Const(body(), A).u8(local.set, 2);
  code.u8(local.get, 2, WRAP, 0x2d, 0, 1, 0x1a);
  // i64.add of two constants, and a tee.
  i64Const(i64Const(code, A), 32).u8(0x7c, local.tee, 3, WRAP, 0x28, 2, 0, 0x1a);
  code.u8(local.get, 3, WRAP, 0x35, 2, 4, 0x1a);
  code.u8(0x02, 0x40, local.get, 2, WRAP, 0x2b, 3, 16, 0x1a, END);
  // Behind the end of a block nothing is known of locals.
  code.u8(local.get, 2, WRAP, 0x29, 3, 0, 0x1a);
  assert.deepEqual(accessesOf(code), [
    [A + 1, reads(1), 0],
    [A + 32, reads(4), 0],
    [A + 36, reads(4), 0],
    [A + 16, reads(8), 0],
  ]);
});

test('an argument of a call, and nothing of a register behind it', () => {
  const code = i64Const(body(), A).u8(local.set, 5);
  code.u8(local.get, 1);
  i64Const(code, A + 40).u8(0x37, 3, 0);
  code.u8(0x10, 7);
  code.u8(local.get, 5, WRAP, 0x29, 3, 0, 0x1a);
  assert.deepEqual(accessesOf(code), [[A + 40, PASSED, 0]]);
});

test('what is no variable is not told', () => {
  const code = body();
  for (const address of [0, LOW - 8, HIGH, -8]) i64Const(code, address).u8(WRAP, 0x29, 3, 0, 0x1a);
  // A comparison and a shift leave numbers that are not known.
  i64Const(i64Const(code, A), 1).u8(0x51, 0x28, 2, 0, 0x1a);
  i64Const(i64Const(code, A), 0).u8(0x86, WRAP, 0x28, 2, 0, 0x1a);
  // Nothing on the stack at all.
  code.u8(0x28, 2, 0, 0x1a, 0x37, 3, 0);
  assert.deepEqual(accessesOf(code), []);
});

test('a body that is cut is malformed', () => {
  const code = i64Const(body(), A).u8(WRAP, 0x29);
  assert.throws(() => accessesOf(code), Malformed);
});
