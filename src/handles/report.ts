/**
 * A snapshot as a report: the object that `gowasm handles --json` prints, and text for a terminal. Both are made of what a face may ask, so
 * the panel's file and the command line say the same.
 */
import type { Frame } from '../symbols/frame';
import { placeText, siteOf } from './names';
import { previewOf } from './preview';
import { amount } from './suspects';
import type { GroupRow, HandleDetail, HandleState, SnapshotInfo, Suspect } from './view';

/** What is reported. */
export interface Report {
  info: SnapshotInfo;
  /** In the order they are told: handles, and js.Funcs of which no handle is known. */
  handles: HandleDetail[];
  /** By place, most handles first. */
  groups: GroupRow[];
  /** Worst first. */
  suspects: Suspect[];
}

/** The same, whose handles are told one by one: a file needs no more at a time. */
export interface ReportSource extends Omit<Report, 'handles'> {
  handles(): Iterable<HandleDetail>;
}

export interface JsonFrame {
  function: string;
  file: string;
  line: number;
  inlined: boolean;
}

export interface JsonHandle {
  id: number;
  /** `typeof` of the value. */
  type: string;
  preview: string;
  /** null for ids 0 to 6. */
  refCount: number | null;
  /** Innermost first. */
  createdAt?: JsonFrame[];
  state: HandleState;
  suspect?: { reason: string };
  ageMs?: number;
  crossings?: number;
}

/** A js.Func that is registered and not released. */
export interface JsonFunc {
  /** Go's number of it. */
  func: number;
  /** The function that it runs. */
  function: string;
  file: string;
  line: number;
  /** null when no handle of it is known. */
  handle: number | null;
  createdAt?: JsonFrame[];
  state: HandleState;
  suspect?: { reason: string };
}

export interface JsonSuspect {
  kind: Suspect['kind'];
  reason: string;
  deed: string;
  count: number;
  site?: JsonFrame;
  /** How many each call of a callback makes. */
  each?: { count: number; function: string };
}

export interface HandlesJson {
  format: 'gowasm.handles/1';
  handles: JsonHandle[];
  funcs: JsonFunc[];
  suspects: JsonSuspect[];
  stats: {
    handles: number;
    /** null for not known, as `numgc`. */
    funcs: number | null;
    slots: number;
    free: number;
    numgc: number | null;
    fixed: number;
    /** Who makes handles was watched. */
    watched: boolean;
    lost: number;
  };
}

export function handlesJson(report: Report): HandlesJson {
  return {
    format: 'gowasm.handles/1',
    handles: [...jsonHandles(report.handles)],
    funcs: [...jsonFuncs(report.handles)],
    ...jsonRest(report),
  };
}

export function* jsonHandles(handles: Iterable<HandleDetail>): Generator<JsonHandle> {
  const framesOf = sharedFrames();
  for (const one of handles) {
    if (!isHandle(one)) continue;
    const { createdAt, state, suspect, reason, ageMs, crossings } = one;
    const json: JsonHandle = { id: one.id, type: one.type, preview: previewOf(one), refCount: one.refs, state };
    if (createdAt) json.createdAt = framesOf(createdAt);
    if (suspect) json.suspect = { reason };
    if (ageMs !== null) json.ageMs = ageMs;
    if (crossings !== null) json.crossings = crossings;
    yield json;
  }
}

export function* jsonFuncs(handles: Iterable<HandleDetail>): Generator<JsonFunc> {
  const framesOf = sharedFrames();
  for (const one of handles) {
    if (!isRegistered(one)) continue;
    const { createdAt, state, suspect, reason, runs } = one;
    const named = { function: runs?.function ?? '', file: runs?.file ?? '', line: runs?.line ?? 0 };
    const json: JsonFunc = { func: one.func, ...named, handle: isHandle(one) ? one.id : null, state };
    if (createdAt) json.createdAt = framesOf(createdAt);
    if (suspect) json.suspect = { reason };
    yield json;
  }
}

export function jsonRest({ info, suspects }: Omit<Report, 'handles'>): Pick<HandlesJson, 'suspects' | 'stats'> {
  const { handles, funcs, slots, free, numgc, fixed, watchedSince, lost } = info;
  return {
    suspects: suspects.map(({ kind, reason, deed, count, site, each }) => ({
      ...{ kind, reason, deed, count, ...(site && { site: jsonFrame(site) }) },
      ...(each && { each: { count: each.count, function: each.of.function } }),
    })),
    stats: { handles, funcs, slots, free, numgc, fixed, watched: watchedSince !== null, lost },
  };
}

