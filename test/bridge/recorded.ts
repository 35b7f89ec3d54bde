/** What `record.ts` wrote, as the recorder said it. */
import type { RecordBatch } from '../../src/protocol/recording';

export interface Recorded {
  batches: RecordBatch[];
  /** By the judge program at each call of `capture`: its stack, as `truth` in snap.go writes it. */
  truths: string[];
}

export function readRecorded(text: string): Recorded {
  const { batches, truths } = JSON.parse(text) as { batches: Record<string, number[]>[]; truths: string[] };
  return {
    truths,
    batches: batches.map(
      (batch) =>
        ({
          ...batch,
          ...{ stacks: Int32Array.from(batch.stacks), entries: Int32Array.from(batch.entries) },
          ...{ counts: Float64Array.from(batch.counts), events: Int32Array.from(batch.events) },
          times: Float64Array.from(batch.times),
        }) as unknown as RecordBatch,
    ),
  };
}
