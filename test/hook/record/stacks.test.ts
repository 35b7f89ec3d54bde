/** Stacks that are told apart in memory, by a table of frame sizes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStacks as create } from '../../../src/hook/record/stacks';
import { type FrameTable, FunctionKind } from '../../../src/protocol/binary';

const pc = (number: number, block: number) => ((0x1000 + number) << 16) | block;

function createStacks(frames: FrameTable | null) {
  const stacks = create();
  stacks.use(frames);
  return stacks;
}

/** Functions by number: bytes of their frames, before block 2 none; and what kind they are. */
function table(sizes: number[], kinds: Record<number, FunctionKind> = {}): FrameTable {
  return {
    index: Int32Array.from(sizes, (_, i) => i * 6),
    runs: Int32Array.from(sizes.flatMap((size) => [2, 0, 100, size, 65536, -1])),
    kinds: Uint8Array.from(sizes, (_, i) => kinds[i] ?? FunctionKind.Plain),
  };
}

/** Writes return PCs with the frames between them. @returns memory, and SP of the innermost */
function memory(frames: [pc: number, size: number][], sp = 64): { words: Int32Array; sp: number } {
  const words = new Int32Array(4096).fill(0x7777);
  let at = sp / 4;
  for (const [returnPC, size] of frames) {
    words[at] = returnPC;
    words[at + 1] = 0;
    at += 2 + size / 4;
  }
  return { words, sp };
}

/** All stacks told so far. */
function told(stacks: ReturnType<typeof createStacks>): { pcs: number[]; whole: boolean }[] {
  const words = [...stacks.take()];
  const list: { pcs: number[]; whole: boolean }[] = [];
  while (words.length > 0) {
    const [count] = words.splice(0, 1);
    list.push({ pcs: words.splice(0, Math.abs(count)), whole: count > 0 });
  }
  return list;
}

const FRAMES = table([16, 48, 0, 32], { 2: FunctionKind.Ends });
/** Called in 0, which 1 called, which goexit (2) called. */
const STACK: [number, number][] = [
  [pc(0, 5), 16],
  [pc(1, 7), 48],
  [pc(2, 1), 0],
];

test('return PCs from the innermost to the end of the stack, once for each stack', () => {
  const stacks = createStacks(FRAMES);
  const first = memory(STACK);
  assert.equal(stacks.at(first.words, first.sp), 1);
  assert.equal(stacks.at(first.words, first.sp), 1);
  // The same elsewhere in memory, as on another goroutine.
  const elsewhere = memory(STACK, 1024);
  assert.equal(stacks.at(elsewhere.words, elsewhere.sp), 1);
  // Another line of the outer function, at the same place.
  first.words[(64 + 8 + 16) / 4] = pc(1, 8);
  assert.equal(stacks.at(first.words, first.sp), 2);
  assert.deepEqual(told(stacks), [
    { pcs: [pc(0, 5), pc(1, 7), pc(2, 1)], whole: true },
    { pcs: [pc(0, 5), pc(1, 8), pc(2, 1)], whole: true },
  ]);
  assert.deepEqual(told(stacks), []);
});

test('the size of a frame is that of its block', () => {
  const stacks = createStacks(FRAMES);
  // Before its prologue a function has no frame.
  const { words, sp } = memory([
    [pc(0, 1), 0],
    [pc(2, 1), 0],
  ]);
  stacks.at(words, sp);
  assert.deepEqual(told(stacks), [{ pcs: [pc(0, 1), pc(2, 1)], whole: true }]);
});

test('a walk ends where the table has no answer, and says that it is not whole', () => {
  const stacks = createStacks(FRAMES);
  const unknown: [number, number][] = [STACK[0], [pc(9, 1), 0]];
  const noSize: [number, number][] = [STACK[0], [pc(1, 200), 0]];
  for (const frames of [unknown, noSize]) {
    const { words, sp } = memory(frames);
    stacks.at(words, sp);
  }
  assert.deepEqual(told(stacks), [
    { pcs: [pc(0, 5)], whole: false },
    { pcs: [pc(0, 5), pc(1, 200)], whole: false },
  ]);
});

test('a stack that is deeper than is kept is cut at its outer end', () => {
  const stacks = createStacks(table([0]));
  const deep = memory(Array.from({ length: 2000 }, () => [pc(0, 5), 0]));
  stacks.at(deep.words, deep.sp);
  const [{ pcs, whole }] = told(stacks);
  assert.deepEqual([pcs.length, whole], [512, false]);
});

test('stack pointers that lead nowhere have no stack', () => {
  const stacks = createStacks(FRAMES);
  const { words } = memory(STACK);
  for (const sp of [0, 4096 * 4, 2 ** 32 - 8]) assert.equal(stacks.at(words, sp), 0, String(sp));
});

test('without a table the innermost PC alone counts', () => {
  const stacks = createStacks(null);
  const { words, sp } = memory(STACK);
  stacks.at(words, sp);
  assert.deepEqual(told(stacks), [{ pcs: [pc(0, 5)], whole: false }]);
});

test('the function that handleEvent called is known by a stack with it, unless it is of syscall/js itself', () => {
  const stacks = createStacks(
    table([16, 48, 0, 32, 8], { 2: FunctionKind.Ends, 3: FunctionKind.HandlesEvent, 4: FunctionKind.Bridge }),
  );
  const users = memory([STACK[0], [pc(1, 7), 48], [pc(3, 4), 32], [pc(2, 1), 0]]);
  const own = memory([
    [pc(4, 9), 8],
    [pc(3, 3), 32],
    [pc(2, 1), 0],
  ]);
  const none = memory(STACK);
  const handlers = [users, own, none].map(({ words, sp }) => stacks.handlers[stacks.at(words, sp)]);
  assert.deepEqual(handlers, [0x1001, 0, 0]);
});

test('more stacks than there is room for are counted', () => {
  const stacks = createStacks(FRAMES);
  const { words, sp } = memory(STACK);
  for (let block = 0; block < 66_000; block++) {
    // Function 1 has sizes for the first hundred blocks only: each of these is a stack of its own all the same.
    words[(64 + 8 + 16) / 4] = pc(1, block % 65536);
    words[64 / 4] = pc(0, 2 + (block >> 16));
    stacks.at(words, sp);
  }
  assert.ok(stacks.lost > 0 && stacks.lost < 10_000, String(stacks.lost));
});
