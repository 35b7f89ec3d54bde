/** Which module gets which map, whoever tells of it first; what is left alone, and what is said. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attachMaps, mayBeGo } from '../../../panels/sourcemap/attach';
import { type Attached, scriptURL } from '../../../panels/sourcemap/attached';
import type { WasmResource } from '../../../src/extension/wasm-resources';
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
  let devTools!: (resource: WasmResource) => void;
  const attached: string[] = [];
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
      file: async (_realm, url, wanted) => (wanted('runtime.wasmExit') ? (files[url] ?? null) : null),
    },
    maker,
    onWasmResource: (listener) => {
      devTools = listener;
      return () => {};
    },
    lines: async () => null,
    texts: async () => texts,
    tell: (each) => {
      told.push(each);
      if (each.phase === 'attached' || each.phase === 'failed') settled.shift()?.();
    },
  });
  const seen = (instance: number): HookEvent => ({
    ...{ type: 'module', seq: 1, instance, url: '', bytes: 'kept', how: 'instantiate', namespace: 'gojs' },
    ...{ goObject: true, at: 0 },
  });
  return {
    ...{ attached, told },
    page: () => page,
    texts: (later: typeof texts) => {
      texts = later;
    },
    devTools: (url: string, refusal = '') =>
      devTools({
        url,
        attach: async (map) => {
          attached.push(`${url} ${map}`);
          return refusal;
        },
      }),
    module: (instance: number) => page.event(PAGE.id, seen(instance)),
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

test('two modules of one length and different content: neither is guessed', async () => {
  const two = [new Uint8Array(20_000).fill(1), new Uint8Array(20_000).fill(1)];
  two[1][7] = 2;
  const { page, module, told, next } = stage({}, two);
  page().realm(PAGE, true);
  module(0);
  const done = next();
  module(1);
  await done;
  assert.equal(told[told.length - 1].why, 'two modules of this page have the same length');
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
