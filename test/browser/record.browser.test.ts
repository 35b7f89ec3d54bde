/** A recording on its way from a page to the panel: armed, ordered, counted, ended; and what a page that lies can do to it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { frameTable, proofOf, staticRange } from '../../src/bridge/frames';
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
  var ran: Promise<unknown>;
  function go(): void;
  function runCountedFrom(path: string, ...argv: string[]): Promise<{ code: number; written: string }>;
  function runCounted(...argv: string[]): Promise<{ code: number; written: string }>;
}

/** Gives the order to the document that is there. */
const giveOrder = (panel: Session) =>
  evaluate(panel, () => {
    const [realm] = plain.realms.filter(({ open }) => open);
    if (plain.order) plain.target.record(realm.id, plain.order);
  });

const NO_TABLES = { frames: null, staticLow: 0, staticHigh: 0, state: null };

/** Arms the panel, and orders to record what comes, with the call sites of the program or without. */
async function arm(panel: Session, every: number, sites = false) {
  await setOrder(panel, { every, ...(sites ? tables(PROGRAM) : NO_TABLES) });
  await evaluate(panel, () => plain.arm('bridge', true));
}

/** What the panel orders from now on; columns come as lists. */
const setOrder = (panel: Session, order: { every: number } & (ReturnType<typeof tables> | typeof NO_TABLES)) =>
  evaluate(
    panel,
    (given) => {
      const { frames, state } = given;
      plain.order = {
        ...given,
        frames: frames && {
          index: new Int32Array(frames.index),
          runs: new Int32Array(frames.runs),
          kinds: new Uint8Array(frames.kinds),
        },
        state: state ? { ...state, words: new Int32Array(state.words) } : undefined,
      };
    },
    order,
  );

