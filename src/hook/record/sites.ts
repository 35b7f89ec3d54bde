/**
 * What is known of the places that calls come from, for as long as the same words stand at the same places of the stack. A program
 * that works between its calls drives everything else out of the nearest caches; so all that is known of one place lies together.
 */
import { I32, imul } from './pristine';

enum Most {
  Sites = 512,
  Next = 1024,
  /** Frames of a stack; what is deeper is not kept. */
  Frames = 58,
}

/** From a hash to one of so many. */
enum Shift {
  Sites = 23,
  Next = 22,
}

/** Words of a site. */
export enum Site {
  /** Where the innermost return PC stands, an index of a word, and the import that was called. */
  At,
  Import,
  /** What the recorder is to look at. */
  Kind,
  /** Frames; 0 where they do not tell the stack. */
  Depth,
  Stack,
  /** What was called last, 0 for not known, and the string that named it. */
  Entry,
  Pointer,
  Length,
  /** Where the function stands that js.FuncOf was called with, an index of a word, if that is what calls here; else 0. */
  Wraps,
  /** As `eventAt` and `handlers` of stacks.ts. */
  Event,
  Handler,
  /** Pairs: index of a word, and the return PC there. */
  Frames,
  Count = 128,
}

/**
 * @param inBridge whether a PC is one of syscall/js
 * @returns where the arguments stand of syscall/js's outermost function in a site's stack, an index of a word; 0 when that is not known
 */
export function argumentsOf(table: Int32Array, site: number, inBridge: (pc: number) => boolean): number {
  let frame = site + Site.Frames;
  const end = frame + table[site + Site.Depth] * 2;
  while (frame < end && inBridge(table[frame + 1])) frame += 2;
  // Behind the return PC, which takes two words.
  return frame < end ? table[frame] + 2 : 0;
}

export interface Sites {
  /** `Site.Count` words for each. */
  table: Int32Array;
  /** @returns where the site of a call with SP at this index begins in the table, or would */
  of(words: Int32Array, at: number): number;
  /** @returns whether the site there is that of a call of `index` with the stack as it stands in memory */
  holds(site: number, words: Int32Array, at: number, index: number): boolean;
  /**
   * @param places where the stack's return PCs stand, `pcs`
   * @param depth 0 when they do not make the stack that one
   * @returns where its site begins: place and frames are written, and what was known there is not
   */
  enter(words: Int32Array, at: number, index: number, places: Int32Array, pcs: Int32Array, depth: number): number;
  clear(): void;
}

export function createSites(): Sites {
  const table = new I32(Most.Sites * Site.Count);
  /** Where the next return PC stands, by one and its place. Another one that has this slot only makes that a site is not found. */
  const next = new I32(Most.Next);
  const slotOf = (pc: number, at: number) => imul(pc ^ imul(at, 0x85ebca6b), 0x9e3779b1) >>> Shift.Next;
  // Value.Call and helpers of a program are called from many places, so those who call them tell sites apart.
  const of = (words: Int32Array, at: number): number => {
    const pc = words[at];
    const second = next[slotOf(pc, at)];
    const caller = words[second];
    const outer = words[next[slotOf(caller, second)]];
    const hash = imul(imul(pc ^ imul(at, 0x85ebca6b), 0x9e3779b1) ^ caller, 0xc2b2ae35) ^ outer;
    return (imul(hash, 0x9e3779b1) >>> Shift.Sites) * Site.Count;
  };
  return {
    table,
    of,
    holds(site, words, at, index) {
      if (table[site] !== at || table[site + Site.Import] !== index) return false;
      const start = site + Site.Frames;
      const end = start + table[site + Site.Depth] * 2;
      let frame = start;
      while (frame < end && words[table[frame]] === table[frame + 1]) frame += 2;
      return frame === end && end > start;
    },
    enter(words, at, index, places, pcs, depth) {
      for (let i = 0; i < 2 && i + 1 < depth; i++) next[slotOf(pcs[i], places[i])] = places[i + 1];
      const site = of(words, at);
      const kept = depth > Most.Frames ? 0 : depth;
      table[site] = at;
      table[site + Site.Import] = index;
      table[site + Site.Depth] = kept;
      for (let i = 0; i < kept; i++) {
        table[site + Site.Frames + i * 2] = places[i];
        table[site + Site.Frames + i * 2 + 1] = pcs[i];
      }
      return site;
    },
    clear() {
      for (let i = 0; i < Most.Sites; i++) table[i * Site.Count + Site.Depth] = 0;
    },
  };
}
