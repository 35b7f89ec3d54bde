/**
 * Where every stored binary and those by others keep their js.Funcs. That what lies there is right is judged by the programs themselves,
 * in test/judge/funcs.test.ts; here the variable is found where it should be, and is not told where the code does not agree.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { must, type Outcome } from '../../src/bytes/malformed';
import { findFuncs } from '../../src/go/js-funcs';
import { moduledataLayout } from '../../src/go/layout';
import { findModuledata } from '../../src/go/moduledata';
import { Program } from '../../src/program';
import type { FuncsProbe } from '../../src/protocol/handles';
import { fixtures, openFixture, realBinaries } from '../fixtures/open';
import { copyOf, withConstant } from './changed';

const known = (toolchain: string) => /^go1\.(?:19|2[0-7])\b/.test(toolchain);
const stored = Object.entries(fixtures()).filter(([, { toolchain }]) => toolchain.startsWith('go1.'));
/** Programs that do not link syscall/js. */
const without = (name: string, target: string) => target !== 'js' || name.includes('/deps-');

const SLOTS = {
  buckets: { size: 8 + 8 * 4 + 8 * 8 + 8, key: 8, keyStride: 4, elem: 8 + 8 * 4, elemStride: 8 },
  groups: { size: 8 + 8 * 16, key: 8, keyStride: 16, elem: 16, elemStride: 16 },
};

function outcomeOf(program: Program): Outcome<FuncsProbe> {
  try {
    return { ok: true, value: findFuncs(program.module, program.go) };
  } catch (error) {
    assert.equal((error as Error).name, 'Malformed', String(error));
    return { ok: false, why: (error as Error).message };
  }
}

function found(bytes: Uint8Array): FuncsProbe {
  return must(outcomeOf(new Program(bytes)));
}

function assertFound(bytes: Uint8Array, toolchain: string, name: string): void {
  const { go } = new Program(bytes);
  const probe = found(bytes);
  const image = must(go.image());
  const fields = moduledataLayout(toolchain) ?? assert.fail(toolchain);
  const at = findModuledata(image, must(go.pclntab()));
  const [from, to] = [fields.bss, fields.ebss].map((field) => image.pointer(at + field));
  assert.ok(from <= probe.address && probe.address < to && probe.address % 8 === 0, name);
  const layout = Number(toolchain.split('.')[1]) < 24 ? 'buckets' : 'groups';
  const { size, key, keyStride, elem, elemStride } = probe;
  assert.deepEqual([probe.layout, { size, key, keyStride, elem, elemStride }], [layout, SLOTS[layout]], name);
}

test('every stored binary of Go 1.19 to 1.27 that links syscall/js tells where its js.Funcs are, optimised or not', () => {
  const names = stored.filter(([name, { toolchain, target }]) => known(toolchain) && !without(name, target));
  assert.ok(names.length >= 40, `${names.length} binaries`);
  for (const [name, { toolchain }] of names) assertFound(openFixture(name), toolchain, name);
});

test('binaries by others tell it too', () => {
  const newer = realBinaries().filter(({ toolchain }) => known(toolchain));
  assert.ok(newer.length >= 3);
  for (const { name, toolchain, bytes } of newer) assertFound(bytes(), toolchain, name);
});

test('other programs and older releases say why not', () => {
  for (const [name, { toolchain, target }] of stored) {
    if (known(toolchain) && !without(name, target)) continue;
    const why = known(toolchain)
      ? 'the program has no function syscall/js.handleEvent'
      : `known for Go 1.19 to 1.27, and this is ${toolchain}`;
    assert.deepEqual(outcomeOf(new Program(openFixture(name))), { ok: false, why }, name);
  }
});

/** A copy of a stored binary with one name of a function changed in pclntab, so that the program seems not to have it. */
function withoutFunctions(bytes: Uint8Array, names: string[]): Uint8Array {
  const copy = Buffer.from(bytes);
  for (const name of names) {
    const at = copy.indexOf(`\0${name}\0`, 0, 'latin1');
    assert.ok(at >= 0, name);
    copy[at + name.length] ^= 1;
  }
  return copy;
}

