/** `external_debug_info`: the second module that lies beside the first, read by the CLI; what is not read, and what is said then. */
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Module } from '../../src/wasm/module';
import { bytes, custom } from '../assemble';
import { fixturePath, openFixture } from '../fixtures/open';
import { openAnswers } from '../fixtures/symbolizer';
import { split, withURL } from '../symbols/split';
import { file, folder, gowasm } from './gowasm';

const NAME = 'dwarf/clang-5-O2';
const { stripped, symbols } = split(openFixture(NAME));
const start = new Module(stripped).section('code')?.offset ?? 0;
/** Inside an inlined call. */
const answers = openAnswers(NAME);
const address =
  Array.from({ length: answers.to }, (_, i) => i).find((i) => answers.at(i).length >= 3 && answers.at(i)[0].line) ?? 0;
const judge = answers.at(address);

const symbolicate = (name: string, ...more: string[]) =>
  gowasm(['symbolicate', name, '--offset', `${start + address}`, ...more]);

test('symbolicate prints the frames of DWARF, innermost first', () => {
  const { status, stdout, stderr } = gowasm([
    'symbolicate',
    fixturePath(NAME),
    '--offset',
    `${(new Module(openFixture(NAME)).section('code')?.offset ?? 0) + address}`,
  ]);
  assert.deepEqual([status, stderr], [0, '']);
  const lines = stdout.trimEnd().split('\n');
  assert.equal(lines.length, judge.length);
  for (const [i, line] of lines.entries()) {
    assert.ok(line.includes(`(${judge[i].file}:${judge[i].line})`), line);
    assert.equal(line.includes('[inlined]'), i < judge.length - 1, line);
  }
});

test('the module beside FILE is read: symbolicate, functions and info know what it knows', () => {
  file('app.wasm', withURL(stripped, 'app.debug.wasm'));
  file('app.debug.wasm', symbols);
  const { status, stdout, stderr } = symbolicate('app.wasm', '--json');
  assert.deepEqual([status, stderr], [0, '']);
  const [{ frame }] = JSON.parse(stdout).lines;
  assert.deepEqual([frame.via, frame.precision], ['dwarf', 'exact']);
  assert.deepEqual(
    frame.frames.map((one: { file: string; line: number }) => `${one.file}:${one.line}`),
    judge.map((one) => `${one.file}:${one.line}`),
  );
  const rows = JSON.parse(gowasm(['functions', 'app.wasm', '--json']).stdout).functions;
  const run = rows.find((row: { name: string }) => row.name === 'run');
  assert.deepEqual([run.file, run.line], ['/c/main.cpp', 73]);
  const info = JSON.parse(gowasm(['info', 'app.wasm', '--json']).stdout);
  assert.deepEqual([info.externalDebugInfo, info.hasDwarf, info.warnings], ['app.debug.wasm', false, []]);
  assert.match(gowasm(['info', 'app.wasm']).stdout, /^debug info +app\.debug\.wasm$/m);
});

test('one line on standard error says which file would have the names, and why it is not read', () => {
  mkdirSync(join(folder, 'inner/deeper'), { recursive: true });
  writeFileSync(join(folder, 'outside.wasm'), symbols);
  writeFileSync(join(folder, 'inner/deeper/good.wasm'), symbols);
  symlinkSync(join(folder, 'outside.wasm'), join(folder, 'inner/link.wasm'));
  writeFileSync(join(folder, 'inner/other.wasm'), split(openFixture('dwarf/clang-4-O0')).symbols);
  writeFileSync(join(folder, 'inner/empty.wasm'), '');
  writeFileSync(join(folder, 'inner/none.wasm'), stripped);
  const cases: [url: string, why: RegExp | null][] = [
    ['absent.wasm', /there is no such file beside the module$/],
    ['../outside.wasm', /only a file beside the module is read$/],
    ['deeper/../../outside.wasm', /only a file beside the module is read$/],
    ['link.wasm', /only a file beside the module is read$/],
    [join(folder, 'outside.wasm'), /only a file beside the module is read$/],
    ['https://example.com/app.wasm', /only a file beside the module is read$/],
    ['file:///app.wasm', /only a file beside the module is read$/],
    ['//example.com/app.wasm', /only a file beside the module is read$/],
    ['%2e%2e/outside.wasm', /only a file beside the module is read$/],
    ['..\\outside.wasm', /only a file beside the module is read$/],
    ['a\nb.wasm', /names and lines are in a\\nb\.wasm: there is no such file/],
    ['deeper', /is a directory$/],
    ['empty.wasm', /expected the wasm magic number "\\0asm" at offset 0x0$/],
    ['none.wasm', /the second module is without debug information$/],
    ['other.wasm', /the second module is of another build: its functions start elsewhere$/],
    ['deeper/good.wasm', null],
    ['./deeper/good.wasm', null],
    ['', null],
  ];
  for (const [url, why] of cases) {
    writeFileSync(join(folder, 'inner/app.wasm'), withURL(stripped, url));
    const { status, stderr } = symbolicate('inner/app.wasm');
    assert.equal(status, why || url === '' ? 1 : 0, `${url}: ${stderr}`);
    if (why) {
      assert.equal(stderr.split('\n').length, 2, stderr);
      assert.match(stderr.trimEnd(), /^gowasm: inner\/app\.wasm: names and lines are in /);
      assert.match(stderr.trimEnd(), why, url);
    } else assert.equal(stderr, '', url);
  }
  const piped = gowasm(['symbolicate', '-', '--offset', '99'], withURL(stripped, 'deeper/good.wasm'));
  assert.match(piped.stderr, /^gowasm: -: .*: a module on standard input has no file beside it\n$/);
});

test('what DWARF cannot tell is said in one line; the name section answers all the same', () => {
  const broken = openFixture(NAME).slice();
  const section = new Module(broken).section('.debug_abbrev');
  assert.ok(section);
  broken.fill(0xff, section.offset, section.offset + section.size);
  file('broken.wasm', broken);
  const { offset } = new Module(broken).section('code') ?? { offset: 0 };
  const { status, stdout, stderr } = gowasm(['symbolicate', 'broken.wasm', '--offset', `${offset + address}`]);
  assert.equal(status, 0);
  assert.match(stdout, /\[function only\]\n$/);
  assert.match(stderr, /^gowasm: broken\.wasm: DWARF: expected [^\n]+ at offset 0x[0-9a-f]+\n$/);
  const { warnings } = JSON.parse(gowasm(['info', 'broken.wasm', '--json']).stdout);
  assert.match(warnings[0], /^DWARF: expected /);
});

test('a section that names no module is nothing', () => {
  file('odd.wasm', Buffer.concat([stripped, custom('external_debug_info', bytes().u8(200, 1)).done()]));
  assert.equal(symbolicate('odd.wasm').stderr, '');
});
