/**
 * Which groups of handles are suspected to leak, or are worth a word: one rule each, with its numbers, why, and what to do. Counts are exact.
 * Whether Go can still reach a handle is not known here: that handles stay over several cycles of Go's collector is what speaks for it.
 *
 * Why these: a js.Func that is not released stays in Go's map for ever, with all that it captures (syscall/js/func.go); golang/go#57435.
 */
import { HandleFlag } from '../protocol/handles';
import type { Frame } from '../symbols/frame';
import { eachCall } from './each-call';
import type { Names } from './names';
import type { Snapshot } from './snapshot';
import type { Suspect } from './view';

/** js.Funcs of one place: programs of a page have a dozen listeners made in one line, and seldom more. */
const FUNCS = 20;
/**
 * Entries into Go in which those of one place were made: listeners of a page are made in one or two while it starts, and a leak goes on. Asked
 * of programs that run; in a dump, most often of the end, nothing will be released any more.
 */
const ENTRIES = 3;
/** The same where only the function is known that they run: one function may be made a js.Func at many places. */
const FUNCS_OF_ONE = 100;
/** By so many the handles of a place must grow: fewer is a page that fills up. */
const GROWN = 20;
/** Snapshots in which a place has more handles each time, without a comparison that somebody asked for. */
const SNAPSHOTS = 3;
/**
 * Cycles of Go's collector. A ref goes when its finalizer has run: the cycle that finds it unreachable must have begun after it was dropped,
 * and its finalizer waits for the next turn. So 2 are the least that say anything, and 3 the rule where nobody asked.
 */
const CYCLES = 3;
const CYCLES_ASKED = 2;
/** Nodes of one place that are in no document: fewer may be on their way into it. */
const NODES = 20;
/** Strings of one place: a program that works hands over some all the time. */
const STRINGS = 50;

/** What is looked at. */
export interface Scene {
  snapshot: Snapshot;
  /** Earlier ones of the same program, oldest first. */
  earlier: Snapshot[];
  /** The one to compare with; null for none. */
  against: Snapshot | null;
  names: Names;
  /** As `Matches.between`. */
  match(from: Snapshot, to: Snapshot): Int32Array;
  /** PC_F of the function that a js.Func runs or ran; null for not known. */
  codeOf(func: number): number | null;
}

/** A suspect, with the rows that it is about. */
interface Found extends Suspect {
  /** Number of the group by place. */
  number: number;
  rows: number[];
}

export interface Suspicions {
  /** Worst first. */
  list: Suspect[];
  /** The worst of a group by place, by its number. */
  ofGroup: Map<number, Suspect>;
  /** By row: whether it is one of those that are suspected to leak. */
  rows: Uint8Array;
}

const WORST: Suspect['kind'][] = ['func', 'detached', 'grows', 'strings'];

/** Strings are none: they wait for the collector. */
export const isLeak = ({ kind }: Suspect): boolean => kind !== 'strings';

export function suspicionsOf(scene: Scene): Suspicions {
  const ofFuncs = funcs(scene);
  const told = new Set(ofFuncs.map(({ number }) => number));
  const found = [...ofFuncs, ...funcsOfOne(scene), ...detached(scene), ...grows(scene, told), ...strings(scene)];
  found.sort((a, b) => WORST.indexOf(a.kind) - WORST.indexOf(b.kind) || b.count - a.count);
  const ofGroup = new Map<number, Suspect>();
  const rows = new Uint8Array(scene.snapshot.rows);
  const list = found.map(({ number, rows: suspected, ...suspect }) => {
    if (!ofGroup.has(number)) ofGroup.set(number, suspect);
    if (isLeak(suspect)) for (const row of suspected) rows[row] = 1;
    return suspect;
  });
  return { list, ofGroup, rows };
}

/** js.Funcs of which none made at their place was ever released. */
function funcs(scene: Scene): Found[] {
  const { snapshot, names } = scene;
  const { registered } = snapshot.table;
  if (!registered) return [];
  const now = funcsBySite(snapshot, names);
  const forgotten = makingsForgotten(snapshot);
  const known = scene.earlier.filter((one) => one.table.registered);
  const earlier = known.map((one) => ({ long: !(cycles(one, snapshot) < CYCLES), sites: funcsBySite(one, names) }));
  return [...now].flatMap(([number, { rows, made }]) => {
    const count = rows.length;
    // Some were released in a way that was not seen: before it was watched anew.
    const wereMore = earlier.some(({ long, sites }) => long && (sites.get(number)?.rows.length ?? 0) > count);
    if (count < FUNCS || made > count + forgotten || wereMore) return [];
    const indices = rows.map((row) => snapshot.registered(row));
    const wereFewer = earlier.some(({ sites }) => (sites.get(number)?.rows.length ?? 0) < count);
    const entries = new Set(indices.map((index) => registered.turns[index])).size;
    if (snapshot.how === 'page' && entries < ENTRIES && !wereFewer) return [];
    const each = eachOf(scene, indices, registered);
    const eachCalls = each ? `; each call of ${each.of.function} makes ${amount(each.count)}` : '';
    return found(scene, 'func', number, rows, each, {
      reason: `${amount(count)} js.Funcs made at ${placeOf(scene, number)} were never released${eachCalls}.`,
      deed: 'Call Release when the listener is removed, or make the js.Func once.',
    });
  });
}

