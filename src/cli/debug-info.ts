/**
 * The second module that holds a module's debug information, where that names one: read when it lies beside the first, or below its
 * folder; never over the network, never from elsewhere. What stands in the way is said in one line on standard error.
 */
import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import type { Program } from '../program';
import { BadInput, readModule } from './input';
import { inLine } from './print';

/** Attaches it, or says on standard error which file would have the names. @param file the first module, as the user named it */
export function attachDebugInfo(program: Program, file: string): void {
  const url = program.externalDebugInfo();
  if (url === null) return;
  const why = attach(program, file, url);
  if (why !== null) note(file, `names and lines are in ${url}: ${why}`);
}

/** Says the first reason why debug information does not tell all, if there is one. */
export function noteDebugWarnings(program: Program, file: string): void {
  const [why] = program.debugWarnings();
  if (why !== undefined) note(file, `DWARF: ${why}`);
}

function note(file: string, text: string): void {
  process.stderr.write(`gowasm: ${inLine(`${file}: ${text}`)}\n`);
}

/** @returns why not; null when it is attached */
function attach(program: Program, file: string, url: string): string | null {
  if (!isPlain(url)) return 'only a file beside the module is read';
  if (file === '-') return 'a module on standard input has no file beside it';
  const path = join(dirname(file), url);
  try {
    const way = relative(realpathSync(dirname(file)), realpathSync(path));
    if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) return 'only a file beside the module is read';
  } catch {
    return 'there is no such file beside the module';
  }
  try {
    const attached = program.attachDebugInfo(readModule(path));
    return attached.ok ? null : attached.why;
  } catch (error) {
    if (error instanceof BadInput) return error.message;
    throw error;
  }
}

/** A relative path that goes down only, spelled as files are: no scheme, no host, nothing escaped. */
function isPlain(url: string): boolean {
  return !/[:\\%?#\0]/.test(url) && !url.split('/').some((part, i) => part === '..' || (part === '' && i === 0));
}
