/** `gowasm lines`, with a stand-in for the go command that prints a stored listing and notes how it was called. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { buildOf, withListing } from '../../src/cli/go-listing';
import { Program } from '../../src/program';
import { openFixture } from '../fixtures/open';
import { linesOf, listingOf } from '../lines/listings';
import { file, folder, gowasm } from './gowasm';

const NAME = 'go1.27/judge-stripped';
const calls = join(folder, 'calls.txt');

/** @param build what it does at `go build` */
function standIn(build: string): string {
  const path = join(folder, 'go-stand-in');
  writeFileSync(
    path,
    `#!${process.execPath}
const fs = require('node:fs');
const args = process.argv.slice(2);
fs.appendFileSync(${JSON.stringify(calls)}, JSON.stringify([...args, process.env.GOOS + '/' + process.env.GOARCH]) + '\\n');
if (args[0] === 'env') console.log(args[1] === 'GOVERSION' ? 'go1.27.4' : '');
else { ${build} }
`,
  );
  chmodSync(path, 0o755);
  writeFileSync(calls, '');
  return path;
}

/** Where it takes longer than half a second. */
const PROGRESS = /^gowasm: (?:listing: \d+ MB, \d+ functions|\S+ build \S+)\n/gm;

const called = (): string[][] =>
  readFileSync(calls, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

file('app.wasm', openFixture(NAME));
file('listing.txt', listingOf(NAME));
const print = `fs.createReadStream(${JSON.stringify(join(folder, 'listing.txt'))}).pipe(process.stderr);`;

test('the table is written, counts are told, and symbolicate and sourcemap use it, beside the module or named', () => {
  const GO = standIn(print);
  const done = gowasm(
    ['lines', './app', '--module', 'app.wasm', '-o', 'app.golines', '--append', 'all.wasm', '--json', '--', '-mod=mod'],
    '',
    { GO },
  );
  assert.deepEqual([done.status, done.stderr.replace(PROGRESS, '')], [0, '']);
  const told = JSON.parse(done.stdout);
  const { functions, aligned, instructions, covered, notAligned } = linesOf(NAME);
  assert.equal(told.format, 'gowasm.lines/1');
  assert.deepEqual(
    [told.functions, told.aligned, told.instructions, told.covered],
    [functions, aligned, instructions, covered],
  );
  assert.deepEqual(
    told.notAligned,
    notAligned.map(({ name }) => name),
  );
  assert.equal(told.bytes, readFileSync(join(folder, 'app.golines')).length);
  const [, build] = called();
  assert.equal(build.at(-1), 'js/wasm');
  assert.equal(build.at(-2), './app');
  assert.ok(
    build.includes('-gcflags=all=-S') &&
      build.includes('-asmflags=all=-S') &&
      build.includes('-ldflags=-s -w') &&
      build.includes('-mod=mod'),
  );
  assert.ok(!existsSync(build[build.indexOf('-o') + 1]), 'what was built is gone');

  const program = new Program(openFixture(NAME));
  const { instructions: offsets } = program.locator.body((program.pcFNamed('main.outOfBounds') ?? 0) - 0x1000) ?? {
    instructions: [0],
  };
  const offset = `${offsets[20]}`;
  const frame = (...args: string[]) =>
    JSON.parse(gowasm(['symbolicate', ...args, '--offset', offset, '--json']).stdout).lines[0].frame;
  assert.equal(frame('app.wasm').via, 'exact');
  assert.deepEqual(frame('all.wasm'), frame('app.wasm'));
  file('other.wasm', openFixture(NAME));
  assert.equal(frame('other.wasm').via, 'pclntab');
  assert.deepEqual(frame('other.wasm', '--lines', 'app.golines'), frame('app.wasm'));

  gowasm(['sourcemap', 'app.wasm', '-o', 'app.map']);
  const map = new TraceMap(readFileSync(join(folder, 'app.map'), 'utf8'));
  program.attachLines(readFileSync(join(folder, 'app.golines')));
  let compared = 0;
  for (let number = 0; number < functions; number++) {
    for (const at of program.locator.body(number)?.instructions ?? []) {
      const located = program.locate(at);
      if (located?.via !== 'exact') break;
      if (compared++ % 7) continue;
      const { source, line } = originalPositionFor(map, { line: 1, column: at });
      assert.deepEqual([source, line], [sourceOf(located.frames[0].file), located.frames[0].line], `at ${at}`);
    }
  }
  assert.ok(compared > 30_000, `${compared} instructions`);
});

const sourceOf = (name: string) => (name.startsWith('/') ? name : `gowasm:///${name}`);

test('without --module it is told which build the table is for by building it', () => {
  const GO = standIn(
    `if (args.some((arg) => arg.includes('-S'))) { ${print} } else fs.copyFileSync(${JSON.stringify(join(folder, 'app.wasm'))}, args[args.indexOf('-o') + 1]);`,
  );
  const done = gowasm(['lines', './app', '-o', 'built.golines', '--', '-ldflags=-s -w'], '', { GO });
  assert.deepEqual([done.status, done.stderr.replace(PROGRESS, '')], [0, '']);
  assert.match(
    done.stdout,
    /^built\.golines: [\d,]+ of [\d,]+ instructions \([\d.]+ %\) in [\d,]+ of [\d,]+ functions, /,
  );
  assert.match(done.stdout, /without lines: .* \(not listed\)\n/);
  const builds = called().filter(([command]) => command === 'build');
  assert.equal(builds.length, 2);
  assert.ok(builds.every((args) => args.includes('-ldflags=-s -w')));
});

test('what cannot be done is one line and exit 2', () => {
  const refusals: [string[], string, RegExp][] = [
    [['lines', './app'], standIn(''), /^gowasm: usage: gowasm lines PACKAGE -o TABLE/],
    [
      ['lines', './app', '-o', 'x', '--module', 'app.wasm'],
      join(folder, 'no-go'),
      /^gowasm: the go command .*no-go: not found; install Go \(go\.dev\/dl\) or set GO\n$/,
    ],
    [['lines', './app', '-o', 'x'], join(folder, 'no-go'), /^gowasm: the go command .*no-go: not found/],
    [['lines', './app', '-o', 'x', '--module', 'no.wasm'], 'go', /^gowasm: no\.wasm: no such file\n$/],
  ];
  for (const [args, GO, line] of refusals) {
    const done = gowasm(args, '', { GO });
    assert.deepEqual([done.status, done.stdout], [2, ''], args.join(' '));
    assert.match(done.stderr, line);
    assert.equal(done.stderr.trim().split('\n').length, 1);
  }
  const module = ['lines', './app', '-o', 'x', '--module', 'app.wasm'];
  const builds: [string, RegExp][] = [
    [
      "console.error('# example.com/app\\n./main.go:3:1: syntax error'); process.exitCode = 1;",
      /^gowasm: .* build \.\/app: \.\/main\.go:3:1: syntax error\n$/,
    ],
    [
      "console.error('nothing of use')",
      /^gowasm: app\.wasm: the listing is of another build \(the listing has no functions\)\n$/,
    ],
    [
      "console.error('main.main STEXT size=1 args=0x0 locals=0x0\\n\\t0x0000 00000 nonsense here')",
      /^gowasm: the listing: expected an instruction of the listing at offset /,
    ],
  ];
  for (const [build, line] of builds) {
    const done = gowasm(module, '', { GO: standIn(build) });
    assert.deepEqual([done.status, done.stdout], [2, ''], build);
    assert.match(done.stderr.replace(PROGRESS, ''), line);
  }
  file('old.wasm', openFixture('go1.24/judge-stripped'));
  const older = gowasm(['lines', './app', '-o', 'x', '--module', 'old.wasm'], '', { GO: standIn(print) });
  assert.match(
    older.stderr,
    /^gowasm: old\.wasm: made by go1\.24\.\d+, .* is go1\.27\.4: set GO, or GOTOOLCHAIN=go1\.24\.\d+\n$/,
  );
  assert.ok(!existsSync(join(folder, 'x')));
});

test('a table beside the module that does not fit costs one line, a named one is refused', () => {
  file('wrong.wasm', openFixture('go1.27/judge-trimpath'));
  file('wrong.golines', 'golines');
  const beside = gowasm(['symbolicate', 'wrong.wasm', '--offset', '200000', '--json']);
  assert.equal(beside.status, 0);
  assert.match(beside.stderr, /^gowasm: wrong\.golines: expected .*; not used\n$/);
  const named = gowasm(['symbolicate', 'wrong.wasm', '--offset', '200000', '--lines', 'wrong.golines']);
  assert.deepEqual([named.status, named.stdout], [2, '']);
});

test('flags of a build are taken from the module, and -S is added to each that would replace it', () => {
  const info = new Program(openFixture('go1.27/deps-stripped')).go.buildInfo();
  assert.ok(info.ok);
  const { flags, env } = buildOf(info.value);
  assert.deepEqual(
    flags.filter((flag) => flag.startsWith('-tags')),
    ['-tags=one,two'],
  );
  assert.ok(flags.some((flag) => flag.startsWith('-ldflags=-s -w -X ')));
  assert.deepEqual([env.GOOS, env.GOARCH], ['js', 'wasm']);
  const all = ['-gcflags=all=-S', '-asmflags=all=-S'];
  assert.deepEqual(withListing(['-trimpath']), [...all, '-trimpath']);
  assert.deepEqual(withListing(['-gcflags=all=-N -l']), [...all, '-gcflags=all=-S -N -l']);
  assert.deepEqual(withListing(['-gcflags', '-N']), [...all, '-gcflags=-S -N']);
  assert.deepEqual(withListing(['-asmflags=example.com/x=-D=1', '-v']), [
    ...all,
    '-asmflags=example.com/x=-S -D=1',
    '-v',
  ]);
});

test('what would write a file or run a program is not taken out of a module, which anybody may have made', () => {
  const built = (name: string, value: string) => ({
    ...{ path: 'main', main: null, dependencies: [], settings: [[name, value]] as [string, string][] },
  });
  const hostile = [
    ...[
      '-s -w -o=/home/me/.profile',
      '-extld=/bin/evil',
      "-s '-linkmode=external'",
      '-X main.a=b -tmpdir /x',
      '--o /x',
    ],
  ];
  for (const value of hostile)
    assert.throws(() => buildOf(built('-ldflags', value)), /not taken out of a module/, value);
  for (const value of ['all=-cpuprofile=/x', 'all=-N -o /x', '-asmhdr /x', 'example.com/x=-l -traceprofile=/x'])
    assert.throws(() => buildOf(built('-gcflags', value)), /not taken out of a module/, value);
  for (const [name, value] of [
    ['-gcflags', 'all=-N -l'],
    ['-gcflags', '-d=checkptr=0 -lang=go1.21'],
    ['-ldflags', "-s -w -X main.version=v1.2 -X 'main.at=a b' -buildid="],
  ]) {
    assert.deepEqual(buildOf(built(name, value)).flags, [`${name}=${value}`]);
  }
  // The user's own word counts, and stands for the module's.
  assert.deepEqual(buildOf(built('-ldflags', '-o=/x'), ['-ldflags=-s']).flags, []);
});
