/** Creates the panel. Runs in a hidden page of its own, once for each DevTools window; knows nothing else. */
import { browser } from './browser';

browser.devtools.panels.create('Go WASM', '', 'panel.html');
