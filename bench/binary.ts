/** The production binary that figures are about: esbuild-wasm 0.25.12, 12.3 MB, stripped, Go 1.23; and its call sites. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from '../src/program';
import { random } from './statistics';

export function esbuildWasm(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(join(process.env.GOWASM_ROOT ?? '.', 'node_modules/esbuild-wasm/esbuild.wasm')));
}

/** Module offset of a call in regexp.makeOnePass, halfway through the code, with two inlined callers. */
export const CALL_SITE = 0x257082;

/**
 * Module offsets of calls, drawn from all calls of the module, the same ones in every run.
 * @param program is warmed by this: not the one to measure
 */
export function randomCallSites(program: Program, count: number): Float64Array {
  const code = program.module.code();
  if (!code.ok || !code.value) throw new Error('the module has no code');
  const all: number[] = [];
  for (let i = 0; i < code.value.offsets.length; i++) {
    const body = program.locator.body(i);
    if (body) for (const offset of body.calls) all.push(offset);
  }
  const draw = random(12);
  return Float64Array.from({ length: count }, () => all[Math.floor(draw() * all.length)]);
}
