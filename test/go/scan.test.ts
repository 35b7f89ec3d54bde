/**
 * The one pass over bodies of every stored Go binary, and what stands on it, against a plain reading of the same bodies:
 * calls and return PCs, the blocks each instruction may belong to, the places that `walk` tells.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Malformed } from '../../src/bytes/malformed';
import { readBody } from '../../src/go/body';
import type { Func } from '../../src/go/pclntab';
import { BodyScanner } from '../../src/go/scan';
import { Program } from '../../src/program';
import { walk } from '../../src/sourcemap/walk';
import { bytes } from '../assemble';
import { fixtures, openFixture } from '../fixtures/open';
import { type PlainBody, readPlainBody } from './plain-body';

/** Every format of pclntab and every way a tool changed bodies; one of each two releases. */
const names = Object.entries(fixtures())
  .filter(([, { toolchain }]) => toolchain.startsWith('go1.'))
  .map(([name]) => name)
  .filter(
    (name) =>
      !name.includes('deps') && (/wasmopt|noopt/.test(name) || /1\.(11|13|16|18|20|24|27).*stripped/.test(name)),
  );

/** Places of one body, as `walk` tells them, from the plain reading. */
function plainPlaces(program: Program, body: PlainBody, func: Func | null): string[] {
  const lines = program.go.lines();
  const size = func && lines.ok ? lines.value.pclntab.table(func.pcln).size : 0;
  const places: string[] = [];
  const { low, high } = body;
  let last = -1;
  let call = 0;
  body.instructions.forEach((at, i) => {
    if (func && low && high && low[i] === Math.min(high[i], size - 1) && low[i] !== last) {
      last = low[i];
      places.push(`${at} ${func.pcF} ${last}`);
    }
    if (at !== body.calls[call]) return;
    const pc = body.returnPCs[call++];
    const pcF = Math.floor(pc / 0x10000);
    if (pc === 0 || (program.go.untouched && pcF !== func?.pcF) || !program.go.funcOf(pcF)) return;
    places.push(`${at} ${pcF} ${Math.max((pc % 0x10000) - 1, 0)}`);
  });
  return places;
}

for (const name of names) {
  test(`${name}: one pass tells what a plain reading tells`, () => {
    const program = new Program(openFixture(name));
    const code = program.module.code();
    assert.ok(code.ok && code.value);
    const { offsets, sizes } = code.value;
    const imported = program.module.importedFunctions();
    const expected: string[] = [];
    for (let number = 0; number < offsets.length; number++) {
      const content = program.module.bytes.subarray(offsets[number], offsets[number] + sizes[number]);
      const [pcF = -1] = program.go.pcFsOf(imported + number);
      const plain = readPlainBody(content, offsets[number], pcF);
      expected.push(...plainPlaces(program, plain, pcF < 0 ? null : program.go.funcOf(pcF)));
      if (number % 5 !== 0) continue;
      const body = readBody(content, offsets[number], pcF);
      assert.deepEqual([...body.instructions], plain.instructions);
      assert.deepEqual([...body.calls], plain.calls);
      assert.deepEqual([plain.instructions[0], body.instructionAt(body.start - 1)], [body.start, -1]);
      assert.deepEqual([...body.returnPCs], plain.returnPCs);
      const blocks = plain.instructions.map((at) => body.blocks(at, 0x10000));
      const { low, high } = plain;
      const plainBlocks = plain.instructions.map((_, i) =>
        low && high && low[i] <= high[i] ? { low: low[i], high: high[i] } : null,
      );
      assert.deepEqual(blocks, plainBlocks, `body ${number}`);
    }
    const told: string[] = [];
    const failed = walk(program, {
      body() {},
      block: (offset, func, block) => told.push(`${offset} ${func.pcF} ${block}`),
      end() {},
    });
    assert.equal(failed, 0);
    assert.deepEqual(told, expected);
    assert.ok(told.length > 10_000, `${told.length} places`);
  });
}

test('a scanner that has read one body reads the next one as if it were new', () => {
  const { module } = new Program(openFixture('go1.27/judge-stripped'));
  const code = module.code();
  assert.ok(code.ok && code.value);
  const { offsets, sizes } = code.value;
  const used = new BodyScanner();
  const told = (scanner: BodyScanner, number: number) => {
    const content = module.bytes.subarray(offsets[number], offsets[number] + sizes[number]);
    scanner.scan(content, offsets[number], 0x1000 + number);
    const { calls, pcFs, blocks, from, low, high } = scanner;
    return [calls, pcFs, blocks, from, low, high].map((column) => [...column.slice()]);
  };
  for (let number = 0; number < 200; number++) {
    assert.deepEqual(told(used, number), told(new BodyScanner(), number), `body ${number}`);
  }
});

test('an instruction that goes on behind the body is refused, and the next body is read all the same', () => {
  const scanner = new BodyScanner();
  for (const broken of [
    bytes().leb(0).u8(0x41, 0x80),
    bytes().leb(0).u8(0x01, 0x28, 2),
    bytes().leb(0).u8(0x01, 0x27),
  ]) {
    assert.throws(() => scanner.scan(broken.done(), 100, 0x1000), Malformed);
  }
  scanner.scan(bytes().leb(0).u8(0x01, 0x0b).done(), 100, 0x1000);
  assert.deepEqual(
    [[...scanner.from.slice()], [...scanner.low.slice()]],
    [
      [101, 102],
      [0, 1],
    ],
  );
});
