/** `gowasm bridge CAPTURE FILE`: what crossed between Go and JavaScript, how often, how long, from which Go line. */
import { gzipSync } from 'node:zlib';
import type { Capture } from '../bridge/capture';
import { type CaptureAbout, decodeCapture } from '../bridge/file';
import { type Finding, findingsOf } from '../bridge/findings';
import { pprofOf } from '../bridge/pprof';
import {
  addSums,
  mergeSites,
  none,
  type OperationRow,
  operationName,
  type Profile,
  placeName,
  readProfile,
  type Sums,
} from '../bridge/profile';
import { speedscopeJson } from '../bridge/speedscope';
import { traceJson } from '../bridge/trace';
import { fingerprintOf } from '../lines/fingerprint';
import type { Program } from '../program';
import { BadInput, expectFiles, openProgram, readArguments, readBytes, withFile } from './input';
import { writeParts } from './output';
import { inLine, printJson } from './print';

const USAGE = 'bridge CAPTURE FILE [--json] [--pprof F] [--speedscope F] [--trace F]';

/** Rows of each table as text; JSON has all. */
const MOST_ROWS = 25;

export function bridge(args: string[]): number {
  const read = readArguments(args, Object.keys(EXPORTS));
  expectFiles(read, 2, 2, USAGE);
  const [from, file] = read.positional;
  const { capture, about } = withFile(from, () => decodeCapture(readBytes(from)));
  const program = openProgram(file);
  expectSame(from, about, file, program);
  const profile = readProfile(capture, program);
  for (const [name, files] of read.options) {
    for (const out of files) writeParts(out, EXPORTS[name](capture, profile, about.title));
  }
  // Standard output is taken then.
  if ([...read.options.values()].flat().includes('-')) return 0;
  if (read.json) printAll(from, capture, about, profile);
  else process.stdout.write(tables(capture, about, profile));
  return 0;
}

const EXPORTS: Record<string, (...args: [Capture, Profile, title: string]) => Iterable<string | Uint8Array>> = {
  pprof: (...args) => [gzipSync(pprofOf(...args))],
  speedscope: speedscopeJson,
  trace: traceJson,
};

/** @throws BadInput for a capture of another module: its lines would be wrong */
function expectSame(from: string, { fingerprint, size }: CaptureAbout, file: string, program: Program): void {
  const own = fingerprintOf(program.module);
  if (own.every((byte, i) => byte === fingerprint[i])) return;
  throw new BadInput(
    `${from}: expected a capture of ${file}, and not of another module (${size} bytes) at offset 0x11`,
  );
}

function printAll(from: string, capture: Capture, { title }: CaptureAbout, profile: Profile): void {
  const operations = profile.operations.map(({ sites, ...row }) => ({
    ...row,
    sites: mergeSites(profile, sites).map(({ frames, count, timed, totalMs, selfMs, bytes, whole }) => ({
      ...{ frames, count, timed, totalMs, selfMs, bytes, whole },
    })),
  }));
  try {
    printJson('bridge', { ...summary(capture, profile), title, findings: findingsOf(capture, profile), operations });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new BadInput(`${from}: expected no more call sites than fit into one JSON text at offset 0x0`);
  }
}

/** Chrome's clock in a page that is not isolated: what is said of a recording too short to have seen a step. */
const USUAL_STEP = 0.1;

function summary(capture: Capture, { operations }: Profile) {
  return {
    clockStepMs: capture.clockStep || USUAL_STEP,
    calls: operations.reduce((sum, { count }) => sum + count, 0),
    dropped: capture.dropped,
    lost: capture.lost,
    every: capture.every,
    recordedAt: new Date(capture.origin + capture.began).toISOString(),
    durationMs: capture.now - capture.began,
  };
}

const number = (value: number, digits = 0) =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

function tables(capture: Capture, { title }: CaptureAbout, profile: Profile): string {
  const { calls, durationMs, clockStepMs } = summary(capture, profile);
  const { operations } = profile;
  const timed = operations.reduce((sum, row) => sum + row.timed, 0);
  const facts = [
    `${number(calls)} calls in ${number(durationMs / 1000, 3)} s`,
    timed < calls ? `${number(timed)} of them timed, the others are told as their mean` : 'every call timed',
    `the clock steps by ${Number(clockStepMs.toPrecision(2))} ms`,
  ];
  if (capture.dropped > 0) facts.push(`${number(capture.dropped)} calls not kept one by one`);
  if (capture.lost > 0) facts.push(`${number(capture.lost)} calls without name or call site`);
  const names = operations.slice(0, MOST_ROWS).map((row) => [...cells(row), operationName(row)]);
  const sites = operations
    .flatMap((row) => callers(row, profile))
    .sort((a, b) => b.selfMs - a.selfMs || b.count - a.count);
  const callRows = sites.slice(0, MOST_ROWS).map((site) => [...cells(site), site.name, site.place]);
  return [
    `${inLine(title)}: ${facts.join('; ')}\n\n`,
    ...findingsOf(capture, profile).map(told),
    table([[...HEADS, 'operation'], ...names]),
    more(operations.length, 'operations'),
    '\n',
    table([[...HEADS, 'operation', 'called from'], ...callRows]),
    more(sites.length, 'call sites'),
  ].join('');
}

function told({ operation, place, text, advice }: Finding): string {
  const where = place ? `${place.function} ${place.file}:${place.line}` : 'a line that is not known';
  return `${inLine(`${operation} from ${where}: ${text}.`)}\n    ${advice}\n\n`;
}

const HEADS = ['count', 'total ms', 'self ms', 'mean µs', 'bytes'];

const cells = ({ count, totalMs, selfMs, bytes }: Sums) => [
  number(count),
  number(totalMs, 3),
  number(selfMs, 3),
  number(count > 0 ? (totalMs / count) * 1000 : 0, 2),
  number(bytes),
];

/** The sites of an operation, those with the same caller as one. */
function callers(row: OperationRow, profile: Profile) {
  const merged = new Map<string, Sums>();
  for (const site of row.sites) {
    const place = placeName(row, profile.stack(site.stack));
    const sums = merged.get(place) ?? none();
    addSums(sums, site);
    merged.set(place, sums);
  }
  return [...merged].map(([place, sums]) => ({ ...sums, name: operationName(row), place }));
}

const more = (count: number, what: string) =>
  count > MOST_ROWS ? `… and ${number(count - MOST_ROWS)} more ${what}: --json has all\n` : '';

/** @returns lines of columns: numbers to the right, the texts behind them to the left */
function table(rows: string[][]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => inLine(row[column]).length)));
  const line = (row: string[]) =>
    row.map((cell, i) => (i < HEADS.length ? inLine(cell).padStart(widths[i]) : inLine(cell).padEnd(widths[i])));
  return rows.map((row) => `${line(row).join('  ').trimEnd()}\n`).join('');
}
