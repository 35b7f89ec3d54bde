/**
 * What handles cost: a page whose program makes them is watched, and one is not, as in record.ts; and a table of 100,000 on its way from the
 * page into the panel, in a DevTools window.
 */
import { handleOptions } from '../src/handles/options';
import { Program } from '../src/program';
import { RECORD_PORT } from '../src/protocol/handshake';
import { inspect, withPlain } from '../test/browser/plain/open';
import { openFixture } from '../test/fixtures/open';
import { evaluate, launch, type Page, type Session, waitFor } from '../tools/browser.mjs';
import { serve } from '../tools/serve.mjs';
import type { Figure } from './figure';
import { recordingScripts } from './record';
import { HANDLES, handlesSite } from './site';
import { inTurn, median, ratioOfFasterHalves, type Turns, tell } from './statistics';
import { startTrace } from './trace';

const CALLS = 400_000;
const VISITS = 6;
const PAIRS = 4;
const HELD = 100_000;
const TABLES = 9;

export const watchFigures: Figure[] = [
  watchFigure('watch-loop', 'watching who makes handles: loop of Value.Get of one object', 'loop'),
  watchFigure('watch-fresh', 'the same, an object made for each', 'fresh'),
];

function watchFigure(name: string, what: string, mode: string): Figure {
  return { name, what, allowed: 1.5, bound: 'most', unit: '×', measure: () => compareWatched(mode) };
}

async function compareWatched(mode: string) {
  const { origin, close } = await serve({ overrides: handlesSite() });
  const browsers = await Promise.all([launch({ extension: null }), launch({ extension: null })]);
  try {
    const scripts = recordingScripts(openFixture(HANDLES), null, true);
    const prepare = async (session: Session) => {
      for (const source of scripts) await session.send('Page.addScriptToEvaluateOnNewDocument', { source });
    };
    const round = ({ session }: Page) => evaluate<[], number>(session, `round('${mode}', ${CALLS})`);
    const turns: Turns = { tried: [], base: [] };
    for (let visit = 0; visit < VISITS; visit++) {
      const watched = await browsers[0].openPage(`${origin}/handles.html`, { prepare });
      const plain = await browsers[1].openPage(`${origin}/handles.html`);
      const { tried, base } = await inTurn(
        { warmUp: 2, pairs: PAIRS },
        async () => (await round(watched)) / 1e6,
        async () => (await round(plain)) / 1e6,
      );
      turns.tried.push(...tried);
      turns.base.push(...base);
      await expectWatched(watched);
      await Promise.all([watched.close(), plain.close()]);
    }
    return { value: ratioOfFasterHalves(turns), details: `${tell(turns, 'watched', 'not')} in ${VISITS} visits` };
  } finally {
    await Promise.all(browsers.map((browser) => browser.close()));
    await close();
  }
}

/** @throws when the page was not watched as it should be: of its last program the handle of an early id has a number of birth */
async function expectWatched({ session }: Page): Promise<void> {
  const births = await evaluate<[], number[]>(
    session,
    `(() => {
      let births = [];
      const data = (programs) => { births = programs.map((each) => each.watched()?.birth(${EARLY_ID}) ?? 0); };
      document.dispatchEvent(new MessageEvent('${RECORD_PORT}', { data }));
      return births;
    })()`,
  );
  // Of those before nothing is kept.
  if (!births[births.length - 1]) throw new Error(`births of ${births.length} programs: ${births}`);
}

/** Given by the program's first calls. */
const EARLY_ID = 9;

interface Taken {
  /** Milliseconds until the panel can tell of it. */
  time: number;
  /** The longest task of the page's main thread meanwhile, and all of them together, milliseconds. */
  longest: number;
  all: number;
}

let measured: Promise<Taken[]> | null = null;

export const tableTime: Figure = {
  name: 'handles-table',
  what: 'a snapshot of 100,000 handles, from the page until the panel tells of it',
  allowed: 300,
  bound: 'most',
  unit: 'ms',
  async measure() {
    measured ??= takeTables();
    const times = (await measured).map(({ time }) => time);
    return { value: median(times), details: times.map((time) => Math.round(time)).join(', ') };
  },
};

export const tableBlocked: Figure = {
  name: 'handles-blocked',
  what: 'the page is held up by that, in all',
  allowed: 50,
  bound: 'most',
  unit: 'ms',
  async measure() {
    measured ??= takeTables();
    const all = (await measured).map(({ all }) => all);
    const longest = Math.max(...(await measured).map(({ longest }) => longest)).toFixed(1);
    return { value: median(all), details: `${all.map((ms) => ms.toFixed(1)).join(', ')}; longest task ${longest}` };
  },
};

async function takeTables(): Promise<Taken[]> {
  const { watch, table } = handleOptions(new Program(openFixture(HANDLES)));
  if (!watch.frames) throw new Error('no frame table');
  const taken: Taken[] = [];
  const { index, runs, kinds } = watch.frames;
  const sent = { ...watch, frames: { index: [...index], runs: [...runs], kinds: [...kinds] } };
  const work = async (browser: Parameters<Parameters<typeof withPlain>[1]>[0], origin: string) => {
    const { page, panel } = await inspect(browser, `${origin}/handles.html`);
    await evaluate(
      panel,
      async (given) => {
        const { index, runs, kinds } = given.frames;
        const frames = { index: new Int32Array(index), runs: new Int32Array(runs), kinds: new Uint8Array(kinds) };
        plain.watch = { ...given, frames };
        await plain.arm('handles', true);
      },
      sent,
    );
    await page.reload();
    await waitFor(panel, () => plain.log.some(([type]) => type === 'recorder'));
    await evaluate<[], void>(page.session, `hold(${HELD})`);
    for (let i = 0; i < TABLES; i++) {
      const trace = await startTrace(browser);
      await evaluate<[], void>(page.session, "performance.mark('measured')");
      const time = await evaluate(
        panel,
        async (options, least) => {
          const realm = plain.realms.find(({ open }) => open);
          if (!realm) throw new Error('no page');
          const began = performance.now();
          const told = await plain.target.handles(realm.id, { ask: 'table', instance: 1, options });
          plain.tables.handlesTaken(realm.id, 1, told);
          const [info] = plain.tables.handlesSnapshots(realm.id, 1).slice(-1);
          const sort = { by: 'count' as const, up: false };
          const wanted = { snapshot: info.number, against: null, group: 'class' as const, text: '', suspects: false };
          const view = plain.tables.handlesView(realm.id, 1, { ...wanted, open: {}, sort });
          const took = performance.now() - began;
          if (info.handles < least || !view || view.total < least) throw new Error(`${info.handles} handles`);
          return took;
        },
        table,
        HELD,
      );
      const tasks = await trace();
      taken.push({ time, longest: Math.max(...tasks), all: tasks.reduce((sum, task) => sum + task, 0) });
    }
  };
  await withPlain(handlesSite(), work, { hook: 'src/hook/hook.ts' });
  // The first one brings handles.js into the page.
  return taken.slice(1);
}
