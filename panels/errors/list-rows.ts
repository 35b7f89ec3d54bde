/**
 * The error list's rows: page loads, newest first; within one load in order of time, follow-ups under their cause. Pure.
 */
import type { Failure } from '../../src/failures/failure';
import type { Load } from '../page';

export type ListRow =
  | { kind: 'load'; load: Load; title: string }
  | { kind: 'entry'; failure: Failure /** it is listed below its cause */; cause: Failure | null };

/** @param loadOf number of the load a failure belongs to */
export function listRows(
  failures: ReadonlyMap<string, Failure>,
  loads: readonly Load[],
  loadOf: (failure: Failure) => number,
  matches: (failure: Failure) => boolean,
): ListRow[] {
  const byLoad = new Map<number, Failure[]>();
  const under = new Map<string, Failure[]>();
  for (const failure of failures.values()) {
    if (!matches(failure)) continue;
    const cause = failure.causedBy === null ? undefined : rootOf(failure, failures);
    // A follow-up whose cause is filtered away stands by itself.
    if (cause && matches(cause)) push(under, cause.id, failure);
    else push(byLoad, loadOf(failure), failure);
  }
  const rows: ListRow[] = [];
  for (const number of [...byLoad.keys()].sort((a, b) => b - a)) {
    const load = loads.find((each) => each.number === number) ?? { number, from: 0, to: null, missed: 0 };
    rows.push({ kind: 'load', load, title: load.to === null ? 'This load' : `Load ${number}` });
    for (const failure of sorted(byLoad.get(number)!)) {
      rows.push({ kind: 'entry', failure, cause: null });
      for (const follow of sorted(under.get(failure.id) ?? [])) {
        rows.push({ kind: 'entry', failure: follow, cause: failure });
      }
    }
  }
  return rows;
}

/** The first cause. Bounded, since ids come from the session but a cycle must not hang the panel. */
function rootOf(failure: Failure, failures: ReadonlyMap<string, Failure>): Failure | undefined {
  let at: Failure | undefined = failure;
  for (let steps = 0; at?.causedBy && steps < 100; steps++) at = failures.get(at.causedBy);
  return at === failure ? undefined : at;
}

function sorted(list: Failure[]): Failure[] {
  return list.sort((a, b) => a.at - b.at);
}

function push<K>(map: Map<K, Failure[]>, key: K, failure: Failure): void {
  const list = map.get(key);
  if (list) list.push(failure);
  else map.set(key, [failure]);
}
