/**
 * Which handles of two snapshots are the same: an id is used again once Go has given it back. Where both were watched by one watch, how many
 * handles were made before tells them apart; else an id with the same type and class is taken for the same handle, for nothing says otherwise.
 */
import type { Snapshot } from './snapshot';

/** Pairs of snapshots that are remembered. */
const MOST = 8;

export class Matches {
  private readonly known = new Map<string, Int32Array>();

  /** @returns for each row of one snapshot the row of the other that is the same; -1 for none */
  between(from: Snapshot, to: Snapshot): Int32Array {
    const key = `${from.number}.${from.version} ${to.number}.${to.version}`;
    let rows = this.known.get(key);
    if (rows) this.known.delete(key);
    else rows = matchRows(from, to);
    this.known.set(key, rows);
    if (this.known.size > MOST) {
      const [oldest] = this.known.keys();
      this.known.delete(oldest);
    }
    return rows;
  }
}

function matchRows(from: Snapshot, to: Snapshot): Int32Array {
  const found = new Int32Array(from.rows).fill(-1);
  const [ids, others] = [from.table.ids, to.table.ids];
  const same = sameness(from, to);
  for (let row = 0, other = 0; row < ids.length; row++) {
    while (other < others.length && others[other] < ids[row]) other++;
    if (other < others.length && others[other] === ids[row] && same(row, other)) found[row] = other;
  }
  // One that had a handle then is no other js.Func for that.
  for (let row = from.handles; row < from.rows; row++) {
    const index = to.indexOfFunc(from.func(row));
    if (index >= 0) found[row] = to.rowOfRegistered[index];
  }
  return found;
}

/** @returns whether two rows with one id are the same handle */
function sameness(from: Snapshot, to: Snapshot): (row: number, other: number) => boolean {
  const [one, two] = [from.table, to.table];
  const alike = (row: number, other: number) => {
    if (one.types[row] !== two.types[other]) return false;
    const [name, otherName] = [from.class(row), to.class(other)];
    return name === otherName || name === '' || otherName === '';
  };
  if (one.watched && two.watched && one.watched.since === two.watched.since) {
    return (row, other) => from.birth(row) === to.birth(other);
  }
  // What was made under a watch that began after the other snapshot was not there then.
  const [fromLater, toLater] = [(one.watched?.since ?? 0) >= two.now, (two.watched?.since ?? 0) >= one.now];
  return (row, other) => {
    if ((fromLater && from.birth(row) > 0) || (toLater && to.birth(other) > 0)) return false;
    return alike(row, other);
  };
}
