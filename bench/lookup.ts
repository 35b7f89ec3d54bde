/**
 * Where is this call? Asked of our reading of the binary itself, and of `SourceMapConsumer` over the map we made of it: the
 * same call sites, drawn from all calls (fixed seed). The consumer answers one place; ours, functions and inlined calls too.
 * Both are asked about each site once before, so that both are warm, and what is timed ends when the answer is in hand; what
 * ours takes the first time, when it decodes the function's body, is told beside it.
 */
import { SourceMapConsumer } from 'source-map';
import { Program } from '../src/program';
import { makeSourceMap } from '../src/sourcemap/make';
import { fileOf, sourceURL } from '../src/sourcemap/sources';
import { esbuildWasm, randomCallSites } from './binary';
import type { Figure } from './figure';
import { compare, cpuTime, inTurn, median } from './statistics';

const SITES = 20_000;
/** Of all sites, in one timing: a single one takes too little time to be measured. */
const ROUNDS = 10;
const PLAN = { warmUp: 2, pairs: 15 };

export const lookup: Figure = {
  name: 'lookup',
  what: 'look a call of it up, against SourceMapConsumer.originalPositionFor on its map',
  allowed: 10,
  bound: 'least',
  unit: '×',
  async measure() {
    const bytes = esbuildWasm();
    const sites = distinct(randomCallSites(new Program(bytes), SITES));
    const text = JSON.stringify(makeSourceMap(new Program(bytes), sourceURL).map);
    const consumer = await new SourceMapConsumer(text);
    const program = new Program(bytes);
    agree(program, consumer, sites);
    const theirs = (rounds: number) =>
      time(sites, rounds, (column) => consumer.originalPositionFor({ line: 1, column }));
    const ours = () => time(sites, ROUNDS, (offset) => program.locate(offset));
    const warm = await inTurn(PLAN, () => theirs(ROUNDS), ours);
    const lines = Array.from({ length: PLAN.pairs }, () =>
      time(sites, ROUNDS, (offset) => program.locate(offset)?.frames[0].line),
    );
    // A new program each time: nothing of the binary is remembered. The opening is not counted, nor is the consumer's.
    const unknown = () => {
      const fresh = new Program(bytes);
      fresh.go.lines();
      fresh.module.code();
      return time(sites, 1, (offset) => fresh.locate(offset));
    };
    const first = await inTurn({ warmUp: 2, pairs: 5 }, () => theirs(1), unknown);
    consumer.destroy();
    const micros = (values: number[]) => `${((median(values) * 1000) / sites.length).toFixed(2)} µs`;
    return {
      value: compare(warm).ratio,
      details:
        `${sites.length} sites; theirs ${micros(warm.tried)}, ours ${micros(warm.base)} from memory (${micros(lines)} when the ` +
        `line is looked at, too); ${micros(first.base)} the first time, which is ${compare(first).ratio.toFixed(2)}×`,
    };
  },
};

function distinct(sites: Float64Array): Int32Array {
  return Int32Array.from(new Set(sites));
}

/** @throws when both do not say the same */
function agree(program: Program, consumer: SourceMapConsumer, sites: Int32Array): void {
  for (const column of sites) {
    const { source, line } = consumer.originalPositionFor({ line: 1, column });
    const frame = program.locate(column)?.frames[0];
    const told = source === null ? null : `${decodeURI(fileOf(source))}:${line}`;
    if (program.locate(column)?.precision === 'exact' && told !== `${frame?.file}:${frame?.line}`) {
      throw new Error(`at ${column} the map says ${told}, pclntab ${frame?.file}:${frame?.line}`);
    }
  }
}

/** @returns milliseconds of this process for one round */
function time(sites: Int32Array, rounds: number, ask: (offset: number) => unknown): number {
  let answers = 0;
  const start = cpuTime();
  for (let round = 0; round < rounds; round++) for (const site of sites) if (ask(site)) answers++;
  const took = (cpuTime() - start) / rounds;
  if (answers !== sites.length * rounds) throw new Error(`${answers} answers`);
  return took;
}
