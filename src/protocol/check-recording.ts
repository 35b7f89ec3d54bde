/**
 * What the panel believes of a recording: every field of a `RecordBatch` looked at, and copied. The page can say anything it likes;
 * what the recorder would not say is null, and ends the recording. Whether the numbers of one batch stand for something is for
 * `bridge/capture.ts` to say, which has those before.
 *
 * And how much it takes: a page that floods costs its own recording only.
 */
import { copyOf, copyTexts, countStacks, isBag, isCount, isTime } from './fields';
import type { RecordBatch, StateSamples } from './recording';

/** What the recorder sends at most in one batch; see the enums `Most` in `hook/record/`. */
enum Most {
  /** A program may export functions of its own. */
  Operations = 4096,
  Targets = 8192,
  /** Characters of an operation, and of a target: 128 and a mark. */
  Operation = 1024,
  Target = 160,
  /** Words of stacks: PCs, and their counts. */
  Stacks = 4194304 + 65536,
  Entries = 131072,
  Events = 16384,
  Depth = 128,
  /** Rows of what was seen in memory, the numbers of one, and changes of goroutine. */
  Rows = 65536,
  RowWidth = 18,
  Switches = 1048576,
}

/** Numbers for each entry, what it is called on, its sums, each event, and the times of one. */
const ENTRY = 3;
const RECEIVER = 2;
const COUNTS = 6;
const EVENT = 3;
const TIMES = 2;
const PAIR = 2;

type Times = Float64Array<ArrayBuffer>;
type Numbers = Int32Array<ArrayBuffer>;

/** @returns a clean copy, or null when it is no batch of the recorder */
export function checkBatch(value: unknown): RecordBatch | null {
  if (!isBag(value)) return null;
  const { instance, number, now, origin, dropped, lost, clockStep, every, last, ...rest } = value;
  if (!isCount(instance) || !isCount(number) || number < 1 || !isTime(now) || !isTime(origin)) return null;
  if (!isCount(dropped) || !isCount(lost) || !isTime(clockStep) || !isCount(every) || every < 1) return null;
  const operations = copyTexts(rest.operations, Most.Operations, Most.Operation);
  const targets = copyTexts(rest.targets, Most.Targets, Most.Target);
  const stacks = checkInts(rest.stacks, 1, Most.Stacks);
  const entries = checkInts(rest.entries, ENTRY, Most.Entries);
  const receivers = checkInts(rest.receivers, RECEIVER, Most.Entries);
  const counts = checkFloats(rest.counts, COUNTS, Most.Entries + 1);
  const events = checkInts(rest.events, EVENT, Most.Events);
  const times = checkFloats(rest.times, TIMES, Most.Events);
  if (!operations || !targets || !stacks || !entries || !receivers || !counts || !events || !times) return null;
  if (typeof last !== 'boolean') return null;
  if (
    countStacks(stacks) < 0 ||
    !areNumbers(entries) ||
    !areNumbers(receivers) ||
    !areCounts(counts) ||
    !areEvents(events, times)
  )
    return null;
  const state = checkState(rest.state);
  if (rest.state !== undefined && !state) return null;
  return {
    ...(state && { state }),
    ...{ instance, number, now, origin, operations, targets, stacks, entries, receivers, counts, events, times },
    ...{ dropped, lost, clockStep, every, last },
  };
}

function checkState(value: unknown): StateSamples | null {
  if (!isBag(value)) return null;
  const { width, goClock, lost, ...rest } = value;
  if (!isCount(width) || width < 2 || width > Most.RowWidth || !isTime(goClock) || !isCount(lost)) return null;
  const rows = checkFloats(rest.rows, width, Most.Rows);
  const goroutines = checkFloats(rest.goroutines, PAIR, Most.Switches);
  if (!rows || !goroutines || !rows.every(Number.isFinite) || !goroutines.every(Number.isFinite)) return null;
  return { width, goClock, lost, rows, goroutines };
}

function checkInts(value: unknown, each: number, most: number): Numbers | null {
  const column = copyOf(value, Int32Array, each * most);
  return column && column.length % each === 0 ? column : null;
}

function checkFloats(value: unknown, each: number, most: number): Times | null {
  const column = copyOf(value, Float64Array, each * most);
  return column && column.length % each === 0 ? column : null;
}

function areNumbers(numbers: Numbers): boolean {
  for (let i = 0; i < numbers.length; i++) if (numbers[i] < 0) return false;
  return true;
}

/** Number, calls, bytes, calls timed, their milliseconds, those without what they called back: may be less than none. */
function areCounts(counts: Times): boolean {
  for (let i = 0; i < counts.length; i += COUNTS) {
    for (let k = 0; k < 4; k++) if (!isCount(counts[i + k])) return false;
    if (!isTime(counts[i + 4]) || !Number.isFinite(counts[i + 5])) return false;
  }
  return true;
}

function areEvents(events: Numbers, times: Times): boolean {
  if (events.length / EVENT !== times.length / TIMES) return false;
  for (let i = 0; i < events.length; i += EVENT) {
    if (events[i] < 0 || events[i + 1] < 0 || events[i + 1] >= Most.Depth) return false;
  }
  for (let i = 0; i < times.length; i += TIMES) {
    if (!isTime(times[i]) || !isTime(times[i + 1]) || times[i + 1] < times[i]) return false;
  }
  return true;
}

/** What is taken of the recording of one document. */
enum Limit {
  /** Batches a second, in the mean: the recorder sends 12 of each program, and some hundreds while it has much to say. */
  Batches = 2000,
  /** Bytes a second, in the mean: far more than the recorder can send. */
  Bytes = 500000000,
  /** Bytes in all: 19 million timed calls. */
  Total = 536870912,
  /** Seconds' worth that may come at once. */
  Burst = 2,
}

export interface RecordingBudget {
  /**
   * @param size of a checked batch, `sizeOf`; 0 for one that is not checked yet
   * @param now milliseconds
   * @returns why it is not taken, in one sentence; '' when it is
   */
  take(size: number, now: number): string;
}

export function recordingBudget(): RecordingBudget {
  let batches = Limit.Batches * Limit.Burst;
  let bytes = Limit.Bytes * Limit.Burst;
  let total = Limit.Total;
  let latest: number | null = null;
  return {
    take(size, now) {
      const seconds = Math.max(0, now - (latest ?? now)) / 1000;
      latest = now;
      batches = Math.min(Limit.Batches * Limit.Burst, batches + seconds * Limit.Batches);
      bytes = Math.min(Limit.Bytes * Limit.Burst, bytes + seconds * Limit.Bytes);
      if (size === 0) batches--;
      bytes -= size;
      total -= size;
      if (total < 0) return `The recording is over ${Math.round(Limit.Total / 2 ** 20)} MB: it ends here.`;
      return batches < 0 || bytes < 0 ? 'The page sends more than a recording can: it was ended.' : '';
    },
  };
}

/** Bytes that a batch takes, about. */
export function sizeOf(batch: RecordBatch): number {
  let size = 256;
  for (const text of batch.operations) size += 16 + 2 * text.length;
  for (const text of batch.targets) size += 16 + 2 * text.length;
  const { stacks, entries, receivers, counts, events, times } = batch;
  for (const column of [stacks, entries, receivers, counts, events, times]) size += column.byteLength;
  if (batch.state) size += batch.state.rows.byteLength + batch.state.goroutines.byteLength;
  return size;
}
