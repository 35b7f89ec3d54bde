/**
 * The hidden page of each DevTools window: adds the panel, and attaches source maps from then on, whether the panel is opened
 * or not.
 */
import { createPanel, fetchFile, fetchText, inspectedTab } from '../src/extension/devtools-window';
import { PageTarget } from '../src/extension/target';
import { onWasmResource } from '../src/extension/wasm-resources';
import type { MapMaker } from '../src/map-maker';
import { connect } from '../src/protocol/channel';
import { scriptUrl } from './script-url';
import { savedSourceRoot } from './settings/settings';
import { attachMaps } from './sourcemap/attach';
import { tellNews } from './sourcemap/news';
import { textsOfServer } from './sourcemap/texts';
import { SourceFinder } from './sources/finder';

/** Bytes of a line table, which has a twentieth of its module's. */
const MOST_LINES = 16 * 2 ** 20;

/** What such a file begins with (src/lines/table.ts). */
const isLineTable = (bytes: Uint8Array) => new TextDecoder().decode(bytes.subarray(0, 7)) === 'golines';

createPanel();
start();

function start() {
  const worker = new Worker(scriptUrl('sourcemap.worker.js'));
  const { api: maker, close } = connect<MapMaker>(worker, (method, args) =>
    method === 'make' ? [(args[1] as Uint8Array<ArrayBuffer>).buffer] : [],
  );
  worker.addEventListener('error', (event) => close(event.message || 'the worker stopped'));
  const news = tellNews(inspectedTab());
  attachMaps({
    target: new PageTarget(),
    maker,
    onWasmResource,
    lines: async (module) => {
      const { origin, pathname } = new URL(module);
      const table = await fetchFile(origin + pathname.replace(/wasm$/i, 'golines'), MOST_LINES);
      // Many servers have a page for whatever they do not have.
      return table && isLineTable(table) ? table : null;
    },
    texts: (made, module, page) => {
      // What the server had at an earlier load may have changed with the program.
      const finder = new SourceFinder(fetchText);
      return textsOfServer(made, finder, module.startsWith('http') ? module : page, savedSourceRoot(localStorage));
    },
    tell: news.tell,
  });
}
