/**
 * Our answers against llvm-symbolizer's, for every offset of every stored module with DWARF: C and C++ by clang and gcc, Rust; DWARF 2
 * to 5, 32 and 64 bits. Where the judge is not followed, the test says where and why.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Dwarf } from '../../src/dwarf/dwarf';
import { SECTION_NAMES, Sections } from '../../src/dwarf/sections';
import { Program } from '../../src/program';
import { Module } from '../../src/wasm/module';
import { fixtureNames, fixtures, openFixture } from '../fixtures/open';
import { type Answer, openAnswers } from '../fixtures/symbolizer';

const ALL = fixtureNames().filter((name) => name.startsWith('dwarf/'));
/** What wasm-opt made of debug information is not what a compiler writes: told of below. */
const REWRITTEN = ['dwarf/clang-wasmopt-132', 'dwarf/clang-wasmopt-108'];

/** Sections of a module, and the addresses of its code; those of an ELF program stand in a section of their own. */
function open(name: string): { dwarf: Dwarf; module: Module } {
  const module = new Module(openFixture(name));
  const sections = Object.fromEntries(
    SECTION_NAMES.flatMap((one) => {
      const section = module.section(`.${one}`);
      return section ? [[one, { bytes: module.reader(section).bytes, offset: section.offset }]] : [];
    }),
  );
  const code = module.section('code');
  const text = module.section('text');
  if (code) return { module, dwarf: new Dwarf(new Sections(sections), { from: 1, to: code.size }) };
  assert.ok(text, name);
  const reader = module.reader(text);
  const from = reader.u32();
  return { module, dwarf: new Dwarf(new Sections(sections), { from, to: from + reader.u32() }) };
}

const lineOf = ({ linkageName, file, line }: Answer) => `${linkageName} ${file}:${line}`;

let asked = 0;
for (const name of ALL.filter((one) => !REWRITTEN.includes(one))) {
  test(`${name}: function, file, line and inlined calls of every offset`, () => {
    const answers = openAnswers(name);
    assert.equal(answers.module, fixtures()[name].sha256, 'answers are of this module');
    const { dwarf } = open(name);
    const wrong: string[] = [];
    let inlined = 0;
    let known = 0;
    for (let address = answers.from; address < answers.to; address++) {
      asked++;
      const judge = answers.at(address);
      const frames = dwarf.frames(address) ?? [];
      const ours = frames.map(({ linkageName, file, line }) => `${linkageName} ${file}:${line}`);
      if (judge.length > 0) known++;
      if (judge.length > 1) inlined++;
      if (JSON.stringify(ours) !== JSON.stringify(judge.map(lineOf))) {
        wrong.push(`0x${address.toString(16)}: ${JSON.stringify(ours)}, not ${JSON.stringify(judge.map(lineOf))}`);
      }
      // Only the last one is really there; names are the judge's, with what stands around them.
      frames.forEach((frame, i) => {
        if (frame.inlined !== i < frames.length - 1) wrong.push(`0x${address.toString(16)}: frame ${i} inlined or not`);
        if (!frame.function.endsWith(judge[i]?.shortName)) wrong.push(`0x${address.toString(16)}: ${frame.function}`);
      });
    }
    assert.deepEqual(wrong.slice(0, 5), [], `${wrong.length} of ${answers.to - answers.from}`);
    assert.deepEqual(dwarf.warnings, []);
    assert.ok(known * 10 > (answers.to - answers.from) * 8, `${known} known`);
    if (!name.endsWith('O0')) assert.ok(inlined * 3 > known, `${inlined} in inlined calls`);
  });
}

test('that were enough offsets, inside instructions and outside functions too', () => {
  assert.ok(asked > 100_000, `${asked}`);
});

/** Template arguments stand in DWARF's names as the source spells them, in mangled ones as types. */
function withoutArguments(name: string): string {
  let text = name;
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replace(/<[^<>]*>/g, '');
  }
  return text;
}

test('names are those of the demangler: namespaces, classes and functions around them', () => {
  const { dwarf } = open('dwarf/clang-5-O0');
  const answers = openAnswers('dwarf/clang-5-O0');
  const pairs = new Map<string, string>();
  for (let address = answers.from; address < answers.to; address++) {
    for (const [i, frame] of (dwarf.frames(address) ?? []).entries()) {
      pairs.set(frame.function, answers.at(address)[i].demangled);
    }
  }
  // A lambda has no name of its own: the mangled one numbers it.
  const wrong = [...pairs].filter(
    ([ours, theirs]) =>
      !/lambda|anonymous class/.test(ours) && !withoutArguments(theirs).includes(withoutArguments(ours)),
  );
  assert.deepEqual(wrong, []);
  for (const name of [
    'geometry::Point<double, 3>::root',
    'geometry::(anonymous namespace)::hidden',
    'run::Local::twice',
  ])
    assert.ok(pairs.has(name), name);
});

test('what a Rust function is called', () => {
  const { dwarf } = open('dwarf/rust-5-O0');
  const names = new Set<string>();
  for (let address = 0; address < 20_000; address++)
    for (const frame of dwarf.frames(address) ?? []) names.add(frame.function);
  for (const name of ['nasty::shapes::{impl#0}::area', 'nasty::run::{closure#0}', 'core::num::{impl#8}::checked_div'])
    assert.ok(names.has(name), name);
});

