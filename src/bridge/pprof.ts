/**
 * A recording for pprof: a sample for each operation from each Go call site, with the operation as the innermost function. The only
 * importer of pprof-format.
 *
 * Source: profile.proto (github.com/google/pprof/proto). A location's lines are innermost first, the last is the physical
 * function.
 */
import {
  Function as Func,
  Line,
  Location,
  Mapping,
  Profile as Pprof,
  Sample,
  StringTable,
  ValueType,
} from 'pprof-format';
import type { Frame } from '../symbols/frame';
import type { Capture } from './capture';
import { mergeSites, operationName, type Profile } from './profile';

/**
 * @param title of the recording
 * @returns the profile, not packed: pprof reads it so, and by gzip. Samples hold calls, nanoseconds without what was called back
 * meanwhile (which has samples of its own), and bytes
 */
export function pprofOf(capture: Capture, profile: Profile, title: string): Uint8Array {
  const strings = new StringTable();
  const text = (value: string) => strings.dedup(value);
  const valueType = (type: string, unit: string) => new ValueType({ type: text(type), unit: text(unit) });
  const places = new Places(text);
  const sample: Sample[] = [];
  for (const row of profile.operations) {
    const leaf = places.locationOf([{ function: operationName(row), file: '', line: 0, inlined: false }]);
    for (const { frames, count, selfMs, bytes } of mergeSites(profile, row.sites)) {
      const value = [count, Math.max(0, Math.round(selfMs * 1e6)), bytes];
      sample.push(new Sample({ locationId: [leaf, ...places.stack(frames)], value }));
    }
  }
  const sum = (key: 'count' | 'timed') => profile.operations.reduce((sum, row) => sum + row[key], 0);
  const timed = `${sum('timed')} of ${sum('count')} calls timed`;
  const comments = [
    `clock step ${Number(capture.clockStep.toPrecision(2))} ms`,
    timed,
    `${capture.lost} calls without name or call site`,
  ];
  return new Pprof({
    sampleType: [valueType('calls', 'count'), valueType('time', 'nanoseconds'), valueType('bytes', 'bytes')],
    sample,
    mapping: [
      new Mapping({ id: 1, filename: text(title), hasFunctions: true, hasFilenames: true, hasLineNumbers: true }),
    ],
    location: places.locations,
    function: places.functions,
    stringTable: strings,
    timeNanos: BigInt(Math.round(capture.origin + capture.began)) * 1_000_000n,
    durationNanos: Math.round((capture.now - capture.began) * 1e6),
    periodType: valueType('calls', 'count'),
    period: 1,
    comment: comments.map(text),
    defaultSampleType: text('calls'),
  }).encode();
}

/** Locations and functions, each once; numbered from 1. */
class Places {
  readonly locations: Location[] = [];
  readonly functions: Func[] = [];
  private readonly byLines = new Map<string, number>();
  private readonly byName = new Map<string, number>();

  constructor(private readonly text: (value: string) => number) {}

  stack(frames: Frame[]): number[] {
    const ids: number[] = [];
    let from = 0;
    for (const [i, { inlined }] of frames.entries()) {
      if (inlined && i + 1 < frames.length) continue;
      ids.push(this.locationOf(frames.slice(from, i + 1)));
      from = i + 1;
    }
    return ids;
  }

  /** @param frames of one physical frame, innermost first */
  locationOf(frames: Frame[]): number {
    const line = frames.map((frame) => new Line({ functionId: this.func(frame), line: frame.line }));
    const key = line.map(({ functionId, line }) => `${functionId}:${line}`).join(' ');
    const known = this.byLines.get(key);
    if (known !== undefined) return known;
    const id = this.locations.length + 1;
    this.locations.push(new Location({ id, mappingId: 1, line }));
    this.byLines.set(key, id);
    return id;
  }

  private func({ function: name, file }: Frame): number {
    const key = `${name}\0${file}`;
    const known = this.byName.get(key);
    if (known !== undefined) return known;
    const id = this.functions.length + 1;
    const spelled = this.text(name);
    this.functions.push(new Func({ id, name: spelled, systemName: spelled, filename: this.text(file) }));
    this.byName.set(key, id);
    return id;
  }
}
