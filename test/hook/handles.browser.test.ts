/** handles.js in pages that open their document anew, run one Go object twice, or have put anything into its lists. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HandleTable } from '../../src/protocol/handles';
import { RECORD_PORT } from '../../src/protocol/handshake';
import { evaluate } from '../../tools/browser.mjs';
import { bundleHandles, type Page, withPages } from './page/open';

declare global {
  interface Window {
    /** Runs a scenario of the program, which waits for ever if it does not exit. */
    begin(scenario: string, again?: object): Promise<object>;
    begun: object;
    ran: string[];
    gone: WeakRef<object>[];
  }
}

const BEGIN = `window.begin = async (scenario, go = new Go()) => {
  go.argv = ['judge', scenario];
  const { instance } = await WebAssembly.instantiateStreaming(fetch('/main.wasm'), go.importObject);
  void go.run(instance);
  window.begun = go;
}`;

/** @returns what handles.js says, or why it does not */
const ask = (page: Page, question: object) =>
  evaluate(
    page.session,
    async (asked) => {
      const said = await window.askHandles(asked);
      if (!said?.ok) return said?.why ?? 'absent';
      const { ids, slots, free, watched, refs } = said.value as HandleTable;
      return ids ? { ids: [...ids], slots, free, refs: [...refs], births: watched && [...watched.births] } : said.value;
    },
    question,
  );

const put = (page: Page) => evaluate(page.session, bundleHandles().text);

test('put into a page twice, it answers once; it hears where the page has opened its document anew', () =>
  withPages(async (open) => {
    const page = await open('/program', 'watching');
    await evaluate(page.session, BEGIN);
    await evaluate(page.session, () => window.begin('deadlock'));
    assert.equal(await ask(page, { ask: 'counts' }), 'absent');
    await put(page);
    await put(page);
    const before = await ask(page, { ask: 'table' });
    assert.equal(typeof before, 'object');
    // Two questions one after another are answered one after another: a second answer to the first would come before that.
    await ask(page, { ask: 'counts' });
    assert.equal(await evaluate(page.session, () => window.answers), 2);
    await evaluate(page.session, `document.open(); document.write('<body>anew'); document.close();`);
    assert.deepEqual(await ask(page, { ask: 'table' }), before);
    await page.close();

    const late = await open('/program', 'watching');
    await evaluate(late.session, BEGIN);
    await evaluate(late.session, () => window.begin('deadlock'));
    await evaluate(late.session, `document.open(); document.write('<body>anew'); document.close();`);
    await put(late);
    assert.match(String(await ask(late, { ask: 'counts' })), /opened its document anew/);
    // The next program makes the hook hear again.
    await evaluate(late.session, () => window.begin('deadlock'));
    for (const instance of [1, 2]) assert.equal(typeof (await ask(late, { ask: 'counts', instance })), 'object');
  }));

test('a Go object that has run another program since is none of the first one’s, whose watch is let go of', () =>
  withPages(async (open) => {
    const page = await open('/program', 'watching');
    await evaluate(page.session, BEGIN);
    await put(page);
    await evaluate(page.session, () => window.begin('exit'));
    assert.match(String(await ask(page, { ask: 'table' })), /has exited/);
    await evaluate(page.session, () => window.begin('deadlock', window.begun));
    assert.match(String(await ask(page, { ask: 'table' })), /another program with the same Go object/);
    const { births } = (await ask(page, { ask: 'table', instance: 2 })) as { births: number[] };
    assert.equal(births.filter((birth) => birth > 0).length, births.length - 7);
    const watched = await evaluate(
      page.session,
      (type) => {
        let found: boolean[] = [];
        const data = (programs: { watched(): object | null }[]) => {
          found = programs.map((program) => program.watched() !== null);
        };
        document.dispatchEvent(new MessageEvent(type, { data }));
        return found;
      },
      RECORD_PORT,
    );
    assert.deepEqual(watched, [false, true]);
  }));

