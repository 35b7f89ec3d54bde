/**
 * Registers the hook on the sites that the user enabled beyond those of the manifest.
 * Called by the service worker when permissions change, and by the panel before it offers a reload; the lock keeps the two
 * apart. What is registered outlives both.
 */
import { browser } from './browser';

/** Match patterns of the manifest, where the hook always runs. */
export const HOME = browser.runtime.getManifest().host_permissions ?? [];

/** @returns match patterns that the user granted beyond the manifest's */
export async function granted(): Promise<string[]> {
  const { origins = [] } = await browser.permissions.getAll();
  return origins.filter((origin) => !HOME.includes(origin));
}

const HOOK = {
  id: 'hook',
  js: ['hook.js'],
  world: 'MAIN' as const,
  runAt: 'document_start' as const,
  allFrames: true,
  matchOriginAsFallback: true,
  persistAcrossSessions: true,
};

/** Makes what is registered equal to what is granted. */
export function syncScripts(): Promise<void> {
  return navigator.locks.request('scripts', sync);
}

async function sync(): Promise<void> {
  const ids = [HOOK.id];
  const [matches, [present]] = await Promise.all([granted(), browser.scripting.getRegisteredContentScripts({ ids })]);
  if ((present?.matches ?? []).sort().join() === matches.sort().join()) return;
  if (present) await browser.scripting.unregisterContentScripts({ ids });
  // The manifest's own sites have it already; `*://*/*` would give them a second one.
  if (matches.length) await browser.scripting.registerContentScripts([{ ...HOOK, matches, excludeMatches: HOME }]);
}
