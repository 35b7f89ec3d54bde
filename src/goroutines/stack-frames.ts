/**
 * A goroutine's stack in Go's words, from its return PCs alone, as who watches a page keeps them: all frames that were inlined, and no
 * wrappers of the compiler, as Go's own tracebacks do.
 */
import type { Program } from '../program';
import type { Frame } from '../symbols/frame';

/** @param pcs return PCs, innermost first; any of them may be negative, as in a column of 32 bits. @returns frames, innermost first */
export function framesOfStack(program: Program | null, pcs: ArrayLike<number>): Frame[] {
  const frames: Frame[] = [];
  for (let i = 0; i < pcs.length; i++) {
    const pc = pcs[i] >>> 0;
    const found = program?.framesOfReturn(pc) ?? null;
    const shown = found?.filter(({ wrapper }) => !wrapper);
    if (program && found && pcs.length === 1 && shown?.length === 0) frames.push(wrapped(program, found[0]));
    else if (shown) frames.push(...shown);
    else frames.push({ function: `PC 0x${pc.toString(16)}`, file: '', line: 0, inlined: false });
  }
  return frames;
}

/** @returns the function of a PC_F with the line it begins at; of a wrapper what it calls. Without a name its PC */
export function frameOfFunction(program: Program | null, pcF: number): Frame {
  const { function: name, file, line } = framesOfStack(program, [pcF * 0x10000]).at(-1)!;
  return { function: name.replace(METHOD_VALUE, ''), file, line, inlined: false };
}

/** What a wrapper of a method value is called (cmd/compile/internal/ir MethodSymSuffix): `T.m-fm`. */
const METHOD_VALUE = /-fm$/;

/** All that is known of a callback may be the wrapper of a method value. */
function wrapped(program: Program, wrapper: Frame): Frame {
  const pcF = program.pcFNamed(wrapper.function.replace(METHOD_VALUE, ''));
  return (pcF === null ? null : program.framesOfReturn(pcF * 0x10000)?.at(-1)) ?? wrapper;
}
