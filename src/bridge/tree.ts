/**
 * Trees of what calls the bridge: Go's places from the outside in down to the operations, the other way round, or each place
 * with the operations it calls. As columns, children after their parents, for a tree of a big program has ten thousands of nodes.
 */
import type { Frame } from '../symbols/frame';
import type { Capture } from './capture';
import type { Kind, Labels } from './labels';
import type { SiteStack } from './profile';
import { type EntrySums, Sum } from './sums';

/** `down`: outermost function to operation; `up`: operation to outermost function; `sites`: innermost own place, operation. */
export type TreeKind = 'down' | 'up' | 'sites';

/** What a node is called. */
export type TreeName =
  | { kind: 'frame'; function: string; file: string; line: number; inlined: boolean }
  | { kind: 'operation'; label: number; operation: string; target: string; receiver: string; side: Kind }
  /** The stack found no room in the recording, or goes on beyond what was kept. */
  | { kind: 'gap'; why: string };

export interface Tree {
  names: TreeName[];
  /** By node; node 0 is all of them together. */
  parents: Int32Array;
  /** Number in `names`; -1 for node 0. */
  name: Int32Array;
  /** `Sum.Columns` for each node. */
  sums: Float64Array;
  /** Branches that were not grown because there are too many nodes; their sums are in the node they would hang on. */
  cut: number;
}

const MOST_NODES = 50_000;
/** Names are numbered below this, so that a node and a name make one whole number. */
const NAMES = 2 ** 26;

const INTERNAL = /^(?:runtime|syscall\/js|internal\/[\w/]+)\./;

/** Whether a frame is of Go's own machinery around the bridge. */
export const isInternal = (name: string): boolean => INTERNAL.test(name);

/** @returns frames that a person looks for, innermost first: without Go's own machinery, unless there is nothing else */
export function ownFrames(frames: Frame[]): Frame[] {
  const own = frames.filter((frame) => !isInternal(frame.function));
  return own.length > 0 ? own : frames.slice(0, 1);
}

export class Trees {
  private readonly names: TreeName[] = [];
  private readonly byKey = new Map<string, number>();
  /** Names of each stack's frames, innermost first. */
  private readonly ofStack = new Map<number, number[]>();

  constructor(
    private readonly capture: Capture,
    private readonly labels: Labels,
    private readonly stack: (number: number) => SiteStack,
  ) {}

  /** @param takes which entries; none is all of them */
  grow(kind: TreeKind, sums: EntrySums, takes: (entry: number) => boolean): Tree {
    const parents = [-1];
    const name = [-1];
    let totals = new Float64Array(256 * Sum.Columns);
    const nodes = new Map<number, number>();
    let cut = 0;
    const add = (node: number, entry: number) => {
      for (let sum = 0; sum < Sum.Columns; sum++) {
        totals[node * Sum.Columns + sum] += sums[entry * Sum.Columns + sum];
      }
    };
    for (let entry = 0; entry * Sum.Columns < sums.length; entry++) {
      const at = entry * Sum.Columns;
      if ((sums[at + Sum.Count] === 0 && sums[at + Sum.Total] === 0) || !takes(entry)) continue;
      let node = 0;
      add(0, entry);
      for (const next of this.path(kind, entry)) {
        const key = node * NAMES + next;
        let child = nodes.get(key);
        if (child === undefined) {
          if (parents.length === MOST_NODES) {
            cut++;
            break;
          }
          child = parents.length;
          nodes.set(key, child);
          parents.push(node);
          name.push(next);
          if (parents.length * Sum.Columns > totals.length) {
            const wider = new Float64Array(totals.length * 2);
            wider.set(totals);
            totals = wider;
          }
        }
        add(child, entry);
        node = child;
      }
    }
    return {
      names: this.names,
      parents: Int32Array.from(parents),
      name: Int32Array.from(name),
      sums: totals.slice(0, parents.length * Sum.Columns),
      cut,
    };
  }

  private path(kind: TreeKind, entry: number): number[] {
    const label = this.labels.of(entry);
    const { operation, target, receiver, kind: side } = this.labels.list[label];
    const called = this.enter(`o${label}`, { kind: 'operation', label, operation, target, receiver, side });
    // It may have become known since.
    (this.names[called] as { receiver: string }).receiver = receiver;
    const stack = this.capture.keys.at(entry * 3 + 2);
    const outside = stack === 0 && this.labels.list[label].direction === 'js→go';
    const frames = outside ? [this.enter('js', { kind: 'gap', why: 'entered from JavaScript' })] : this.frames(stack);
    if (kind === 'sites') return [frames[0], called];
    return kind === 'up' ? [called, ...frames] : [...frames.slice().reverse(), called];
  }

  private frames(number: number): number[] {
    let frames = this.ofStack.get(number);
    if (!frames) {
      const stack = this.stack(number);
      frames = ownFrames(stack.frames).map((frame) => {
        const { function: name, file, line, inlined } = frame;
        return this.enter(`f${name}\n${file}\n${line}`, { kind: 'frame', function: name, file, line, inlined });
      });
      if (frames.length === 0) frames = [this.enter('g', { kind: 'gap', why: 'call site not recorded' })];
      else if (!stack.whole) frames.push(this.enter('g…', { kind: 'gap', why: 'callers not recorded' }));
      this.ofStack.set(number, frames);
    }
    return frames;
  }

  private enter(key: string, name: TreeName): number {
    let number = this.byKey.get(key);
    if (number === undefined) {
      number = this.names.length;
      this.byKey.set(key, number);
      this.names.push(name);
    }
    return number;
  }
}
