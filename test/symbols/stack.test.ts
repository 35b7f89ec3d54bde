/** Lines of stack text as engines, consoles, error trackers and Go itself print them, and lines made to hurt. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLine, readStack, type StackLine, type WasmLine } from '../../src/symbols/stack';

const URL = 'https://example.com/app/main.wasm';
const wasm = (index: number | null, offset: number | null, name = '', url = URL): WasmLine => ({
  kind: 'wasm',
  index,
  offset,
  name,
  url,
});

/** Each line with what it says, by who prints it. */
const LINES: [who: string, line: string, StackLine][] = [
  ['V8', `    at ${URL}:wasm-function[1801]:0x18373f`, wasm(1801, 0x18373f)],
  ['V8, with names', `    at main.f (${URL}:wasm-function[1801]:0x18373f)`, wasm(1801, 0x18373f, 'main.f')],
  [
    'V8, names with blanks',
    `    at type:.eq.struct { X int } (${URL}:wasm-function[9]:0x18)`,
    wasm(9, 0x18, 'type:.eq.struct { X int }'),
  ],
  [
    'V8, from bytes',
    '    at wasm://wasm/0093382a:wasm-function[1729]:0x157cac',
    wasm(1729, 0x157cac, '', 'wasm://wasm/0093382a'),
  ],
  [
    'V8, from bytes, with names',
    '    at main.f (wasm://wasm/main.wasm-0093382a:wasm-function[7]:0x1c)',
    wasm(7, 0x1c, 'main.f', 'wasm://wasm/main.wasm-0093382a'),
  ],
  ['V8 of 2018, without offset', '    at main.f (wasm-function[1801])', wasm(1801, null, 'main.f', '')],
  ['V8 of 2019', '    at main.f (wasm-function[1801]:0x18373f)', wasm(1801, 0x18373f, 'main.f', '')],
  ['V8, async frame', `    at async main.f (${URL}:wasm-function[3]:0x20)`, wasm(3, 0x20, 'main.f')],
  ['SpiderMonkey', `@${URL}:wasm-function[1801]:0x18373f`, wasm(1801, 0x18373f)],
  ['SpiderMonkey, with names', `main.f@${URL}:wasm-function[1801]:0x18373f`, wasm(1801, 0x18373f, 'main.f')],
  ['JavaScriptCore', '<?>.wasm-function[1801]@[wasm code]', wasm(1801, null, '', '')],
  ['JavaScriptCore, with names', '<?>.wasm-function[main.f]@[wasm code]', wasm(null, null, 'main.f', '')],
  [
    'JavaScriptCore, named module',
    'main.wasm.wasm-function[main.f]@[wasm code]',
    wasm(null, null, 'main.f', 'main.wasm'),
  ],
  ['DevTools console, copied', '$main.f @ main.wasm:0x18373f', wasm(null, 0x18373f, 'main.f', 'main.wasm')],
  ['DevTools console, in a stack', '    at $main.f (main.wasm:0x18373f)', wasm(null, 0x18373f, 'main.f', 'main.wasm')],
  ['DevTools, no name', 'main.wasm:0x18373f', wasm(null, 0x18373f, '', 'main.wasm')],
  ['call sites of V8', `    at ${URL}:1:1587008`, wasm(null, 1587007)],
  ['call sites, in parentheses', `    at main.f (${URL}:1:1587008)`, wasm(null, 1587007)],
  ['call sites, from bytes', '    at wasm://wasm/0093382a:1:65', wasm(null, 64, '', 'wasm://wasm/0093382a')],
  ['Sentry', `  File "${URL}:wasm-function[1801]:0x18373f", in main.f`, wasm(1801, 0x18373f)],
  ['a log line around it', `12:00:01 ERROR  at ${URL}:wasm-function[18]:0x1f trailing`, wasm(18, 0x1f)],

  ['Go', 'goroutine 1 [running]:', { kind: 'goroutine', id: 1, state: 'running' }],
  [
    'Go, waiting',
    'goroutine 34 [chan receive, 2 minutes]:',
    { kind: 'goroutine', id: 34, state: 'chan receive, 2 minutes' },
  ],
  ['Go, parentheses', 'goroutine 6 [select (no cases)]:', { kind: 'goroutine', id: 6, state: 'select (no cases)' }],
  ['Go, fatal error', 'goroutine 0 gp=0x1c2dc0 m=0 mp=0x1c3960 [idle]:', { kind: 'goroutine', id: 0, state: 'idle' }],
  ['Go, no m', 'goroutine 17 gp=0x40e540 m=nil [sleep]:', { kind: 'goroutine', id: 17, state: 'sleep' }],
  ['Go 1.27, labels', 'goroutine 5 [running] {user: "a b"}:', { kind: 'goroutine', id: 5, state: 'running' }],
  ['Go', 'main.one({0x1008, 0x6})', goFunction('main.one')],
  ['Go, method', 'sync.(*Mutex).Unlock(0x20e090)', goFunction('sync.(*Mutex).Unlock')],
  ['Go, inlined', 'main.fail(...)', { ...goFunction('main.fail'), inlined: true }],
  ['Go, generic', 'main.Map[...](0x1, {0x2, 0x3})', goFunction('main.Map[...]')],
  ['Go, panic', 'panic({0xce40, 0x37080})', goFunction('panic')],
  ['Go before 1.18', 'panic(0xce40, 0x37080)', goFunction('panic')],
  ['Go, assembly', 'memeqbody()', goFunction('memeqbody')],
  ['Go, created by', 'created by main.main', { ...goFunction('main.main'), createdBy: true }],
  [
    'Go 1.21 on',
    'created by main.init.func14 in goroutine 1',
    { ...goFunction('main.init.func14'), createdBy: true, inGoroutine: 1 },
  ],
  ['Go', '\t/src/judge/main.go:43 +0x10', { kind: 'go-place', file: '/src/judge/main.go', line: 43, block: 16 }],
  [
    'Go, inlined',
    '\texample.com/judge@v1.2.3/unwinding.go:73',
    { kind: 'go-place', file: 'example.com/judge@v1.2.3/unwinding.go', line: 73, block: null },
  ],
  ['Go, on Windows', '\tC:/src/main.go:7 +0x3', { kind: 'go-place', file: 'C:/src/main.go', line: 7, block: 3 }],
  ['Go, GOTRACEBACK=system', '\t/src/main.go:7 +0x3 fp=0x40a fp=0x1 sp=0x2 pc=0x3', { kind: 'text' }],
  [
    'Go, crash',
    '\t/src/main.go:7 +0x3 fp=0x40af90 sp=0x40af58 pc=0x10a10003',
    { kind: 'go-place', file: '/src/main.go', line: 7, block: 3 },
  ],
  ['Go', '...additional frames elided...', { kind: 'elided', count: null }],
  ['Go 1.21 on', '...312 frames elided...', { kind: 'elided', count: 312 }],

  ['V8, JavaScript', '    at globalThis.Go.run (https://example.com/wasm_exec.js:534:23)', { kind: 'js' }],
  ['V8, JavaScript', '    at async https://example.com/a.js:1:2', { kind: 'js' }],
  ['V8, builtin', '    at Array.forEach (<anonymous>)', { kind: 'js' }],
  ['V8, native', '    at Reflect.apply (native)', { kind: 'js' }],
  ['SpiderMonkey, JavaScript', 'run@https://example.com/wasm_exec.js:534:23', { kind: 'js' }],
  ['JavaScriptCore, JavaScript', 'forEach@[native code]', { kind: 'js' }],
  ['a message', 'RuntimeError: memory access out of bounds', { kind: 'text' }],
  ['prose', 'see the function of main.wasm', { kind: 'text' }],
  ['empty', '', { kind: 'text' }],
];

