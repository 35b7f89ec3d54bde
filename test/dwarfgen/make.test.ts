/**
 * The DWARF of real binaries says what the Locator says, for random offsets: function, file, line, inlined callers. It is read by
 * a plain reader, and LLVM's tools, whose stored answers are the same, are asked again where they are installed.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inShort, llvmVersion, stored, symbolize, verify } from './llvm';
import { expected, hashes, MODULES, subject } from './questions';
import { Dwarf, type Row, sectionsOf } from './reader';

const judged = stored();
const installed = llvmVersion();

for (const { name, bytes } of MODULES) {
  const told = judged.modules[name];
  const about = subject(bytes());
  const dwarf = new Dwarf(about.module);
  const answers = about.addresses.map((address) => dwarf.symbolize(address));

  test(`${name}: DWARF says what the Locator says, at ${about.addresses.length} offsets`, () => {
    const kinds = { exact: 0, candidates: 0, function: 0, nothing: 0 };
    about.addresses.forEach((address, i) => {
      const offset = about.base + address;
      const located = about.program.locate(offset);
      assert.deepEqual(answers[i], expected(about.program, located), `at ${offset}`);
      kinds[located?.precision ?? 'nothing']++;
    });
    assert.ok(kinds.exact > 200 && kinds.candidates > 7000 && kinds.function > 300, JSON.stringify(kinds));
  });

  test(`${name}: every call that is exact is so in DWARF, as a statement`, () => {
    const { program, base } = about;
    const code = program.module.code();
    assert.ok(code.ok && code.value);
    let calls = 0;
    // Every tenth body.
    for (let number = 0; number < code.value.offsets.length; number += 10) {
      for (const offset of program.locator.body(number)?.calls ?? []) {
        const located = program.locate(offset);
        if (located?.precision !== 'exact') continue;
        calls++;
        assert.deepEqual(dwarf.symbolize(offset - base), expected(about.program, located), `at ${offset}`);
        if (located.frames[0].line > 0) assert.ok(rowAt(dwarf, offset - base)?.statement, `at ${offset}`);
      }
    }
    assert.ok(calls > 900, `${calls} calls`);
  });

  test(`${name}: llvm-symbolizer gave the same answers`, () => {
    assert.ok(told, 'run npm run fixtures -- --dwarf');
    const samples = Object.entries(told.samples);
    assert.ok(samples.length > 10);
    for (const [address, frames] of samples)
      assert.deepEqual(dwarf.symbolize(Number(address)).map(inShort), frames, address);
    assert.deepEqual(hashes(answers), told.answers);
    if (installed) assert.deepEqual(symbolize(about.module, about.addresses), answers, installed);
  });

  test(`${name}: llvm-dwarfdump --verify finds no error`, () => {
    assert.equal(told?.verify, 'No errors.');
    if (installed) assert.equal(verify(about.module), 'No errors.', installed);
    assert.equal(
      about.written,
      told.written,
      'other bytes were judged: run npm run fixtures -- --dwarf with llvm installed',
    );
  });

  test(`${name}: what was in the module stays, in its place; it is valid`, () => {
    const [before, after] = [bytes(), about.module];
    const { offset, size } = about.program.module.section('data')!;
    const same = Buffer.compare(before.subarray(0, offset + size), after.subarray(0, offset + size));
    assert.equal(same, 0, 'all up to the data section, and so all code and its offsets');
    const label = ({ id, name, content }: ReturnType<typeof sectionsOf>[number]) =>
      `${id} ${name} ${content.length} ${Buffer.from(content).toString('latin1')}`;
    const [old, now] = [sectionsOf(before).map(label), sectionsOf(after).map(label)];
    assert.deepEqual(now.slice(0, old.length).sort(), old.sort());
    assert.deepEqual(
      sectionsOf(after)
        .slice(old.length)
        .map((section) => section.name),
      ['.debug_abbrev', '.debug_info', '.debug_line', '.debug_ranges', '.debug_str', 'build_id'],
    );
    assert.ok(WebAssembly.validate(after as Uint8Array<ArrayBuffer>));
  });

  test(`${name}: functions are counted, declared, and inlined ones too`, () => {
    const { made, program } = about;
    const roots = dwarf.units.flatMap(({ root }) => root.children);
    const withCode = roots.filter((entry) => dwarf.ranges(entry).length > 0);
    assert.deepEqual([withCode.length, dwarf.units.length, made.unread], [made.functions, made.units, 0]);
    const inlined = [...dwarf.entries.values()].filter(({ tag }) => tag === 0x1d);
    assert.equal(inlined.length, made.inlined);
    assert.ok(inlined.length > 1000);
    const lines = program.go.lines();
    assert.ok(lines.ok);
    const starts = new Map<string, number>();
    for (const func of program.go.funcs()) starts.set(lines.value.functionName(func), func.startLine);
    let compared = 0;
    for (const entry of [...withCode, ...inlined]) {
      const start = starts.get(dwarf.nameOf(entry));
      if (!start || start < 0) continue;
      assert.equal(dwarf.declaredAt(entry), start, dwarf.nameOf(entry));
      compared++;
    }
    // Before Go 1.20 no function says where it starts.
    assert.ok(/go1.1[169]/.test(name) ? compared === 0 : compared > 1000, `${compared} compared`);
  });
}

function rowAt(dwarf: Dwarf, address: number): Row | undefined {
  for (const unit of dwarf.units) {
    const row = dwarf.row(unit, address);
    if (row) return row;
  }
  return undefined;
}
