/**
 * What the stacks of handles are called in the words of a program: frames, the place in them that a person looks for, and the groups that
 * handles are put into. Groups are numbered, so that a column says the group of each handle; their keys say the same thing in every snapshot
 * and after a reload of the page.
 */

import { isInternal, packageOf } from '../go/names';
import { frameOfFunction, framesOfStack } from '../goroutines/stack-frames';
import type { Program } from '../program';
import type { Frame } from '../symbols/frame';

export interface Group {
  /** Function, file and line of the place; name of the class or type. */
  key: string;
  /** Of groups without a place. */
  title: string;
  site: Frame | null;
}

/** A stack in Go's words. */
export interface Stack {
  /** Innermost first. */
  frames: Frame[];
  whole: boolean;
  /** Number of its group by place. */
  group: number;
}

/** Groups by place that every program has, by number. */
export enum Place {
  /** Ids 0 to 6. */
  Fixed = 0,
  /** Made before creation was watched, or nobody watched. */
  Before = 1,
  /** The watch had no room for its stack. */
  Lost = 2,
}

const PLACES: Group[] = [
  { key: 'fixed', title: 'syscall/js (fixed)', site: null },
  { key: 'before', title: 'before recording', site: null },
  { key: 'lost', title: 'place not recorded', site: null },
];

/** Groups by number, each with a key of its own. */
export class Groups {
  private readonly numbers = new Map<string, number>();

  constructor(readonly list: Group[] = []) {
    for (const [number, { key }] of list.entries()) this.numbers.set(key, number);
  }

  /** @returns the number of the group with this key, a new one when there is none. @param site of a new one */
  enter(key: string, title: string, site: Frame | null = null): number {
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.list.length;
      this.numbers.set(key, number);
      this.list.push({ key, title, site });
    }
    return number;
  }
}

/** Stacks and groups that are remembered: more than the snapshots that are kept have, if the page does not make them up. */
const MOST = 1 << 18;

export class Names {
  readonly sites = new Groups(PLACES.slice());
  readonly classes = new Groups();
  readonly types = new Groups();
  /** The one group of what is not grouped. */
  readonly all = new Groups([{ key: '', title: '', site: null }]);
  private readonly stacks = new Map<string, Stack>();
  private readonly functions = new Map<number, Frame>();

  constructor(readonly program: Program | null) {}

  /** Holds so much that it is better begun anew. */
  get full(): boolean {
    return this.stacks.size + this.functions.size + this.classes.list.length > MOST;
  }

  /** @param pcs return PCs, innermost first */
  stack(pcs: Int32Array, whole: boolean): Stack {
    const key = `${whole} ${pcs.join()}`;
    let stack = this.stacks.get(key);
    if (!stack) {
      const frames = framesOfStack(this.program, pcs);
      stack = { frames, whole, group: this.groupOf(siteOf(frames)) };
      this.stacks.set(key, stack);
    }
    return stack;
  }

  /** The function of a PC_F, as where a js.Func goes. */
  function(pcF: number): Frame {
    let frame = this.functions.get(pcF);
    if (!frame) {
      frame = frameOfFunction(this.program, pcF);
      this.functions.set(pcF, frame);
    }
    return frame;
  }

  /** Group of the js.Funcs that run a function, of which it is not known where they were made. */
  runs(pcF: number): number {
    const frame = this.function(pcF);
    return this.sites.enter(`runs ${placeText(frame)}`, `js.Funcs that run ${frame.function}`);
  }

  private groupOf(site: Frame | null): number {
    return site ? this.sites.enter(placeText(site), '', site) : Place.Lost;
  }
}

/** @returns as it is written in keys and looked for by filters: `main.draw /src/main.go:12` */
export function placeText({ function: name, file, line }: Frame): string {
  return file ? `${name} ${file}:${line}` : name;
}

/**
 * The place that made a handle: the innermost frame outside of the machinery around the bridge. Of a stack that has none: of syscall, else the
 * function of syscall/js that the runtime has called.
 */
export function siteOf(frames: Frame[]): Frame | null {
  const outside = frames.find(({ function: name }) => !isInternal(name) && packageOf(name) !== 'syscall');
  const called = frames.findIndex(({ function: name }) => packageOf(name) === 'runtime');
  return outside ?? frames.find(({ function: name }) => !isInternal(name)) ?? frames[Math.max(0, called - 1)] ?? null;
}
