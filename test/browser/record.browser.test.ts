/** A recording on its way from a page to the panel: armed, ordered, counted, ended; and what a page that lies can do to it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { frameTable, staticRange } from '../../src/bridge/frames';
import { FULL_ROW, stateProbes } from '../../src/bridge/state';
import { Program } from '../../src/program';
import { evaluate, type Session, waitFor } from '../../tools/browser.mjs';
import { openFixture } from '../fixtures/open';
import { wasmExec } from '../fixtures/wasm-exec';
import { html, inspect, openRealms, withPlain } from './plain/open';

const PROGRAM = 'go1.27/loop-stripped';
const PAGES = {
  '/': html('<script src="/wasm_exec.js"></script><script src="/count.js"></script>'),
  '/wasm_exec.js': { body: wasmExec(PROGRAM)?.text() ?? '' },
  '/count.js': { body: readFileSync(join(process.env.GOWASM_ROOT ?? '.', 'test/browser/plain/count.js')) },
  '/main.wasm': { type: 'application/wasm', body: openFixture(PROGRAM) },
};
const HOOK = { hook: 'src/hook/hook.ts' };

declare global {
  var chrome: { scripting: { getRegisteredContentScripts(): Promise<{ id: string; matches: string[] }[]> } };
  var counted: Record<string, [number, number]>;
  function runCounted(...argv: string[]): Promise<{ code: number; written: string }>;
}

/** Arms the panel, and orders to record what comes, with the call sites of the program or without. */
const arm = (panel: Session, every: number, sites = false) =>
  evaluate(
    panel,
    async (order) => {
      const { frames, state } = order;
      plain.order = {
        ...order,
        frames: frames && {
          index: new Int32Array(frames.index),
          runs: new Int32Array(frames.runs),
          kinds: new Uint8Array(frames.kinds),
        },
        state: state ? { ...state, words: new Int32Array(state.words) } : undefined,
      };
      await plain.armRecording(true);
    },
    { every, ...(sites ? tables() : { frames: null, staticLow: 0, staticHigh: 0, state: null }) },
  );

function tables() {
  const program = new Program(openFixture(PROGRAM));
  const table = frameTable(program);
  assert.ok(table);
  const frames = { index: [...table.index], runs: [...table.runs], kinds: [...table.kinds] };
  const { words, goroutine } = stateProbes(program);
  return { frames, ...staticRange(program), state: { words: [...words], goroutine } };
}

/** @returns the recorder's answers so far, once there are as many as wanted */
const recorders = (panel: Session, count: number) =>
  waitFor(panel, (wanted) => plain.log.filter(([type]) => type === 'recorder').length >= wanted, count);

const CASES: [every: number, args: string[], sites: boolean][] = [
  [0, ['30000'], false],
  [1, ['30000'], true],
  [7, ['1500', 'dom'], true],
];

for (const [every, args, sites] of CASES) {
  test(`what the panel gets is what the page counts itself: ${args.join(' ')}, one in ${every} timed`, async () => {
    await withPlain(
      PAGES,
      async (browser, origin) => {
        const { page, panel } = await inspect(browser, `${origin}/`);
        await arm(panel, every, sites);
        await page.reload();
        await recorders(panel, 1);
        const ended = await evaluate(page.session, (given) => runCounted('loop', ...given), args);
        assert.equal(ended.code, 0);
        await waitFor(panel, () => plain.captures.at(-1)?.last === true);
        const counts = await evaluate(panel, () => plain.counts());
        const counted = await evaluate<[], Record<string, [number, number]>>(page.session, 'counted');
        assert.deepEqual(counts, counted);
        const [realm, ...more] = await openRealms(panel, 1);
        assert.deepEqual(more, []);
        const told = await evaluate(panel, () =>
          plain.captures.map(({ realm, instance, wrong, capture: { dropped, lost, events } }) => ({
            ...{ realm, instance, wrong, dropped, lost, events: events.length / 3 },
          })),
        );
        const { events, ...rest } = told[0];
        assert.deepEqual([rest, told.length], [{ realm: realm.id, instance: 1, wrong: 0, dropped: 0, lost: 0 }, 1]);
        const calls = Object.values(counted).reduce((sum, [count]) => sum + count, 0);
        if (every === 1) assert.equal(events, calls);
        else assert.ok(events > 0 && (every === 0 || events < calls), `${events} of ${calls}`);
        // What it was asked to look at in memory, it did.
        const seen = await evaluate(panel, () =>
          plain.captures.map(({ capture: { rowWidth, rows, goroutines } }) => [
            ...[rowWidth, rows.length > 0, goroutines.length > 0],
          ]),
        );
        assert.deepEqual(seen, [sites ? [FULL_ROW, true, true] : [0, false, false]]);
        // The hook numbers it alike.
        assert.deepEqual(
          await evaluate(panel, () => plain.log.filter(([type]) => type === 'event').map(([, , what]) => what)),
          ['module', 'exit'],
        );
        assert.deepEqual(page.messages, []);
      },
      HOOK,
    );
  });
}

