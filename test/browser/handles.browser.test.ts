/** Handles on their way from a page to the panel: asked for late, watched from the first call, dumped; and what one may do with a value. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { handleOptions } from '../../src/handles/options';
import { handlesJson } from '../../src/handles/report';
import { Tables } from '../../src/handles/tables';
import { decodeDump } from '../../src/memory/dump';
import { openMemory } from '../../src/memory/memory';
import { inflate } from '../../src/node/deflate';
import { Program } from '../../src/program';
import {
  type DumpParts,
  type HandlePreviews,
  type HandlesQuestion,
  type HandleTable,
  PAGE,
} from '../../src/protocol/handles';
import { evaluate, type Page, type Session, waitFor } from '../../tools/browser.mjs';
import { openFixture } from '../fixtures/open';
import { wasmExec } from '../fixtures/wasm-exec';
import { type Account, judge, type Told, type View } from '../handles/compare';
import { html, inspect, withPlain } from './plain/open';

const root = process.env.GOWASM_ROOT ?? '.';
const PROGRAM = 'go1.27/handles-stripped';
const program = new Program(openFixture(PROGRAM));
const { watch, table: options } = handleOptions(program);

const RUN = `
globalThis.ready = new Promise((resolve) => { globalThis.handlesReady = () => resolve(lookAtHandles()); });
globalThis.start = async (...args) => {
  globalThis.theGo = new Go();
  theGo.argv = ['handles', ...args];
  const { instance } = await WebAssembly.instantiateStreaming(fetch('/main.wasm'), theGo.importObject);
  globalThis.over = theGo.run(instance);
};`;
const SCRIPTS = `<script src="/wasm_exec.js"></script><script src="/view.js"></script><script>${RUN}</script>`;
const PAGES = {
  '/': html(SCRIPTS),
  '/frame': html('<iframe src="/"></iframe>'),
  '/wasm_exec.js': { body: wasmExec(PROGRAM)?.text() ?? '' },
  '/view.js': { body: readFileSync(join(root, 'test/handles/view.js'), 'utf8') },
  '/main.wasm': { type: 'application/wasm', body: openFixture(PROGRAM) },
};
const HOOK = { hook: 'src/hook/hook.ts' };

declare global {
  var ready: Promise<View>;
  var start: (...args: string[]) => Promise<void>;
  var over: Promise<void>;
  var theGo: { _inst: object };
  var lookAtHandles: () => View;
  var handlesEnd: (() => void) | undefined;
  var handlesClick: ((one: number) => void) | undefined;
}

/** DevTools' own expressions know `$0`. */
interface Inspecting {
  devtools: { inspectedWindow: { eval(text: string, about: object, done: (found: unknown) => void): void } };
}

/** Asks in the panel, about the first program of the realm that is open; columns come home as lists. */
async function ask(panel: Session, question: object): Promise<unknown> {
  return await evaluate(
    panel,
    async (asked) => {
      const plainly = (value: unknown): unknown => {
        if (ArrayBuffer.isView(value)) return { list: value.constructor.name, values: [...(value as Int32Array)] };
        if (value instanceof Blob || typeof value !== 'object' || value === null || Array.isArray(value)) return value;
        return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plainly(one)]));
      };
      const realms = plain.realms.filter(({ open }) => open);
      const { ids, ...rest } = asked as { ids?: number[] };
      const sent = { instance: 1, ...rest, ...(ids && { ids: new Int32Array(ids) }) };
      const found = realms[realms.length - 1];
      try {
        const told = await plain.target.handles(found.id, sent as unknown as HandlesQuestion);
        if (typeof told === 'object' && 'bytes' in told) {
          const bytes = new Uint8Array(await (told.bytes as Blob).arrayBuffer());
          let text = '';
          for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
          return { ...(plainly({ ...told, bytes: null }) as object), bytes: btoa(text) };
        }
        return plainly(told);
      } catch (error) {
        return `refused: ${error instanceof Error ? error.message : error}`;
      }
    },
    question,
  );
}

const COLUMNS = { Int32Array, Uint8Array, Float64Array } as const;

/** Lists of columns as columns again. */
function columned(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { list, values } = value as { list?: keyof typeof COLUMNS; values?: number[] };
  if (list && values) return COLUMNS[list].from(values);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, columned(one)]));
}

const askTable = async (panel: Session) => columned(await ask(panel, { ask: 'table', options })) as HandleTable;
const askPreviews = async (panel: Session, ids: Int32Array) =>
  columned(await ask(panel, { ask: 'previews', ids: [...ids] })) as HandlePreviews;

