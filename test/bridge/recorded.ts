/** What `record.ts` wrote, as the recorder said it. */
import type { RecordBatch, StateSamples } from '../../src/protocol/recording';

export interface Recorded {
  batches: RecordBatch[];
  /** By the judge program at each call of `capture`: its stack, as `truth` in snap.go writes it. */
  truths: string[];
}

type Listed = Record<string, number[]> & { state?: Record<keyof StateSamples, number[]> };

const stateOf = (state: Record<keyof StateSamples, number[]>) => ({
  ...state,
  ...{ rows: Float64Array.from(state.rows), goroutines: Float64Array.from(state.goroutines) },
});

export function readRecorded(text: string): Recorded {
  const { batches, truths } = JSON.parse(text) as { batches: Listed[]; truths: string[] };
  return {
    truths,
    batches: batches.map(
      (batch) =>
        ({
          ...batch,
          ...{ stacks: Int32Array.from(batch.stacks), entries: Int32Array.from(batch.entries) },
          ...{ counts: Float64Array.from(batch.counts), events: Int32Array.from(batch.events) },
          times: Float64Array.from(batch.times),
          ...(batch.state && { state: stateOf(batch.state) }),
        }) as unknown as RecordBatch,
    ),
  };
}
