// Drives a real Chromium with the extension in it: for the end-to-end tests and `npm start`. Says nothing about our panel's
// content. What is known of Chromium's DevTools front end (its module paths, its view ids) stands in this file only:
// it is internal, and was read in chrome-devtools-frontend and tried with Chromium 156.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connect, deadline, PATIENCE } from './cdp.mjs';
import { root } from './ensure.mjs';

/**
 * @typedef {import('./cdp.mjs').Session} Session
 * @typedef {{ type: string, text: string, stack: string[], at: number }} ConsoleMessage `type` as in CDP (`log`, `error`,
 *   …; `uncaught` for an uncaught exception; `browser error` and so on for what the browser itself says); `stack`: `function url:line:column`, 0-based as CDP tells them
 * @typedef {Awaited<ReturnType<typeof launch>>} Browser
 * @typedef {Awaited<ReturnType<Browser['openPage']>>} Page
 * @typedef {Awaited<ReturnType<Page['openDevTools']>>} DevTools
 */

/**
 * Starts Chromium with an own, empty profile.
 * @param {object} [options]
 * @param {string | null} [options.extension] unpacked extension; null for none. A copy is loaded, so it may be rebuilt
 *   meanwhile. Default: dist/extension
 * @param {string} [options.chrome] executable; default: CHROME_PATH, else /usr/bin/chromium
 * @param {boolean} [options.headless]
 * @param {boolean} [options.dark] dark theme in DevTools and in pages
 * @param {boolean} [options.docked] DevTools beside the page instead of in a window of its own
 * @param {string[]} [options.granted] match patterns for which `permissions.request` says yes without a prompt
 * @param {number} [options.width] window size in CSS pixels
 * @param {number} [options.height]
 * @param {string[]} [options.args] more switches
 * `home` of the result is the temporary folder that goes with `close`; `exited` resolves when the user closed the browser.
 */
export async function launch({
  extension = join(root, 'dist', 'extension'),
  chrome = process.env.CHROME_PATH ?? '/usr/bin/chromium',
  headless = true,
  dark = false,
  docked = false,
  granted = [],
  width = 1280,
  height = 900,
  args = [],
} = {}) {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'gowasm-chromium-')));
  const unpacked = join(home, 'extension');
  if (extension) cpSync(extension, unpacked, { recursive: true });
  const id = extension ? extensionId(unpacked) : '';
  mkdirSync(join(home, 'profile', 'Default'), { recursive: true });
  writeFileSync(
    join(home, 'profile', 'Default', 'Preferences'),
    JSON.stringify(preferences(docked, dark, id, granted)),
  );
  const child = spawn(
    chrome,
    [
      `--user-data-dir=${join(home, 'profile')}`,
      '--remote-debugging-port=0',
      ...(extension ? [`--load-extension=${unpacked}`, `--disable-extensions-except=${unpacked}`] : []),
      ...(headless ? ['--headless=new', '--disable-gpu', '--hide-scrollbars'] : []),
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...(dark ? ['--force-dark-mode'] : []),
      '--no-first-run',
      '--no-default-browser-check',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-search-engine-choice-screen',
      '--password-store=basic',
      `--window-size=${width},${height}`,
      ...args,
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], detached: process.platform !== 'win32' },
  );
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const kill = () => {
    // The whole group: a renderer that hangs would outlive its browser.
    try {
      if (process.platform === 'win32') child.kill('SIGKILL');
      else if (child.pid) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  };
  const clear = () => rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  const atExit = () => {
    kill();
    clear();
  };
  process.once('exit', atExit);
  /** A signal ends a process without `exit`, unless somebody listens; who else listens decides. @param {string} signal */
  const onSignal = (signal) => {
    if (process.listenerCount(signal) === 0) process.exit(130);
  };
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);

  /** Ends the browser and removes its profile. */
  const close = async () => {
    process.off('exit', atExit);
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    cdp?.close();
    kill();
    await exited;
    clear();
  };

  /** @type {import('./cdp.mjs').Connection | undefined} */
  let cdp;
  try {
    cdp = await connect(await endpoint(child));
    const targets = await watchTargets(cdp);
    return { ...browserOf(cdp, targets, id), home, exited, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * The profile's settings. DevTools stores its own as JSON within JSON. What an extension was granted once is granted again
 * without asking the user, which no test could answer.
 * @param {boolean} docked @param {boolean} dark @param {string} id of the extension @param {string[]} granted
 */
const preferences = (docked, dark, id, granted) => ({
  devtools: {
    preferences: {
      currentDockState: JSON.stringify(docked ? 'right' : 'undocked'),
      'ui-theme': JSON.stringify(dark ? 'dark' : 'default'),
    },
  },
  extensions: {
    settings: {
      [id]: {
        runtime_granted_permissions: {
          api: [],
          manifest_permissions: [],
          explicit_host: granted,
          scriptable_host: granted,
        },
      },
    },
  },
});

/** @param {import('node:child_process').ChildProcess} child @returns {Promise<string>} */
function endpoint(child) {
  return deadline(60_000, 'DevTools endpoint of Chromium', (resolve) => {
    const lines = createInterface({ input: /** @type {import('node:stream').Readable} */ (child.stderr) });
    lines.on('line', (line) => {
      const url = /^DevTools listening on (ws:\S+)/.exec(line)?.[1];
      if (url) resolve(url);
    });
    // Left open on purpose: an unread pipe would block Chromium.
    return () => {};
  });
}

/** Chromium names an unpacked extension after its folder. @param {string} folder */
function extensionId(folder) {
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 32);
  return [...hash].map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 16))).join('');
}

