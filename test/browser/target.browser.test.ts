/** What the panel asks the page, and what it does not believe. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate } from '../../tools/browser.mjs';
import { events, heard, html, inspect, openRealms, say, withPlain } from './plain/open';

test('the bytes of a module: given, refused with the reason, or not answered in time', async () => {
  const pages = { '/': html(''), '/main.wasm': { body: new Uint8Array([1, 2, 3]) } };
  await withPlain(pages, async (browser, origin) => {
    const { page, panel } = await inspect(browser, `${origin}/`);
    const [realm] = await openRealms(panel, 1);
    const bytes = (limits: { most?: number; patience?: number } = {}) =>
      evaluate(
        panel,
        (id, allowed) =>
          plain.target.bytes(id, 7, allowed).then(
            (given) => [...given],
            (error) => error.message,
          ),
        realm.id,
        limits,
      );
    assert.deepEqual(await bytes(), [0, 97, 115, 109, 7]);
    assert.equal(await bytes({ most: 4 }), 'This file is 1 MB; the panel reads modules up to 0 MB.');
    await evaluate(page.session, 'answers = "no"');
    assert.equal(await bytes(), 'bytes are gone');
    await evaluate(page.session, `answers = '${origin}/main.wasm'`);
    assert.deepEqual(await bytes(), [1, 2, 3]);
    await evaluate(page.session, `answers = '${origin}/gone.wasm'`);
    assert.equal(await bytes(), 'HTTP 404');
    await evaluate(page.session, 'answers = "never"');
    assert.equal(await bytes({ patience: 50 }), 'the page did not answer for 0 s: it may be busy');
    const waiting = bytes();
    await page.goto(`${origin}/?again`);
    assert.equal(await waiting, 'the page is gone');
    assert.equal(await bytes(), 'the page is gone');
  });
});

test('nonsense from the page is counted and dropped', async () => {
  await withPlain({ '/': html('') }, async (browser, origin) => {
    const { page, panel } = await inspect(browser, `${origin}/`);
    await evaluate(page.session, () => {
      const { sayRaw } = globalThis as unknown as { sayRaw(message: unknown): void };
      sayRaw({ event: { type: 'again', seq: 1, of: 'x', count: 1, at: 0 } });
      sayRaw({ event: null });
      sayRaw({ answer: 99, blob: 'no blob' });
      sayRaw({ event: { type: 'module', seq: 5, url: 'x' } });
    });
    await say(page, 8);
    assert.deepEqual(events(await heard(panel, 8)), [8]);
    assert.equal(await evaluate(panel, () => plain.target.refused), 2);
    assert.deepEqual(page.messages, []);
  });
});
