/** `gowasm dwarf`: what it says, the id of the build, that the program still runs, and what it refuses. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Dwarf, sectionsOf } from '../dwarfgen/reader';
import { fixturePath, openFixture } from '../fixtures/open';
import { wasmExec } from '../fixtures/wasm-exec';
import { folder, gowasm } from './gowasm';

const NAME = 'go1.24/judge-plain';
const done = gowasm(['dwarf', fixturePath(NAME), '-o', 'out.wasm', '--json']);
const after = readFileSync(join(folder, 'out.wasm'));

test('the module has DWARF and the id of the build, and says so', () => {
  assert.deepEqual([done.status, done.stderr], [0, '']);
  const said = JSON.parse(done.stdout);
  const before = openFixture(NAME);
  const sha256 = createHash('sha256').update(before).digest('hex');
  assert.equal(said.format, 'gowasm.dwarf/1');
  assert.equal(said.buildId, sha256.slice(0, 32));
  const id = sectionsOf(after).find(({ name }) => name === 'build_id');
  assert.equal(Buffer.from(id?.content ?? []).toString('hex'), `10${said.buildId}`);
  assert.deepEqual([said.bytes, said.added, said.unread], [after.length, after.length - before.length, 0]);
  const { units } = new Dwarf(after);
  assert.equal(said.units, units.length);
  assert.ok(said.functions > 1500 && said.inlined > 3000 && said.places > 20_000 && said.likely < said.places / 2);
  const code = (bytes: Uint8Array) => sectionsOf(bytes).find(({ id }) => id === 10)?.content;
  assert.deepEqual(code(after), code(before));
});

test('for people it says so in a line; its source map has the same id', () => {
  const { stdout } = gowasm(['dwarf', fixturePath(NAME), '-o', 'again.wasm']);
  assert.match(
    stdout,
    /^again\.wasm: \d+ functions, \d+ inlined calls, \d+ places; [\d,]+ bytes( \(\d\.\d MB\))? added\n$/,
  );
  assert.deepEqual(readFileSync(join(folder, 'again.wasm')), after);
  const map = JSON.parse(gowasm(['sourcemap', fixturePath(NAME), '-o', 'out.map', '--json']).stdout);
  assert.equal(map.debugId.replaceAll('-', ''), JSON.parse(done.stdout).buildId);
});

test('the program runs as before', () => {
  const script = wasmExec(NAME);
  assert.ok(script);
  const run = (file: string) => gowasm(['run', '--wasm-exec', script.path, file, 'plain']);
  const { status, stdout, stderr } = run('out.wasm');
  assert.deepEqual([status, stdout, stderr], Object.values(run(fixturePath(NAME))));
  assert.deepEqual([status, stderr], [0, 'done\n']);
});

test('- writes the module to standard output and nothing else', () => {
  // As text: bytes that are no UTF-8 are all the same letter, in both.
  const { status, stdout } = gowasm(['dwarf', fixturePath(NAME), '-o', '-', '--json']);
  assert.equal(status, 0);
  assert.ok(stdout === after.toString());
});

test('what has DWARF, is not Go’s or cannot be read is refused in one line', () => {
  writeFileSync(join(folder, 'cut.wasm'), openFixture(NAME).subarray(0, 100_000));
  const refusals: [string[], RegExp][] = [
    [[fixturePath(NAME)], /^gowasm: usage: gowasm dwarf FILE -o OUT \[--lines TABLE\]$/],
    [
      ['out.wasm', '-o', 'twice.wasm'],
      /^gowasm: out\.wasm: has a section \.debug_abbrev already, at offset 0x[0-9a-f]+$/,
    ],
    [[fixturePath('other/clang-dwarf'), '-o', 'twice.wasm'], /^gowasm: .*clang-dwarf\.wasm\.br: not made by Go$/],
    [['cut.wasm', '-o', 'twice.wasm'], /^gowasm: cut\.wasm: expected \d+ bytes of code section at offset 0x[0-9a-f]+$/],
    [[fixturePath(NAME), '-o', 'absent/out.wasm'], /^gowasm: absent\/out\.wasm: .*no such file or directory/],
  ];
  for (const [args, message] of refusals) {
    const { status, stdout, stderr } = gowasm(['dwarf', ...args]);
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr.trimEnd(), message);
    assert.equal(stderr.trimEnd().includes('\n'), false);
  }
});
