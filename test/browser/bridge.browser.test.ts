/** The Bridge tab in real DevTools, on the demo: recorded from the load on, what one of its buttons makes cross the bridge. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type DevTools, evaluate, launch, type Page, waitFor } from '../../tools/browser.mjs';
import type { Session } from '../../tools/cdp.mjs';
import { demoFiles } from '../../tools/demo.mjs';
import { demoReady, makeFail } from '../../tools/demo-page.mjs';
import { extensionTracks, profile } from '../../tools/devtools.mjs';
import { filesAt, serve } from '../../tools/serve.mjs';
import { press } from './press';

const root = process.env.GOWASM_ROOT ?? '.';
const source = readFileSync(join(root, 'demo/mistakes.go'), 'utf8').split('\n');
const lineOf = (text: string) => source.findIndex((line) => line.includes(text)) + 1;
const LINE = lineOf('// HERE bridge');
/** Samples in the record that the button looks through, one by one. */
const SAMPLES = 8192;

/** Rows of a grid, as the texts of their cells. */
const rows = (panel: Session) =>
  evaluate(panel, () =>
    [...document.querySelectorAll('[role="row"]')].map((row) =>
      [...row.querySelectorAll('[role="gridcell"]')].map((cell) => cell.textContent?.trim() ?? ''),
    ),
  );

/** Opens the demo with DevTools on the Bridge tab, and has it recorded from its load on. */
async function recorded(use: (page: Page, devTools: DevTools, panel: Session) => Promise<void>): Promise<void> {
  const demo = await serve({ overrides: filesAt(demoFiles()) });
  const browser = await launch({ width: 1280, height: 900 });
  try {
    const page = await browser.openPage(`${demo.origin}/`);
    const devTools = await page.openDevTools();
    const panel = await devTools.showPanel();
    await demoReady(page.session);
    await press(panel, '[role="tab"]', 'Bridge');
    await press(panel, 'button', 'Reload to record');
    await waitFor(panel, () => document.body.textContent?.includes('Recording 0:'));
    await demoReady(page.session);
    await use(page, devTools, panel);
  } finally {
    await browser.close();
    await demo.close();
  }
}

test('what a button of the demo makes cross the bridge, and from which Go line', async () => {
  await recorded(async (page, devTools, panel) => {
    await makeFail(page.session, 'bridge');
    const filter = 'input[type="search"], [role="searchbox"], input[placeholder^="Filter"]';
    await waitFor(
      panel,
      (query) => {
        const input = document.querySelector<HTMLInputElement>(query);
        if (!input) return false;
        input.value = 'valueIndex countWaves';
        input.dispatchEvent(new Event('input', { bubbles: true }));
        return true;
      },
      filter,
    );
    await waitFor(
      panel,
      (count) => [...document.querySelectorAll('[role="gridcell"]')].some((cell) => cell.textContent?.trim() === count),
      SAMPLES.toLocaleString('en-US'),
    );
    const shown = await rows(panel);
    const calls = SAMPLES.toLocaleString('en-US');
    const operation = shown.find((cells) => cells[1] === 'valueIndex');
    assert.deepEqual([operation?.[0], operation?.[3]], ['Go → JS', calls]);
    assert.ok(LINE > 0);
    assert.deepEqual(
      shown.filter((cells) => cells.length === 3),
      [
        `main.(*harbour).countWavesmistakes.go:${LINE}`,
        `main.(*harbour).arm.func1mistakes.go:${lineOf('func(js.Value) { do() }')}`,
        'ui.(*Page).On.func1page.go:44',
      ].map((site) => [site, calls, '100 %']),
    );
    if (process.env.GOWASM_PICTURES) await devTools.screenshot(join(root, process.env.GOWASM_PICTURES, 'bridge.png'));
  });
});

test('while the Performance panel records, the same calls are a track there', async () => {
  await recorded(async (page, { frontEnd }) => {
    await profile(frontEnd, true);
    // The demo draws at each frame.
    await evaluate(
      page.session,
      () =>
        new Promise<void>((drawn) => {
          let frames = 0;
          const next = () => (++frames > 40 ? drawn() : requestAnimationFrame(next));
          next();
        }),
    );
    await profile(frontEnd, false);
    const tracks = await extensionTracks(frontEnd);
    assert.deepEqual(
      tracks.map(({ group, track }) => [group, track]),
      [['Go WASM', 'Calls between Go and JavaScript']],
    );
    assert.ok(tracks[0].names.includes('callback'), tracks[0].names.slice(0, 20).join());
    assert.ok(tracks[0].names.some((name) => /^value(?:Call|Get|Set) \w/.test(name)));
  });
});
