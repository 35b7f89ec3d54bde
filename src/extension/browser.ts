/**
 * The browser's extension API, by one name. The only importer of webextension-polyfill; what its types lack (Chromium's
 * DevTools API is wider than Firefox's) is written down here, after developer.chrome.com's reference.
 */
import browser, { type Runtime } from 'webextension-polyfill';

export { browser };
export type Port = Runtime.Port;

/** One load of one frame. `documentId` (Chrome 106) is the browser's own name for it. */
export interface FrameDocument {
  frameId: number;
  documentId: string;
}

/** Opens a port to the content script in exactly this document. */
export function connectTo(tab: number, documentId: string, name: string): Port {
  return browser.tabs.connect(tab, { documentId, name } as Parameters<typeof browser.tabs.connect>[1]);
}

/**
 * Runs a script in our isolated world of the frames of a tab, at once.
 * @param file of the extension
 * @returns for each frame that we may look into the value of the script's last expression; none at all when the page is closed
 *   to us. Waits for the slowest frame
 */
export async function runInFrames(
  tab: number,
  where: 'top' | 'all',
  file: string,
): Promise<(FrameDocument & { result: Record<string, unknown> | undefined })[]> {
  const options = { target: { tabId: tab, allFrames: where === 'all' }, files: [file], injectImmediately: true };
  const results = await browser.scripting.executeScript(options).catch(() => []);
  return results as unknown as Awaited<ReturnType<typeof runInFrames>>;
}

/** Runs a script in the page's own world of one document, at once. Rejects where the page is closed to us or gone. */
export async function runInDocument(tab: number, documentId: string, file: string): Promise<void> {
  const target = { tabId: tab, documentIds: [documentId] };
  const options = { target, files: [file], injectImmediately: true, world: 'MAIN' };
  await browser.scripting.executeScript(options as unknown as Parameters<typeof browser.scripting.executeScript>[0]);
}

interface BrowserEvent<Listener> {
  addListener(listener: Listener): void;
  removeListener(listener: Listener): void;
}

export interface DevtoolsResource {
  url: string;
  /** Not in every version of Chromium. */
  attachSourceMapURL?(url: string): Promise<void>;
}

/** A finished request, as HAR 1.2 has it, as far as we read it. */
export interface HarEntry {
  request: { url: string };
  response: { content: { size: number; mimeType: string } };
  /** `encoding` is `base64` for what is no text. */
  getContent(done: (content: string, encoding: string) => void): void;
}

/** `chrome.devtools`, as far as the polyfill's types do not know it. */
export interface ChromeDevtools {
  inspectedWindow: {
    onResourceAdded: BrowserEvent<(resource: DevtoolsResource) => void>;
    /** The polyfill promises a list of result and error; in Chromium it gives the bare result. */
    eval(expression: string, done: (result: unknown) => void): void;
    eval(expression: string, options: { frameURL: string }, done: (result: unknown) => void): void;
    getResources(done: (resources: DevtoolsResource[]) => void): void;
  };
  network: {
    onRequestFinished: BrowserEvent<(entry: HarEntry) => void>;
    getHAR(done: (log: { entries: HarEntry[] }) => void): void;
  };
  /** Chrome 129. */
  performance?: {
    onProfilingStarted: BrowserEvent<() => void>;
    onProfilingStopped: BrowserEvent<() => void>;
  };
  panels: {
    /** `default` or `dark`. */
    themeName: string;
    /** Since Chrome 99. There is one handler; a new one replaces the old. */
    setThemeChangeHandler(handler: (theme: string) => void): void;
    /** Line and column from 0; the column of a wasm resource is the offset in the module. */
    openResource(url: string, line: number, column: number, done: (result?: { code: string }) => void): void;
  };
}

/** The unwrapped API: the polyfill wraps only what Firefox has. */
export const chromeDevtools = () => (globalThis as unknown as { chrome: { devtools: ChromeDevtools } }).chrome.devtools;
