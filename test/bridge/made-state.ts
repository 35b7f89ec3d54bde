/**
 * What a recorder sees in the memory of a made-up program: a heap that grows until it is collected, in cycles that take some
 * milliseconds, and goroutines that take turns. The same for the same calls.
 */
import { COLUMN, FULL_ROW } from '../../src/bridge/state';
import type { StateSamples } from '../../src/protocol/recording';

export const GO_CLOCK = 987.5;
const PAGE = 8192;
const MIB = 2 ** 20;
/** The heap after a cycle; the next one begins at twice as much, less what the runtime leaves for the time it takes. */
const KEPT = 9.4 * MIB;
const LIMIT = 17.1 * MIB;

export interface MadeState {
  /** Objects are allocated. */
  allocate(bytes: number): void;
  /** A goroutine runs from now on; 0 for none. */
  run(goid: number, time: number): void;
  /** The recorder looks. */
  look(time: number): void;
  take(): StateSamples;
}

/** @param clock the page's, which steps @param lasts milliseconds of the next cycle */
export function createState(clock: (time: number) => number, lasts: () => number): MadeState {
  const row = new Float64Array(FULL_ROW);
  let rows: number[] = [];
  let changes: number[] = [];
  let live = 6 * MIB;
  let ends = Number.POSITIVE_INFINITY;
  let running = 0;
  const ns = (time: number) => Math.round((time - GO_CLOCK) * 1e6);
  const state: MadeState = {
    allocate(bytes) {
      live += bytes;
    },
    run(goid, time) {
      if (goid === running) return;
      running = goid;
      changes.push(clock(time), goid);
    },
    look(time) {
      if (time >= ends) {
        ends = Number.POSITIVE_INFINITY;
        live = KEPT + (row[COLUMN.cycles] % 5) * 0.11 * MIB;
        row[COLUMN.heap2] = Math.round(live);
        row[COLUMN.tEnd] = ns(time);
        row[COLUMN.numgc]++;
      } else if (live >= LIMIT && row[COLUMN.cycles] === row[COLUMN.numgc]) {
        ends = time + lasts();
        row[COLUMN.heap0] = Math.round(live);
        row[COLUMN.tSweepTerm] = ns(time);
        row[COLUMN.cycles]++;
      }
      const inUse = Math.ceil((live * 1.1 + MIB) / PAGE) * PAGE;
      const heap = row[COLUMN.heapInUse] + row[COLUMN.heapFree];
      row[COLUMN.heapLive] = Math.round(live);
      row[COLUMN.heapInUse] = inUse;
      row[COLUMN.heapFree] = Math.max(heap, Math.ceil(inUse / (4 * MIB)) * 4 * MIB) - inUse;
      row[1] = inUse + row[COLUMN.heapFree] + 6.5 * MIB;
      row[0] = clock(time);
      rows.push(...row);
    },
    take() {
      const taken = {
        ...{ width: FULL_ROW, rows: Float64Array.from(rows), goroutines: Float64Array.from(changes) },
        ...{ goClock: GO_CLOCK, lost: 0 },
      };
      rows = [];
      changes = [];
      return taken;
    },
  };
  return state;
}
