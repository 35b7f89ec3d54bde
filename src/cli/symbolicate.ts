/** `gowasm symbolicate FILE [TEXT|-]`: a stack out of a bug report, or bare offsets, with Go frames in it. */
import type { Located } from '../symbols/frame';
import { symbolicate as symbolicateText } from '../symbols/symbolicate';
import { attachDebugInfo, noteDebugWarnings } from './debug-info';
import { attachLines, BadInput, expectFiles, openProgram, readArguments, readBytes } from './input';
import { attachMapBeside } from './map';
import { inLine, printJson } from './print';

export function symbolicate(args: string[]): number {
  const read = readArguments(args, ['offset', 'lines']);
  expectFiles(read, 1, 2, 'symbolicate FILE [TEXT|-] [--offset N] [--lines TABLE] [--json]');
  const [file, textFile] = read.positional;
  const offsets = (read.options.get('offset') ?? []).map(offset);
  if (offsets.length > 0 && textFile !== undefined) throw new BadInput('--offset and TEXT exclude each other');
  if (file === '-' && offsets.length === 0 && (textFile ?? '-') === '-') {
    throw new BadInput('standard input cannot be both the module and the text');
  }
  const program = openProgram(file);
  attachDebugInfo(program, file);
  attachMapBeside(program, file);
  attachLines(program, file, read.options.get('lines')?.at(-1));
  const lines =
    offsets.length > 0
      ? offsets.map(({ input, value }) => ({ input, located: program.locate(value), isWasm: true }))
      : symbolicateText(program, textOf(textFile ?? '-')).map(({ input, line, located }) => ({
          input,
          located,
          isWasm: line.kind === 'wasm',
        }));
  if (read.json) printJson('symbolicate', { lines: lines.map(({ input, located }) => ({ input, frame: located })) });
  else
    process.stdout.write(lines.map(({ input, located, isWasm }) => textLine(input, isWasm ? located : null)).join(''));
  noteDebugWarnings(program, file);
  // A line of Go's own traceback counts only where the module has that function.
  return lines.some(({ located }) => located && located.functionIndex >= 0) ? 0 : 1;
}

function offset(input: string): { input: string; value: number } {
  if (!/^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(input))
    throw new BadInput(`--offset ${input}: expected a decimal or 0x hex number`);
  return { input, value: Number(input) };
}

/** The last newline ends the last line; it does not begin another one. */
function textOf(file: string): string {
  return new TextDecoder().decode(readBytes(file)).replace(/\n$/, '');
}

/** One line as it was, or the Go frames in its place, innermost first. */
function textLine(input: string, located: Located | null): string {
  if (!located) return `${input}\n`;
  const indent = /^\s*/.exec(input)?.[0] || '    ';
  return located.frames
    .map((frame, i) => {
      const where = frame.file ? ` (${frame.file}:${frame.line})` : '';
      const others = i === 0 && located.candidates ? oneOf(located.candidates) : '';
      const only = located.precision === 'function' ? ' [function only]' : '';
      return `${indent}at ${inLine(frame.function)}${inLine(where)}${frame.inlined ? ' [inlined]' : ''}${others}${only}\n`;
    })
    .join('');
}

function oneOf(candidates: { file: string; line: number }[]): string {
  const places = candidates.map(({ file, line }) => inLine(`${file}:${line}`));
  return places.length === 1 ? ' [most likely]' : ` [one of ${places.join(', ')}]`;
}
