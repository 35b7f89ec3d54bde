/** Which module gets which map, whoever tells of it first; what is left alone, and what is said. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attachMaps, mayBeGo } from '../../../panels/sourcemap/attach';
import { type Attached, scriptURL } from '../../../panels/sourcemap/attached';
import type { LoadedFile } from '../../../src/extension/loads';
import type { ScriptResource } from '../../../src/extension/wasm-resources';
import type { MadeMap, MapMaker } from '../../../src/map-maker';
import type { Remote } from '../../../src/protocol/channel';
import type { HookEvent, Realm } from '../../../src/protocol/messages';
import type { TargetListener } from '../../../src/target';

const PAGE: Realm = { id: '0-a', url: 'http://localhost/', top: true, since: 0 };
const URL = 'http://localhost/main.wasm';
const made: MadeMap = {
  ...{ files: ['a.go', 'b.go'], written: [], modulePath: '', mainPath: '', places: 9, failed: 0, lines: 'none' },
  ...{ release: '', dependencies: [] },
};

/** A page and DevTools as far as maps go. `files`: what frames have loaded. */
function stage(files: Record<string, Uint8Array>, modules: Uint8Array[] = []) {
  let page!: TargetListener;
  let devTools!: (resource: ScriptResource) => void;
  let log!: (file: LoadedFile) => void;
  let navigated!: () => void;
  const attached: string[] = [];
  /** Of the log's files. */
  const asked: string[] = [];
  const told: Attached[] = [];
  const settled: (() => void)[] = [];
  let texts: (string | null)[] | Promise<(string | null)[]> = [null, 'text'];
  const maker: Remote<MapMaker> = {
    make: async (_key, bytes) =>
      bytes[0] === 1
        ? { ok: true, made }
        : { ok: false, why: `expected ${bytes[0] === 2 ? 'a pclntab' : 'a module made by Go'}` },
    url: async (key, given) =>
      given.includes('forgotten')
        ? ''
        : `map of ${key.length > 0} with ${given.filter((text) => text !== null).length}`,
  };
  attachMaps({
    target: {
      listen: (listener) => {
        page = listener;
        return () => {};
      },
      bytes: async (_realm, instance) => modules[instance],
      record: () => {},
      track: () => {},
      watch: () => {},
      handles: async () => {
        throw new Error('nothing is asked of handles here');
      },
      file: async (_realm, url, wanted) => {
        if (!files[url]) throw new Error('HTTP 404');
        return wanted('runtime.wasmExit') ? files[url] : null;
      },
    },
    maker,
    onScript: (listener) => {
      devTools = listener;
      return () => {};
    },
    onLoaded: (listener) => {
      log = listener;
      return () => {};
    },
    onNavigated: (listener) => {
      navigated = listener;
      return () => {};
    },
    lines: async () => null,
    texts: async () => texts,
    tell: (each) => {
      told.push(each);
      if (each.phase === 'attached' || each.phase === 'failed') settled.shift()?.();
    },
  });
  const seen = (instance: number, url = ''): HookEvent => ({
    ...{ type: 'module', seq: 1, instance, url, bytes: url ? 'url' : 'kept', how: 'instantiate', namespace: 'gojs' },
    at: 0,
  });
  return {
    ...{ attached, asked, told },
    page: () => page,
    texts: (later: typeof texts) => {
      texts = later;
    },
    devTools: (url: string, refusal = '') =>
      devTools({
        url,
        wasm: url.endsWith('.wasm'),
        attach: async (map) => {
          attached.push(`${url} ${map.startsWith('data:') ? 'empty map' : map}`);
          return refusal;
        },
      }),
    module: (instance: number, url?: string) => page.event(PAGE.id, seen(instance, url)),
    /** The log's word of a file. `bytes` null when it has not kept it. */
    log: (url: string, size: number, bytes: Uint8Array | null, type = 'application/octet-stream') =>
      log({
        ...{ url, size, type },
        content: async () => {
          asked.push(url);
          if (!bytes) throw new Error('not kept');
          return bytes;
        },
      }),
    navigated: () => navigated(),
    /** Resolves when something was attached or failed next. */
    next: () => new Promise<void>((resolve) => settled.push(resolve)),
  };
}

