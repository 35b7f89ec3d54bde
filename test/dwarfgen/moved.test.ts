/** Code that a tool has put into another function's body: DWARF says whose it is, for that stretch alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withSections } from '../../src/dwarfgen/append';
import { makeDwarf } from '../../src/dwarfgen/make';
import { Program } from '../../src/program';
import {
  bytes,
  codeSection,
  data,
  dataSection,
  elementSection,
  elements,
  functionTypes,
  goCall,
  importedFunctions,
  module,
  producers,
  section,
} from '../assemble';
import { IMAGE, table, tiny } from '../go/tiny';
import { llvmVersion, verify } from './llvm';
import { expected } from './questions';
import { Dwarf } from './reader';

/** main.outer with a call of main.inner's in its body; main.inner and main.small share a body. */
function moved(): Uint8Array {
  const outer = bytes()
    .leb(0)
    .bytes(goCall(0x1000_0002, 2))
    .bytes(goCall(0x1001_0001, 2))
    .bytes(goCall(0x1000_0004, 2))
    .u8(0x0b);
  return module(
    section(1, bytes().leb(1).u8(0x60, 0, 0)),
    importedFunctions(['gojs', 'debug']),
    functionTypes(0, 0),
    // A table and a memory, or LLVM does not read the module.
    section(4, bytes().leb(1).u8(0x70, 0).leb(0x2000)),
    section(5, bytes().leb(1).u8(0).leb(16)),
    elementSection(elements(0x1000, 1, 2, 2)),
    codeSection(outer, bytes().leb(0).u8(0x00, 0x0b)),
    dataSection(data(IMAGE, table())),
    producers(['language', ['Go', 'go1.26.11']]),
  );
}

function dwarfOf(content: Uint8Array) {
  const program = new Program(content);
  const made = makeDwarf(program, 'a test');
  const whole = Buffer.concat(withSections(program.module, made.sections));
  return { program, made, whole, dwarf: new Dwarf(whole), code: program.module.section('code')! };
}

for (const [name, content] of Object.entries({ 'as it was linked': tiny().bytes, 'after a move': moved() })) {
  test(`the small program ${name}: every byte is whose the Locator says`, () => {
    const { program, dwarf, code } = dwarfOf(content);
    for (let address = 0; address < code.size; address++) {
      const located = program.locate(code.offset + address);
      assert.deepEqual(dwarf.symbolize(address), expected(program, located), `at ${address}`);
    }
  });
}

test('a call that was moved is its own function’s, which is then in two pieces; the rest stays the body’s', () => {
  const { program, made, whole, dwarf, code } = dwarfOf(moved());
  if (llvmVersion()) assert.equal(verify(whole), 'No errors.');
  assert.deepEqual([made.functions, made.unread], [2, 0]);
  const functions = dwarf.units.flatMap(({ root }) => root.children.filter((entry) => dwarf.ranges(entry).length > 0));
  const ranges = Object.fromEntries(functions.map((entry) => [dwarf.nameOf(entry), dwarf.ranges(entry)]));
  const [first, other, last] = program.locator.body(0)?.calls ?? [];
  const body = program.module.code();
  assert.ok(body.ok && body.value);
  const { offsets, sizes } = body.value;
  const call = other - code.offset;
  const [outer, inner] = [offsets[0] - code.offset, offsets[1] - code.offset];
  assert.deepEqual(ranges, {
    'main.outer': [outer, call, call + 2, outer + sizes[0]],
    'main.inner': [call, call + 2, inner, inner + sizes[1]],
  });
  assert.deepEqual(dwarf.symbolize(first - code.offset), ['main.outer outer.go:12']);
  assert.deepEqual(dwarf.symbolize(call), ['main.inner inner.go:50']);
  assert.deepEqual(dwarf.symbolize(last - code.offset), ['main.small small.go:90', 'main.outer outer.go:13']);
});
