/**
 * What a recording says, in Go's words: operations by name and target, the places that call them, and trees of these. Sums are
 * the recorder's; times of operations that were timed in part are told as the mean of those that were, times the count
 * (`estimated`).
 */
import type { Program } from '../program';
import type { Frame } from '../symbols/frame';
import type { Capture } from './capture';

export type Direction = 'go→js' | 'js→go';

/** Numbers that add up. */
export interface Sums {
  count: number;
  /** Of `count`, how many were timed. */
  timed: number;
  /** Milliseconds, of all of them; estimated where `timed` is less than `count`. */
  totalMs: number;
  /** Without what was called back meanwhile. */
  selfMs: number;
  bytes: number;
}

/** Operations of one name with one target. */
export interface OperationRow extends Sums {
  /** The import's name without its package (`valueGet`, `scheduleTimeoutEvent`), or an entry: `run`, `resume`, `callback`, `export NAME`. */
  operation: string;
  direction: Direction;
  /** Property, method or constructor; '' for none. */
  target: string;
  sites: Site[];
}

/** One goroutine stack from which an operation was called. */
export interface Site extends Sums {
  /** Number of the stack in the capture; 0 when it found no room there. */
  stack: number;
}

/** A stack in Go's words. */
export interface SiteStack {
  /** Innermost first; wrappers left out, as Go does. */
  frames: Frame[];
  /** Whether it reaches to its outer end. */
  whole: boolean;
}

export interface Profile {
  /** Most `selfMs` first. */
  operations: OperationRow[];
  /** By number of the stack in the capture. Looked up when first asked for. */
  stack(number: number): SiteStack;
}

/** Name of an operation without its package; entries into Go stay as they are. */
export const shortName = (operation: string): string => operation.replace(/^(?:syscall\/js|runtime)\./, '');

/** Whether an operation of a capture enters Go. */
export const isEntry = (operation: string) => !/^(?:syscall\/js|runtime)\./.test(operation);

export function readProfile(capture: Capture, program: Program | null): Profile {
  const rows = new Map<string, OperationRow>();
  for (let number = 0; number < capture.entries; number++) {
    const entry = capture.entry(number);
    if (entry.calls === 0 && entry.timed === 0) continue;
    const name = capture.operations[entry.operation];
    const target = capture.targets[entry.target];
    const key = `${entry.operation} ${target}`;
    let row = rows.get(key);
    if (!row) {
      const direction = isEntry(name) ? 'js→go' : 'go→js';
      row = { operation: shortName(name), direction, target, sites: [], ...none() };
      rows.set(key, row);
    }
    const share = entry.timed > 0 ? entry.calls / entry.timed : 0;
    const sums: Sums = {
      count: entry.calls,
      timed: entry.timed,
      totalMs: entry.totalMs * share,
      selfMs: entry.selfMs * share,
      bytes: entry.bytes,
    };
    row.sites.push({ stack: entry.stack, ...sums });
    addSums(row, sums);
  }
  const operations = [...rows.values()].sort((a, b) => b.selfMs - a.selfMs || b.count - a.count);
  for (const { sites } of operations) sites.sort((a, b) => b.count - a.count);
  const stacks = new Map<number, SiteStack>();
  return {
    operations,
    stack(number) {
      let found = stacks.get(number);
      if (!found) {
        found = stackOf(capture, program, number);
        stacks.set(number, found);
      }
      return found;
    },
  };
}

export const none = (): Sums => ({ count: 0, timed: 0, totalMs: 0, selfMs: 0, bytes: 0 });

export function addSums(into: Sums, { count, timed, totalMs, selfMs, bytes }: Sums): void {
  into.count += count;
  into.timed += timed;
  into.totalMs += totalMs;
  into.selfMs += selfMs;
  into.bytes += bytes;
}

function stackOf(capture: Capture, program: Program | null, number: number): SiteStack {
  const { pcs, whole } = capture.stack(number);
  const frames: Frame[] = [];
  for (const pc of pcs) {
    const found = program?.framesOfReturn(pc >>> 0) ?? null;
    if (found) frames.push(...found.filter(({ wrapper }) => !wrapper));
    else frames.push({ function: `PC 0x${(pc >>> 0).toString(16)}`, file: '', line: 0, inlined: false });
  }
  return { frames, whole };
}