function goFunction(name: string): StackLine & { kind: 'go-function' } {
  return { kind: 'go-function', name, inlined: false, createdBy: false, inGoroutine: null };
}

for (const [who, line, said] of LINES) {
  test(`${who}: ${line.trim()}`, () => {
    assert.deepEqual(readLine(line), said);
  });
}

test('Windows line ends are no part of a line', () => {
  const text = ['RuntimeError: x', `    at ${URL}:wasm-function[1]:0x2`, 'main.main()', '\ta.go:1 +0x1', ''].join(
    '\r\n',
  );
  assert.deepEqual(
    readStack(text).map(({ input, line }) => `${line.kind} ${input}`),
    [
      'text RuntimeError: x',
      `wasm     at ${URL}:wasm-function[1]:0x2`,
      'go-function main.main()',
      'go-place \ta.go:1 +0x1',
      'text ',
    ],
  );
});

test('a Go function counts only with its place behind it, a place only with its function before it', () => {
  const text = ['call(me)', 'main.main()', '\ta.go:1', '\tb.go:2', 'main.f()'].join('\n');
  assert.deepEqual(
    readStack(text).map(({ line }) => line.kind),
    ['text', 'go-function', 'go-place', 'text', 'text'],
  );
});

test('what is nearly a frame is text, and no number leaves its bounds', () => {
  const nearly = [
    'wasm-function[x]:0x12',
    'wasm-function[99999999999]:0x12',
    'main.wasm:0xg',
    'main.wasm:1:0',
    'goroutine 1 []:',
    'goroutine x [running]:',
    `\t${'a'.repeat(5000)}.go:1`,
    `at ${'x'.repeat(5000)} (${URL}:wasm-function[1]:0x2)`,
    '\t:1',
    '()',
  ];
  for (const line of nearly) assert.deepEqual(readLine(line), { kind: 'text' }, line.slice(0, 60));
});

