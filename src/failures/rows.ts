/**
 * From frames to the rows a face shows: wrappers left out as Go does, equal runs folded, the row to select first.
 */
import { isInternal } from '../go/names';
import type { PhysicalFrame } from '../goroutines/unwind';
import { bendsOf } from '../goroutines/unwind';
import type { Program } from '../program';
import { foldRuns, internKeys } from '../symbols/fold';
import type { Frame, Located } from '../symbols/frame';
import type { FrameRow, StackRow } from './failure';

/** Rows beyond these are told as one gap in the middle; the outermost ones stay. */
const MOST_INNER = 20_000;
const MOST_OUTER = 2_000;

type Origin = FrameRow['from'];

function rowOf(frame: Frame, from: Origin, precision: FrameRow['precision']): FrameRow {
  return {
    kind: 'frame',
    function: frame.function,
    file: frame.file,
    line: frame.line,
    inlined: frame.inlined,
    precision,
    from,
    internal: isInternal(frame.function),
  };
}

/** Rows of one located instruction; only the innermost one is in doubt when its line is. */
export function rowsOfLocated(located: Located, from: Origin): FrameRow[] {
  const rows = located.frames
    .filter((frame) => !frame.wrapper)
    .map((frame, i) => rowOf(frame, from, located.precision === 'candidates' && i > 0 ? 'exact' : located.precision));
  if (rows.length > 0) {
    rows[0].offset = located.offset;
    if (located.candidates) rows[0].candidates = located.candidates;
  }
  return rows;
}

/** Rows of one physical frame on Go's stack. Its switch to the system stack is bookkeeping that Go leaves out too. */
export function rowsOfPhysical(program: Program, frame: PhysicalFrame, from: Origin): FrameRow[] {
  if (frame.func.funcID === bendsOf(program).systemstackSwitch) return [];
  const frames = program.framesOfReturn(frame.pc);
  if (!frames) {
    const name = program.go.nameOf(frame.func);
    const row = rowOf(
      { function: name ?? `PC 0x${frame.pc.toString(16)}`, file: '', line: 0, inlined: false },
      from,
      'function',
    );
    return [name === null ? { ...row, precision: 'unknown' } : row];
  }
  return frames.filter((one) => !one.wrapper).map((one) => rowOf(one, from, 'exact'));
}

/** A frame that nothing could name. */
export function unknownRow(text: string, offset: number | null): FrameRow {
  const row: FrameRow = {
    kind: 'frame',
    function: text,
    file: '',
    line: 0,
    inlined: false,
    precision: 'unknown',
    from: 'v8',
    internal: false,
  };
  if (offset !== null) row.offset = offset;
  return row;
}

/** Folds runs of equal frames; a stack that stays too long loses its middle, never its outer end. */
export function foldRows(rows: StackRow[]): StackRow[] {
  let others = 0;
  const keys = internKeys(rows, (row) =>
    row.kind === 'frame' ? `${row.function}\n${row.file}:${row.line}\n${row.inlined} ${row.precision}` : `${others++}`,
  );
  const folded: StackRow[] = [];
  for (const run of foldRuns(keys)) {
    const part = rows.slice(run.from, run.from + run.length);
    if (run.times > 1 && part.every((row): row is FrameRow => row.kind === 'frame')) {
      folded.push({ kind: 'run', times: run.times, rows: part });
    } else for (let i = 0; i < run.times; i++) for (const row of part) folded.push(row);
  }
  if (folded.length <= MOST_INNER + MOST_OUTER) return folded;
  const missing = folded.length - MOST_INNER - MOST_OUTER;
  const gap: StackRow = { kind: 'gap', why: `${missing} rows left out here` };
  return [...folded.slice(0, MOST_INNER), gap, ...folded.slice(-MOST_OUTER)];
}

/** All frames of a stack's rows, each once, runs opened. */
export function framesOf(rows: StackRow[]): FrameRow[] {
  return rows.flatMap((row) => (row.kind === 'frame' ? [row] : row.kind === 'run' ? row.rows : []));
}

/**
 * Which row tells the story: the first of the user's own packages, else the first that is not the runtime's, else the first.
 * @param isOwn whether a function is in one of the user's own packages
 * @returns the row's index in `rows` and the frame itself
 */
export function tellingRow(
  rows: StackRow[],
  isOwn: (name: string) => boolean,
): { index: number; row: FrameRow } | null {
  let standard: { index: number; row: FrameRow } | null = null;
  let first: { index: number; row: FrameRow } | null = null;
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index];
    const frames = row.kind === 'frame' ? [row] : row.kind === 'run' ? row.rows : [];
    for (const frame of frames) {
      if (frame.precision === 'unknown') continue;
      const found = { index, row: frame };
      if (isOwn(frame.function)) return found;
      if (!frame.internal) standard ??= found;
      first ??= found;
    }
  }
  return standard ?? first;
}
