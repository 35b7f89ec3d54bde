/**
 * From a stack to the rows a grid shows: numbers, folds of runtime frames, runs shown once. Pure.
 * A frame's number counts physical repetitions: the frame after a run of 11,204 has a number 11,204 higher.
 */
import type { FrameRow, StackRow } from '../../src/failures/failure';
import { splitFunction } from '../../src/failures/place';

export type GridRow =
  | {
      kind: 'frame';
      row: FrameRow;
      number: number /** part of a run */;
      inRun: boolean /** of a run of one */;
      times: number;
    }
  | { kind: 'js'; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'gap'; why: string }
  | { kind: 'run'; times: number; frames: number; number: number }
  | { kind: 'fold'; key: number; count: number; packages: string; last: string; open: boolean; number: number };

/** A stack row, or a line of pasted text that is no frame. */
export type Source = StackRow | { kind: 'text'; text: string };

/** Shorter runs of runtime frames stay as they are: a fold would hide more than it saves. */
const LEAST_FOLDED = 2;

/**
 * @param open keys of the folds that are open (index of their first row in `rows`)
 * @param keep index in `rows` that must stay visible, or -1
 */
export function gridRows(rows: readonly Source[], open: ReadonlySet<number>, keep = -1): GridRow[] {
  const out: GridRow[] = [];
  let number = 0;
  for (let i = 0; i < rows.length; ) {
    const end = foldEnd(rows, i, keep);
    if (end - i >= LEAST_FOLDED) {
      const frames = rows.slice(i, end) as FrameRow[];
      const last = frames[frames.length - 1].function;
      const isOpen = open.has(i);
      out.push({
        kind: 'fold',
        key: i,
        count: frames.length,
        packages: packagesOf(frames),
        last,
        open: isOpen,
        number,
      });
      if (isOpen) frames.forEach((row, k) => void out.push(frame(row, number + k)));
      number += frames.length;
      i = end;
      continue;
    }
    const row = rows[i++];
    if (row.kind === 'frame') out.push(frame(row, number++));
    else if (row.kind === 'run') {
      pushRun(row, number, out);
      number += row.times * row.rows.length;
    } else out.push(row);
  }
  return out;
}

function frame(row: FrameRow, number: number, inRun = false, times = 1): GridRow {
  return { kind: 'frame', row, number, inRun, times };
}

function pushRun(run: { times: number; rows: FrameRow[] }, number: number, out: GridRow[]): void {
  if (run.rows.length === 1) {
    out.push(frame(run.rows[0], number, true, run.times));
    return;
  }
  out.push({ kind: 'run', times: run.times, frames: run.rows.length, number });
  run.rows.forEach((row, i) => void out.push(frame(row, number + i, true)));
}

function foldEnd(rows: readonly Source[], from: number, keep: number): number {
  let end = from;
  while (end < rows.length && end !== keep) {
    const row = rows[end];
    if (row.kind !== 'frame' || !row.internal) break;
    end++;
  }
  return end;
}

/** `syscall/js and runtime`: the packages of a fold in the order they appear, three at most. */
function packagesOf(frames: FrameRow[]): string {
  const names = [...new Set(frames.map((row) => splitFunction(row.function).path || row.function))];
  if (names.length > 3) return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more packages`;
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}

/** The number of the first frame in `rows[index]`; 0 when out of range. */
export function numberOf(rows: readonly Source[], index: number): number {
  let number = 0;
  for (let i = 0; i < Math.min(index, rows.length); i++) number += physical(rows[i]);
  return number;
}

/** The frame with a number; one of a run for all its repetitions. null when there is none. */
export function frameAt(rows: readonly Source[], number: number): FrameRow | null {
  let at = 0;
  for (const row of rows) {
    const size = physical(row);
    if (number < at + size) {
      if (row.kind === 'frame') return row;
      return row.kind === 'run' ? row.rows[(number - at) % row.rows.length] : null;
    }
    at += size;
  }
  return null;
}

function physical(row: Source): number {
  if (row.kind === 'run') return row.times * row.rows.length;
  return row.kind === 'frame' ? 1 : 0;
}
