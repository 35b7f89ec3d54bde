/** Sites beyond this machine: off by default, enabled by one click, heard after the next load, and off again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate, type Session, waitFor } from '../../tools/browser.mjs';
import { events, heard, html, inspect, openRealms, say, withPlain } from './plain/open';

const NAMES = ['--host-resolver-rules=MAP *.example 127.0.0.1'];

/** @returns the address of the site under another name */
const elsewhere = (origin: string, host = 'tides.example') => origin.replace('127.0.0.1', host);

const enabled = (panel: Session) =>
  evaluate(panel, async () => plain.sites.isEnabled(await plain.devtoolsWindow.inspectedUrl()));

test('a site that is not enabled is not touched; enabled, it is heard from the next load on; disabled, no more', async () => {
  const options = { args: NAMES, granted: ['*://tides.example/*'] };
  const work = async (...[browser, origin]: Parameters<Parameters<typeof withPlain>[1]>) => {
    const { page, panel } = await inspect(browser, `${elsewhere(origin)}/`);
    assert.equal(await enabled(panel), false);
    assert.equal(await evaluate(page.session, () => 'say' in globalThis), false);

    const given = await evaluate(panel, async () => {
      const { sites, devtoolsWindow } = plain;
      const site = sites.siteOf(await devtoolsWindow.inspectedUrl());
      return site && [site.host, await sites.enable(site), (await sites.list()).map(({ host }) => host)];
    });
    assert.deepEqual(given, ['tides.example', true, ['tides.example', 'localhost', '127.0.0.1', '[::1]']]);
    assert.equal(await enabled(panel), true);
    await page.reload();
    await say(page, 1);
    assert.deepEqual(events(await heard(panel, 1)), [1]);

    assert.equal(await evaluate(panel, () => plain.sites.disable('*://tides.example/*')), true);
    await page.reload();
    assert.equal(await evaluate(page.session, () => 'say' in globalThis), false);
    assert.equal(await enabled(panel), false);
  };
  await withPlain({ '/': html('') }, work, options);
});

test('with all sites enabled, this machine still has each script once', async () => {
  const options = { args: NAMES, granted: ['*://*/*'] };
  const work = async (...[browser, origin]: Parameters<Parameters<typeof withPlain>[1]>) => {
    const { page, panel } = await inspect(browser, `${origin}/`);
    assert.equal(await evaluate(panel, () => plain.sites.enableAll()), true);
    await page.reload();
    await say(page, 1);
    await heard(panel, 1);
    await page.goto(`${elsewhere(origin)}/`);
    await say(page, 2);
    assert.deepEqual(events(await heard(panel, 2)), [1, 2]);
    assert.equal((await openRealms(panel, 1)).length, 1);
    assert.equal(await evaluate(panel, async () => (await plain.sites.list())[0].host), 'all sites');
  };
  await withPlain({ '/': html('') }, work, options);
});

test('a page loaded before its site was enabled: no realm, but DevTools knows its wasm', async () => {
  const load = '<script>onload = () => WebAssembly.compileStreaming(fetch("/a.wasm"))</script>';
  const wasm = { body: new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]) };
  const work = async (...[browser, origin]: Parameters<Parameters<typeof withPlain>[1]>) => {
    const { panel } = await inspect(browser, `${elsewhere(origin)}/`);
    const urls = await waitFor(panel, async () => {
      const found = await plain.devtoolsWindow.wasmResources();
      return found.length > 0 && found;
    });
    assert.deepEqual(urls, [`${elsewhere(origin)}/a.wasm`]);
    assert.deepEqual(await evaluate(panel, () => plain.log), []);
  };
  await withPlain({ '/': html(load), '/a.wasm': wasm }, work, { args: NAMES });
});

test('why a page cannot be enabled is told in words', async () => {
  await withPlain({ '/': html('') }, async (browser, origin) => {
    const { panel } = await inspect(browser, `${origin}/`);
    const why = (url: string) => evaluate(panel, (address) => plain.sites.whyNot(address), url);
    assert.equal(await why('https://example.com/a?b'), '');
    assert.equal(await why('http://[::1]:8080/'), '');
    assert.equal(await why('chrome://version/'), 'Pages of chrome:// are closed to extensions.');
    assert.match(await why('https://chromewebstore.google.com/x'), /Web Store/);
    assert.match(await why('file:///tmp/a.html'), /serve this one over HTTP/);
    assert.match(await why(''), /does not tell the address/);
  });
});
