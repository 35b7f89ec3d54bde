/** `gowasm run --dump` and `gowasm handles`: the contract's keys, however a program ends; one line for what is no dump of it. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { openFixture } from '../fixtures/open';
import { wasmExec } from '../fixtures/wasm-exec';
import { file, folder, gowasm } from './gowasm';

const FIXTURE = 'go1.27/handles-stripped';
file('handles.wasm', openFixture(FIXTURE));
file('judge.wasm', openFixture('go1.27/judge-stripped'));
const script = resolve(wasmExec(FIXTURE)?.path ?? assert.fail());
const run = (...args: string[]) => gowasm(['run', '--wasm-exec', script, ...args]);

const STATES = ['in use', 'waits for GC', 'never released', 'fixed', 'not known'];

test('handles --json has every key of the contract', () => {
  assert.equal(run('--dump', 'dump', 'handles.wasm').status, 0);
  const { status, stdout, stderr } = gowasm(['handles', 'dump', 'handles.wasm', '--json']);
  assert.deepEqual([status, stderr, stdout.split('\n').length], [0, '', 2]);
  const told = JSON.parse(stdout);
  assert.equal(told.format, 'gowasm.handles/1');
  const ids = told.handles.map(({ id }: { id: number }) => id);
  assert.equal(new Set(ids).size, ids.length);
  for (const { id, type, preview, refCount, createdAt, state, ageMs, crossings, suspect } of told.handles) {
    assert.deepEqual([typeof type, typeof preview], ['string', 'string']);
    assert.ok(preview.length > 0 && STATES.includes(state));
    if (id <= 6) {
      assert.deepEqual([refCount, state, createdAt], [null, 'fixed', undefined]);
      continue;
    }
    assert.ok(Number.isInteger(refCount) && refCount > 0 && crossings >= refCount && ageMs >= 0, preview);
    for (const frame of createdAt) assert.deepEqual(Object.keys(frame), ['function', 'file', 'line', 'inlined']);
    if (suspect) assert.equal(typeof suspect.reason, 'string');
  }
  // What is predefined is told by what it is.
  const fixed = told.handles
    .filter(({ id }: { id: number }) => id <= 6)
    .sort((a: { id: number }, b: { id: number }) => a.id - b.id)
    .map(({ type, preview }: { type: string; preview: string }) => `${type} ${preview}`);
  assert.deepEqual(fixed, [
    ...['number NaN', 'number 0', 'object null', 'boolean true', 'boolean false'],
    ...['object globalThis', 'object Go'],
  ]);
});

test('handles as text: counts, what leaks with its Go line, then where handles were made; each of them with --all', () => {
  const { status, stdout, stderr } = gowasm(['handles', 'dump', 'handles.wasm']);
  assert.deepEqual([status, stderr], [0, '']);
  assert.match(stdout, /^[\d,]+ handles, [\d,]+ js\.Funcs registered, .*; [\d,]+ slots, [\d,]+ free;/);
  assert.match(
    stdout,
    /^36 js\.Funcs made at funcs\.go:\d+ were never released; each call of main\.onClick makes 3\.$/m,
  );
  assert.match(stdout, /^ +25 {2}js\.Func +main\.leakKept \S+\/funcs\.go:\d+$/m);
  assert.doesNotMatch(stdout, /^#\d/m);
  const { stdout: all } = gowasm(['handles', '--all', 'dump', 'handles.wasm']);
  assert.match(all, /^ *#7 +\d+ {2}not known +Function Object +syscall\/js\.init /m);
});

/** Scenario of the judge program, and its exit code. */
const ENDS: [scenario: string, code: number][] = [
  ['plain', 0],
  ['exit', 3],
  ['panic-after-sleep', 2],
  ['deadlock', 2],
  ['out-of-bounds', 1],
  ['infinite-recursion', 1],
];

for (const [scenario, code] of ENDS) {
  test(`a program that ends by ${scenario}: output and code as without, and a dump`, () => {
    const plain = run('judge.wasm', scenario);
    const dumped = run(`--dump=${scenario}.dump`, 'judge.wasm', scenario);
    // Addresses and wasm stacks may differ in what Go and V8 print.
    const lines = (text: string) => text.replaceAll(/0x[0-9a-f]+|wasm:\/\/\S+|.*node:.*\n|.*gowasm\.js.*\n/g, '');
    assert.deepEqual([dumped.status, dumped.stdout], [code, plain.stdout]);
    assert.equal(lines(dumped.stderr).slice(0, 200), lines(plain.stderr).slice(0, 200));
    const told = JSON.parse(gowasm(['handles', `${scenario}.dump`, 'judge.wasm', '--json']).stdout);
    assert.ok(told.handles.length > 7);
  });
}

test('a dump is taken after so many seconds while the program waits; before, where it ends earlier', () => {
  const held = run('--dump', 'held', '--dump-after', '2.5', 'handles.wasm', 'hold', '6000');
  assert.equal(held.status, 0);
  const told = JSON.parse(gowasm(['handles', 'held', 'handles.wasm', '--json']).stdout);
  // What waits then is gone at the end.
  const waits = (handles: { createdAt?: { function: string }[] }[]) =>
    handles.filter(({ createdAt }) => createdAt?.some(({ function: name }) => name === 'main.hold')).length;
  assert.ok(waits(told.handles) > 0);
  const early = run('--dump', 'early', '--dump-after', '30', 'handles.wasm');
  assert.equal(early.status, 0);
  const ended = JSON.parse(gowasm(['handles', 'early', 'handles.wasm', '--json']).stdout);
  assert.ok(ended.handles.length > 100);
  assert.equal(waits(ended.handles), 0);
});

