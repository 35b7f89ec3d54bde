/** Go's stack walked by hand-made words: where each return PC lies is known from the frame sizes in tiny.ts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { captureWords, memoryWords, unwind } from '../../src/goroutines/unwind';
import { Program } from '../../src/program';
import { bytes, pclntab } from '../assemble';
import { IMAGE, tiny } from '../go/tiny';

/** FuncID_goexit of Go 1.26 (internal/abi/symtab.go). */
const GOEXIT_ID = 8;

/** Two functions that take 16 and 0 bytes, and goexit. */
const program = new Program(
  tiny(
    pclntab(
      IMAGE,
      ['a.go'],
      [
        { name: 'main.outer', file: [[0, 9]], line: [[1, 9]], frame: [[16, 9]] },
        { name: 'main.inner', file: [[0, 9]], line: [[2, 9]], frame: [[0, 9]] },
        { name: 'runtime.goexit', file: [[0, 9]], line: [[3, 9]], frame: [[0, 9]], funcID: GOEXIT_ID },
      ],
    ),
  ).bytes,
);

const INNER = 0x1001_0001;
const OUTER = 0x1000_0002;
const GOEXIT = 0x1002_0001;
/** inner at 0x100: its return address there; outer's 16 bytes further; then goexit. */
const WORDS = Uint32Array.of(0x100, OUTER, 0x108 + 16, GOEXIT);

const walked = (words: Uint32Array, sp = 0x100, pc = INNER) => {
  const { frames, complete, why } = unwind(program, captureWords(words), { pc, sp });
  return { pcs: frames.map((frame) => frame.pc), complete, why };
};

test('each frame’s size leads to the next return PC, up to goexit', () => {
  assert.deepEqual(walked(WORDS), { pcs: [INNER, OUTER, GOEXIT], complete: true, why: '' });
});

test('the order of the words does not matter', () => {
  assert.deepEqual(walked(Uint32Array.of(0x118, GOEXIT, 0x100, OUTER)).pcs, [INNER, OUTER, GOEXIT]);
});

test('what is missing is said', () => {
  assert.deepEqual(walked(WORDS.subarray(0, 2)), {
    pcs: [INNER, OUTER],
    complete: false,
    why: 'the stack beyond this point was not copied',
  });
  assert.deepEqual(walked(Uint32Array.of(0x100, 0x2000_0000)), {
    pcs: [INNER],
    complete: false,
    why: 'no Go function has the PC 0x20000000 found on the stack',
  });
  assert.equal(walked(WORDS, 0x100, 0x1001_0009).why, 'no frame size at PC 0x10010009');
});

test('a whole memory gives the same, and nothing outside of it', () => {
  const memory = bytes().zeros(0x100).u64(OUTER).zeros(16).u64(GOEXIT).done();
  const words = memoryWords(memory);
  assert.deepEqual(
    unwind(program, words, { pc: INNER, sp: 0x100 }).frames.map((frame) => frame.pc),
    [INNER, OUTER, GOEXIT],
  );
  assert.deepEqual(
    [words.word(-8), words.word(4), words.word(memory.length), words.word(0x100)],
    [null, null, null, OUTER],
  );
});

test('an address is no PC: words with a high half are not told', () => {
  assert.equal(memoryWords(bytes().u32(OUTER, 1).done()).word(0), null);
});
