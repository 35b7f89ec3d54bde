/**
 * Looks at words of a Go program's linear memory while it is recorded: values that are kept as rows when they have changed, and
 * which goroutine runs. What the words are is not known here. The memory is the page's: what it says is only copied, and a
 * goroutine is believed that points back at the m it was found by.
 */
import type { StateProbes, StateSamples } from '../../protocol/recording';
import { add, take } from '../pristine';
import { F64, I32 } from './pristine';

enum Most {
  /** Words that are kept. */
  Words = 16,
  /** Rows in a chunk, and chunks that wait: 65,536 rows, 10 MB at most. */
  Rows = 512,
  RowChunks = 127,
  /** Changes of goroutine in a chunk, and chunks that wait: a million, 17 MB. */
  Switches = 4096,
  SwitchChunks = 255,
}

/** Milliseconds between rows of which nothing watched has changed; twice as many for each of so many chunks that wait. */
const APART = 1;
const CHUNKS_PER_DOUBLING = 16;

/** Of a row: the time, and bytes of linear memory. */
const BEFORE_WORDS = 2;
/** No goroutine runs; one does, but which is not known. */
const NONE = 0;
const UNKNOWN = -1;

export interface Samples {
  /** @returns whether something watched has changed since the last row */
  changed(words: Int32Array): boolean;
  /**
   * Something is known to happen at this time.
   * @param size bytes of linear memory @param inGo whether Go runs or was called from: else no goroutine does
   * @param since when the goroutine that runs is known to have run, unless Go was entered or left after that
   */
  at(words: Int32Array, size: number, time: number, inGo: boolean, since: number): void;
  /** Go was told its own time, ns since the epoch, somewhere from `begin` to `end`. @param at index of the word */
  clock(words: Int32Array, at: number, begin: number, end: number): void;
  /** The oldest chunk of each. */
  take(): StateSamples;
  more(): boolean;
}

/** Rows of some numbers each, in chunks of a fixed size: no list grows. */
function createRows(width: number, most: number, chunks: number) {
  const waiting: Float64Array<ArrayBuffer>[] = [];
  const rows = {
    chunk: new F64(most * width),
    count: 0,
    waits: 0,
    lost: 0,
    /** @returns whether one more fits into `chunk` */
    room(): boolean {
      if (rows.count < most) return true;
      if (waiting.length === chunks) {
        rows.lost++;
        return false;
      }
      add(waiting, rows.chunk, chunks);
      rows.waits = waiting.length;
      rows.chunk = new F64(most * width);
      rows.count = 0;
      return true;
    },
    take(): Float64Array<ArrayBuffer> {
      if (waiting.length > 0) {
        rows.waits = waiting.length - 1;
        return take(waiting, 0);
      }
      const cut = new F64(rows.count * width);
      for (let i = 0; i < rows.count * width; i++) cut[i] = rows.chunk[i];
      rows.count = 0;
      return cut;
    },
  };
  return rows;
}

export function createSamples({ words: asked, watched, goroutine }: StateProbes): Samples {
  const count = asked.length < Most.Words * 2 ? asked.length >> 1 : Most.Words;
  const width = BEFORE_WORDS + count;
  /** Index of each word, and whether a second one belongs to it. */
  const places = new I32(count);
  const wide = new I32(count);
  for (let i = 0; i < count; i++) {
    places[i] = asked[i * 2] >>> 2;
    wide[i] = asked[i * 2 + 1] === 8 ? 1 : 0;
  }
  const looks = watched < count ? watched : count;
  const seen = new I32(Most.Words);
  const rows = createRows(width, Most.Rows, Most.RowChunks);
  const switches = createRows(2, Most.Switches, Most.SwitchChunks);
  const row = new F64(width);
  let looked = Number.NEGATIVE_INFINITY;
  let runs = NONE;
  let switched = 0;
  let goClock = 0;
  let closest = Number.POSITIVE_INFINITY;

  const u64 = (words: Int32Array, at: number) => (words[at + 1] >>> 0) * 2 ** 32 + (words[at] >>> 0);
  const changed = (words: Int32Array): boolean => {
    for (let i = 0; i < looks; i++) if (words[places[i]] !== seen[i]) return true;
    return false;
  };
  const keep = (words: Int32Array, size: number, time: number) => {
    looked = time;
    let differs = row[1] !== size;
    row[1] = size;
    for (let i = 0; i < count; i++) {
      const at = places[i];
      const value = wide[i] ? u64(words, at) : words[at] >>> 0;
      if (row[BEFORE_WORDS + i] === value) continue;
      row[BEFORE_WORDS + i] = value;
      differs = true;
    }
    for (let i = 0; i < looks; i++) seen[i] = words[places[i]];
    if (!differs || !rows.room()) return;
    row[0] = time;
    for (let i = 0, at = rows.count++ * width; i < width; i++) rows.chunk[at + i] = row[i];
  };
  const running = (words: Int32Array): number => {
    if (!goroutine) return NONE;
    const g = words[goroutine.curg >>> 2] >>> 0;
    if (g === 0) return NONE;
    if (g & 7 || words[(g + goroutine.gM) >>> 2] >>> 0 !== goroutine.m) return UNKNOWN;
    return u64(words, (g + goroutine.gGoid) >>> 2);
  };

  return {
    changed,
    at(words, size, time, inGo, since) {
      const apart = APART << (rows.waits / CHUNKS_PER_DOUBLING);
      if (time - looked >= apart || changed(words)) keep(words, size, time);
      const now = inGo ? running(words) : NONE;
      if (now === runs) return;
      runs = now;
      if (since <= switched) since = time;
      switched = since;
      if (!switches.room()) return;
      switches.chunk[switches.count * 2] = since;
      switches.chunk[switches.count++ * 2 + 1] = now;
    },
    clock(words, at, begin, end) {
      if (end - begin >= closest) return;
      closest = end - begin;
      goClock = (begin + end) / 2 - u64(words, at) / 1e6;
    },
    more: () => rows.waits + rows.count + switches.waits + switches.count > 0,
    take: () => ({
      width,
      rows: rows.take(),
      goroutines: switches.take(),
      goClock,
      lost: rows.lost + switches.lost,
    }),
  };
}
