/**
 * The service worker: keeps the registered scripts in step with the sites that the user enabled. On no data path: it may be
 * stopped at any time, and it holds nothing.
 */
import { browser } from './browser';
import { syncScripts } from './scripts';

const sync = () => void syncScripts();
browser.permissions.onAdded.addListener(sync);
browser.permissions.onRemoved.addListener(sync);
browser.runtime.onInstalled.addListener(sync);
browser.runtime.onStartup.addListener(sync);
