/**
 * Copies out of a Go program's linear memory what unwinding needs later, in one synchronous turn. Interprets no more than it
 * takes to find the stacks: the first fields of runtime.g, which lie alike in every release from Go 1.11 to 1.27
 * (runtime/runtime2.go, pointers of 64 bits). `sched.g` points back to its own g once that g has been set up (newproc1 and
 * mstart1 in runtime/proc.go), which is how gs are told from other memory.
 * The memory is hostile: every address is checked against its size.
 */
import type { Capture } from '../protocol/messages';
import { min, U8, U32 } from './pristine';

/** Fields of runtime.g, in words of 32 bits. */
const LO = 0;
const HI = 2;
const M = 12;
const SCHED_SP = 14;
const SCHED_G = 18;
/** `G_BYTES` of messages.ts, which has no place in this bundle. */
const G_BYTES = 512;
/** g0, the goroutine it works for, and no others but in hostile memory. */
const MOST_GS = 16;
/** Pairs in `words` at most: 8 MB. */
const MOST_WORDS = 1 << 20;
/** PCs are function << 16, and functions are numbered from 0x1000 (cmd/link/internal/wasm/asm.go). */
const LEAST_PC = 0x10000000;
/** Bytes looked at from SP on when no g is known. */
const BLIND = 1 << 20;

/**
 * @param size bytes of `buffer`
 * @param sp Go's stack pointer: the argument of an import call (`import`), else the value of `getsp` (`event`)
 */
export function capture(buffer: ArrayBuffer, size: number, sp: number, at: Capture['at']): Capture {
  const memory = new U32(buffer, 0, size >>> 2);
  const all = findGs(memory, size);
  const gs: Capture['gs'] = [];
  /** From, to, from, to, …: what is looked at, in words. */
  const ranges: number[] = [];

  const take = (g: number, from: number) => {
    gs[gs.length] = { address: g * 4, bytes: new U8(new U8(buffer, g * 4, G_BYTES)) };
    if (from < memory[g + LO] || from >= memory[g + HI]) return;
    ranges[ranges.length] = from >>> 2;
    ranges[ranges.length] = memory[g + HI] >>> 2;
  };

  let current = -1;
  for (let i = 0; i < all.length; i++) {
    const g = all[i];
    // A dead goroutine may still name a stack that another one got; only a running one has an m.
    if (memory[g + LO] <= sp && sp < memory[g + HI] && (current < 0 || memory[g + M] !== 0)) current = g;
  }
  if (current < 0) {
    ranges[0] = min(sp, size) >>> 2;
    ranges[1] = min(sp + BLIND, size) >>> 2;
  } else {
    take(current, sp);
    for (let i = 0; i < all.length && memory[current + M] !== 0 && gs.length < MOST_GS; i++) {
      const g = all[i];
      if (g !== current && memory[g + M] === memory[current + M]) take(g, memory[g + SCHED_SP]);
    }
  }
  const count = copy(memory, ranges, null, 0, 0);
  const dropped = count - min(count, MOST_WORDS);
  const words = new U32((count - dropped) * 2);
  copy(memory, ranges, words, MOST_WORDS / 2, dropped);
  return { sp, at, gs, words, dropped };
}

/** @returns indexes in `memory` of everything that looks like a g with a stack. */
function findGs(memory: Uint32Array, size: number): number[] {
  const found: number[] = [];
  const last = (size - G_BYTES) >>> 2;
  for (let g = 2; g < last; g += 2) {
    if (memory[g + SCHED_G] !== g * 4) continue;
    const lo = memory[g + LO];
    const hi = memory[g + HI];
    const high = memory[g + LO + 1] | memory[g + HI + 1] | memory[g + M + 1] | memory[g + SCHED_G + 1];
    if (!high && lo && lo < hi && hi <= size && !((lo | hi) & 7)) found[found.length] = g;
  }
  return found;
}

/**
 * Copies (address, low word) of what may be a PC in the ranges, without `dropped` of them from the one numbered `from` on.
 * @returns how many there are in all
 */
function copy(memory: Uint32Array, ranges: number[], into: Uint32Array | null, from: number, dropped: number): number {
  let index = 0;
  let out = 0;
  for (let range = 0; range < ranges.length; range += 2) {
    for (let word = (ranges[range] >>> 1) * 2; word + 1 < ranges[range + 1]; word += 2) {
      if (memory[word] < LEAST_PC || memory[word + 1] !== 0) continue;
      if (into && (index < from || index >= from + dropped)) {
        into[out++] = word * 4;
        into[out++] = memory[word];
      }
      index++;
    }
  }
  return index;
}
