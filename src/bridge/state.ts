/**
 * Which words of linear memory a recording looks at, for the collector, the heap and the goroutines of a program, and in which
 * order their values stand in its rows. Where they lie: `go/runtime-state.ts`.
 */
import type { CollectorState } from '../go/runtime-state';
import type { Program } from '../program';
import type { StateProbes } from '../protocol/recording';
import { ROW_STARTS } from './capture';

/** The words, and their bytes. The first two are watched: a cycle that begins or ends is seen at the next call. */
const WORDS: [name: keyof CollectorState, bytes: 4 | 8][] = [
  ['cycles', 4],
  ['numgc', 4],
  ['tSweepTerm', 8],
  ['tEnd', 8],
  ['heap0', 8],
  ['heap2', 8],
  ['heapLive', 8],
  ['heapInUse', 8],
  ['heapFree', 8],
  ['heapReleased', 8],
];

/** Numbers of a row in which all of the words stand. */
export const FULL_ROW = ROW_STARTS + WORDS.length;

/** Where each word stands in such a row. */
export const COLUMN = Object.fromEntries(WORDS.map(([name], i) => [name, ROW_STARTS + i])) as Record<
  keyof CollectorState,
  number
>;

/** What to ask for; of a program whose state cannot be found only the size of linear memory is told. */
export function stateProbes(program: Program): StateProbes {
  const collector = program.go.collectorState();
  const goroutine = program.go.goroutineState();
  const words = collector.ok ? WORDS.flatMap(([name, bytes]) => [collector.value[name], bytes]) : [];
  return {
    words: Int32Array.from(words),
    goroutine: goroutine.ok
      ? {
          curg: goroutine.value.curg,
          m: goroutine.value.m0,
          gM: goroutine.value.gM,
          gGoid: goroutine.value.gGoid,
        }
      : null,
  };
}
