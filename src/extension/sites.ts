/**
 * Which sites the extension may act on: this machine's by the manifest, any other by the user's click.
 * A site is a host name; Chromium's match patterns leave out the port, so all ports of a host go together.
 */
import { browser } from './browser';
import { granted, HOME, syncScripts } from './scripts';

export interface Site {
  /** As the user reads it, e.g. `example.com`. */
  host: string;
  /** The match pattern that is granted: `http` and `https` of this host. */
  pattern: string;
}

const EVERYWHERE = '*://*/*';

/** @returns null when the URL belongs to no site that could be enabled (then see `whyNot`) */
export function siteOf(url: string): Site | null {
  if (whyNot(url)) return null;
  const { hostname } = new URL(url);
  return { host: hostname, pattern: `*://${hostname}/*` };
}

/** @returns why no extension may act on this page, as a sentence; '' when one may */
export function whyNot(url: string): string {
  if (!URL.canParse(url)) return 'DevTools does not tell the address of this page.';
  const { protocol, host, pathname } = new URL(url);
  if (protocol === 'file:') return 'Pages opened as files are closed to extensions: serve this one over HTTP.';
  if (protocol !== 'http:' && protocol !== 'https:') return `Pages of ${protocol}// are closed to extensions.`;
  const store = host === 'chromewebstore.google.com' || (host === 'chrome.google.com' && /^\/webstore/.test(pathname));
  return store ? 'Pages of the Chrome Web Store are closed to extensions.' : '';
}

/** @param url of a page; the answer holds for its scheme */
export async function isEnabled(url: string): Promise<boolean> {
  const site = siteOf(url);
  if (!site) return false;
  // A pattern for both schemes would not be found in a grant for each: the manifest names http and https apart.
  return browser.permissions.contains({ origins: [`${new URL(url).protocol}//${site.host}/*`] });
}

/**
 * Asks the user. Must be called in a click's own turn.
 * @returns whether it was granted; then the scripts are in place for the next load of the page
 */
export const enable = (site: Site): Promise<boolean> => request(site.pattern);

/** As `enable`, for every site. */
export const enableAll = (): Promise<boolean> => request(EVERYWHERE);

async function request(pattern: string): Promise<boolean> {
  const given = await browser.permissions.request({ origins: [pattern] });
  // The service worker does so too, but a reload must not overtake it.
  if (given) await syncScripts();
  return given;
}

/** @returns false when the site is one of the manifest's, or enabled with all others */
export async function disable(pattern: string): Promise<boolean> {
  return browser.permissions.remove({ origins: [pattern] }).catch(() => false);
}

/** For the list in Settings: sites by host, `all sites` included, the manifest's last and fixed. */
export async function list(): Promise<(Site & { fixed: boolean })[]> {
  const own = (await granted()).map((pattern) => ({ host: hostOf(pattern), pattern, fixed: false }));
  const home = [...new Set(HOME.map(hostOf))].map((host) => ({ host, pattern: `*://${host}/*`, fixed: true }));
  return [...own, ...home];
}

const hostOf = (pattern: string) => (pattern === EVERYWHERE ? 'all sites' : pattern.replace(/^[^/]*\/\/|\/.*$/g, ''));