/** Lines on which a careless pattern takes the square of their length. */
const BAIT: Record<string, string> = {
  'at at at': ' at'.repeat(1300),
  '((((': '('.repeat(4000),
  '(((( and a wasm ending': `${'('.repeat(4000)}.wasm:0xg`,
  blanks: ' '.repeat(4000),
  'blanks and a JSC ending': `${' '.repeat(4000)}@[wasm code]`,
  'wasm-function[': 'wasm-function['.repeat(290),
  'wasm-function[1]': 'wasm-function[1]'.repeat(250),
  '.wasm.wasm': '.wasm'.repeat(800),
  '.wasm:1:': '.wasm:1:'.repeat(500),
  ':1:1:1': `at ${':1'.repeat(2000)}`,
  digits: `\t${'1'.repeat(4000)}:`,
  '@@@@': '@'.repeat(4000),
  'x@x@': 'x@'.repeat(2000),
  'created by': `created by ${' in goroutine '.repeat(280)}`,
  'gp= m=': `goroutine 1${' gp=1 m=1'.repeat(400)}`,
  braces: `goroutine 1 [a]${' {'.repeat(2000)}`,
};

/**
 * Work cannot be counted inside the engine's patterns, and time is not measured here: the bait is so long and so much
 * that a pattern which goes back and forth does not come to an end within the test's limit.
 */
test('no line makes a pattern go back and forth', { timeout: 60_000 }, () => {
  for (const [name, line] of Object.entries(BAIT)) {
    assert.ok(line.length <= 4096, name);
    const lines = readStack(Array(500).fill(line).join('\n'));
    assert.deepEqual([lines.length, new Set(lines.map((one) => one.line.kind)).size], [500, 1], name);
  }
});

test('lines of a million characters are text', () => {
  for (const part of ['x', ' at (', 'wasm-function[1]:0x1 ', 'main.wasm:0x1 ']) {
    const line = part.repeat(1_000_000 / part.length);
    assert.deepEqual(readStack(line), [{ input: line, line: { kind: 'text' } }], part);
  }
});

test('a hundred thousand lines are a hundred thousand answers', () => {
  const text = Array.from({ length: 100_000 }, (_, i) => `    at ${URL}:wasm-function[${i}]:0x${i.toString(16)}`).join(
    '\n',
  );
  const lines = readStack(text);
  assert.equal(lines.length, 100_000);
  assert.deepEqual(lines[99_999].line, wasm(99_999, 99_999));
});
