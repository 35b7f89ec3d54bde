/** What is served to the browsers. Nothing may be kept by them: every visit is a first one. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openFixture } from '../test/fixtures/open';
import { wasmExec } from '../test/fixtures/wasm-exec';
import { demoFiles } from '../tools/demo.mjs';

export interface Reply {
  type: string;
  headers: Record<string, string>;
  body: string | Uint8Array;
}

/** The loop program's page: `round(count, mode)` runs it once and resolves to the nanoseconds it says. */
const LOOP_PAGE = `<!doctype html><title>loop</title><script src="wasm_exec.js"></script><script>
const compiled = WebAssembly.compileStreaming(fetch('loop.wasm'));
globalThis.x = 1;
async function round(count, mode = '') {
  let said = '';
  fs.writeSync = (fd, bytes) => { said += new TextDecoder().decode(bytes); return bytes.length; };
  const go = new Go();
  go.argv = ['loop', String(count), mode];
  await go.run(await WebAssembly.instantiate(await compiled, go.importObject));
  return Number(said);
}
</script>`;

/** A page that keeps hold of nothing, and whose module no URL can be asked for. */
const BYTES_PAGE = `<!doctype html><title>bytes</title><script src="wasm_exec.js"></script><script>
const started = (async () => {
  const go = new Go();
  go.argv = ['loop', '1'];
  const bytes = await (await fetch('loop.wasm')).arrayBuffer();
  const { instance } = await WebAssembly.instantiate(bytes, go.importObject);
  await go.run(instance);
})();
</script>`;

/** esbuild's page: `round()` bundles packages and resolves to the milliseconds that took. Their files come by the bridge. */
const ESBUILD_PAGE = `<!doctype html><title>esbuild</title><script type="module">
import * as esbuild from '/esbuild.js';
const files = await (await fetch('packages.json')).json();
await esbuild.initialize({ wasmURL: '/esbuild.wasm', worker: false });
const plugin = {
  name: 'files',
  setup(build) {
    build.onResolve({ filter: /.*/ }, ({ path, importer }) => {
      const base = new URL(importer, 'http://x');
      const { pathname } = new URL(/^[./]/.test(path) ? path : '/' + path, base);
      const found = [pathname, pathname + '.js'].find((name) => name in files);
      return found ? { path: found, namespace: 'files' } : { path, external: true };
    });
    build.onLoad({ filter: /.*/, namespace: 'files' }, ({ path }) => ({ contents: files[path], loader: 'js' }));
  },
};
globalThis.round = async () => {
  const start = performance.now();
  for (let i = 0; i < 2; i++) {
    const { outputFiles: [{ text }] } = await esbuild.build({ entryPoints: ['/entry.js'], bundle: true, minify: true,
      write: false, sourcemap: 'inline', plugins: [plugin], format: 'esm', logLevel: 'silent' });
    if (text.length < 50_000) throw new Error(text);
  }
  return performance.now() - start;
};
globalThis.ready = true;
</script>`;

/** Files that are bundled there, in node_modules. */
const PACKAGES = ['preact/dist/preact.mjs', '@preact/signals-core/dist/signals-core.mjs'];

export function esbuildSite(): Record<string, Reply> {
  const modules = join(process.env.GOWASM_ROOT ?? '.', 'node_modules');
  const read = (file: string) => readFileSync(join(modules, file));
  const sourceMap = readdirSync(join(modules, 'source-map/lib'))
    .filter((name) => name.endsWith('.js'))
    .map((name) => `source-map/lib/${name}`);
  const entries = [...PACKAGES, 'source-map/lib/source-node.js', 'source-map/lib/source-map-consumer.js'];
  const files: Record<string, string> = {
    '/entry.js': entries.map((file, i) => `export * as _${i} from '/${file}';`).join('\n'),
  };
  for (const file of [...PACKAGES, ...sourceMap]) files[`/${file}`] = String(read(file));
  return {
    '/esbuild.html': reply('text/html', ESBUILD_PAGE),
    '/packages.json': reply('application/json', JSON.stringify(files)),
    '/esbuild.js': reply('text/javascript', read('esbuild-wasm/esm/browser.min.js')),
    '/esbuild.wasm': reply('application/wasm', read('esbuild-wasm/esbuild.wasm')),
  };
}

export const LOOP = 'go1.27/loop-stripped';

export function loopSite(): Record<string, Reply> {
  return {
    '/loop.html': reply('text/html', LOOP_PAGE),
    '/bytes.html': reply('text/html', BYTES_PAGE),
    '/wasm_exec.js': reply('text/javascript', wasmExec(LOOP)!.text()),
    '/loop.wasm': reply('application/wasm', openFixture(LOOP)),
  };
}

export const HANDLES = 'go1.27/handles-stripped';

/** The page of the program that makes handles: `round(mode, count)` is as above; `hold(count)` resolves once so many are held. */
const HANDLES_PAGE = `<!doctype html><title>handles</title><script src="wasm_exec.js"></script><script>
const compiled = WebAssembly.compileStreaming(fetch('handles.wasm'));
async function begin(...args) {
  const go = new Go();
  go.argv = ['handles', ...args];
  return go.run(await WebAssembly.instantiate(await compiled, go.importObject));
}
async function round(mode, count) {
  let said = '';
  fs.writeSync = (fd, bytes) => { said += new TextDecoder().decode(bytes); return bytes.length; };
  await begin(mode, String(count));
  return Number(said);
}
const hold = (count) => new Promise((held) => {
  globalThis.handlesReady = held;
  begin('many', String(count));
});
</script>`;

export function handlesSite(): Record<string, Reply> {
  return {
    '/handles.html': reply('text/html', HANDLES_PAGE),
    '/wasm_exec.js': reply('text/javascript', wasmExec(HANDLES)!.text()),
    '/handles.wasm': reply('application/wasm', openFixture(HANDLES)),
  };
}

/**
 * The demo, with a script in front of its own that says when the program is ready: it has put the first station's name on
 * the page and gone idle, which is when a mutation observer runs. Then `programReady` resolves, and READY is asked for with
 * the milliseconds since the start of the navigation as its query.
 */
export function demoSite(): Record<string, Reply> {
  const site: Record<string, Reply> = {};
  for (const [path, { file, type, encoding }] of demoFiles()) {
    site[path] = reply(type, readFileSync(file), encoding && { 'content-encoding': encoding });
  }
  const html = String(site['/'].body);
  site['/'].body = html.replace('<head>', `<head><script>${READY_SCRIPT}</script>`);
  if (site['/'].body === html) throw new Error('the demo has no <head>');
  return site;
}

export const READY = '/ready';

const READY_SCRIPT = `
globalThis.programReady = new Promise((resolve) => {
  document.addEventListener('DOMContentLoaded', () => {
    new MutationObserver(() => resolve(performance.now())).observe(document.querySelector('#name'), { childList: true });
  });
});
programReady.then((time) => fetch('${READY}?' + time));
`;

function reply(type: string, body: string | Uint8Array, headers: Record<string, string> = {}): Reply {
  return { type, body, headers: { 'cache-control': 'no-store', ...headers } };
}
