/**
 * What the extension costs a page with a Go program until the program is ready: the demo, from the start of the navigation
 * until it has put the first station's name on the page and gone idle (a mutation observer runs when it does). Each visit
 * is the first one of a new tab with an empty cache.
 */
import { type Browser, evaluate, type Page } from '../tools/browser.mjs';
import { inTwoBrowsers } from './browsers';
import type { Figure } from './figure';
import { demoSite } from './site';
import { compare, inTurn, tell } from './statistics';

const PLAN = { warmUp: 2, pairs: 30, most: 100, width: 0.015 };

export const startUp: Figure = {
  name: 'start-up',
  what: 'hook idle: start-up of the demo with the extension, against without',
  allowed: 1.02,
  bound: 'most',
  unit: '×',
  measure: () =>
    inTwoBrowsers(demoSite(), async ({ origin, withIt, without }) => {
      const turns = await inTurn(
        PLAN,
        () => visit(withIt, origin),
        () => visit(without, origin),
      );
      return { value: compare(turns).ratio, details: tell(turns, 'with', 'without') };
    }),
};

/** @returns milliseconds from the start of the navigation to the program's first idle moment */
async function visit(browser: Browser, origin: string): Promise<number> {
  const page = await openDemo(browser, origin);
  const time = await evaluate<[], number>(page.session, 'programReady');
  await page.close();
  return time;
}

/** Opens the demo; its global `programReady` becomes a promise for the time at which the program was ready. */
export function openDemo(browser: Browser, origin: string): Promise<Page> {
  const source = `(${watch})()`;
  return browser.openPage(`${origin}/`, {
    prepare: (session) => session.send('Page.addScriptToEvaluateOnNewDocument', { source }),
  });
}

/** Runs in the page, before its own scripts. */
function watch() {
  Object.assign(globalThis, {
    programReady: new Promise<number>((resolve) => {
      document.addEventListener('DOMContentLoaded', () => {
        const name = document.querySelector('#name');
        if (name) new MutationObserver(() => resolve(performance.now())).observe(name, { childList: true });
      });
    }),
  });
}
