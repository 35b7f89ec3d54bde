/**
 * Every place of a Go module that pclntab knows for sure, in order of module offset: where a body starts, each call (by its
 * return-PC literal, `go/body.ts`) and the first instruction of each resume block. Function by function; nothing is kept.
 */
import { attempt } from '../bytes/malformed';
import { readBody } from '../go/body';
import type { Func } from '../go/pclntab';
import type { Program } from '../program';
import type { Place } from '../symbols/frame';

export interface Visitor {
  /** A body starts; null when no Go function is known for it. */
  body(offset: number, func: Func | null): void;
  /** From here on `block` of `func` runs: most often the body's own function; another one after wasm-opt merged them. */
  /** @param at the place itself, where an exact line table knows better than `block` */
  block(offset: number, func: Func, block: number, at?: Place): void;
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
    const done = attempt(() =>
      visit(program, module.bytes.subarray(offset, offset + size), offset, func, visitor, number),
    );
    if (done === null) failed++;
    visitor.end(offset + size);
  }
  return failed;
}

/** Tells the blocks of one body. @throws Malformed */
export type VisitBody = (
  program: Program,
  bytes: Uint8Array,
  offset: number,
  func: Func | null,
  visitor: Visitor,
  number: number,
) => true;

export function visitBlocks(
  program: Program,
  bytes: Uint8Array,
  offset: number,
  func: Func | null,
  visitor: Visitor,
): true {
  const { go } = program;
  const body = readBody(bytes, offset, func?.pcF ?? -1);
  const lines = go.lines();
  const size = func && lines.ok ? lines.value.pclntab.table(func.pcln).size : 0;
  let call = 0;
  const callsBefore = (next: number) => {
    for (; call < body.calls.length && body.calls[call] < next; call++) {
      const pc = body.returnPCs[call];
      if (pc === 0) continue;
      const pcF = Math.floor(pc / 0x10000);
      if (go.untouched && pcF !== func?.pcF) continue;
      const callee = pcF === func?.pcF ? func : attempt(() => go.funcOf(pcF));
      // The call is at the block before the one it returns to (runtime/symtab.go: pc-1), except at a function's entry.
      if (callee) visitor.block(body.calls[call], callee, Math.max((pc % 0x10000) - 1, 0));
    }
  };
  if (func) {
    body.eachBlock(size, (instruction, block) => {
      callsBefore(body.instructions[instruction]);
      visitor.block(body.instructions[instruction], func, block);
    });
  }
  callsBefore(Number.POSITIVE_INFINITY);
  return true;
}
