/** The browser driver itself: launch, page, DevTools window, panel, screenshot, and nothing left behind. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { evaluate, launch, pngSize } from '../../tools/browser.mjs';
import { serve } from '../../tools/serve.mjs';

test('a page, its console, DevTools on our panel, and a picture of it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gowasm-shot-'));
  const site = await serve({
    overrides: { '/': { type: 'text/html', body: '<script>console.warn("a", 1)</script>' } },
  });
  const browser = await launch({ dark: true });
  try {
    const page = await browser.openPage(`${site.origin}/`);
    assert.deepEqual(
      page.messages.map(({ type, text }) => [type, text]),
      [['warning', 'a 1']],
    );
    const devTools = await page.openDevTools();
    const panel = await devTools.showPanel();
    assert.equal(await evaluate(panel, () => matchMedia('(prefers-color-scheme: dark)').matches), true);
    await devTools.resize(460, 920);
    const path = join(folder, 'panel.png');
    await devTools.screenshot(path);
    assert.deepEqual(pngSize(path), { width: 460, height: 920 });
    assert.equal(await evaluate(panel, () => innerWidth), 460);
  } finally {
    await browser.close();
    await site.close();
    rmSync(folder, { recursive: true });
  }
  assert.equal(existsSync(browser.home), false);
});
