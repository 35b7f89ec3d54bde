/** What a load's events add up to: traps, errors, exits, their ties and counts. Events come from real runs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Failure, StackRow } from '../../src/failures/failure';
import { plainWords } from '../../src/failures/report';
import { framesOf } from '../../src/failures/rows';
import type { ErrorSeen, HookEvent } from '../../src/protocol/messages';
import { createSession } from '../../src/session';
import { openFixture } from '../fixtures/open';
import { runFixture } from '../fixtures/run';
import { eventsOf, failuresOf, lastTold, MODULE, REALM, sessionFor } from './told';

const FIXTURE = 'go1.24/judge-stripped';
const names = (rows: StackRow[]) => framesOf(rows).map((row) => row.function);
const OUTERMOST = ['main.one', 'main.main', 'runtime.main', 'runtime.goexit'];

for (const release of ['go1.19', 'go1.20', 'go1.21', 'go1.24', 'go1.27']) {
  test(`${release}: the TypeError after a panic in a callback belongs to the panic`, async () => {
    const { failures } = await failuresOf(`${release}/judge-stripped`, 'panic-in-callback');
    assert.deepEqual(
      failures.map(({ kind }) => kind),
      ['panic', 'follow-up'],
    );
    const [panic, after] = failures;
    assert.match(after.title, /^TypeError: Cannot read properties of undefined \(reading 'exports'\)$/);
    assert.deepEqual([after.causedBy, panic.followUps, panic.causedBy], [panic.id, [after.id], null]);
    assert.deepEqual([panic.instance, after.instance], [1, 1]);
    assert.match(plainWords(after.what), /^This error hides another one/);
    assert.equal(panic.where?.function, 'main.deref');
  });
}

/** An error such as wasm_exec.js throws, as the hook says it. */
const already = (seq: number, at: number): ErrorSeen => ({
  type: 'error',
  seq,
  how: 'rejection',
  name: 'Error',
  message: 'Uncaught (in promise) Error: Go program has already exited',
  stack: 'Error: Go program has already exited\n    at globalThis.Go._resume (http://h/wasm_exec.js:541:11)',
  captures: [],
  at,
});

test('every call after the end belongs to what ended it, and equal ones are counted', async () => {
  const run = await runFixture(FIXTURE, ['nil-map']);
  const session = sessionFor(FIXTURE);
  const events: HookEvent[] = [
    ...eventsOf(run),
    already(10, 3500),
    already(11, 4000),
    { type: 'again', seq: 12, of: 11, count: 40, at: 5000 },
  ];
  const [panic, after, ...rest] = lastTold(events.map((event) => session.seen(REALM, event)));
  assert.deepEqual(rest, []);
  assert.deepEqual(
    [after.kind, after.causedBy, after.count, after.at, after.lastAt],
    ['follow-up', panic.id, 42, 3500, 5000],
  );
  assert.equal(plainWords(after.what), 'The program had exited 2.5 s earlier; this call came too late.');
  assert.deepEqual(panic.followUps, [after.id]);
});

test('the same words without an end before them are an error of their own', () => {
  const [failure] = createSession().seen(REALM, already(1, 1)).failures;
  assert.deepEqual([failure.kind, failure.causedBy], ['js-error', null]);
});

test('a trap has V8’s frames, then Go’s up to goexit, and its line as candidates', async () => {
  const { failures } = await failuresOf(FIXTURE, 'out-of-bounds');
  const [trap] = failures;
  assert.deepEqual([failures.length, trap.kind, trap.stateUndefined, trap.stack.complete], [1, 'trap', true, true]);
  assert.deepEqual(names(trap.stack.rows), ['main.outOfBounds', ...OUTERMOST]);
  const [top, next] = framesOf(trap.stack.rows);
  assert.deepEqual(
    [top.precision, next.precision, top.from, framesOf(trap.stack.rows).at(-1)?.from],
    ['candidates', 'exact', 'v8', 'memory'],
  );
  // *(*int)(p) = 1 stands on the line below a call of snap; the fixture's source says which.
  assert.ok(
    top.candidates?.some(({ file, line }) => /failures\.go$/.test(file) && line === top.line + 1),
    JSON.stringify(top),
  );
  assert.match(plainWords(trap.what), /unsafe/);
});

test('after wasm-opt the same', async () => {
  for (const scenario of ['out-of-bounds', 'bad-func']) {
    const [trap] = (await failuresOf('go1.24/judge-wasmopt', scenario)).failures;
    assert.equal(trap.stack.complete, true, scenario);
    assert.deepEqual(names(trap.stack.rows).slice(-4), OUTERMOST, scenario);
  }
});

test('a hundred thousand frames are one folded row, and goexit is told', async () => {
  const { failures } = await failuresOf(FIXTURE, 'infinite-recursion');
  const { rows, complete, counts } = failures[0].stack;
  assert.ok(rows.length < 20, `${rows.length} rows`);
  const run = rows.find((row) => row.kind === 'run');
  assert.ok(run?.kind === 'run' && run.times > 10_000, JSON.stringify(run));
  assert.deepEqual([run.rows.map((row) => row.function), complete], [['main.infinite'], true]);
  assert.deepEqual(names(rows).slice(-4), OUTERMOST);
  assert.ok(counts.v8 > 1000 && counts.v8 + counts.memory > run.times);
  assert.match(plainWords(failures[0].todo), new RegExp(`× ${run.times.toLocaleString('en-US')}`));
});

test('a JavaScript error through Go names the bridge call', async () => {
  const { failures } = await failuresOf(FIXTURE, 'getter-throws');
  const [error] = failures;
  assert.deepEqual([error.kind, error.stateUndefined, error.where?.function], ['js-error', true, 'main.getterThrows']);
  assert.deepEqual(names(error.stack.rows), [
    'syscall/js.valueGet',
    'syscall/js.Value.Get',
    'main.getterThrows',
    ...OUTERMOST,
  ]);
  assert.match(plainWords(error.what), /JavaScript threw while Go called Value\.Get\./);
});

