/**
 * The browser's extension API, by one name. The only importer of webextension-polyfill; what its types lack (Chromium's
 * DevTools API is wider than Firefox's) is written down here, after developer.chrome.com's reference.
 */
import browser, { type Runtime } from 'webextension-polyfill';

export { browser };
export type Port = Runtime.Port;

/** `chrome.devtools`, as far as the polyfill's types do not know it. */
export interface ChromeDevtools {
  inspectedWindow: {
    getResources(done: (resources: { url: string }[]) => void): void;
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
