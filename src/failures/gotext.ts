/**
 * What Go printed before it exited: the panic or fatal error message and the traceback of the goroutine that failed.
 * Source: runtime/panic.go printpanics, runtime/traceback.go (1.11–1.27). Reads text only.
 */
import { isInternal } from '../go/names';
import { type ReadLine, readStack } from '../symbols/stack';
import type { FrameRow, StackRow } from './failure';

/** One goroutine of a traceback. */
export interface PrintedGoroutine {
  id: number;
  state: string;
  createdBy: { function: string; file: string; line: number; goroutine: number | null } | null;
  rows: StackRow[];
}

export interface GoText {
  /** `panic: assignment to entry in nil map`, one line. */
  title: string;
  /** All lines up to the first goroutine: nested panics, `[signal …]`. */
  message: string;
  /** Whether the runtime itself gave up (`fatal error: …`), which no recover can catch. */
  fatal: boolean;
  /** The goroutine that tells the story; null when Go printed none. */
  goroutine: PrintedGoroutine | null;
  /** The whole text from the message on. */
  raw: string;
}

/** Goroutines looked at in one text; Go prints all of them at a deadlock. */
const MOST_GOROUTINES = 1000;

/** @returns null when the output holds neither a panic nor a fatal error */
export function readGoText(output: string): GoText | null {
  const start = /^(?:panic: |fatal error: )/m.exec(output);
  if (!start) return null;
  const raw = output.slice(start.index).trimEnd();
  const lines = readStack(raw);
  const end = lines.findIndex(({ input, line }) => line.kind === 'goroutine' || input === 'runtime stack:');
  const message = lines.slice(0, end < 0 ? lines.length : end).map(({ input }) => input);
  const title = titleOf(message);
  const goroutines = readGoroutines(lines);
  return {
    title,
    message: message.join('\n').trim(),
    fatal: message[0].startsWith('fatal error: '),
    goroutine: (title.endsWith(DEADLOCK) && goroutines.find(inCallback)) || (goroutines[0] ?? null),
    raw,
  };
}

/** runtime/proc.go checkdead. */
const DEADLOCK = 'all goroutines are asleep - deadlock!';

/**
 * At a deadlock the goroutine that waits inside a JavaScript callback is the one that cannot be helped: the event loop,
 * which would bring all others on, stands still until it returns. (Without a callback above it, syscall/js.handleEvent is
 * only where wasm_exec_node.js asks for this very report: event 0 waits for good.)
 */
function inCallback({ rows }: PrintedGoroutine): boolean {
  const callback = rows.findIndex((row) => row.kind === 'frame' && row.function === 'syscall/js.handleEvent');
  return rows.slice(0, Math.max(callback, 0)).some((row) => row.kind === 'frame' && !row.internal);
}

function readGoroutines(lines: ReadLine[]): PrintedGoroutine[] {
  const found: PrintedGoroutine[] = [];
  let current: PrintedGoroutine | null = null;
  for (let i = 0; i < lines.length; i++) {
    const { input, line } = lines[i];
    if (line.kind === 'goroutine') {
      if (found.length === MOST_GOROUTINES) break;
      current = { id: line.id, state: line.state, createdBy: null, rows: [] };
      found.push(current);
    } else if (input.trim() === '') current = null;
    if (!current) continue;
    if (line.kind === 'elided') current.rows.push(gapRow(line.count));
    const place = lines[i + 1]?.line;
    if (line.kind !== 'go-function' || place?.kind !== 'go-place') continue;
    const { file, line: number } = place;
    if (line.createdBy) current.createdBy = { function: line.name, file, line: number, goroutine: line.inGoroutine };
    else current.rows.push(printedRow(line.name, file, number, line.inlined));
    i++;
  }
  return found;
}

/** What Go says when a traceback is too long (runtime/traceback.go, more than 100 frames). */
export function gapRow(count: number | null): StackRow {
  return { kind: 'gap', why: count === null ? 'Go left out further frames' : `Go left out ${count} frames` };
}

/** The first line; of nested panics the last one is what ended the program, and Go prints it last. */
function titleOf(message: string[]): string {
  const panics = message.filter((line) => /^\t?(?:panic: |fatal error: )/.test(line));
  return (panics.at(-1) ?? message[0]).trim();
}

/** A frame of a traceback, as Go printed it. */
export function printedRow(name: string, file: string, line: number, inlined: boolean): FrameRow {
  // runtime/traceback.go printFuncName: gopanic is printed as "panic".
  const shown = name === 'panic' ? 'runtime.gopanic' : name;
  return {
    kind: 'frame',
    function: shown,
    file,
    line,
    inlined,
    precision: 'exact',
    from: 'text',
    internal: isInternal(shown),
  };
}
