/**
 * The service worker: keeps the registered scripts in step with the sites that the user enabled, and with the panels that are
 * about to record. On no data path: it may be stopped at any time, and it holds nothing.
 */
import { browser } from './browser';
import { ARMED, forgetPanel, syncRecorder, syncScripts } from './scripts';

const sync = () => void syncScripts();
browser.permissions.onAdded.addListener(sync);
browser.permissions.onRemoved.addListener(sync);
browser.runtime.onInstalled.addListener(sync);
browser.runtime.onStartup.addListener(sync);

// From each armed panel, for as long as it lives. Where this worker was stopped when one went, it looks when it starts again.
browser.runtime.onConnect.addListener((port) => {
  if (port.name.startsWith(ARMED)) port.onDisconnect.addListener(() => void forgetPanel(port.name));
});
void syncRecorder();
