/**
 * The DevTools window around the panel and the page it inspects, as far as it is no Go: address, reload, Sources, theme.
 * With target.ts and sites.ts all that a panel needs of the browser, so that panels/ never names its API.
 */
import { HANDLE } from '../protocol/handshake';
import { browser, chromeDevtools } from './browser';
import { isWasm } from './wasm-resources';

const MB = 2 ** 20;

export type Theme = 'light' | 'dark';

/** @returns tab id of the inspected page */
export const inspectedTab = (): number => browser.devtools.inspectedWindow.tabId;

/**
 * @returns URL of the inspected page; '' when it cannot be told, because DevTools may not look into it or because it hangs
 *   for longer than `patience` milliseconds
 */
export function inspectedUrl(patience = 3000): Promise<string> {
  return new Promise((resolve) => {
    setTimeout(resolve, patience, '');
    chromeDevtools().inspectedWindow.eval('location.href', (href) => resolve(typeof href === 'string' ? href : ''));
  });
}

/** Called with the new URL after each navigation of the page, reloads too. @returns stop */
export function onNavigated(listener: (url: string) => void): () => void {
  browser.devtools.network.onNavigated.addListener(listener);
  return () => browser.devtools.network.onNavigated.removeListener(listener);
}

/** Calls back when Chrome's Performance panel begins and ends to record (Chrome 129). */
export function onProfiling(listener: (on: boolean) => void): void {
  const { performance } = chromeDevtools();
  performance?.onProfilingStarted.addListener(() => listener(true));
  performance?.onProfilingStopped.addListener(() => listener(false));
}

export function reload(): void {
  browser.devtools.inspectedWindow.reload({});
}

/**
 * Shows a place in the Sources panel.
 * @param line from 1, as Go counts
 * @param column from 0; for a wasm module line 1 and the offset in the module
 * @returns false when DevTools has no such resource
 */
export function openResource(url: string, line: number, column: number): Promise<boolean> {
  return new Promise((resolve) => {
    chromeDevtools().panels.openResource(url, line - 1, column, (result) => resolve(!result || result.code === 'OK'));
  });
}

/** Adds our panel to this DevTools window. */
export function createPanel(): void {
  browser.devtools.panels.create('Go WASM', '', 'panel.html');
}

export const theme = (): Theme => themeOf(chromeDevtools().panels.themeName);

/** Calls back when the user changes the theme of DevTools. One listener at a time. */
export function onTheme(listener: (theme: Theme) => void): void {
  chromeDevtools().panels.setThemeChangeHandler((name) => listener(themeOf(name)));
}

const themeOf = (name: string): Theme => (name === 'dark' ? 'dark' : 'light');

/**
 * URLs of the WebAssembly that DevTools knows in the page, loaded before or after us. Where no hook answers and this is not
 * empty, the page was loaded too early and needs a reload.
 */
export function wasmResources(): Promise<string[]> {
  return new Promise((resolve) => {
    chromeDevtools().inspectedWindow.getResources((resources) => {
      resolve([...new Set(resources.map(({ url }) => url).filter(isWasm))]);
    });
  });
}

/**
 * Calls back when our hook or recorder has run in any frame, as DevTools sees it; and once when DevTools has begun to tell: frames that
 * came while it made ready were not told. @returns stop
 */
export function onHook(listener: () => void): () => void {
  const { onResourceAdded, getResources } = chromeDevtools().inspectedWindow;
  const scripts = ['hook.js', 'record.js'].map((script) => browser.runtime.getURL(script));
  const added = ({ url }: { url: string }) => {
    if (scripts.includes(url)) listener();
  };
  onResourceAdded.addListener(added);
  // Answered after the line above took effect: both go down the same channel.
  getResources(() => listener());
  return () => onResourceAdded.removeListener(added);
}

/**
 * Text from the page's server, for source excerpts. Only of enabled sites: elsewhere the browser refuses.
 * @param most bytes
 * @returns null when there is none
 */
export const fetchText = async (url: string, most = 4 * MB): Promise<string | null> =>
  (await fetchBlob(url, most))?.text() ?? null;

/** As `fetchText`, the bytes. */
export async function fetchFile(url: string, most: number): Promise<Uint8Array | null> {
  const blob = await fetchBlob(url, most);
  return blob && new Uint8Array(await blob.arrayBuffer());
}

/**
 * Has DevTools show a value that Go holds: a node in Elements. Its `inspect()` is there in expressions of ours alone, so the value is
 * handed to such an expression by handles.js, which a question has put there.
 * @param frameUrl of the document; '' for the top frame's
 * @returns why not, in one sentence; '' when it is shown
 */
export function inspectHandle(frameUrl: string, instance: number, id: number): Promise<string> {
  const expression = `(() => {
    let found;
    const data = [${Number(instance)}, ${Number(id)}, (value) => { found = [value]; }];
    document.dispatchEvent(new MessageEvent(${JSON.stringify(HANDLE)}, { data }));
    if (found) inspect(found[0]);
    return found !== undefined;
  })()`;
  const { inspectedWindow } = chromeDevtools();
  return new Promise((resolve) => {
    const done = (shown: unknown) => {
      if (shown === true) resolve('');
      else resolve(shown === false ? 'Go has let go of this value.' : 'DevTools cannot look into this frame.');
    };
    if (frameUrl) inspectedWindow.eval(expression, { frameURL: frameUrl }, done);
    else inspectedWindow.eval(expression, done);
  });
}

/** The header `SourceMap` (or its older name) of the answer for a URL; null without one. */
export async function sourceMapHeader(url: string): Promise<string | null> {
  try {
    const { headers } = await fetch(url, {
      method: 'HEAD',
      credentials: 'include',
      signal: AbortSignal.timeout(10_000),
    });
    return headers.get('SourceMap') ?? headers.get('X-SourceMap');
  } catch {
    return null;
  }
}

async function fetchBlob(url: string, most: number): Promise<Blob | null> {
  try {
    const response = await fetch(url, { credentials: 'include', signal: AbortSignal.timeout(10_000) });
    if (!response.ok || !response.body) return null;
    const parts: Uint8Array<ArrayBuffer>[] = [];
    let size = 0;
    for await (const part of chunks(response.body)) {
      size += part.length;
      if (size > most) return null;
      parts.push(part);
    }
    return new Blob(parts);
  } catch {
    return null;
  }
}

async function* chunks(body: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const reader = body.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    await reader.cancel();
  }
}
