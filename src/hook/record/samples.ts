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

/** Milliseconds between rows in which nothing watched has changed; twice as many for each of so many chunks that wait. */
const APART = 1;
const CHUNKS_PER_DOUBLING = 16;

/** Of a row: the time, and bytes of linear memory. */
const BEFORE_WORDS = 2;
/** No goroutine runs; one does, but which is not known. */
const NONE = 0;
const UNKNOWN = -1;

export interface Samples {
  /** @returns whether one of the first two words has changed since the last row */
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

export function createSamples({ words: asked, goroutine }: StateProbes): Samples {
  const count = asked.length < Most.Words * 2 ? asked.length >> 1 : Most.Words;
  const width = BEFORE_WORDS + count;
  /** Index of each word, and whether a second one belongs to it. */
  const places = new I32(count);
  const wide = new I32(count);
  for (let i = 0; i < count; i++) {
    places[i] = asked[i * 2] >>> 2;
    wide[i] = asked[i * 2 + 1] === 8 ? 1 : 0;
  }
  // The two that are watched. Without any it is the word at 0, which Go does not use.
  const first = count > 0 ? places[0] : 0;
  const second = count > 1 ? places[1] : first;
  let firstSeen = 0;
  let secondSeen = 0;
  // Indexes of words.
  const curg = goroutine ? goroutine.curg >>> 2 : 0;
  const gM = goroutine ? goroutine.gM >>> 2 : 0;
  const gGoid = goroutine ? goroutine.gGoid >>> 2 : 0;
  const m = goroutine ? goroutine.m : 0;

  const rows = createRows(width, Most.Rows, Most.RowChunks);
  const switches = createRows(2, Most.Switches, Most.SwitchChunks);
  const row = new F64(width);
  let looked = Number.NEGATIVE_INFINITY;
  /** The g that runs, and the low word of its number. */
  let g = 0;
  let goid = 0;
  let runs = NONE;
  let switched = 0;
  let goClock = 0;
  let closest = Number.POSITIVE_INFINITY;

  const u64 = (words: Int32Array, at: number) => (words[at + 1] >>> 0) * 2 ** 32 + (words[at] >>> 0);
  const changed = (words: Int32Array): boolean => words[first] !== firstSeen || words[second] !== secondSeen;
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
    firstSeen = words[first];
    secondSeen = words[second];
    if (!differs || !rows.room()) return;
    row[0] = time;
    for (let i = 0, at = rows.count++ * width; i < width; i++) rows.chunk[at + i] = row[i];
  };
  const change = (now: number, time: number, since: number) => {
    if (now === runs) return;
    runs = now;
    switched = since > switched ? since : time;
    if (!switches.room()) return;
    switches.chunk[switches.count * 2] = switched;
    switches.chunk[switches.count++ * 2 + 1] = now;
  };

  return {
    changed,
    at(words, size, time, inGo, since) {
      if (time - looked >= APART || changed(words)) {
        const apart = APART << (rows.waits / CHUNKS_PER_DOUBLING);
        if (time - looked >= apart || changed(words)) keep(words, size, time);
      }
      const found = inGo && m ? words[curg] : 0;
      if (found === 0) {
        g = goid = 0;
        change(NONE, time, since);
        return;
      }
      const at = found >>> 2;
      // A g is used again for another goroutine.
      if (found === g && words[at + gGoid] === goid) return;
      g = found;
      goid = words[at + gGoid];
      const known = (found & 7) === 0 && words[at + gM] >>> 0 === m;
      change(known ? u64(words, at + gGoid) : UNKNOWN, time, since);
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
