/**
 * Making the source map of a production binary against compiling it, and what a place takes in it. Node 20 compiles a
 * module lazily: the same work that a page waits for. Every Program is a new one; V8's code for ours stays warm, as in a panel that
 * opens a second binary; the first time in a process is told beside it.
 */
import { gzipSync } from 'node:zlib';
import { Program } from '../src/program';
import { type Made, makeSourceMap } from '../src/sourcemap/make';
import { sourceURL } from '../src/sourcemap/sources';
import { walk } from '../src/sourcemap/walk';
import { esbuildWasm } from './binary';
import type { Figure } from './figure';
import { fresh } from './process';
import { compare, inTurn, median, tell } from './statistics';

const PLAN = { warmUp: 3, pairs: 25 };
const FIRST = { warmUp: 0, pairs: 5 };

export const sourceMap: Figure = {
  name: 'sourcemap',
  what: 'make its source map, with scopes, against WebAssembly.compile',
  allowed: 10,
  bound: 'most',
  unit: '×',
  async measure() {
    const bytes = esbuildWasm();
    const turns = await inTurn(
      PLAN,
      () => timeMake(bytes),
      () => timeCompile(bytes),
    );
    const first = await inTurn(
      FIRST,
      () => fresh<number>('sourcemap'),
      () => fresh<number>('compile'),
    );
    const times = [first.tried, first.base].map((values) => `${median(values).toFixed(0)} ms`);
    return {
      value: compare(turns).ratio,
      details: `${tell(turns, 'make', 'compile')}; first in a process ${times.join(' against ')}`,
    };
  },
};

export const sourceMapSize: Figure = {
  name: 'sourcemap-size',
  what: 'bytes of its mappings for each call and resume block whose line they tell',
  allowed: 4,
  bound: 'most',
  unit: 'bytes',
  async measure() {
    const program = new Program(esbuildWasm());
    const { map, count } = makeSourceMap(program, sourceURL);
    const places = new Set<number>();
    walk(program, { body() {}, block: (offset) => places.add(offset), end() {} });
    const whole = JSON.stringify(map);
    const each = (size: number) => (size / count).toFixed(2);
    return {
      value: map.mappings.length / places.size,
      details:
        `${places.size} places in ${count} mappings: a place with the line of the one before it needs none. A mapping that is ` +
        `written: ${each(map.mappings.length)} bytes, ${each(gzipSync(map.mappings).length)} by gzip; ` +
        `with its share of scopes, names and sources ${each(whole.length)}, ${each(gzipSync(whole).length)} by gzip`,
    };
  },
};

/** @returns milliseconds */
export function timeMake(bytes: Uint8Array): number {
  const start = performance.now();
  const made: Made = makeSourceMap(new Program(bytes), sourceURL);
  const time = performance.now() - start;
  if (made.failed > 0 || made.count < 70_000) throw new Error(`${made.count} places, ${made.failed} functions unread`);
  return time;
}

/** @returns milliseconds */
export async function timeCompile(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
  const start = performance.now();
  await WebAssembly.compile(bytes);
  return performance.now() - start;
}
