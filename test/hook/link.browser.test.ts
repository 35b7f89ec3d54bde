/** What waits in the hook while no panel has looked at the page. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate, waitFor } from '../../tools/browser.mjs';
import { type Page, withPages } from './page/open';

test('what is said before somebody listens comes in order, then what is said later', async () => {
  await withPages(async (open) => {
    const page = await open('/link', false);
    const numbers = await evaluate(page.session, () =>
      [1, 2, 3].map((of) => wire.emit({ type: 'again', of, count: 1 })),
    );
    assert.deepEqual(numbers, [1, 2, 3]);
    assert.equal(await evaluate(page.session, () => wire.listen()), true);
    assert.equal(await evaluate(page.session, () => wire.listen()), false, 'a second port is not taken');
    await evaluate(page.session, () => wire.emit({ type: 'again', of: 4, count: 1 }));
    assert.deepEqual(await heard(page, 4), [1, 2, 3, 4]);
  });
});

test('of 1500 events that wait the first 100 and the last 900 are kept', async () => {
  await withPages(async (open) => {
    const page = await open('/link', false);
    await evaluate(page.session, () => {
      for (let of = 1; of <= 1500; of++) wire.emit({ type: 'again', of, count: 1 });
      wire.listen();
    });
    const expected = Array.from({ length: 1000 }, (_, i) => (i < 100 ? i + 1 : i + 501));
    assert.deepEqual(await heard(page, 1000), expected);
  });
});

test('stacks of exits that wait have a budget of 32 MB; the exits themselves are told', async () => {
  await withPages(async (open) => {
    const page = await open('/link', false);
    await evaluate(page.session, () => {
      for (let instance = 1; instance <= 12; instance++) {
        const capture = { sp: 0, at: 'import' as const, gs: [], words: new Uint32Array(2 ** 20), dropped: 0 };
        wire.emit({ type: 'exit', instance, code: 2, output: '', outputDropped: 0, capture });
      }
      wire.listen();
    });
    assert.equal((await heard(page, 12)).length, 12);
    const stacks = await evaluate(page.session, () =>
      wire.heard.map((event) => event.type === 'exit' && !!event.capture),
    );
    assert.deepEqual(
      stacks,
      Array.from({ length: 12 }, (_, i) => i < 8),
    );
  });
});

/** @returns `seq` of what was heard, once there are `count` */
async function heard(page: Page, count: number): Promise<number[]> {
  await waitFor(page.session, (least: number) => wire.heard.length >= least, count);
  return await evaluate(page.session, () => wire.heard.map(({ seq }) => seq));
}
