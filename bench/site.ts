/** What is served to the browsers. Nothing may be kept by them: every visit is a first one. */
import { readFileSync } from 'node:fs';
import { openFixture } from '../test/fixtures/open';
import { wasmExec } from '../test/fixtures/wasm-exec';
import { demoFiles } from '../tools/demo.mjs';

export interface Reply {
  type: string;
  headers: Record<string, string>;
  body: string | Uint8Array;
}

/** The loop program's page: `round(count)` runs it once and resolves to the nanoseconds it says. */
const LOOP_PAGE = `<!doctype html><title>loop</title><script src="wasm_exec.js"></script><script>
const compiled = WebAssembly.compileStreaming(fetch('loop.wasm'));
globalThis.x = 1;
async function round(count) {
  let said = '';
  fs.writeSync = (fd, bytes) => { said += new TextDecoder().decode(bytes); return bytes.length; };
  const go = new Go();
  go.argv = ['loop', String(count)];
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

export const LOOP = 'go1.27/loop-stripped';

export function loopSite(): Record<string, Reply> {
  return {
    '/loop.html': reply('text/html', LOOP_PAGE),
    '/bytes.html': reply('text/html', BYTES_PAGE),
    '/wasm_exec.js': reply('text/javascript', wasmExec(LOOP)!.text()),
    '/loop.wasm': reply('application/wasm', openFixture(LOOP)),
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
