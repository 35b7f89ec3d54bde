/** The contract of `info`, `symbolicate` and `functions`: keys, types, exit codes, one line for what is wrong. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { bytes, functionNames, module } from '../assemble';
import { fixturePath, openFixture } from '../fixtures/open';
import { runFixture } from '../fixtures/run';
import { tiny } from '../go/tiny';
import { file, gowasm } from './gowasm';

const FIXTURE = 'go1.24/judge-stripped';
const small = tiny();
file('small.wasm', small.bytes);
file('judge.wasm', openFixture(FIXTURE));
const hex = (offset: number) => `0x${offset.toString(16)}`;

/** The type of a JSON value in one word; objects and lists by what they hold. */
function shapeOf(value: unknown): unknown {
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.length > 0 ? [shapeOf(value[0])] : [];
  if (typeof value !== 'object') return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shapeOf(one)]));
}

function json(args: string[], input?: string | Uint8Array) {
  const done = gowasm([...args, '--json'], input);
  assert.equal(done.stderr, '');
  assert.equal(done.stdout.split('\n').length, 2, 'one line');
  return { status: done.status, value: JSON.parse(done.stdout) };
}

test('info --json has every key of the contract', () => {
  const { status, value } = json(['info', fixturePath('go1.24/deps-stripped')]);
  assert.equal(status, 0);
  assert.equal(value.format, 'gowasm.info/1');
  const { settings, ...rest } = value;
  assert.deepEqual(shapeOf(rest), {
    format: 'string',
    toolchain: { kind: 'string', version: 'string', target: 'string' },
    mainPath: 'string',
    modulePath: 'string',
    moduleVersion: 'string',
    dependencies: [{ path: 'string', version: 'string', replace: { path: 'string', version: 'string' } }],
    vcs: { revision: 'string', time: 'string', modified: 'boolean' },
    importNamespace: 'string',
    size: 'number',
    stripped: 'boolean',
    hasNames: 'boolean',
    hasDwarf: 'boolean',
    externalDebugInfo: 'null',
    sourceMappingURL: 'null',
    functions: { wasm: 'number', go: 'number' },
    files: 'number',
    pclntab: { version: 'string', functions: 'number', address: 'number' },
    sections: [{ id: 'number', name: 'string', offset: 'number', size: 'number' }],
    warnings: [],
  });
  assert.ok(Object.values(settings).every((one) => typeof one === 'string'));
  assert.deepEqual(value.toolchain, { kind: 'go', version: 'go1.24.13', target: 'js' });
  assert.equal(value.size, openFixture('go1.24/deps-stripped').length);
  assert.deepEqual([value.stripped, value.settings.GOARCH], [true, 'wasm']);
});

test('info says what made a module: every fixture that is not stripped js/wasm', () => {
  const told = (name: string) => {
    const { value } = json(['info', fixturePath(name)]);
    return [
      value.toolchain.kind,
      value.toolchain.target,
      value.stripped,
      value.hasNames,
      value.hasDwarf,
      value.functions.go > 0,
    ];
  };
  assert.deepEqual(told('go1.27/judge-plain'), ['go', 'js', false, true, false, true]);
  assert.deepEqual(told('go1.21/wasi-stripped'), ['go', 'wasip1', true, false, false, true]);
  assert.deepEqual(told('go1.11/judge-stripped').slice(0, 2), ['go', 'js']);
  assert.deepEqual(told('other/clang-dwarf'), ['other', null, false, true, true, false]);
  assert.deepEqual(told('other/rust-release'), ['other', null, false, true, false, false]);
});

test('info as text names toolchain, main package, settings and sections', () => {
  const { status, stdout, stderr } = gowasm(['info', fixturePath('go1.24/deps-stripped')]);
  assert.deepEqual([status, stderr], [0, '']);
  for (const line of [
    /^toolchain +Go go1\.24\.13$/m,
    /^main package +example\.com\/deps\/cmd\/app$/m,
    /^setting GOARCH +wasm$/m,
    /^section code +[\d,]+ bytes/m,
    /^dependency +example\.com\/color/m,
  ])
    assert.match(stdout, line);
});

