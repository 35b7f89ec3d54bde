/**
 * Compares a table as `gowasm handles` tells it with the program's own account of the handles and js.Funcs it made (which program.test.ts
 * judges), and with the page's view of the same moment.
 */
import assert from 'node:assert/strict';
import type { HandleType } from '../../src/protocol/handles';
import type { Frame } from '../../src/symbols/frame';
import { type Account, type MadeFuncs, outside, spelled, type View } from './run';

export type { Account, View } from './run';

export interface Told {
  format: string;
  handles: {
    id: number;
    type: HandleType;
    preview: string;
    refCount: number | null;
    createdAt?: Frame[];
    state: string;
    suspect?: { reason: string };
    ageMs?: number;
    crossings?: number;
  }[];
  funcs: {
    func: number;
    function: string;
    handle: number | null;
    createdAt?: Frame[];
    state: string;
    suspect?: { reason: string };
  }[];
  suspects: { kind: string; count: number; site: Frame | null }[];
}

const MOST_FIXED = 6;

/** The file of a handle's maker, without its folder. */
const fileOf = (frames: Frame[] | undefined) => outside(frames ?? [])[0]?.file.replace(/^.*\//, '') ?? '';
const stackOf = (frames: Frame[] | undefined) => spelled(outside(frames ?? []));

/** Ids, types and counts: what stands in the tables. */
function judgeTable({ handles }: Told, view: View) {
  assert.deepEqual(view.wrong, []);
  const byId = [...handles].sort((a, b) => a.id - b.id);
  assert.deepEqual(
    byId.map(({ id, type, refCount }) => ({ id, type, refs: refCount })),
    view.handles.map(({ id, type, refs }) => ({ id, type, refs })),
  );
  assert.deepEqual(
    byId.filter(({ state }) => state === 'fixed').map(({ id }) => id),
    Array.from({ length: MOST_FIXED + 1 }, (_, id) => id),
  );
}

/** Values that the program made: kinds, counts and stacks. */
function judgeValues({ handles }: Told, account: Account, view: View) {
  const labels = new Set(account.handles.map(({ label }) => label));
  const labelled = new Map(view.handles.filter(({ label }) => labels.has(label)).map(({ id, label }) => [id, label]));
  const told: Record<string, { handles: number; refs: number; crossings: number }> = {};
  for (const { id, type, preview, refCount, createdAt, state, suspect, crossings } of handles) {
    const label = labelled.get(id);
    if (label === undefined) continue;
    const row = account.handles.find((one) => one.label === label && one.type === type);
    assert.ok(row && preview.startsWith(row.preview), `${preview} is no ${row?.preview}`);
    assert.deepEqual([state, suspect], ['not known', undefined], `${label} ${preview}`);
    const key = `${label} ${type}\n  ${stackOf(createdAt)}`;
    told[key] ??= { handles: 0, refs: 0, crossings: 0 };
    told[key].handles++;
    told[key].refs += refCount ?? Number.NaN;
    told[key].crossings += crossings ?? Number.NaN;
  }
  const accounted: typeof told = {};
  for (const { label, type, kept, refs, crossings, frames } of account.handles) {
    const key = `${label} ${type}\n  ${spelled(frames)}`;
    if (kept > 0) accounted[key] = { handles: kept, refs, crossings };
  }
  assert.deepEqual(told, accounted);
}

/** js.Funcs: which are registered, where each was made, and that those of leaking places are suspected and no others. */
function judgeFuncs(told: Told, { funcs }: Account, view: View) {
  const rows = new Map<number, MadeFuncs>();
  for (const row of funcs) for (const number of row.made) rows.set(number, row);
  const handleOf = new Map(view.handles.filter(({ func }) => func > 0).map(({ id, func }) => [func, id]));
  const places = placesOf(funcs);
  const judgeSuspect = (row: MadeFuncs, number: number, suspect: { reason: string } | undefined) => {
    const leaks = row.leaks && row.registered.includes(number);
    assert.equal(suspect !== undefined, leaks, `${number}, ${spelled(row.frames)}`);
    if (!suspect) return;
    // One sentence, with the number of them.
    assert.match(suspect.reason, /^[^\n]+\.$/);
    assert.match(suspect.reason, new RegExp(`\\b${places.get(placeOf(row.frames))}\\b`));
    if (row.frames[0].function === 'main.onClick') assert.match(suspect.reason, /each call of main\.onClick makes 3\b/);
  };

  const registered = funcs.flatMap((row) => row.registered);
  assert.deepEqual(
    told.funcs.map(({ func }) => func).sort((a, b) => a - b),
    registered.sort((a, b) => a - b),
  );
  for (const { func, function: name, handle, createdAt, state, suspect } of told.funcs) {
    const row = rows.get(func) ?? assert.fail(`${func}`);
    assert.equal(name, row.function);
    assert.equal(handle, handleOf.get(func) ?? null);
    assert.equal(handle !== null, row.held.includes(func));
    assert.equal(stackOf(createdAt), spelled(row.frames));
    assert.equal(state, 'never released');
    judgeSuspect(row, func, suspect);
  }

  const byId = new Map(told.handles.map((row) => [row.id, row]));
  for (const [func, id] of handleOf) {
    const row = rows.get(func);
    // Those that main.go has released lately have one still.
    if (!row) continue;
    const handle = byId.get(id) ?? assert.fail(`${id}`);
    assert.ok(row.held.includes(func), `${func}`);
    // What it runs is known of those that are released, too.
    assert.equal(handle.preview, `Function js.Func ${func} → ${row.function}`);
    assert.equal(stackOf(handle.createdAt), spelled(row.frames));
    assert.equal(handle.state, row.registered.includes(func) ? 'never released' : 'not known');
    judgeSuspect(row, func, handle.suspect);
  }

  assert.deepEqual(
    told.suspects
      .filter(({ kind }) => kind === 'func')
      .map(({ site, count }) => `${site?.function} ${site?.file}:${site?.line}: ${count}`)
      .sort(),
    [...places].map(([place, count]) => `${place}: ${count}`).sort(),
  );
}

const placeOf = ([{ function: name, file, line }]: Frame[]) => `${name} ${file}:${line}`;

/** Where js.Funcs leak, and how many are registered there. */
function placesOf(funcs: MadeFuncs[]): Map<string, number> {
  const places = new Map<string, number>();
  for (const { frames, registered, leaks } of funcs) {
    const place = placeOf(frames);
    if (leaks) places.set(place, (places.get(place) ?? 0) + registered.length);
  }
  return places;
}

/** What the measured files made and nobody accounts for. */
function judgeRest({ handles }: Told, account: Account, view: View) {
  const labels = new Set(account.handles.map(({ label }) => label));
  const made = new Set(account.funcs.flatMap((row) => row.made));
  const seen = new Map(view.handles.map((row) => [row.id, row]));
  for (const { id, preview, createdAt } of handles) {
    if (!/^(?:values|funcs)\.go$/.test(fileOf(createdAt))) continue;
    const { label, func } = seen.get(id) ?? assert.fail(`${id}`);
    assert.ok(labels.has(label) || made.has(func), `${id} ${preview}\n  ${stackOf(createdAt)}`);
  }
  // Of all others too it is known where they were made, and when: it has been watched from the beginning.
  const nowhere = handles.filter(
    ({ id, createdAt, ageMs = -1, crossings = 0 }) =>
      id > MOST_FIXED && !(createdAt?.length && ageMs >= 0 && crossings > 0),
  );
  assert.deepEqual(nowhere, []);
}

/** All of it. */
export function judge(told: Told, account: Account, view: View): void {
  judgeTable(told, view);
  judgeValues(told, account, view);
  judgeFuncs(told, account, view);
  judgeRest(told, account, view);
}
