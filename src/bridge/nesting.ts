/**
 * The timed calls of a recording as the tree that they are. A recording has them in the order in which they ended, with their
 * depths; some may be missing, where the recorder had no room.
 */
import type { Capture } from './capture';

/**
 * @returns begins and ends in the order in which they happened, each call's within its caller's: for the call with the number
 * n among the events n + 1 where it begins and -(n + 1) where it ends. One whose caller is missing stands on its own.
 */
export function nested(capture: Capture): Int32Array {
  const count = capture.events.length / 3;
  const depthOf = (event: number) => capture.events.at(event * 3 + 1);
  const beginOf = (event: number) => capture.times.at(event * 2);
  /** By event, a number and 1, 0 for none: what was called first within it, and what next within its caller. */
  const first = new Uint32Array(count);
  const next = new Uint32Array(count);
  /** Events that have ended and whose caller has not, in order. */
  const open = new Uint32Array(count);
  let waiting = 0;
  for (let event = 0; event < count; event++) {
    while (waiting > 0) {
      const last = open[waiting - 1];
      if (depthOf(last) <= depthOf(event) || beginOf(last) < beginOf(event)) break;
      next[last] = first[event];
      first[event] = last + 1;
      waiting--;
    }
    open[waiting++] = event;
  }
  const steps = new Int32Array(count * 2);
  const path: number[] = [];
  let at = 0;
  for (let root = 0; root < waiting; root++) {
    let here = open[root] + 1;
    for (;;) {
      while (here > 0) {
        path.push(here);
        steps[at++] = here;
        here = first[here - 1];
      }
      const done = path.pop();
      if (done === undefined) break;
      steps[at++] = -done;
      here = path.length > 0 ? next[done - 1] : 0;
    }
  }
  return steps;
}