/** js.Funcs of which it is not known where they were made. */
function funcsOfOne(scene: Scene): Found[] {
  const { snapshot, names } = scene;
  const { registered } = snapshot.table;
  if (!registered) return [];
  const byCode = new Map<number, number[]>();
  for (let i = 0; i < registered.ids.length; i++) {
    const row = snapshot.rowOfRegistered[i];
    if (snapshot.stackNumber(row) === 0) listIn(byCode, registered.codes[i]).push(row);
  }
  return [...byCode].flatMap(([code, rows]) => {
    if (rows.length < FUNCS_OF_ONE) return [];
    return found(scene, 'func', names.runs(code), rows, null, {
      reason: `${amount(rows.length)} js.Funcs that run ${names.function(code).function} are registered and not released; where they were made is not known, for nobody watched then.`,
      deed: 'Load the page again while handles are watched, to see where they are made and whether any is released.',
    });
  });
}

/** Nodes that are in no document. */
function detached(scene: Scene): Found[] {
  const { snapshot } = scene;
  const bySite = rowsBySite(scene, (row) => (snapshot.flags(row) & HandleFlag.Detached) !== 0);
  return bySite.flatMap(([number, rows]) => {
    if (rows.length < NODES) return [];
    const left = rows.filter((row) => wasConnected(scene, row)).length;
    const of = left === rows.length ? 'all of them' : amount(left);
    const leaving = left > 0 ? `; ${of} left the document since an earlier snapshot` : '';
    return found(scene, 'detached', number, rows, eachOfRows(scene, rows), {
      reason: `${amount(rows.length)} nodes made at ${placeOf(scene, number)} are in no document${leaving}.`,
      deed: 'When an element is removed, drop the js.Value too: out of fields, slices, maps and closures.',
    });
  });
}

/** Places whose handles become more, and of which none went. @param told groups of whose js.Funcs it is said already that none goes */
function grows(scene: Scene, told: Set<number>): Found[] {
  const { snapshot, against, names } = scene;
  const now = kept(snapshot, names);
  const asked = against && against.number < snapshot.number ? against : null;
  return [...now].flatMap(([number, rows]) => {
    if (names.sites.list[number].site === null || told.has(number)) return [];
    const since = asked ? enough(scene, asked, number, CYCLES_ASKED) : growingSince(scene, number);
    if (!since) return [];
    const more = rows.length - (kept(since, names).get(number)?.length ?? 0);
    const passed = cycles(since, snapshot);
    const over = passed > 0 ? ` in ${amount(passed)} cycles of Go's collector` : '';
    return found(scene, 'grows', number, rows, eachOfRows(scene, rows), {
      reason: `${amount(more)} more handles made at ${placeOf(scene, number)} than in snapshot ${since.number}, and none of those went${over}.`,
      deed: 'Look for what keeps the js.Values: a slice or map that only grows, a closure, a goroutine that waits.',
    });
  });
}

/** @returns the snapshot since which a place has grown in each one */
function growingSince(scene: Scene, number: number): Snapshot | null {
  const { snapshot, earlier, names } = scene;
  let least = kept(snapshot, names).get(number)?.length ?? 0;
  let first = earlier.length;
  while (first > 0) {
    const before = kept(earlier[first - 1], names).get(number)?.length ?? 0;
    if (before >= least) break;
    least = before;
    first--;
  }
  if (earlier.length - first + 1 < SNAPSHOTS) return null;
  return enough(scene, earlier[first], number, CYCLES);
}

/** @returns the snapshot since which enough came and nothing went; null when it is not so */
function enough(scene: Scene, since: Snapshot, number: number, least: number): Snapshot | null {
  const { snapshot, names } = scene;
  const then = kept(since, names).get(number) ?? [];
  const now = kept(snapshot, names).get(number) ?? [];
  if (now.length - then.length < GROWN || cycles(since, snapshot) < least) return null;
  const match = scene.match(since, snapshot);
  return then.every((row) => match[row] >= 0) ? since : null;
}

/** Strings are handles too, until the collector has run. */
function strings(scene: Scene): Found[] {
  const { snapshot } = scene;
  return rowsBySite(scene, (row) => snapshot.isString(row)).flatMap(([number, rows]) => {
    if (rows.length < STRINGS) return [];
    return found(scene, 'strings', number, rows, eachOfRows(scene, rows), {
      reason: `${amount(rows.length)} strings made at ${placeOf(scene, number)} wait for Go's collector: Go gives a handle back only after its GC.`,
      deed: 'This is no leak; a string that is handed over often can be kept as one js.Value.',
    });
  });
}

