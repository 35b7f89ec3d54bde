/** Rows and details as a face is told them: objects only for what is asked. */
import { HandleFlag, TYPES } from '../protocol/handles';
import type { Frame } from '../symbols/frame';
import type { Names } from './names';
import type { Snapshot } from './snapshot';
import { stateOf } from './state';
import type { Suspicions } from './suspects';
import type { Handle, HandleDetail } from './view';

/** What a row is told by. */
export interface Told {
  snapshot: Snapshot;
  names: Names;
  suspicions: Suspicions;
  /** By row: its row in the other snapshot, -1 for none; null without another one. */
  match: Int32Array | null;
}

export function oneHandle({ snapshot, names, suspicions, match }: Told, row: number, group: string): Handle {
  const code = snapshot.code(row);
  const flags = snapshot.flags(row);
  return {
    kind: 'handle',
    id: snapshot.id(row),
    group,
    type: TYPES[snapshot.type(row)],
    class: snapshot.class(row),
    text: snapshot.text(row),
    refs: known(snapshot.refs(row)),
    crossings: known(snapshot.crossings(row)),
    ageMs: known(snapshot.age(row)),
    state: stateOf(snapshot, row),
    func: snapshot.func(row),
    runs: code === 0 ? null : names.function(code),
    connected: flags & HandleFlag.Connected ? true : flags & HandleFlag.Detached ? false : null,
    fresh: match && match[row] < 0,
    suspect: suspicions.rows[row] === 1,
  };
}

const known = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** @param codeOf PC_F of the function of a js.Func; null for not known */
export function detailOf(told: Told, row: number, codeOf: (func: number) => number | null): HandleDetail {
  const { snapshot, names } = told;
  const number = snapshot.stackNumber(row);
  const stack = number > 0 ? snapshot.stack(number, names) : null;
  const createdAt = stack && stack.frames.length > 0 ? stack.frames : null;
  return {
    ...oneHandle(told, row, groupKey(told, row)),
    createdAt,
    whole: createdAt !== null && stack!.whole,
    createdWhy: createdAt ? '' : createdWhy(snapshot, row),
    within: within(told, row, codeOf),
    reason: reasonOf(told, row),
  };
}

/** Key of a row's group by place. */
export function groupKey({ snapshot, names }: Told, row: number): string {
  return names.sites.list[snapshot.sites(names)[row]].key;
}

/** Frames of the stack that made it, innermost first; null for not known. */
export function framesOf(snapshot: Snapshot, names: Names, row: number): Frame[] | null {
  const number = snapshot.stackNumber(row);
  const frames = number > 0 ? snapshot.stack(number, names).frames : [];
  return frames.length > 0 ? frames : null;
}

function createdWhy(snapshot: Snapshot, row: number): string {
  if (snapshot.isFixed(row)) return 'Every Go program has it from its start.';
  if (!snapshot.table.watched) return 'Nobody watched who makes handles.';
  const index = row >= snapshot.handles ? snapshot.registered(row) : -1;
  const wasSeen = index < 0 ? snapshot.birth(row) > 0 : snapshot.table.registered!.times[index] > 0;
  return wasSeen ? 'The watch had no room for its stack.' : 'It was made before creation was watched.';
}

/** The function of the js.Func that ran when it was made. */
function within({ snapshot, names }: Told, row: number, codeOf: (func: number) => number | null): Frame | null {
  const { watched, registered } = snapshot.table;
  const index = snapshot.registered(row);
  const handler =
    (index < 0 ? 0 : registered!.handlers[index]) || (row < snapshot.handles ? watched?.handlers[row] : 0);
  const code = handler ? codeOf(handler) : null;
  return code === null ? null : names.function(code);
}

function reasonOf({ snapshot, names, suspicions }: Told, row: number): string {
  const suspect = suspicions.ofGroup.get(snapshot.sites(names)[row]);
  if (suspect && suspicions.rows[row] === 1) return suspect.reason;
  const state = stateOf(snapshot, row);
  if (state === 'fixed') return 'Every Go program has this value, and it stays.';
  if (state === 'never released') {
    return 'Go keeps the function and what it captures until Release is called on the js.Func.';
  }
  if (snapshot.isString(row)) return 'Go gives the handle of a string back after its collector has run.';
  return 'Go gives a handle back only after its collector finds that nothing uses it; whether that is so is not known here.';
}
