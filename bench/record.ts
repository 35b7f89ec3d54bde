/**
 * What recording the bridge costs a page: the loop program and esbuild with hook and recorder in it, and without. In two
 * browsers without the extension, whose scripts one of them gets by the driver, so that no DevTools window is open: one costs
 * a page more than what is measured here. Call sites are recorded always. See hook-loop.ts for why there are several visits.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { frameTable, staticRange } from '../src/bridge/frames';
import { stateProbes } from '../src/bridge/state';
import { Program } from '../src/program';
import { RECORD_PORT } from '../src/protocol/handshake';
import { openFixture } from '../test/fixtures/open';
import { evaluate, launch, type Page, type Session, waitFor } from '../tools/browser.mjs';
import { serve } from '../tools/serve.mjs';
import type { Figure } from './figure';
import { esbuildSite, LOOP, loopSite } from './site';
import { inTurn, ratioOfFasterHalves, type Turns, tell } from './statistics';

const root = process.env.GOWASM_ROOT ?? '.';

/** One call in so many is timed; 0 by itself; null: nothing is recorded. */
type Every = number | null;

interface Measure {
  every: Every;
  site: typeof loopSite;
  path: string;
  program: () => Uint8Array;
  /** @returns milliseconds of one round */
  round: (page: Page) => Promise<number>;
  visits?: number;
  pairs?: number;
}

const loop = (count: number, mode = '') => ({
  site: loopSite,
  path: '/loop.html',
  program: () => openFixture(LOOP),
  round: async ({ session }: Page) => (await evaluate<[], number>(session, `round(${count}, '${mode}')`)) / 1e6,
});

const get = loop(1_000_000);
const dom = loop(60_000, 'dom');
const esbuild = {
  site: esbuildSite,
  path: '/esbuild.html',
  program: () => readFileSync(join(root, 'node_modules/esbuild-wasm/esbuild.wasm')),
  round: async ({ session }: Page) => {
    await waitFor(session, () => 'ready' in globalThis);
    return evaluate<[], number>(session, 'round()');
  },
};

export const recordFigures: Figure[] = [
  figure('record-idle', 'hook and recorder idle: tight Value.Get loop, against without', 1.05, { every: null, ...get }),
  figure('record-loop', 'recording, sampling: the same loop, against without', 1.5, { every: 0, ...get }),
  figure('record-dom', 'recording, sampling: loop of createElement, set, appendChild', 1.15, { every: 0, ...dom }),
  figure('record-every', 'recording, every call timed: the same loop', 2, { every: 1, ...dom }),
  figure('record-esbuild', 'recording, sampling: esbuild-wasm bundling source-map and preact', 1.1, {
    ...{ every: 0, visits: 2, pairs: 8 },
    ...esbuild,
  }),
];

function figure(name: string, what: string, allowed: number, measure: Measure): Figure {
  return { name, what, allowed, bound: 'most', unit: '×', measure: () => compareWith(measure) };
}

async function compareWith({ every, site, path, program, round, visits = 6, pairs = 4 }: Measure) {
  const { origin, close } = await serve({ overrides: site() });
  const browsers = await Promise.all([launch({ extension: null }), launch({ extension: null })]);
  try {
    const scripts = recordingScripts(program(), every);
    const prepare = async (session: Session) => {
      for (const source of scripts) await session.send('Page.addScriptToEvaluateOnNewDocument', { source });
    };
    const turns: Turns = { tried: [], base: [] };
    for (let visit = 0; visit < visits; visit++) {
      const recorded = await browsers[0].openPage(origin + path, { prepare });
      const plain = await browsers[1].openPage(origin + path);
      const { tried, base } = await inTurn(
        { warmUp: 2, pairs },
        () => round(recorded),
        () => round(plain),
      );
      turns.tried.push(...tried);
      turns.base.push(...base);
      await expectRecorded(recorded, every);
      await Promise.all([recorded.close(), plain.close()]);
    }
    return { value: ratioOfFasterHalves(turns), details: `${tell(turns, 'with', 'without')} in ${visits} visits` };
  } finally {
    await Promise.all(browsers.map((browser) => browser.close()));
    await close();
  }
}

/** @throws when the page was not recorded as it should be */
async function expectRecorded({ session }: Page, every: Every): Promise<void> {
  const { batches, calls } = await evaluate<[], { batches: number; calls: number }>(session, 'recorded');
  if (every === null ? batches > 0 : calls === 0) throw new Error(`${batches} batches with ${calls} calls`);
}

/**
 * Hook, recorder as they are shipped, and a stand-in for the content script that gives the order, and counts what comes.
 * @param watches who makes handles is watched, too
 */
export function recordingScripts(program: Uint8Array, every: Every, watches = false): string[] {
  const opened = new Program(program);
  const { staticLow, staticHigh } = staticRange(opened);
  const frames = frameTable(opened);
  if (!frames) throw new Error('no frame table');
  const { index, runs, kinds } = frames;
  const { words, goroutine } = stateProbes(opened);
  const known = `staticLow: ${staticLow}, staticHigh: ${staticHigh}, frames: {
      index: new Int32Array([${index}]), runs: new Int32Array([${runs}]), kinds: new Uint8Array([${kinds}]) }`;
  const order = `port1.postMessage({ record: { every: ${every}, ${known},
    state: { words: new Int32Array([${words}]), goroutine: ${JSON.stringify(goroutine)} } } });`;
  const standIn = `{
    globalThis.recorded = { batches: 0, calls: 0 };
    const { port1, port2 } = new MessageChannel();
    document.dispatchEvent(new MessageEvent('${RECORD_PORT}', { cancelable: true, ports: [port2] }));
    port1.onmessage = ({ data: { batch } }) => {
      recorded.batches++;
      for (let i = 1; i < batch.counts.length; i += 6) recorded.calls += batch.counts[i];
    };
    ${every === null ? 'port1.postMessage({ record: null })' : order}
    port1.postMessage({ watch: ${watches ? `{ ${known} }` : 'null'} });
  }`;
  const shipped = ['hook', 'record'].map((name) => readFileSync(join(root, `dist/extension/${name}.js`), 'utf8'));
  return [...shipped, standIn];
}
