/** What is counted: a number for each operation with a target from a stack, and columns of sums. */
import { F64, I32, imul } from './pristine';

enum Most {
  Entries = 131072,
  Tries = 32,
}

/** Columns of sums of an entry. */
export enum Sum {
  Calls,
  Bytes,
  /** Calls that were timed, their milliseconds, and those without what was called back meanwhile. */
  Timed,
  Total,
  Self,
  /** 1 when they have changed since they were told. */
  Touched,
  /** A cache line. */
  Count = 8,
}

/** Of these, what is told. */
const TOLD = Sum.Touched;

export interface Entries {
  /** @returns the number of an entry; 0 when it finds no room */
  of(operation: number, target: number, stack: number): number;
  /** By number times `Sum.Count`. Another array when it grows. */
  sums(): Float64Array;
  /** An entry whose sums have changed. */
  touch(entry: number): void;
  /** @returns new entries (operation, target, stack), and what was touched (number and sums) since the last call */
  take(): { entries: Int32Array<ArrayBuffer>; counts: Float64Array<ArrayBuffer> };
  lost: number;
}

const SLOTS = Most.Entries * 2;

export function createEntries(): Entries {
  const slots = new I32(SLOTS);
  let room = 1024;
  let keys = new I32(room * 3);
  let sums = new F64(room * Sum.Count);
  let count = 0;
  let told = 0;
  const list = new I32(Most.Entries + 1);
  let listed = 0;

  const grow = () => {
    const oldKeys = keys;
    const oldSums = sums;
    keys = new I32(room * 6);
    sums = new F64(room * 2 * Sum.Count);
    for (let i = 0; i < room * 3; i++) keys[i] = oldKeys[i];
    for (let i = 0; i < room * Sum.Count; i++) sums[i] = oldSums[i];
    room *= 2;
  };

  const entries: Entries = {
    lost: 0,
    of(operation, target, stack) {
      const hash = imul(operation + imul(target, 0x85ebca6b), 0x9e3779b1) ^ imul(stack, 0xc2b2ae35);
      let slot = (hash >>> 8) % SLOTS;
      for (let tries = 0; tries < Most.Tries; tries++) {
        const number = slots[slot];
        if (!number) {
          if (count === Most.Entries) break;
          if (++count === room) grow();
          slots[slot] = count;
          keys[count * 3] = operation;
          keys[count * 3 + 1] = target;
          keys[count * 3 + 2] = stack;
          return count;
        }
        const key = number * 3;
        if (keys[key] === operation && keys[key + 1] === target && keys[key + 2] === stack) return number;
        slot = (slot + 1) % SLOTS;
      }
      entries.lost++;
      return 0;
    },
    sums: () => sums,
    touch(entry) {
      const at = entry * Sum.Count + Sum.Touched;
      if (sums[at]) return;
      sums[at] = 1;
      list[listed++] = entry;
    },
    take() {
      const size = (count - told) * 3;
      const fresh = new I32(size);
      for (let i = 0; i < size; i++) fresh[i] = keys[(told + 1) * 3 + i];
      told = count;
      const changed = new F64(listed * (TOLD + 1));
      let out = 0;
      for (let i = 0; i < listed; i++) {
        const entry = list[i];
        sums[entry * Sum.Count + Sum.Touched] = 0;
        changed[out++] = entry;
        for (let sum = 0; sum < TOLD; sum++) changed[out++] = sums[entry * Sum.Count + sum];
      }
      listed = 0;
      return { entries: fresh, counts: changed };
    },
  };
  return entries;
}
