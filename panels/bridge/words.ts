/** How numbers of a recording are written: what is exact as it is, what the clock cannot tell not at all. Pure. */

import { type Operation, targetName } from '../../src/bridge/profile';
import type { Summary } from '../../src/bridge/recording';
import { shortFunction } from '../../src/failures/place';
import { bytes, count, plural } from '../widgets/format';

/** Means of fewer timed calls are not told. */
export const LEAST_TIMED = 30;

/** Whole calls; estimated counts are no whole numbers. */
export const calls = (value: number): string => count(Math.round(value));

/** Milliseconds of many calls together: `1,143.1`, `0.0`. */
export function ms(value: number): string {
  return Math.max(0, value).toLocaleString('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

/** Mean in microseconds, `–` where too few calls were timed. */
export function mean({ count, timed, totalMs }: { count: number; timed: number; totalMs: number }): string {
  if (timed < LEAST_TIMED || count === 0) return '–';
  return ((Math.max(0, totalMs) / count) * 1000).toLocaleString('en', {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
}

/** `–` for none. */
export const bytesOrNone = (value: number): string => (value > 0 ? bytes(Math.round(value)) : '–');

/** `412 ms`, `24.1 s`: much time. */
export function span(milliseconds: number): string {
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** `0:24`, `3:02`: how long a recording is. */
export function length(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** A single call: never finer than the clock. @param step of the clock, ms; 0 for not known */
export function single(milliseconds: number, step: number): string {
  const least = step || 0.1;
  if (milliseconds < least * 0.999) return `< ${trim(least)} ms`;
  return `${milliseconds.toLocaleString('en', { maximumFractionDigits: digits(least) })} ms`;
}

/** A moment from the beginning of the recording, as fine as `pixel` tells apart: `12.705 s`. */
export function moment(milliseconds: number, pixel: number): string {
  const places = pixel >= 100 ? 1 : pixel >= 10 ? 2 : pixel >= 1 ? 3 : 4;
  return `${(milliseconds / 1000).toFixed(places)} s`;
}

const digits = (step: number) => (step >= 1 ? 0 : step >= 0.1 ? 1 : step >= 0.01 ? 2 : 3);
const trim = (step: number) => step.toFixed(digits(step));

/** `100 µs`, `1 ms`: the step of a clock. */
export function stepWords(step: number): string {
  return step >= 1 ? `${Math.round(step)} ms` : `${Math.round(step * 1000)} µs`;
}

/** `copyBytesToJS`, `valueCall document.createElement`, `callback main.onClick`, short. */
export function labelWords(called: Operation): string {
  const { operation, target } = called;
  if (target === '') return operation;
  return `${operation} ${operation === 'callback' ? shortFunction(target) : targetName(called)}`;
}

/** `17.1 → 9.4 MB`: the heap before and after a cycle. @param after NaN while it runs */
export function heapWords(before: number, after: number): string {
  const short = (size: number) => (size < 2 ** 20 ? bytes(size) : `${(size / 2 ** 20).toFixed(1)} MB`);
  if (Number.isNaN(after)) return `${short(before)} →`;
  const [from, to] = [short(before), short(after)];
  const unit = to.slice(to.indexOf(' '));
  return `${from.endsWith(unit) ? from.slice(0, -unit.length) : from} → ${to}`;
}

/** `g23`, `others` for 0. */
export const goroutineName = (goid: number): string => (goid === 0 ? 'others' : `g${goid}`);

/** What is to be known of how true the numbers are: for the footer, most important first. */
export function honesty(summary: Summary): string[] {
  const { calls: all, timed, clockStep, dropped, lost, stateLost } = summary;
  const facts = [`${plural(all, 'call')}: counts and bytes exact`];
  if (timed >= all) facts.push('Times of every call');
  else facts.push(`Times from ${count(timed)} of them`);
  facts.push(
    clockStep > 0 && clockStep < 0.001
      ? 'Clock steps are below 1 µs'
      : clockStep > 0
        ? `Clock steps are ${stepWords(clockStep)}: read means, not single calls`
        : 'The clock’s step is not known',
  );
  const gone = [
    ...(dropped > 0 ? [`${plural(dropped, 'timed call')} not kept`] : []),
    ...(lost > 0 ? [`${plural(lost, 'call')} without name or call site`] : []),
    ...(stateLost > 0 ? [`${plural(stateLost, 'look')} at memory not kept`] : []),
    ...(summary.named ? [] : ['Call sites have no names: the module is not read']),
  ];
  facts.push(gone.length > 0 ? gone.join(', ') : 'Nothing dropped');
  return facts;
}
