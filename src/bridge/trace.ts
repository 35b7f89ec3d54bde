/**
 * The timed calls of a recording as Chrome's trace events, for Perfetto, chrome://tracing and the Performance panel of DevTools.
 *
 * Source: "Trace Event Format" (catapult): complete events `X`, in microseconds.
 */
import type { Capture } from './capture';
import { nested } from './nesting';
import { operationName, type Profile, placeName } from './profile';

/** Characters that are gathered before they are handed on: a million events make hundreds of megabytes. */
const CHUNK = 1 << 20;
const THREAD = { pid: 1, tid: 1 };

/** @param title of the recording @returns the JSON in pieces */
export function* traceJson(capture: Capture, profile: Profile, title: string): Generator<string> {
  const metadata = (name: string, value: string) =>
    JSON.stringify({ ph: 'M', ...THREAD, ts: 0, cat: '__metadata', name, args: { name: value } });
  let text = `{"traceEvents":[\n${metadata('process_name', 'Go WASM')},\n${metadata('thread_name', title)}`;
  /** By entry: an event as far as it is always the same. */
  const heads: string[] = [];
  const headOf = (entry: number) => {
    const { stack, ...operation } = profile.entry(entry);
    const args = { from: placeName(operation, profile.stack(stack)) };
    return JSON.stringify({ ph: 'X', ...THREAD, cat: 'gowasm', name: operationName(operation), args }).slice(0, -2);
  };
  for (const step of nested(capture)) {
    if (step < 0) continue;
    const entry = capture.events.at(step * 3 - 3);
    const bytes = capture.events.at(step * 3 - 1) >>> 0;
    const begin = capture.times.at(step * 2 - 2);
    const time = capture.times.at(step * 2 - 1) - begin;
    heads[entry] ??= headOf(entry);
    text += `,\n${heads[entry]}${bytes > 0 ? `,"bytes":${bytes}` : ''}},"ts":${us(begin)},"dur":${us(time)}}`;
    if (text.length < CHUNK) continue;
    yield text;
    text = '';
  }
  const { clockStep, dropped, every } = capture;
  yield `${text}\n],"metadata":${JSON.stringify({ source: 'gowasm', clockStepMs: clockStep, dropped, every })}}\n`;
}

const us = (ms: number) => (ms * 1000).toFixed(3);