/** One without a handle has the id 0 as NaN does, which is no js.Func. */
const isHandle = ({ id, func }: HandleDetail) => id !== 0 || func === 0;
const isRegistered = ({ state }: HandleDetail) => state === 'never released';

const jsonFrame = ({ function: name, file, line, inlined }: Frame): JsonFrame => ({
  function: name,
  file,
  line,
  inlined,
});

/** Handles of one stack share its frames: a table of 100,000 has some hundred stacks. */
function sharedFrames(): (frames: Frame[]) => JsonFrame[] {
  const known = new WeakMap<Frame[], JsonFrame[]>();
  return (frames) => {
    const found = known.get(frames) ?? frames.map(jsonFrame);
    known.set(frames, found);
    return found;
  };
}

/** @param all each handle too; @returns lines, with a line feed at the end */
export function handlesText({ info, handles, groups, suspects }: Report, all: boolean): string {
  const lines = [headLine(info), ...notes(info)];
  for (const { reason, deed, site } of suspects) {
    lines.push('', reason, ...(site ? [`  at ${placeText(site)}`] : []), `  ${deed}`);
  }
  if (groups.length > 0) lines.push('', ...groupLines(groups));
  if (all) lines.push('', ...handleLines(handles));
  return lines.map((line) => `${line.replace(UNPRINTED, ' ')}\n`).join('');
}

/** What would move a terminal's cursor. */
const UNPRINTED = /[\p{Cc}\u2028\u2029]+/gu;

function headLine({ handles, funcs, nodes, strings, fixed, slots, free, numgc }: SnapshotInfo): string {
  const parts = [
    counted(handles, 'handle'),
    ...(funcs === null ? [] : [`${counted(funcs, 'js.Func')} registered`]),
    counted(nodes, 'node'),
    counted(strings, 'string'),
    `${fixed} fixed`,
  ];
  const cycles = numgc === null ? '' : `; ${counted(numgc, 'cycle')} of Go's collector`;
  return `${parts.join(', ')}; ${counted(slots, 'slot')}, ${amount(free)} free${cycles}`;
}

function notes({ watchedSince, lost, funcsWhy }: SnapshotInfo): string[] {
  const found = funcsWhy === '' ? [] : [funcsWhy];
  if (watchedSince === null) found.push('Where handles were made is not known: nobody watched.');
  if (lost > 0) found.push(`Where ${counted(lost, 'handle')} of those made since was made found no room in the page.`);
  return found;
}

function groupLines(groups: GroupRow[]): string[] {
  const rows = groups.map(({ count, unheld, mostly, site, title }) => [
    amount(count),
    mostly,
    `${site ? placeText(site) : title}${unheld > 0 ? ` (${amount(unheld)} without a handle)` : ''}`,
  ]);
  return aligned([['handles', 'mostly', 'made at'], ...rows], 1);
}

function handleLines(handles: HandleDetail[]): string[] {
  const rows = handles.map((one) => [
    isHandle(one) ? `#${one.id}` : '',
    one.refs === null ? '' : amount(one.refs),
    one.state,
    short(previewOf(one)),
    one.createdAt ? placeOf(one.createdAt) : '',
  ]);
  return aligned([['id', 'refs', 'state', 'value', 'made at'], ...rows], 2);
}

/** Characters of a value in a line of text. */
const MOST_PREVIEW = 80;

const short = (text: string) => (text.length > MOST_PREVIEW ? `${text.slice(0, MOST_PREVIEW)}…` : text);

function placeOf(frames: Frame[]): string {
  const site = siteOf(frames);
  return site ? placeText(site) : '';
}

const counted = (count: number, what: string) => `${amount(count)} ${what}${count === 1 ? '' : 's'}`;

/** Columns as wide as what is in them, two spaces apart. @param right how many of them, from the left, stand to the right */
function aligned(rows: string[][], right: number): string[] {
  const widths = rows[0].map((_, column) => rows.reduce((most, row) => Math.max(most, row[column].length), 0));
  return rows.map((row) =>
    row
      .map((cell, column) => (column < right ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join('  ')
      .trimEnd(),
  );
}
