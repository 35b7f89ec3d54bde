/** State of the Handles tab: which snapshot is shown, how, and compared with what; which row is selected. Put together from its parts. */
import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type {
  GroupRow,
  HandleGroupBy,
  HandleRow,
  HandleSort,
  HandlesWanted,
  SnapshotInfo,
} from '../../src/handles/view';
import type { PanelWindow } from '../window';
import type { Progress } from './dumps';
import { createReader, type Reader } from './reader';
import { createSnapshots, type SnapshotParts, type Snapshots } from './snapshots';
import { createWatch, type Watch } from './watch';
import { isLeak, keyOf } from './words';

/** Handles of a group that have rows when it is opened. */
const STEP = 100;
/** Those of a suspect that is open by itself. */
const FEW = 3;
/** Rows that `*` opens at most, as far as groups have more than a few. */
const MOST_OPENED = 500;

export interface Saving extends Progress {
  cancel(): void;
}

export interface HandlesStore extends Snapshots, Omit<Reader, 'groups' | 'here' | 'renew'> {
  /** Number of the chosen snapshot; null for the latest. */
  picked: Signal<number | null>;
  snapshot: ReadonlySignal<SnapshotInfo | null>;
  /** Compared with this one. */
  against: Signal<number | null>;
  /** Number of the one taken before a user's action. */
  marked: Signal<number | null>;
  group: Signal<HandleGroupBy>;
  text: Signal<string>;
  suspectsOnly: Signal<boolean>;
  sort: Signal<{ by: HandleSort; up: boolean }>;
  wanted: ReadonlySignal<HandlesWanted | null>;
  /** Key of the row that was chosen by hand; null for none. */
  chosen: Signal<string | null>;
  /** The one that is selected: the chosen one, else the first. */
  selected: ReadonlySignal<string | null>;
  /** Of the groups that are here and grew since the other snapshot the worst suspect, else the one that grew most. */
  grew(): GroupRow | null;
  /** Opens or closes a group, or shows the handles that have no row yet. */
  toggle(row: HandleRow, open: boolean): void;
  /** Opens all groups, each a little. */
  openAll(): Promise<void>;
  /** The first of two marks, or the second: then what was made between them is shown. @returns as `take` */
  mark(): Promise<SnapshotInfo | null>;
  /** A dump that is being saved. */
  saving: Signal<Saving | null>;
  watch: Watch;
  /** A program of the page has been read. */
  read(realm: string, key: string): void;
}

export interface HandlesParts extends SnapshotParts {
  window: Pick<PanelWindow, 'arm'>;
}

export function createHandles(parts: HandlesParts): HandlesStore {
  const of = createSnapshots(parts);
  const { id, snapshots } = of;
  const watch = createWatch({ ...parts, problem: of.problem });
  const picked = signal<number | null>(null);
  const snapshot = computed(
    () => snapshots.value.find(({ number }) => number === picked.value) ?? snapshots.value.at(-1) ?? null,
  );
  const number = computed(() => snapshot.value?.number ?? null);
  const against = signal<number | null>(null);
  const marked = signal<number | null>(null);
  const group = signal<HandleGroupBy>('site');
  const text = signal('');
  const suspectsOnly = signal(false);
  const open = signal<Record<string, number>>({});
  const sort = signal<{ by: HandleSort; up: boolean }>({ by: 'growth', up: false });
  const chosen = signal<string | null>(null);
  const first = signal<string | null>(null);
  const selected = computed(() => chosen.value ?? first.value);

  const wanted = computed<HandlesWanted | null>(() => {
    if (number.value === null) return null;
    const isKept = against.value !== number.value && snapshots.value.some((each) => each.number === against.value);
    return {
      ...{ snapshot: number.value, against: isKept ? against.value : null, group: group.value },
      ...{ text: text.value.trim(), suspects: suspectsOnly.value, open: open.value, sort: sort.value },
    };
  });

  /** Of what is shown the worst suspect was opened. */
  let opened = '';
  const reader = createReader({
    ...parts,
    ...{ of, wanted, selected },
    // It is open by itself, a little.
    onSuspects(suspects) {
      const worst = suspects.find(isLeak);
      if (!worst || opened === id.value || group.value !== 'site') return;
      opened = id.value;
      if (Object.keys(open.value).length === 0) open.value = { [worst.group]: FEW };
    },
    // The first value of what is open, else the first row.
    onRows(rows) {
      if (first.value !== null) return;
      const all = rows();
      const row = all.find((each) => each.kind === 'handle' && each.group in open.value) ?? all[0];
      if (row) first.value = keyOf(row);
    },
  });

  let last = '';
  effect(() => {
    if (id.value === last) return;
    last = id.value;
    batch(() => {
      for (const one of [picked, against, marked, chosen]) one.value = null;
      open.value = {};
    });
  });
  effect(() => {
    [id.value, number.value, group.value];
    first.value = null;
  });
  // Other groups have other keys.
  effect(() => {
    group.value;
    if (chosen.peek()?.startsWith('group ')) chosen.value = null;
  });

  const take = async () => {
    const taken = await of.take();
    if (taken) picked.value = null;
    return taken;
  };
  const { groups, here, renew, ...shownRows } = reader;
  const choices = { picked, snapshot, against, marked, group, text, suspectsOnly, sort, wanted, chosen, selected };
  return {
    ...of,
    ...shownRows,
    ...choices,
    ...{ watch, take, saving: signal<Saving | null>(null) },
    grew() {
      const all = here().filter((row): row is GroupRow => row.kind === 'group' && (row.delta ?? 0) > 0);
      for (const { group: name } of reader.suspects.value.filter(isLeak)) {
        const found = all.find(({ key }) => key === name);
        if (found) return found;
      }
      return all.reduce<GroupRow | null>((most, row) => (row.delta! > (most?.delta ?? 0) ? row : most), null);
    },
    toggle(row, wide) {
      if (row.kind === 'handle') return;
      const name = row.kind === 'group' ? row.key : row.group;
      const { [name]: now = 0, ...others } = open.value;
      if (row.kind === 'more') open.value = { ...others, [name]: now + row.count };
      else open.value = wide ? { ...others, [name]: STEP } : others;
    },
    async openAll() {
      const keys = await groups(MOST_OPENED);
      const each = Math.min(STEP, Math.max(FEW, Math.floor(MOST_OPENED / Math.max(1, keys.length))));
      open.value = Object.fromEntries(keys.map((name) => [name, open.value[name] ?? each]));
    },
    async mark() {
      const before = marked.value;
      const taken = await take();
      if (!taken) return null;
      batch(() => {
        marked.value = before === null ? taken.number : null;
        if (before === null) return;
        against.value = before;
        sort.value = { by: 'growth', up: false };
      });
      return taken;
    },
    read(realm, read) {
      watch.orders.read(realm, read);
      renew();
    },
  };
}
