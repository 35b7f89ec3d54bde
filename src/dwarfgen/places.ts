/**
 * Where every instruction of a Go module belongs, in order of offset: what pclntab tells, as `symbols/locate.ts` answers it for one
 * offset. A call with its return-PC literal is sure; an instruction that may belong to several resume blocks has the place
 * of the first one, which is right most often, and says that it is not sure; where there is nothing to choose from, only the function
 * is known. An exact line table is asked first.
 */
import { attempt, Malformed, must } from '../bytes/malformed';
import { upperBound } from '../bytes/search';
import { readBody } from '../go/body';
import type { Lines } from '../go/lines';
import type { Func } from '../go/pclntab';
import type { ExactLines } from '../lines/exact';
import type { Program } from '../program';
import type { Frame } from '../symbols/frame';

export interface Visitor {
  /** A body starts; null when no Go function is known for it. */
  body(offset: number, func: Func | null): void;
  /**
   * From here on this is the place. Equal arrays are the same place.
   * @param func the function that `frames` end with: the body's own; after wasm-opt perhaps another one
   * @param frames innermost first @param sure false: the most likely of several
   */
  place(offset: number, func: Func, frames: Frame[], sure: boolean): void;
  /** From here on no more than the body's function is known. */
  unknown(offset: number): void;
  /** The body ends before this offset. */
  end(offset: number): void;
}

/** As in `symbols/locate.ts`: of more lines than these none is worth telling. */
const MOST_CANDIDATES = 64;

/** Frames that are read for each byte of the module: true ones need one for 40 bytes or more. */
const MOST_FRAMES = 0.25;
const LEAST_FRAMES = 1_000_000;
/** A stack that cannot be read takes the time of so many frames, for it is an exception. */
const FAILED_FRAMES = 16;

/** @returns bodies that could not be decoded, or whose function could not be read. @throws Malformed when it is not Go's */
export function visitPlaces(program: Program, visitor: Visitor): number {
  const { module, go } = program;
  const reading = new Reading(program, must(go.lines()));
  const exact = program.exactLines();
  const code = must(module.code());
  if (!code) return 0;
  const imported = module.importedFunctions();
  let failed = 0;
  for (let number = 0; number < code.offsets.length; number++) {
    const offset = code.offsets[number];
    const end = offset + code.sizes[number];
    const [pcF = -1] = go.pcFsOf(imported + number);
    const func = pcF < 0 ? null : attempt(() => go.funcOf(pcF));
    visitor.body(offset, func);
    const bytes = module.bytes.subarray(offset, end);
    const table = func && exact?.knows(number) ? exact : null;
    const read = table && func ? reading.runs(table, number, bytes, offset, func, visitor) : false;
    if (!read && !reading.body(bytes, offset, func, visitor)) failed++;
    visitor.end(end);
  }
  return failed;
}

class Reading {
  private framesLeft: number;

  constructor(
    private readonly program: Program,
    private readonly lines: Lines,
  ) {
    this.framesLeft = LEAST_FRAMES + MOST_FRAMES * program.module.bytes.length;
  }

  /** The places of an exact line table. @returns false when they could not be read; nothing was told then */
  runs(table: ExactLines, number: number, bytes: Uint8Array, offset: number, func: Func, visitor: Visitor): boolean {
    const told = attempt(() => {
      const { instructions } = readBody(bytes, offset, func.pcF);
      const places: [at: number, frames: Frame[]][] = [];
      table.eachStack(number, (instruction, frames) => {
        this.spend(frames.length, offset);
        if (instruction >= instructions.length) throw new Malformed('a line table of this build', offset);
        places.push([instructions[instruction], frames]);
      });
      return places;
    });
    for (const [at, frames] of told ?? []) {
      if (frames[0].line > 0) visitor.place(at, func, frames, true);
      else visitor.unknown(at);
    }
    return told !== null;
  }

  /** @returns false when something could not be read; from there on the visitor was told that nothing is known */
  body(bytes: Uint8Array, offset: number, func: Func | null, visitor: Visitor): boolean {
    // The vector of locals has the function's own place.
    let told = offset + 1;
    try {
      const body = readBody(bytes, offset, func?.pcF ?? -1);
      const stacks = func ? new Stacks(this.lines, func, (frames) => this.spend(frames, offset)) : null;
      let last = { low: -2, high: -2 };
      let call = 0;
      for (const at of body.instructions) {
        told = at + 1;
        if (body.calls[call] === at && this.call(at, body.returnPCs[call++], func, stacks, visitor)) {
          last = { low: -2, high: -2 };
          continue;
        }
        const range = (stacks && body.blocks(at, stacks.size)) ?? NOWHERE;
        if (range.low === last.low && range.high === last.high) continue;
        last = range;
        const { frames, sure } = stacks ? stacks.between(range.low, range.high) : NOTHING;
        if (func && frames) visitor.place(at, func, frames, sure);
        else visitor.unknown(at);
      }
      return true;
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      visitor.unknown(told);
      return false;
    }
  }

