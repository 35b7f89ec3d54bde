/** Stands in for the panel: notes what a PageTarget tells, and hands the extension's parts to the test. */
import * as devtoolsWindow from '../../../src/extension/devtools-window';
import * as sites from '../../../src/extension/sites';
import { PageTarget } from '../../../src/extension/target';

export interface Realm {
  id: string;
  url: string;
  top: boolean;
  hooked: boolean;
  open: boolean;
}

declare global {
  var plain: {
    target: PageTarget;
    /** `realm`, `event`, `missed` or `gone`; the realm's id; a URL, the event's number, or how many. */
    log: string[][];
    /** All that were ever met. */
    realms: Realm[];
    sites: typeof sites;
    devtoolsWindow: typeof devtoolsWindow;
  };
}

const target = new PageTarget();
const log: string[][] = [];
const realms: Realm[] = [];
target.listen({
  realm(realm, hooked) {
    log.push(['realm', realm.id, realm.url]);
    const known = realms.find(({ id }) => id === realm.id);
    if (known) known.open = true;
    else realms.push({ id: realm.id, url: realm.url, top: realm.top, hooked, open: true });
  },
  event(realm, event) {
    log.push(['event', realm, event.type === 'again' ? String(event.of) : event.type]);
  },
  missed(realm, count) {
    log.push(['missed', realm, String(count)]);
  },
  gone(realm) {
    log.push(['gone', realm]);
    const known = realms.find(({ id }) => id === realm);
    if (known) known.open = false;
  },
});
globalThis.plain = { target, log, realms, sites, devtoolsWindow };
