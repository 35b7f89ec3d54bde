/**
 * The frame sizes of a program's functions as a table for the recorder in the page, which walks goroutine stacks with it
 * (`hook/record/stacks.ts`), and what it must know of some functions. What cannot be read has no size: a walk ends there.
 *
 * Source: pcsp (runtime/symtab.go funcspdelta), `goroutines/unwind.ts`.
 */
import { Column } from '../bytes/column';
import { attempt } from '../bytes/malformed';
import { moduledataLayout } from '../go/layout';
import { findModuledata } from '../go/moduledata';
import { FIRST_PC_F } from '../go/pclntab';
import { bendsOf } from '../goroutines/unwind';
import type { Program } from '../program';
import { type FrameTable, FunctionKind, type Proof } from '../protocol/binary';

const HANDLE_EVENT = 'syscall/js.handleEvent';
const BRIDGE = /^syscall\/js\./;

/** @returns null for a program without a pclntab that can be read */
export function frameTable(program: Program): FrameTable | null {
  const pclntab = program.go.pclntab();
  if (!pclntab.ok) return null;
  const { ends, systemstack } = bendsOf(program);
  const { count } = pclntab.value;
  const index = new Int32Array(count);
  const kinds = new Uint8Array(count);
  const runs = new Column();
  for (let i = 0; i < count; i++) {
    index[i] = runs.length;
    const func = attempt(() => program.go.funcOf(FIRST_PC_F + i));
    const table = func && !systemstack.has(func.funcID) ? attempt(() => pclntab.value.table(func.pcsp)) : null;
    for (let run = 0; table && run < table.ends.length; run++) {
      runs.push(table.ends[run]);
      runs.push(table.values[run]);
    }
    runs.push(1 << 16);
    runs.push(-1);
    if (!func) continue;
    const name = pclntab.value.name(func.nameOff);
    if (ends.has(func.funcID)) kinds[i] = FunctionKind.Ends;
    else if (name === HANDLE_EVENT) kinds[i] = FunctionKind.HandlesEvent;
    else if (BRIDGE.test(name)) kinds[i] = FunctionKind.Bridge;
  }
  return { index, runs: Int32Array.from(runs.slice()), kinds };
}

/**
 * Where strings never change: types, literals and tables stand before the data that is written (cmd/link/internal/ld/data.go
 * dodata). Both 0 when that place is not known.
 */
export function staticRange(program: Program): { staticLow: number; staticHigh: number } {
  const none = { staticLow: 0, staticHigh: 0 };
  const layout = moduledataLayout(program.go.release ?? '');
  const image = program.go.image();
  const pclntab = program.go.pclntab();
  if (!layout || !image.ok || !pclntab.ok || layout.noptrdata < 0) return none;
  const at = attempt(() => findModuledata(image.value, pclntab.value));
  const high = at === null ? null : image.value.pointerOrNull(at + layout.noptrdata);
  // It must lie behind what is certainly not written.
  if (high === null || !image.value.has(high) || high <= pclntab.value.address) return none;
  return { staticLow: image.value.base, staticHigh: high };
}

/**
 * What tells the program's memory from every other's: its static data up to the end of its pclntab, which has the size of every
 * function's every frame. Go 1.27 writes to four words behind that which stand before the data that is written.
 * @returns null without a pclntab that can be read
 */
export function proofOf(program: Program): Proof | null {
  const image = program.go.image();
  const pclntab = program.go.pclntab();
  if (!image.ok || !pclntab.ok || !image.value.has(pclntab.value.lastFunc)) return null;
  const { base: low, words } = image.value;
  const high = pclntab.value.lastFunc - (pclntab.value.lastFunc % 4);
  let sum = 0;
  for (let at = 0; at < (high - low) / 4; at++) sum = (Math.imul(sum, 31) + words[at]) | 0;
  return { low, high, sum };
}
