/** The rows of a snapshot that a view is about, in groups: as indexes in columns, the rows of one group together. */
import type { Group, Groups, Names } from './names';
import type { Snapshot } from './snapshot';
import type { HandleGroupBy } from './view';

export interface Grouped {
  snapshot: Snapshot;
  names: Names;
  by: HandleGroupBy;
  /** By number. */
  groups: Group[];
  /** Rows by group, and within it by rising row; where those of each group begin, and behind the last. */
  members: Int32Array;
  starts: Int32Array;
  /** Numbers of the groups that are shown: those with rows, and those that had some in the other snapshot. */
  shown: Int32Array;
  /** How many more rows each group has than in the other snapshot, of those that are let through; null without one. */
  deltas: Int32Array | null;
}

interface Taken {
  snapshot: Snapshot;
  takes: (row: number) => boolean;
}

/** @param other the same filter for the snapshot to compare with */
export function groupRows({ snapshot, takes }: Taken, other: Taken | null, by: HandleGroupBy, names: Names): Grouped {
  const column = columnBy(snapshot, by, names);
  const groups = groupsBy(by, names);
  const others = other ? countTaken(columnBy(other.snapshot, by, names), other.takes, groups.list.length) : null;
  const taken = new Uint8Array(snapshot.rows);
  for (let row = 0; row < snapshot.rows; row++) if (takes(row)) taken[row] = 1;
  const counts = countTaken(column, (row) => taken[row] === 1, groups.list.length);
  const starts = new Int32Array(counts.length + 1);
  for (let group = 0; group < counts.length; group++) starts[group + 1] = starts[group] + counts[group];
  const members = new Int32Array(starts[counts.length]);
  const next = starts.slice();
  for (let row = 0; row < snapshot.rows; row++) if (taken[row] === 1) members[next[column[row]]++] = row;
  const shown = new Int32Array(counts.length);
  let found = 0;
  for (let group = 0; group < counts.length; group++) {
    if (counts[group] > 0 || (others !== null && others[group] > 0)) shown[found++] = group;
  }
  const deltas = others && counts.map((count, group) => count - others[group]);
  return { snapshot, names, by, groups: groups.list, members, starts, shown: shown.slice(0, found), deltas };
}

/** @returns how many rows each group of a view has in a snapshot, all of them; groups beyond the end have none */
export function countsIn(snapshot: Snapshot, by: HandleGroupBy, names: Names): Int32Array {
  return snapshot.counts(groupsBy(by, names), columnBy(snapshot, by, names));
}

function countTaken(column: Int32Array, takes: (row: number) => boolean, groups: number): Int32Array {
  const counts = new Int32Array(groups);
  for (let row = 0; row < column.length; row++) if (takes(row)) counts[column[row]]++;
  return counts;
}

function columnBy(snapshot: Snapshot, by: HandleGroupBy, names: Names): Int32Array {
  if (by === 'class') return snapshot.classes(names);
  if (by === 'type') return snapshot.types(names);
  return by === 'site' ? snapshot.sites(names) : new Int32Array(snapshot.rows);
}

function groupsBy(by: HandleGroupBy, names: Names): Groups {
  return { site: names.sites, class: names.classes, type: names.types, none: names.all }[by];
}