test('recorded and dumped in one run, each is what it is alone', () => {
  assert.equal(run('--dump', 'both', '--bridge', 'capture', 'handles.wasm').status, 0);
  const { handles } = JSON.parse(gowasm(['handles', 'both', 'handles.wasm', '--json']).stdout);
  const { operations } = JSON.parse(gowasm(['bridge', 'capture', 'handles.wasm', '--json']).stdout);
  const alone = JSON.parse(gowasm(['handles', 'dump', 'handles.wasm', '--json']).stdout).handles;
  const plainly = (all: { preview: string }[]) => all.map(({ preview }) => preview.replaceAll(/\d+/g, '')).sort();
  assert.deepEqual(plainly(handles), plainly(alone));
  assert.ok(operations.length > 10);
});

test('what is no dump of the module: one line, exit 2', () => {
  const dump = readFileSync(join(folder, 'dump'));
  const flipped = Uint8Array.from(dump);
  flipped[dump.length >> 1] ^= 4;
  file('cut', dump.subarray(0, 1000));
  file('flipped', flipped);
  file('empty', '');
  const cases: [args: string[], line: RegExp][] = [
    [['cut', 'handles.wasm'], /^gowasm: cut: expected .* at offset 0x[0-9a-f]+\n$/],
    [['flipped', 'handles.wasm'], /^gowasm: flipped: expected .* at offset 0x[0-9a-f]+\n$/],
    [['empty', 'handles.wasm'], /^gowasm: empty: expected a dump .* at offset 0x0\n$/],
    [['handles.wasm', 'dump'], /^gowasm: dump: expected .* at offset 0x0\n$/],
    [['dump', 'judge.wasm'], /^gowasm: dump: expected a dump of this module, .* at offset 0x[0-9a-f]+\n$/],
    [['dump'], /^gowasm: usage: gowasm handles DUMP FILE/],
    [['missing', 'handles.wasm'], /^gowasm: missing: no such file\n$/],
    [['-', '-'], /^gowasm: standard input cannot be both/],
    [['dump', 'handles.wasm', '--some'], /^gowasm: unknown option --some\n$/],
  ];
  for (const [args, line] of cases) {
    for (const more of [[], ['--json']]) {
      const done = gowasm(['handles', ...args, ...more]);
      assert.deepEqual([done.status, done.stdout], [2, ''], `${args}`);
      assert.match(done.stderr, line);
      assert.equal(done.stderr.split('\n').length, 2);
    }
  }
});

test('a dump that is wanted after no time is taken as soon as the program waits', () => {
  const held = run('--dump', 'soon', '--dump-after', '0', 'handles.wasm', 'hold', '500');
  assert.equal(held.status, 0);
  const { handles } = JSON.parse(gowasm(['handles', 'soon', 'handles.wasm', '--json']).stdout);
  const end = JSON.parse(gowasm(['handles', 'dump', 'handles.wasm', '--json']).stdout).handles;
  assert.ok(handles.length > 7 && handles.length < end.length, `${handles.length}, ${end.length}`);
});

test('what is written to a device may be written there twice', () => {
  const { status, stderr } = run('--dump', '/dev/null', '--bridge', '/dev/null', 'handles.wasm');
  assert.deepEqual([status, stderr], [0, '']);
});

test('a dump that cannot be written in the end costs one line, and neither the program’s output nor its code', () => {
  const plain = run('judge.wasm', 'exit');
  spawnSync('mkfifo', [join(folder, 'pipe')]);
  // Reads what is tried at the beginning, and no more.
  const reader = spawn('sh', ['-c', 'cat pipe'], { cwd: folder, stdio: 'ignore' });
  for (const out of ['/dev/full', 'pipe']) {
    const { status, stdout, stderr } = run('--dump', out, 'judge.wasm', 'exit');
    assert.deepEqual([status, stdout], [plain.status, plain.stdout], out);
    assert.match(stderr, /^gowasm: EN(?:OSPC|XIO): .*$/m);
  }
  reader.kill();
});

test('a place that cannot be written, and options that make no sense, end before the program', () => {
  symlinkSync('handles.wasm', join(folder, 'link'));
  const cases: [args: string[], line: RegExp][] = [
    [['--dump', join('no', 'such', 'folder'), 'handles.wasm'], /no/],
    [['--dump-after', '1', 'handles.wasm'], /--dump-after needs --dump F/],
    [['--dump', 'never', '--dump-after', 'soon', 'handles.wasm'], /number of seconds/],
    [['--dump', 'never', '--dump-after', '99999999', 'handles.wasm'], /number of seconds, at most 2147482\n$/],
    [['--dump', 'handles.wasm', 'handles.wasm'], /^gowasm: --dump handles\.wasm: this run needs that file\n$/],
    [['--bridge', './handles.wasm', 'handles.wasm'], /^gowasm: --bridge .*needs that file\n$/],
    [['--dump', 'never', '--bridge', './never', 'handles.wasm'], /^gowasm: --dump never: this run needs/],
    [['--dump', 'link', 'handles.wasm'], /^gowasm: --dump link: this run needs/],
    [['--dump', 'never', 'missing.wasm'], /no such file/],
  ];
  for (const [args, line] of cases) {
    const done = run(...args);
    assert.deepEqual([done.status, done.stdout], [2, ''], `${args}`);
    assert.match(done.stderr, line);
    assert.equal(done.stderr.split('\n').length, 2);
  }
  assert.ok(!existsSync(join(folder, 'never')));
});