const SITE_WISE = {
  ...{ snapshot: 1, against: null, group: 'site' as const, text: '', suspects: false, open: {} },
  sort: { by: 'count' as const, up: false },
};
const tablesOf = () =>
  new Tables(
    () => program,
    () => program,
    () => [program],
  );

/** What the CLI would say of a table. */
function told(table: HandleTable, previews: HandlePreviews): Told {
  const tables = tablesOf();
  assert.ok(tables.handlesTaken('page', 1, table).ok);
  tables.handlesPreviewed('page', 1, 1, previews);
  return handlesJson(tables.handlesReport('page', 1, SITE_WISE) ?? assert.fail()) as Told;
}

/** A dump of the page as the panel saves it. */
async function dumpFile({ bytes, ...parts }: Dumped): Promise<Uint8Array> {
  const tables = tablesOf();
  const begun = tables.dumpBegin('page', 1, parts, 'page');
  assert.ok(begun.ok);
  assert.equal(begun.value.size, bytes.length);
  for (let at = 0; at < bytes.length; at += PIECE)
    await tables.dumpAdd(begun.value.dump, bytes.subarray(at, at + PIECE));
  const file = tables.dumpEnd(begun.value.dump) ?? assert.fail();
  return new Uint8Array(await file.arrayBuffer());
}

type Dumped = Omit<DumpParts, 'bytes'> & { bytes: Uint8Array<ArrayBuffer> };
const PIECE = 5 * PAGE;

async function askDump(panel: Session): Promise<Dumped> {
  const { bytes, ...parts } = columned(await ask(panel, { ask: 'dump', options })) as DumpParts & { bytes: unknown };
  return { ...parts, bytes: Uint8Array.from(Buffer.from(String(bytes), 'base64')) };
}

/** Watches what comes from the next load on. */
async function watchFromLoad(page: Page, panel: Session) {
  const { frames, ...rest } = watch;
  assert.ok(frames);
  const { index, runs, kinds } = frames;
  const sent = { ...rest, index: [...index], runs: [...runs], kinds: [...kinds] };
  await evaluate(
    panel,
    async ({ index, runs, kinds, ...known }) => {
      const frames = { index: new Int32Array(index), runs: new Int32Array(runs), kinds: new Uint8Array(kinds) };
      plain.watch = { ...known, frames };
      await plain.arm('handles', true);
    },
    sent,
  );
  await page.reload();
}

/** The program's own account, which it prints. */
const accountOf = async (page: Page): Promise<Account> => {
  await waitFor(page.session, () => 'handlesClick' in globalThis);
  const { text } = page.messages.find(({ text }) => text.startsWith('{"handles"')) ?? assert.fail('no account');
  return JSON.parse(text);
};

/** @returns what the page sees when the program is about to print its account */
const hold = (page: Page) =>
  evaluate(page.session, async () => {
    await start('hold');
    return await ready;
  });

test('a table that is asked for late is what wasm_exec.js’s own lists say; who made what is not known', () =>
  withPlain(
    PAGES,
    async (browser, origin) => {
      const { page, panel } = await inspect(browser, `${origin}/`);
      await hold(page);
      await waitFor(page.session, () => 'handlesClick' in globalThis);
      const view = await evaluate(page.session, () => lookAtHandles());
      const table = await askTable(panel);
      assert.deepEqual(
        { slots: table.slots, free: table.free, ids: [...table.ids] },
        { slots: view.slots, free: view.free, ids: view.handles.map(({ id }) => id) },
      );
      const previews = await askPreviews(panel, table.ids);
      const { handles, funcs } = told(table, previews);
      const byId = new Map(handles.map((one) => [one.id, one]));
      for (const { id, type, refs } of view.handles) {
        const one = byId.get(id);
        assert.deepEqual([one?.type, one?.refCount, one?.createdAt], [type, refs, undefined]);
      }
      assert.equal(table.watched, null);
      // Out of memory, watched or not.
      assert.ok(funcs.length > 100);
      assert.equal(table.funcs, funcs.length);
      await evaluate(page.session, async () => {
        handlesEnd?.();
        await over;
      });
      assert.match(String(await ask(panel, { ask: 'table', options })), /^refused: .*exited/);
    },
    HOOK,
  ));

