/** The store is whole: every binary unpacks to what the index says, tells of no machine, and can be run by known scripts. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fixtureNames, fixturePath, fixtures, openFixture, realBinaries } from './fixtures/open';
import { runFixture } from './fixtures/run';
import { wasmExec } from './fixtures/wasm-exec';

const root = process.env.GOWASM_ROOT ?? '.';
const MB = 1 << 20;

test('the index and the files of the store are the same set', () => {
  const store = join(root, 'test/fixtures/store');
  const files = readdirSync(store, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.br'));
  assert.deepEqual(
    files.map((file) => file.replace('.wasm.br', '').replaceAll('\\', '/')).sort(),
    fixtureNames().sort(),
  );
});

test('every stored binary is the one the index names, and valid', () => {
  for (const [name, info] of Object.entries(fixtures())) {
    const bytes = openFixture(name);
    assert.equal(bytes.length, info.size, name);
    assert.equal(createHash('sha256').update(bytes).digest('hex'), info.sha256, name);
    assert.ok(WebAssembly.validate(bytes as Uint8Array<ArrayBuffer>), name);
  }
});

test('no stored binary knows where it was built', () => {
  const homes = /\/(?:root|home|Users|work)\/[\w.@/-]+/;
  for (const name of fixtureNames()) {
    const found = homes.exec(Buffer.from(openFixture(name)).toString('latin1'));
    assert.equal(found?.[0], undefined, name);
  }
});

test('each release from 1.11 on is there, each from 1.19 on plain and stripped, four of them in all flavours', () => {
  const names = new Set(fixtureNames());
  const wanted: string[] = [];
  for (let minor = 11; minor <= 27; minor++) {
    wanted.push(`go1.${minor}/judge-stripped`);
    if (minor >= 19) wanted.push(`go1.${minor}/judge-plain`);
    if (![19, 21, 24, 27].includes(minor)) continue;
    for (const flavour of ['trimpath', 'noinline', 'noopt', 'wasmopt']) wanted.push(`go1.${minor}/judge-${flavour}`);
  }
  assert.deepEqual(
    wanted.filter((name) => !names.has(name)),
    [],
  );
});

test('the store leaves room for what comes', () => {
  const total = fixtureNames().reduce((sum, name) => sum + statSync(fixturePath(name)).size, 0);
  assert.ok(total < 32 * MB, `${total} bytes`);
});

test('wasm_exec.js of the npm packages is the Go project’s, unaltered', () => {
  for (const release of ['go1.16', 'go1.19', 'go1.20', 'go1.24']) {
    const script = wasmExec(release);
    assert.ok(script, release);
    assert.equal(createHash('sha256').update(readFileSync(script.path)).digest('hex'), script.sha256, release);
  }
  assert.equal(wasmExec('go1.10'), null);
});

test('binaries by others are installed and wasm', () => {
  const binaries = realBinaries();
  assert.equal(binaries.length, 6);
  for (const { name, path, bytes } of binaries) {
    assert.ok(existsSync(path), name);
    assert.deepEqual([...bytes().subarray(0, 4)], [0, 0x61, 0x73, 0x6d], name);
  }
});

test('a run brings home snaps, output, exit code and uncaught errors', async () => {
  const ends = await runFixture('go1.24/judge-stripped', ['plain']);
  assert.deepEqual([ends.exitCode, ends.output, ends.uncaught], [0, 'done\n', []]);
  const labels = ends.snaps.map(({ label }) => label);
  assert.deepEqual(labels, ['package variable', 'init', 'plain', 'plain', 'plain']);
  const { truth, stack, capture } = ends.snaps[2];
  assert.deepEqual(
    truth.slice(0, 4).map((frame) => frame.function),
    ['main.snap', 'main.middle', 'main.outer', 'main.plain'],
  );
  assert.match(stack, /wasm-function\[\d+\]:0x[0-9a-f]+/);
  assert.ok(capture.gs.length > 0 && capture.words.length > 0);

  const fails = await runFixture('go1.24/judge-stripped', ['panic-in-callback']);
  assert.equal(fails.exitCode, 2);
  assert.match(fails.output, /^panic: runtime error: invalid memory address/);
  assert.match(fails.uncaught[0].message, /exports/);

  const traps = await runFixture('go1.24/judge-stripped', ['breakpoint']);
  assert.deepEqual([traps.exitCode, traps.uncaught[0].name], [null, 'RuntimeError']);
  assert.ok(traps.uncaught[0].capture);

  const waits = await runFixture('go1.24/judge-stripped', ['deadlock'], { wake: true });
  assert.match(waits.output, /^fatal error: all goroutines are asleep - deadlock!/);
});
