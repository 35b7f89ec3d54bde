/** A second module with the debug information: taken when it fits, refused with the reason when not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Program } from '../../src/program';
import { createSession } from '../../src/session';
import { bytes, custom } from '../assemble';
import { openFixture } from '../fixtures/open';
import { keep, split, withURL } from './split';

const NAME = 'dwarf/clang-4-O2';
const whole = openFixture(NAME);
const { stripped, symbols } = split(whole);
const id = (...values: number[]) => custom('build_id', bytes().sized(bytes().u8(...values))).done();
const joined = (...parts: Uint8Array[]) => parts.reduce((sum, part) => bytes().bytes(sum).bytes(part).done());

/** Every offset of the code. */
function places(program: Program): (string | undefined)[] {
  const code = program.module.section('code');
  assert.ok(code);
  return Array.from({ length: code.size }, (_, i) => {
    const located = program.locate(code.offset + i);
    return located?.via === 'dwarf' ? JSON.stringify([located.precision, located.frames]) : undefined;
  });
}

test('the second module answers as the whole one does, also for what was asked before', () => {
  const program = new Program(withURL(stripped, 'x.wasm'));
  assert.equal(program.externalDebugInfo(), 'x.wasm');
  assert.ok(places(program).every((one) => one === undefined));
  assert.deepEqual(program.attachDebugInfo(symbols), { ok: true, value: null });
  const told = places(program);
  assert.deepEqual(told, places(new Program(whole)));
  assert.ok(told.filter(Boolean).length > 1000);
});

test('it fits by build id, else by code, else by where functions start', () => {
  const wrongCode = keep(openFixture('dwarf/clang-4-O0'), ({ id, name }) => id === 10 || name.startsWith('.debug_'));
  const wrong = 'the second module is of another build: ';
  const cases: [first: Uint8Array, second: Uint8Array, why: string | null][] = [
    [joined(stripped, id(1, 2, 3)), joined(symbols, id(1, 2, 3)), null],
    [joined(stripped, id(1, 2, 3)), joined(symbols, id(1, 2, 4)), `${wrong}the build ids differ`],
    [joined(stripped, id(1, 2, 3)), joined(symbols, id(1, 2)), `${wrong}the build ids differ`],
    [joined(stripped, id(1, 2, 3)), symbols, null],
    [stripped, whole, null],
    [stripped, wrongCode, `${wrong}the code differs`],
    [stripped, split(openFixture('dwarf/clang-4-O0')).symbols, `${wrong}its functions start elsewhere`],
    [stripped, split(openFixture('dwarf/rust-4-O2')).symbols, `${wrong}its functions start elsewhere`],
    [stripped, stripped, 'the second module is without debug information'],
    [stripped, new Uint8Array(3), 'expected the wasm magic number "\\0asm" at offset 0x0'],
    [
      stripped,
      joined(stripped.subarray(0, 8), custom('.debug_info', bytes().u32(7, 7)).done()),
      'expected 7 bytes at offset 0x1a',
    ],
  ];
  for (const [first, second, why] of cases) {
    const program = new Program(first);
    const attached = program.attachDebugInfo(second);
    assert.equal(attached.ok ? null : attached.why, why);
    // One that is refused changes nothing.
    assert.equal(places(program).some(Boolean), why === null);
  }
});

test('a session takes it later', () => {
  const session = createSession();
  assert.deepEqual(session.symbols('app', symbols), { ok: false, why: 'The module has not been read yet' });
  const opened = session.open('app', withURL(stripped, 'app.debug.wasm'));
  assert.ok(opened.ok && opened.info.externalDebugInfo === 'app.debug.wasm');
  const { module } = new Program(stripped);
  const code = module.code();
  assert.ok(code.ok && code.value);
  const [offset] = code.value.offsets;
  const text = `    at app.wasm:wasm-function[${module.importedFunctions()}]:0x${(offset + 10).toString(16)}`;
  const [before] = session.paste('app', text).stack;
  const refused = session.symbols('app', split(openFixture('dwarf/rust-4-O2')).symbols);
  assert.deepEqual(refused, { ok: false, why: 'the second module is of another build: its functions start elsewhere' });
  const taken = session.symbols('app', symbols);
  assert.ok(taken.ok);
  assert.deepEqual(structuredClone(taken), taken);
  const [after] = session.paste('app', text).stack;
  assert.notDeepEqual(after, before);
  assert.ok(after.kind === 'frame' && after.file.startsWith('/c/'), JSON.stringify(after));
});
