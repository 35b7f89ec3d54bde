/**
 * Which fixed addresses the code of one function reads, writes, or hands to a call: a package's variables, wherever the linker put
 * them. Follows constants over the operand stack and through locals as far as nothing joins: what may have come two ways is not
 * known. Knows no names and no layouts.
 *
 * Source: cmd/compile/internal/wasm/ssa.go and cmd/internal/obj/wasm (Go 1.21 to 1.27). An address is an i64.const, often kept in a
 * local, made an i32 in front of a load or store whose offset is added. Arguments of calls are stored under SP.
 */
import { Column } from '../bytes/column';
import { OP, Operators } from '../wasm/operators';

/** How a place is accessed: one of these and the bytes of a read or write. */
export const reads = (bytes: number) => bytes;
export const writes = (bytes: number) => 0x10 | bytes;
/** The address itself is stored where nobody knows: as an argument, most often. */
export const PASSED = 0x20;

/** Columns, in the order of the code. */
export interface Accesses {
  addresses: Column;
  how: Column;
  /** Of a write: the constant that is written; 0 when that is not known. */
  values: Column;
}

/** Bytes that loads (from 0x28) and stores (from 0x36) access, by opcode. */
const BYTES = [4, 8, 4, 8, 1, 1, 2, 2, 1, 1, 2, 2, 4, 4, 4, 8, 4, 8, 1, 2, 1, 2, 4];
const FIRST_LOAD = 0x28;
const I64_EXTEND_I32_S = 0xac;
const I64_EXTEND_I32_U = 0xad;
const I32_WRAP_I64 = 0xa7;
const I32_ADD = 0x6a;
const I64_ADD = 0x7c;
const LOCAL_TEE = 0x22;
const DROP = 0x1a;
const SELECT = 0x1b;

/** Numeric instructions of one operand; the others from 0x45 to 0xc4 take two. */
const ONE_OPERAND: [first: number, last: number][] = [
  [0x45, 0x45],
  [0x50, 0x50],
  [0x67, 0x69],
  [0x79, 0x7b],
  [0x8b, 0x91],
  [0x99, 0x9f],
  [0xa7, 0xc4],
];
const takesOne = (op: number) => ONE_OPERAND.some(([first, last]) => first <= op && op <= last);

/**
 * @param body bytes of one function body @param offset its module offset
 * @param low @param high addresses that count: from `low` to below `high`
 * @throws Malformed when its instructions cannot be read
 */
export function readAccesses(body: Uint8Array, offset: number, low: number, high: number): Accesses {
  const found: Accesses = { addresses: new Column(), how: new Column(), values: new Column() };
  const operators = new Operators(body, offset);
  const stack: number[] = [];
  const locals = new Map<number, number>();
  const counts = (address: number) => address >= low && address < high;
  const pop = () => stack.pop() ?? Number.NaN;
  const note = (address: number, how: number, value: number) => {
    if (!counts(address)) return;
    found.addresses.push(address);
    found.how.push(how);
    found.values.push(counts(value) ? value : 0);
  };
  while (operators.next()) {
    const { op, value } = operators;
    if (op === OP.i32Const || op === OP.i64Const) stack.push(value);
    else if (op === OP.localGet) stack.push(locals.get(value) ?? Number.NaN);
    else if (op === OP.localSet) locals.set(value, pop());
    else if (op === LOCAL_TEE) locals.set(value, stack[stack.length - 1] ?? Number.NaN);
    else if (op === OP.globalGet) stack.push(Number.NaN);
    else if (op === OP.globalSet || op === DROP) pop();
    else if (op >= FIRST_LOAD && op < OP.i32Store) {
      note(pop() + value, reads(BYTES[op - FIRST_LOAD]), 0);
      stack.push(Number.NaN);
    } else if (op >= OP.i32Store && op <= 0x3e) {
      const stored = pop();
      const base = pop();
      if (Number.isNaN(base)) note(stored, PASSED, 0);
      else note(base + value, writes(BYTES[op - FIRST_LOAD]), stored);
    } else if (op === I32_ADD || op === I64_ADD) stack.push(pop() + pop());
    else if (op === I32_WRAP_I64 || op === I64_EXTEND_I32_U || op === I64_EXTEND_I32_S) stack.push(pop());
    else if (op >= 0x45 && op <= 0xc4) {
      pop();
      if (!takesOne(op)) pop();
      stack.push(Number.NaN);
    } else if (op === SELECT) stack.push(pop() + pop() + pop() + Number.NaN);
    else if (op !== OP.nop) {
      // Something begins, ends, branches or is called. Go's assembler leaves nothing on the stack across it.
      stack.length = 0;
      if (op !== OP.block && op !== OP.if && op !== OP.br && op !== OP.brIf) locals.clear();
    }
  }
  return found;
}
