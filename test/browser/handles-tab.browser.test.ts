/** The Handles tab in real DevTools, on the demo: what one of its buttons leaks, from which Go line, and what one may do with it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { evaluate, launch, waitFor } from '../../tools/browser.mjs';
import type { Session } from '../../tools/cdp.mjs';
import { demoFiles } from '../../tools/demo.mjs';
import { demoReady, makeFail } from '../../tools/demo-page.mjs';
import { filesAt, serve } from '../../tools/serve.mjs';
import { press } from './press';

const root = process.env.GOWASM_ROOT ?? '.';
const source = readFileSync(join(root, 'demo/mistakes.go'), 'utf8').split('\n');
const LINE = source.findIndex((line) => line.includes('// HERE handles')) + 1;
/** js.Funcs that each press makes, and presses. */
const [EACH, PRESSES] = [4, 7];

const shows = (panel: Session, text: string) =>
  waitFor(panel, (words) => document.body.textContent?.replaceAll(/\s+/g, ' ').includes(words), text);

test('js.Funcs that a button of the demo never releases: how many, from which Go line, how many each click makes', async () => {
  const demo = await serve({ overrides: filesAt(demoFiles()) });
  const browser = await launch({ width: 1280, height: 900 });
  try {
    const page = await browser.openPage(`${demo.origin}/`);
    const devTools = await page.openDevTools();
    const panel = await devTools.showPanel();
    await demoReady(page.session);
    await press(panel, '[role="tab"]', 'Handles');
    // The table is there at once; where its handles were made is not.
    await shows(panel, 'before recording');
    await evaluate(page.session, 'globalThis.earlier = true');
    await press(panel, 'button', 'Reload to record');
    await waitFor(page.session, () => !('earlier' in globalThis));
    await demoReady(page.session);
    await waitFor(panel, () => document.querySelector('[role="treegrid"] [role="row"][aria-level="1"]'));
    for (let i = 0; i < PRESSES; i++) {
      await evaluate(page.session, () => {
        for (const flag of document.querySelectorAll('.flag')) flag.classList.add('old');
      });
      await makeFail(page.session, 'handles');
      await waitFor(page.session, (count) => document.querySelectorAll('.flag:not(.old)').length === count, EACH);
    }
    await press(panel, 'button', 'Take snapshot');
    await shows(panel, `${EACH * PRESSES} js.Func`);
    await shows(panel, `mistakes.go:${LINE}`);
    const words = await waitFor(
      panel,
      (begin) => {
        const text = document.querySelector('.banner')?.textContent?.trim();
        return text?.startsWith(begin) ? text : '';
      },
      `${EACH * PRESSES} js.Func`,
    );
    assert.match(words, /never released/);
    assert.match(words, new RegExp(`\\b${EACH}\\b`));
    // The banner may name the place a frame before the rows do.
    const group = await waitFor(
      panel,
      (place, count) =>
        [...document.querySelectorAll('[role="treegrid"] [role="row"]')]
          .map((row) => row.textContent ?? '')
          .find((text) => text.includes(place) && text.includes(count)) ?? '',
      `mistakes.go:${LINE}`,
      `${EACH * PRESSES}`,
    );
    assert.match(group, /main\.\(\*harbour\)\.hoistFlags/);
    assert.match(group, /leak suspect/);
    if (process.env.GOWASM_PICTURES) await devTools.screenshot(join(root, process.env.GOWASM_PICTURES, 'handles.png'));
    assert.deepEqual(
      page.messages.filter(({ type }) => type === 'error'),
      [],
    );
  } finally {
    await browser.close();
    await demo.close();
  }
});
