/**
 * Stacks of a program whose frame sizes are not known yet: every word near the stack pointer that may be a PC, with its place, to be walked
 * when they are. PCs are function << 16, and functions are numbered from 0x1000 (cmd/link/internal/wasm/asm.go).
 */
import { lengthOf } from '../pristine';
import { I32, imul } from './pristine';
import type { Stacks } from './stacks';

enum Most {
  /** Stacks told apart. */
  Stacks = 4096,
  /** Words of one that may be PCs. What stands further out is left away. */
  Words = 56,
  /** Words looked at, of 32 bits. */
  Reach = 2048,
  Tries = 16,
}

const LEAST_PC = 0x10000000;
/** Words that are kept of one: hash, count, what it became, js.Funcs made there, and pairs. */
const SIZE = 4 + Most.Words * 2;

export interface RawStacks {
  /** @param at index of the word at SP. @returns the number of this stack, from 1; 0 when there is no room */
  at(words: Int32Array, at: number): number;
  /** Of the one seen last: where the words stand, as indexes, and what they are. */
  places: Int32Array;
  pcs: Int32Array;
  depth(): number;
  /** A js.Func is made here. */
  made(number: number): void;
  /** Walks all. @param count is told how many js.Funcs were made at each stack */
  walk(stacks: Stacks, count: (stack: number, made: number) => void): void;
  /** @returns the number in `Stacks` that one has become; 0 for none */
  walked(number: number): number;
}

export function createRawStacks(): RawStacks {
  const places = new I32(Most.Words);
  const pcs = new I32(Most.Words);
  /** Given back once they are walked, but for what they became. */
  let kept = new I32(0);
  let became = new I32(0);
  let count = 0;
  let depth = 0;

  return {
    places,
    pcs,
    depth: () => depth,
    at(words, at) {
      if (!lengthOf(kept)) kept = new I32(Most.Stacks * SIZE);
      depth = 0;
      let hash = 0;
      for (let i = at; i < at + Most.Reach && depth < Most.Words; i += 2) {
        if (words[i] >>> 0 < LEAST_PC || words[i + 1] !== 0) continue;
        places[depth] = i;
        pcs[depth++] = words[i];
        hash = imul(hash ^ words[i] ^ (i - at), 0x01000193);
      }
      let slot = (imul(hash, 0x9e3779b1) >>> 8) % Most.Stacks;
      for (let tries = 0; tries < Most.Tries; tries++) {
        const from = slot * SIZE;
        slot = (slot + 1) % Most.Stacks;
        if (!kept[from + 1]) {
          kept[from] = hash;
          kept[from + 1] = depth;
          for (let i = 0; i < depth; i++) {
            kept[from + 4 + i * 2] = places[i] - at;
            kept[from + 5 + i * 2] = pcs[i];
          }
          count++;
          return depth ? from / SIZE + 1 : 0;
        }
        if (kept[from] !== hash || kept[from + 1] !== depth) continue;
        let same = 0;
        while (
          same < depth &&
          kept[from + 4 + same * 2] === places[same] - at &&
          kept[from + 5 + same * 2] === pcs[same]
        )
          same++;
        if (same === depth) return from / SIZE + 1;
      }
      return 0;
    },
    made(number) {
      kept[(number - 1) * SIZE + 3]++;
    },
    walk(stacks, tell) {
      if (!count) return;
      became = new I32(Most.Stacks);
      const words = new I32(Most.Reach + 2);
      for (let slot = 0; slot < Most.Stacks; slot++) {
        const from = slot * SIZE;
        if (!kept[from + 1]) continue;
        for (let i = 0; i < kept[from + 1]; i++) words[kept[from + 4 + i * 2]] = kept[from + 5 + i * 2];
        became[slot] = stacks.at(words, 0);
        if (became[slot] && kept[from + 3]) tell(became[slot], kept[from + 3]);
        for (let i = 0; i < kept[from + 1]; i++) words[kept[from + 4 + i * 2]] = 0;
      }
      kept = new I32(0);
    },
    walked: (number) => (number ? became[number - 1] || 0 : 0),
  };
}
