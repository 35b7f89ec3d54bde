/**
 * What the extension costs a page with a Go program until the program is ready: the demo, from the start of the navigation
 * until the page says so (site.ts). Each visit is the first one of a new tab with an empty cache. Nothing listens to the tab:
 * an inspector, even the driver's own, would cost the extension's scripts more than a user pays.
 */
import type { Browser } from '../tools/browser.mjs';
import { deadline, PATIENCE } from '../tools/cdp.mjs';
import { inTwoBrowsers } from './browsers';
import type { Figure } from './figure';
import { demoSite, READY } from './site';
import { inTurn, ratioOfMedians, type Turns, tell } from './statistics';

/** Two browsers that are equal differ by a few percent from launch to launch: so several pairs of browsers are launched. The
 * first visits do not count: an extension that was just installed starts its service worker once. */
const LAUNCHES = 6;
const PLAN = { warmUp: 6, pairs: 16 };

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
    const all: Turns = { tried: [], base: [] };
    for (let launch = 0; launch < LAUNCHES; launch++) {
      await inTwoBrowsers({ ...demoSite(), [READY]: ready }, async ({ origin, withIt, without }) => {
        const visit = async ({ cdp, targets }: Browser): Promise<number> => {
          const said = deadline<number>(PATIENCE, 'word from the demo', (resolve) => {
            told = resolve;
            return () => {};
          });
          const opened = cdp.send('Target.createTarget', { url: `${origin}/` });
          const [time, { targetId }] = await Promise.all([said, opened]);
          await cdp.send('Target.closeTarget', { targetId });
          await targets.gone(targetId);
          return time;
        };
        const turns = await inTurn(
          PLAN,
          () => visit(withIt),
          () => visit(without),
        );
        all.tried.push(...turns.tried);
        all.base.push(...turns.base);
      });
    }
    return { value: ratioOfMedians(all), details: tell(all, 'with', 'without') };
  },
};
