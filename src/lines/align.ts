/**
 * Lays one listed function over a body of the module: first byte by byte, so that there is no doubt that this is the code,
 * then instruction by instruction, so that each of the module's has the listed one it was made from.
 *
 * Source: cmd/internal/obj/wasm/wasmobj.go assemble (which instructions become none, one or two opcodes),
 * cmd/link/internal/wasm/asm.go asmb2 (the numbers that stand in the binary and not in the object). 1.11–1.27.
 */
import { Malformed } from '../bytes/malformed';
import { Reader } from '../bytes/reader';
import { Operators } from '../wasm/operators';
import { type Listed, operandHash } from './listing';
import { LISTED } from './opcodes';

/** A number of the module that is an address for which the listing has a symbol. */
export interface Linked {
  symbol: string;
  /** The symbol's address, without what is added to it. */
  address: number;
}

const SP = operandHash('SP');

const GLOBAL_GET = 0x23;
const GLOBAL_SET = 0x24;
const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const LOCAL_TEE = 0x22;
const CALL = 0x10;
const CALL_INDIRECT = 0x11;

/**
 * @param linked gets the addresses that the linker filled in
 * @returns whether the body is the listed code with numbers filled in where the listing says so
 */
export function sameCode(listed: Listed, body: Uint8Array, linked: Linked[]): boolean {
  const { code, size } = listed;
  let from = 0;
  let at = 0;
  const same = (to: number): boolean => {
    if (to > size || to < from || at + to - from > body.length) return false;
    while (from < to) if (code[from++] !== body[at++]) return false;
    return true;
  };
  const reader = new Reader(body);
  for (const { offset, kind, symbol, add } of listed.relocations) {
    if (!same(offset)) return false;
    reader.position = at;
    try {
      const value = reader.sleb64();
      if (kind === 'R_ADDR' || kind === '1') linked.push({ symbol, address: value - add });
    } catch (error) {
      if (error instanceof Malformed) return false;
      throw error;
    }
    at = reader.position;
  }
  return same(size) && at === body.length;
}

/** Which listed instruction each instruction of a body was made from. Reused from body to body. */
export class Alignment {
  count = 0;
  /** Index into the columns of `Listed`. */
  made = new Int32Array(1024);
  private opcodes = new Int32Array(1024);

  /** @returns whether every instruction of the body was made from a listed one, and none is left. @throws Malformed */
  align(listed: Listed, body: Uint8Array): boolean {
    this.decode(body);
    // Ordinary functions keep SP in a local; those of the runtime that have another signature do not.
    return (
      this.walk(listed, this.opcodes[0] === GLOBAL_GET && this.opcodes[1] === LOCAL_SET) || this.walk(listed, false)
    );
  }

  private decode(body: Uint8Array): void {
    if (this.opcodes.length < body.length) {
      this.opcodes = new Int32Array(body.length);
      this.made = new Int32Array(body.length);
    }
    const operators = new Operators(body, 0);
    this.count = 0;
    while (operators.next()) this.opcodes[this.count++] = operators.op;
  }

  /** @param localSP whether SP is kept in local 1, and read again after each call */
  private walk(listed: Listed, localSP: boolean): boolean {
    const { opcodes, made, count } = this;
    let at = 0;
    const take = (index: number) => {
      made[at++] = index;
    };
    if (localSP) {
      take(0);
      take(0);
    }
    for (let index = 0; index < listed.count; index++) {
      const listedOp = listed.opcodes[index];
      if (listedOp === LISTED.none || listedOp === LISTED.silent) continue;
      if (at >= count - 1) return false;
      const op = opcodes[at];
      if (listedOp === LISTED.get) {
        if (op !== LOCAL_GET && op !== GLOBAL_GET) return false;
        take(index);
      } else if (listedOp === LISTED.set) {
        take(index);
        if (op === LOCAL_TEE && localSP && listed.operands[index] === SP && opcodes[at] === GLOBAL_SET) take(index);
        else if (op === LOCAL_TEE) {
          // The next one is a Get of the same register, and becomes nothing.
          const next = index + 1;
          if (listed.opcodes[next] !== LISTED.get || next === listed.count) return false;
          if (listed.operands[next] !== listed.operands[index]) return false;
          index = next;
        } else if (op !== LOCAL_SET && op !== GLOBAL_SET) return false;
      } else {
        if (listedOp === LISTED.other ? op < 0xfc00 : listedOp !== op) return false;
        take(index);
        if (localSP && (op === CALL || op === CALL_INDIRECT) && opcodes[at] === GLOBAL_GET) {
          if (opcodes[at + 1] !== LOCAL_SET) return false;
          take(index);
          take(index);
        }
      }
    }
    // The `end` of the body itself, which the assembler writes last, belongs to no instruction: it counts as the last one's.
    if (at !== count - 1 || opcodes[at] !== 0x0b) return false;
    take(listed.count - 1);
    return true;
  }
}
