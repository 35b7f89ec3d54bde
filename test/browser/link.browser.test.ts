/** The way from a page's hook to the panel: frames, loads, history, and what is lost (nothing). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate, waitFor } from '../../tools/browser.mjs';
import { events, heard, html, inspect, openRealms, say, withPlain } from './plain/open';

test('what happened before DevTools opened is replayed, later events follow, each once and in order', async () => {
  await withPlain({ '/': html('') }, async (browser, origin) => {
    const page = await browser.openPage(`${origin}/`);
    for (const of of [1, 2, 3]) await say(page, of);
    const devTools = await page.openDevTools();
    const panel = await devTools.showPanel();
    await heard(panel, 3);
    for (const of of [4, 5]) await say(page, of);
    const log = await heard(panel, 5);
    assert.deepEqual(events(log), [1, 2, 3, 4, 5]);
    const [realm, ...more] = await openRealms(panel, 1);
    assert.deepEqual(more, []);
    assert.equal(realm.url, `${origin}/`);
    assert.equal(realm.top, true);
    assert.equal(realm.hooked, true);
    assert.deepEqual(page.messages, []);
  });
});
