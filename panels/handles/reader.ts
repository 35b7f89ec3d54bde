/**
 * What the session says of a snapshot: the view, its rows as far as they are in sight, what is suspected, what is known of the selected row.
 * One question at a time, for rows are those of the view that was asked for last. What values are is asked of the page for those in sight.
 */
import { batch, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { HandlesApi } from '../../src/handles/api';
import type {
  GroupRow,
  HandleDetail,
  HandleRow,
  HandlesView,
  HandlesWanted,
  OneHandle,
  Suspect,
} from '../../src/handles/view';
import type { Remote } from '../../src/protocol/channel';
import type { Target } from '../../src/target';
import { Pages, type Span } from './pages';
import type { Snapshots } from './snapshots';
import { handleOf, keyOf } from './words';

/** Previews that are asked for at once. */
const MOST_PREVIEWS = 200;
/** Nobody reads what passes by: rows are looked at when the same ones are in sight for so long, ms. */
const STILL = 120;

export interface Reader {
  view: ReadonlySignal<HandlesView | null>;
  /** A view, or what is suspected, is being worked out. */
  reading: ReadonlySignal<boolean>;
  /** Worst first. */
  suspects: ReadonlySignal<readonly Suspect[]>;
  /** Row by index; null while it is not here. */
  row(index: number): HandleRow | null;
  /** Rises when rows came. */
  rows: ReadonlySignal<number>;
  look(from: number, to: number): void;
  /** Keys of all groups, of so many at most. */
  groups(most: number): Promise<string[]>;
  /** All rows that are here. */
  here(): HandleRow[];
  /** Where the selected row lies, as far as that is known; -1 for not. */
  cursor: Signal<number>;
  detail: ReadonlySignal<HandleDetail | GroupRow | null>;
  /** Names have come: what was told is to be told again. */
  renew(): void;
}

export interface ReaderParts {
  session: Remote<HandlesApi>;
  target: Target;
  visible: ReadonlySignal<boolean>;
  of: Snapshots;
  wanted: ReadonlySignal<HandlesWanted | null>;
  /** Key of the selected row. */
  selected: ReadonlySignal<string | null>;
  /** Suspicions came, and the view is asked for next. */
  onSuspects(suspects: readonly Suspect[]): void;
  /** Rows came: one of them may be selected by itself. @param rows those that are here */
  onRows(rows: () => readonly HandleRow[]): void;
  failed(): void;
}

export function createReader(parts: ReaderParts): Reader {
  const { session, target, visible, of, wanted, selected, failed } = parts;
  const { shown, id, life, snapshots } = of;
  const view = signal<HandlesView | null>(null);
  const reading = signal(false);
  const suspects = signal<readonly Suspect[]>([]);
  const rows = signal(0);
  const cursor = signal(-1);
  const detail = signal<HandleDetail | GroupRow | null>(null);
  const pages = new Pages<HandleRow>();

  /** What has to be asked again. */
  const due = { view: false, suspects: false, rows: false, detail: false };
  let working = false;
  const work = async () => {
    if (working) return;
    working = true;
    try {
      for (let ask = nextQuestion(); ask; ask = nextQuestion()) {
        reading.value = ask === askSuspects || ask === askView || ask === askGroups;
        await ask();
      }
      reading.value = false;
      await askPreviews();
    } catch {
      failed();
    } finally {
      reading.value = false;
      working = false;
    }
    if (nextQuestion()) void work();
  };
  const nextQuestion = (): (() => Promise<void>) | null => {
    if (!shown.value || !wanted.value) return null;
    if (due.suspects) return askSuspects;
    if (forGroups) return askGroups;
    if (!visible.value) return null;
    if (due.view) return askView;
    const missing = due.rows ? pages.missing() : null;
    if (missing) return () => askRows(missing);
    if (due.detail) return askDetail;
    const ahead = due.rows ? pages.ahead() : null;
    return ahead && (() => askRows(ahead));
  };
  const ask = (...what: (keyof typeof due)[]) => {
    for (const each of what) due[each] = true;
    queueMicrotask(() => void work());
  };
  const place = () => [shown.value!.realm, shown.value!.instance] as const;

  async function askSuspects(): Promise<void> {
    due.suspects = false;
    const [asked, { snapshot, against }] = [id.value, wanted.value!];
    const found = await session.handlesSuspects(...place(), snapshot, against);
    if (id.value !== asked) return;
    suspects.value = found;
    parts.onSuspects(found);
  }

  async function askView(): Promise<void> {
    due.view = false;
    due.rows = true;
    due.detail = true;
    const [asked, where] = [id.value, place()];
    const told = await session.handlesView(...where, wanted.value!);
    const span = told && pages.missing(told.rows);
    const first = span ? await session.handlesRows(...where, span.from, span.count) : [];
    if (id.value !== asked) return;
    batch(() => {
      view.value = told;
      pages.renew(told?.rows ?? 0, span?.from ?? 0, first);
      settle(span?.from ?? 0, first);
    });
  }

  /** Who wants the keys of all groups, and of how many. */
  let forGroups: { most: number; tell(keys: string[]): void } | null = null;
  /** With all groups closed they are the rows; then the view is asked for again. */
  async function askGroups(): Promise<void> {
    const { most, tell } = forGroups!;
    forGroups = null;
    due.view = true;
    await session.handlesView(...place(), { ...wanted.value!, open: {} });
    const closed = await session.handlesRows(...place(), 0, most);
    tell(closed.flatMap((row) => (row.kind === 'group' ? [row.key] : [])));
  }

  async function askRows(span: Span): Promise<void> {
    due.rows = false;
    const asked = id.value;
    const found = await session.handlesRows(...place(), span.from, span.count);
    if (id.value !== asked) return;
    batch(() => {
      pages.take(span.from, found);
      settle(span.from, found);
    });
    // Fewer than there are to be: another view is on its way.
    due.rows = found.length === Math.min(span.count, pages.count - span.from);
  }

  /** Rows came: the selected one may be among them. */
  function settle(from: number, came: readonly HandleRow[]): void {
    // Of a view that another one follows no row is selected by itself.
    if (!due.view) parts.onRows(() => pages.here());
    const at = came.findIndex((row) => keyOf(row) === selected.value);
    if (at >= 0) cursor.value = from + at;
    else if (cursor.value >= pages.count) cursor.value = -1;
    rows.value++;
  }

  async function askDetail(): Promise<void> {
    due.detail = false;
    const [asked, row] = [id.value, selected.value];
    const handle = row === null ? null : handleOf(row);
    const found = handle
      ? await session.handlesDetail(...place(), wanted.value!.snapshot, handle.id, handle.func)
      : (pages.here().find((each): each is GroupRow => each.kind === 'group' && keyOf(each) === row) ?? null);
    if (id.value === asked && selected.value === row) detail.value = found;
  }

  /** Values whose previews were asked for, of one snapshot. */
  let looked = { of: '', ids: new Set<number>() };
  let still: ReturnType<typeof setTimeout> | null = null;
  /** Of the latest snapshot alone: earlier values may be others by now. */
  async function askPreviews(): Promise<void> {
    if (still !== null) return;
    const latest = snapshots.value.at(-1)?.number;
    if (life.value !== 'live' || !visible.value || latest === undefined || wanted.value?.snapshot !== latest) return;
    const about = `${id.value} ${latest}`;
    if (looked.of !== about) looked = { of: about, ids: new Set() };
    const wordless = [...(detail.value ? [detail.value] : []), ...pages.inSight()]
      .filter(
        (row): row is HandleDetail | OneHandle =>
          row.kind === 'handle' && row.id > 0 && row.text === '' && row.func === 0,
      )
      .filter(({ id: one }) => !looked.ids.has(one))
      .slice(0, MOST_PREVIEWS);
    if (wordless.length === 0) return;
    const ids = wordless.map(({ id: one }) => one);
    for (const each of ids) looked.ids.add(each);
    const [realm, instance] = place();
    const question = { ask: 'previews', instance, ids: Int32Array.from(ids) } as const;
    const seen = await target.handles(realm, question).catch(() => null);
    if (!seen || `${id.value} ${wanted.value?.snapshot}` !== about) return;
    const isOther = await session.handlesPreviewed(realm, instance, latest, seen);
    pages.age();
    ask('rows');
    const chosen = handleOf(selected.value ?? '');
    if (chosen && ids.includes(chosen.id)) ask('detail');
    // Words alone change neither groups nor figures.
    if (!isOther) return;
    snapshots.value = await session.handlesSnapshots(realm, instance);
    ask('suspects', 'detail', 'view');
  }

  // Nothing of what was shown is of another program.
  let last = '';
  effect(() => {
    if (id.value === last) return;
    last = id.value;
    batch(() => {
      view.value = null;
      detail.value = null;
      suspects.value = [];
      cursor.value = -1;
      pages.renew(0, 0, []);
      rows.value++;
    });
  });
  let compared = '';
  effect(() => {
    const { snapshot, against } = wanted.value ?? {};
    const now = `${id.value} ${snapshot} ${against}`;
    const isOther = now !== compared;
    compared = now;
    // Read, so that this is asked again when the tab is looked at.
    visible.value;
    if (isOther) ask('suspects', 'view');
    else ask('view');
  });
  effect(() => {
    selected.value;
    ask('detail');
  });

  return {
    ...{ view, reading, suspects, rows, cursor, detail },
    row: (index) => pages.row(index),
    look(from, to) {
      pages.look(from, to);
      clearTimeout(still ?? undefined);
      still = setTimeout(() => {
        still = null;
        void work();
      }, STILL);
      ask('rows');
    },
    groups: (most) =>
      new Promise((tell) => {
        forGroups = { most, tell };
        ask('view');
      }),
    here: () => pages.here(),
    renew: () => ask('suspects', 'view'),
  };
}
