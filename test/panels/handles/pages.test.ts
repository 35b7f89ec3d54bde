/** Rows a page at a time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PAGE, Pages } from '../../../panels/handles/pages';

const some = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

test('only what is in sight is asked for, whole pages at a time', () => {
  const pages = new Pages<number>();
  pages.renew(100_000, 0, some(0, PAGE));
  assert.equal(pages.missing(), null);
  assert.deepEqual([pages.row(0), pages.row(PAGE - 1), pages.row(PAGE)], [0, PAGE - 1, null]);
  pages.look(50_130, 50_210);
  assert.deepEqual(pages.missing(), { from: 50_100, count: 2 * PAGE });
  pages.take(50_100, some(50_100, PAGE));
  assert.deepEqual(pages.missing(), { from: 50_200, count: PAGE });
  pages.take(50_200, some(50_200, PAGE));
  assert.equal(pages.missing(), null);
  assert.deepEqual(pages.inSight(), some(50_130, 80));
});

test('the last page may be short, and nothing is asked beyond it', () => {
  const pages = new Pages<number>();
  pages.look(0, 64);
  pages.renew(30, 0, some(0, 30));
  assert.equal(pages.missing(), null);
  assert.deepEqual(pages.inSight(), some(0, 30));
  pages.renew(0, 0, []);
  assert.deepEqual([pages.missing(), pages.inSight()], [null, []]);
});

test('of a view to come all in sight is asked for, also where it has fewer rows', () => {
  const pages = new Pages<number>();
  pages.renew(5000, 0, some(0, PAGE));
  pages.look(4000, 4060);
  assert.deepEqual(pages.missing(5000), { from: 4000, count: PAGE });
  assert.deepEqual(pages.missing(250), { from: 200, count: PAGE });
  assert.equal(pages.missing(0), null);
});

test('who scrolls on finds the next page there; who jumps asks for no more than is in sight', () => {
  const pages = new Pages<number>();
  pages.renew(1030, 0, some(0, PAGE));
  assert.equal(pages.ahead(), null);
  pages.look(10, 45);
  assert.equal(pages.ahead(), null);
  pages.look(20, 55);
  assert.deepEqual(pages.ahead(), { from: PAGE, count: PAGE });
  pages.take(PAGE, some(PAGE, PAGE));
  assert.equal(pages.ahead(), null);
  pages.look(530, 560);
  assert.deepEqual([pages.missing(), pages.ahead()], [{ from: 500, count: PAGE }, null]);
  pages.take(500, some(500, PAGE));
  pages.look(520, 550);
  assert.deepEqual(pages.ahead(), { from: 400, count: PAGE });
  // At both ends there is no more.
  pages.look(990, 1029);
  pages.take(900, some(900, 130));
  pages.look(1000, 1030);
  assert.equal(pages.ahead(), null);
  pages.look(60, 90);
  pages.look(10, 40);
  assert.equal(pages.ahead(), null);
});

test('rows that have aged stay until they came again', () => {
  const pages = new Pages<number>();
  pages.look(0, 60);
  pages.renew(300, 0, some(0, PAGE));
  pages.age();
  assert.equal(pages.row(5), 5);
  assert.deepEqual(pages.missing(), { from: 0, count: PAGE });
  pages.take(
    0,
    some(0, PAGE).map((row) => -row),
  );
  assert.deepEqual([pages.row(5), pages.missing()], [-5, null]);
});

test('of many pages the oldest go', () => {
  const pages = new Pages<number>();
  pages.renew(100_000, 0, some(0, PAGE));
  for (let page = 1; page <= 40; page++) pages.take(page * PAGE, some(page * PAGE, PAGE));
  assert.deepEqual([pages.row(0), pages.row(PAGE)], [null, PAGE]);
  assert.equal(pages.here().length, 40 * PAGE);
});
