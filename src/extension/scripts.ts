/**
 * Registers hook and content script on the sites that the user enabled beyond those of the manifest.
 * Called by the service worker when permissions change, and by the panel before it offers a reload; the lock keeps the two
 * apart. What is registered outlives both.
 */
import { browser } from './browser';

/** Match patterns of the manifest, where both scripts always run. */
export const HOME = browser.runtime.getManifest().host_permissions ?? [];

/** @returns match patterns that the user granted beyond the manifest's */
export async function granted(): Promise<string[]> {
  const { origins = [] } = await browser.permissions.getAll();
  return origins.filter((origin) => !HOME.includes(origin));
}

const OPTIONS = {
  allFrames: true,
  matchOriginAsFallback: true,
  persistAcrossSessions: true,
};
const SCRIPTS = [
  { id: 'hook', js: ['hook.js'], world: 'MAIN' as const, runAt: 'document_start' as const },
  { id: 'content', js: ['content.js'], world: 'ISOLATED' as const, runAt: 'document_idle' as const },
];

/** Makes what is registered equal to what is granted. */
export function syncScripts(): Promise<void> {
  return navigator.locks.request('scripts', sync);
}

async function sync(): Promise<void> {
  const ids = SCRIPTS.map(({ id }) => id);
  const [matches, present] = await Promise.all([granted(), browser.scripting.getRegisteredContentScripts({ ids })]);
  const wanted = matches.sort().join();
  const same = (script: { matches?: string[] }) => script.matches?.sort().join() === wanted;
  if (present.length === (matches.length ? ids.length : 0) && present.every(same)) return;
  if (present.length) await browser.scripting.unregisterContentScripts({ ids: present.map(({ id }) => id) });
  if (!matches.length) return;
  // The manifest's own sites have both scripts already; `*://*/*` would give them a second pair.
  await browser.scripting.registerContentScripts(
    SCRIPTS.map((script) => ({ ...OPTIONS, ...script, matches, excludeMatches: HOME })),
  );
}
