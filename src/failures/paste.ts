/**
 * A pasted stack: each line with the frames it stands for, all of them as one stack, and whether the text fits the binary.
 */
import type { Program } from '../program';
import { type ReadLine, readStack } from '../symbols/stack';
import { symbolicate } from '../symbols/symbolicate';
import type { StackRow } from './failure';
import { gapRow, printedRow } from './gotext';
import { foldRows, rowsOfLocated, unknownRow } from './rows';

/** One line of a pasted stack. `rows` is empty for a line that is no frame: show `input` dimmed. */
export interface PastedLine {
  input: string;
  rows: StackRow[];
}

export interface Pasted {
  lines: PastedLine[];
  /** The Go frames of all lines as one stack, runs folded. */
  stack: StackRow[];
  /** Frames with an offset, and how many of these point between instructions (wrong build). */
  frames: number;
  misfits: number;
  /** One sentence when the text does not fit the module, else ''. */
  warning: string;
}

/** @returns every line, in order; frames of Go's own traceback stand on the line of their place */
export function pasteStack(program: Program, text: string): Pasted {
  const stack: StackRow[] = [];
  const lines: PastedLine[] = [];
  let frames = 0;
  let misfits = 0;
  const read = symbolicate(program, text);
  for (let i = 0; i < read.length; i++) {
    const { input, line, located, misfit } = read[i];
    let rows = plainRows(read, i);
    if (line.kind === 'wasm') {
      if (line.offset !== null) frames++;
      if (misfit) misfits++;
      if (located) rows = rowsOfLocated(located, 'v8');
    }
    lines.push({ input, rows });
    for (const row of rows) stack.push(row);
  }
  return { lines, stack: foldRows(stack), frames, misfits, warning: warningOf(frames, misfits) };
}

function warningOf(frames: number, misfits: number): string {
  if (misfits === 0) return '';
  const part =
    misfits === frames
      ? frames === 1
        ? 'the frame does'
        : `all ${frames} frames do`
      : `${misfits} of ${frames} frames do`;
  return `These offsets do not fit this build: ${part} not point at an instruction of their function. Open the .wasm that was deployed.`;
}

/** What a line says without a binary: what Go printed has its names and places, engines' frames stay as they are. */
function plainRows(read: ReadLine[], i: number): StackRow[] {
  const { input, line } = read[i];
  const above = read[i - 1]?.line;
  if (line.kind === 'go-place' && above?.kind === 'go-function' && !above.createdBy) {
    return [printedRow(above.name, line.file, line.line, above.inlined)];
  }
  if (line.kind === 'elided') return [gapRow(line.count)];
  if (line.kind === 'js') return [{ kind: 'js', text: input.trim() }];
  return line.kind === 'wasm' ? [unknownRow(input.trim(), line.offset)] : [];
}

/** A stack for which there is no binary: what Go itself printed has its names and places, engines' frames stay as they are. */
export function pasteUnread(text: string, why: string): Pasted {
  const read = readStack(text);
  const lines = read.map(({ input }, i): PastedLine => ({ input, rows: plainRows(read, i) }));
  const unnamed = read.some(({ line }) => line.kind === 'wasm');
  return {
    lines,
    stack: foldRows(lines.flatMap(({ rows }) => rows)),
    frames: 0,
    misfits: 0,
    warning: unnamed ? why : '',
  };
}
