/**
 * Registers the hook on the sites that the user enabled beyond those of the manifest, and the recorder where a panel is armed
 * (`armed.ts`). Called by the service worker when permissions change or a panel goes, and by the panel before it offers a reload;
 * the lock keeps the two apart. What is registered outlives both.
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

const RECORDER = {
  ...HOOK,
  id: 'record',
  js: ['record.js'],
  persistAcrossSessions: false,
};

/** Begins the name of the lock that an armed panel holds; then come the panel's own name, a space, and a match pattern. */
export const ARMED = 'armed ';

/** Makes what is registered equal to what is granted. */
export function syncScripts(): Promise<void> {
  return navigator.locks.request('scripts', async () => {
    const matches = await granted();
    // The manifest's own sites have it already; `*://*/*` would give them a second one.
    const changed = await register({ ...HOOK, excludeMatches: HOME }, matches);
    // Scripts run in the order in which they were registered.
    if (changed) await register(RECORDER, []);
    await register(RECORDER, await armed());
  });
}

/** Makes the recorder's sites equal to those of armed panels. */
export function syncRecorder(): Promise<void> {
  return navigator.locks.request('scripts', async () => {
    await register(RECORDER, await armed());
  });
}

/** A panel has gone. @param own begins the name of its lock, of which the browser lets go about now */
export async function forgetPanel(own: string): Promise<void> {
  for (const name of await armedLocks()) {
    if (name.startsWith(own)) await navigator.locks.request(name, () => undefined);
  }
  await syncRecorder();
}

/** @returns match patterns of the panels that are armed now */
async function armed(): Promise<string[]> {
  return [...new Set((await armedLocks()).map((name) => name.split(' ')[2]))];
}

async function armedLocks(): Promise<string[]> {
  const { held = [] } = await navigator.locks.query();
  return held.map(({ name = '' }) => name).filter((name) => name.startsWith(ARMED));
}

/** @returns whether something changed */
async function register(script: typeof HOOK & { excludeMatches?: string[] }, matches: string[]): Promise<boolean> {
  const ids = [script.id];
  const [present] = await browser.scripting.getRegisteredContentScripts({ ids });
  if ((present?.matches ?? []).sort().join() === matches.sort().join()) return false;
  if (present) await browser.scripting.unregisterContentScripts({ ids });
  if (matches.length) await browser.scripting.registerContentScripts([{ ...script, matches }]);
  return true;
}
