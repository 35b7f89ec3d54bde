/**
 * Which calls are timed. By itself: as many as cost a fiftieth of the program's time, by how many calls it makes and what a look at
 * the clock costs here; never in step with the program's own rhythm.
 */

import { min } from '../pristine';
import { ceil, F64, I32 } from './pristine';

/** Milliseconds over which calls are counted. */
const WINDOW = 20;
/** The part of the time that timing may take. */
const SHARE = 0.02;
/**
 * What it takes to time a call and to keep that, in looks at the clock: two, and as long as 40 in a program that works between its
 * calls, for by then code and data of ours have left the caches (`record-dom` of the bench, against one call in 4096).
 */
const LOOKS = 40;
const MOST = 4096;

export interface Pace {
  /** @returns whether this call is to be timed */
  next(): boolean;
  /** It is this time now: a call was timed, or Go is entered. */
  at(now: number): void;
  /** One call in so many. */
  every: number;
}

/** Looks at the clock that are enough where it moves with each, and those after which a clock that stands is given up. */
const ENOUGH_LOOKS = 200;
const MOST_LOOKS = 20_000;
const TRIES = 3;

/**
 * Watches the clock from one of its steps to the next, a tenth of a millisecond in most pages.
 * @returns milliseconds that a look takes: the least of some tries, for other work comes between
 */
export function lookCost(now: () => number): number {
  let least = oneTry(now);
  for (let tries = 1; tries < TRIES; tries++) least = min(least, oneTry(now));
  return least;
}

function oneTry(now: () => number): number {
  const start = now();
  let begin = start;
  for (let i = 0; begin === start && i < MOST_LOOKS; i++) begin = now();
  let looks = 0;
  let end = begin;
  for (; looks < ENOUGH_LOOKS || (end === begin && looks < MOST_LOOKS); looks++) end = now();
  return (end - begin) / looks;
}

/** @param fixed one in so many, 0 for by itself. @param look milliseconds that a look at the clock takes */
export function createPace(fixed: number, look: number): Pace {
  let left = 1;
  let calls = 0;
  const times = new F64(1);
  // In a typed array: of a variable with more than 31 bits, or with a fraction, the engine makes an object at each change.
  const random = new I32(1);
  random[0] = 0x2545f491;
  const pace: Pace = {
    every: fixed || 1,
    next() {
      calls++;
      if (--left > 0) return false;
      if (pace.every === 1) left = 1;
      else {
        let next = random[0];
        next ^= next << 13;
        next ^= next >>> 17;
        next ^= next << 5;
        random[0] = next;
        // From 1 to twice as many less one: `every` in the mean.
        left = (1 + ((next >>> 1) % (pace.every * 2 - 1))) | 0;
      }
      return true;
    },
    at(now) {
      const since = times[0];
      if (fixed || !(now - since >= WINDOW)) return;
      if (since) {
        const wanted = ceil(((calls / (now - since)) * look * LOOKS) / SHARE);
        pace.every = wanted < 1 ? 1 : wanted > MOST ? MOST : wanted | 0;
        // What was decided in a storm does not hold for the calm after it.
        if (left >= pace.every * 2) left = pace.every;
      }
      times[0] = now;
      calls = 0;
    },
  };
  return pace;
}
