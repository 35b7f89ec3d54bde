/**
 * A recording for speedscope: its calls, times and bytes by Go call site, and the timed calls one by one.
 *
 * Source: speedscope 1.25 file-format-schema.json. Stacks are outermost first there.
 */
import type { Frame } from '../symbols/frame';
import type { Capture } from './capture';
import { nested } from './nesting';
import { mergeSites, type OperationRow, operationName, type Profile, type Site } from './profile';

/** Numbers that are gathered before they are handed on. */
const CHUNK = 1 << 14;

/** @param title of the recording @returns the JSON in pieces */
export function* speedscopeJson(capture: Capture, profile: Profile, title: string): Generator<string> {
  const frames = new FrameList();
  const samples = samplesOf(profile, frames);
  const timeline = nested(capture);
  const names = new Map<number, number>();
  const frameOf = (entry: number) => {
    const known = names.get(entry) ?? frames.named(operationName(profile.entry(entry)));
    names.set(entry, known);
    return known;
  };
  for (const step of timeline) if (step > 0) frameOf(capture.events.at(step * 3 - 3));

  yield `{"$schema":"https://www.speedscope.app/file-format-schema.json","name":${JSON.stringify(title)},"exporter":"gowasm",`;
  yield `"activeProfileIndex":1,"shared":{"frames":[\n${frames.list.join(',\n')}\n]},"profiles":[\n`;
  for (const { name, unit, weightOf } of WEIGHTS) {
    const weights = samples.map(({ site }) => weightOf(site));
    const endValue = weights.reduce((sum, weight) => sum + weight, 0);
    yield `${JSON.stringify({ type: 'sampled', name, unit, startValue: 0, endValue }).slice(0, -1)},"samples":[`;
    yield* pieces(samples, ({ stack }) => `[${stack}]`);
    yield '],"weights":[';
    yield* pieces(weights, String);
    yield ']},\n';
  }
  const head = { type: 'evented', name: 'timeline', unit: 'milliseconds', startValue: 0 };
  const { began } = capture;
  // Clocks of pages may step back; events must not.
  let last = 0;
  const event = (step: number) => {
    const number = Math.abs(step) - 1;
    last = Math.max(last, capture.times.at(number * 2 + (step > 0 ? 0 : 1)) - began);
    return `{"type":"${step > 0 ? 'O' : 'C'}","frame":${frameOf(capture.events.at(number * 3))},"at":${last}}`;
  };
  yield `${JSON.stringify(head).slice(0, -1)},"events":[`;
  yield* pieces(timeline, event);
  yield `],"endValue":${last}}\n]}\n`;
}

/** Times are those without what was called back meanwhile, which has stacks of its own. */
const WEIGHTS: { name: string; unit: string; weightOf: (site: Site) => number }[] = [
  { name: 'calls', unit: 'none', weightOf: ({ count }) => count },
  { name: 'time', unit: 'milliseconds', weightOf: ({ selfMs }) => Math.max(0, selfMs) },
  { name: 'bytes', unit: 'bytes', weightOf: ({ bytes }) => bytes },
];

function samplesOf(profile: Profile, frames: FrameList): { site: Site; stack: number[] }[] {
  const sample = (row: OperationRow) => {
    const leaf = frames.named(operationName(row));
    return mergeSites(profile, row.sites).map((site) => ({
      site,
      stack: [leaf, ...site.frames.map((frame) => frames.of(frame))].reverse(),
    }));
  };
  return profile.operations.flatMap(sample);
}

/** Frames that are numbered as they come, each once. */
class FrameList {
  readonly list: string[] = [];
  private readonly numbers = new Map<string, number>();

  of({ function: name, file, line }: Frame): number {
    return this.number(JSON.stringify(file ? { name, file, line } : { name }));
  }

  named(name: string): number {
    return this.number(JSON.stringify({ name }));
  }

  private number(json: string): number {
    const known = this.numbers.get(json);
    if (known !== undefined) return known;
    this.numbers.set(json, this.list.length);
    return this.list.push(json) - 1;
  }
}

/** A list's items with commas between, a few thousand at once. */
function* pieces<T>(items: ArrayLike<T>, spell: (item: T) => string): Generator<string> {
  for (let from = 0; from < items.length; from += CHUNK) {
    const part: string[] = [];
    for (let i = from; i < Math.min(from + CHUNK, items.length); i++) part.push(spell(items[i]));
    yield `${from > 0 ? ',\n' : ''}${part.join(',')}`;
  }
}
