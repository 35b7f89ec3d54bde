/** The Overview tab and the states of the page that all tabs share, in a real browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate, waitFor } from '../../tools/browser.mjs';
import { readable } from './preview/contrast';
import { withPreview } from './preview/open';

test('the module card, its instances, settings and dependencies', async () => {
  await withPreview('state=errors&tab=overview', async (panel) => {
    await panel.appears('.fact');
    const facts = await panel.texts('.fact');
    assert.deepEqual(facts.map((fact) => fact.replace(/\s+/g, ' ')).slice(0, 5), [
      'Module example.com/paint v0.9.2-dev',
      'Go version go1.26.5',
      'Target js/wasm',
      'Revision 7c1f0d2e9a41 dirty',
      'Commit time 2026-11-18 16:42 UTC',
    ]);
    assert.deepEqual(await panel.texts('.tile-value'), ['Trapped', '4', '6.84 MB']);
    assert.equal((await panel.texts('[aria-label="Instances"] [role="row"]')).length, 5);
    assert.match((await panel.texts('.replaced'))[0], /=> \.\.\/text \(devel\)/);
    await panel.click('[aria-label="Instances"] .table-row:nth-child(2)');
    await waitFor(panel.session, () => /exited, code 0/.test(document.querySelector('.picker')?.textContent ?? ''));
  });
});

test('what is not known is called so', async () => {
  await withPreview('state=plain&tab=overview', async (panel) => {
    await panel.appears('.fact');
    const facts = (await panel.texts('.fact')).map((fact) => fact.replace(/\s+/g, ' '));
    assert.ok(facts.includes('Revision not recorded'));
    assert.ok(facts.includes('Module paint.wasm'));
  });
});

const STATES: [query: string, title: RegExp, buttons: string[]][] = [
  ['state=none', /^No Go module on this page$/, ['Open a .wasm file', 'Paste a stack trace']],
  ['state=off', /^Not enabled on example\.com$/, ['Enable on example.com', 'Enable on all sites']],
  ['state=closed', /^Chrome does not allow extensions here$/, ['Open a .wasm file', 'Paste a stack trace']],
  ['state=missed', /^Nothing recorded yet$/, ['Reload to record']],
];

test('the page’s states say why and what to do, on both tabs', async () => {
  await withPreview('state=none', async (panel) => {
    for (const [query, title, buttons] of STATES) {
      for (const tab of ['overview', 'errors']) {
        await panel.goto(`${query}&tab=${tab}`);
        await waitFor(
          panel.session,
          (source) => new RegExp(source).test(document.querySelector('.empty h2')?.textContent ?? ''),
          title.source,
        );
        assert.deepEqual(await panel.texts('.empty .pill'), buttons, `${query} ${tab}`);
      }
    }
  });
});

test('wasm that is not Go is called by what made it', async () => {
  await withPreview('state=foreign&tab=overview', async (panel) => {
    await waitFor(panel.session, () => /Rust 1\.68/.test(document.querySelector('.empty p')?.textContent ?? ''));
    assert.deepEqual(await panel.texts('.empty p'), ['app.wasm is WebAssembly, but not built by Go (Rust 1.68).']);
  });
});

test('a module that cannot be read costs its own part, and can be tried again', async () => {
  await withPreview('state=failed&tab=overview', async (panel) => {
    await panel.appears('.part-failed');
    assert.match((await panel.texts('.part-failed p'))[0], /paint\.wasm could not be read: the server answered 404/);
    assert.equal((await panel.texts('[aria-label="Instances"] [role="row"]')).length, 2);
    await panel.click('.part-failed .link');
    await panel.appears('.part-failed');
  });
});

test('a long wait shows its steps and can be cancelled', async () => {
  await withPreview('state=loading&tab=overview', async (panel) => {
    await panel.appears('.steps');
    assert.match((await panel.texts('.steps li'))[0], /^Module/);
    await panel.click('.steps-foot .link');
    await panel.appears('.part-failed');
    assert.match((await panel.texts('.part-failed p'))[0], /^Reading was cancelled/);
  });
});

test('TinyGo and wasip1 are told in a band, an exit in the picker', async () => {
  await withPreview('state=tinygo&tab=overview', async (panel) => {
    await panel.appears('.banner');
    assert.match((await panel.texts('.banner'))[0], /^This is a TinyGo module\./);
    await panel.goto('state=wasip1&tab=overview');
    await panel.appears('.banner');
    assert.match((await panel.texts('.banner'))[0], /^This module runs without syscall\/js\./);
    await panel.goto('state=exited&tab=overview');
    await panel.appears('.picker');
    await waitFor(panel.session, () => /exited, code 2/.test(document.querySelector('.picker')?.textContent ?? ''));
    assert.deepEqual(await panel.texts('.picker'), ['paint.wasm · top · exited, code 2']);
  });
});

test('both themes, and text that is readable in each', async () => {
  await withPreview('state=errors&theme=dark', async (panel) => {
    await panel.appears('.entry');
    const look = () => readable(panel);
    assert.deepEqual(await look(), { dark: true, poor: [] });
    await evaluate(panel.session, () => globalThis.preview.fake.setTheme('light'));
    assert.deepEqual(await look(), { dark: false, poor: [] });
  });
});
