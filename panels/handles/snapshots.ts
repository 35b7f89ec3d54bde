/**
 * Of which program handles are shown, and the snapshots that were taken of it. The page is asked when the user takes a snapshot, once by
 * itself when the tab is first opened, and for figures once a second while the tab is looked at.
 */
import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { HandlesApi } from '../../src/handles/api';
import type { SnapshotInfo } from '../../src/handles/view';
import type { Remote } from '../../src/protocol/channel';
import type { HandleCounts, TableOptions } from '../../src/protocol/handles';
import type { InstanceRow } from '../../src/session';
import type { Target } from '../../src/target';
import { type Sample, SPAN } from './chart';
import { createPulse } from './pulse';

/** Where what is shown comes from. */
export interface Shown {
  realm: string;
  instance: number;
  /** Name of the dump it was opened from; '' for the page. */
  file: string;
  /** What of the file is in doubt. */
  note: string;
}

/** Whether the page can be asked about it. */
export type Life = 'live' | 'exited' | 'gone' | 'dump';

export interface Snapshots {
  shown: ReadonlySignal<Shown | null>;
  /** Names what is shown; '' for nothing. */
  id: ReadonlySignal<string>;
  life: ReadonlySignal<Life>;
  /** The binary is read, or never will be. */
  settled: ReadonlySignal<boolean>;
  /** Oldest first. */
  snapshots: Signal<readonly SnapshotInfo[]>;
  taking: ReadonlySignal<boolean>;
  live: Signal<boolean>;
  samples: ReadonlySignal<readonly Sample[]>;
  /** The time, a second old at most while the tab is looked at. */
  now: ReadonlySignal<number>;
  /** Why the page could not be asked, or a file not be opened or written; '' for nothing. */
  problem: Signal<string>;
  /** Takes a snapshot. @returns null when that failed: `problem` says why */
  take(): Promise<SnapshotInfo | null>;
  /** What the page must know of the program, for questions. */
  options(): Promise<TableOptions>;
  showDump(shown: Shown): void;
  closeDump(): void;
}

export interface SnapshotParts {
  session: Remote<HandlesApi>;
  target: Target;
  /** The program the tabs are about. */
  subject: ReadonlySignal<InstanceRow | null>;
  /** The session's key of its binary; null while it is not read. */
  key: ReadonlySignal<string | null>;
  settled: ReadonlySignal<boolean>;
  visible: ReadonlySignal<boolean>;
  failed(): void;
}

const NOTHING: TableOptions = { funcs: null, numgc: 0 };

export function createSnapshots(parts: SnapshotParts): Snapshots {
  const { session, target, subject, key, settled, visible, failed } = parts;
  const dump = signal<Shown | null>(null);
  const shown = computed<Shown | null>((): Shown | null => {
    if (dump.value) return dump.value;
    const now = subject.value;
    return now && { realm: now.realm, instance: now.instance, file: '', note: '' };
  });
  const id = computed(() => (shown.value ? `${shown.value.realm}/${shown.value.instance}` : ''));
  const life = computed<Life>(() => {
    if (dump.value) return 'dump';
    const { state } = subject.value ?? { state: 'gone' };
    return state === 'exited' || state === 'gone' ? state : 'live';
  });
  const snapshots = signal<readonly SnapshotInfo[]>([]);
  const taking = signal(false);
  const live = signal(true);
  const samples = signal<readonly Sample[]>([]);
  const problem = signal('');
  const safely = (work: Promise<unknown>) => void work.catch(failed);

  // Another program, or a dump.
  let last = '';
  effect(() => {
    if (id.value === last) return;
    last = id.value;
    batch(() => {
      snapshots.value = [];
      samples.value = [];
      problem.value = '';
      taking.value = false;
    });
    if (shown.value) safely(list(shown.value));
  });
  async function list({ realm, instance }: Shown): Promise<void> {
    const found = await session.handlesSnapshots(realm, instance);
    if (id.value === `${realm}/${instance}`) snapshots.value = found;
  }

  let known: { key: string; options: TableOptions } | null = null;
  const options = async (): Promise<TableOptions> => {
    const now = key.value;
    if (now === null) return NOTHING;
    if (known?.key !== now) known = { key: now, options: (await session.handleOptions(now))?.table ?? NOTHING };
    return known.options;
  };

  const seen = ({ slots, free, funcs, numgc }: HandleCounts) => {
    const at = Date.now();
    const kept = samples.value.filter((sample) => sample.at > at - SPAN - 2000 && sample.at < at);
    samples.value = [...kept, { at, handles: slots - free, funcs, cycles: numgc }];
  };
  const now = createPulse({
    visible,
    ask: () => {
      const [of, asked] = [shown.value, id.value];
      if (!live.value || life.value !== 'live' || !of || !settled.value || snapshots.value.length === 0) return null;
      return options()
        .then((told) => target.handles(of.realm, { ask: 'counts', instance: of.instance, options: told }))
        .then((counts) => {
          if (id.value === asked) seen(counts);
        });
    },
  });

  /** What is being taken is of the program that is shown, unless this has become another number. */
  let turn = 0;
  async function take(): Promise<SnapshotInfo | null> {
    const [of, asked] = [shown.value, id.value];
    if (!of || life.value !== 'live' || taking.value) return null;
    const { realm, instance } = of;
    const mine = ++turn;
    taking.value = true;
    try {
      const table = await target.handles(realm, { ask: 'table', instance, options: await options() });
      if (id.value !== asked) return null;
      seen(table);
      const taken = await session.handlesTaken(realm, instance, table);
      const all = await session.handlesSnapshots(realm, instance);
      if (id.value !== asked) return null;
      batch(() => {
        problem.value = taken.ok ? '' : notRead(taken.why);
        snapshots.value = all;
      });
      return taken.ok ? taken.value : null;
    } catch (error) {
      if (id.value === asked) problem.value = notRead(error instanceof Error ? error.message : String(error));
      return null;
    } finally {
      if (mine === turn) taking.value = false;
    }
  }

  // Once by itself, as soon as the program can be told by name.
  const tried = new Set<string>();
  effect(() => {
    if (!visible.value || life.value !== 'live' || !settled.value || id.value === '' || tried.has(id.value)) return;
    tried.add(id.value);
    queueMicrotask(() => void take());
  });

  const show = (opened: Shown | null) => {
    const old = dump.value;
    dump.value = opened;
    if (old) safely(session.handlesForget(old.realm, old.instance));
  };
  return {
    ...{ shown, id, life, settled, snapshots, taking, live, samples, now, problem, take, options },
    showDump: show,
    closeDump: () => show(null),
  };
}

/** @param why a sentence */
const notRead = (why: string): string => `The handles could not be read. ${why}`;
