/**
 * Cycles of Go's collector out of what a recording saw of the runtime's counters. A cycle has begun when `work.cycles` is one more
 * than `memstats.numgc`, and has ended when they are equal again; the recorder looks at both at each call, and Go makes some
 * during each cycle, so none is missed but where rows were lost. Its moments are Go's own (runtime.nanotime); where the
 * page's clock contradicts them, when it was seen.
 *
 * Facts: runtime/mgc.go gcStart and gcMarkTermination (Go 1.21 to 1.27).
 */
import type { Outcome } from '../bytes/malformed';
import type { Capture } from './capture';
import { COLUMN } from './state';

export interface Cycles {
  /** As Go counts them, from 1 on. */
  number: Float64Array;
  /** Milliseconds of `performance.now()`; `end` is when the recording ended where the cycle had not. */
  begin: Float64Array;
  end: Float64Array;
  /** When it was first seen: while the call from outside ran that began it. */
  seen: Float64Array;
  /** 1 where begin and end are Go's own; else they are when the change was seen. */
  exact: Uint8Array;
  /** Bytes of the heap when it began, and what it found alive; NaN while it runs. */
  before: Float64Array;
  after: Float64Array;
  /** Cycles that ended unseen. */
  missed: number;
}

/** Milliseconds by which two clocks of one machine may differ, besides the page's step. */
const SLACK = 1;
/** runtime/sizeclasses.go: what the heap takes is whole pages. */
const PAGE = 8192;

interface Open {
  number: number;
  begin: number;
  before: number;
  seen: number;
}

/** @param capture with rows of all the collector's words (`state.ts`). The outcome fails where they cannot be what they are taken for */
export function readCycles(capture: Capture): Outcome<Cycles> {
  const { rows, rowWidth, goClock } = capture;
  const slack = SLACK + capture.clockStep;
  const found: (Open & { end: number; after: number; exact: boolean })[] = [];
  let missed = 0;
  let open = null as Open | null;
  let begun = -1;
  let ended = -1;
  for (let at = 0; at < rows.length; at += rowWidth) {
    const time = rows.at(at);
    const get = (name: keyof typeof COLUMN) => rows.at(at + COLUMN[name]);
    const cycles = get('cycles');
    const numgc = get('numgc');
    const wrong = contradiction(rows.at(at + 1), cycles, numgc, get);
    if (wrong || numgc < ended || cycles < begun) {
      return { ok: false, why: `what was taken for the collector's counters is not: ${wrong || 'they went back'}` };
    }
    if (ended >= 0 && numgc > ended) {
      const whole = cycles === numgc && get('tSweepTerm') <= get('tEnd');
      const one: Open | null =
        open?.number === numgc
          ? open
          : whole
            ? { number: numgc, begin: get('tSweepTerm'), before: get('heap0'), seen: time }
            : null;
      missed += numgc - ended - (one ? 1 : 0);
      if (one) {
        const [begin, end] = [one.begin / 1e6 + goClock, get('tEnd') / 1e6 + goClock];
        // What happens is seen late, never early.
        const exact = goClock !== 0 && begin <= one.seen + slack && begin <= end && end <= time + slack;
        found.push({ ...one, begin: exact ? begin : one.seen, end: exact ? end : time, after: get('heap2'), exact });
      }
      open = null;
    }
    if (cycles > numgc && open?.number !== cycles) {
      open = { number: cycles, begin: get('tSweepTerm'), before: get('heap0'), seen: time };
    }
    begun = cycles;
    ended = numgc;
  }
  if (open) {
    const begin = open.begin / 1e6 + goClock;
    const exact = goClock !== 0 && begin <= open.seen + slack;
    found.push({ ...open, begin: exact ? begin : open.seen, end: capture.now, after: Number.NaN, exact });
  }
  const column = (name: 'number' | 'begin' | 'end' | 'seen' | 'before' | 'after') =>
    Float64Array.from(found, (cycle) => cycle[name]);
  return {
    ok: true,
    value: {
      number: column('number'),
      begin: column('begin'),
      end: column('end'),
      seen: column('seen'),
      exact: Uint8Array.from(found, ({ exact }) => (exact ? 1 : 0)),
      before: column('before'),
      after: column('after'),
      missed,
    },
  };
}

/** What must be true at any moment. @returns what is not, in words; '' when all is well */
function contradiction(
  linear: number,
  cycles: number,
  numgc: number,
  get: (name: keyof typeof COLUMN) => number,
): string {
  if (cycles !== numgc && cycles !== numgc + 1) return `${cycles} cycles begun and ${numgc} ended`;
  if (get('heapInUse') % PAGE !== 0) return `a heap of ${get('heapInUse')} bytes`;
  const heap = get('heapInUse') + get('heapFree') + get('heapReleased');
  const most = Math.max(heap, get('heapLive'), get('heap0'), get('heap2'));
  // Not NaN either, which is what lies beyond the memory's end.
  return most <= linear ? '' : `${most} bytes of heap in ${linear} bytes of memory`;
}
