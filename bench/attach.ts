/**
 * How long after a module was parsed DevTools has its source map: the demo, loaded again and again in a tab with DevTools open.
 * Both ends are told by Chromium: `Debugger.scriptParsed` to the driver, and the front end's own event of an attached map.
 */
import { evaluate, launch } from '../tools/browser.mjs';
import { sourceOf } from '../tools/devtools.mjs';
import { serve } from '../tools/serve.mjs';
import type { Figure } from './figure';
import { demoSite } from './site';
import { median } from './statistics';

const LOADS = 12;

export const attach: Figure = {
  name: 'attach',
  what: 'DevTools: from the parse of the demo’s module to its map attached',
  allowed: 1000,
  bound: 'most',
  unit: 'ms',
  async measure() {
    const { origin, close } = await serve({ overrides: demoSite() });
    const browser = await launch();
    try {
      const page = await browser.openPage('about:blank');
      const { frontEnd } = await page.openDevTools();
      // The extension's page in DevTools must be there: it is loaded while DevTools opens.
      await browser.targets.find(({ url }) => url.endsWith('/devtools.html'), 'the devtools page');
      let parsed = 0;
      page.session.on('Debugger.scriptParsed', ({ url }) => {
        if (url.endsWith('/main.wasm')) parsed = performance.now();
      });
      await page.session.send('Debugger.enable');
      const times: number[] = [];
      for (let load = 0; load < LOADS; load++) {
        await page.goto('about:blank');
        const attached = evaluate(frontEnd, attachedMap).then(() => performance.now());
        await page.goto(`${origin}/`);
        const end = await attached;
        if (parsed === 0) throw new Error('the module was not parsed');
        times.push(end - parsed);
        await sourceOf(frontEnd, 'demo/main.go');
      }
      const [first, ...again] = times.map((time) => Math.round(time));
      return {
        value: Math.max(...times),
        details: `the longest of ${LOADS} loads; the first ${first} ms, then a median of ${median(again)} ms: the map is kept`,
      };
    } finally {
      await browser.close();
      await close();
    }
  },
};

/** Runs in the front end: resolves when a source map of a wasm script is attached. */
async function attachedMap(): Promise<void> {
  const path = 'devtools://devtools/bundled/core/sdk/sdk.js';
  const { TargetManager, DebuggerModel, SourceMapManager } = await import(path);
  await new Promise<void>((resolve) => {
    const listen = (event: { data: { client: { isWasm(): boolean } } }) => {
      if (event.data.client.isWasm()) resolve();
    };
    // A page of another site is another target.
    TargetManager.TargetManager.instance().observeModels(DebuggerModel.DebuggerModel, {
      modelAdded: (model: { sourceMapManager(): EventTarget }) =>
        model.sourceMapManager().addEventListener(SourceMapManager.Events.SourceMapAttached, listen as never),
      modelRemoved: () => {},
    });
  });
}
