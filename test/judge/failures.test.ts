/**
 * Every kind of failure, told by the session from what the hook would have sent, against Go's own words: the printed
 * traceback where Go prints one, else what runtime.CallersFrames said one line before.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Failure, FrameRow, StackRow } from '../../src/failures/failure';
import type { HookEvent } from '../../src/protocol/messages';
import { createSession } from '../../src/session';
import { openFixture } from '../fixtures/open';
import { type Run, runFixture, type TrueFrame } from '../fixtures/run';
import { readTraceback, shown } from './go-text';

const BINARIES = [
  'go1.19/judge-stripped',
  'go1.20/judge-stripped',
  'go1.21/judge-noopt',
  'go1.22/judge-stripped',
  'go1.23/judge-stripped',
  'go1.24/judge-stripped',
  'go1.25/judge-stripped',
  'go1.26/judge-stripped',
  'go1.27/judge-plain',
  'go1.27/judge-wasmopt',
];

/** Failures of which Go prints a traceback before it exits with 2. */
const PRINTED = `nil-pointer nil-map nil-func nil-interface index slice divide makeslice type-assertion panic-string
  panic-error panic-inlined panic-nested panic-again panic-goroutine panic-after-sleep panic-deep close-closed send-closed
  unlock call-throws new-throws not-a-function value-type panic-in-callback panic-in-nested-callback panic-in-timeout
  call-after-panic`.split(/\s+/);

/** Failures of which Go says nothing; `snap` told the truth one line before. */
const SILENT = 'breakpoint out-of-bounds bad-func getter-throws setter-throws proxy-throws'.split(' ');

/** In two scenarios the failure races with the end of main, 20 ms later: on a busy machine main may win. */
async function runUntilItFails(name: string, scenario: string): Promise<Run> {
  for (let attempt = 1; ; attempt++) {
    const run = await runFixture(name, [scenario]);
    if (run.exitCode !== 0 || attempt === 10) return run;
  }
}

/** Told as events of a hook, in the order in which they happened: what was thrown after exit came after it. */
function failuresOf(name: string, run: Run): Failure[] {
  const session = createSession();
  assert.ok(session.open('judge', openFixture(name)).ok);
  const url = '';
  const at = 0;
  let seq = 0;
  const tell = (event: HookEvent) => session.seen('realm', event).failures;
  tell({
    type: 'module',
    seq: seq++,
    instance: 1,
    url,
    bytes: 'lost',
    how: 'instantiate',
    namespace: 'gojs',
    at,
  });
  session.bind('realm', 1, 'judge');
  const told = new Map<string, Failure>();
  const keep = (failures: Failure[]) => {
    for (const failure of failures) told.set(failure.id, failure);
  };
  if (run.exitCode !== null) {
    const { exitCode: code, exitCapture: capture, output } = run;
    keep(tell({ type: 'exit', seq: seq++, instance: 1, code, output, outputDropped: 0, capture, at }));
  }
  for (const { how, name: kind, message, stack, capture } of run.uncaught) {
    const captures = capture ? [{ instance: 1, capture }] : [];
    keep(tell({ type: 'error', seq: seq++, how, name: kind, message, stack, captures, at }));
  }
  return [...told.values()];
}

/** All Go frames of a failure's stack, runs opened and repeated. */
function goFrames(rows: StackRow[]): FrameRow[] {
  return rows.flatMap((row) => {
    if (row.kind === 'run') return Array.from({ length: row.times }, () => row.rows).flat();
    return row.kind === 'frame' ? [row] : [];
  });
}

const text = ({ function: name, file, line, inlined }: TrueFrame | FrameRow) =>
  `${name} ${file}:${line}${inlined ? ' inlined' : ''}`;

