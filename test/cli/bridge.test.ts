/** `gowasm run --bridge` and `gowasm bridge`: the contract's keys, however a program ends; one line for what is no capture of it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { openFixture } from '../fixtures/open';
import { wasmExec } from '../fixtures/wasm-exec';
import { file, folder, gowasm } from './gowasm';

const FIXTURE = 'go1.27/bridge-stripped';
file('bridge.wasm', openFixture(FIXTURE));
file('judge.wasm', openFixture('go1.27/judge-stripped'));
const script = resolve(wasmExec(FIXTURE)?.path ?? assert.fail());
const run = (...args: string[]) => gowasm(['run', '--wasm-exec', script, ...args]);

test('bridge --json has every key of the contract', () => {
  assert.equal(run('--bridge', 'capture', 'bridge.wasm').status, 0);
  const { status, stdout, stderr } = gowasm(['bridge', 'capture', 'bridge.wasm', '--json']);
  assert.deepEqual([status, stderr, stdout.split('\n').length], [0, '', 2]);
  const told = JSON.parse(stdout);
  assert.equal(told.format, 'gowasm.bridge/1');
  for (const key of ['clockStepMs', 'calls', 'dropped']) assert.equal(typeof told[key], 'number', key);
  assert.ok(told.clockStepMs > 0);
  let calls = 0;
  for (const { operation, target, receiver, count, timed, totalMs, bytes, sites } of told.operations) {
    assert.deepEqual([typeof operation, typeof target, typeof receiver], ['string', 'string', 'string']);
    for (const number of [count, timed, totalMs, bytes]) assert.ok(Number.isFinite(number) && number >= 0, operation);
    for (const site of sites) {
      assert.ok(site.count > 0);
      for (const frame of site.frames) {
        assert.deepEqual(Object.keys(frame), ['function', 'file', 'line', 'inlined']);
      }
    }
    calls += count;
  }
  assert.equal(told.calls, calls);
  const copies = told.operations.find((one: { operation: string }) => one.operation === 'copyBytesToGo');
  assert.deepEqual([copies.target, copies.count, copies.bytes], ['', 5, 320]);
  const { frames } = copies.sites[0];
  assert.deepEqual(
    frames.map((frame: { function: string }) => frame.function),
    ['syscall/js.CopyBytesToGo', 'main.copies', 'main.measured', 'main.main', 'runtime.main', 'runtime.goexit'],
  );
});

test('bridge as text: operations, then where they are called from', () => {
  const { status, stdout, stderr } = gowasm(['bridge', 'capture', 'bridge.wasm']);
  assert.deepEqual([status, stderr], [0, '']);
  assert.match(stdout, /^bridge\.wasm: [\d,]+ calls in [\d.]+ s; .*the clock steps by [\d.e-]+ ms\n/);
  assert.match(stdout, /^ *1,\d\d\d +[\d.]+ +[\d.]+ +[\d.]+ +0 {2}valueGet "x"$/m);
  assert.match(stdout, /^ *1,000 +[\d.]+ +[\d.]+ +[\d.]+ +0 {2}valueGet "x" +main\.properties \S+\/measured\.go:\d+$/m);
});

/** Scenario of the judge program, its exit code, and the import or entry that it ends in. */
const ENDS: [scenario: string, code: number, last: string][] = [
  ['plain', 0, 'wasmExit'],
  ['exit', 3, 'wasmExit'],
  ['panic-after-sleep', 2, 'wasmExit'],
  ['deadlock', 2, 'wasmExit'],
  ['out-of-bounds', 1, 'run'],
  ['infinite-recursion', 1, 'run'],
];

for (const [scenario, code, last] of ENDS) {
  test(`a program that ends by ${scenario}: output and code as without, and a capture`, () => {
    const plain = run('judge.wasm', scenario);
    const recorded = run(`--bridge=${scenario}.capture`, 'judge.wasm', scenario);
    // Addresses and wasm stacks may differ in what Go and V8 print.
    const lines = (text: string) => text.replaceAll(/0x[0-9a-f]+|wasm:\/\/\S+|.*node:.*\n|.*gowasm\.js.*\n/g, '');
    assert.deepEqual([recorded.status, recorded.stdout], [code, plain.stdout]);
    assert.equal(lines(recorded.stderr).slice(0, 200), lines(plain.stderr).slice(0, 200));
    const told = JSON.parse(gowasm(['bridge', `${scenario}.capture`, 'judge.wasm', '--json']).stdout);
    const row = told.operations.find((one: { operation: string }) => one.operation === last);
    assert.equal(row.count, 1);
    // An entry into Go is timed always, an import by chance.
    if (last === 'run') assert.equal(row.timed, 1);
  });
}

test('a folder that the program leaves does not lose the capture; a place that cannot be written ends before the program', () => {
  const done = run('--bridge', join('no', 'such', 'folder'), 'judge.wasm', 'plain');
  assert.deepEqual([done.status, done.stdout], [2, '']);
  assert.match(done.stderr, /^gowasm: [^\n]*no[^\n]*\n$/);
  const early = run('--bridge', 'early', 'missing.wasm');
  assert.equal(early.status, 2);
  assert.ok(!existsSync(join(folder, 'early')));
});

test('what is no capture of the module: one line, exit 2', () => {
  const capture = readFileSync(join(folder, 'capture'));
  const flipped = Uint8Array.from(capture);
  flipped[capture.length >> 1] ^= 4;
  file('cut', capture.subarray(0, 1000));
  file('flipped', flipped);
  file('empty', '');
  const cases: [args: string[], line: RegExp][] = [
    [['cut', 'bridge.wasm'], /^gowasm: cut: expected \d+ bytes, and not 983 at offset 0x11\n$/],
    [['flipped', 'bridge.wasm'], /^gowasm: flipped: expected bytes that add up to the checksum at offset 0x11\n$/],
    [['empty', 'bridge.wasm'], /^gowasm: empty: expected a capture of the bridge \("gobridge"\) at offset 0x0\n$/],
    [['bridge.wasm', 'capture'], /^gowasm: bridge\.wasm: expected a capture of the bridge/],
    [['capture', 'judge.wasm'], /^gowasm: capture: expected a capture of judge\.wasm, .* at offset 0x11\n$/],
    [['capture', 'cut'], /^gowasm: cut: expected .* at offset 0x0\n$/],
    [['capture'], /^gowasm: usage: gowasm bridge CAPTURE FILE/],
    [['missing', 'bridge.wasm'], /^gowasm: missing: no such file\n$/],
  ];
  for (const [args, line] of cases) {
    for (const more of [[], ['--json']]) {
      const done = gowasm(['bridge', ...args, ...more]);
      assert.deepEqual([done.status, done.stdout], [2, ''], `${args}`);
      assert.match(done.stderr, line);
      assert.equal(done.stderr.split('\n').length, 2);
    }
  }
  const usage = spawnSync(process.execPath, ['gowasm.js', 'run', '--bridge'], { cwd: folder, encoding: 'utf8' });
  assert.deepEqual([usage.status, usage.stderr], [2, 'gowasm: --bridge needs a value\n']);
});
