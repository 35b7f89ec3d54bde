/**
 * Go's own traceback as truth. Read here anew, not by the product's reader, and with what traceback.go leaves out.
 * Facts: runtime/traceback.go showfuncinfo, isExportedRuntime, printFuncName, traceback2 (1.19–1.27).
 */
import type { TrueFrame } from '../fixtures/run';

export interface Traceback {
  goroutine: number;
  /** Innermost first; `elided` frames are missing after the first `before`, null when Go does not say how many. */
  frames: TrueFrame[];
  before: number;
  elided: number | null;
  createdBy: { function: string; file: string; line: number; goroutine: number | null } | null;
}

const ELIDED = /^\.\.\.(?:(\d+) frames elided|additional frames elided)/;

/** @returns the traceback of the first goroutine in a program's output; null without one */
export function readTraceback(output: string): Traceback | null {
  const lines = output.split('\n');
  const start = lines.findIndex((line) => /^goroutine [1-9]\d* .*:$/.test(line));
  if (start < 0) return null;
  const goroutine = Number(/\d+/.exec(lines[start])?.[0]);
  const told: Traceback = { goroutine, frames: [], before: 0, elided: 0, createdBy: null };
  for (let i = start + 1; i < lines.length && lines[i] !== ''; i++) {
    const elided = ELIDED.exec(lines[i]);
    if (elided) {
      told.before = told.frames.length;
      told.elided = elided[1] ? Number(elided[1]) : null;
      continue;
    }
    const created = /^created by (.+?)(?: in goroutine (\d+))?$/.exec(lines[i]);
    const place = /^\t(.+):(\d+)(?: \+0x[0-9a-f]+)?$/.exec(lines[++i]);
    if (!place) throw new Error(`no place in traceback line ${lines[i]}`);
    const [file, line] = [place[1], Number(place[2])];
    if (created) {
      told.createdBy = { function: created[1], file, line, goroutine: created[2] ? Number(created[2]) : null };
      continue;
    }
    const [, name, args] = /^(.+)\((.*)\)$/.exec(lines[i - 1]) ?? [];
    told.frames.push({ function: name === 'panic' ? 'runtime.gopanic' : name, file, line, inlined: args === '...' });
  }
  // Before 1.21 Go stops after 100 frames, of which it may have hidden some, and then does not always say so.
  if (told.elided === 0 && told.frames.length > 90) {
    told.before = told.frames.length;
    told.elided = null;
  }
  return told;
}

/** Whether Go prints a function in a traceback, apart from its innermost frame. */
export function shown(name: string): boolean {
  if (name === 'runtime.gopanic') return true;
  return (
    name.includes('.') &&
    (!name.startsWith('runtime.') || /^runtime\.[A-Z]|^runtime\.\(?\*?[A-Z]\w*\)?\.[A-Z]/.test(name))
  );
}