test('a page that goes says what is left; DevTools that goes takes the recorder with it', async () => {
  await withPlain(
    { ...PAGES, '/next': html('') },
    async (browser, origin) => {
      const { page, devTools, panel } = await inspect(browser, `${origin}/`);
      await arm(panel, 1);
      await page.reload();
      await recorders(panel, 1);
      await evaluate(page.session, async () => {
        await runCounted('loop', '1000');
        sessionStorage.setItem('counted', JSON.stringify(counted));
        location.href = '/next';
      });
      await recorders(panel, 2);
      const counted = JSON.parse(await waitFor(page.session, () => sessionStorage.getItem('counted') ?? ''));
      // What the old document said last may come after the new one's recorder has been found.
      await waitFor(panel, () => plain.captures.at(-1)?.last);
      assert.deepEqual(await evaluate(panel, () => plain.counts()), counted);

      const worker = await browser.cdp.attach((await browser.serviceWorker()).targetId);
      const registered = () =>
        evaluate(worker, async () =>
          (await chrome.scripting.getRegisteredContentScripts()).map(({ id, matches }) => [id, matches]),
        );
      assert.deepEqual(await registered(), [['record', ['http://127.0.0.1/*']]]);
      await devTools.close();
      await waitFor(worker, async () => (await chrome.scripting.getRegisteredContentScripts()).length === 0);
      await page.reload();
      const taken = await evaluate(page.session, () => {
        const { port2 } = new MessageChannel();
        return !document.dispatchEvent(new MessageEvent('gowasm-record-port', { cancelable: true, ports: [port2] }));
      });
      assert.equal(taken, false);
    },
    HOOK,
  );
});

test('not armed any more: nothing is in the page; armed: the recorder follows it to another site', async () => {
  await withPlain(
    PAGES,
    async (browser, origin) => {
      const { page, panel } = await inspect(browser, `${origin}/`);
      await arm(panel, 1);
      await evaluate(panel, () => plain.armRecording(false));
      await page.reload();
      await openRealms(panel, 1);
      assert.equal(await evaluate(panel, () => plain.log.some(([type]) => type === 'recorder')), false);
      await arm(panel, 1);
      await page.goto(`${origin.replace('127.0.0.1', 'localhost')}/`);
      await openRealms(panel, 1);
      // It follows the page to its new site.
      await waitFor(panel, async () => {
        const { held = [] } = await navigator.locks.query();
        return held.some(({ name }) => name?.endsWith(' http://localhost/*'));
      });
      await page.reload();
      await recorders(panel, 1);
    },
    HOOK,
  );
});

const NONSENSE = 'The page sent a recording that makes no sense: it was ended.';
const FLOOD = 'The page sends more than a recording can: it was ended.';

test('a page that plays the recorder is refused, and harms its own recording only', async () => {
  // Before the true recorder could: a page cannot do this, and does not need to.
  const forge = `<script>
    document.addEventListener('gowasm-record-port', (event) => {
      event.stopImmediatePropagation();
      if (globalThis.port) return;
      event.preventDefault();
      globalThis.port = event.ports[0];
      globalThis.orders = [];
      port.onmessage = ({ data }) => orders.push(data.record);
    }, true);
    const ints = (...values) => new Int32Array(values);
    const floats = (...values) => new Float64Array(values);
    globalThis.batch = (more) => ({
      instance: 1, number: 1, now: 1, origin: 1, operations: ['run'], targets: ['x'], stacks: ints(1, 0x10000000),
      entries: ints(1, 1, 1), receivers: ints(), counts: floats(1, 1, 0, 1, 1, 1), events: ints(1, 0, 0), times: floats(1, 2), dropped: 0,
      lost: 0, clockStep: 0.1, every: 1, last: false, ...more });
  </script>`;
  await withPlain({ '/': html(forge), '/again': html(forge) }, async (browser, origin) => {
    const { page, panel } = await inspect(browser, `${origin}/`);
    await evaluate(panel, () => {
      plain.order = { every: 1, frames: null, staticLow: 0, staticHigh: 0 };
    });
    const lies = {
      'no batch': ['port.postMessage({ batch: 5 }); port.postMessage({ batch: { number: 1 } })', NONSENSE],
      'wrong kind': ["port.postMessage({ batch: batch({ targets: 'x' }) })", NONSENSE],
      'wrong number': ['port.postMessage({ batch: batch({ times: floats(1, NaN) }) })', NONSENSE],
      'a flood of batches': ['for (let i = 1; i < 9000; i++) port.postMessage({ batch: batch({ number: i }) })', FLOOD],
    };
    let met = 0;
    for (const [name, [lie, why]] of Object.entries(lies)) {
      await page.goto(`${origin}/${met % 2 ? 'again' : ''}?${met}`);
      await recorders(panel, ++met);
      await waitFor(page.session, () => (globalThis as unknown as { orders: unknown[] }).orders.length === 1);
      await evaluate(page.session, `port.postMessage({ batch: batch() }); ${lie}; 0`);
      const said = await waitFor(
        panel,
        (wanted) => {
          const all = plain.log.filter(([type]) => type === 'unrecorded');
          return all.length === wanted && all.at(-1)?.[2];
        },
        met,
      );
      assert.equal(said, why, name);
      // It is told to stop, and nothing of it is taken any more.
      await waitFor(page.session, () => (globalThis as unknown as { orders: unknown[] }).orders.at(-1) === null);
      const before = await evaluate(panel, () => [plain.captures.length, plain.captures.at(-1)?.capture.entries]);
      await evaluate(page.session, 'port.postMessage({ batch: batch() }); 0');
      assert.deepEqual(
        await evaluate(panel, () => [plain.captures.length, plain.captures.at(-1)?.capture.entries]),
        before,
      );
    }
    // What else the page says is heard as ever.
    await evaluate(page.session, 'say(1)');
    await waitFor(panel, () => plain.log.some(([type, , what]) => type === 'event' && what === '1'));
    assert.deepEqual(page.messages, []);
  });
});