test('a program that has no js.FuncOf has the map all the same', () => {
  for (const release of ['go1.19', 'go1.21', 'go1.24', 'go1.27']) {
    const bytes = openFixture(`${release}/funcs-stripped`);
    const makers = ['syscall/js.FuncOf', 'syscall/js.Func.Release'];
    assert.deepEqual(found(withoutFunctions(bytes, makers)), found(bytes));
    assert.deepEqual(found(withoutFunctions(bytes, [makers[0], 'syscall/js.init'])), found(bytes));
    assert.deepEqual(outcomeOf(new Program(withoutFunctions(bytes, [...makers, 'syscall/js.init']))), {
      ok: false,
      why: 'syscall/js.funcs of syscall/js.handleEvent is not made by syscall/js.init',
    });
  }
});

test('where two functions do not agree on the variable it is not told', () => {
  const name = 'go1.26/judge-stripped';
  const { address } = found(openFixture(name));
  for (const func of ['syscall/js.FuncOf', 'syscall/js.Func.Release']) {
    const why = `syscall/js.funcs is another in ${func} than in syscall/js.handleEvent`;
    assert.deepEqual(outcomeOf(withConstant(name, func, address, address + 8)), { ok: false, why });
    const none = `${func} has 0 places that may be syscall/js.funcs`;
    assert.deepEqual(outcomeOf(withConstant(name, func, address, address + 4)), { ok: false, why: none });
  }
});

/** Changes bytes of the data image, where one segment has all of them. */
function withData(name: string, address: number, fresh: number[]): Program {
  const bytes = Uint8Array.from(openFixture(name));
  const data = must(new Program(bytes).module.data()) ?? assert.fail();
  for (let i = 0; i < data.count; i++) {
    const within = address - data.addresses[i];
    if (within < 0 || within + fresh.length > data.sizes[i]) continue;
    bytes.set(fresh, data.offsets[i] + within);
    return new Program(bytes);
  }
  return assert.fail(`no segment has ${address}`);
}

/** Where the type is described that is passed with the map: a constant of js.FuncOf. */
function typeOf(name: string): number {
  const { body } = copyOf(name, 'syscall/js.FuncOf');
  const image = must(new Program(openFixture(name)).go.image());
  for (let at = 0; at < body.length; at++) {
    if (body[at] !== 0x42) continue;
    let value = 0;
    for (let i = 0; i < 4; i++) {
      value |= (body[at + 1 + i] & 0x7f) << (7 * i);
      if (body[at + 1 + i] < 0x80) break;
    }
    // Of kind map, and 8 bytes large as a pointer is.
    const isMap = value > 0x1000 && image.has(value, 24) && (image.u32(value + 20) >>> 24) % 32 === 21;
    if (isMap && image.u32(value) === 8) return value;
  }
  return assert.fail(name);
}

test('a type that is described as another one, or laid out in another way, is not taken', () => {
  const why = 'the map syscall/js.funcs is not laid out as known of this release';
  const none = 'syscall/js.handleEvent has 0 places that may be syscall/js.funcs';
  const [old, fresh] = ['go1.21/funcs-stripped', 'go1.27/funcs-stripped'];
  for (const name of [old, fresh]) {
    assert.deepEqual(outcomeOf(withData(name, typeOf(name) + 23, [17])), { ok: false, why: none });
  }
  // Size of a bucket; size of a group, and how far apart its ids are.
  assert.deepEqual(outcomeOf(withData(old, typeOf(old) + 82, [104])), { ok: false, why });
  assert.deepEqual(outcomeOf(withData(fresh, typeOf(fresh) + 80, [128])), { ok: false, why });
  assert.deepEqual(outcomeOf(withData(fresh, typeOf(fresh) + 96, [2])), { ok: false, why });
});

test('with bits flipped in the functions that are read it is the same, or not told', () => {
  const name = 'go1.27/funcs-stripped';
  const truth = found(openFixture(name));
  // Marsaglia's xorshift with a fixed seed.
  let state = 21;
  const roll = (limit: number) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  const outcomes = { same: 0, none: 0 };
  for (const func of ['handleEvent', 'FuncOf', 'Func.Release', 'init']) {
    const { bytes, body } = copyOf(name, `syscall/js.${func}`);
    for (let i = 0; i < 60; i++) {
      const at = roll(body.length);
      const old = body[at];
      body[at] ^= 1 << roll(8);
      const outcome = outcomeOf(new Program(bytes));
      outcomes[outcome.ok ? 'same' : 'none']++;
      if (outcome.ok) assert.deepEqual(outcome.value, truth, `${func}, byte ${at}`);
      body[at] = old;
    }
  }
  assert.ok(outcomes.same > 100 && outcomes.none > 5, JSON.stringify(outcomes));
});