test('a module of the page gets its map as soon as a frame answers', async () => {
  const { devTools, page, attached, told, next } = stage({ [URL]: new Uint8Array([1]) });
  devTools(URL);
  assert.deepEqual(attached, []);
  const done = next();
  page().realm(PAGE, true);
  await done;
  assert.deepEqual(attached, [`${URL} map of true with 1`]);
  const { ms, ...last } = told[told.length - 1];
  assert.ok(ms >= 0);
  assert.deepEqual(last, { url: URL, phase: 'attached', why: '', places: 9, files: 2, texts: 1, lines: 'none' });
});

test('texts that come late come with a second map', async () => {
  const { devTools, page, attached, texts, next } = stage({ [URL]: new Uint8Array([1]) });
  let come!: (late: (string | null)[]) => void;
  texts(
    new Promise((resolve) => {
      come = resolve;
    }),
  );
  page().realm(PAGE, true);
  const first = next();
  devTools(URL);
  await first;
  const second = next();
  come(['a', 'b']);
  await second;
  assert.deepEqual(attached, [`${URL} map of true with 0`, `${URL} map of true with 2`]);
});

for (const order of ['DevTools tells first', 'the hook tells first']) {
  test(`a module without a URL is known by its length; ${order}`, async () => {
    const { devTools, page, module, attached, next } = stage({}, [new Uint8Array(20_000).fill(1)]);
    page().realm(PAGE, true);
    const done = next();
    const tell = [() => devTools(scriptURL(20_000)), () => module(0)];
    if (order.startsWith('the hook')) tell.reverse();
    for (const each of tell) each();
    // Of another length: our own trampolines, modules of other languages.
    devTools(scriptURL(300));
    await done;
    assert.deepEqual(attached, ['wasm://wasm/00013882 map of true with 1']);
  });
}

/** Go modules of one length, as programs built anew often are. */
const twins = (): [Uint8Array, Uint8Array] => {
  const two: [Uint8Array, Uint8Array] = [new Uint8Array(20_000).fill(1), new Uint8Array(20_000).fill(1)];
  two[1][7] = 2;
  // What the head of Go's modules holds.
  for (const bytes of two) bytes.set(new TextEncoder().encode('gojs\x10runtime.wasmExit'), 100);
  return two;
};
const NAME = scriptURL(20_000);

test('two modules of one length and different content: neither is guessed, and the map of the first is taken back', async () => {
  const { page, module, devTools, attached, told, next } = stage({}, twins());
  page().realm(PAGE, true);
  const first = next();
  devTools(NAME);
  module(0);
  await first;
  const second = next();
  module(1);
  await second;
  assert.equal(told[told.length - 1].why, 'two modules of this page have the same length');
  const third = next();
  devTools(NAME);
  await third;
  assert.deepEqual(attached, [`${NAME} map of true with 1`, `${NAME} empty map`]);
});

for (const how of ['the hook', 'the log'])
  test(`of a URL that does not tell, ${how} does, before or after DevTools`, async () => {
    const url = 'http://localhost/app?v=1';
    const { page, module, log, devTools, attached, asked, next } = stage({ [url]: new Uint8Array([1]) });
    page().realm(PAGE, true);
    const tell = () => (how === 'the hook' ? module(0, url) : log(url, 20_000, twins()[0], 'application/wasm'));
    const first = next();
    devTools('http://localhost/app.js');
    devTools(url);
    tell();
    await first;
    const second = next();
    devTools(url);
    await second;
    assert.deepEqual(attached, [`${url} map of true with 1`, `${url} map of true with 1`]);
    assert.deepEqual(asked, []);
  });

test('what no frame has is taken out of the log', async () => {
  const { page, log, devTools, attached, next } = stage({});
  page().realm(PAGE, true);
  log(URL, 20_000, twins()[0], 'application/wasm');
  const done = next();
  devTools(URL);
  await done;
  assert.deepEqual(attached, [`${URL} map of true with 1`]);
});

test('the log is not asked for a module that the hook has', async () => {
  const { page, log, module, devTools, attached, asked, next } = stage({}, twins());
  page().realm(PAGE, true);
  log('http://localhost/app.bin', 20_000, twins()[0]);
  const done = next();
  devTools(NAME);
  module(0);
  await done;
  assert.deepEqual(attached, [`${NAME} map of true with 1`]);
  assert.deepEqual(asked, []);
});

test('a module of a blob is told under the name that the panel knows', async () => {
  const { log, devTools, attached, told, next } = stage({});
  log('blob:http://localhost/1', 20_000, twins()[0], 'application/wasm');
  const done = next();
  devTools('blob:http://localhost/1');
  await done;
  assert.deepEqual(attached, ['blob:http://localhost/1 map of true with 1']);
  assert.deepEqual([...new Set(told.map(({ url }) => url))], [NAME]);
});

