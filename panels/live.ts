/**
 * The panel's window as it is in DevTools: the extension behind `PanelWindow`.
 * With panel.tsx and devtools.ts the only file of panels/ that imports from src/extension.
 */
import { arm } from '../src/extension/armed';
import * as devtools from '../src/extension/devtools-window';
import * as sites from '../src/extension/sites';
import { onNews } from './sourcemap/news';
import type { PanelWindow, SiteState } from './window';

/** As many as `Target.bytes` takes. */
const MOST_BYTES = 256 * 2 ** 20;

export function liveWindow(): PanelWindow {
  // Chrome asks for a permission only in the click's own turn, so the address must be known before.
  let url = '';
  return {
    theme: devtools.theme,
    onTheme: devtools.onTheme,
    url: async () => {
      url = await devtools.inspectedUrl();
      return url;
    },
    onNavigated: (listener) => {
      devtools.onNavigated(listener);
    },
    reload: devtools.reload,
    openResource: devtools.openResource,
    fetchText: (address) => devtools.fetchText(address),
    fetchFile: devtools.fetchFile,
    sourceMapHeader: devtools.sourceMapHeader,
    wasmOnPage: async () => (await devtools.wasmResources()).filter((address) => address.startsWith('http')),
    fetchBytes: async (address) => {
      const response = await fetch(address, { signal: AbortSignal.timeout(60_000) });
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      if (Number(response.headers.get('content-length')) > MOST_BYTES) throw new Error('the file is over 256 MB');
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (bytes.length > MOST_BYTES) throw new Error('the file is over 256 MB');
      return bytes;
    },
    arm,
    inspect: devtools.inspectHandle,
    onProfiling: devtools.onProfiling,
    onSourceMap: (listener) => {
      onNews(devtools.inspectedTab(), listener);
    },
    sites: {
      state: async (): Promise<SiteState> => {
        url = await devtools.inspectedUrl();
        const site = sites.siteOf(url);
        if (!site) return { kind: 'closed', why: sites.whyNot(url) };
        return (await sites.isEnabled(url)) ? { kind: 'enabled' } : { kind: 'off', site: site.host };
      },
      enable: async () => {
        const site = sites.siteOf(url);
        return site !== null && sites.enable(site);
      },
      enableAll: sites.enableAll,
      list: async () => (await sites.list()).filter((site) => !site.fixed).map((site) => site.pattern),
      disable: async (pattern) => {
        await sites.disable(pattern);
      },
    },
  };
}