for (const name of ALL.filter((one) => !/elf|gcc|wasmopt/.test(one))) {
  test(`${name}: a program answers by DWARF, and by nothing else where DWARF knows the function`, () => {
    const program = new Program(openFixture(name));
    const answers = openAnswers(name);
    const code = program.module.section('code');
    assert.ok(code);
    let exact = 0;
    const wrong: string[] = [];
    // Every seventh offset: the reader has been asked about all of them.
    for (let address = 0; address < code.size; address += 7) {
      const located = program.locate(code.offset + address);
      const judge = answers.at(address);
      if (judge.length === 0) {
        if (located && located.via !== 'names') wrong.push(`0x${address.toString(16)} ${located.via}`);
        continue;
      }
      const [inner] = judge;
      if (inner.line > 0) exact++;
      const told = inner.line > 0 ? `exact ${inner.file}:${inner.line}` : 'function';
      const [{ file, line }] = located?.frames ?? [{ file: '', line: 0 }];
      const ours = located?.precision === 'exact' ? `exact ${file}:${line}` : located?.precision;
      if (located?.via !== 'dwarf' || ours !== told) wrong.push(`0x${address.toString(16)}: ${ours}, not ${told}`);
    }
    assert.deepEqual(wrong.slice(0, 5), []);
    assert.ok(exact > 50, `${exact}`);
    assert.deepEqual(program.debugWarnings(), []);
  });
}

test('code without a line tells its function, and where that is declared', () => {
  const program = new Program(openFixture('dwarf/clang-4-O2'));
  const answers = openAnswers('dwarf/clang-4-O2');
  const code = program.module.section('code');
  assert.ok(code);
  const address = Array.from({ length: code.size }, (_, i) => i).find((i) => answers.at(i)[0]?.line === 0);
  assert.ok(address);
  const located = program.locate(code.offset + address);
  assert.equal(located?.precision, 'function');
  assert.ok(
    located.frames.every(({ file, line }) => file !== '' && line > 0),
    JSON.stringify(located.frames),
  );
});

test('with lines alone the name section says whose they are', () => {
  const program = new Program(openFixture('dwarf/clang-lines'));
  const [code, names] = [program.module.code(), program.module.names()];
  assert.ok(code.ok && code.value && names.ok && names.value);
  const imported = program.module.importedFunctions();
  const told = [...code.value.offsets].flatMap((offset, number) => {
    const located = program.locate(offset);
    const last = located?.frames.at(-1);
    return located?.via === 'dwarf' && last?.function === names.value?.name(imported + number) ? [last?.function] : [];
  });
  // Neither has inlined calls: nothing but lines is there for them.
  for (const name of ['fall', '_ZN8geometry5ShapeD2Ev']) assert.ok(told.includes(name), `${told}`);
});

test('wasm-opt 108: functions are those of the name section, lines those of the judge', () => {
  const name = 'dwarf/clang-wasmopt-108';
  const { dwarf, module } = open(name);
  const answers = openAnswers(name);
  const [code, names] = [module.code(), module.names()];
  const start = module.section('code')?.offset ?? 0;
  assert.ok(code.ok && code.value && names.ok && names.value);
  const { offsets, sizes } = code.value;
  let same = 0;
  let lost = 0;
  for (const [number, offset] of offsets.entries()) {
    for (let at = offset - start; at < offset - start + sizes[number]; at++) {
      const frames = dwarf.frames(at);
      const judge = answers.at(at);
      if (!frames) {
        assert.equal(judge.length, 0);
        continue;
      }
      assert.equal(frames.at(-1)?.linkageName, names.value.name(module.importedFunctions() + number));
      assert.deepEqual([frames[0].file, frames[0].line], [judge[0].file, judge[0].line]);
      const ours = frames.map(({ linkageName, file, line }) => `${linkageName} ${file}:${line}`);
      if (JSON.stringify(ours) === JSON.stringify(judge.map(lineOf))) same++;
      // Of many inlined calls it has lost the end: the judge takes them to run to the end of all code, we take them to be nowhere.
      else if (frames.length < judge.length) lost++;
      else assert.fail(`0x${at.toString(16)}: ${ours}, not ${judge.map(lineOf)}`);
    }
  }
  assert.ok(same > 1000 && lost > 500, `${same} same, ${lost} without their inlined calls`);
});

test('wasm-opt 132: debug information that is not of this code tells nothing, and says so', () => {
  const program = new Program(openFixture('dwarf/clang-wasmopt-132'));
  const code = program.module.section('code');
  assert.ok(code);
  const vias = new Set<string>();
  for (let at = 0; at < code.size; at += 5) {
    const located = program.locate(code.offset + at);
    if (located) vias.add(located.via);
  }
  assert.deepEqual([...vias], ['names']);
  assert.deepEqual(program.debugWarnings(), [
    'functions are not where it says: a tool changed the code and not its debug information',
  ]);
});
