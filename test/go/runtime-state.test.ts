/**
 * Addresses of the runtime's state in every stored binary and in binaries by others. That they are the right ones is judged by
 * Go itself, in test/judge/state.test.ts; here they are found where they should be, agree with each other, and are not told
 * where the code does not agree.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moduledataLayout } from '../../src/go/layout';
import { findModuledata } from '../../src/go/moduledata';
import { Program } from '../../src/program';
import { fixtures, openFixture, realBinaries } from '../fixtures/open';
import { copyOf, withConstant } from './changed';

const known = ([, { toolchain }]: [string, { toolchain: string }]) => /^go1\.2[1-7]/.test(toolchain);
const stored = Object.entries(fixtures()).filter(([, { toolchain }]) => toolchain.startsWith('go1.'));

function assertFound(program: Program, name: string): void {
  const [collector, goroutine] = [program.go.collectorState(), program.go.goroutineState()];
  assert.ok(collector.ok, `${name}: ${!collector.ok && collector.why}`);
  assert.ok(goroutine.ok, `${name}: ${!goroutine.ok && goroutine.why}`);
  const [image, pclntab] = [program.go.image(), program.go.pclntab()];
  const layout = moduledataLayout(program.go.release ?? '');
  assert.ok(image.ok && pclntab.ok && layout);
  const at = findModuledata(image.value, pclntab.value);
  const pair = (from: number, to: number) => [image.value.pointer(at + from), image.value.pointer(at + to)];
  const inside = (address: number, [from, to]: number[]) => from <= address && address < to;
  const noptrbss = pair(layout.noptrbss, layout.enoptrbss);
  const bss = pair(layout.bss, layout.ebss);
  const { cycles, numgc, heapLive, heapInUse, ...others } = collector.value;
  for (const address of [numgc, heapLive, heapInUse]) assert.ok(inside(address, noptrbss), `${name} ${address}`);
  for (const address of [cycles, others.tEnd, others.heap2, goroutine.value.m0, goroutine.value.g0]) {
    assert.ok(inside(address, bss), `${name} ${address}`);
  }
  const all = Object.values(collector.value);
  assert.equal(new Set(all).size, all.length, name);
}

test('every stored binary of Go 1.21 to 1.27, optimised or not, for js and wasip1, tells where it keeps its state', () => {
  const names = stored.filter(known).map(([name]) => name);
  assert.ok(names.length >= 30, `${names.length} binaries`);
  for (const name of names) assertFound(new Program(openFixture(name)), name);
});

test('older releases are not known, and say so', () => {
  for (const [name, { toolchain }] of stored.filter((one) => !known(one))) {
    const { go } = new Program(openFixture(name));
    const why = `known for Go 1.21 to 1.27, and this is ${toolchain}`;
    assert.deepEqual(
      [go.collectorState(), go.goroutineState()],
      [1, 2].map(() => ({ ok: false, why })),
      name,
    );
  }
});

test('binaries by others tell it too', () => {
  for (const { name, toolchain, bytes } of realBinaries()) {
    if (known(['', { toolchain }])) assertFound(new Program(bytes()), name);
  }
});

test('where two functions do not agree on a variable it is not told', () => {
  const name = 'go1.26/judge-stripped';
  const found = new Program(openFixture(name)).go;
  const [collector, goroutine] = [found.collectorState(), found.goroutineState()];
  assert.ok(collector.ok && goroutine.ok);
  const { heapInUse } = collector.value;
  const [alloc, mark] = ['runtime.(*mheap).allocSpan', 'runtime.gcMarkTermination'];
  assert.deepEqual(withConstant(name, alloc, heapInUse, heapInUse + 8).go.collectorState(), {
    ok: false,
    why: `${alloc} has 0 places that may be runtime.gcController`,
  });
  assert.deepEqual(withConstant(name, mark, heapInUse, heapInUse + 8).go.collectorState(), {
    ok: false,
    why: `${mark} has 0 places that may be runtime.gcController`,
  });
  const { g0 } = goroutine.value;
  assert.deepEqual(withConstant(name, 'runtime.rt0_go', g0, g0 + 8).go.goroutineState(), {
    ok: false,
    why: 'runtime.rt0_go has 0 places that may be runtime.m0',
  });
});

test('with bits flipped in the functions that are read it is the same, or not told', () => {
  const name = 'go1.27/judge-stripped';
  const found = new Program(openFixture(name)).go;
  const truth = [found.collectorState(), found.goroutineState()];
  // Marsaglia's xorshift with a fixed seed.
  let state = 21;
  const roll = (limit: number) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  const outcomes = { same: 0, none: 0 };
  for (const func of ['gcStart', 'gcMarkTermination', 'gcTrigger.test', '(*mheap).allocSpan', 'rt0_go']) {
    const { bytes, body } = copyOf(name, `runtime.${func}`);
    for (let i = 0; i < 40; i++) {
      const at = roll(body.length);
      const old = body[at];
      body[at] ^= 1 << roll(8);
      const { go } = new Program(bytes);
      for (const [which, outcome] of [go.collectorState(), go.goroutineState()].entries()) {
        outcomes[outcome.ok ? 'same' : 'none']++;
        if (outcome.ok) assert.deepEqual(outcome, truth[which], `${func}, byte ${at}`);
      }
      body[at] = old;
    }
  }
  assert.ok(outcomes.same > 100 && outcomes.none > 5, JSON.stringify(outcomes));
});
