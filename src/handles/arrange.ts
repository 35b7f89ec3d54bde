/**
 * The lines of a view from top to bottom: groups in their order, and of those that are open their rows in theirs. Lines are numbers, so that a
 * view of 100,000 handles costs as many numbers; `rows.ts` makes rows out of those that are asked for.
 */
import type { Grouped } from './grouped';
import type { HandlesWanted, Suspect } from './view';

export enum Line {
  Handle = 0,
  Group = 1,
  More = 2,
}

/** A line is the number of its row or group times this, and what it is. */
const KINDS = 4;

export const lineOf = (kind: Line, number: number): number => number * KINDS + kind;
export const kindOf = (line: number): Line => line % KINDS;
export const numberOf = (line: number): number => Math.floor(line / KINDS);

/** What the order of groups needs. */
export interface GroupFacts {
  /** Counts in snapshots up to this one. */
  growth(group: number): number[];
  /** The class that most have. */
  mostly(group: number): string;
  /** By place only. */
  suspect(group: number): Suspect | null;
}

type Order = Pick<HandlesWanted, 'open' | 'sort'>;

/** @returns lines: rows alone where they are not grouped */
export function arrange(grouped: Grouped, { open, sort }: Order, facts: GroupFacts): Int32Array {
  const { by, groups, members, starts } = grouped;
  if (by === 'none') return sortRows(grouped, members.slice(), sort).map((row) => lineOf(Line.Handle, row));
  const lines: number[] = [];
  for (const group of sortGroups(grouped, sort, facts)) {
    lines.push(lineOf(Line.Group, group));
    const { key } = groups[group];
    if (!Object.hasOwn(open, key)) continue;
    const count = starts[group + 1] - starts[group];
    const wanted = Math.max(0, Math.min(count, Math.floor(open[key])));
    const rows = sortRows(grouped, members.slice(starts[group], starts[group + 1]), sort);
    for (let i = 0; i < wanted; i++) lines.push(lineOf(Line.Handle, rows[i]));
    if (wanted < count) lines.push(lineOf(Line.More, group));
  }
  return Int32Array.from(lines);
}

/** @returns which of the lines are those of groups */
export function headsOf(lines: Int32Array): Int32Array {
  const heads: number[] = [];
  for (let at = 0; at < lines.length; at++) if (kindOf(lines[at]) === Line.Group) heads.push(at);
  return Int32Array.from(heads);
}

/** How much a group has grown since the first of its counts. */
const grown = (counts: number[]) => (counts.at(-1) ?? 0) - (counts[0] ?? 0);

function sortGroups(grouped: Grouped, { by, up }: HandlesWanted['sort'], facts: GroupFacts): Int32Array {
  const { groups, members, shown, snapshot, starts, deltas } = grouped;
  const count = (group: number) => starts[group + 1] - starts[group];
  const over = (read: (row: number) => number, fold: (a: number, b: number) => number) => (group: number) => {
    let all = Number.NaN;
    for (let i = starts[group]; i < starts[group + 1]; i++) {
      const value = read(members[i]);
      if (!Number.isNaN(value)) all = Number.isNaN(all) ? value : fold(all, value);
    }
    return all;
  };
  const numbers: Partial<Record<typeof by, (group: number) => number>> = {
    count,
    growth: (group) => (deltas ? deltas[group] : grown(facts.growth(group))),
    id: over((row) => (row < snapshot.handles ? snapshot.id(row) : Number.NaN), up ? Math.min : Math.max),
    refs: over((row) => snapshot.refs(row), Math.max),
    age: over((row) => snapshot.age(row), up ? Math.min : Math.max),
    state: (group) => (facts.suspect(group) ? 1 : 0),
  };
  const name = ({ site, title }: Grouped['groups'][number]) => (site ? site.function : title);
  const texts: Partial<Record<typeof by, (group: number) => string>> = {
    type: facts.mostly,
    preview: (group) => name(groups[group]),
  };
  const order = shown.slice();
  const ties = (a: number, b: number) => count(b) - count(a) || a - b;
  return sortBy(order, groups.length, numbers[by], texts[by], up, ties);
}

function sortRows({ snapshot }: Grouped, rows: Int32Array, { by, up }: HandlesWanted['sort']): Int32Array {
  const numbers: Partial<Record<typeof by, (row: number) => number>> = {
    id: (row) => (row < snapshot.handles ? snapshot.id(row) : Number.NaN),
    refs: (row) => snapshot.refs(row),
    age: (row) => snapshot.age(row),
    state: (row) => (snapshot.isFixed(row) ? 0 : snapshot.registered(row) >= 0 ? 2 : 1),
  };
  const texts: Partial<Record<typeof by, (row: number) => string>> = {
    type: (row) => `${snapshot.type(row)}`,
    preview: (row) => `${snapshot.class(row)} ${snapshot.text(row)}`,
  };
  return sortBy(rows, snapshot.rows, numbers[by], texts[by], up, (a, b) => newestFirst(a, b));

  /** js.Funcs without a handle come last, by number; handles by when they were made, as far as that is known. */
  function newestFirst(a: number, b: number): number {
    if (a >= snapshot.handles || b >= snapshot.handles) {
      if (a < snapshot.handles !== b < snapshot.handles) return a - b;
      return snapshot.func(b) - snapshot.func(a);
    }
    return snapshot.birth(b) - snapshot.birth(a) || b - a;
  }
}

/**
 * Sorts numbers in place by what is read of each, once; what has no value stands last, whichever way it goes.
 * @param most of these numbers, and 1; @param ties the order of what is equal, and of all where nothing is read
 */
function sortBy(
  items: Int32Array,
  most: number,
  number: ((item: number) => number) | undefined,
  text: ((item: number) => string) | undefined,
  up: boolean,
  ties: (a: number, b: number) => number,
): Int32Array {
  const way = up ? 1 : -1;
  if (number) {
    const keys = new Float64Array(most);
    for (const item of items) {
      const key = number(item);
      keys[item] = Number.isNaN(key) ? Number.POSITIVE_INFINITY : key * way;
    }
    return items.sort((a, b) => (keys[a] === keys[b] ? ties(a, b) : keys[a] - keys[b]));
  }
  if (text) {
    const keys: string[] = [];
    for (const item of items) keys[item] = text(item);
    return items.sort((a, b) => (keys[a] === keys[b] ? ties(a, b) : keys[a] < keys[b] ? -way : way));
  }
  return items.sort(ties);
}
