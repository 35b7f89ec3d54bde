/**
 * What a recording says, in Go's words: operations by name and target, the places that call them, and trees of these. Sums are
 * the recorder's; times of operations that were timed in part are told as the mean of those that were, times the count
 * (`estimate.ts`).
 */
import { framesOfStack } from '../goroutines/stack-frames';
import type { Program } from '../program';
import type { Frame } from '../symbols/frame';
import type { Capture } from './capture';
import { estimate, rowOf, rowTimes } from './estimate';

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

export interface Operation {
  /** The import's name without its package (`valueGet`, `scheduleTimeoutEvent`), or an entry: `run`, `resume`, `callback`, `export NAME`. */
  operation: string;
  /** Property, method or constructor; '' for none. */
  target: string;
  /** What it is called on, as far as was looked: `document`, `div`, `Uint8Array`; '' for several, or not known. */
  receiver: string;
}

/** Operations of one name with one target. */
export interface OperationRow extends Operation, Sums {
  direction: Direction;
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
  /** The same for stacks with the same frames, and no others. */
  key: string;
}

export interface Profile {
  /** Most `selfMs` first. */
  operations: OperationRow[];
  /** By number of the entry in the capture. */
  entry(number: number): Operation & { stack: number };
  /** By number of the stack in the capture. Looked up when first asked for. */
  stack(number: number): SiteStack;
}

/** Name of an operation without its package; entries into Go stay as they are. */
export const shortName = (operation: string): string => operation.replace(/^(?:syscall\/js|runtime)\./, '');

/** Whether an operation is an entry into Go, and no import. */
export const isEntry = (operation: string) => !/^(?:syscall\/js|runtime)\./.test(operation);

/** @param stack as `stacksOf`, where it is there already */
export function readProfile(
  capture: Capture,
  program: Program | null,
  stack: Profile['stack'] = stacksOf(capture, program),
): Profile {
  const rows = new Map<string, OperationRow>();
  const times = rowTimes(capture);
  for (let number = 0; number < capture.entries; number++) {
    const entry = capture.entry(number);
    if (entry.calls === 0 && entry.timed === 0) continue;
    const name = capture.operations[entry.operation];
    const target = capture.targets[entry.target];
    const key = `${name}\0${target}`;
    let row = rows.get(key);
    if (!row) {
      const direction = isEntry(name) ? 'js→go' : 'go→js';
      const receiver = capture.targets[entry.receiver];
      row = { operation: shortName(name), direction, target, receiver, sites: [], ...none() };
      rows.set(key, row);
    }
    if (row.receiver !== capture.targets[entry.receiver]) row.receiver = '';
    const told = estimate(entry, times.get(rowOf(capture, number))!);
    const sums: Sums = { count: entry.calls, timed: entry.timed, ...told, bytes: entry.bytes };
    row.sites.push({ stack: entry.stack, ...sums });
    addSums(row, sums);
  }
  const operations = [...rows.values()].sort((a, b) => b.selfMs - a.selfMs || b.count - a.count);
  for (const { sites } of operations) sites.sort((a, b) => b.count - a.count);
  return {
    operations,
    entry(number) {
      const entry = capture.entry(number);
      const [name, target] = [capture.operations[entry.operation], capture.targets[entry.target]];
      const receiver = rows.get(`${name}\0${target}`)?.receiver ?? '';
      return { operation: shortName(name), target, receiver, stack: entry.stack };
    },
    stack,
  };
}

/** @returns looks up the stacks of a capture, each when it is first asked for */
export function stacksOf(capture: Capture, program: Program | null): (number: number) => SiteStack {
  const stacks = new Map<number, SiteStack>();
  const frameNumbers = new Map<string, number>();
  const numberOf = ({ function: name, file, line, inlined }: Frame) => {
    const spelled = `${name}\0${file}\0${line}\0${inlined}`;
    const number = frameNumbers.get(spelled) ?? frameNumbers.size;
    frameNumbers.set(spelled, number);
    return number;
  };
  return (number) => {
    let found = stacks.get(number);
    if (!found) {
      const { pcs, whole } = capture.stack(number);
      const frames = framesOfStack(program, pcs);
      found = { frames, whole, key: `${whole} ${frames.map(numberOf).join(' ')}` };
      stacks.set(number, found);
    }
    return found;
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

/** @returns sites whose frames are the same, as one; the order is that of the first of each */
export function mergeSites(profile: Profile, sites: Site[]): (Site & SiteStack)[] {
  const merged = new Map<string, Site & SiteStack>();
  for (const site of sites) {
    const stack = profile.stack(site.stack);
    const known = merged.get(stack.key);
    if (known) addSums(known, site);
    else merged.set(stack.key, { ...site, ...stack });
  }
  return [...merged.values()];
}

/** @returns the innermost frame outside of syscall/js and the runtime, else outside of syscall/js; undefined for no stack */
export function callerOf({ frames }: SiteStack): Frame | undefined {
  const outside = (packages: RegExp) => frames.find(({ function: name }) => !packages.test(name));
  return outside(/^(?:syscall\/js|runtime)\./) ?? outside(/^syscall\/js\./) ?? frames[0];
}

/** @returns the target as JavaScript spells it: `document.createElement`, `Uint8Array["a b"]`; without a receiver as it is */
export function targetName({ target, receiver }: Pick<Operation, 'target' | 'receiver'>): string {
  if (!receiver || !target) return target;
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(target)
    ? `${receiver}.${target}`
    : `${receiver}[${JSON.stringify(target)}]`;
}

/** @returns `valueCall document.createElement`, `valueGet "x"` of what is not known or several */
export function operationName({ operation, target, receiver }: Operation): string {
  if (operation === '') return '(found no room)';
  if (!target) return operation;
  return `${operation} ${receiver ? targetName({ target, receiver }) : JSON.stringify(target)}`;
}

/** @returns what called an operation, as `main.draw /src/main.go:12` */
export function placeName({ operation }: Pick<Operation, 'operation'>, stack: SiteStack): string {
  const frame = callerOf(stack);
  if (frame) return `${frame.function}${frame.file ? ` ${frame.file}:${frame.line}` : ''}`;
  return /^(?:run|resume|export .*)$/.test(operation) ? 'JavaScript' : 'not known';
}
