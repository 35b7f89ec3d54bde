/**
 * `gowasm run --dump` and `gowasm handles` for every release in the store: the table that they tell, against the program's own account of
 * the handles and js.Funcs it made (which program.test.ts judges) and against the page's view at the moment the dump was taken.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixtureNames } from '../fixtures/open';
import { judge, type Told } from './compare';
import { type Account, ask, path, runByCli } from './run';

const names = fixtureNames().filter((name) => name.includes('/handles-'));
/** How the program ends, and its code. */
const ENDS: [mode: string, code: number][] = [
  ['exit', 0],
  ['fail', 2],
  ['trap', 1],
];

for (const name of names) {
  for (const [mode, code] of ENDS) {
    test(`${name}, ${mode}: the table is the page's; kinds, counts, stacks and leaks are those of the program's account`, () => {
      const { status, stdout, stderr, views } = runByCli(name, ['--dump', path('dump')], mode);
      assert.equal(status, code, stderr);
      const account: Account = JSON.parse(stdout);
      const { exit } = views();
      const told = ask<Told>('handles', path('dump'));
      assert.equal(told.format, 'gowasm.handles/1');
      judge(told, account, exit);
    });
  }
}

test('there is something to judge', () => {
  assert.ok(names.length > 0 || process.env.GOWASM_FIXTURES);
});
