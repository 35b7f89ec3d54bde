/** The session as a face uses it: opening, binding late, what changed, what is gone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSession } from '../src/session';
import { bytes, module } from './assemble';
import { eventsOf, MODULE, REALM, sessionFor } from './failures/told';
import { openFixture } from './fixtures/open';
import { runFixture } from './fixtures/run';
import { tiny } from './go/tiny';

const FIXTURE = 'go1.24/judge-stripped';

test('a binary bound after its failures gives them names and keeps their ids', async () => {
  const run = await runFixture(FIXTURE, ['panic-in-callback']);
  const session = createSession();
  const before = eventsOf(run).flatMap((event) => session.seen(REALM, event).failures);
  const ids = new Set(before.map(({ id }) => id));
  assert.equal(session.open(MODULE, openFixture(FIXTURE)).ok, true);
  const change = session.bind(REALM, 1, MODULE);
  assert.deepEqual([new Set(change.failures.map(({ id }) => id)), change.removed], [ids, []]);
  assert.deepEqual(
    change.failures.map(({ stack, where }) => [stack.complete, where?.function]),
    [
      [true, 'main.deref'],
      [false, 'main.throughJS'],
    ],
  );
  assert.deepEqual(session.bind(REALM, 1, MODULE).instances[0].module, MODULE);
});

test('only what changed is told again', async () => {
  const run = await runFixture(FIXTURE, ['nil-map']);
  const session = sessionFor(FIXTURE);
  const events = eventsOf(run);
  const told = events.map((event) => session.seen(REALM, event).failures.length);
  assert.deepEqual(told, [0, 1]);
  const again = session.seen(REALM, { type: 'again', seq: 3, of: 2, count: 2, at: 9 });
  assert.deepEqual(
    again.failures.map(({ count }) => count),
    [3],
  );
  assert.deepEqual(session.seen('another realm', { ...events[0], seq: 1 }).failures, []);
});

test('instances: running, exited with their code, gone with the frame', async () => {
  const run = await runFixture(FIXTURE, ['exit']);
  const session = sessionFor(FIXTURE);
  const states = eventsOf(run).map((event) => session.seen(REALM, event).instances[0]);
  assert.deepEqual(
    states.map(({ state, exitCode }) => [state, exitCode]),
    [
      ['running', null],
      ['exited', 3],
    ],
  );
  session.seen('other', { ...eventsOf(run)[0], seq: 1 });
  assert.equal(session.gone('other').instances[0].state, 'gone');
  assert.equal(session.gone(REALM).instances[0].state, 'exited');
  assert.deepEqual(session.gone('never seen').instances, []);
});

test('bytes that cannot be had are a reason, and come later all the same', async () => {
  const run = await runFixture(FIXTURE, ['out-of-bounds']);
  const session = createSession();
  for (const event of eventsOf(run)) session.seen(REALM, event);
  session.bind(REALM, 1, MODULE);
  const [without] = session.unavailable(MODULE, 'judge.wasm could not be fetched: 404').failures;
  assert.deepEqual([without.problem, without.where], ['judge.wasm could not be fetched: 404', null]);
  assert.equal(
    session.paste(MODULE, 'at judge.wasm:wasm-function[1]:0x99').warning,
    'judge.wasm could not be fetched: 404',
  );
  session.open(MODULE, openFixture(FIXTURE));
  const [named] = session.bind(REALM, 1, MODULE).failures;
  assert.deepEqual([named.id, named.problem, named.where?.function], [without.id, '', 'main.outOfBounds']);
});

test('cleared failures stay away', async () => {
  const run = await runFixture(FIXTURE, ['nil-map']);
  const session = sessionFor(FIXTURE);
  const told = eventsOf(run).flatMap((event) => session.seen(REALM, event).failures);
  session.clear(told.map(({ id }) => id));
  const change = session.bind(REALM, 1, MODULE);
  assert.deepEqual([change.failures, change.removed], [[], []]);
});

test('what is no module is refused once and for all, and costs nothing else', () => {
  const session = createSession();
  const opened = session.open('a.png', new Uint8Array([0x89, 0x50, 0x4e, 0x47]));
  assert.deepEqual(opened, { ok: false, why: 'expected the wasm magic number "\\0asm" at offset 0x0' });
  assert.equal(
    session.paste('a.png', 'at a.png:wasm-function[1]:0x99').warning,
    'expected the wasm magic number "\\0asm" at offset 0x0',
  );
  const { bytes, firstCall } = tiny();
  assert.ok(session.open('a.wasm', bytes).ok);
  const [line] = session.paste('a.wasm', `at a.wasm:wasm-function[1]:0x${firstCall.toString(16)}`).lines;
  assert.ok(line.rows[0].kind === 'frame' && line.rows[0].function === 'main.outer');
});

test('every answer can be sent to another thread', async () => {
  const run = await runFixture(FIXTURE, ['getter-throws']);
  const session = createSession();
  const opened = session.open(MODULE, openFixture(FIXTURE));
  const answers = [opened, session.bind(REALM, 1, MODULE), ...eventsOf(run).map((event) => session.seen(REALM, event))];
  answers.push(session.paste(MODULE, run.uncaught[0].stack) as never);
  assert.deepEqual(structuredClone(answers), answers);
});

test('a source map handed in is asked about its module, and costs nothing when it cannot be read', () => {
  const session = createSession();
  const code = bytes().bytes(module()).u8(10, 8, 1, 6, 0, 1, 1, 1, 1, 0x0b).done();
  const map = JSON.stringify({ version: 3, sources: ['a.c'], names: ['f'], mappings: 'cAQAA' });
  const stack = `at m.wasm:wasm-function[0]:0x${(code.length - 4).toString(16)}`;
  const told = () => session.paste(MODULE, stack).stack.map((row) => (row.kind === 'frame' ? row.function : row.kind));
  assert.deepEqual(session.sourceMap(MODULE, map), { ok: false, why: 'The module has not been read yet' });
  session.open(MODULE, code);
  assert.deepEqual(session.sourceMap(MODULE, '{'), { ok: false, why: 'expected JSON at offset 0x0' });
  const before = told();
  assert.deepEqual(session.sourceMap(MODULE, map), { ok: true });
  assert.notDeepEqual(told(), before);
  assert.deepEqual(told(), ['f']);
  assert.equal(session.sourceMap(MODULE, '[]').ok, false);
  assert.deepEqual(told(), ['f'], 'the map that could be read stays');
});