test('names in a module cannot act on the terminal', () => {
  const { stdout } = gowasm(['info', '-'], module(bytes().u8(0).sized(bytes().name('\u001b[31mred\nsection forged'))));
  assert.match(stdout, /^section \\x1b\[31mred\\nsection forged/m);
  assert.ok(!stdout.includes('\u001b'));
});

test('functions --json: one row per pclntab entry, else per body', () => {
  const { status, value } = json(['functions', 'small.wasm']);
  assert.equal(status, 0);
  assert.equal(value.format, 'gowasm.functions/1');
  assert.deepEqual(value.functions[1], {
    index: 2,
    name: 'main.inner',
    package: 'main',
    file: 'inner.go',
    line: 49,
    offset: small.trap - 1,
    size: 3,
  });
  const rust = json(['functions', fixturePath('other/rust-release')]).value.functions;
  assert.deepEqual(shapeOf(rust[0]), {
    index: 'number',
    name: 'string',
    package: 'string',
    file: 'string',
    line: 'number',
    offset: 'number',
    size: 'number',
  });
  const text = gowasm(['functions', 'small.wasm']);
  assert.match(text.stdout, /^ +2 {2}0x\w+ +3 {2}main\.inner {2}inner\.go:49$/m);
});

test('symbolicate replaces wasm frames and leaves the rest, CRLF or not', () => {
  const text = `RuntimeError: x\r\n    at http://h/m.wasm:wasm-function[1]:${hex(small.secondCall)}\r\n    at f (http://h/a.js:1:2)\r\n`;
  for (const input of [text, text.replaceAll('\r', '')]) {
    const done = gowasm(['symbolicate', 'small.wasm'], input);
    assert.deepEqual(done, {
      status: 0,
      stderr: '',
      stdout:
        'RuntimeError: x\n    at main.small (small.go:90) [inlined]\n    at main.outer (outer.go:13)\n    at f (http://h/a.js:1:2)\n',
    });
  }
});

test('symbolicate reads its text from a file, from -, and from standard input by default', () => {
  const text = `at m.wasm:wasm-function[1]:${hex(small.firstCall)}\n`;
  file('stack.txt', text);
  const outputs = [
    gowasm(['symbolicate', 'small.wasm', 'stack.txt']),
    gowasm(['symbolicate', 'small.wasm', '-'], text),
    gowasm(['symbolicate', 'small.wasm'], text),
  ];
  for (const { status, stdout } of outputs)
    assert.deepEqual([status, stdout], [0, '    at main.outer (outer.go:12)\n']);
  assert.equal(gowasm(['symbolicate', '-', 'stack.txt'], small.bytes).status, 0);
});

test('symbolicate --json: one entry per line, empty ones too', () => {
  const { status, value } = json(
    ['symbolicate', 'small.wasm'],
    `\nx\n    at m.wasm:wasm-function[1]:${hex(small.secondCall)}\n\n`,
  );
  assert.equal(status, 0);
  assert.equal(value.format, 'gowasm.symbolicate/1');
  assert.deepEqual(
    value.lines.map(({ input, frame }: { input: string; frame: unknown }) => [input, frame !== null]),
    [
      ['', false],
      ['x', false],
      [`    at m.wasm:wasm-function[1]:${hex(small.secondCall)}`, true],
      ['', false],
    ],
  );
  assert.deepEqual(shapeOf(value.lines[2].frame), {
    functionIndex: 'number',
    offset: 'number',
    via: 'string',
    precision: 'string',
    frames: [{ function: 'string', file: 'string', line: 'number', inlined: 'boolean' }],
  });
});

test('--offset: decimal and hex, repeated; inside a call counts as the call', () => {
  const args = [
    'symbolicate',
    'small.wasm',
    '--offset',
    `${small.firstCall}`,
    '--offset',
    hex(small.firstCall + 1),
    `--offset=${small.trap}`,
    '--offset',
    '1',
  ];
  const { status, value } = json(args);
  assert.equal(status, 0);
  const [call, inside, trap, nowhere] = value.lines;
  assert.deepEqual(
    [call.input, inside.input, nowhere],
    [`${small.firstCall}`, hex(small.firstCall + 1), { input: '1', frame: null }],
  );
  assert.deepEqual(inside.frame.frames, call.frame.frames);
  assert.deepEqual([call.frame.precision, inside.frame.precision], ['exact', 'exact']);
  assert.deepEqual([trap.frame.precision, trap.frame.candidates], ['candidates', [{ file: 'inner.go', line: 50 }]]);
});

test('every candidate is printed as file:line', async () => {
  const run = await runFixture(FIXTURE, ['out-of-bounds']);
  const done = gowasm(['symbolicate', 'judge.wasm'], run.uncaught[0].stack);
  const { value } = json(['symbolicate', 'judge.wasm'], run.uncaught[0].stack);
  const { frame } = value.lines[1];
  assert.ok(frame.candidates.length >= 2);
  for (const { file, line } of frame.candidates) assert.ok(done.stdout.includes(`${file}:${line}`), done.stdout);
  assert.match(done.stdout, /^ {4}at main\.outOfBounds \(.*failures\.go:\d+\) \[one of .*\]$/m);
});

test('gzip by its first bytes, brotli by its name, standard input for both files', () => {
  file('small.wasm.gz', gzipSync(small.bytes));
  file('packed', gzipSync(small.bytes));
  file('small.wasm.br', brotliCompressSync(small.bytes));
  for (const name of ['small.wasm', 'small.wasm.gz', 'packed', 'small.wasm.br']) {
    assert.equal(json(['info', name]).value.size, small.bytes.length, name);
  }
  assert.equal(json(['info', '-'], gzipSync(small.bytes)).value.size, small.bytes.length);
});

test('nothing found: the same object, exit 1', () => {
  for (const made of ['other/clang-dwarf', 'other/rust-release']) {
    const { status, value } = json(
      ['symbolicate', fixturePath(made)],
      'Error: x\nmain.main()\n\ta.go:1 +0x1\n    at f (a.js:1:2)',
    );
    assert.deepEqual([status, value.lines.length], [1, 4], made);
  }
  file('header.wasm', module());
  file('named.wasm', module(functionNames([0, 'f'])));
  for (const name of ['header.wasm', 'named.wasm', 'small.wasm']) {
    const none = json(['symbolicate', name, '--offset', '7']);
    assert.deepEqual(
      [none.status, none.value],
      [1, { format: 'gowasm.symbolicate/1', lines: [{ input: '7', frame: null }] }],
      name,
    );
    assert.deepEqual(gowasm(['symbolicate', name, '--offset', '7']).stdout, '7\n');
  }
  assert.equal(json(['info', 'header.wasm']).value.toolchain.kind, 'other');
  assert.equal(gowasm(['functions', 'header.wasm']).status, 0);
});

test('a module that is not Go’s is named by its name section, and says so', () => {
  const { value } = json(['functions', fixturePath('other/rust-release')]);
  const [{ offset, name }] = value.functions;
  const { status, value: found } = json([
    'symbolicate',
    fixturePath('other/rust-release'),
    '--offset',
    `${offset + 5}`,
  ]);
  assert.deepEqual([status, found.lines[0].frame.via, found.lines[0].frame.precision], [0, 'names', 'function']);
  assert.equal(found.lines[0].frame.frames[0].function, name);
});

const judge = openFixture(FIXTURE);
/** What is wrong, how it is called, and the one line that says so. */
const WRONG: [what: string, args: string[], line: RegExp][] = [
  ['no command', [], /^gowasm: a command is missing; see gowasm --help$/],
  ['an unknown command', ['doctr', 'small.wasm'], /^gowasm: unknown command doctr; see gowasm --help$/],
  ['a name every object has', ['constructor', 'small.wasm'], /^gowasm: unknown command constructor/],
  ['no file', ['info'], /^gowasm: usage: gowasm info FILE/],
  ['too many files', ['functions', 'a', 'b'], /^gowasm: usage: gowasm functions FILE/],
  ['an unknown option', ['info', '--bogus', 'small.wasm'], /^gowasm: unknown option --bogus$/],
  ['an option without value', ['symbolicate', 'small.wasm', '--offset'], /^gowasm: --offset needs a value$/],
  [
    'an offset that is none',
    ['symbolicate', 'small.wasm', '--offset', '12x'],
    /^gowasm: --offset 12x: expected a decimal or 0x hex number$/,
  ],
  ['a negative offset', ['symbolicate', 'small.wasm', '--offset=-1'], /^gowasm: --offset -1: expected/],
  [
    'offset and text',
    ['symbolicate', 'small.wasm', 'x.txt', '--offset', '1'],
    /^gowasm: --offset and TEXT exclude each other$/,
  ],
  ['standard input twice', ['symbolicate', '-', '-'], /^gowasm: standard input cannot be both/],
  ['a missing file', ['info', 'absent.wasm'], /^gowasm: absent\.wasm: no such file$/],
  ['a missing text', ['symbolicate', 'small.wasm', 'absent.txt'], /^gowasm: absent\.txt: no such file$/],
  ['a folder', ['info', '.'], /^gowasm: \.: is a directory$/],
  [
    'an empty file',
    ['info', file('empty.wasm', '')],
    /^gowasm: empty\.wasm: expected the wasm magic number "\\0asm" at offset 0x0$/,
  ],
  [
    'a PNG',
    ['functions', file('a.png', bytes().u8(0x89).ascii('PNG\r\n\x1a\n').zeros(40).done())],
    /^gowasm: a\.png: expected the wasm magic number .* at offset 0x0$/,
  ],
  [
    'a component',
    ['info', file('component.wasm', bytes().ascii('\0asm').u32(0x1000d).done())],
    /^gowasm: component\.wasm: expected version 1 .* at offset 0x4$/,
  ],
  [
    'a cut file',
    ['info', file('cut.wasm', judge.subarray(0, judge.length / 2))],
    /^gowasm: cut\.wasm: expected \d+ bytes of \w+ section at offset 0x[0-9a-f]+$/,
  ],
  [
    'a cut file, symbolicate',
    ['symbolicate', 'cut.wasm', '--offset', '1'],
    /^gowasm: cut\.wasm: expected .* at offset 0x[0-9a-f]+$/,
  ],
  [
    'cut gzip',
    ['info', file('cut.gz', gzipSync(judge).subarray(0, 5000))],
    /^gowasm: cut\.gz: expected gzip data at offset 0x0$/,
  ],
  [
    'no brotli',
    ['info', file('no.br', judge.subarray(0, 100))],
    /^gowasm: no\.br: expected brotli data at offset 0x0$/,
  ],
  [
    'a gzip bomb',
    ['info', file('bomb.gz', gzipSync(new Uint8Array(1 << 27)))],
    /^gowasm: bomb\.gz: expected at most \d+ bytes of unpacked data at offset 0x0$/,
  ],
  [
    'a brotli bomb',
    [
      'info',
      file('bomb.br', brotliCompressSync(new Uint8Array(1 << 27), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })),
    ],
    /^gowasm: bomb\.br: expected at most \d+ bytes of unpacked data at offset 0x0$/,
  ],
  ['a folder as text', ['symbolicate', 'small.wasm', '.'], /^gowasm: \.: is a directory$/],
];

