/** Runs the figures one after another and tells whether each is met. Knows no figure but by the list. */
import { arch, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { attach } from './attach';
import { type Figure, meets } from './figure';
import { firstOpen } from './first-open';
import { tableBlocked, tableTime, watchFigures } from './handles';
import { handlesScroll } from './handles-scroll';
import { hookLoop } from './hook-loop';
import { kept } from './kept';
import { lineTable } from './line-table';
import { lookup } from './lookup';
import { memory } from './memory';
import { open } from './open';
import { recordFigures } from './record';
import { recordBlocked, recordRate } from './record-rate';
import { recordRun, runLoop } from './run-loop';
import { sourceMap, sourceMapSize } from './sourcemap';
import { startUp } from './start-up';
import { symbolicate } from './symbolicate';
import { timeline } from './timeline';
import { unwind } from './unwind';

const FIGURES: Figure[] = [
  ...[open, firstOpen, memory, symbolicate, unwind, sourceMap, sourceMapSize, lookup, lineTable],
  ...[hookLoop, ...recordFigures, recordRate, recordBlocked, recordRun, runLoop, startUp, kept, attach, timeline],
  ...[...watchFigures, tableTime, tableBlocked, handlesScroll],
];

interface Row {
  name: string;
  what: string;
  /** null: it could not be measured; then `details` says why. */
  measured: number | null;
  bound: Figure['bound'];
  allowed: number;
  unit: Figure['unit'];
  ok: boolean;
  details: string;
}

/** @param args of the command line; @returns the exit code */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { json: { type: 'boolean' }, only: { type: 'string', multiple: true, default: [''] } },
  });
  const chosen = FIGURES.filter(({ name }) => values.only.some((word) => name.includes(word)));
  if (chosen.length === 0) {
    console.error(`No figure is called ${values.only.join(' ')}: ${FIGURES.map(({ name }) => name).join(', ')}.`);
    return 2;
  }
  const rows: Row[] = [];
  for (const figure of chosen) {
    console.error(`measuring ${figure.name} …`);
    rows.push(await rowOf(figure));
  }
  const machine = `Node ${process.versions.node}, ${arch()}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'CPU'}`;
  console.log(
    values.json ? JSON.stringify({ format: 'gowasm.bench/1', machine, figures: rows }, null, 2) : table(rows),
  );
  if (!values.json) console.log(`\n${machine}`);
  return rows.every(({ ok }) => ok) ? 0 : 1;
}

async function rowOf(figure: Figure): Promise<Row> {
  const { measure, ...row } = figure;
  try {
    const { value, details } = await measure();
    return { ...row, measured: value, ok: meets(figure, value), details };
  } catch (error) {
    return { ...row, measured: null, ok: false, details: `could not be measured: ${error}` };
  }
}

/** One line per figure, the numbers behind it on the next. */
function table(rows: Row[]): string {
  const cells = rows.map(({ what, measured, bound, allowed, unit, ok }) => [
    what,
    measured === null ? '–' : show(measured, unit),
    `${bound === 'most' ? '≤' : '≥'} ${show(allowed, unit)}`,
    ok ? 'ok' : 'NOT MET',
  ]);
  const all = [['figure', 'measured', 'allowed', ''], ...cells];
  const widths = all[0].map((_, column) => Math.max(...all.map((line) => line[column].length)));
  const lines = all.map((line) => line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))));
  return lines
    .map((line, i) => line.join('  ').trimEnd() + (i > 0 ? `\n    ${rows[i - 1].name}: ${rows[i - 1].details}` : ''))
    .join('\n');
}

function show(value: number, unit: Figure['unit']): string {
  if (unit === '×') return `${value.toFixed(value < 1.5 ? 3 : 2)}×`;
  if (unit === 'ms') return `${Math.round(value)} ms`;
  if (unit === 'µs') return `${value.toFixed(1)} µs`;
  if (unit === 'bytes') return value === 0 ? 'none' : `${Number(value.toFixed(2))} bytes`;
  return `${Math.round(value).toLocaleString('en')}/s`;
}
