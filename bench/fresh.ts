/**
 * The script of a fresh process, for what only happens once in one: the first open, the first validate, the growth of
 * memory. Prints one JSON value. Knows what it is told to do by its argument.
 */
import { Program } from '../src/program';
import { CALL_SITE, esbuildWasm } from './binary';
import { timeOpen, timeValidate } from './open';
import type { Job } from './process';
import { timeCompile, timeMake } from './sourcemap';

/** Bytes. */
export interface Growth {
  file: number;
  /** JavaScript heap and array buffers after a garbage collection, more than before. */
  kept: number;
  /** Highest resident size since the file was read, over the one at that time. */
  peak: number;
}

const JOBS: Record<Job, () => unknown> = {
  open: () => timeOpen(esbuildWasm()),
  validate: () => timeValidate(esbuildWasm()),
  memory: growth,
  sourcemap: () => timeMake(esbuildWasm()),
  compile: () => timeCompile(esbuildWasm()),
};

function growth(): Growth {
  const bytes = esbuildWasm();
  const before = used();
  const resident = process.memoryUsage.rss();
  const program = new Program(bytes);
  const located = program.locate(CALL_SITE);
  const after = used();
  // Asked again after the collection, so that nothing of it was garbage.
  if (!located || !program.locate(CALL_SITE)) throw new Error('the call site was not found');
  const peak = process.resourceUsage().maxRSS * 1024 - resident;
  return { file: bytes.length, kept: after - before, peak };
}

/** `external` counts array buffers too. */
function used(): number {
  for (let i = 0; i < 3; i++) globalThis.gc!();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

Promise.resolve(JOBS[process.argv[2] as Job]()).then((value) => console.log(JSON.stringify(value)));
