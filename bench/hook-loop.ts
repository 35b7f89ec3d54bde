/**
 * What the hook costs a program that calls JavaScript all the time: a tight loop of Value.Get in a page, in a browser with
 * the extension and in one without. The program measures itself. Several visits, because each lays out code anew, which
 * alone can make one process a few percent faster than another for all its life.
 */
import { evaluate, type Page } from '../tools/browser.mjs';
import { inTwoBrowsers } from './browsers';
import type { Figure } from './figure';
import { loopSite } from './site';
import { inTurn, ratioOfMedians, type Turns, tell } from './statistics';

const VISITS = 6;
/** The first ones until V8 has optimised the program. */
const PLAN = { warmUp: 2, pairs: 6 };
/** Calls in one round, about 0.3 s. */
const CALLS = 1_000_000;

export const hookLoop: Figure = {
  name: 'hook-loop',
  what: 'hook idle: tight Value.Get loop in Chromium with the extension, against without',
  allowed: 1.05,
  bound: 'most',
  unit: '×',
  measure: () =>
    inTwoBrowsers(loopSite(), async ({ origin, withIt, without }) => {
      const turns: Turns = { tried: [], base: [] };
      for (let visit = 0; visit < VISITS; visit++) {
        const [hooked, plain] = [
          await withIt.openPage(`${origin}/loop.html`),
          await without.openPage(`${origin}/loop.html`),
        ];
        const { tried, base } = await inTurn(
          PLAN,
          () => loop(hooked),
          () => loop(plain),
        );
        turns.tried.push(...tried);
        turns.base.push(...base);
        await Promise.all([hooked.close(), plain.close()]);
      }
      return { value: ratioOfMedians(turns), details: `${tell(turns, 'with', 'without')} in ${VISITS} visits` };
    }),
};

/** @returns milliseconds, as the program measures them */
async function loop({ session }: Page): Promise<number> {
  return (await evaluate<[], number>(session, `round(${CALLS})`)) / 1e6;
}
