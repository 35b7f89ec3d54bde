/**
 * The hidden page of each DevTools window: adds the panel, and attaches source maps from then on, whether the panel is opened
 * or not.
 */
import { createPanel, fetchFile, fetchText, inspectedTab, onNavigated } from '../src/extension/devtools-window';
import { onLoaded } from '../src/extension/loads';
import { PageTarget } from '../src/extension/target';
import { onScript } from '../src/extension/wasm-resources';
import type { MapMaker } from '../src/map-maker';
import { connect } from '../src/protocol/channel';
import { linesBeside } from './companions';
import { scriptUrl } from './script-url';
import { savedSourceRoot } from './settings/settings';
import { attachMaps } from './sourcemap/attach';
import { tellNews } from './sourcemap/news';
import { textsOf } from './sourcemap/texts';
import { onFoldersChanged } from './sources/changes';
import { SourceFinder } from './sources/finder';
import { FolderSources } from './sources/lookup';
import { openStore } from './sources/store';

createPanel();
start();

function start() {
  const worker = new Worker(scriptUrl('sourcemap.worker.js'));
  const { api: maker, close } = connect<MapMaker>(worker, (method, args) =>
    method === 'make' ? [(args[1] as Uint8Array<ArrayBuffer>).buffer] : [],
  );
  worker.addEventListener('error', (event) => close(event.message || 'the worker stopped'));
  const folders = new FolderSources(openStore());
  const maps = attachMaps({
    target: new PageTarget(),
    maker,
    onScript,
    onLoaded,
    onNavigated,
    lines: (module) => linesBeside(module, fetchFile),
    texts: (made, module, page) => {
      // What the server had at an earlier load may have changed with the program.
      const finder = new SourceFinder(fetchText);
      return textsOf(made, folders, finder, module.startsWith('http') ? module : page, savedSourceRoot(localStorage));
    },
    tell: tellNews(inspectedTab()),
  });
  onFoldersChanged(() => {
    folders.forget();
    maps.again();
  });
}
