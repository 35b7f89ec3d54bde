/** What waits in the hook while no panel has looked at the page. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate, waitFor } from '../../tools/browser.mjs';
import { type Page, withPages } from './page/open';

test('what is said before somebody listens comes in order, then what is said later', async () => {
  await withPages(async (open) => {
    const page = await open('/link', 'nothing');
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
    const page = await open('/link', 'nothing');
    await evaluate(page.session, () => {
      for (let of = 1; of <= 1500; of++) wire.emit({ type: 'again', of, count: 1 });
      wire.listen();
    });
    const expected = Array.from({ length: 1000 }, (_, i) => (i < 100 ? i + 1 : i + 501));
    assert.deepEqual(await heard(page, 1000), expected);
  });
});

test('what waits has a budget for its texts and stacks; an event that does not fit is missing, and seen to be', async () => {
  await withPages(async (open) => {
    const page = await open('/link', 'nothing');
    await evaluate(page.session, () => {
      const text = 'x'.repeat(2 ** 20);
      const error = { type: 'error' as const, how: 'error' as const, name: 'Error', captures: [] };
      const exit = { type: 'exit' as const, instance: 1, code: 2, outputDropped: 0 };
      // Of 16 million characters and words these take 4 · 2²⁰ each.
      for (let i = 0; i < 4; i++) wire.emit({ ...exit, output: text, capture: null });
      for (let i = 0; i < 2; i++) wire.emit({ ...error, message: text, stack: text });
      for (let i = 0; i < 2; i++) {
        const words = new Uint32Array(2 ** 21);
        wire.emit({ ...exit, output: '', capture: { sp: 0, at: 'import', gs: [], words, dropped: 0 } });
      }
      const rest = 16_000_000 - 12 * 2 ** 20;
      wire.emit({ ...error, message: '', stack: 'x'.repeat(rest + 1) });
      wire.emit({ type: 'again', of: 1, count: 1 });
      wire.emit({ ...error, message: '', stack: 'x'.repeat(rest) });
      wire.emit({ ...error, message: 'x', stack: '' });
      wire.emit({ type: 'again', of: 1, count: 1 });
      wire.listen();
      // A panel reads it now: no budget any more.
      wire.emit({ ...error, message: 'x', stack: '' });
    });
    assert.deepEqual(await heard(page, 12), [1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 13, 14]);
  });
});

/** @returns `seq` of what was heard, once there are `count` */
async function heard(page: Page, count: number): Promise<number[]> {
  await waitFor(page.session, (least: number) => wire.heard.length >= least, count);
  return await evaluate(page.session, () => wire.heard.map(({ seq }) => seq));
}