test('watched from the first call: kinds, counts, stacks and leaks are those of the program’s account', () =>
  withPlain(
    PAGES,
    async (browser, origin) => {
      const { page, panel } = await inspect(browser, `${origin}/`);
      await watchFromLoad(page, panel);
      // The program does not wait for the panel: it begins as soon as the page is there.
      const view = await hold(page);
      const account = await accountOf(page);
      const file = await dumpFile(await askDump(panel));
      const now = await evaluate(page.session, () => lookAtHandles());
      assert.ok(view.handles.length > 100);
      const tables = tablesOf();
      const opened = await tables.dumpOpen(file, 'main.wasm');
      assert.ok(opened.ok);
      const { realm, instance } = opened.value;
      const report = tables.handlesReport(realm, instance, SITE_WISE) ?? assert.fail();
      const { funcs, ...rest } = handlesJson(report) as Told;
      // The program waits by one more, which it made when it had told its account.
      const waits = funcs.filter(({ createdAt }) => createdAt?.some(({ function: name }) => name === 'main.hold'));
      assert.equal(waits.length, 1);
      judge({ ...rest, funcs: funcs.filter((one) => !waits.includes(one)) }, account, now);
    },
    HOOK,
  ));

test('memory in a dump is that of the page, in its file too', () =>
  withPlain(
    PAGES,
    async (browser, origin) => {
      const { page, panel } = await inspect(browser, `${origin}/`);
      await hold(page);
      await waitFor(page.session, () => 'handlesClick' in globalThis);
      // From now on timers of Go's own change nothing.
      await evaluate(page.session, 'theGo._resume = () => {}');
      const parts = await askDump(panel);
      const { bytes } = parts;
      assert.equal(bytes.length, parts.pages.length * PAGE);
      const size = await evaluate<[], number>(page.session, 'theGo._inst.exports.mem.buffer.byteLength');
      assert.equal(parts.memory, size);
      const sums = await evaluate<[], number[]>(
        page.session,
        `(() => { const all = new Int32Array(theGo._inst.exports.mem.buffer), sums = [];
          for (let page = 0; page * 16384 < all.length; page++) {
            let sum = 0;
            for (let i = 0; i < 16384; i++) sum = (Math.imul(sum, 31) + all[page * 16384 + i]) | 0;
            sums.push(sum);
          }
          return sums; })()`,
      );
      const words = new Int32Array(bytes.buffer);
      const found = new Array(sums.length).fill(0);
      for (const [row, number] of parts.pages.entries()) {
        let sum = 0;
        for (let i = 0; i < 16384; i++) sum = (Math.imul(sum, 31) + words[row * 16384 + i]) | 0;
        found[number] = sum;
      }
      assert.deepEqual(found, sums);
      // The file that is made of it has the same memory.
      const memory = openMemory(decodeDump(await dumpFile(parts)), inflate, bytes.length);
      const whole = memory.words(size) ?? assert.fail();
      assert.equal(whole.length * 4, size);
      const read = sums.map((_, page) =>
        whole.subarray(page * 16384, (page + 1) * 16384).reduce((sum, word) => (Math.imul(sum, 31) + word) | 0, 0),
      );
      assert.deepEqual(read, sums);
    },
    HOOK,
  ));

