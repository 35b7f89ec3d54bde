/** Recordings made up by hand, for tests. */
import { Capture } from '../../src/bridge/capture';
import type { RecordBatch } from '../../src/protocol/recording';

export interface Made {
  operation: string;
  target?: string;
  receiver?: string;
  /** Return PCs, innermost first. */
  pcs?: number[];
  whole?: boolean;
  calls: number;
  bytes?: number;
  timed?: number;
  totalMs?: number;
  selfMs?: number;
}

/** An event: number of the entry in `rows`, from 1; depth, bytes, begin, end. */
export type MadeEvent = [entry: number, depth: number, bytes: number, begin: number, end: number];

/** @returns one batch that says all of it */
export function batchOf(rows: Made[], events: MadeEvent[] = [], more: Partial<RecordBatch> = {}): RecordBatch {
  const operations: string[] = [];
  const targets: string[] = [];
  const numberOf = (list: string[], name: string) => list.indexOf(name) + 1 || list.push(name);
  const stacks: number[] = [];
  const entries: number[] = [];
  const counts: number[] = [];
  const receivers: number[] = [];
  let stack = 0;
  for (const [i, row] of rows.entries()) {
    const { operation, target = '', pcs = [], whole = true, calls, timed = calls, totalMs = 0, bytes = 0 } = row;
    if (pcs.length > 0) {
      stacks.push(whole ? pcs.length : -pcs.length, ...pcs);
      stack++;
    }
    const named = target ? numberOf(targets, target) : 0;
    entries.push(numberOf(operations, operation), named, pcs.length > 0 ? stack : 0);
    if (row.receiver) receivers.push(i + 1, numberOf(targets, row.receiver));
    counts.push(i + 1, calls, bytes, timed, totalMs, row.selfMs ?? totalMs);
  }
  return {
    instance: 1,
    number: 1,
    now: 1000,
    origin: 1.7e12,
    operations,
    targets,
    stacks: Int32Array.from(stacks),
    entries: Int32Array.from(entries),
    receivers: Int32Array.from(receivers),
    counts: Float64Array.from(counts),
    events: Int32Array.from(events.flatMap((event) => event.slice(0, 3))),
    times: Float64Array.from(events.flatMap((event) => event.slice(3))),
    dropped: 0,
    lost: 0,
    clockStep: 0.005,
    every: 1,
    last: true,
    ...more,
  };
}

export function captureOf(...args: Parameters<typeof batchOf>): Capture {
  const capture = new Capture();
  if (!capture.add(batchOf(...args))) throw new Error('refused');
  return capture;
}
