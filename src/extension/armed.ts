/**
 * The recorder (record.js) on the sites whose panels are about to record, and on no other. Which these are is told by locks,
 * one held by each such panel: the browser lets go of it when the panel is closed or crashes. The service worker hears of that
 * by a port from the panel, and looks whenever it starts. A registration does not outlive the browser.
 */
import { browser, type Port } from './browser';
import { inspectedUrl, onNavigated } from './devtools-window';
import { ARMED, syncRecorder } from './scripts';
import { isEnabled } from './sites';

/** Of this panel: name of its port, and before the match pattern in the name of its lock. */
const own = `${ARMED}${crypto.randomUUID()} `;
/** What the panel wants the recorder for. */
const wanted = new Set<string>();
let on = false;
/** Lets go of the lock. */
let release: (() => void) | null = null;
let held = '';
let watch: Port | null = null;
let turn: Promise<void> = Promise.resolve();
let follows = false;

/** Has the recorder in the inspected page's site, if that is enabled, from its next load on, for as long as it is wanted for anything. */
export function arm(what: 'bridge' | 'handles', isWanted: boolean): Promise<void> {
  if (isWanted) wanted.add(what);
  else wanted.delete(what);
  on = wanted.size > 0;
  if (on && !follows) {
    follows = true;
    onNavigated((url) => void armFor(url));
  }
  if (on) connect();
  else watch?.disconnect();
  if (!on) watch = null;
  return on ? inspectedUrl().then(armFor) : armFor('');
}

/** One after another: each waits for what was registered before. */
function armFor(url: string): Promise<void> {
  turn = turn.then(() => change(url)).catch(() => undefined);
  return turn;
}

async function change(url: string): Promise<void> {
  const pattern = on && (await isEnabled(url)) ? patternOf(url) : '';
  if (pattern === held) return;
  release?.();
  release = null;
  held = pattern;
  if (pattern) release = await hold(own + pattern);
  await syncRecorder();
}

const patternOf = (url: string) => `${new URL(url).protocol}//${new URL(url).hostname}/*`;

/** @returns lets go of it */
function hold(lock: string): Promise<() => void> {
  return new Promise((got) => {
    void navigator.locks.request(lock, () => new Promise<void>((release) => got(release)));
  });
}

/** The service worker is stopped now and then; the port closes, and another one wakes it. */
function connect() {
  if (watch) return;
  const port = browser.runtime.connect({ name: own });
  watch = port;
  port.onDisconnect.addListener(() => {
    if (watch !== port) return;
    watch = null;
    if (on) connect();
  });
}