test('exits: main that returns, os.Exit by the user’s line, in a goroutine', async () => {
  const exits: [scenario: string, code: number, what: RegExp, where: string | null][] = [
    ['plain', 0, /^main returned\.$/, null],
    ['exit', 3, /^os\.Exit\(3\) was called at failures\.go:\d+\.$/, 'main.init'],
    ['exit-in-goroutine', 4, /^os\.Exit\(4\) was called/, null],
  ];
  for (const [scenario, code, what, where] of exits) {
    const { failures } = await failuresOf(FIXTURE, scenario);
    assert.deepEqual([failures.length, failures[0].kind, failures[0].exitCode], [1, 'exit', code], scenario);
    assert.match(plainWords(failures[0].what), what, scenario);
    if (where) assert.ok(failures[0].where?.function.startsWith(where), scenario);
  }
});

test('a deadlock is told by Go’s own traceback', async () => {
  const { failures } = await failuresOf(FIXTURE, 'deadlock', true);
  assert.deepEqual(
    [failures[0].kind, failures[0].title],
    ['panic', 'fatal error: all goroutines are asleep - deadlock!'],
  );
  assert.equal(failures[0].where?.function.startsWith('main.'), true);
  assert.deepEqual([failures[0].goroutine?.id, failures[0].goroutine?.state], [1, 'chan receive']);
});

test('a capture of another moment is not believed: V8’s part only, with the reason', async () => {
  const [trap, other] = [await runFixture(FIXTURE, ['out-of-bounds']), await runFixture(FIXTURE, ['getter-throws'])];
  const events = eventsOf(trap);
  const foreign = other.uncaught[0].capture;
  assert.ok(foreign);
  const error = events.at(-1);
  assert.ok(error?.type === 'error');
  error.captures = [{ instance: 1, capture: { ...foreign, sp: foreign.sp + 64 } }];
  const session = sessionFor(FIXTURE);
  const [failure] = lastTold(events.map((event) => session.seen(REALM, event)));
  assert.deepEqual(names(failure.stack.rows), ['main.outOfBounds', 'main.one', 'main.main']);
  assert.deepEqual([failure.stack.complete, failure.stack.counts.memory, failure.goroutine], [false, 0, null]);
  assert.match(failure.stack.note, /only V8’s part is known$/);
});

test('two instances in one realm: an error goes to the one whose stack it is', async () => {
  const run = await runFixture(FIXTURE, ['out-of-bounds']);
  const [module, error] = eventsOf(run, 2);
  assert.ok(module.type === 'module' && error.type === 'error');
  const capture = error.captures[0].capture;
  const session = sessionFor(FIXTURE);
  session.seen(REALM, { ...module, instance: 1 });
  session.seen(REALM, { ...module, seq: 2 });
  session.bind(REALM, 2, MODULE);
  const stale = { ...capture, sp: capture.sp + 4096 };
  const change = session.seen(REALM, {
    ...error,
    seq: 3,
    captures: [
      { instance: 1, capture: stale },
      { instance: 2, capture },
    ],
  });
  assert.deepEqual([change.failures[0].instance, change.failures[0].stack.complete], [2, true]);
  assert.deepEqual(
    change.instances.map(({ instance, state }) => [instance, state]),
    [
      [1, 'running'],
      [2, 'trapped'],
    ],
  );
});

test('equal failures of one program are one with a count; of two programs they stay two', async () => {
  const run = await runFixture(FIXTURE, ['plain']);
  const session = createSession();
  const [module, exit] = eventsOf(run);
  assert.ok(module.type === 'module' && exit.type === 'exit');
  const told: Failure[][] = [];
  for (const [i, url] of ['http://h/a.wasm', 'http://h/a.wasm', 'http://h/b.wasm'].entries()) {
    session.seen(REALM, { ...module, seq: i * 2 + 1, instance: i, url });
    told.push(session.seen(REALM, { ...exit, seq: i * 2 + 2, instance: i }).failures);
  }
  assert.deepEqual(
    told.map((failures) => failures.map(({ module, count }) => `${module} × ${count}`)),
    [['a.wasm × 1'], ['a.wasm × 2'], ['b.wasm × 1']],
  );
});

test('a note or problem always says why names are missing', async () => {
  const run = await runFixture(FIXTURE, ['out-of-bounds']);
  const session = createSession();
  const [failure] = lastTold(eventsOf(run).map((event) => session.seen(REALM, event)));
  assert.deepEqual([failure.where, failure.stack.complete, failure.kind], [null, false, 'trap']);
  assert.ok(
    failure.stack.rows.every((row) => row.kind === 'js' || (row.kind === 'frame' && row.precision === 'unknown')),
  );
  const { failures } = session.unavailable(MODULE, 'The server answered 404');
  assert.deepEqual(failures, [], 'nothing is bound yet');
  session.bind(REALM, 1, MODULE);
  assert.equal(lastTold([session.unavailable(MODULE, 'gone again')])[0].problem, 'gone again');
});

test('a binary of another build names nothing that its frames contradict', async () => {
  const run = await runFixture(FIXTURE, ['out-of-bounds']);
  const session = createSession();
  session.open(MODULE, openFixture('go1.27/judge-stripped'));
  session.bind(REALM, 1, MODULE);
  const [failure] = lastTold(eventsOf(run).map((event) => session.seen(REALM, event)));
  const v8 = framesOf(failure.stack.rows);
  assert.ok(v8.length > 0 && v8.every((row) => row.precision === 'unknown'), JSON.stringify(v8));
});
