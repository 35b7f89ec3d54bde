/** Which snapshots are taken by themselves, and when. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signal } from '@preact/signals';
import { createSnapshots, type SnapshotParts } from '../../../panels/handles/snapshots';
import type { InstanceRow } from '../../../src/session';

// Nothing is painted here, so no second passes.
Object.assign(globalThis, { requestAnimationFrame: () => 0 });

const programOf = (realm: string): InstanceRow => ({ realm, instance: 1, state: 'running' }) as InstanceRow;
const settle = () => new Promise((done) => setImmediate(done));

/** Snapshots of a page that answers when it is told to. */
function slowPage() {
  const subject = signal<InstanceRow | null>(programOf('first'));
  const asked: { realm: string; answer(): Promise<unknown> }[] = [];
  const taken: string[] = [];
  const parts = {
    ...{ subject, key: signal('key'), settled: signal(true), visible: signal(true) },
    failed: () => assert.fail(),
    target: {
      handles: (realm: string) =>
        new Promise((resolve) => {
          asked.push({
            realm,
            answer: () => {
              resolve({ slots: 10, free: 0, funcs: 0, numgc: 0 });
              return settle();
            },
          });
        }),
    },
    session: {
      handleOptions: async () => null,
      handlesSnapshots: async (realm: string) =>
        taken.filter((one) => one === realm).map((_, i) => ({ number: i + 1 })),
      handlesTaken: async (realm: string) => ({ ok: true, value: { number: taken.push(realm) } }),
    },
  } as unknown as SnapshotParts;
  return { of: createSnapshots(parts), subject, asked, taken };
}

test('a program that comes while the page is still asked about the one before has its own snapshot', async () => {
  const { of, subject, asked, taken } = slowPage();
  await settle();
  assert.deepEqual([asked.map(({ realm }) => realm), of.taking.value], [['first'], true]);
  subject.value = programOf('second');
  await settle();
  assert.deepEqual([asked.map(({ realm }) => realm), of.taking.value], [['first', 'second'], true]);
  await asked[0].answer();
  assert.deepEqual([taken, of.taking.value, of.snapshots.value], [[], true, []]);
  await asked[1].answer();
  assert.deepEqual([taken, of.taking.value, of.snapshots.value.length], [['second'], false, 1]);
});

test('while one is taken no other is', async () => {
  const { of, asked } = slowPage();
  await settle();
  assert.equal(await of.take(), null);
  await asked[0].answer();
  assert.deepEqual([asked.length, of.taking.value], [1, false]);
  const again = of.take();
  await settle();
  await asked[1].answer();
  assert.equal((await again)?.number, 2);
});

test('of a program that has ended none is under way any more', async () => {
  const { of, subject, asked } = slowPage();
  await settle();
  subject.value = { ...programOf('second'), state: 'exited' };
  await settle();
  assert.deepEqual([asked.length, of.taking.value], [1, false]);
});
