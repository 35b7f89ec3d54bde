/** The proof that a memory is that of a program: made of the binary, asked of the memory. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proofOf } from '../../../src/bridge/frames';
import { proves } from '../../../src/hook/record/proof';
import { Program } from '../../../src/program';
import { openFixture } from '../../fixtures/open';

const PROGRAMS = ['go1.19/bridge-stripped', 'go1.21/bridge-stripped', 'go1.27/bridge-stripped', 'go1.27/loop-stripped'];

/** The first words of a program's memory before it runs. */
function memoryOf(program: Program): Int32Array {
  const image = program.go.image();
  assert.ok(image.ok);
  const words = new Int32Array(1 << 22);
  words.set(new Int32Array(image.value.words), image.value.base >>> 2);
  return words;
}

const programs = PROGRAMS.map((name) => new Program(openFixture(name)));

test('it holds in the memory of its program and in no other', () => {
  const found = programs.map((program) => {
    const proof = proofOf(program);
    assert.ok(proof);
    return programs.map((other) => proves(proof, memoryOf(other)));
  });
  assert.deepEqual(
    found,
    programs.map((program) => programs.map((other) => program === other)),
  );
});

test('one bit of the static data more or less, and it does not hold; what is written behind it may be anything', () => {
  const [program] = programs;
  const proof = proofOf(program);
  assert.ok(proof);
  const words = memoryOf(program);
  for (const at of [proof.low, proof.low + 4 * 1000, proof.high - 4]) {
    words[at >>> 2] ^= 1;
    assert.equal(proves(proof, words), false, String(at));
    words[at >>> 2] ^= 1;
  }
  words[proof.high >>> 2] ^= 1;
  assert.equal(proves(proof, words), true);
});

test('a memory that ends before it proves nothing', () => {
  const proof = proofOf(programs[0]);
  assert.ok(proof);
  assert.equal(proves(proof, new Int32Array(16)), false);
});
