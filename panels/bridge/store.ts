/**
 * State of the Bridge tab: whether is recorded, which stretch is chosen, and what the session says of it. Asks again when more was
 * recorded, a few times a second, and only while the tab is looked at.
 */
import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Finding } from '../../src/bridge/findings';
import type { Label } from '../../src/bridge/labels';
import type { OperationSums, Operations, Summary, Wanted } from '../../src/bridge/recording';
import type { Range } from '../../src/bridge/sums';
import type { Timeline } from '../../src/bridge/timeline';
import type { Tree, TreeKind } from '../../src/bridge/tree';
import type { Remote } from '../../src/protocol/channel';
import type { RecordBatch } from '../../src/protocol/recording';
import type { SessionApi } from '../../src/session';
import type { Target } from '../../src/target';
import { createOrders } from '../orders';
import type { PanelWindow } from '../window';
import { within } from './viewport';

/** Answers are asked for at most this often, ms; timelines and findings less often, the more there is of them. */
const REPAINT = 250;
const SELDOM = 1000;

export const VIEWS = ['operations', 'sites', 'tree', 'log', 'findings'] as const;
export type BridgeViewName = (typeof VIEWS)[number];

/** `armed`: recording begins with the next load of the page. */
export type Phase = 'never' | 'armed' | 'recording' | 'stopped';

/** Where the recording that is shown comes from. */
export interface Shown {
  realm: string;
  instance: number;
  /** Name of the file it was opened from; '' for the page. */
  file: string;
  /** What of the file is in doubt. */
  note: string;
}

export interface Drawn {
  timeline: Timeline;
  labels: Label[];
}

export interface BridgeStore {
  phase: ReadonlySignal<Phase>;
  shown: ReadonlySignal<Shown | null>;
  summary: Signal<Summary | null>;
  drawn: Signal<Drawn | null>;
  operations: Signal<Operations | null>;
  tree: Signal<{ kind: TreeKind; tree: Tree } | null>;
  calledFrom: Signal<Tree | null>;
  /** null while they are not known. */
  findings: Signal<Finding[] | null>;
  /** A stretch of time that tables are about; null for all. */
  range: Signal<Range | null>;
  /** What the timeline shows; null for all. */
  sight: Signal<Range | null>;
  wanted: ReadonlySignal<Wanted>;
  text: Signal<string>;
  view: Signal<BridgeViewName>;
  inverted: Signal<boolean>;
  /** `operation\ntarget` of the chosen row: numbers of labels change when a program is read. */
  chosen: Signal<string | null>;
  selected: ReadonlySignal<OperationSums | null>;
  /** Place of the chosen call in the timeline; -1 for none. */
  place: Signal<number>;
  /** One call in so many is timed; 0 by itself. */
  every: Signal<number>;
  sites: Signal<boolean>;
  /** Rises with what is recorded: the log asks again. */
  version: ReadonlySignal<number>;
  /** Why a file could not be opened or written; '' for nothing. */
  problem: Signal<string>;
  /** Resolves once the next load of the page is recorded. */
  record(): Promise<void>;
  stop(): void;
  clear(): void;
  showFile(shown: Shown): void;
  /** The page's recorder spoke. */
  recorder(realm: string): void;
  recorded(realm: string, batch: RecordBatch): void;
  /** What the page said was too much, or made no sense: nothing of it is recorded any more. */
  unrecorded(realm: string, why: string): void;
  gone(realm: string): void;
  /** A program of the page has been read: the recorder is told of it. */
  read(realm: string, key: string): void;
}

export interface BridgeParts {
  window: PanelWindow;
  session: Remote<SessionApi>;
  target: Target;
  /** The program the tabs are about. */
  subject: ReadonlySignal<{ realm: string; instance: number } | null>;
  /** The session's key of its binary; null while it is not read. */
  key: ReadonlySignal<string | null>;
  visible: ReadonlySignal<boolean>;
  failed(): void;
}

export const keyOf = ({ operation, target }: Label): string => `${operation}\n${target}`;

