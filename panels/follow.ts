/**
 * From what happens in the page to what the stores hold: target → session → stores, in the order things happened.
 * The only place that listens to the target.
 */
import type { Remote } from '../src/protocol/channel';
import type { HookEvent } from '../src/protocol/messages';
import type { Change, SessionApi } from '../src/session';
import type { Target } from '../src/target';
import type { BridgeStore } from './bridge/store';
import type { ErrorsStore } from './errors/store';
import type { HandlesStore } from './handles/store';
import { instanceKey, type ModuleStore } from './modules';
import { addMissed, addRealm, loseRealm, type PageStore } from './page';

export interface Followed {
  target: Target;
  session: Remote<SessionApi>;
  page: PageStore;
  modules: ModuleStore;
  errors: ErrorsStore;
  bridge: BridgeStore;
  handles: HandlesStore;
  /** Whether failures of earlier loads stay when the page loads anew. */
  preserve(): boolean;
  /** The top document went away, for whatever reason. */
  topGone(): void;
}

/** @returns stop */
export function follow(followed: Followed): () => void {
  const { target, session, page, modules, errors, bridge, handles } = followed;
  // The session answers in the order it was asked, so changes arrive in the order of events.
  const take = (change: Promise<Change>) => {
    change.then((told) => applyChange(page, errors, told)).catch(() => (page.lost.value = true));
  };
  return target.listen({
    realm(realm, hooked) {
      page.lost.value = false;
      take(session.back(realm.id));
      if (!addRealm(page, realm, hooked) || followed.preserve()) return;
      const old = errors.clear((failure) => failure.realm !== realm.id);
      session.clear(old).catch(() => (page.lost.value = true));
    },
    event(realm: string, event: HookEvent) {
      take(session.seen(realm, event));
      if (event.type !== 'module') return;
      const { instance } = event;
      void modules.load(realm, instance, event.url).then(() => {
        const key = modules.entries.value.get(instanceKey(realm, instance))?.key;
        if (!key) return;
        bridge.read(realm, key);
        handles.read(realm, key);
      });
    },
    missed: (realm, count) => addMissed(page, realm, count),
    gone(realm) {
      if (loseRealm(page, realm)?.realm.top) followed.topGone();
      take(session.gone(realm));
      bridge.gone(realm);
      handles.watch.orders.gone(realm);
    },
    recorder(realm) {
      bridge.recorder(realm);
      handles.watch.orders.came(realm);
    },
    recorded: (realm, batch) => bridge.recorded(realm, batch),
    unrecorded: (realm, why) => bridge.unrecorded(realm, why),
  });
}

/** Puts what the session told into the stores. */
export function applyChange(page: PageStore, errors: ErrorsStore, change: Change): void {
  errors.apply(change);
  if (change.instances.length === 0) return;
  const rows = [...page.instances.value];
  for (const row of change.instances) {
    const at = rows.findIndex((each) => each.realm === row.realm && each.instance === row.instance);
    if (at < 0) rows.push(row);
    else rows[at] = row;
  }
  page.instances.value = rows;
}
