/**
 * The frames of one goroutine, read from its stack in linear memory. V8's stack holds only what ran since the last
 * resume; Go's own stack holds all of it.
 *
 * Source: runtime/traceback.go unwinder, cmd/internal/obj/wasm (1.11–1.27). On wasm a call pushes its return PC (8 bytes)
 * and the callee's frame lies below it, so with sp at a function's frame: return address at sp + pcsp(PC), the caller's
 * frame 8 above. Only words that can be PCs are ever read, so a capture may hold nothing else.
 */
import { floorIndex } from '../bytes/search';
import { funcIDs } from '../go/layout';
import type { Func } from '../go/pclntab';
import type { Program } from '../program';

/** The stack words at hand. */
export interface StackWords {
  /** @returns low word of the u64 at an 8-aligned address when its high word is 0; null when it is not at hand */
  word(address: number): number | null;
}

/** Where to begin. */
export interface Start {
  /** Return PC of the innermost frame (or, in `sched`, where it will go on). */
  pc: number;
  /** Go's stack pointer in the frame of that function. */
  sp: number;
}

export interface PhysicalFrame {
  /** Return PC: PC_F << 16 | block. */
  pc: number;
  sp: number;
  func: Func;
}

export interface Unwound {
  /** Innermost first. */
  frames: PhysicalFrame[];
  /** Ends where a goroutine or the runtime's own stack begins. */
  complete: boolean;
  /** Why not; '' when complete. */
  why: string;
}

/** Go refuses stacks over 1 GB (runtime/proc.go maxstacksize) and a frame takes at least its return PC. */
const MOST_FRAMES = 4_000_000;

/** Special functions of a program's release that end or bend a stack. */
export interface Bends {
  /** The frame under this one is the stack's begin. */
  ends: Set<number>;
  /** Work done on g0 for a goroutine: below it the walk goes on at that goroutine's sched. */
  systemstack: Set<number>;
  /** Marks where a goroutine left for the system stack; Go's own traces leave it out. */
  systemstackSwitch: number;
}

const bends = new WeakMap<Program, Bends>();

export function bendsOf(program: Program): Bends {
  let found = bends.get(program);
  if (!found) {
    const ids = funcIDs(program.go.version ?? '') ?? funcIDs('1.27')!;
    found = {
      ends: new Set([ids.goexit, ids.rt0_go, ids.mstart]),
      systemstack: new Set([ids.systemstack, ids.mcall, ids.morestack]),
      systemstackSwitch: ids.systemstack_switch,
    };
    bends.set(program, found);
  }
  return found;
}

/**
 * @param onSystemstack called when the walk on g0 reaches the function that switched to it; returns where the goroutine
 * left off, or null when that is not known
 */
export function unwind(
  program: Program,
  words: StackWords,
  start: Start,
  onSystemstack: () => Start | null = () => null,
): Unwound {
  const frames: PhysicalFrame[] = [];
  const { ends, systemstack } = bendsOf(program);
  const pclntab = program.go.pclntab();
  if (!pclntab.ok) return { frames, complete: false, why: pclntab.why };
  let { pc, sp } = start;
  for (;;) {
    const func = program.go.funcOf(Math.floor(pc / 0x10000));
    if (!func)
      return { frames, complete: false, why: `no Go function has the PC 0x${pc.toString(16)} found on the stack` };
    frames.push({ pc, sp, func });
    if (ends.has(func.funcID)) return { frames, complete: true, why: '' };
    if (frames.length === MOST_FRAMES) return { frames, complete: false, why: `more than ${MOST_FRAMES} frames` };
    if (systemstack.has(func.funcID)) {
      const next = onSystemstack();
      if (!next)
        return { frames, complete: false, why: 'the goroutine that switched to the system stack was not found' };
      if (next.sp === sp) return { frames, complete: false, why: 'the stack leads back to itself' };
      ({ pc, sp } = next);
      continue;
    }
    const delta = pclntab.value.table(func.pcsp).at(pc % 0x10000);
    if (delta < 0) return { frames, complete: false, why: `no frame size at PC 0x${pc.toString(16)}` };
    const next = words.word(sp + delta);
    if (next === null) return { frames, complete: false, why: 'the stack beyond this point was not copied' };
    pc = next;
    sp += delta + 8;
  }
}

/** Words as a capture holds them: pairs (address, low word) in any order. */
export function captureWords(pairs: Uint32Array): StackWords {
  const count = pairs.length >>> 1;
  let sorted = true;
  for (let i = 1; i < count && sorted; i++) sorted = pairs[i * 2] > pairs[i * 2 - 2];
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  if (!sorted) order.sort((a, b) => pairs[a * 2] - pairs[b * 2]);
  const addresses = Uint32Array.from(order, (i) => pairs[i * 2]);
  return {
    word(address) {
      const at = floorIndex(addresses, address);
      return at >= 0 && addresses[at] === address ? pairs[order[at] * 2 + 1] : null;
    },
  };
}

/** Words of a whole linear memory. */
export function memoryWords(bytes: Uint8Array): StackWords {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    word(address) {
      if (address < 0 || address % 8 !== 0 || address + 8 > bytes.length || view.getUint32(address + 4, true) !== 0)
        return null;
      return view.getUint32(address, true);
    },
  };
}
