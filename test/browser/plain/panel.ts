/** Stands in for the panel: notes what a PageTarget tells, and hands the extension's parts to the test. */
import { Capture } from '../../../src/bridge/capture';
import { arm } from '../../../src/extension/armed';
import * as devtoolsWindow from '../../../src/extension/devtools-window';
import * as sites from '../../../src/extension/sites';
import { PageTarget } from '../../../src/extension/target';
import { Tables } from '../../../src/handles/tables';
import type { WatchOptions } from '../../../src/protocol/handles';
import type { RecordOptions } from '../../../src/protocol/recording';

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
    /** `realm`, `event`, `missed`, `gone`, `recorder` or `unrecorded`; the realm's id; a URL, the event's number, how many, or why. */
    log: string[][];
    /** All that were ever met. */
    realms: Realm[];
    sites: typeof sites;
    devtoolsWindow: typeof devtoolsWindow;
    arm: typeof arm;
    /** What every recorder that answers is told at once. */
    order: RecordOptions | null;
    /** The same of an order to watch who makes handles. */
    watch: WatchOptions | null;
    /** What is told of handles, without a program: numbers alone. */
    tables: Tables;
    /** What came of each realm and instance, one after another. */
    captures: {
      realm: string;
      instance: number;
      capture: Capture;
      last: boolean;
      wrong: number;
      /** When it was last heard of, milliseconds since the epoch. */
      at: number;
    }[];
    /** By operation and target, of the latest recording: calls and bytes. */
    counts(): Record<string, [calls: number, bytes: number]>;
    /** Of a recording: calls of each operation with a target from each stack, whether that is whole, and its return PCs. */
    callSites(capture: number): { key: string; whole: boolean; pcs: string; calls: number }[];
  };
}

const target = new PageTarget();
const log: string[][] = [];
const realms: Realm[] = [];
const captures: typeof plain.captures = [];
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
  recorder(realm) {
    log.push(['recorder', realm]);
    if (plain.order) target.record(realm, plain.order);
    if (plain.watch) target.watch(realm, plain.watch);
  },
  recorded(realm, batch) {
    const { instance } = batch;
    if (batch.number === 1) captures.push({ realm, instance, capture: new Capture(), last: false, wrong: 0, at: 0 });
    const found = captures.filter((each) => each.realm === realm && each.instance === instance).pop();
    if (!found) return;
    if (!found.capture.add(batch)) found.wrong++;
    found.last = batch.last;
    found.at = performance.timeOrigin + performance.now();
  },
  unrecorded(realm, why) {
    log.push(['unrecorded', realm, why]);
  },
});
globalThis.plain = {
  ...{ target, log, realms, sites, devtoolsWindow, arm, captures },
  order: null,
  watch: null,
  tables: new Tables(
    () => null,
    () => null,
    () => [],
  ),
  counts() {
    const counts: ReturnType<typeof plain.counts> = {};
    const capture = captures.at(-1)?.capture;
    // Entry 0 stands for what found no room.
    for (let number = 1; capture && number < capture.entries; number++) {
      const { operation, target, calls, bytes } = capture.entry(number);
      const key = `${capture.operations[operation]} ${capture.targets[target]}`.trim();
      counts[key] ??= [0, 0];
      counts[key][0] += calls;
      counts[key][1] += bytes;
    }
    return counts;
  },
  callSites(place) {
    const capture = captures.at(place)?.capture;
    if (!capture) return [];
    return Array.from({ length: capture.entries - 1 }, (_, i) => {
      const { operation, target, stack, calls } = capture.entry(i + 1);
      const { whole, pcs } = capture.stack(stack);
      const key = `${capture.operations[operation]} ${capture.targets[target]}`.trim();
      return { key, whole: stack > 0 && whole, pcs: Array.from(pcs).join(' '), calls };
    });
  },
};