test('a value is logged, stored as a global variable, and shown in Elements; in a frame too', () =>
  withPlain(
    PAGES,
    async (browser, origin) => {
      for (const path of ['/', '/frame']) {
        const { page, panel } = await inspect(browser, `${origin}${path}`);
        const frame = path === '/' ? 'window' : 'frames[0]';
        await waitFor(page.session, () => 'start' in (frames[0] ?? globalThis));
        await evaluate<[], void>(
          page.session,
          `(async () => {
            const win = ${frame};
            await win.start('hold');
            await win.ready;
            const button = win.document.createElement('button');
            button.id = 'buoy';
            win.document.body.append(button);
            win.theGo._values.push(button);
            win.theGo._goRefCounts.push(1);
          })()`,
        );
        await waitFor(panel, (count) => plain.realms.filter(({ open }) => open).length === count, path === '/' ? 1 : 2);
        await waitFor(panel, () => plain.log.some(([type]) => type === 'event'));
        const id = await evaluate<[], number>(page.session, `${frame}.theGo._values.length - 1`);
        const [label] = (await askPreviews(panel, Int32Array.of(id))).texts;
        assert.equal(label, 'button#buoy');
        assert.equal(await ask(panel, { ask: 'store', id }), 'temp1');
        assert.equal(
          await evaluate<[], boolean>(page.session, `${frame}.temp1 === ${frame}.theGo._values[${id}]`),
          true,
        );
        assert.equal(await ask(panel, { ask: 'store', id }), 'temp2');
        assert.equal(await ask(panel, { ask: 'log', id }), '');
        assert.ok(page.messages.some(({ text }) => /button#buoy|HTMLButtonElement/.test(text)));
        assert.match(String(await ask(panel, { ask: 'log', id: id + 1 })), /^refused: Go has let go/);
        assert.match(String(await ask(panel, { ask: 'gc', id: 0 })), /^refused: .*wasmexport/);
        const url = path === '/' ? '' : `${origin}/`;
        const shown = await evaluate(
          panel,
          async ([url, id]) => {
            const why = await plain.devtoolsWindow.inspectHandle(url as string, 1, id as number);
            // What is chosen in Elements is `$0` in expressions of ours, soon.
            const chosen = () =>
              new Promise((done) => {
                const { inspectedWindow } = (chrome as unknown as Inspecting).devtools;
                const about = url ? { frameURL: url } : {};
                inspectedWindow.eval('$0 && $0.id', about, (found: unknown) => done(found));
              });
            for (let tries = 0; tries < 50; tries++) if ((await chosen()) === 'buoy') return [why, 'buoy'];
            return [why, await chosen()];
          },
          [url, id] as const,
        );
        assert.deepEqual(shown, ['', 'buoy']);
        await page.close();
      }
    },
    HOOK,
  ));

/** A page that answers in the place of handles.js, by the question's kind. */
const LIAR = `document.addEventListener('gowasm-handles-port', (event) => {
  event.preventDefault();
  const [port] = event.ports;
  port.onmessage = ({ data: { id, question } }) => port.postMessage({ answer: id, ...lies[question.id] });
});
globalThis.lies = [
  { ok: true, value: null },
  { ok: true },
  { ok: true, value: { now: 1, slots: 1, free: -1, funcs: 0, numgc: 0 } },
  { ok: true, value: 'x'.repeat(2000) },
  { ok: false, why: { toString: 'none' } },
  { ok: false, why: 'y'.repeat(1e6) },
  { ok: 'yes', why: 'not so' },
  { ok: true, value: { ids: new Int32Array(20e6) } },
];`;

test('what a page says in the place of an answer is refused at once', () =>
  withPlain(
    { ...PAGES, '/liar': html(`${SCRIPTS}<script>${LIAR}</script>`) },
    async (browser, origin) => {
      const { page, panel } = await inspect(browser, `${origin}/liar`);
      await waitFor(panel, () => plain.realms.some(({ open }) => open));
      const said: string[] = [];
      const lies = await evaluate<[], number>(page.session, 'lies.length');
      for (let id = 0; id < lies; id++) said.push(String(await ask(panel, { ask: 'log', id })).slice(0, 50));
      const NONSENSE = 'refused: The page said something of its handles th';
      assert.deepEqual(said, [
        ...[NONSENSE, NONSENSE, NONSENSE, NONSENSE, 'refused: '],
        ...[`refused: ${'y'.repeat(41)}`, 'refused: not so', 'refused: The table is larger than what Chrome lets'],
      ]);
    },
    HOOK,
  ));

test('a page that comes back is watched as before; when its panel has gone meanwhile, no more', () =>
  withPlain(
    { ...PAGES, '/next': html('') },
    async (browser, origin) => {
      const { page, devTools, panel } = await inspect(browser, `${origin}/`);
      await watchFromLoad(page, panel);
      await hold(page);
      const isOpen = (path: string) =>
        waitFor(
          panel,
          (url) => {
            const open = plain.realms.filter((realm) => realm.open);
            return open.length === 1 && open[0].url === url;
          },
          origin + path,
        );
      const births = async () => [...((await askTable(panel)).watched?.births ?? [])];
      await isOpen('/');
      const before = await births();
      assert.ok(before.length > 100);
      await page.goto(`${origin}/next`);
      await isOpen('/next');
      assert.equal((await page.travel(-1)).type, 'BackForwardCacheRestore');
      await isOpen('/');
      // Go's own timers may have made some more.
      assert.deepEqual((await births()).slice(0, before.length), before);
      await page.goto(`${origin}/next`);
      await isOpen('/next');
      await devTools.close();
      assert.equal((await page.travel(-1)).type, 'BackForwardCacheRestore');
      // While it is watched another object stands there, whose exports are data.
      await waitFor(page.session, () => !Object.hasOwn(theGo._inst, 'exports'));
    },
    HOOK,
  ));
