/**
 * Where is this module offset? Asks all that can name it in order of trust, and says who answered and how precisely: exact
 * line table, pclntab, DWARF, source map, name section.
 * Of pclntab: call sites are exact by the return-PC literal in front of the call; any other instruction has the lines of the resume
 * blocks it may belong to; function entry has only the function. Knows no stack text.
 */
import { attempt } from '../bytes/malformed';
import { type Body, readBody } from '../go/body';
import type { GoProgram } from '../go/program';
import { bodyAt } from '../wasm/code';
import type { Module } from '../wasm/module';
import type { Frame, Located, Place, Places, Via } from './frame';
import { Remembered } from './remembered';

/** Who may be attached; pclntab and the name section are the module's own. */
export type Attached = Exclude<Via, 'pclntab' | 'names'>;

/** More candidates than these help nobody; then only the function is told. */
const MOST_CANDIDATES = 64;

/**
 * Frames looked at for candidates in the life of one program, for each byte of it: a true instruction needs a few, and each
 * is looked at once; a hostile body gives each instruction 65,536 blocks, each with a deep nest of inlined calls.
 */
const MOST_EFFORT = 8;
const LEAST_EFFORT = 4_000_000;

/** Frames that are remembered, by call site; more than big programs have. */
const MOST_REMEMBERED = 1_000_000;

export class Locator {
  private readonly bodies = new Map<number, Body | null>();
  /** Frames by return PC: production stacks repeat, and one call site always reads the same. */
  private readonly returns = new Map<number, Frame[] | null>();
  private remembered = 0;
  private effort: number;
  private readonly located = new Remembered<Located | null>();
  private readonly attached = new Map<Attached, () => Places | null>();

  constructor(
    private readonly module: Module,
    private readonly go: GoProgram,
  ) {
    this.effort = LEAST_EFFORT + MOST_EFFORT * module.bytes.length;
  }

  /** Has another reader asked from now on. @param open called when it is needed; null when there is nothing to ask */
  attach(via: Attached, open: () => Places | null): void {
    this.attached.set(via, open);
    this.located.clear();
  }

  /** @returns null when the offset lies in no function, or nothing can name it. Shared: not to be written into */
  locate(offset: number): Located | null {
    let located = this.located.get(offset);
    if (located === undefined) {
      located = this.find(offset);
      this.located.set(offset, located);
    }
    return located;
  }

  private find(offset: number): Located | null {
    const outcome = this.module.code();
    if (!outcome.ok || !outcome.value) return null;
    const number = bodyAt(outcome.value, offset);
    if (number < 0) return null;
    const functionIndex = this.module.importedFunctions() + number;
    return (
      this.ask('exact', functionIndex, offset) ??
      this.byTable(functionIndex, this.body(number), offset) ??
      this.ask('dwarf', functionIndex, offset) ??
      this.ask('sourcemap', functionIndex, offset) ??
      this.named(functionIndex, offset)
    );
  }

  private ask(via: Attached, functionIndex: number, offset: number): Located | null {
    const named = this.attached.get(via)?.()?.locate(offset);
    return named ? { functionIndex, offset, via, ...named } : null;
  }

  private byTable(functionIndex: number, body: Body | null, offset: number): Located | null {
    const call = body ? body.callAt(body.instructionAt(offset)) : -1;
    if (body && call >= 0) {
      const pc = this.returnPC(functionIndex, body, call);
      const frames = pc > 0 ? this.framesOfReturn(pc) : null;
      if (frames) return { functionIndex, offset, via: 'pclntab', precision: 'exact', frames };
    }
    return this.within(functionIndex, body, offset);
  }

  /** The decoded body with this number among defined functions; null when it cannot be decoded. */
  body(number: number): Body | null {
    let body = this.bodies.get(number);
    if (body === undefined) {
      body = this.decode(number);
      this.bodies.set(number, body);
    }
    return body;
  }

  private decode(number: number): Body | null {
    const outcome = this.module.code();
    if (!outcome.ok || !outcome.value) return null;
    const start = outcome.value.offsets[number];
    const bytes = this.module.bytes.subarray(start, start + outcome.value.sizes[number]);
    const [pcF = -1] = this.go.pcFsOf(this.module.importedFunctions() + number);
    return attempt(() => readBody(bytes, start, pcF));
  }

