/**
 * State of the Errors tab: the failures, which of them are listed, which one is open. Signals only; the words in the
 * failures come from the session.
 */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Failure, FailureKind } from '../../src/failures/failure';
import type { Change } from '../../src/session';
import type { PageStore } from '../page';
import { type Filter, parseFilter } from './filter';
import { type ListRow, listRows } from './list-rows';

/** Values repaint at most this often, ms. */
const REPAINT = 250;
/** What comes in one burst, such as the replay of a load, is shown at once. */
const BURST = 40;

export interface ErrorsStore {
  failures: ReadonlySignal<ReadonlyMap<string, Failure>>;
  filterText: Signal<string>;
  /** Why the filter text is none; '' when it is. The last good one stays in force. */
  filterProblem: Signal<string>;
  kind: Signal<FailureKind | 'all'>;
  rows: ReadonlySignal<ListRow[]>;
  shown: ReadonlySignal<number>;
  selected: ReadonlySignal<Failure | null>;
  /** The id chosen by hand; null lets the first error of this load stand open. */
  chosen: Signal<string | null>;
  unread: ReadonlySignal<number>;
  /** Since when the list has been empty or gathering, ms since the epoch. */
  since: Signal<number>;
  apply(change: Change): void;
  /** Everything listed has been seen. */
  markRead(): void;
  /** @returns the ids that were dropped */
  clear(which: (failure: Failure) => boolean): string[];
  filter(text: string): void;
}

export function createErrors(page: PageStore, announce: (failure: Failure) => void): ErrorsStore {
  // One Map for good, and a version: copying 10⁴ entries for each of 10⁴ events would take seconds.
  const map = new Map<string, Failure>();
  const version = signal(0);
  const failures = computed(() => {
    version.value;
    return new Map(map);
  });
  const read = signal<ReadonlySet<string>>(new Set());
  const filterText = signal('');
  const filterProblem = signal('');
  const accepted = signal<Filter>(() => true);
  const kind = signal<FailureKind | 'all'>('all');
  const chosen = signal<string | null>(null);
  const since = signal(Date.now());
  const loadOf = (failure: Failure) => page.realms.value.get(failure.realm)?.load ?? page.load.value;

  const all = computed(() => {
    const matches = (failure: Failure) =>
      (kind.value === 'all' || failure.kind === kind.value) && accepted.value(failure);
    return listRows(failures.value, page.loads.value, loadOf, matches);
  });
  const entries = computed(() => all.value.flatMap((row) => (row.kind === 'entry' ? [row.failure] : [])));
  const selected = computed(() => {
    const byHand = chosen.value === null ? undefined : failures.value.get(chosen.value);
    return byHand ?? entries.value[0] ?? null;
  });

  let timer: ReturnType<typeof setTimeout> | null = null;
  let painted = 0;
  const repaint = () => {
    if (timer !== null) return;
    const paint = () => {
      timer = null;
      painted = Date.now();
      version.value++;
    };
    timer = setTimeout(paint, Math.max(BURST, painted + REPAINT - Date.now()));
  };

  return {
    failures,
    filterText,
    filterProblem,
    kind,
    rows: all,
    shown: computed(() => entries.value.length),
    selected,
    chosen,
    since,
    unread: computed(() => {
      let count = 0;
      for (const failure of failures.value.values()) {
        if (isError(failure) && loadOf(failure) === page.load.value && !read.value.has(failure.id)) count++;
      }
      return count;
    }),
    apply(change) {
      for (const id of change.removed) map.delete(id);
      for (const failure of change.failures) {
        const isNew = !map.has(failure.id);
        map.set(failure.id, failure);
        if (isNew && isError(failure)) announce(failure);
      }
      if (change.removed.length > 0 || change.failures.length > 0) repaint();
    },
    markRead() {
      if ([...map.keys()].some((id) => !read.peek().has(id))) read.value = new Set(map.keys());
    },
    clear(which) {
      const ids = [...map.values()].filter(which).map((failure) => failure.id);
      for (const id of ids) map.delete(id);
      if (map.size === 0) since.value = Date.now();
      version.value++;
      return ids;
    },
    filter(text) {
      filterText.value = text;
      const parsed = parseFilter(text);
      filterProblem.value = parsed.ok ? '' : parsed.why;
      if (parsed.ok) accepted.value = parsed.matches;
    },
  };
}

/** Whether it is trouble of its own: follow-ups count with their cause, an exit with 0 is none. */
export function isError(failure: Failure): boolean {
  return failure.kind !== 'follow-up' && !(failure.kind === 'exit' && failure.exitCode === 0);
}
