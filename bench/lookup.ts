/**
 * Where is this call? Asked of our reading of the binary itself, and of `SourceMapConsumer` over the map we made of it: the
 * same call sites, drawn from all calls (fixed seed). The consumer answers one place; ours, functions and inlined calls too.
 * Both are asked about each site once before, so that both are warm; what ours takes the first time is told beside it.
 */
import { SourceMapConsumer } from 'source-map';
import { Program } from '../src/program';
import { makeSourceMap } from '../src/sourcemap/make';
import { fileOf, sourceURL } from '../src/sourcemap/sources';
import { esbuildWasm, randomCallSites } from './binary';
import type { Figure } from './figure';
import { compare, inTurn, median } from './statistics';

const SITES = 20_000;
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
    const theirs = () => time(sites, (column) => consumer.originalPositionFor({ line: 1, column }).line);
    const program = new Program(bytes);
    const ours = () => time(sites, (offset) => program.locate(offset)?.frames[0].line);
    agree(program, consumer, sites);
    const warm = await inTurn(PLAN, theirs, ours);
    // A new program each time: nothing of the binary is remembered. The opening is not counted, nor is the consumer's.
    const first = await inTurn({ warmUp: 1, pairs: 5 }, theirs, () => {
      const unknown = new Program(bytes);
      unknown.go.lines();
      unknown.module.code();
      return time(sites, (offset) => unknown.locate(offset)?.frames[0].line);
    });
    consumer.destroy();
    const micros = (values: number[]) => `${((median(values) * 1000) / sites.length).toFixed(2)} µs`;
    return {
      value: compare(warm).ratio,
      details:
        `${sites.length} sites; theirs ${micros(warm.tried)}, ours ${micros(warm.base)} from memory, ` +
        `${micros(first.base)} the first time, which is ${compare(first).ratio.toFixed(2)}×`,
    };
  },
};

function distinct(sites: Float64Array): Float64Array {
  return Float64Array.from(new Set(sites));
}

/** @throws when both do not say the same */
function agree(program: Program, consumer: SourceMapConsumer, sites: Float64Array): void {
  for (const column of sites) {
    const { source, line } = consumer.originalPositionFor({ line: 1, column });
    const frame = program.locate(column)?.frames[0];
    const told = source === null ? null : `${decodeURI(fileOf(source))}:${line}`;
    if (program.locate(column)?.precision === 'exact' && told !== `${frame?.file}:${frame?.line}`) {
      throw new Error(`at ${column} the map says ${told}, pclntab ${frame?.file}:${frame?.line}`);
    }
  }
}

/** @returns milliseconds */
function time(sites: Float64Array, ask: (offset: number) => number | null | undefined): number {
  let lines = 0;
  const start = performance.now();
  for (const site of sites) lines += ask(site) ?? 0;
  const took = performance.now() - start;
  if (lines === 0) throw new Error('no line was told');
  return took;
}
