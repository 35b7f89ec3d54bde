/** Go's own traceback is the judge: every frame that Go printed stands in our rows, in order, with file and line. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Failure } from '../../src/failures/failure';
import { framesOf } from '../../src/failures/rows';
import { failuresOf } from './told';

const SCENARIOS: [name: string, title: RegExp][] = [
  ['nil-pointer', /^panic: runtime error: invalid memory address or nil pointer dereference$/],
  ['nil-map', /^panic: assignment to entry in nil map$/],
  ['nil-func', /^panic: runtime error: invalid memory address/],
  ['nil-interface', /^panic: runtime error: invalid memory address/],
  ['index', /^panic: runtime error: index out of range \[5\] with length 2$/],
  ['slice', /^panic: runtime error: slice bounds out of range \[5:2\]$/],
  ['divide', /^panic: runtime error: integer divide by zero$/],
  ['makeslice', /^panic: runtime error: makeslice: len out of range$/],
  ['type-assertion', /^panic: interface conversion: main\.square is not interface/],
  ['panic-string', /^panic: a string$/],
  ['panic-error', /^panic: main\.custom\{code:7\}|^panic: custom error/],
  ['panic-inlined', /^panic: 3$|^panic: main\./],
  ['panic-nested', /^panic: second$/],
  ['panic-again', /invalid memory address/],
  ['panic-after-sleep', /^panic: later$/],
  ['panic-deep', /^panic: deep$/],
  ['panic-in-callback', /^panic: runtime error: invalid memory address/],
  ['close-closed', /^panic: close of closed channel$/],
  ['send-closed', /^panic: send on closed channel$/],
  ['unlock', /^fatal error: sync: unlock of unlocked mutex$/],
  ['call-throws', /^panic: JavaScript error: thrown by a call$/],
  ['value-type', /^panic: syscall\/js: call of Value\.Get on undefined$/],
];

/** What Go printed of the goroutine that failed, read here without our readers. */
function printed(output: string): { function: string; place: string }[] {
  const [, text = ''] = /^goroutine \d+[^\n]*\[[^\]]*\]:\n([\s\S]*?)(?:\n\n|$(?![\s\S]))/m.exec(output) ?? [];
  return [...text.matchAll(/^(?!created by )(\S+)\(.*\)\n\t(\S+:\d+)/gm)].map(([, name, place]) => ({
    function: name === 'panic' ? 'runtime.gopanic' : name,
    place,
  }));
}

function rowsOf(failure: Failure): { function: string; place: string }[] {
  return failure.stack.rows
    .flatMap((row) =>
      row.kind === 'run' ? Array.from({ length: row.times }, () => framesOf(row.rows)).flat() : framesOf([row]),
    )
    .map((row) => ({ function: row.function, place: `${row.file}:${row.line}` }));
}

for (const fixture of [
  'go1.19/judge-stripped',
  'go1.24/judge-stripped',
  'go1.19/judge-wasmopt',
  'go1.24/judge-wasmopt',
]) {
  for (const [scenario, title] of SCENARIOS) {
    test(`${fixture} ${scenario}: as Go tells it`, async () => {
      const { failures, run } = await failuresOf(fixture, scenario);
      const [panic] = failures;
      assert.ok(panic, run.output);
      assert.match(panic.title, title);
      assert.deepEqual([panic.kind, panic.exitCode, panic.stack.complete, panic.stack.note], ['panic', 2, true, '']);
      const [truth, rows] = [printed(run.output), rowsOf(panic)];
      assert.ok(truth.length >= 1, run.output);
      let at = 0;
      for (const frame of truth) {
        const found = rows.findIndex(
          (row, i) => i >= at && row.function === frame.function && row.place === frame.place,
        );
        assert.ok(
          found >= 0,
          `${frame.function} ${frame.place} after row ${at} of\n${JSON.stringify(rows.slice(0, 30), null, 1)}`,
        );
        at = found + 1;
      }
      assert.equal(rows.at(-1)?.function, 'runtime.goexit');
      assert.equal(panic.goroutine?.id, Number(/goroutine (\d+)/.exec(run.output)?.[1]));
      assert.ok(panic.where?.function.startsWith('main.'), JSON.stringify(panic.where));
      assert.ok(panic.what.length > 0 && panic.todo.length > 0);
    });
  }
}
