/** The timed entries into Go of a recording (`run`, `resume`, callbacks, exports), in the order in which they began. */
import type { Capture } from './capture';
import { isEntry } from './profile';

export interface Entries {
  /** Which event of the capture each one is. */
  event: Int32Array;
  begin: Float64Array;
  end: Float64Array;
  /** Of timed calls around it. */
  depth: Int32Array;
  /** 1 for what a timer of Go's own resumed. */
  isTimer: Uint8Array;
}

export function readEntries(capture: Capture): Entries {
  const entering = capture.operations.map((name) => name !== '' && isEntry(name));
  const timer = capture.operations.indexOf('resume');
  const kinds = new Uint8Array(capture.entries);
  for (let i = 0; i < kinds.length; i++) {
    const { operation } = capture.entry(i);
    if (entering[operation]) kinds[i] = operation === timer ? 2 : 1;
  }
  const { events, times } = capture;
  const found: number[] = [];
  for (let i = 0; i * 2 < times.length; i++) if (kinds[events.at(i * 3)] !== 0) found.push(i);
  const begin = (i: number) => times.at(i * 2);
  const depth = (i: number) => events.at(i * 3 + 1);
  found.sort((a, b) => begin(a) - begin(b) || depth(a) - depth(b));
  return {
    event: Int32Array.from(found),
    begin: Float64Array.from(found, begin),
    end: Float64Array.from(found, (i) => times.at(i * 2 + 1)),
    depth: Int32Array.from(found, depth),
    isTimer: Uint8Array.from(found, (i) => (kinds[events.at(i * 3)] === 2 ? 1 : 0)),
  };
}

/** @param moments ascending @returns the event of the innermost entry in which each lies; -1 for none */
export function innermost({ event, begin, end }: Entries, moments: Float64Array): Int32Array {
  const around: number[] = [];
  let next = 0;
  return Int32Array.from(moments, (moment) => {
    for (; next < begin.length && begin[next] <= moment; next++) {
      while (around.length > 0 && end[around[around.length - 1]] < begin[next]) around.pop();
      around.push(next);
    }
    while (around.length > 0 && end[around[around.length - 1]] < moment) around.pop();
    return around.length > 0 ? event[around[around.length - 1]] : -1;
  });
}
