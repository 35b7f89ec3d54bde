/** `gowasm functions FILE`: every function with its place in the module and in the source. */
import { type FunctionRow, functionRows } from '../functions';
import { attachDebugInfo, noteDebugWarnings } from './debug-info';
import { expectFiles, openProgram, readArguments } from './input';
import { inLine, printJson } from './print';

export function functions(args: string[]): number {
  const read = readArguments(args);
  expectFiles(read, 1, 1, 'functions FILE [--json]');
  const [file] = read.positional;
  const program = openProgram(file);
  attachDebugInfo(program, file);
  const rows = functionRows(program);
  noteDebugWarnings(program, file);
  if (read.json) printJson('functions', { functions: rows });
  else process.stdout.write(rows.map(line).join(''));
  return 0;
}

function line(row: FunctionRow): string {
  const place = row.file ? `  ${row.file}:${row.line}` : '';
  return `${String(row.index).padStart(6)}  0x${row.offset.toString(16).padStart(6, '0')}  ${String(row.size).padStart(7)}  ${inLine(row.name)}${inLine(place)}\n`;
}
