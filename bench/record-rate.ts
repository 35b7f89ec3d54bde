/**
 * How fast what was recorded comes from a page to the panel, over the whole way and in a DevTools window, and for how long that holds
 * the page up. The loop program has made its calls by then, all of them timed, and the page does nothing else.
 *
 * Time of the page is what its main thread computes (Tracing, thread time): other programs' work does not lengthen it.
 */
import { inspect, withPlain } from '../test/browser/plain/open';
import { type Browser, evaluate, waitFor } from '../tools/browser.mjs';
import type { Figure } from './figure';
import { loopSite } from './site';
import { median } from './statistics';
import { startTrace } from './trace';

/** What waits in the page at most is 1.3 million. */
const CALLS = 1_200_000;
const ROUNDS = 3;

interface Round {
  events: number;
  /** Milliseconds from the end of the program until the panel had all. */
  time: number;
  /** Each task of the page's main thread meanwhile, milliseconds. */
  tasks: number[];
  batches: number;
}

let measured: Promise<Round[]> | null = null;

export const recordRate: Figure = {
  name: 'record-rate',
  what: 'recording: timed calls from the page to the panel',
  allowed: 1_000_000,
  bound: 'least',
  unit: '/s',
  async measure() {
    measured ??= rounds();
    const rates = (await measured).map(({ events, time }) => (events / time) * 1000);
    return { value: median(rates), details: `${rates.map((rate) => Math.round(rate)).join(', ')} of ${CALLS} each` };
  },
};

export const recordBlocked: Figure = {
  name: 'record-blocked',
  what: 'recording: the page is held up by a batch of 2,048 timed calls',
  allowed: 1000,
  bound: 'most',
  unit: 'µs',
  async measure() {
    measured ??= rounds();
    const all = (await measured).map(({ tasks, batches }) => (sum(tasks) / batches) * 1000);
    const tasks = (await measured).flatMap(({ tasks }) => tasks);
    const long = tasks.filter((task) => task > 1).length;
    const longest = Math.max(...tasks).toFixed(2);
    return {
      value: median(all),
      details: `mean of all batches; ${long} of ${tasks.length} tasks took more than 1 ms, the longest ${longest}`,
    };
  },
};

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

async function rounds(): Promise<Round[]> {
  const done: Round[] = [];
  const work = async (browser: Browser, origin: string) => {
    const { page, panel } = await inspect(browser, `${origin}/loop.html`);
    await evaluate(panel, async () => {
      plain.order = { every: 1, frames: null, staticLow: 0, staticHigh: 0 };
      await plain.arm('bridge', true);
    });
    for (let i = 0; i < ROUNDS; i++) {
      await page.reload();
      await waitFor(panel, (met) => plain.log.filter(([type]) => type === 'recorder').length === met, i + 1);
      const trace = await startTrace(browser);
      const began = await evaluate<[number], number>(
        page.session,
        (async (calls: number) => {
          await (globalThis as unknown as { round(count: number): Promise<number> }).round(calls);
          performance.mark('measured');
          return performance.timeOrigin + performance.now();
        }) as unknown as (calls: number) => number,
        CALLS,
      );
      const { ended, events, batches } = (await waitFor(panel, () => {
        const last = plain.captures.at(-1);
        const { events, batches } = last?.capture ?? { events: [], batches: 0 };
        return last?.last && { ended: last.at, events: events.length / 3, batches };
      })) as { ended: number; events: number; batches: number };
      done.push({ events, batches, time: ended - began, tasks: await trace() });
      await evaluate(panel, () => {
        plain.captures.length = 0;
      });
    }
  };
  await withPlain(loopSite(), work, { hook: 'src/hook/hook.ts' });
  return done;
}
