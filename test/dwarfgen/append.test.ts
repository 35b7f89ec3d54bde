/** Where the new sections go, and when none may be added. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alreadyThere, buildIdSection, withSections } from '../../src/dwarfgen/append';
import { Module } from '../../src/wasm/module';
import { bytes, codeSection, custom, functionNames, module, producers } from '../assemble';
import { openFixture } from '../fixtures/open';

const language = producers(['language', ['Go', 'go1.26.11']]);
const names = functionNames([0, 'main.main']);
const body = codeSection(bytes().leb(0).u8(0x0b));
const joined = (content: Uint8Array) =>
  new Module(Buffer.concat(withSections(new Module(content), [['x', bytes().u8(7).done()]])));
const order = (module: Module) => module.sections.map(({ name }) => name);

test('sections go to the end, and everything else stays', () => {
  const before = module(body, names, language);
  const after = joined(before);
  assert.deepEqual(order(after), ['code', 'name', 'producers', 'x']);
  assert.deepEqual(after.bytes.subarray(0, before.length), Buffer.from(before));
  assert.deepEqual([...after.bytes.subarray(before.length)], [0, 3, 1, 0x78, 7]);
});

test('names go before producers, for LLVM reads no module otherwise', () => {
  const between = custom('between', bytes().u8(1));
  assert.deepEqual(order(joined(module(body, language, between, names))), [
    'code',
    'between',
    'name',
    'producers',
    'x',
  ]);
  const after = joined(module(body, language, names, between));
  assert.deepEqual(order(after), ['code', 'name', 'producers', 'between', 'x']);
  const read = [after.names(), after.producers()];
  assert.ok(read.every((part) => part.ok && part.value));
});

test('nothing in front of the code moves', () => {
  assert.deepEqual(order(joined(module(language, body, names))), ['producers', 'code', 'name', 'x']);
});

test('a build id is a vector of bytes', () => {
  assert.deepEqual([...buildIdSection(Uint8Array.of(1, 2, 3))], [3, 1, 2, 3]);
});

test('a module with DWARF or a build id gets no second one', () => {
  assert.equal(alreadyThere(new Module(openFixture('other/clang-dwarf')))?.name.startsWith('.debug_'), true);
  const has = (name: string) => alreadyThere(new Module(module(body, custom(name, bytes()))))?.name ?? null;
  assert.deepEqual(['.debug_info', '.zdebug_line', 'build_id', 'name', 'go:buildid', 'external_debug_info'].map(has), [
    '.debug_info',
    '.zdebug_line',
    'build_id',
    null,
    null,
    null,
  ]);
});
