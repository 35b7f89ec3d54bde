/**
 * What Go printed before it exited: the panic or fatal error message and the traceback of the goroutine that failed.
 * Source: runtime/panic.go printpanics, runtime/traceback.go (1.11–1.27). Reads text only.
 */
import { isInternal } from '../go/names';
import { readStack } from '../symbols/stack';
import type { FrameRow, StackRow } from './failure';

export interface GoText {
  /** `panic: assignment to entry in nil map`, one line. */
  title: string;
  /** All lines up to the first goroutine: nested panics, `[signal …]`, `goroutine running on other thread`. */
  message: string;
  /** Whether the runtime itself gave up (`fatal error: …`), which no recover can catch. */
  fatal: boolean;
  /** The failing goroutine's own part of the text. */
  goroutine: { id: number; state: string } | null;
  createdBy: { function: string; file: string; line: number; goroutine: number | null } | null;
  rows: StackRow[];
  /** The whole text from the message on. */
  raw: string;
}

/** @returns null when the output holds neither a panic nor a fatal error */
export function readGoText(output: string): GoText | null {
  const start = /^(?:panic: |fatal error: )/m.exec(output);
  if (!start) return null;
  const raw = output.slice(start.index).replace(/\s+$/, '');
  const lines = readStack(raw);
  const header = lines.findIndex(({ line }) => line.kind === 'goroutine');
  const end = lines.findIndex(({ input, line }) => line.kind === 'goroutine' || input === 'runtime stack:');
  const message = lines.slice(0, end < 0 ? lines.length : end).map(({ input }) => input);
  const text: GoText = {
    title: titleOf(message),
    message: message.join('\n').trim(),
    fatal: message[0].startsWith('fatal error: '),
    goroutine: null,
    createdBy: null,
    rows: [],
    raw,
  };
  if (header < 0) return text;
  const first = lines[header].line;
  if (first.kind === 'goroutine') text.goroutine = { id: first.id, state: first.state };
  for (let i = header + 1; i < lines.length; i++) {
    const { line } = lines[i];
    if (line.kind === 'goroutine' || lines[i].input.trim() === '') break;
    if (line.kind === 'elided') {
      text.rows.push({
        kind: 'gap',
        why: line.count === null ? 'Go left out further frames' : `Go left out ${line.count} frames`,
      });
    }
    const place = lines[i + 1]?.line;
    if (line.kind !== 'go-function' || place?.kind !== 'go-place') continue;
    if (line.createdBy) {
      text.createdBy = { function: line.name, file: place.file, line: place.line, goroutine: line.inGoroutine };
    } else text.rows.push(rowOf(line.name, place.file, place.line, line.inlined));
    i++;
  }
  return text;
}

/** The first line; of nested panics the last one is what ended the program, and Go prints it last. */
function titleOf(message: string[]): string {
  const panics = message.filter((line) => /^\t?(?:panic: |fatal error: )/.test(line));
  return (panics.at(-1) ?? message[0]).trim();
}

function rowOf(name: string, file: string, line: number, inlined: boolean): FrameRow {
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
