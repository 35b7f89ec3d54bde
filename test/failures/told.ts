/** Feeds a session what a run of the judge program brought home, as the hook would. */
import type { Failure } from '../../src/failures/failure';
import type { HookEvent } from '../../src/protocol/messages';
import { type Change, createSession, type SessionApi } from '../../src/session';
import { openFixture } from '../fixtures/open';
import { type Run, runFixture } from '../fixtures/run';

export const REALM = 'realm';
export const MODULE = 'judge.wasm';

/** Everything of one run as events, in the order the hook says it: the program's end comes before what follows from it. */
export function eventsOf(run: Run, instance = 1): HookEvent[] {
  const events: HookEvent[] = [];
  const next = () => ({ seq: events.length + 1, at: 1000 + events.length });
  events.push({
    type: 'module',
    ...next(),
    instance,
    url: 'http://h/judge.wasm',
    bytes: 'url',
    how: 'instantiate',
    namespace: 'gojs',
  });
  if (run.exitCode !== null) {
    events.push({
      type: 'exit',
      ...next(),
      instance,
      code: run.exitCode,
      output: run.output,
      outputDropped: 0,
      capture: run.exitCapture,
    });
  }
  for (const { how, name, message, stack, capture } of run.uncaught) {
    events.push({
      type: 'error',
      ...next(),
      how,
      name,
      message: `Uncaught ${name}: ${message}`,
      stack,
      captures: capture ? [{ instance, capture }] : [],
    });
  }
  return events;
}

/** A session with the binary of a fixture open and bound to instance 1 of the realm. */
export function sessionFor(fixture: string): SessionApi {
  const session = createSession();
  const opened = session.open(MODULE, openFixture(fixture));
  if (!opened.ok) throw new Error(opened.why);
  session.bind(REALM, 1, MODULE);
  return session;
}

/** @returns all failures of one scenario, in the order they were first told, each as last told */
export async function failuresOf(
  fixture: string,
  scenario: string,
  wake = false,
): Promise<{ failures: Failure[]; run: Run }> {
  const run = await runFixture(fixture, [scenario], { wake });
  const session = sessionFor(fixture);
  return { failures: lastTold(eventsOf(run).map((event) => session.seen(REALM, event))), run };
}

export function lastTold(changes: Change[]): Failure[] {
  const told = new Map<string, Failure>();
  for (const { failures, removed } of changes) {
    for (const failure of failures) told.set(failure.id, failure);
    for (const id of removed) told.delete(id);
  }
  return [...told.values()];
}