/**
 * @typedef {{ targetId: string, type: string, url: string, title: string, attached: boolean, openerId?: string,
 *   browserContextId?: string, parentFrameId?: string, subtype?: string }} TargetInfo
 */

/** Keeps the list of all targets. @param {import('./cdp.mjs').Connection} cdp */
async function watchTargets(cdp) {
  /** @type {Map<string, TargetInfo>} */
  const all = new Map();
  /** @type {Set<() => void>} */
  const waiting = new Set();
  cdp.listen(({ method, params }) => {
    if (method === 'Target.targetCreated' || method === 'Target.targetInfoChanged') {
      all.set(params.targetInfo.targetId, params.targetInfo);
    } else if (method === 'Target.targetDestroyed') {
      all.delete(params.targetId);
    } else {
      return;
    }
    for (const check of [...waiting]) check();
  });
  await cdp.send('Target.setDiscoverTargets', { discover: true, filter: [{}] });
  return {
    list: () => [...all.values()],
    /**
     * @param {(target: TargetInfo) => boolean} accept @param {string} what @param {number} [timeout]
     * @returns {Promise<TargetInfo>}
     */
    find: (accept, what, timeout = PATIENCE) =>
      deadline(timeout, what, (resolve) => {
        const check = () => {
          const found = [...all.values()].find(accept);
          if (found) resolve(found);
        };
        waiting.add(check);
        check();
        return () => waiting.delete(check);
      }),
    /** @param {string} targetId @returns {Promise<void>} */
    gone: (targetId) =>
      deadline(PATIENCE, `end of target ${targetId}`, (resolve) => {
        const check = () => {
          if (!all.has(targetId)) resolve(undefined);
        };
        waiting.add(check);
        check();
        return () => waiting.delete(check);
      }),
  };
}

/**
 * @param {import('./cdp.mjs').Connection} cdp
 * @param {Awaited<ReturnType<typeof watchTargets>>} targets
 * @param {string} id of the extension
 */