  /**
   * The return PC that a call pushes; 0 when it pushes none. In a module that no tool has touched only the function's own
   * PCs count: any other constant is the program's.
   */
  returnPC(functionIndex: number, body: Body, call: number): number {
    const pc = body.returnPCs[call];
    if (pc === 0) return 0;
    const pcF = Math.floor(pc / 0x10000);
    if (this.go.untouched && this.go.pcFsOf(functionIndex)[0] !== pcF) return 0;
    return attempt(() => this.go.funcOf(pcF)) ? pc : 0;
  }

  /**
   * Frames of a return PC as it lies on Go's stack, innermost first. The call is at the block before
   * (runtime/symtab.go: pc-1), except at a function's entry, where morestack returns to.
   * @returns null when no Go function has it
   */
  framesOfReturn(pc: number): Frame[] | null {
    let frames = this.returns.get(pc);
    if (frames === undefined) {
      const block = pc % 0x10000;
      frames = this.framesOfBlock(Math.floor(pc / 0x10000), block > 0 ? block - 1 : 0);
      this.remembered += 1 + (frames?.length ?? 0);
      if (this.remembered > MOST_REMEMBERED) {
        this.returns.clear();
        this.remembered = 0;
      }
      this.returns.set(pc, frames);
    }
    return frames;
  }

  /** Frames of one block, innermost first; null when no Go function has it. */
  framesOfBlock(pcF: number, block: number): Frame[] | null {
    return attempt(() => {
      const func = this.go.funcOf(pcF);
      const lines = this.go.lines();
      return func && lines.ok ? lines.value.frames(func, block) : null;
    });
  }

  /** An instruction that is no exact call site: candidates, or only the function. */
  private within(functionIndex: number, body: Body | null, offset: number): Located | null {
    return attempt(() => {
      const lines = this.go.lines();
      const pcF = this.go.pcFsOf(functionIndex)[0];
      const func = pcF === undefined ? null : this.go.funcOf(pcF);
      if (!func || !lines.ok) return null;
      const found = { functionIndex, offset, via: 'pclntab' as const };
      const { size } = lines.value.pclntab.table(func.pcln);
      const range = body ? body.blocks(offset, size) : null;
      if (range && pcF !== undefined) {
        const stacks = this.stacksBetween(pcF, range.low, range.high);
        if (stacks.length > 0) {
          const candidates = stacks.map(([inner]): Place => ({ file: inner.file, line: inner.line }));
          return { ...found, precision: 'candidates' as const, frames: stacks[0], candidates: distinct(candidates) };
        }
      }
      const start = lines.value.start(func);
      const frame: Frame = { function: lines.value.functionName(func), ...start, inlined: false };
      return { ...found, precision: 'function' as const, frames: [frame] };
    });
  }

  /** Different stacks of the blocks from low to high; none when there are too many to be of use, or to be looked at. */
  private stacksBetween(pcF: number, low: number, high: number): Frame[][] {
    const stacks: Frame[][] = [];
    let last = '';
    for (let block = low; block <= high; block++) {
      const frames = this.framesOfBlock(pcF, block);
      this.effort -= frames?.length ?? 1;
      if (this.effort < 0) return [];
      if (!frames || frames[0].line === 0) continue;
      const key = frames.map((frame) => `${frame.function}:${frame.line}`).join('|');
      if (key === last) continue;
      last = key;
      stacks.push(frames);
      if (stacks.length > MOST_CANDIDATES) return [];
    }
    return stacks;
  }

  private named(functionIndex: number, offset: number): Located | null {
    const names = this.module.names();
    const name = names.ok ? names.value?.name(functionIndex) : null;
    if (!name) return null;
    const frame: Frame = { function: name, file: '', line: 0, inlined: false };
    return { functionIndex, offset, via: 'names', precision: 'function', frames: [frame] };
  }
}

function distinct(places: Place[]): Place[] {
  const seen = new Set<string>();
  return places.filter((place) => {
    const key = `${place.file}:${place.line}`;
    return !seen.has(key) && seen.add(key);
  });
}
