/**
 * Copies out of a Go program's linear memory what unwinding needs later, in one synchronous turn. Interprets no more than it
 * takes to find the stacks: the first fields of runtime.g, which lie alike in every release from Go 1.11 to 1.27
 * (runtime/runtime2.go, pointers of 64 bits). `sched.g` points back to its own g once that g has been set up (newproc1 and
 * mstart1 in runtime/proc.go), which is how gs are told from other memory.
 * The memory is hostile: every address is checked against its size.
 */
import type { Capture } from '../protocol/messages';
import { min, U8, U32 } from './pristine';

/** Fields of runtime.g, in words of 32 bits; stack.lo comes first. */
enum G {
  LoHigh = 1,
  Hi = 2,
  HiHigh = 3,
  M = 12,
  MHigh = 13,
  SchedSp = 14,
  SchedG = 18,
  SchedGHigh = 19,
}

enum Limit {
  /** `G_BYTES` of messages.ts, which has no place in this bundle. */
  GBytes = 512,
  /** g0, the goroutine it works for, and some that wait. */
  Gs = 64,
  /** Pairs in `words`: 8 MB. Also the bytes looked at from SP on when no g is known. */
  Words = 1000000,
  /** When there are more, they are left out from here on. */
  Half = 500000,
  /** PCs are function << 16, and functions are numbered from 0x1000 (cmd/link/internal/wasm/asm.go). */
  LeastPC = 0x10000000,
}

/**
 * @param size bytes of `buffer`
 * @param sp Go's stack pointer: the argument of an import call (`import`), else the value of `getsp` (`event`)
 */
export function capture(buffer: ArrayBuffer, size: number, sp: number, at: Capture['at']): Capture {
  const memory = new U32(buffer, 0, size >>> 2);
  const all = findGs(memory, size);
  let current = 0;
  let m = 0;
  for (let i = 0; i < all.length; i++) {
    const g = all[i];
    // A dead goroutine may still name a stack that another one got; only a running one has an m.
    if (memory[g] <= sp && sp < memory[g + G.Hi] && !m) {
      current = g;
      m = memory[g + G.M];
    }
  }
  const gs: Capture['gs'] = [];
  /** From, to, from, to, …: the stacks, in words. */
  const ranges: number[] = [];
  // First those that run together, then those that wait: at a deadlock it is one of these that tells the story.
  for (let waiting = 0; current && waiting < 2; waiting++) {
    for (let i = 0; i < all.length && gs.length < Limit.Gs; i++) {
      const g = all[i];
      if ((memory[g + G.M] === m) === !!waiting) continue;
      gs[gs.length] = { address: g * 4, bytes: new U8(new U8(buffer, g * 4, Limit.GBytes)) };
      const top = g === current ? sp : memory[g + G.SchedSp];
      if (top < memory[g]) continue;
      ranges[ranges.length] = top >>> 2;
      ranges[ranges.length] = memory[g + G.Hi] >>> 2;
    }
  }
  if (!current) {
    ranges[0] = sp >>> 2;
    ranges[1] = min(sp + Limit.Words, size) >>> 2;
  }
  const count = copy(memory, ranges, null, 0, 0);
  const dropped = count - min(count, Limit.Words);
  const words = new U32((count - dropped) * 2);
  copy(memory, ranges, words, Limit.Half, dropped);
  return { sp, at, gs, words, dropped };
}

/** @returns indexes in `memory` of everything that looks like a g with a stack. */
function findGs(memory: Uint32Array, size: number): number[] {
  const found: number[] = [];
  const last = (size - Limit.GBytes) / 4;
  for (let g = 2; g < last; g += 2) {
    if (memory[g + G.SchedG] !== g * 4) continue;
    const lo = memory[g];
    const hi = memory[g + G.Hi];
    const high = memory[g + G.LoHigh] | memory[g + G.HiHigh] | memory[g + G.MHigh] | memory[g + G.SchedGHigh];
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
    for (let word = ranges[range] & -2; word + 1 < ranges[range + 1]; word += 2) {
      if (memory[word] < Limit.LeastPC || memory[word + 1] !== 0) continue;
      if (into && (index < from || index >= from + dropped)) {
        into[out++] = word * 4;
        into[out++] = memory[word];
      }
      index++;
    }
  }
  return index;
}
