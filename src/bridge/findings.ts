/**
 * What of a recording is worth a look: patterns that make Go programs slow at the bridge, each with its Go line, its numbers and
 * what to do. Counts and bytes are exact. That a method called `parse` or `stringify` is JSON's is inferred from its name where it is not known what it was called on, and says so.
 *
 * Why these: every call of syscall/js leaves wasm, decodes the name it carries and looks a value up (wasm_exec.js; golang/go#32591).
 */
import type { Frame } from '../symbols/frame';
import type { Capture } from './capture';
import { addSums, callerOf, none, type OperationRow, operationName, type Profile, type Sums } from './profile';

/** From so many calls of one line on, and so many a second, it is a loop that costs. */
const LOOP_CALLS = 1000;
const LOOP_PER_SECOND = 100;
/** Bytes of one copy in the mean, and of all from one line. */
const LARGE_COPY = 1 << 20;
const LARGE_COPIES = 1 << 26;
/** Calls of JSON's methods from one line. */
const ROUND_TRIPS = 50;
/** What a page does for so long is a long task (W3C Long Tasks). */
const LONG_TASK_MS = 50;
const TIMERS_PER_SECOND = 1000;

export type FindingKind = 'loop' | 'copy' | 'string' | 'json' | 'blocks' | 'timers';

export interface Finding {
  kind: FindingKind;
  /** As in the tables: `valueGet "x"`. */
  operation: string;
  /** Where Go does it; null where nothing tells. */
  place: Frame | null;
  count: number;
  /** Milliseconds that it took in all, estimated where not every call was timed. */
  totalMs: number;
  bytes: number;
  /** What was seen, with the numbers. */
  text: string;
  /** What to do, in one sentence. */
  advice: string;
  /** Part of it was concluded, not seen. */
  inferred: boolean;
}

/** @returns those that took longest first */
export function findingsOf(capture: Capture, profile: Profile): Finding[] {
  const seconds = Math.max(1, capture.now - capture.began) / 1000;
  const lines = profile.operations.flatMap((row) => byLine(row, profile));
  const found = lines.flatMap((line) => RULES.flatMap((rule) => rule(line, seconds) ?? []));
  return [...found, ...blocking(capture, profile)].sort((a, b) => b.totalMs - a.totalMs);
}

/** What one Go line does with one operation. */
interface Line extends Sums {
  row: OperationRow;
  place: Frame | null;
}

function byLine(row: OperationRow, profile: Profile): Line[] {
  const lines = new Map<string, Line>();
  for (const site of row.sites) {
    const place = callerOf(profile.stack(site.stack)) ?? null;
    const key = place ? `${place.function} ${place.file}:${place.line}` : '';
    const line = lines.get(key) ?? { row, place, ...none() };
    addSums(line, site);
    lines.set(key, line);
  }
  return [...lines.values()];
}

type Rule = (line: Line, seconds: number) => Finding | null;

/** What to do about many of an operation. */
const LOOPS: Record<string, string> = {
  valueGet:
    'Get the value once before the loop and keep the js.Value; of many properties have one JavaScript function return all.',
  valueIndex: 'Have JavaScript put the elements into a Uint8Array, and copy that at once with js.CopyBytesToGo.',
  valueLength: 'Ask for the length once, before the loop.',
  valueSet: 'Hand all values over in one call of a JavaScript function that sets them.',
  valueSetIndex: 'Gather the elements in a []byte, and copy them at once with js.CopyBytesToJS.',
};

const STRINGS: Record<string, string> = {
  stringVal: 'Turn a string that is used again into a js.Value once, with js.ValueOf, and hand that over.',
  valueLoadString: 'Keep the Go string of a value that does not change, or compare in JavaScript and return a number.',
};

