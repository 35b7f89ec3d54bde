/**
 * Frames named per second, warm: call sites drawn from all calls of the binary (fixed seed), each looked up once before.
 * Module offset in, functions, files and lines with inlined calls out.
 */
import { Program } from '../src/program';
import { esbuildWasm, randomCallSites } from './binary';
import type { Figure } from './figure';
import { cpuTime, median } from './statistics';

const SITES = 100_000;
const ROUNDS = 15;

export const symbolicate: Figure = {
  name: 'symbolicate',
  what: 'frames symbolicated per second, warm, random call sites of it',
  allowed: 500_000,
  bound: 'least',
  unit: '/s',
  async measure() {
    const bytes = esbuildWasm();
    const sites = randomCallSites(new Program(bytes), SITES);
    const program = new Program(bytes);
    const cold = rate(program, sites);
    const rates = Array.from({ length: ROUNDS }, () => rate(program, sites));
    const told = [Math.min(...rates), Math.max(...rates), cold].map((one) => Math.round(one).toLocaleString('en'));
    return {
      value: median(rates),
      details: `${told[0]}–${told[1]} in ${ROUNDS} rounds over ${SITES} sites; ${told[2]} the first time`,
    };
  },
};

/** @returns sites per second */
function rate(program: Program, sites: Float64Array): number {
  const start = cpuTime();
  let frames = 0;
  for (const site of sites) frames += program.locate(site)?.frames.length ?? 0;
  const seconds = (cpuTime() - start) / 1000;
  if (frames < sites.length) throw new Error(`${sites.length} call sites gave ${frames} frames`);
  return sites.length / seconds;
}
