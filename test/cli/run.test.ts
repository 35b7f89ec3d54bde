/** `gowasm run` beside wasm_exec_node.js of the esbuild-wasm packages: same output, same code; ours comes after. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fixturePath, openFixture } from '../fixtures/open';
import { wasmExec } from '../fixtures/wasm-exec';

const root = process.env.GOWASM_ROOT ?? '.';
const cli = join(root, 'dist/gowasm.js');
const folder = mkdtempSync(join(tmpdir(), 'gowasm-run-'));
after(() => rmSync(folder, { recursive: true }));

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

function node(args: string[], env: NodeJS.ProcessEnv = process.env): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env, timeout: 60_000 });
  return { code: status, out: stdout, err: stderr };
}

/** Runs a fixture with `gowasm run`, and as Go's own runner does. */
function both(fixture: string, ...args: string[]): { ours: Ended; gos: Ended } {
  const script = wasmExec(fixture)?.path ?? assert.fail();
  const file = join(folder, 'main.wasm');
  writeFileSync(file, openFixture(fixture));
  return {
    ours: node([cli, 'run', '--wasm-exec', script, file, ...args]),
    gos: node([script.replace('wasm_exec.js', 'wasm_exec_node.js'), file, ...args]),
  };
}

/** @returns what stands after the program's own standard error */
function told({ ours, gos }: { ours: Ended; gos: Ended }): string {
  assert.equal(ours.out, gos.out);
  assert.equal(ours.code, gos.code);
  assert.ok(ours.err.startsWith(gos.err), `${ours.err}\n---\n${gos.err}`);
  return ours.err.slice(gos.err.length);
}

test('a program that ends well: nothing of ours', () => {
  assert.equal(told(both('go1.27/judge-stripped', 'all')), '');
});

test('a panic, also after its goroutine slept: the whole Go stack, code 2', () => {
  for (const fixture of ['go1.21/judge-stripped', 'go1.27/judge-stripped']) {
    const run = both(fixture, 'panic-after-sleep');
    assert.equal(run.ours.code, 2);
    const text = told(run);
    assert.match(text, /^\ngowasm: panic: later\n/);
    assert.match(text, /\nmain\.panicLater\n\t.*failures\.go:\d+\n(.*\n)*runtime\.goexit\n/);
  }
});

test('a deadlock is reported by Go, woken at exit', () => {
  const run = both('go1.27/judge-stripped', 'deadlock');
  assert.equal(run.ours.code, 2);
  assert.match(run.ours.err, /^fatal error: all goroutines are asleep - deadlock!/m);
  assert.match(told(run), /^\ngowasm: fatal error: all goroutines are asleep - deadlock!\n/);
});

test('os.Exit: its code and its place', () => {
  const run = both('go1.27/judge-stripped', 'exit');
  assert.equal(run.ours.code, 3);
  assert.match(told(run), /\nos\.Exit\n(.*\n)*main\..*\n\t.*failures\.go:\d+\n/);
});

test('a trap and endless recursion die without a code: 1', () => {
  for (const [scenario, title] of [
    ['out-of-bounds', 'RuntimeError: memory access out of bounds'],
    ['infinite-recursion', 'RangeError: Maximum call stack size exceeded'],
  ]) {
    const { ours, gos } = both('go1.27/judge-stripped', scenario);
    assert.deepEqual([ours.code, gos.code], [1, 1]);
    assert.ok(ours.err.includes(`\ngowasm: ${title}\n`), ours.err);
    assert.match(ours.err, /\nmain\.\w+\n\t.*failures\.go/);
  }
});

test('old programs and their wasm_exec.js', () => {
  for (const release of ['go1.16', 'go1.19', 'go1.20']) {
    const fixture = `${release}/judge-stripped`;
    const script = wasmExec(fixture)?.path ?? assert.fail();
    const { code, err } = node([cli, 'run', `--wasm-exec=${script}`, fixturePath(fixture), 'nil-pointer']);
    assert.equal(code, 2, err);
    assert.match(err, /\ngowasm: panic: runtime error: invalid memory address or nil pointer dereference\n/, release);
    assert.match(err, /\nmain\.deref\n\t.*\.go:\d+\n/, release);
  }
});

test('arguments after FILE are the program’s', () => {
  const { ours } = both('go1.27/judge-stripped', '--help');
  assert.equal(ours.code, 64);
  assert.match(ours.out + ours.err, /no scenario --help/);
});

test('bad usage and bad input: one line, code 2', () => {
  const script = wasmExec('go1.27')?.path ?? assert.fail();
  const empty = join(folder, 'empty.wasm');
  writeFileSync(empty, '');
  const header = join(folder, 'header.wasm');
  writeFileSync(header, Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
  const fixture = fixturePath('go1.27/judge-stripped');
  const cases: [args: string[], line: RegExp, env?: NodeJS.ProcessEnv][] = [
    [[], /^gowasm: usage: gowasm run /],
    [['--nope', fixture], /^gowasm: unknown option --nope/],
    [['--wasm-exec'], /^gowasm: --wasm-exec needs a value/],
    [[join(folder, 'missing.wasm')], /^gowasm: .*missing\.wasm: no such file/],
    [[empty], /^gowasm: .*empty\.wasm: expected .* at offset 0x/],
    [['--wasm-exec', script, header], /^gowasm: .*header\.wasm: expected a Go program for js\/wasm/],
    [['--wasm-exec', script, fixturePath('go1.27/wasi-stripped')], /^gowasm: .*expected a Go program for js\/wasm/],
    [['--wasm-exec', script, fixturePath('go1.19/judge-stripped')], /^gowasm: .*has no import go /],
    [['--wasm-exec', join(folder, 'no.js'), fixture], /^gowasm: .*no\.js: no such file/],
    [[fixture], /^gowasm: no go command .*--wasm-exec PATH/, { ...process.env, GO: join(folder, 'no-go') }],
  ];
  for (const [args, line, env] of cases) {
    const { code, out, err } = node([cli, 'run', ...args], env);
    assert.deepEqual([code, out], [2, ''], `${args}: ${err}`);
    assert.match(err, line);
    assert.equal(err.trimEnd().split('\n').length, 1, err);
  }
});