const RULES: Rule[] = [
  (line, seconds) => {
    const advice = LOOPS[line.row.operation];
    return advice && often(line, seconds) ? finding('loop', line, `called ${times(line, seconds)}`, advice) : null;
  },
  (line, seconds) => {
    const advice = STRINGS[line.row.operation];
    if (!advice || !often(line, seconds)) return null;
    const text = `a string of ${size(line.bytes / line.count)} in the mean crosses ${times(line, seconds)}`;
    return finding('string', line, text, advice);
  },
  (line) => {
    if (!/^copyBytes/.test(line.row.operation)) return null;
    const mean = line.bytes / line.count;
    if (mean < LARGE_COPY && line.bytes < LARGE_COPIES) return null;
    const text = `${size(line.bytes)} copied in ${number(line.count)} calls, ${size(mean)} in the mean`;
    return finding(
      'copy',
      line,
      text,
      'Copy only the part that has changed, and keep the data on the side that works on it.',
    );
  },
  (line) => {
    const { operation, target, receiver } = line.row;
    if (operation !== 'valueCall' || !/^(?:parse|stringify)$/.test(target) || line.count < ROUND_TRIPS) return null;
    if (receiver && receiver !== 'JSON') return null;
    const calls = `${target} is called ${number(line.count)} times`;
    const text = receiver ? `JSON.${calls}` : `${calls}; by its name it is JSON.${target}`;
    const advice =
      'Pass numbers and bytes as they are, or large data as one []byte with encoding/json on the Go side alone.';
    return { ...finding('json', line, text, advice), inferred: receiver === '' };
  },
  (line, seconds) => {
    const { operation, target } = line.row;
    const arms =
      operation === 'scheduleTimeoutEvent' || (operation === 'valueCall' && /^set(?:Timeout|Interval)$/.test(target));
    if (!arms || line.count / seconds < TIMERS_PER_SECOND || line.count < LOOP_CALLS) return null;
    const advice = 'Wait for one timer that comes less often, or for an event, in place of many short sleeps.';
    return finding('timers', line, `a timer is armed ${times(line, seconds)}`, advice);
  },
];

const often = ({ count }: Line, seconds: number) => count >= LOOP_CALLS && count / seconds >= LOOP_PER_SECOND;

/** Callbacks and exported functions during which the page stood still. Each entry into Go is timed. */
function blocking(capture: Capture, profile: Profile): Finding[] {
  const entries = new Map<number, { count: number; totalMs: number; longest: number }>();
  for (let event = 0; event < capture.events.length / 3; event++) {
    const time = capture.times.at(event * 2 + 1) - capture.times.at(event * 2);
    // What is called within another one blocks no more than that one does.
    if (time < LONG_TASK_MS || capture.events.at(event * 3 + 1) > 0) continue;
    const entry = capture.events.at(event * 3);
    const sums = entries.get(entry) ?? { count: 0, totalMs: 0, longest: 0 };
    sums.count++;
    sums.totalMs += time;
    sums.longest = Math.max(sums.longest, time);
    entries.set(entry, sums);
  }
  const found: Finding[] = [];
  for (const [entry, { count, totalMs, longest }] of entries) {
    const { stack, ...operation } = profile.entry(entry);
    if (!/^(?:callback$|export )/.test(operation.operation)) continue;
    found.push({
      kind: 'blocks',
      operation: operationName(operation),
      place: callerOf(profile.stack(stack)) ?? null,
      ...{ count, totalMs, bytes: 0, inferred: false },
      text: `keeps the page from anything else for up to ${number(longest)} ms, for ${LONG_TASK_MS} ms or more in ${number(count)} of its calls`,
      advice:
        'Start a goroutine that does the work in parts and lets go of the page between them, or move the program into a worker.',
    });
  }
  return found;
}

const finding = (
  kind: FindingKind,
  { row, place, count, totalMs, bytes }: Line,
  text: string,
  advice: string,
): Finding => ({
  ...{ kind, operation: operationName(row), place, count, totalMs, bytes, text, advice, inferred: false },
});

const number = (value: number) => Math.round(value).toLocaleString('en-US');
const times = ({ count }: Line, seconds: number) => `${number(count)} times, ${number(count / seconds)} a second`;

function size(bytes: number): string {
  if (bytes < 1024) return `${number(bytes)} bytes`;
  return bytes < 1 << 20 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / (1 << 20)).toFixed(1)} MB`;
}
