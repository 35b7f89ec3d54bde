/**
 * What a capture of the hook says: which goroutine stood where, and the walk of its stack.
 * Field offsets of g: src/go/layout.ts. All numbers come from the page and are only ever used as keys and table indexes.
 */
import { type GLayout, gLayout } from '../go/layout';
import { captureWords, type StackWords, type Start, type Unwound, unwind } from '../goroutines/unwind';
import type { Program } from '../program';
import type { Capture } from '../protocol/messages';
import type { Goroutine } from './failure';

interface G {
  low: number;
  high: number;
  sp: number;
  pc: number;
  m: number;
  id: number | null;
  parent: number | null;
  createdAt: number;
}

export class Moment {
  private readonly words: StackWords;
  private readonly gs: G[];

  constructor(
    private readonly program: Program,
    private readonly capture: Capture,
  ) {
    this.words = captureWords(capture.words);
    const layout = gLayout(program.go.version ?? '');
    this.gs = capture.gs.map(({ bytes }) => readG(bytes, layout)).filter((g) => g !== null);
  }

  get sp(): number {
    return this.capture.sp;
  }

  get at(): Capture['at'] {
    return this.capture.at;
  }

  /** The g whose stack holds SP: the running one, or g0 while it works for another. */
  private get current(): G | null {
    return this.gs.find((g) => g.low <= this.capture.sp && this.capture.sp < g.high) ?? null;
  }

  /** The goroutine this moment belongs to: the current g, or the one that g0 works for. */
  private user(id: number | null = null): G | null {
    const byId = id === null ? undefined : this.gs.find((g) => g.id === id);
    if (byId) return byId;
    const current = this.current;
    if (current?.id !== 0) return current;
    return this.gs.find((g) => g !== current && g.m === current.m && g.id !== 0) ?? null;
  }

  /** Walks from a place on the current stack; where it meets the system stack's begin, on to the goroutine behind it. */
  walk(start: Start): Unwound {
    let used = false;
    return unwind(this.program, this.words, start, () => {
      const user = this.user();
      if (used || !user || user === this.current) return null;
      used = true;
      return schedOf(user);
    });
  }

  /** From an import call: its return PC lies at SP. */
  walkImport(): Unwound {
    return this.walkFrom(this.capture.sp);
  }

  /** @param address where a return PC lies */
  walkFrom(address: number): Unwound {
    const pc = this.words.word(address);
    if (pc === null) return { frames: [], complete: false, why: 'no return address was found at the stack pointer' };
    return this.walk({ pc, sp: address + 8 });
  }

  /**
   * The whole of one goroutine, by its number: from the import call where it runs itself, else from where it left off.
   * @returns null when this moment does not hold it
   */
  walkGoroutine(id: number): Unwound | null {
    const g = this.user(id);
    if (!g || (g.id !== null && g.id !== id)) return null;
    return g === this.current ? this.walkImport() : this.walk(schedOf(g));
  }

  /**
   * Number and origin of a goroutine, as far as this release's layout is known.
   * @param id its number where Go has told it; else the one that this moment belongs to
   */
  goroutine(state: string, id: number | null = null): Goroutine | null {
    const g = this.user(id);
    if (!g || (id !== null && g.id !== id)) return null;
    const made = g.createdAt > 0 ? this.program.framesOfReturn(g.createdAt)?.[0] : undefined;
    const createdBy = made
      ? { function: made.function, file: made.file, line: made.line, goroutine: g.parent || null }
      : null;
    return { id: g.id, state, createdBy };
  }
}

function schedOf(g: G): Start {
  return { pc: g.pc, sp: g.sp };
}

function readG(bytes: Uint8Array, layout: GLayout | null): G | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u64 = (offset: number) => {
    if (offset < 0 || offset + 8 > bytes.length) return 0;
    return view.getUint32(offset, true) + view.getUint32(offset + 4, true) * 2 ** 32;
  };
  if (bytes.length < 80) return null;
  return {
    low: u64(0),
    high: u64(8),
    m: u64(48),
    sp: u64(56),
    pc: u64(64),
    id: layout ? u64(layout.goid) : null,
    parent: layout && layout.parentGoid >= 0 ? u64(layout.parentGoid) : null,
    createdAt: layout ? u64(layout.gopc) : 0,
  };
}
