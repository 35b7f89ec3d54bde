/**
 * What the extension costs a page with a Go program until the program is ready: the demo, from the start of the navigation
 * until the page says so (site.ts). Each visit is the first one of a new tab with an empty cache. Nothing listens to the tab:
 * an inspector, even the driver's own, would cost more than a user pays.
 *
 * Two browsers run side by side, one with the extension and one without any, and are visited in random order: visited always
 * in the same order, the second of two equal browsers is faster. One visit differs from the next by a tenth and more, so it
 * takes hundreds of them, and new browsers now and then.
 */
import { type Browser, launch } from '../tools/browser.mjs';
import { deadline, PATIENCE } from '../tools/cdp.mjs';
import { serve } from '../tools/serve.mjs';
import type { Figure } from './figure';
import { demoSite, READY } from './site';
import { random, ratioOfMedians, type Turns, tell } from './statistics';

/** The first visits of each browser do not count: an extension that was just installed starts its service worker once. */
const LAUNCHES = 8;
const WARM_UP = 3;
const VISITS = 50;
const SEED = 1;

export const startUp: Figure = {
  name: 'start-up',
  what: 'hook idle: start-up of the demo with the extension, against without',
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
      const chance = random(SEED);
      for (let launched = 0; launched < LAUNCHES; launched++) {
        const browsers = await Promise.all([launch(), launch({ extension: null })]);
        const sides = [all.tried, all.base];
        try {
          for (let i = -WARM_UP; i < VISITS; i++) {
            const first = chance() < 0.5 ? 0 : 1;
            for (const side of [first, 1 - first]) {
              const time = await visit(browsers[side], `http://localhost:${port}/`);
              if (i >= 0) sides[side].push(time);
            }
          }
        } finally {
          await Promise.all(browsers.map((browser) => browser.close()));
        }
      }
    } finally {
      await close();
    }
    return { value: ratioOfMedians(all), details: tell(all, 'with', 'without') };
  },
};
