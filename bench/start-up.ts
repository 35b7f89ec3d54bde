/**
 * What the hook costs a page with a Go program until the program is ready: the demo, from the start of the navigation until
 * the page says so (site.ts). Each visit is the first one of a new tab with an empty cache. Nothing listens to the tab: an
 * inspector, even the driver's own, would cost more than a user pays.
 *
 * One visit differs from the next by a tenth, two equal browsers by a twentieth: what is looked for is less. So both sides are
 * visited in one browser with the extension, by two names of this machine: one that the manifest enables, and one that it
 * does not, where the extension does nothing. Of two browsers, one with the extension and one without, each launch is a few
 * percent faster or slower for as long as it lives: visited in random order they gave 1.010, 1.011 and 1.030 by medians (600,
 * 700 and 400 visits each, 8 to 14 launches, Chromium 156), 1.015 together.
 */
import { type Browser, launch } from '../tools/browser.mjs';
import { deadline, PATIENCE } from '../tools/cdp.mjs';
import { serve } from '../tools/serve.mjs';
import type { Figure } from './figure';
import { demoSite, READY } from './site';
import { inTurn, ratioOfFasterHalves, type Turns, tell } from './statistics';

/** Chromium resolves both names itself, and alike. */
const ENABLED = 'localhost';
const NOT_ENABLED = 'elsewhere.localhost';

/** The first visits of each browser do not count: an extension that was just installed starts its service worker once. */
const LAUNCHES = 4;
const PLAN = { warmUp: 5, pairs: 120 };

export const startUp: Figure = {
  name: 'start-up',
  what: 'hook idle: start-up of the demo with the hook, against without',
  allowed: 1.02,
  bound: 'most',
  unit: '×',
  async measure() {
    let told = (_milliseconds: number) => {};
    const ready = (request: { url?: string }) => {
      told(Number(request.url?.split('?')[1]));
      return { status: 204, body: '' };
    };
    const visit = async ({ cdp, targets }: Browser, url: string): Promise<number> => {
      const said = deadline<number>(PATIENCE, 'word from the demo', (resolve) => {
        told = resolve;
        return () => {};
      });
      const opened = cdp.send('Target.createTarget', { url });
      const [time, { targetId }] = await Promise.all([said, opened]);
      await cdp.send('Target.closeTarget', { targetId });
      await targets.gone(targetId);
      return time;
    };
    const all: Turns = { tried: [], base: [] };
    const { port, close } = await serve({ overrides: { ...demoSite(), [READY]: ready } });
    try {
      for (let i = 0; i < LAUNCHES; i++) {
        const browser = await launch();
        const turns = await inTurn(
          PLAN,
          () => visit(browser, `http://${ENABLED}:${port}/`),
          () => visit(browser, `http://${NOT_ENABLED}:${port}/`),
        ).finally(() => browser.close());
        all.tried.push(...turns.tried);
        all.base.push(...turns.base);
      }
    } finally {
      await close();
    }
    return { value: ratioOfFasterHalves(all), details: tell(all, 'with', 'without') };
  },
};
