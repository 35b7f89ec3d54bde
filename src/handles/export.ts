/**
 * Handles as files that the panel saves: the JSON of the command line, and CSV (RFC 4180) for spreadsheets. Text of the page that a
 * spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection).
 */
import type { HandlesFormat } from './api';
import { siteOf } from './names';
import { previewOf } from './preview';
import { jsonFuncs, jsonHandles, jsonRest, type ReportSource } from './report';
import type { HandleDetail } from './view';

/** Pieces that make one string: a file of 100,000 handles with their stacks is more than one string should be. */
const TOGETHER = 1000;

export function fileOf(format: HandlesFormat, report: ReportSource): Blob {
  const pieces = together(format === 'csv' ? csv(report) : json(report));
  return new Blob([...pieces], { type: format === 'csv' ? 'text/csv' : 'application/json' });
}

function* json(report: ReportSource): Generator<string> {
  yield '{"format":"gowasm.handles/1","handles":[';
  yield* listed(jsonHandles(report.handles()));
  yield '],"funcs":[';
  yield* listed(jsonFuncs(report.handles()));
  yield `],${JSON.stringify(jsonRest(report)).slice(1)}\n`;
}

function* listed(items: Iterable<object>): Generator<string> {
  let comma = '';
  for (const item of items) {
    yield `${comma}${JSON.stringify(item)}`;
    comma = ',\n';
  }
}

function* together(pieces: Iterable<string>): Generator<string> {
  let gathered: string[] = [];
  for (const piece of pieces) {
    if (gathered.push(piece) < TOGETHER) continue;
    yield gathered.join('');
    gathered = [];
  }
  yield gathered.join('');
}

type Cell = string | number | null;

const COLUMNS: [name: string, read: (one: HandleDetail) => Cell][] = [
  ['id', ({ id, func }) => (id === 0 && func > 0 ? null : id)],
  ['func', ({ func }) => (func > 0 ? func : null)],
  ['type', ({ type }) => type],
  ['class', ({ class: name }) => name],
  ['preview', previewOf],
  ['refs', ({ refs }) => refs],
  ['crossings', ({ crossings }) => crossings],
  ['age_ms', ({ ageMs }) => ageMs],
  ['state', ({ state }) => state],
  ['suspect', ({ suspect, reason }) => (suspect ? reason : null)],
  ['function', (one) => placeIn(one)?.function ?? null],
  ['file', (one) => placeIn(one)?.file ?? null],
  ['line', (one) => placeIn(one)?.line ?? null],
  ['runs', ({ runs }) => runs?.function ?? null],
];

const placeIn = ({ createdAt }: HandleDetail) => createdAt && siteOf(createdAt);

function* csv({ handles }: ReportSource): Generator<string> {
  yield lineOf(COLUMNS.map(([name]) => name));
  for (const one of handles()) yield lineOf(COLUMNS.map(([, read]) => read(one)));
}

const lineOf = (cells: Cell[]): string => `${cells.map(cellOf).join(',')}\r\n`;

function cellOf(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return `${cell}`;
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