for (const order of ['before', 'after'])
  test(`a worker's module compiled from bytes is found in the log by its length, told ${order} DevTools`, async () => {
    const { log, devTools, attached, asked, next } = stage({});
    const other = twins()[0].slice(1);
    const done = next();
    const tell = [() => log('http://localhost/app.bin', 20_000, twins()[0]), () => devTools(NAME)];
    if (order === 'after') tell.reverse();
    log('http://localhost/other.bin', other.length, other);
    for (const each of tell) each();
    await done;
    assert.deepEqual(attached, [`${NAME} map of true with 1`]);
    assert.deepEqual(asked, ['http://localhost/app.bin']);
  });

test('two files of one length in the log: neither is guessed; a file that is not Go is none of them', async () => {
  const { log, devTools, attached, told, next, navigated } = stage({});
  const [one, two] = twins();
  log('http://localhost/photo.jpg', 20_000, new Uint8Array(20_000));
  log('http://localhost/one', 20_000, one);
  log('http://localhost/two', 20_000, two);
  const done = next();
  devTools(NAME);
  await done;
  assert.equal(told[told.length - 1].why, 'two modules of this page have the same length');
  navigated();
  log('http://localhost/two', 20_000, two);
  const alone = next();
  devTools(NAME);
  await alone;
  assert.deepEqual(attached.slice(-1), [`${NAME} map of true with 1`]);
});

test('a module built anew, known to hook and log, whose old document is told gone late', async () => {
  const builds = twins();
  const { page, module, log, devTools, attached, navigated, next } = stage({}, builds);
  page().realm(PAGE, true);
  const first = next();
  devTools(NAME);
  module(0);
  await first;
  navigated();
  log('http://localhost/app.bin', 20_000, builds[1]);
  const unsure = next();
  devTools(NAME);
  await unsure;
  const sure = next();
  page().gone(PAGE.id);
  await sure;
  assert.deepEqual(attached.slice(-1), [`${NAME} map of true with 1`]);
});

test('a module that was built anew with the same length gets the map of what runs now', async () => {
  const builds = [new Uint8Array(20_000).fill(1), new Uint8Array(20_000).fill(1)];
  builds[1][7] = 2;
  const { page, module, devTools, attached, next } = stage({}, builds);
  page().realm(PAGE, true);
  for (const build of [0, 1]) {
    const done = next();
    devTools(scriptURL(20_000));
    module(build);
    await done;
    page().gone(PAGE.id);
    page().realm(PAGE, true);
  }
  assert.equal(attached.length, 2);
});

test('what is not Go is left alone in silence; a broken Go module says why; so does a refusal', async () => {
  const files = { [URL]: new Uint8Array([2]), 'http://localhost/rust.wasm': new Uint8Array([3]) };
  const { devTools, page, told, next } = stage(files);
  page().realm(PAGE, true);
  devTools('http://localhost/rust.wasm');
  const done = next();
  devTools(URL);
  await done;
  assert.deepEqual(
    told.filter(({ phase }) => phase === 'failed').map(({ url, why }) => `${url}: ${why}`),
    [`${URL}: expected a pclntab`],
  );
  files[URL] = new Uint8Array([1]);
  const refused = next();
  devTools(URL, 'this version of Chrome lets no extension attach source maps');
  await refused;
  assert.deepEqual(
    [told[told.length - 1].phase, told[told.length - 1].why],
    ['failed', 'this version of Chrome lets no extension attach source maps'],
  );
});

test('a map that is not kept any more is not attached, and that is said', async () => {
  const { devTools, page, attached, told, texts, next } = stage({ [URL]: new Uint8Array([1]) });
  texts(['forgotten']);
  page().realm(PAGE, true);
  const done = next();
  devTools(URL);
  await done;
  assert.deepEqual(attached, []);
  assert.equal(told[told.length - 1].why, 'too many modules on this page: reload it');
});

test('the head of a file tells whether it is worth taking', () => {
  assert.ok(mayBeGo('…gojs\x10runtime.wasmExit…') && mayBeGo('\0asm…go:buildid…') && mayBeGo('wasi_snapshot_preview1'));
  assert.ok(!mayBeGo('\0asm…wbindgen…'));
});
