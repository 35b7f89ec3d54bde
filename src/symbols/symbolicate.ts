/**
 * Text in, Go frames out: every line of a stack, whichever engine or Go itself printed it, looked up in one program.
 * A frame whose function index and offset contradict each other belongs to another build and gets no name.
 */
import type { Program } from '../program';
import { bodyAt } from '../wasm/code';
import type { Frame, Located } from './frame';
import { readStack, type StackLine, type WasmLine } from './stack';

export interface SymbolicatedLine {
  input: string;
  line: StackLine;
  /** null for lines that are no frame, and for frames that nothing can name. */
  located: Located | null;
  /** The frame has an offset and it cannot be of this build: outside its function, or between instructions. */
  misfit: boolean;
}

/** @returns one entry per line of the text, in order */
export function symbolicate(program: Program, text: string): SymbolicatedLine[] {
  const lines = readStack(text);
  return lines.map(({ input, line }, i) => {
    if (line.kind === 'wasm') return { input, line, ...lookUp(program, line) };
    const above = lines[i - 1]?.line;
    if (line.kind === 'go-place' && above?.kind === 'go-function') {
      const located = goFrame(program, above, line);
      return { input, line, located, misfit: false };
    }
    return { input, line, located: null, misfit: false };
  });
}

/** @returns what is known about one wasm frame of an engine's stack */
export function lookUp(program: Program, line: WasmLine): { located: Located | null; misfit: boolean } {
  if (line.offset !== null) {
    const misfit = contradicts(program, line.index, line.offset);
    return {
      located: misfit ? null : program.locate(line.offset),
      misfit: misfit || !startsInstruction(program, line.offset),
    };
  }
  const index = line.index ?? program.functionNamed(line.name);
  return { located: index === null ? null : atFunction(program, index), misfit: false };
}

/** Whether the engine's function index and its offset name different functions, or none. */
function contradicts(program: Program, index: number | null, offset: number): boolean {
  const code = program.module.code();
  if (!code.ok || !code.value) return true;
  const body = bodyAt(code.value, offset);
  return body < 0 || (index !== null && index !== body + program.module.importedFunctions());
}

function startsInstruction(program: Program, offset: number): boolean {
  const code = program.module.code();
  if (!code.ok || !code.value) return false;
  const number = bodyAt(code.value, offset);
  const body = number < 0 ? null : program.locator.body(number);
  // An unreadable body proves nothing; a function's first byte stands for its entry.
  if (!body || offset === code.value.offsets[number]) return true;
  return body.instructionAt(offset) === offset;
}

function atFunction(program: Program, index: number): Located | null {
  const code = program.module.code();
  const number = index - program.module.importedFunctions();
  if (!code.ok || !code.value || number < 0 || number >= code.value.offsets.length) return null;
  return program.locate(code.value.offsets[number]);
}

/**
 * A frame of Go's own traceback. Function, file and line are Go's words; the block (`+0x3`) leads to the call in the
 * module where the function can be found by its name.
 */
function goFrame(
  program: Program,
  fn: StackLine & { kind: 'go-function' },
  place: StackLine & { kind: 'go-place' },
): Located | null {
  // What this module does not have is the traceback of another program; its text says all there is.
  if (!program.printsFunction(fn.name, fn.inlined)) return null;
  const frame: Frame = { function: fn.name, file: place.file, line: place.line, inlined: fn.inlined };
  const found: Located = { functionIndex: -1, offset: -1, via: 'pclntab', precision: 'exact', frames: [frame] };
  const pcF = program.pcFNamed(fn.name);
  if (pcF === null || fn.inlined) return found;
  found.functionIndex = program.functionIndexOf(pcF);
  const code = program.module.code();
  const number = found.functionIndex - program.module.importedFunctions();
  if (!code.ok || !code.value || number < 0 || number >= code.value.offsets.length) return found;
  found.offset = code.value.offsets[number];
  const body = place.block === null ? null : program.locator.body(number);
  const call = body ? body.returnPCs.indexOf(pcF * 0x10000 + (place.block ?? 0)) : -1;
  if (body && call >= 0) found.offset = body.calls[call];
  return found;
}
