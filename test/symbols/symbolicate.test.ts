/** Text in, frames out; and the folding of long runs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pasteStack } from '../../src/failures/paste';
import { Program } from '../../src/program';
import { foldRuns, internKeys } from '../../src/symbols/fold';
import { symbolicate } from '../../src/symbols/symbolicate';
import { openFixture } from '../fixtures/open';
import { tiny } from '../go/tiny';

const small = tiny();
const program = new Program(small.bytes);
const hex = (offset: number) => `0x${offset.toString(16)}`;
const shown = (text: string) =>
  symbolicate(program, text).map(({ located, misfit }) =>
    located ? located.frames.map((frame) => `${frame.function}:${frame.line}`).join(' < ') : misfit ? 'misfit' : '',
  );

test('one answer for each line, in order, with what stands between', () => {
  const text = [
    'RuntimeError: unreachable',
    `    at main.inner (http://h/m.wasm:wasm-function[2]:${hex(small.trap)})`,
    `    at main.outer (http://h/m.wasm:wasm-function[1]:${hex(small.secondCall)})`,
    '    at globalThis.Go.run (http://h/wasm_exec.js:534:23)',
    '',
  ].join('\n');
  assert.deepEqual(shown(text), ['', 'main.inner:50', 'main.small:90 < main.outer:13', '', '']);
});

test('without offset only the function is told, by index or by name', () => {
  assert.deepEqual(shown('<?>.wasm-function[1]@[wasm code]'), ['main.outer:10']);
  // The module has no names: an engine that prints one has another module.
  assert.deepEqual(shown('<?>.wasm-function[main.outer]@[wasm code]'), ['']);
  const named = new Program(openFixture('go1.27/judge-plain'));
  const [line] = symbolicate(named, '<?>.wasm-function[main.outer]@[wasm code]');
  assert.equal(line.located?.frames.at(-1)?.function, 'main.outer');
});

test('an offset that its function does not hold, or no instruction begins at, is of another build', () => {
  assert.deepEqual(shown(`at m.wasm:wasm-function[2]:${hex(small.firstCall)}`), ['misfit']);
  assert.deepEqual(shown('at m.wasm:wasm-function[1]:0x1'), ['misfit']);
  assert.deepEqual(shown('at m.wasm:wasm-function[0]:0xffffffff'), ['misfit']);
  const [inside] = symbolicate(program, `at m.wasm:wasm-function[1]:${hex(small.firstCall + 1)}`);
  assert.deepEqual([inside.misfit, inside.located?.precision], [true, 'exact']);
  const pasted = pasteStack(
    program,
    `at m.wasm:wasm-function[1]:${hex(small.firstCall + 1)}\nat m.wasm:wasm-function[2]:0x9`,
  );
  assert.deepEqual([pasted.frames, pasted.misfits], [2, 2]);
  assert.match(pasted.warning, /^These offsets do not fit this build: all 2 frames do not point/);
});

test('a frame of Go’s own traceback keeps Go’s words and leads to its call', () => {
  const [, place] = symbolicate(program, 'main.outer()\n\t/src/outer.go:12 +0x2');
  assert.deepEqual(place.located, {
    functionIndex: 1,
    offset: small.firstCall,
    via: 'pclntab',
    precision: 'exact',
    frames: [{ function: 'main.outer', file: '/src/outer.go', line: 12, inlined: false }],
  });
});

test('a paste has rows for every frame, and a stack of them', () => {
  const pasted = pasteStack(
    program,
    `panic: x\n\ngoroutine 1 [running]:\nmain.outer()\n\touter.go:12 +0x2\n...5 frames elided...\n    at f (http://h/a.js:1:2)`,
  );
  assert.deepEqual(
    pasted.lines.map(({ rows }) => rows.map((row) => row.kind).join()),
    ['', '', '', '', 'frame', 'gap', 'js'],
  );
  assert.deepEqual([pasted.stack.length, pasted.warning], [3, '']);
});

test('100,000 frames of one recursion fold to a few rows, with the outermost told', () => {
  const call = `    at http://h/m.wasm:wasm-function[1]:${hex(small.firstCall)}`;
  const text = [...Array(100_000).fill(call), `    at http://h/m.wasm:wasm-function[1]:${hex(small.secondCall)}`].join(
    '\n',
  );
  const { stack, frames } = pasteStack(program, text);
  assert.equal(frames, 100_001);
  assert.deepEqual(
    stack.map((row) =>
      row.kind === 'run' ? `${row.rows[0].function} × ${row.times}` : row.kind === 'frame' ? row.function : row.kind,
    ),
    ['main.outer × 100000', 'main.small', 'main.outer'],
  );
});

/** Letters stand for frames; `(ab)3` for a run. */
function folded(text: string): string {
  const letters = [...text];
  return foldRuns(internKeys(letters, (letter) => letter))
    .map(({ from, length, times }) => {
      const part = letters.slice(from, from + length).join('');
      return times > 1 ? `(${part})${times}` : part;
    })
    .join(' ');
}

test('runs are folded from three on, by their shortest period, and nothing is lost', () => {
  const cases: [string, string][] = [
    ['', ''],
    ['abc', 'abc'],
    ['aab', 'aab'],
    ['xaaay', 'x (a)3 y'],
    ['ababab', '(ab)3'],
    ['abababa', '(ab)3 a'],
    ['aaabbb', '(a)3 (b)3'],
    ['abcabcabcabcd', '(abc)4 d'],
    ['mainaaaaexit', 'main (a)4 exit'],
  ];
  for (const [text, expected] of cases) assert.equal(folded(text), expected);
});

test('folding of any sequence gives the sequence back', () => {
  let state = 7;
  for (let round = 0; round < 300; round++) {
    const keys = Array.from({ length: round }, () => {
      state = (state * 1103515245 + 12345) % 2 ** 31;
      return (state >>> 16) % 3;
    });
    const back = foldRuns(keys).flatMap(({ from, length, times }) =>
      Array.from({ length: times }, () => keys.slice(from, from + length)).flat(),
    );
    assert.deepEqual(back, keys);
  }
});
