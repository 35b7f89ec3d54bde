/** Timed calls in the order in which they ended, in chunks of a fixed size: no list grows, and one that is full is handed on whole. */
import { add, take } from '../pristine';
import { F64, I32 } from './pristine';

enum Most {
  /** Events in a chunk: 57 KB, which a page posts in a fraction of a millisecond. */
  Chunk = 2048,
  /** Chunks that wait for the page to have a moment: 1.3 million events, 37 MB. */
  Waiting = 640,
}

export interface Chunk {
  /** Entry, depth, bytes. */
  events: Int32Array<ArrayBuffer>;
  /** Begin, end. */
  times: Float64Array<ArrayBuffer>;
}

export interface Events {
  add(entry: number, depth: number, bytes: number, begin: number, end: number): void;
  /** The oldest chunk; what there is of the last one too. */
  take(): Chunk;
  /** Whether there is something to take. */
  more(): boolean;
  /** Events that found no room. */
  dropped: number;
}

export function createEvents(): Events {
  const waiting: Chunk[] = [];
  const fresh = (): Chunk => ({ events: new I32(Most.Chunk * 3), times: new F64(Most.Chunk * 2) });
  let chunk = fresh();
  let count = 0;
  const events: Events = {
    dropped: 0,
    add(entry, depth, bytes, begin, end) {
      if (count === Most.Chunk) {
        if (waiting.length === Most.Waiting) {
          events.dropped++;
          return;
        }
        add(waiting, chunk, Most.Waiting);
        chunk = fresh();
        count = 0;
      }
      chunk.events[count * 3] = entry;
      chunk.events[count * 3 + 1] = depth;
      chunk.events[count * 3 + 2] = bytes;
      chunk.times[count * 2] = begin;
      chunk.times[count * 2 + 1] = end;
      count++;
    },
    more: () => waiting.length > 0 || count > 0,
    take() {
      if (waiting.length > 0) return take(waiting, 0);
      // Copied, so that little is posted where there is little.
      const cut: Chunk = { events: new I32(count * 3), times: new F64(count * 2) };
      for (let i = 0; i < count * 3; i++) cut.events[i] = chunk.events[i];
      for (let i = 0; i < count * 2; i++) cut.times[i] = chunk.times[i];
      count = 0;
      return cut;
    },
  };
  return events;
}
