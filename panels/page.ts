/**
 * The page as the panel sees it: frames, page loads, Go instances, the site's permission. A store of signals; `follow.ts`
 * writes it, the shell and all tabs read it.
 */
import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Realm } from '../src/protocol/messages';
import type { InstanceRow } from '../src/session';
import type { SiteState } from './window';

export interface RealmEntry {
  realm: Realm;
  hooked: boolean;
  gone: boolean;
  /** Number of the page load it belongs to, from 1. */
  load: number;
}

/** One load of the top document, as the error list is grouped. */
export interface Load {
  number: number;
  /** Milliseconds since the epoch. */
  from: number;
  /** null while it is the current one. */
  to: number | null;
  /** Events that were not kept, so that more failed than is listed. */
  missed: number;
}

/** A wasm file on the page that no Go instance belongs to. */
export type Foreign =
  | { kind: 'other'; name: string; producer: string }
  /** Go, but it ran before the hook could see it. */
  | { kind: 'missed'; name: string };

export interface PageStore {
  realms: Signal<ReadonlyMap<string, RealmEntry>>;
  loads: Signal<readonly Load[]>;
  instances: Signal<readonly InstanceRow[]>;
  site: Signal<SiteState>;
  url: Signal<string>;
  foreign: Signal<Foreign | null>;
  lost: Signal<boolean>;
  load: ReadonlySignal<number>;
}

export function createPage(): PageStore {
  const loads = signal<readonly Load[]>([]);
  return {
    realms: signal<ReadonlyMap<string, RealmEntry>>(new Map()),
    loads,
    instances: signal<readonly InstanceRow[]>([]),
    site: signal<SiteState>({ kind: 'enabled' }),
    url: signal(''),
    foreign: signal<Foreign | null>(null),
    lost: signal(false),
    load: computed(() => loads.value.at(-1)?.number ?? 0),
  };
}

/** A frame spoke: a new top document starts a new load. @returns whether it did */
export function addRealm(page: PageStore, realm: Realm, hooked: boolean): boolean {
  const known = page.realms.value.get(realm.id);
  const isNew = realm.top && !known;
  batch(() => {
    if (isNew || page.loads.value.length === 0) startLoad(page, realm.since);
    const load = known?.load ?? page.load.value;
    page.realms.value = new Map(page.realms.value).set(realm.id, { realm, hooked, gone: false, load });
  });
  return isNew;
}

/** Events of a frame were not kept. */
export function addMissed(page: PageStore, id: string, count: number): void {
  const number = page.realms.value.get(id)?.load;
  page.loads.value = page.loads.value.map((load) =>
    load.number === number ? { ...load, missed: load.missed + count } : load,
  );
}

/** A frame went away. @returns what was known of it */
export function loseRealm(page: PageStore, id: string): RealmEntry | undefined {
  const known = page.realms.value.get(id);
  if (known) page.realms.value = new Map(page.realms.value).set(id, { ...known, gone: true });
  return known;
}

function startLoad(page: PageStore, since: number): void {
  const past = page.loads.value.map((load) => (load.to === null ? { ...load, to: since } : load));
  page.loads.value = [...past, { number: (past.at(-1)?.number ?? 0) + 1, from: since, to: null, missed: 0 }];
}

/** `top`, or `iframe /help`. */
export function realmName(entry: RealmEntry | undefined): string {
  if (!entry) return 'frame';
  if (entry.realm.top) return 'top';
  return `iframe ${pathOf(entry.realm.url)}`;
}

/** Host of a URL, or '' when it has none. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '';
}

function pathOf(url: string): string {
  return URL.canParse(url) && url.startsWith('http') ? new URL(url).pathname : url.slice(0, 60);
}