  /** @param pc that the call pushes; 0 for none @returns whether it tells where the call is */
  private call(at: number, pc: number, own: Func | null, stacks: Stacks | null, visitor: Visitor): boolean {
    if (pc === 0) return false;
    const { go } = this.program;
    const pcF = Math.floor(pc / 0x10000);
    // Of a module that no tool has touched, a literal of another function is a number of the program's.
    if (go.untouched && pcF !== own?.pcF) return false;
    const func = pcF === own?.pcF ? own : attempt(() => go.funcOf(pcF));
    if (!func) return false;
    // The call is at the block before the one it returns to (runtime/symtab.go: pc-1), except at a function's entry.
    const block = Math.max((pc % 0x10000) - 1, 0);
    const frames = func === own && stacks ? stacks.at(block) : attempt(() => this.lines.frames(func, block));
    this.spend(func === own ? 0 : (frames?.length ?? FAILED_FRAMES), at);
    if (!frames) return false;
    visitor.place(at, func, frames, true);
    return true;
  }

  private spend(frames: number, offset: number): void {
    this.framesLeft -= frames;
    if (this.framesLeft < 0) throw new Malformed('fewer inlined calls', offset);
  }
}

const NOWHERE = { low: -1, high: -1 };
const NOTHING = { frames: null, sure: false };

/** The stacks of one function: one for each run of blocks that its tables do not tell apart. */
class Stacks {
  /** Blocks in all. */
  readonly size: number;
  /** First block behind each run, and its frames; null where they cannot be read. */
  private readonly ends: number[] = [];
  private readonly frames: (Frame[] | null)[] = [];
  /** First run from here on whose line is known. */
  private readonly known: Int32Array;
  /** How often, up to this run, a stack with a line differed from the one before it. */
  private readonly changes: Int32Array;

  constructor(
    private readonly lines: Lines,
    private readonly func: Func,
    spend: (frames: number) => void,
  ) {
    const tables = lines.tables(func);
    this.size = tables.lines.size;
    for (let block = 0; block < this.size; ) {
      const frames = attempt(() => lines.frames(func, block));
      spend(frames?.length ?? FAILED_FRAMES);
      this.frames.push(frames);
      let end = this.size;
      for (const { ends } of [tables.files, tables.lines, tables.nodes]) {
        const next = upperBound(ends, block);
        if (next < ends.length && ends[next] < end) end = ends[next];
      }
      this.ends.push(end);
      block = end;
    }
    const count = this.ends.length;
    this.known = new Int32Array(count + 1).fill(count);
    this.changes = new Int32Array(count);
    for (let run = count - 1; run >= 0; run--) {
      this.known[run] = (this.frames[run]?.[0].line ?? 0) > 0 ? run : this.known[run + 1];
    }
    let last: Frame[] | null = null;
    for (let run = 0; run < count; run++) {
      const differs = this.known[run] === run && (last === null || !same(last, this.frames[run]!));
      if (this.known[run] === run) last = this.frames[run];
      this.changes[run] = (this.changes[run - 1] ?? 0) + (differs ? 1 : 0);
    }
  }

  /** Frames of one block; null when they cannot be read. */
  at(block: number): Frame[] | null {
    const run = upperBound(this.ends, block);
    return run < this.ends.length ? this.frames[run] : attempt(() => this.lines.frames(this.func, block));
  }

  /** The first stack with a line among blocks, both inclusive, and whether there is no other; null for none or too many. */
  between(low: number, high: number): { frames: Frame[] | null; sure: boolean } {
    if (low < 0 || low >= this.size) return NOTHING;
    const first = this.known[upperBound(this.ends, low)];
    const last = Math.min(upperBound(this.ends, high), this.ends.length - 1);
    if (first > last) return NOTHING;
    const others = this.changes[last] - this.changes[first];
    return others < MOST_CANDIDATES ? { frames: this.frames[first], sure: others === 0 } : NOTHING;
  }
}

function same(one: Frame[], other: Frame[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ function: name, line }, i) => name === other[i].function && line === other[i].line)
  );
}
