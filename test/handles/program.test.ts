/**
 * The program that judges handle tables, itself judged: what it says of its handles and js.Funcs, against the tables of wasm_exec.js,
 * against js.Funcs that answer or not, and against the stacks of a recording of its calls (which test/judge/bridge.test.ts judges).
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixtureNames } from '../fixtures/open';
import { type Account, ask, byNumber, judgeAccount, outside, path, runAlone, runByCli, spelled } from './run';

const names = fixtureNames().filter((name) => name.includes('/handles-'));
const newest = names.slice(-1);
const RELEASED = 'call to released function';

for (const name of names) {
  test(`${name}: its account is what the page's tables say, and which js.Funcs answer`, () => {
    const { status, stdout, stderr, views } = runAlone(name);
    assert.equal(status, 0, stderr);
    const account: Account = JSON.parse(stdout);
    const { ready, there } = views();
    judgeAccount(account, ready);
    const registered = account.funcs.flatMap((row) => row.registered);
    assert.deepEqual(
      there?.map((number) => [number]).sort(byNumber),
      registered.map((number) => [number]).sort(byNumber),
    );
    // The others say so, some of them made by main.go.
    const released = account.funcs.flatMap((row) => row.made).length - registered.length;
    const words = stderr.trimEnd().split('\n');
    assert.deepEqual([...new Set(words)], [RELEASED]);
    assert.ok(words.length > released);

    // What it is there for.
    const kinds = ['object', 'function', 'string', 'symbol', 'bigint'];
    for (const kind of kinds)
      assert.ok(
        account.handles.some(({ type, kept }) => type === kind && kept > 0),
        kind,
      );
    const kept = account.handles.reduce((sum, row) => sum + row.kept, 0);
    const leaking = account.funcs.filter(({ leaks }) => leaks);
    assert.ok(kept > 150 && account.handles.length > 80, `${kept} of ${account.handles.length} kinds and stacks`);
    assert.equal(
      leaking.reduce((sum, row) => sum + row.registered.length, 0),
      25 + 25 + 20 + 36 + 20,
    );
    assert.deepEqual([ready.handles.filter(({ refs }) => refs === null).length, ready.free > 100], [7, true]);
  });

  test(`${name}: stacks in its account are those from which calls came`, () => {
    const { status, stdout, stderr } = runByCli(name, ['--bridge', path('capture')]);
    assert.deepEqual([status, stderr], [0, '']);
    const account: Account = JSON.parse(stdout);
    const told = ask<{ operations: { operation: string; sites: { frames: Account['handles'][0]['frames'] }[] }[] }>(
      'bridge',
      path('capture'),
    );
    const makes = /^(?:valueGet|valueIndex|valueCall|valueInvoke|valueNew|stringVal)$/;
    const sites = told.operations.filter(({ operation }) => makes.test(operation)).flatMap(({ sites }) => sites);
    const stacks = new Set(sites.map(({ frames }) => spelled(outside(frames))));
    for (const { frames } of [...account.handles, ...account.funcs]) {
      assert.ok(stacks.has(spelled(frames)), spelled(frames));
    }
    assert.ok(account.handles.filter(({ frames }) => frames[0].inlined).length >= 2);
  });
}

for (const name of newest) {
  test(`${name}: it ends as it is told to`, () => {
    const failed = runAlone(name, 'fail');
    assert.equal(failed.status, 2);
    assert.match(failed.stdout, /\npanic: fails as it was told to\n/);
    const trapped = runAlone(name, 'trap');
    assert.match(trapped.stderr, /RuntimeError: memory access out of bounds/);
    const held = runAlone(name, 'hold');
    assert.equal(held.status, 0);
    for (const { views } of [failed, trapped, held]) {
      const { ready, exit } = views();
      assert.deepEqual([ready.wrong, exit.wrong], [[], []]);
    }
    const { status, stdout, views } = runAlone(name, 'many', '1000');
    assert.deepEqual([status, stdout], [0, '']);
    const types = views().ready.handles.map(({ type }) => type);
    const count = (wanted: string) => types.filter((type) => type === wanted).length;
    // There is no document; beside them are a few of other packages.
    const counts = [count('object') - 700, count('function') - 100, count('string') - 200];
    assert.ok(
      counts.every((more) => more >= 0 && more < 30),
      `${counts}`,
    );
    for (const mode of ['loop', 'fresh']) {
      // By the polyfill of wasm_exec.js, which writes all to the console.
      const { status, stdout } = runAlone(name, mode, '1000');
      assert.equal(status, 0);
      assert.match(stdout, /^\d+\n$/);
    }
  });
}

test('there is something to judge', () => {
  assert.ok(names.length > 0 || process.env.GOWASM_FIXTURES);
});
