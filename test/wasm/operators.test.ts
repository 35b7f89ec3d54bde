/** The walk over instructions: each one's length decides where the next begins, so one of every shape is walked. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Module } from '../../src/wasm/module';
import { OP, Operators } from '../../src/wasm/operators';
import { type Bytes, bytes } from '../assemble';
import { realBinaries } from '../fixtures/open';

const END = 0x0b;

function walk(body: Bytes, base = 0): { op: number; at: number; value: number }[] {
  const operators = new Operators(body.done(), base);
  const seen: { op: number; at: number; value: number }[] = [];
  while (operators.next()) seen.push({ op: operators.op, at: operators.at, value: operators.value });
  return seen;
}

test('every shape of immediate is passed over whole', () => {
  const shapes: [name: string, instruction: Bytes][] = [
    ['block with a type index of 33 bits', bytes().u8(OP.block).sleb(1000)],
    ['block of a value type', bytes().u8(OP.block, 0x40)],
    ['br_table', bytes().u8(OP.brTable).leb(2).leb(0).leb(300).leb(1)],
    ['call', bytes().u8(OP.call).paddedLeb(5, 5)],
    ['call_indirect', bytes().u8(OP.callIndirect).leb(7).leb(0)],
    ['return_call_indirect', bytes().u8(OP.returnCallIndirect).leb(7).leb(0)],
    ['select with types', bytes().u8(0x1c).leb(1).u8(0x7f)],
    ['try_table', bytes().u8(0x1f, 0x40).leb(2).u8(0).leb(1).leb(0).u8(2).leb(0)],
    ['i32.load', bytes().u8(0x28).leb(2).leb(70000)],
    ['i32.load of another memory', bytes().u8(0x28).leb(0x42).leb(1).leb(8)],
    ['i64.store', bytes().u8(OP.i64Store).leb(3).leb(0)],
    ['memory.size', bytes().u8(0x3f, 0)],
    ['i32.const', bytes().u8(0x41).sleb(-70000)],
    ['i64.const', bytes().u8(OP.i64Const).sleb(0x10000003)],
    ['f32.const that looks like instructions', bytes().u8(0x43, 0x0b, 0x10, 0x0b, 0x01)],
    ['f64.const that looks like instructions', bytes().u8(0x44, 0x0b, 0x10, 0x0b, 0x01, 0x0b, 0x10, 0x0b, 0x01)],
    ['ref.null', bytes().u8(0xd0, 0x70)],
    ['i32.add', bytes().u8(0x6a)],
    ['i32.extend8_s', bytes().u8(0xc0)],
    ['i32.trunc_sat_f32_s', bytes().u8(0xfc).leb(0)],
    ['memory.init', bytes().u8(0xfc).leb(8).leb(1).leb(0)],
    ['memory.copy', bytes().u8(0xfc).leb(10).leb(0).leb(0)],
    ['memory.fill', bytes().u8(0xfc).leb(11).leb(0)],
    ['table.copy', bytes().u8(0xfc).leb(14).leb(0).leb(0)],
    ['v128.const', bytes().u8(0xfd).leb(12).zeros(16)],
    ['i8x16.shuffle', bytes().u8(0xfd).leb(13).zeros(16)],
    ['i8x16.extract_lane', bytes().u8(0xfd).leb(21).u8(3)],
    ['v128.load8_lane', bytes().u8(0xfd).leb(84).leb(0).leb(0).u8(1)],
    ['v128.load32_zero', bytes().u8(0xfd).leb(92).leb(2).leb(0)],
    ['i32x4.add', bytes().u8(0xfd).leb(174)],
    ['i32.atomic.rmw.add', bytes().u8(0xfe).leb(0x1e).leb(2).leb(0)],
    ['atomic.fence', bytes().u8(0xfe).leb(3).u8(0)],
  ];
  for (const [name, instruction] of shapes) {
    const seen = walk(bytes().leb(0).bytes(instruction).u8(END), 100);
    assert.deepEqual([seen.length, seen[0].at, seen[1]?.at], [2, 101, 101 + instruction.length], name);
    assert.equal(seen[1].op, END, name);
  }
});

test('constants and indexes are told', () => {
  const body = bytes()
    .leb(0)
    .u8(OP.i64Const)
    .sleb(0x1000_0003)
    .u8(OP.i64Store)
    .leb(3)
    .leb(0)
    .u8(OP.call)
    .leb(1234)
    .u8(END);
  assert.deepEqual(
    walk(body)
      .map(({ op, value }) => [op, value])
      .slice(0, 3),
    [
      [OP.i64Const, 0x10000003],
      [OP.i64Store, 0],
      [OP.call, 1234],
    ],
  );
});

test('locals are passed over, typed references too', () => {
  const body = bytes().leb(3).leb(2).u8(0x7f).leb(1).u8(0x64).sleb(5).leb(1).u8(0x63).sleb(-16).u8(END);
  assert.deepEqual(walk(body, 7), [{ op: END, at: 7 + 9, value: 0 }]);
});

test('br_table hands out its labels, the default last', () => {
  const operators = new Operators(bytes().leb(0).u8(OP.brTable).leb(3).leb(0).leb(0).leb(1).leb(2).u8(END).done(), 0);
  assert.ok(operators.next());
  assert.deepEqual([...operators.labels], [0, 0, 1, 2]);
});

test('what is no instruction is refused where it stands', () => {
  assert.throws(() => walk(bytes().leb(0).u8(1, 0xff)), { message: 'expected a known opcode at offset 0x2' });
  assert.throws(() => walk(bytes().leb(0).u8(0xfc).leb(99)), { name: 'Malformed' });
  assert.throws(
    () =>
      walk(
        bytes()
          .leb(0)
          .u8(OP.brTable)
          .leb(2 ** 31),
      ),
    {
      message: 'expected a count of branch labels that fits the section at offset 0x2',
    },
  );
  assert.throws(() => walk(bytes().leb(9)), {
    message: 'expected a count of groups of locals that fits the section at offset 0x0',
  });
});

test('bodies of a real binary are walked to their last byte, which is an end', () => {
  const bundle = realBinaries().find(({ name }) => name === '@cdktf/hcl2json 0.10.1');
  assert.ok(bundle);
  const module = new Module(bundle.bytes());
  const code = module.code();
  assert.ok(code.ok && code.value);
  const { offsets, sizes } = code.value;
  for (let i = 0; i < offsets.length; i++) {
    const operators = new Operators(module.bytes.subarray(offsets[i], offsets[i] + sizes[i]), offsets[i]);
    while (operators.next());
    assert.deepEqual([operators.op, operators.after], [END, offsets[i] + sizes[i]], `body ${i}`);
  }
});
