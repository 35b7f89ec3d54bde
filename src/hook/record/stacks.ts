/**
 * Numbers for goroutine stacks: the return PCs from Go's stack pointer outward, found with the frame sizes of the program's
 * functions. What `goroutines/unwind.ts` does with all its care is done here some million times a second: the walk ends, and
 * says so, where the table has no answer.
 */
import type { FrameTable } from '../../protocol/binary';
import { I32, imul } from './pristine';

enum Most {
  /** Frames of a stack; a deeper one is cut at its outer end. */
  Frames = 512,
  Stacks = 65536,
  /** PCs of all stacks: 16 MB. */
  PCs = 4194304,
  Tries = 32,
}

/** Number of the first function: cmd/link/internal/wasm/asm.go. */
const FIRST_PC_F = 0x1000;
/** A word that begins what is known of a stack: its hash, then where its PCs begin, then its number. */
const SLOT = 3;

export interface Stacks {
  /**
   * @param words the memory
   * @returns the number of the stack whose innermost return PC stands at `sp`; 0 when it finds no room
   */
  at(words: Int32Array, sp: number): number;
  /** @returns the number of the stack of this one PC */
  of(pc: number): number;
  /** By number: PC_F of the function that the innermost syscall/js.handleEvent has called; 0 for none, and for its own package's. */
  handlers: Int32Array;
  /**
   * @param stack what `at` has returned last
   * @returns where the frame of the innermost syscall/js.handleEvent lies in memory; 0 for a stack without one
   */
  eventAt(stack: number): number;
  /** Where the return PCs stand that `at` has seen last, as indexes of words, and which they are. */
  places: Int32Array;
  pcs: Int32Array;
  /** @returns how many of them there are; 0 when the same words at the same places may be another stack's */
  settled(): number;
  /** Whether this is a PC of syscall/js, where that is known. */
  inBridge(pc: number): boolean;
  /** Whether a PC_F is that of a function, where that is known. */
  isFunction(pcF: number): boolean;
  /** Stacks are walked by this table from now on; null, as at first: only the innermost return PC counts. */
  use(frames: FrameTable | null): void;
  /** For each stack that is new since the last call the count of its PCs, negative when it is not whole, and the PCs. */
  take(): Int32Array<ArrayBuffer>;
  /** Calls whose stack found no room. */
  lost: number;
}

/** `FunctionKind` of protocol/recording.ts, which has no place in this bundle. */
enum Kind {
  Ends = 1,
  HandlesEvent = 2,
  Bridge = 3,
}

export function createStacks(): Stacks {
  let frames: FrameTable | null = null;
  const slots = new I32(Most.Stacks * 2 * SLOT);
  let room = 65536;
  let pool = new I32(room);
  let used = 0;
  let taken = 0;
  let count = 0;
  /** The stack last seen: where its PCs stood, and which. */
  const places = new I32(Most.Frames);
  const pcs = new I32(Most.Frames);
  let depth = 0;
  /** Its number, when the words at these places alone say that it is that one. */
  let settled = 0;

  const handlers = new I32(Most.Stacks + 1);
  /** By number: which frame is that of handleEvent, counted from 1. */
  const handleEvents = new I32(Most.Stacks + 1);

  const kindOf = (pc: number) => frames?.kinds[(pc >>> 16) - FIRST_PC_F];

  /** @returns whether the stack is whole */
  const walk = (words: Int32Array, from: number): number => {
    depth = 0;
    for (let at = from; depth < Most.Frames; ) {
      const pc = words[at];
      const number = (pc >>> 16) - FIRST_PC_F;
      const kind = frames ? frames.kinds[number] : 0;
      // Beyond the stack, or no PC.
      if (kind === undefined) return 0;
      places[depth] = at;
      pcs[depth++] = pc;
      if (!frames || kind === Kind.Ends) return kind;
      let run = frames.index[number];
      const block = pc & 0xffff;
      while (block >= frames.runs[run]) run += 2;
      const size = frames.runs[run + 1];
      // Also undefined: the table has no answer.
      if (!(size >= 0)) return 0;
      at += (size >> 2) + 2;
    }
    return 0;
  };

  const enter = (hash: number, whole: number): number => {
    let slot = (imul(hash, 0x9e3779b1) >>> 8) % (Most.Stacks * 2);
    for (let tries = 0; tries < Most.Tries; tries++) {
      const at = slot * SLOT;
      slot = (slot + 1) % (Most.Stacks * 2);
      const number = slots[at + 2];
      if (!number) {
        if (count === Most.Stacks || used + depth + 1 > Most.PCs) break;
        if (used + depth + 1 > room) {
          room *= 4;
          const larger = new I32(room);
          for (let i = 0; i < used; i++) larger[i] = pool[i];
          pool = larger;
        }
        slots[at] = hash;
        slots[at + 1] = used;
        slots[at + 2] = ++count;
        pool[used++] = whole ? depth : -depth;
        for (let i = 0; i < depth; i++) {
          pool[used++] = pcs[i];
          // Those further out wait for this one.
          if (handleEvents[count] || kindOf(pcs[i]) !== Kind.HandlesEvent) continue;
          handleEvents[count] = i + 1;
          if (i && kindOf(pcs[i - 1]) !== Kind.Bridge) handlers[count] = pcs[i - 1] >>> 16;
        }
        return count;
      }
      const start = slots[at + 1];
      if (slots[at] !== hash || pool[start] !== (whole ? depth : -depth)) continue;
      let same = 0;
      while (same < depth && pool[start + 1 + same] === pcs[same]) same++;
      if (same === depth) return number;
    }
    stacks.lost++;
    return 0;
  };

  const stacks: Stacks = {
    lost: 0,
    handlers,
    eventAt: (stack) => (handleEvents[stack] ? places[handleEvents[stack] - 1] : 0),
    at(words, sp) {
      const from = sp >>> 2;
      if (settled && places[0] === from) {
        let same = 0;
        while (same < depth && words[places[same]] === pcs[same]) same++;
        if (same === depth) return settled;
      }
      const whole = walk(words, from);
      let hash = whole;
      for (let i = 0; i < depth; i++) hash = imul(hash ^ pcs[i], 0x01000193);
      const found = depth ? enter(hash, whole) : 0;
      // Where the walk met what it did not know, another word may stand the next time.
      settled = whole || !frames || depth === Most.Frames ? found : 0;
      return found;
    },
    of(pc) {
      depth = 1;
      pcs[0] = pc;
      settled = 0;
      return enter(pc, 1);
    },
    inBridge: (pc) => kindOf(pc) === Kind.Bridge,
    isFunction: (pcF) => frames?.kinds[pcF - FIRST_PC_F] !== undefined,
    settled: () => (settled ? depth : 0),
    places,
    pcs,
    use(table) {
      frames = table;
      settled = 0;
    },
    take() {
      const size = used - taken;
      const fresh = new I32(size);
      for (let i = 0; i < size; i++) fresh[i] = pool[taken + i];
      taken = used;
      return fresh;
    },
  };
  return stacks;
}
