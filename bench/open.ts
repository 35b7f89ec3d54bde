/**
 * Opening a production binary and naming one frame, against the engine's own check of the same bytes. Every Program is a new
 * one; what stays warm from round to round is V8's code for ours, as in a panel that opens a second binary.
 */
import { Program } from '../src/program';
import { CALL_SITE, esbuildWasm } from './binary';
import type { Figure } from './figure';
import { compare, inTurn, tell } from './statistics';

const PLAN = { warmUp: 3, pairs: 25 };

export const open: Figure = {
  name: 'open',
  what: 'open esbuild-wasm 0.25.12 and symbolicate one frame, against WebAssembly.validate',
  allowed: 4,
  bound: 'most',
  unit: '×',
  async measure() {
    const bytes = esbuildWasm();
    const turns = await inTurn(
      PLAN,
      () => timeOpen(bytes),
      () => timeValidate(bytes),
    );
    return { value: compare(turns).ratio, details: tell(turns, 'open', 'validate') };
  },
};

/** @returns milliseconds */
export function timeOpen(bytes: Uint8Array): number {
  const start = performance.now();
  const located = new Program(bytes).locate(CALL_SITE);
  const time = performance.now() - start;
  if (located?.precision !== 'exact' || located.frames.length < 2) throw new Error('the call site was not found');
  return time;
}

/** @returns milliseconds */
export function timeValidate(bytes: Uint8Array<ArrayBuffer>): number {
  const start = performance.now();
  const valid = WebAssembly.validate(bytes);
  const time = performance.now() - start;
  if (!valid) throw new Error('the module is not valid');
  return time;
}