/** What a page may do to its own lists, and what is said then. `ids`: those that have a row, beyond the predefined ones. */
const LISTS: { name: string; change: string; says: RegExp | { ids: number[]; free: number } }[] = [
  {
    name: 'a proxy',
    change: `go._values = new Proxy(go._values, { get(target, key) { ran.push(String(key)); return target[key]; } })`,
    says: /put something else/,
  },
  {
    name: 'no list',
    change: `go._values = { get length() { ran.push('length'); return 9; } }`,
    says: /put something else/,
  },
  { name: 'a pool that is none', change: 'go._idPool = { length: -1 }', says: /put something else/ },
  { name: 'a pool of a length only', change: `go._idPool = '123'`, says: /put something else/ },
  { name: 'no pool, as before Go 1.14', change: 'delete go._idPool', says: /Go 1\.14/ },
  {
    name: 'a getter for a value',
    change: `Object.defineProperty(go._values, 8, { get() { ran.push('value'); return {}; } })`,
    says: /functions of its own/,
  },
  {
    name: 'a getter for a count',
    change: `Object.defineProperty(go._goRefCounts, 8, { get() { ran.push('count'); return 1; } })`,
    says: /functions of its own/,
  },
  {
    name: 'a getter for a free id',
    change: `go._idPool.push(7); Object.defineProperty(go._idPool, 0, { get() { ran.push('id'); return 7; } })`,
    says: /functions of its own/,
  },
  {
    name: 'a getter where a slot is left out',
    change: `go._values.length = 12; Object.defineProperty(Array.prototype, 11, { configurable: true, get() { ran.push('hole'); } })`,
    says: /functions of its own/,
  },
  {
    name: 'counts that want to be asked',
    change: `go._goRefCounts[8] = { valueOf() { ran.push('valueOf'); return 1; } }; go._goRefCounts[9] = 1.5; go._goRefCounts[7] = -4`,
    says: { ids: [7, 8, 9, 10], free: 0 },
  },
  { name: 'slots that are left out', change: 'go._values.length = 2 ** 31', says: { ids: [7, 8, 9, 10], free: 0 } },
  {
    name: 'free ids twice, and such as are none',
    change: 'go._values[9] = null; go._idPool.push(9, 9, -1, 1e9, 0.5, NaN, null, {}, go._idPool)',
    says: { ids: [7, 8, 10], free: 1 },
  },
];

test('lists that the page has changed are read as data or not at all', () =>
  withPages(async (open) => {
    const page = await open('/program', 'watching');
    await evaluate(page.session, BEGIN);
    await put(page);
    for (const [i, { name, change, says }] of LISTS.entries()) {
      await evaluate(page.session, () => window.begin('deadlock'));
      await evaluate(
        page.session,
        `(() => { const go = window.begun; const ran = (window.ran = []);
        for (const list of [go._values, go._goRefCounts]) list.length = 7;
        go._values.push({}, {}, {}, {}); go._goRefCounts.push(1, 1, 1, 1); go._idPool.length = 0; ${change}; })()`,
      );
      const table = await ask(page, { ask: 'table', instance: i + 1 });
      assert.deepEqual(await evaluate(page.session, () => window.ran), [], name);
      await evaluate(page.session, 'delete Array.prototype[11]');
      if (says instanceof RegExp) assert.match(String(table), says, name);
      else {
        const { ids, free } = table as { ids: number[]; free: number };
        assert.deepEqual({ ids: ids.slice(7), free }, says, name);
      }
    }
  }));

test('with fake timers in the page handles are told all the same, by a clock that goes on as the page’s own did', () =>
  withPages(async (open) => {
    const page = await open('/program', 'watching');
    await evaluate(page.session, BEGIN);
    await put(page);
    const [first, last] = await evaluate(page.session, async () => {
      await window.begin('deadlock');
      const before = performance.now();
      performance.now = () => 5;
      const { value } = (await window.askHandles({ ask: 'counts' })) ?? {};
      return [before, (value as HandleTable).now];
    });
    assert.ok(last >= first - 1 && last < first + 60_000, `${first} ${last}`);
  }));

test('a program that the page dropped is given back, whatever was asked about it', () =>
  withPages(async (open) => {
    const page = await open('/program', 'watching');
    await evaluate(page.session, BEGIN);
    await put(page);
    await evaluate(page.session, async () => {
      await window.begin('deadlock');
      const go = window.begun as { _values: object[]; _inst: { exports: { mem: object } } };
      const held = [{ a: 'value that Go holds' }, document.createElement('div'), () => 'held'];
      go._values.push(...held);
      const { value } = (await window.askHandles({ ask: 'table' })) ?? {};
      await window.askHandles({ ask: 'previews', ids: (value as HandleTable).ids });
      await window.askHandles({ ask: 'dump' });
      await window.askHandles({ ask: 'counts' });
      window.gone = [go, go._values, go._inst.exports.mem, ...held].map((each) => new WeakRef(each));
      window.begun = {};
    });
    let left = -1;
    for (let tries = 0; tries < 20 && left !== 0; tries++) {
      await page.session.send('HeapProfiler.collectGarbage');
      left = await evaluate(page.session, () => window.gone.filter((each) => each.deref()).length);
    }
    assert.equal(left, 0);
  }));
