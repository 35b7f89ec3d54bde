/** What the receivers of an entry's calls are: the same word for all that were looked at, or none. */
import { U8 } from '../pristine';
import { I32 } from './pristine';

enum Most {
  /** As in entries.ts. */
  Entries = 131072,
  /** Calls of an entry that are looked at. */
  Looks = 8,
}

export interface Receivers {
  /** A timed call of an entry, with the id of the ref that it is made on. */
  look(entry: number, id: number): void;
  /** @returns pairs of what has changed since the last call: entry, and the number of a name, 0 for several */
  take(): Int32Array<ArrayBuffer>;
}

/** @param numberOf of the word for the value with an id; 0 when that cannot be told */
export function createReceivers(numberOf: (id: number) => number): Receivers {
  const looks = new U8(Most.Entries + 1);
  const found = new I32(Most.Entries + 1);
  const list = new I32(Most.Entries * 2);
  let changed = 0;
  return {
    look(entry, id) {
      if (!entry || looks[entry] === Most.Looks) return;
      const number = numberOf(id);
      const first = looks[entry] === 0;
      looks[entry]++;
      if (!first && number === found[entry]) return;
      // Several, or one that nothing is known of: that is all there is to say.
      if (!first) looks[entry] = Most.Looks;
      found[entry] = first ? number : 0;
      list[changed++] = entry;
    },
    take() {
      const pairs = new I32(changed * 2);
      for (let i = 0; i < changed; i++) {
        pairs[i * 2] = list[i];
        pairs[i * 2 + 1] = found[list[i]];
      }
      changed = 0;
      return pairs;
    },
  };
}