function browserOf(cdp, targets, id) {
  return {
    cdp,
    targets,
    extensionId: id,
    openPage,
    serviceWorker,
  };

  /**
   * Opens a tab and loads a page in it.
   * @param {string} url
   * @param {{ prepare?: (session: Session) => unknown }} [options] `prepare` runs before the page is loaded
   */
  async function openPage(url, { prepare } = {}) {
    const { targetId } = await cdp.send('Target.createTarget', { url: 'about:blank' });
    const session = await cdp.attach(targetId);
    /** @type {ConsoleMessage[]} */
    const messages = [];
    session.on('Runtime.consoleAPICalled', (params) => messages.push(consoleMessage(params)));
    session.on('Runtime.exceptionThrown', (params) => messages.push(uncaught(params)));
    session.on('Log.entryAdded', ({ entry }) =>
      messages.push({ type: `browser ${entry.level}`, text: entry.text, stack: [], at: entry.timestamp }),
    );
    await Promise.all(['Page.enable', 'Runtime.enable', 'Log.enable'].map((method) => session.send(method)));
    await prepare?.(session);
    const page = {
      session,
      targetId,
      /** What the page wrote to its console, and its uncaught errors, in order. */
      messages,
      /** Loads a URL and waits for its load event. @param {string} address */
      async goto(address) {
        const loaded = session.once('Page.loadEventFired');
        loaded.catch(() => {});
        const { errorText } = await session.send('Page.navigate', { url: address });
        if (errorText) throw new Error(`${address}: ${errorText}`);
        await loaded;
      },
      async reload() {
        const loaded = session.once('Page.loadEventFired');
        loaded.catch(() => {});
        await session.send('Page.reload');
        await loaded;
      },
      /** Back (-1) or forward (1) in history. @param {number} step @returns resolves at `pageshow` */
      async travel(step) {
        const { currentIndex, entries } = await session.send('Page.getNavigationHistory');
        const shown = session.once('Page.frameNavigated', ({ frame }) => !frame.parentId);
        shown.catch(() => {});
        await session.send('Page.navigateToHistoryEntry', { entryId: entries[currentIndex + step].id });
        return await shown;
      },
      openDevTools: () => openDevTools(targetId),
      close: async () => {
        await cdp.send('Target.closeTarget', { targetId });
        await targets.gone(targetId);
      },
    };
    if (url !== 'about:blank') await page.goto(url);
    return page;
  }

  /**
   * Opens DevTools for a page and attaches to its front end.
   * @param {string} pageId
   */
  async function openDevTools(pageId) {
    const { targetId } = await cdp.send('Target.openDevTools', { targetId: pageId });
    const frontEnd = await cdp.attach(targetId);
    await frontEnd.send('Page.enable');
    await waitFor(frontEnd, () => document.querySelector('.root-view, .vbox') !== null);
    return {
      frontEnd,
      targetId,
      /**
       * Selects the extension's panel.
       * @param {string} [title] of the panel, as the tab shows it
       * @returns {Promise<Session>} the panel's page
       */
      async showPanel(title = 'Go WASM') {
        const known = new Set(targets.list().map((target) => target.targetId));
        const isPanel = (/** @type {TargetInfo} */ target) =>
          target.url.startsWith(`chrome-extension://${id}/panel.html`) && !known.has(target.targetId);
        // The view exists once the extension's devtools page has registered it.
        const shown = await evaluate(
          frontEnd,
          async (view, patience) => {
            const path = 'devtools://devtools/bundled/ui/legacy/legacy.js';
            const { ViewManager } = await import(path);
            const manager = ViewManager.ViewManager.instance();
            for (const end = Date.now() + patience; !manager.hasView(view); ) {
              if (Date.now() > end) return false;
              await new Promise((resolve) => setTimeout(resolve, 20));
            }
            await manager.showView(view);
            return true;
          },
          `chrome-extension://${id}${title.replace(/\s/g, '')}`,
          PATIENCE,
        );
        if (!shown) throw new Error(`DevTools has no panel ${title}`);
        const panel = await targets.find(isPanel, `panel ${title}`);
        const session = await cdp.attach(panel.targetId);
        await session.send('Runtime.enable');
        await waitFor(session, () => location.protocol !== 'about:' && document.readyState === 'complete');
        return session;
      },
      /** Makes the DevTools window so large, in CSS pixels. @param {number} width @param {number} height */
      async resize(width, height) {
        await frontEnd.send('Emulation.setDeviceMetricsOverride', {
          width,
          height,
          deviceScaleFactor: 1,
          mobile: false,
        });
      },
      /** Writes a picture of the whole DevTools window. @param {string} path of a .png */
      async screenshot(path) {
        const { data } = await frontEnd.send('Page.captureScreenshot', { format: 'png' });
        writeFileSync(path, Buffer.from(data, 'base64'));
      },
      close: async () => {
        await cdp.send('Target.closeTarget', { targetId });
        await targets.gone(targetId);
      },
    };
  }

  /** The extension's service worker, if it runs. @returns {Promise<TargetInfo>} */
  function serviceWorker() {
    return targets.find(
      (target) => target.type === 'service_worker' && target.url.startsWith(`chrome-extension://${id}/`),
      'service worker',
    );
  }
}