interface FuncsOfSite {
  /** Rows of those that are registered. */
  rows: number[];
  /** Made there in all, released ones too. */
  made: number;
}

/** The watch keeps the making of js.Funcs in so many slots, by their number (hook/record/watch.ts): of a later one it takes the place. */
const SLOTS = 65536;

/** js.Funcs by the number of the group of the place where they were made, where that is known. */
function funcsBySite(snapshot: Snapshot, names: Names): Map<number, FuncsOfSite> {
  const sites = new Map<number, FuncsOfSite>();
  const { registered } = snapshot.table;
  if (!registered) return sites;
  const column = snapshot.sites(names);
  for (const row of snapshot.rowOfRegistered) {
    if (snapshot.stackNumber(row) === 0) continue;
    const site = sites.get(column[row]) ?? { rows: [], made: 0 };
    sites.set(column[row], site);
    site.rows.push(row);
  }
  for (let stack = 1; stack < Math.min(snapshot.stackCount, registered.made.length); stack++) {
    if (registered.made[stack] === 0) continue;
    const site = sites.get(snapshot.stack(stack, names).group);
    if (site) site.made += registered.made[stack];
  }
  return sites;
}

/** @returns how many js.Funcs are registered whose making the watch knew and has forgotten, for many were made since */
function makingsForgotten(snapshot: Snapshot): number {
  const { ids } = snapshot.table.registered!;
  let last = 0;
  let forgotten = 0;
  for (let i = 0; i < ids.length; i++) if (ids[i] > last) last = ids[i];
  for (let i = 0; i < ids.length; i++) {
    if (ids[i] + SLOTS <= last && snapshot.stackNumber(snapshot.rowOfRegistered[i]) === 0) forgotten++;
  }
  return forgotten;
}

const keptRows = new WeakMap<Snapshot, { names: Names; version: number; rows: Map<number, number[]> }>();

/** Rows of handles that somebody may keep, by group: all but strings, which nobody gives back before the collector has run. */
function kept(snapshot: Snapshot, names: Names): Map<number, number[]> {
  let known = keptRows.get(snapshot);
  if (known?.names !== names || known.version !== snapshot.version) {
    const column = snapshot.sites(names);
    const rows = new Map<number, number[]>();
    for (let row = 0; row < snapshot.handles; row++) {
      if (snapshot.isString(row)) continue;
      listIn(rows, column[row]).push(row);
    }
    known = { names, version: snapshot.version, rows };
    keptRows.set(snapshot, known);
  }
  return known.rows;
}

/** Rows of places that are known. */
function rowsBySite({ snapshot, names }: Scene, takes: (row: number) => boolean): [number: number, rows: number[]][] {
  const column = snapshot.sites(names);
  const sites = new Map<number, number[]>();
  for (let row = 0; row < snapshot.handles; row++) {
    if (names.sites.list[column[row]].site !== null && takes(row)) listIn(sites, column[row]).push(row);
  }
  return [...sites];
}

function listIn(lists: Map<number, number[]>, key: number): number[] {
  let list = lists.get(key);
  if (!list) {
    list = [];
    lists.set(key, list);
  }
  return list;
}

function wasConnected({ snapshot, earlier, match }: Scene, row: number): boolean {
  return earlier.some((one) => {
    const then = one.rowOf(snapshot.id(row));
    return then >= 0 && (one.flags(then) & HandleFlag.Connected) !== 0 && match(one, snapshot)[then] === row;
  });
}

/** Cycles of the collector that ended between two snapshots; NaN for not known, which is less than nothing and more than nothing. */
function cycles(from: Snapshot, to: Snapshot): number {
  return from.table.numgc >= 0 && to.table.numgc >= 0 ? to.table.numgc - from.table.numgc : Number.NaN;
}

function eachOfRows(scene: Scene, rows: number[]): Suspect['each'] {
  const { watched } = scene.snapshot.table;
  return watched ? eachOf(scene, rows, watched) : null;
}

function eachOf({ names, codeOf }: Scene, indices: number[], columns: Parameters<typeof eachCall>[1]): Suspect['each'] {
  const each = eachCall(indices, columns, codeOf);
  return each && { count: each.count, of: names.function(each.code) };
}

function found(
  { names }: Scene,
  kind: Suspect['kind'],
  number: number,
  rows: number[],
  each: Suspect['each'],
  words: Pick<Suspect, 'reason' | 'deed'>,
): Found[] {
  const { key, site } = names.sites.list[number];
  return [{ kind, group: key, number, count: rows.length, rows, site, each, ...words }];
}

function placeOf({ names }: Scene, number: number): string {
  const { site, title } = names.sites.list[number];
  return site ? shortPlace(site) : title;
}

/** @returns `toolbar.go:88`; the function where the file is not known */
export function shortPlace({ function: name, file, line }: Frame): string {
  return file ? `${file.slice(file.lastIndexOf('/') + 1)}:${line}` : name;
}

export const amount = (value: number): string => value.toLocaleString('en-US');