for (const [what, args, line] of WRONG) {
  test(`${what}: one line, exit 2, nothing on standard output`, () => {
    for (const extra of [[], ['--json']]) {
      if (extra.length > 0 && args.at(-1) === '--offset') continue;
      if (extra.length > 0 && args.length === 0) continue;
      const { status, stdout, stderr } = gowasm([...args, ...extra]);
      assert.deepEqual([status, stdout], [2, ''], stderr);
      assert.match(stderr, /^[^\n]+\n$/);
      assert.match(stderr.trimEnd(), line);
    }
  });
}

test('--help and --version answer on standard output', () => {
  for (const args of [['--help'], ['-h'], ['info', '--help'], ['symbolicate', '-h']]) {
    const { status, stdout, stderr } = gowasm(args);
    assert.deepEqual([status, stderr], [0, ''], args.join(' '));
    for (const command of ['info FILE', 'symbolicate FILE', 'functions FILE', 'run FILE'])
      assert.ok(stdout.includes(command), command);
  }
  assert.match(gowasm(['--version']).stdout, /^gowasm \d+\.\d+\.\d+\n$/);
});

test('a hundred thousand lines go through', () => {
  const line = `    at m.wasm:wasm-function[1]:${hex(small.firstCall)}`;
  const { status, stdout } = gowasm(['symbolicate', 'small.wasm'], Array(100_000).fill(line).join('\n'));
  assert.equal(status, 0);
  assert.equal(stdout, '    at main.outer (outer.go:12)\n'.repeat(100_000));
});
