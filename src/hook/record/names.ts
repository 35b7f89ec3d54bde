/**
 * Numbers for the names that calls carry: by address where a string lies in the module's static data, which never changes; else
 * by what it says, read at each call, for Go may build another one in the same place. Functions by the id of their ref.
 */
import { add, U8, utf8 } from '../pristine';
import { WRAPPER } from './functions';
import { I32, imul } from './pristine';

enum Most {
  /** Names that are told apart; slots of each table are twice as many. */
  Names = 8192,
  /** Bytes of a name; of a longer one the beginning and the length count. */
  Length = 128,
  /** Slots looked at. */
  Tries = 32,
  /** Ids of functions that are remembered, as many as there are slots. */
  Functions = 4096,
}

/** Three words for each slot: two that are compared, and the number. */
const SLOTS = Most.Names * 2;
const slotOf = (a: number, b: number) => (imul(a, 0x9e3779b1) ^ imul(b, 0x85ebca6b)) >>> 10;

export interface Names {
  /** @returns the number of a string in memory, 0 when there is no room or it lies outside */
  string(bytes: Uint8Array, pointer: number, length: number): number;
  /** @returns whether what a string there says never changes */
  still(pointer: number, length: number): boolean;
  /** @returns the number of the name of a function, 0 when that cannot be told */
  function(id: number): number;
  /** @returns the number of any text, 0 when there is no room */
  text(name: string): number;
  /** Go has let go of a ref once: another value may get its id. */
  forget(id: number): void;
  /** Number of `WRAPPER`, 0 until it was met. */
  wrapper: number;
  /** From `low` to `high` what memory says never changes: addresses. */
  use(low: number, high: number): void;
  /** Names that are new since the last call, in the order of their numbers. */
  take(): string[];
  /** Calls whose name found no room. */
  lost: number;
}

/** @param nameOf name of the function with an id, '' when that cannot be told */
export function createNames(nameOf: (id: number) => string): Names {
  let low = 0;
  let high = 0;
  const byAddress = new I32(SLOTS * 3);
  const byContent = new I32(SLOTS * 3);
  /** Bytes of each name, by number. */
  const contents: Uint8Array[] = [];
  const functions = new I32(Most.Functions * 2);
  const known = { __proto__: null } as unknown as Record<string, number>;
  let fresh: string[] = [];
  let count = 0;

  const enter = (name: string): number => {
    if (count === Most.Names) return 0;
    add(fresh, name, Most.Names + 1);
    return ++count;
  };

  const read = (bytes: Uint8Array, pointer: number, length: number): number => {
    const size = length < Most.Length ? length : Most.Length;
    let hash = length;
    for (let i = 0; i < size; i++) hash = imul(hash ^ bytes[pointer + i], 0x01000193);
    let slot = slotOf(hash, length);
    for (let tries = 0; tries < Most.Tries; tries++) {
      const at = (slot++ % SLOTS) * 3;
      const number = byContent[at + 2];
      if (!number) {
        const content = new U8(size);
        for (let i = 0; i < size; i++) content[i] = bytes[pointer + i];
        const entered = enter(utf8(content) + (length > size ? '…' : ''));
        if (!entered) break;
        contents[entered] = content;
        if (fresh[fresh.length - 1] === WRAPPER) names.wrapper = entered;
        byContent[at] = hash;
        byContent[at + 1] = length;
        byContent[at + 2] = entered;
        return entered;
      }
      if (byContent[at] !== hash || byContent[at + 1] !== length) continue;
      const content = contents[number];
      let same = 0;
      while (same < size && content[same] === bytes[pointer + same]) same++;
      if (same === size) return number;
    }
    names.lost++;
    return 0;
  };

  const names: Names = {
    lost: 0,
    wrapper: 0,
    still: (pointer, length) => pointer >= low && pointer + length <= high,
    string(bytes, pointer, length) {
      // Beyond the end of memory, or a length that no string has.
      if (bytes[pointer + length - 1] === undefined && length) return 0;
      if (!names.still(pointer, length)) return read(bytes, pointer, length);
      let slot = slotOf(pointer, length);
      for (let tries = 0; tries < Most.Tries; tries++) {
        const at = (slot++ % SLOTS) * 3;
        const number = byAddress[at + 2];
        if (!number) {
          const entered = read(bytes, pointer, length);
          byAddress[at] = pointer;
          byAddress[at + 1] = length;
          byAddress[at + 2] = entered;
          return entered;
        }
        if (byAddress[at] === pointer && byAddress[at + 1] === length) return number;
      }
      return read(bytes, pointer, length);
    },
    function(id) {
      const at = (id % Most.Functions) * 2;
      if (functions[at] === id && functions[at + 1]) return functions[at + 1];
      const name = nameOf(id);
      if (!name) return 0;
      const number = names.text(name);
      functions[at] = id;
      functions[at + 1] = number;
      return number;
    },
    text(name) {
      known[name] ||= enter(name);
      return known[name];
    },
    forget(id) {
      const at = (id % Most.Functions) * 2;
      if (functions[at] === id) functions[at + 1] = 0;
    },
    use(from, to) {
      low = from;
      high = to;
    },
    take() {
      const taken = fresh;
      fresh = [];
      return taken;
    },
  };
  return names;
}