for (const name of BINARIES) {
  test(`${name}: failures that Go prints have its frames, from where it failed to goexit`, async () => {
    for (const scenario of PRINTED) {
      const run = await runUntilItFails(name, scenario);
      assert.equal(run.exitCode, 2, scenario);
      const truth = readTraceback(run.output);
      assert.ok(truth && truth.frames.length > 0, scenario);
      const [failure] = failuresOf(name, run);
      assert.equal(failure.kind, 'panic', scenario);
      assert.deepEqual([failure.stack.complete, failure.stack.note], [true, ''], scenario);
      const frames = goFrames(failure.stack.rows);
      assert.equal(frames.at(-1)?.function, 'runtime.goexit', scenario);
      const told = frames.filter((frame) => shown(frame.function)).map(text);
      // What called the printing lies further in than the traceback begins.
      while (told.length > 0 && told[0] !== text(truth.frames[0])) told.shift();
      const wanted = truth.frames.map(text);
      const missing = told.length - wanted.length;
      if (truth.elided !== 0) {
        if (truth.elided !== null) assert.equal(missing, truth.elided, scenario);
        told.splice(truth.before, missing);
      }
      assert.deepEqual(told, wanted, scenario);
      assert.equal(failure.goroutine?.id, truth.goroutine, scenario);
      if (truth.createdBy) assert.deepEqual(failure.goroutine?.createdBy, truth.createdBy, scenario);
    }
  });

  test(`${name}: traps and JavaScript errors have the frames that Go told one line before`, async () => {
    for (const scenario of SILENT) {
      const run = await runFixture(name, [scenario]);
      const truth = run.snaps.find(({ label }) => label === 'line before')?.truth.slice(1);
      assert.ok(truth, scenario);
      assert.equal(run.exitCode, null, scenario);
      const [failure] = failuresOf(name, run);
      assert.equal(failure.kind, scenario.includes('throws') ? 'js-error' : 'trap', scenario);
      assert.deepEqual([failure.stack.complete, failure.stack.note], [true, ''], scenario);
      const frames = goFrames(failure.stack.rows);
      const from = frames.findIndex((frame) => frame.function === truth[0].function);
      const [own, ...callers] = frames.slice(from);
      const line = truth[0].line + 1;
      assert.equal(own?.function, truth[0].function, scenario);
      const places = own.precision === 'exact' ? [own] : (own.candidates ?? []);
      assert.ok(
        places.some((place) => place.line === line && place.file === truth[0].file),
        `${scenario}: line ${line} is not among ${places.map((place) => place.line)} (${own.precision})`,
      );
      assert.deepEqual(callers.map(text), truth.slice(1).map(text), scenario);
    }
  });

  test(`${name}: what follows a failure belongs to it`, async () => {
    for (const [scenario, title] of [
      ['panic-in-callback', /invalid memory address/],
      ['panic-in-nested-callback', /panic/],
      ['exit-in-callback', /code 5/],
      ['call-after-panic', /panic/],
      ['call-after-exit', null],
    ] as const) {
      const run = await runFixture(name, [scenario]);
      assert.ok(run.uncaught.length > 0, scenario);
      const failures = failuresOf(name, run);
      const followUps = failures.filter((failure) => failure.kind === 'follow-up');
      assert.ok(followUps.length > 0, scenario);
      if (title === null) continue;
      assert.match(failures[0].title, title, scenario);
      for (const followUp of followUps) assert.equal(followUp.causedBy, failures[0].id, scenario);
    }
  });

  test(`${name}: deadlocks, told when the program is woken, have the frames that Go prints`, async () => {
    for (const scenario of ['deadlock', 'deadlock-lock', 'select-forever']) {
      const run = await runFixture(name, [scenario], { wake: true });
      assert.equal(run.exitCode, 2, scenario);
      const truth = readTraceback(run.output);
      assert.ok(truth, scenario);
      const [failure] = failuresOf(name, run);
      const frames = goFrames(failure.stack.rows).filter((frame) => shown(frame.function));
      assert.deepEqual(frames.map(text), truth.frames.map(text), scenario);
      assert.equal(failure.goroutine?.id, truth.goroutine, scenario);
    }
  });

  test(`${name}: an exit by the program names who called os.Exit`, async () => {
    for (const [scenario, code, caller] of [
      ['exit', 3, /^main\.(?:init\.(?:\d\.)?func\d+|glob\.\.func\d+)$/],
      ['exit-in-callback', 5, /^main\.init(?:\.\d)?\.func[\d.]+$/],
    ] as const) {
      const run = await runFixture(name, [scenario]);
      const [failure] = failuresOf(name, run);
      assert.deepEqual([failure.kind, failure.exitCode, run.exitCode], ['exit', code, code], scenario);
      const frames = goFrames(failure.stack.rows);
      const exit = frames.findIndex((frame) => frame.function === 'os.Exit');
      assert.ok(exit >= 0 && failure.stack.complete, scenario);
      assert.match(frames[exit + 1].function, caller, scenario);
      assert.equal(failure.where?.function, frames[exit + 1].function, scenario);
      const snap = run.snaps.find(({ label }) => label === 'exit');
      const truth = snap?.truth.slice(1).map(text);
      if (truth) assert.deepEqual(frames.slice(exit + 1).map(text), truth, scenario);
    }
  });

  test(`${name}: endless recursion is told to its outer end, folded`, async () => {
    const run = await runFixture(name, ['infinite-recursion']);
    const [failure] = failuresOf(name, run);
    assert.match(run.uncaught[0].message, /call stack/);
    assert.ok(failure.stack.rows.length < 100, `${failure.stack.rows.length} rows`);
    const frames = goFrames(failure.stack.rows);
    assert.ok(frames.filter((frame) => frame.function === 'main.infinite').length > 1000);
    assert.deepEqual([failure.stack.complete, frames.at(-1)?.function], [true, 'runtime.goexit']);
  });
}