export function createBridge({ window, session, target, subject, key, visible, failed }: BridgeParts): BridgeStore {
  const on = signal(false);
  let profiling = false;
  window.onProfiling((now) => {
    profiling = now;
    for (const realm of recorders.value) target.track(realm, now);
  });
  const file = signal<Shown | null>(null);
  const version = signal(0);
  const text = signal('');
  const range = signal<Range | null>(null);
  const every = signal(0);
  const sites = signal(true);
  const summary = signal<Summary | null>(null);
  const drawn = signal<Drawn | null>(null);
  const operations = signal<Operations | null>(null);
  const tree = signal<{ kind: TreeKind; tree: Tree } | null>(null);
  const calledFrom = signal<Tree | null>(null);
  const chosen = signal<string | null>(null);
  const place = signal(-1);
  const sight = signal<Range | null>(null);
  const view = signal<BridgeViewName>('operations');
  const inverted = signal(false);
  const findings = signal<Finding[] | null>(null);

  const shown = computed<Shown | null>(() => {
    if (file.value) return file.value;
    const now = subject.value;
    return now && { ...now, file: '', note: '' };
  });
  const phase = computed<Phase>(() => {
    const now = subject.value;
    if (on.value) return now && recorders.value.has(now.realm) ? 'recording' : 'armed';
    return summary.value ? 'stopped' : 'never';
  });
  const wanted = computed<Wanted>(() => ({ range: range.value, text: text.value.trim(), label: null }));
  const selected = computed(() => {
    const rows = operations.value?.rows ?? [];
    return rows.find((row) => keyOf(row) === chosen.value) ?? rows[0] ?? null;
  });

  const orders = createOrders({
    ...{ key, failed, on: () => on.value },
    send: async (realm, known) => {
      const program = known === '' ? null : await session.recordOptions(known, sites.value);
      if (!on.value) return;
      target.record(realm, { every: every.value, ...(program ?? { frames: null, staticLow: 0, staticHigh: 0 }) });
    },
    decline: (realm) => target.record(realm, null),
  });
  const { recorders } = orders;
  /** What goes on begins anew, for a recording has no middle. */
  const orderAnew = (realm: string) => {
    target.record(realm, null);
    orders.tell(realm);
  };
  const safely = (work: Promise<unknown>) => void work.catch(failed);

  // Another recording is about other times.
  let last = '';
  effect(() => {
    const id = shown.value ? `${shown.value.realm} ${shown.value.instance}` : '';
    if (id === last) return;
    last = id;
    forget();
  });
  function forget() {
    batch(() => {
      for (const one of [summary, drawn, operations, tree, calledFrom, findings, range, sight]) one.value = null;
      place.value = -1;
      version.value++;
    });
  }

  let asking = false;
  /** A question that is asked again only once more was recorded, and rests ten times as long as its answer took. */
  const seldom = <T>(question: (realm: string, instance: number) => Promise<T>) => {
    let asked = 0;
    let pause = SELDOM;
    let known = '';
    return async ({ realm, instance }: Shown, state: string, { have, ended }: { have: boolean; ended: boolean }) => {
      if (have && state === known) return null;
      if (have && !ended && Date.now() - asked < pause) {
        later(pause);
        return null;
      }
      const began = Date.now();
      const answer = await question(realm, instance);
      asked = Date.now();
      pause = Math.max(SELDOM, (asked - began) * 10);
      known = state;
      return answer;
    };
  };
  const askTimeline = seldom(session.bridgeTimeline);
  const askFindings = seldom(session.bridgeFindings);
  let again = false;
  const ask = async () => {
    const now = shown.value;
    if (!now || !visible.value) return;
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    try {
      const about = [now.realm, now.instance] as const;
      const told = await session.bridgeSummary(...about);
      const rows = told && (await session.bridgeOperations(...about, wanted.value));
      const kind = treeKind();
      const grown = told && kind && (await session.bridgeTree(...about, kind, wanted.value));
      const label = rows ? (rows.rows.find((row) => keyOf(row) === chosen.value) ?? rows.rows[0])?.label : undefined;
      const from = label === undefined ? null : await session.bridgeTree(...about, 'up', { ...wanted.value, label });
      const state = `${last} ${told?.now} ${told?.named}`;
      const ended = told?.ended ?? false;
      const fresh = told && (await askTimeline(now, state, { have: drawn.value !== null, ended }));
      const found = told && (await askFindings(now, state, { have: findings.value !== null, ended }));
      if (shown.value?.realm !== now.realm || shown.value.instance !== now.instance) return;
      batch(() => {
        summary.value = told;
        operations.value = rows;
        tree.value = kind && grown ? { kind, tree: grown } : null;
        calledFrom.value = from;
        if (fresh) drawn.value = fresh;
        if (found) findings.value = found;
        if (fresh && sight.value)
          sight.value = within(sight.value, { from: fresh.timeline.began, to: fresh.timeline.now });
      });
    } finally {
      asking = false;
      if (again) {
        again = false;
        safely(ask());
      }
    }
  };
  const treeKind = (): TreeKind | null =>
    view.value === 'sites' ? 'sites' : view.value === 'tree' ? (inverted.value ? 'up' : 'down') : null;
  let due = false;
  const later = (pause: number) => {
    if (due) return;
    due = true;
    setTimeout(() => {
      due = false;
      version.value++;
    }, pause);
  };
  effect(() => {
    // What is asked about.
    [shown.value, wanted.value, view.value, inverted.value, chosen.value, visible.value, version.value];
    queueMicrotask(() => safely(ask()));
  });

  const store: BridgeStore = {
    ...{ phase, shown, summary, drawn, operations, tree, calledFrom, findings, range, sight, wanted, text, view },
    ...{ inverted, chosen, selected, place, every, sites, version, problem: signal('') },
    async record() {
      if (file.value) store.clear();
      on.value = true;
      for (const realm of recorders.value) orderAnew(realm);
      try {
        await window.arm('bridge', true);
      } catch {
        on.value = false;
        store.problem.value = 'Chrome does not let the panel record on this site.';
      }
    },
    stop() {
      on.value = false;
      void window.arm('bridge', false).catch(() => undefined);
      for (const realm of recorders.value) target.record(realm, null);
    },
    clear() {
      const now = shown.value;
      if (now) safely(session.bridgeForget(now.realm, now.instance));
      store.problem.value = '';
      // What the page says is still there behind a file.
      if (file.value) {
        file.value = null;
        return;
      }
      forget();
      if (on.value) for (const realm of recorders.value) orderAnew(realm);
    },
    showFile(opened) {
      store.problem.value = '';
      const old = file.value;
      if (old) safely(session.bridgeForget(old.realm, old.instance));
      file.value = opened;
    },
    recorder(realm) {
      if (profiling) target.track(realm, true);
      orders.came(realm);
    },
    recorded(realm, batch) {
      safely(session.recorded(realm, batch.instance, batch));
      if (realm === subject.value?.realm && batch.instance === subject.value.instance) later(REPAINT);
    },
    unrecorded(realm, why) {
      if (realm === subject.value?.realm) store.problem.value = why;
    },
    gone: orders.gone,
    read(realm, read) {
      if (!orders.read(realm, read) && summary.value) version.value++;
    },
  };
  return store;
}
