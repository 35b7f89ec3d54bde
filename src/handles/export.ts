/**
 * Handles as files that the panel saves: the JSON of the command line, and CSV (RFC 4180) for spreadsheets. Text of the page that a
 * spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection).
 */
import type { HandlesFormat } from './api';
import { siteOf } from './names';
import { previewOf } from './preview';
import { handlesJson, type Report } from './report';
import type { HandleDetail } from './view';

/** Rows that are one string: a file of 100,000 handles with their stacks is more than one string should be. */
const TOGETHER = 1000;

export function fileOf(format: HandlesFormat, report: Report): Blob {
  const pieces = format === 'csv' ? csv(report.handles) : json(report);
  return new Blob([...pieces], { type: format === 'csv' ? 'text/csv' : 'application/json' });
}

function* json(report: Report): Generator<string> {
  const { format, handles, funcs, ...rest } = handlesJson(report);
  yield `{"format":${JSON.stringify(format)},"handles":[`;
  yield* listed(handles);
  yield '],"funcs":[';
  yield* listed(funcs);
  yield `],${JSON.stringify(rest).slice(1)}\n`;
}

function* listed(items: object[]): Generator<string> {
  for (let from = 0; from < items.length; from += TOGETHER) {
    const some = items.slice(from, from + TOGETHER).map((item) => JSON.stringify(item));
    yield `${from > 0 ? ',' : ''}${some.join(',\n')}`;
  }
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

function* csv(handles: HandleDetail[]): Generator<string> {
  yield lineOf(COLUMNS.map(([name]) => name));
  for (let from = 0; from < handles.length; from += TOGETHER) {
    const some = handles.slice(from, from + TOGETHER);
    yield some.map((one) => lineOf(COLUMNS.map(([, read]) => read(one)))).join('');
  }
}

const lineOf = (cells: Cell[]): string => `${cells.map(cellOf).join(',')}\r\n`;

function cellOf(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return `${cell}`;
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
