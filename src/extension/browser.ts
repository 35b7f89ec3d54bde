/**
 * The browser's extension API, by one name. The only importer of webextension-polyfill; what the polyfill's types lack
 * (Chromium's DevTools API is wider than Firefox's) is written down here, after developer.chrome.com's reference.
 */
import browser from 'webextension-polyfill';

export { browser };

/** `chrome.devtools.panels`, as far as the polyfill's types do not know it. */
export interface DevtoolsPanels {
  /** `default` or `dark`. */
  themeName: string;
  /** Chrome 99. There is one handler; a new one replaces the old. */
  setThemeChangeHandler?(handler: (theme: string) => void): void;
  /** Lines and columns from 0. A column of a wasm resource is the offset in the module. */
  openResource(url: string, line: number, column: number, done?: (result: { code: string }) => void): void;
}

export const devtoolsPanels = () => browser.devtools.panels as unknown as DevtoolsPanels;
