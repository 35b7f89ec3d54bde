/** How handles are told: values as the Console prints them, ages, what grows; what is said of a suspicion and of how true it all is. Pure. */

import { shortFunction } from '../../src/failures/place';
import type { Handle, HandleRow, HandleState, HandlesView, SnapshotInfo, Suspect } from '../../src/handles/view';
import { clock, count, plural } from '../widgets/format';

/** Characters of a preview at most. */
const MOST = 80;

/** By which a row is remembered, whatever lies before it. */
export function keyOf(row: HandleRow): string {
  if (row.kind === 'group') return `group ${row.key}`;
  if (row.kind === 'more') return `more ${row.group}`;
  return handleKey(row.id, row.func);
}

/** @param func Go's number of a js.Func, which matters where there is no handle */
export function handleKey(id: number, func: number): string {
  return id === 0 && func > 0 ? `func ${func}` : `#${id}`;
}

/** The handle that a key means; null for a group. */
export function handleOf(key: string): { id: number; func: number } | null {
  const [, id, func] = /^(?:#(\d+)|func (\d+))$/.exec(key) ?? [];
  if (id !== undefined) return { id: Number(id), func: 0 };
  return func === undefined ? null : { id: 0, func: Number(func) };
}

/** `#1203`; `–` for a js.Func that has no handle any more. */
export const idWords = ({ id, func }: { id: number; func: number }): string => (id === 0 && func > 0 ? '–' : `#${id}`);

/** A function's preview. */
const FUNCTION = 'ƒ';

/**
 * As the Console prints values: `ƒ → ui.(*Toolbar).rebuild.func1`, `button.tool`, `Array(3)`, `ImageData 512 × 128`, `'a string'`; '' for
 * what was not looked at yet.
 */
export function previewWords(row: Pick<Handle, 'class' | 'text' | 'func' | 'runs' | 'type'>): string {
  const { class: name, text } = row;
  if (row.runs) return cut(`${FUNCTION} → ${shortFunction(row.runs.function)}`);
  if (row.func > 0) return `${FUNCTION} → Go func ${row.func}`;
  if (text === '' || text === name) return row.type === 'function' && name === 'Function' ? FUNCTION : name;
  switch (row.type) {
    case 'string':
      return cut(text.includes("'") ? `"${text}"` : `'${text}'`);
    case 'function':
      return cut(`${FUNCTION} ${text}`);
    case 'symbol':
      return cut(`Symbol(${text})`);
    case 'bigint':
      return cut(`${text}n`);
  }
  // Of an element its own words say more than its class.
  if (/Element$/.test(name) && /^[a-z]/.test(text)) return cut(text);
  return cut(name === '' || text.startsWith('(') ? name + text : `${name} ${text}`);
}

function cut(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > MOST ? `${line.slice(0, MOST - 1)}…` : line;
}

/** `< 0.1 s`, `0.2 s`, `4 s`, `36 min`, `2 h 05 min`. @param milliseconds null for not known */
export function ageWords(milliseconds: number | null): string {
  if (milliseconds === null) return '–';
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 0.05) return '< 0.1 s';
  if (seconds < 0.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** `+4`, `−12`, `0`. */
export function deltaWords(delta: number): string {
  return delta === 0 ? '0' : `${delta > 0 ? '+' : '−'}${count(Math.abs(delta))}`;
}

/** What a sparkline shows, for who does not see it. */
export function growthWords(growth: readonly number[]): string {
  const rises = growth.some((value, i) => i > 0 && value > growth[i - 1]);
  const falls = growth.some((value, i) => i > 0 && value < growth[i - 1]);
  if (rises && falls) return 'goes up and down';
  return rises ? 'rising' : falls ? 'falling' : 'steady';
}

/** What a state means, for the tooltip. */
export const STATES: Record<HandleState, string> = {
  'never released': 'Made by js.FuncOf, and not released since: Go keeps the function and what it captures',
  fixed: 'One of the seven values that every program has',
  'not known': 'Whether Go still reaches it is known from Go’s heap, which is not read yet',
};

/** Where a group's handles were made, in words that stand before `were never released`. */
export interface Finding {
  /** Before the place: `316 js.Func from`. */
  before: string;
  /** After it: `were never released.` */
  after: string;
}

export function findingOf({ kind, count: many, site }: Pick<Suspect, 'kind' | 'count' | 'site'>): Finding {
  switch (kind) {
    case 'func':
      if (!site) {
        const are = many === 1 ? 'is not released; where it was made is' : 'are not released; where they were made is';
        return { before: `${count(many)} js.Func`, after: `${are} not known.` };
      }
      return {
        before: `${count(many)} js.Func from`,
        after: `${many === 1 ? 'was' : 'were'} never released.`,
      };
    case 'grows':
      return { before: `${plural(many, 'handle')} from`, after: 'are held, and their number grows.' };
    case 'detached':
      return {
        before: `${plural(many, 'node')} from`,
        after: `${many === 1 ? 'is' : 'are'} in no document, and Go still holds ${many === 1 ? 'it' : 'them'}.`,
      };
    case 'strings':
      return { before: `${plural(many, 'string')} from`, after: 'wait for Go’s GC. This is no leak.' };
  }
}

/** Whether it is a leak, as far as can be told; strings that wait for a collection are none. */
export const isLeak = ({ kind }: Pick<Suspect, 'kind'>): boolean => kind !== 'strings';

/** How large the table is, and why it is larger than what it holds. */
export function slotsWords({ slots, free }: Pick<SnapshotInfo, 'slots' | 'free'>): string {
  const left = free === 1 ? '1 is free and is used again first' : `${count(free)} are free and are used again first`;
  return `The table has ${plural(slots, 'slot')}, as many as handles were ever held at once: it never shrinks. Of these ${left}`;
}

/** `Snapshot 2 · 12:04:31 · 1,188 handles`. */
export function snapshotWords({ number, at, handles, how }: SnapshotInfo): string {
  return `${how === 'dump' ? 'Dump' : `Snapshot ${number}`} · ${clock(at)} · ${plural(handles, 'handle')}`;
}

export interface Facts {
  snapshot: SnapshotInfo;
  view: Pick<HandlesView, 'shown' | 'unheld'> | null;
  /** There is little room. */
  short: boolean;
  /** The page of it is there, and its program runs. */
  live: boolean;
  /** Milliseconds since the snapshot was taken. */
  age: number;
  file: string;
}

/** What is to be known of how true the numbers are: for the footer, most important first. */
export function honesty({ snapshot, view, short, live, age, file }: Facts): string[] {
  const { shown, unheld } = view ?? { shown: snapshot.handles, unheld: 0 };
  const counted = `${count(shown - unheld)} of ${plural(snapshot.handles, 'handle')}`;
  const lag = short
    ? 'Refs drop only after a Go GC'
    : 'Counts are exact. Go gives a handle back only after its GC, so refs lag behind use';
  const made =
    snapshot.watchedSince === null
      ? 'Created at: before recording'
      : snapshot.lost > 0
        ? `Created at: recorded, ${plural(snapshot.lost, 'stack')} not kept`
        : `Created at: recorded since ${clock(snapshot.watchedSince)}`;
  const read = file ? `Opened from ${file}` : `Read ${ageWords(age)} ago${live ? '' : ', when it still ran'}`;
  return [counted, lag, made, read];
}