function tables(name: string) {
  const program = new Program(openFixture(name));
  const table = frameTable(program);
  const proof = proofOf(program);
  assert.ok(table && proof);
  const frames = { index: [...table.index], runs: [...table.runs], kinds: [...table.kinds] };
  const { words, goroutine } = stateProbes(program);
  return { proof, frames, ...staticRange(program), state: { words: [...words], goroutine } };
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
      await evaluate(panel, () => plain.arm('bridge', false));
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

/** The program says what it found, and waits for a timer in between, which the page holds back until it is told; it is the only one of 0 ms. */
const WAITS = 'go1.27/bridge-stripped';
const WAITING = {
  ...PAGES,
  '/': html(`<script src="/wasm_exec.js"></script><script src="/count.js"></script><script>
    const { setTimeout: pristine } = window;
    const held = new Promise((go) => (globalThis.go = go));
    globalThis.setTimeout = (f, ms) => pristine(() => (ms === 0 ? held.then(f) : f()), ms);
    globalThis.ran = runCounted();
  </script>`),
  '/main.wasm': { type: 'application/wasm', body: openFixture(WAITS) },
};

test('an order that comes late takes over what was recorded from the first call, and goes on with call sites', async () => {
  await withPlain(
    WAITING,
    async (browser, origin) => {
      const { page, panel } = await inspect(browser, `${origin}/`);
      const order = { every: 1, ...tables(WAITS) };
      const run = async () => {
        await evaluate(page.session, async () => {
          go();
          await ran;
        });
        await waitFor(panel, () => plain.captures.at(-1)?.last === true);
        // The page does not know the names of functions.
        const unnamed: Record<string, [number, number]> = {};
        for (const [key, [calls, bytes]] of Object.entries(await evaluate(panel, () => plain.counts()))) {
          const name = key.replace(/(value(?:New|Invoke)) .*/, '$1');
          const [known, carried] = unnamed[name] ?? [0, 0];
          unnamed[name] = [known + calls, carried + bytes];
        }
        assert.deepEqual(unnamed, await evaluate<[], Record<string, [number, number]>>(page.session, 'counted'));
        assert.equal(await evaluate(panel, () => plain.captures.at(-1)?.wrong), 0);
        // What the program itself makes: how often the runtime asks for the time, and is woken by its timers, is up to that.
        return (await evaluate(panel, () => plain.callSites(-1))).filter(
          ({ key }) => key.startsWith('syscall/js.') && !key.endsWith(' _pendingEvent'),
        );
      };

      await setOrder(panel, order);
      await evaluate(panel, () => plain.arm('bridge', true));
      await page.reload();
      await waitFor(panel, () => plain.captures.length === 1);
      const inTime = await run();

      await evaluate(panel, () => {
        plain.order = null;
      });
      await page.reload();
      await recorders(panel, 2);
      // It has done what it does before it waits.
      await waitFor(page.session, () =>
        Object.keys(globalThis.counted).some((key) => key.endsWith('valueCall setTimeout')),
      );
      // First the panel knows nothing of the program, then it has read it.
      for (const known of [{ every: 1, ...NO_TABLES }, order]) {
        await setOrder(panel, known);
        await giveOrder(panel);
        await waitFor(
          panel,
          (looks) => plain.captures.length === 2 && plain.captures[1].capture.rowWidth > 0 === looks,
          known === order,
        );
      }
      const late = await run();
      assert.equal(await evaluate(panel, () => plain.captures.length), 2);

      const before = late.filter(({ whole }) => !whole);
      const after = late.filter(({ whole }) => whole);
      assert.deepEqual([...new Set(before.map(({ pcs }) => pcs.split(' ').length))], [1]);
      assert.ok(after.length > 50, `${after.length} call sites`);
      // Call site by call site it is what was recorded with the order in time, less what came before it.
      const left = new Map<string, number>();
      for (const { key, pcs, calls } of inTime) left.set(`${key} ${pcs}`, (left.get(`${key} ${pcs}`) ?? 0) + calls);
      for (const { key, pcs, calls } of after) {
        const known = left.get(`${key} ${pcs}`) ?? 0;
        assert.ok(known >= calls, `${key} ${pcs}: ${calls} of ${known}`);
        left.set(`${key} ${pcs}`, known - calls);
      }
      const sums = (rows: [string, number][]) => {
        const found: Record<string, number> = {};
        for (const [key, calls] of rows) if (calls > 0) found[key] = (found[key] ?? 0) + calls;
        return found;
      };
      assert.deepEqual(
        sums(before.map(({ key, calls }) => [key, calls])),
        sums([...left].map(([site, calls]) => [site.replace(/(?: \d+)+$/, ''), calls])),
      );
    },
    HOOK,
  );
});

test('what was recorded before an order that never comes is dropped', async () => {
  await withPlain(
    PAGES,
    async (browser, origin) => {
      const { page, panel } = await inspect(browser, `${origin}/`);
      await evaluate(panel, () => plain.arm('bridge', true));
      await page.reload();
      await recorders(panel, 1);
      await evaluate(page.session, () => runCounted('loop', '1000'));
      await evaluate(panel, () => {
        const [realm] = plain.realms.filter(({ open }) => open);
        plain.target.record(realm.id, null);
        plain.target.record(realm.id, { every: 1, frames: null, staticLow: 0, staticHigh: 0 });
      });
      await evaluate(page.session, async () => {
        globalThis.counted = {};
        await runCounted('loop', '10');
      });
      await waitFor(panel, () => plain.captures.at(-1)?.last === true);
      assert.equal(await evaluate(panel, () => plain.captures.length), 1);
      assert.deepEqual(await evaluate(panel, () => plain.counts()), await evaluate(page.session, 'counted'));
    },
    HOOK,
  );
});

test('of different programs in a document each is walked by its own table, and not by another’s', async () => {
  const pages = { ...PAGES, '/other.wasm': WAITING['/main.wasm'] };
  await withPlain(
    pages,
    async (browser, origin) => {
      const { page, panel } = await inspect(browser, `${origin}/`);
      await arm(panel, 1, true);
      await page.reload();
      await recorders(panel, 1);
      const run = async (path: string, ...argv: string[]) => {
        const before = await evaluate(panel, () => plain.captures.length);
        await evaluate(page.session, (from, given) => runCountedFrom(from, ...given), path, argv);
        await waitFor(panel, (known) => plain.captures.length > known && plain.captures.at(-1)?.last === true, before);
        return (await evaluate(panel, () => plain.callSites(-1))).filter(({ key }) => key.startsWith('syscall/js.'));
      };
      const tell = (sites: Awaited<ReturnType<typeof run>>) => [
        ...new Set(sites.map(({ whole, pcs }) => whole && pcs.includes(' '))),
      ];
      assert.deepEqual(tell(await run('/main.wasm', 'loop', '100')), [true]);
      assert.deepEqual(tell(await run('/other.wasm')), [false]);
      // The panel has read that one too.
      await setOrder(panel, { every: 1, ...tables(WAITS) });
      await giveOrder(panel);
      assert.deepEqual(tell(await run('/other.wasm')), [true]);
      assert.deepEqual(tell(await run('/main.wasm', 'loop', '100')), [true]);
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