/**
 * Calls a function in a page. It is sent as text: it sees its arguments only, which must be JSON.
 * @template {any[]} A
 * @template R
 * @param {Session} session
 * @param {((...args: A) => R) | string} fn a function, or an expression
 * @param {A} args
 * @returns {Promise<Awaited<R>>}
 */
export async function evaluate(session, fn, ...args) {
  const expression = typeof fn === 'string' ? fn : `(${fn})(...${JSON.stringify(args)})`;
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
    expression,
    awaitPromise: true,
    returnByValue: true,
    userGesture: true,
  });
  if (exceptionDetails) {
    throw new Error(`in the page: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
  }
  return result.value;
}

/**
 * Waits until a function called in a page returns something true, and returns that.
 * @template {any[]} A
 * @template R
 * @param {Session} session
 * @param {(...args: A) => R} fn as for `evaluate`
 * @param {A} args
 * @returns {Promise<Awaited<R>>}
 */
export async function waitFor(session, fn, ...args) {
  const expression = `(async () => {
    for (const end = Date.now() + ${PATIENCE}; Date.now() < end; await new Promise((wake) => setTimeout(wake, 20))) {
      const value = await (${fn})(...${JSON.stringify(args)});
      if (value) return { value };
    }
  })()`;
  for (const end = Date.now() + PATIENCE; ; ) {
    try {
      const found = await evaluate(session, expression);
      if (found) return /** @type {any} */ (found).value;
    } catch (error) {
      // The page navigated under our hands: ask its successor.
      if (!/context was destroyed|Cannot find context|navigated/i.test(String(error)) || Date.now() > end) throw error;
      continue;
    }
    throw new Error(`never true in the page: ${fn}`);
  }
}

/** Clicks the middle of an element, as a mouse does. @param {Session} session @param {string} selector */
export async function click(session, selector) {
  const { x, y } = await waitFor(
    session,
    (/** @type {string} */ query) => {
      const element = document.querySelector(query);
      element?.scrollIntoView({ block: 'center' });
      const box = element?.getBoundingClientRect();
      return box && box.width > 0 && { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    },
    selector,
  ).then((point) => /** @type {{ x: number, y: number }} */ (point));
  for (const type of ['mouseMoved', 'mousePressed', 'mouseReleased']) {
    const button = type === 'mouseMoved' ? 'none' : 'left';
    await session.send('Input.dispatchMouseEvent', { type, x, y, button, clickCount: 1 });
  }
}

/** @param {any} params of Runtime.consoleAPICalled @returns {ConsoleMessage} */
function consoleMessage({ type, args, stackTrace, timestamp }) {
  const text = args.map((/** @type {any} */ arg) => String(arg.value ?? arg.description ?? arg.type)).join(' ');
  return { type, text, stack: frames(stackTrace), at: timestamp };
}

/** @param {any} params of Runtime.exceptionThrown @returns {ConsoleMessage} */
function uncaught({ exceptionDetails, timestamp }) {
  const text = `${exceptionDetails.text} ${exceptionDetails.exception?.description ?? exceptionDetails.exception?.value ?? ''}`;
  return { type: 'uncaught', text, stack: frames(exceptionDetails.stackTrace), at: timestamp };
}

/** @param {any} trace @returns {string[]} */
const frames = (trace) =>
  (trace?.callFrames ?? []).map(
    (/** @type {any} */ frame) => `${frame.functionName} ${frame.url}:${frame.lineNumber}:${frame.columnNumber}`,
  );

/** Width and height of a PNG file. @param {string} path */
export function pngSize(path) {
  const bytes = readFileSync(path);
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}
