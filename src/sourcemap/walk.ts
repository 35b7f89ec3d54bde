/**
 * Every place of a Go module that pclntab knows for sure, in order of module offset: where a body starts, each call (by its
 * return-PC literal, `go/scan.ts`) and the first instruction of each resume block. Function by function; nothing is kept.
 */
import { attempt } from '../bytes/malformed';
import type { Func } from '../go/pclntab';
import { BodyScanner } from '../go/scan';
import type { Program } from '../program';
import type { Place } from '../symbols/frame';

export interface Visitor {
  /** A body starts; null when no Go function is known for it. */
  body(offset: number, func: Func | null): void;
  /**
   * From here on `block` of `func` runs: most often the body's own function; another one after wasm-opt merged them.
   * @param head where the statement begins that leads here: before `offset` for a call in an arm of an `if`, which the
   *   compiler makes for a check (nil, bounds). That the statement has the same line is inferred
   * @param at the place itself, where an exact line table knows better than `block`
   */
  block(offset: number, func: Func, block: number, head: number, at?: Place): void;
  /** The body ends before this offset. */
  end(offset: number): void;
}

/** @returns bodies that could not be decoded, or whose function could not be read */
export function walk(program: Program, visitor: Visitor, visit: VisitBody = visitBlocks): number {
  const { module, go } = program;
  const outline = module.code();
  if (!outline.ok || !outline.value) return 0;
  const { offsets, sizes } = outline.value;
  const imported = module.importedFunctions();
  let failed = 0;
  for (let number = 0; number < offsets.length; number++) {
    const offset = offsets[number];
    const size = sizes[number];
    const [pcF = -1] = go.pcFsOf(imported + number);
    const func = pcF < 0 ? null : attempt(() => go.funcOf(pcF));
    visitor.body(offset, func);
    const body = { number, offset, bytes: module.bytes.subarray(offset, offset + size), func };
    if (attempt(() => visit(program, body, visitor)) === null) failed++;
    visitor.end(offset + size);
  }
  return failed;
}

/** A body that is walked over. */
export interface WalkedBody {
  /** Among defined functions. */
  number: number;
  /** In the module. */
  offset: number;
  bytes: Uint8Array;
  func: Func | null;
}

/** Tells the blocks of one body. @throws Malformed */
export type VisitBody = (program: Program, body: WalkedBody, visitor: Visitor) => true;

/** Read with again and again. */
const scanner = new BodyScanner();

export function visitBlocks(program: Program, { bytes, offset, func }: WalkedBody, visitor: Visitor): true {
  scanner.scan(bytes, offset, func?.pcF ?? -1);
  const { go } = program;
  const { calls, heads, pcFs, blocks, from } = scanner;
  const lines = go.lines();
  const size = func && lines.ok ? lines.value.pclntab.table(func.pcln).size : 0;
  let stretch = -1;
  let last = -1;
  for (let call = 0; call <= calls.length; call++) {
    const at = call < calls.length ? calls.at(call) : scanner.end;
    if (func) {
      // Stretches up to the call that surely belong to another block than the one before.
      while (stretch + 1 < from.length && from.at(stretch + 1) <= at) {
        const block = scanner.sure(++stretch, size);
        if (block < 0 || block === last) continue;
        last = block;
        const begin = from.at(stretch);
        visitor.block(begin, func, block, begin === at && call < calls.length ? heads.at(call) : begin);
      }
    }
    if (call === calls.length) break;
    const pcF = pcFs.at(call);
    if (pcF === 0 || (go.untouched && pcF !== func?.pcF)) continue;
    const callee = pcF === func?.pcF ? func : attempt(() => go.funcOf(pcF));
    // The call is at the block before the one it returns to (runtime/symtab.go: pc-1), except at a function's entry.
    if (callee) visitor.block(at, callee, Math.max(blocks.at(call) - 1, 0), heads.at(call));
  }
  return true;
}
