/**
 * Timed calls as a track of Chrome's own Performance panel, while that records too: `console.timeStamp` with a begin and an end
 * puts them there, and nowhere a page could see (developer.chrome.com, Performance extensibility; Chromium 134 and later).
 */
import type { RecordBatch } from '../../protocol/recording';
import { apply, slice } from '../pristine';

const GROUP = 'Go WASM';
const TRACK = 'Calls between Go and JavaScript';

enum Most {
  /** Of one batch: a stamp takes a microsecond or two. */
  Stamps = 4000,
}

const { console: pristineConsole } = globalThis;
const { timeStamp } = pristineConsole as unknown as { timeStamp: () => void };

export interface Track {
  /** Remembers what a batch names; shows its calls while `on`. Those that the clock says took no time are left out. */
  take(batch: RecordBatch, on: boolean): void;
}

/** For one recording: numbers mean what its batches said. */
export function createTrack(): Track {
  const operations = [''];
  const targets = [''];
  const entries: number[] = [0, 0];
  let entryCount = 1;
  const labelOf = (entry: number) => {
    const operation = operations[entries[entry * 2]] ?? '';
    const target = targets[entries[entry * 2 + 1]];
    return target ? `${operation} ${target}` : operation;
  };
  return {
    take({ operations: named, targets: aimed, entries: keys, events, times }, on) {
      for (let i = 0; i < named.length; i++) operations[operations.length] = short(named[i]);
      for (let i = 0; i < aimed.length; i++) targets[targets.length] = aimed[i];
      for (let i = 0; keys[i] !== undefined; i += 3) {
        entries[entryCount * 2] = keys[i];
        entries[entryCount++ * 2 + 1] = keys[i + 1];
      }
      if (!on) return;
      let left = Most.Stamps;
      for (let i = 0; left && events[i * 3] !== undefined; i++) {
        const begin = times[i * 2];
        const end = times[i * 2 + 1];
        if (end <= begin) continue;
        left--;
        const colour = events[i * 3 + 1] & 1 ? 'tertiary' : 'primary';
        apply(timeStamp, pristineConsole, [labelOf(events[i * 3]), begin, end, TRACK, GROUP, colour]);
      }
    },
  };
}

/** Name of an operation without its package. */
function short(name: string): string {
  for (let i = name.length - 1; i >= 0; i--) if (name[i] === '.') return slice(name, i + 1);
  return name;
}
