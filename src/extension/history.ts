/**
 * What happened in one document, kept for a panel that opens later. Bounded: a page may fail a million times with nobody
 * looking. When full, the first events stay, because they hold the cause, and the latest, because they hold the present.
 * Knows sizes, not meanings.
 */
import type { HookEvent } from '../protocol/messages';

/** Most events kept, most bytes they may hold, and how many of the first are never given up for later ones. */
const MOST_EVENTS = 1000;
const MOST_BYTES = 24 * 2 ** 20;
const FIRST = 100;
/** Larger than this no event of ours is; a message of the browser could not carry it. */
const LARGEST = 48 * 2 ** 20;

export interface History {
  /** @returns false when the event is refused: it is none, or too large to be sent */
  add(event: HookEvent): boolean;
  after(seq: number): HookEvent[];
}

export function createHistory(): History {
  const kept: { event: HookEvent; size: number }[] = [];
  let bytes = 0;
  return {
    add(event) {
      const size = sizeOf(event, 0);
      if (!Number.isSafeInteger(event?.seq) || size > LARGEST) return false;
      kept.push({ event, size });
      bytes += size;
      while (kept.length > MOST_EVENTS || (bytes > MOST_BYTES && kept.length > 1)) {
        const [gone] = kept.splice(Math.min(FIRST, kept.length - 2), 1);
        bytes -= gone.size;
      }
      return true;
    },
    after: (seq) => kept.filter(({ event }) => event.seq > seq).map(({ event }) => event),
  };
}

/** About how many bytes a value takes when it is copied. Deeper than any event of ours it is refused as endless. */
function sizeOf(value: unknown, depth: number): number {
  if (typeof value === 'string') return 2 * value.length;
  if (ArrayBuffer.isView(value)) return value.buffer.byteLength;
  if (typeof value !== 'object' || value === null) return 8;
  if (depth > 5) return Number.POSITIVE_INFINITY;
  let size = 0;
  for (const part of Object.values(value)) {
    size += 16 + sizeOf(part, depth + 1);
    if (size > LARGEST) break;
  }
  return size;
}
