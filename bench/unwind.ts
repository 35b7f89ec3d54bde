/**
 * A goroutine's stack unwound from a capture of the hook, and all of it named, as the panel does for every failure. The
 * capture is a real one: the judge program's, from the moment it called JavaScript. From bytes of the capture to frames.
 */
import { Moment } from '../src/failures/capture';
import { Program } from '../src/program';
import type { Capture } from '../src/protocol/messages';
import { openFixture } from '../test/fixtures/open';
import { runFixture } from '../test/fixtures/run';
import type { Figure } from './figure';
import { cpuTime, median } from './statistics';

const FIXTURE = 'go1.27/judge-stripped';
const FRAMES = 20;
const ROUNDS = 31;
const PER_ROUND = 2000;

export const unwind: Figure = {
  name: 'unwind',
  what: `full goroutine stack of ${FRAMES} frames unwound and named`,
  allowed: 100,
  bound: 'most',
  unit: 'µs',
  async measure() {
    const program = new Program(openFixture(FIXTURE));
    const { frames, captures } = await nearest(program);
    const scale = FRAMES / frames;
    const cold = new Program(openFixture(FIXTURE));
    if (!cold.go.lines().ok) throw new Error(`${FIXTURE} has no lines`);
    const start = performance.now();
    stack(cold, captures[0]);
    const first = (performance.now() - start) * 1000;
    const times = Array.from({ length: ROUNDS }, () => time(program, captures));
    const [low, high] = [Math.min(...times), Math.max(...times)].map((one) => (one * scale).toFixed(1));
    return {
      value: median(times) * scale,
      details:
        `${low}–${high} µs in ${ROUNDS} rounds over ${captures.length} captures of ${frames} frames, scaled to ${FRAMES}; ` +
        `${(first * scale).toFixed(0)} µs the first time in a binary`,
    };
  },
};

/** The captures whose stacks come nearest to FRAMES frames: what each stack costs by itself is then scaled least. */
async function nearest(program: Program): Promise<{ frames: number; captures: Capture[] }> {
  const { snaps } = await runFixture(FIXTURE, ['all']);
  const sized = snaps.map(({ capture }) => ({ capture, frames: stack(program, capture) }));
  const frames = sized.reduce(
    (best, one) => (Math.abs(one.frames - FRAMES) < Math.abs(best - FRAMES) ? one.frames : best),
    Number.POSITIVE_INFINITY,
  );
  if (frames < FRAMES / 2 || frames > FRAMES * 2) throw new Error(`${FIXTURE} has no stack of about ${FRAMES} frames`);
  return { frames, captures: sized.filter((one) => one.frames === frames).map(({ capture }) => capture) };
}

/** @returns microseconds per stack */
function time(program: Program, captures: Capture[]): number {
  const start = cpuTime();
  for (let i = 0; i < PER_ROUND; i++) stack(program, captures[i % captures.length]);
  return ((cpuTime() - start) * 1000) / PER_ROUND;
}

/** @returns number of physical frames */
function stack(program: Program, capture: Capture): number {
  const { frames, complete, why } = new Moment(program, capture).walkImport();
  if (!complete) throw new Error(why);
  for (const { pc } of frames) if (!program.framesOfReturn(pc)) throw new Error(`no function has the PC ${pc}`);
  return frames.length;
}
