/** Recordings for other viewers: pprof read back by pprof-format, speedscope by the schema of its package, Chrome's trace events. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Profile as Pprof } from 'pprof-format';
import { nested } from '../../src/bridge/nesting';
import { pprofOf } from '../../src/bridge/pprof';
import { readProfile } from '../../src/bridge/profile';
import { speedscopeJson } from '../../src/bridge/speedscope';
import { traceJson } from '../../src/bridge/trace';
import { Program } from '../../src/program';
import { tiny } from '../go/tiny';
import { captureOf, type MadeEvent } from './captures';

const root = process.env.GOWASM_ROOT ?? '.';
const program = new Program(tiny().bytes);
/** Return PCs of the small program: in main.inner, and in main.outer within main.small, inlined. */
const INNER = 0x1001_0001;
const SMALL = 0x1000_0004;

/** `run` calls `valueCall "go"`, in which a callback calls `valueGet "x"` twice; the two have other lines. */
const EVENTS: MadeEvent[] = [
  [3, 3, 0, 103, 104],
  [4, 3, 0, 104, 105],
  [2, 2, 0, 102, 106],
  [5, 1, 40, 101, 110],
  [1, 0, 0, 100, 120],
];
const capture = captureOf(
  [
    { operation: 'run', calls: 1, totalMs: 20, selfMs: 12 },
    { operation: 'callback', calls: 1, totalMs: 4, selfMs: 2 },
    { operation: 'syscall/js.valueGet', target: 'x', pcs: [SMALL], calls: 10, timed: 1, totalMs: 1, bytes: 0 },
    { operation: 'syscall/js.valueGet', target: 'x', pcs: [INNER, SMALL], calls: 1, totalMs: 1 },
    { operation: 'syscall/js.valueCall', target: 'go "x"', pcs: [INNER], calls: 1, totalMs: 9, selfMs: 5, bytes: 40 },
  ],
  EVENTS,
);
const profile = readProfile(capture, program);

test('begins and ends of calls, each within its caller', () => {
  assert.deepEqual([...nested(capture)], [5, 4, 3, 1, -1, 2, -2, -3, -4, -5]);
  assert.deepEqual([...nested(captureOf([]))], []);
});

test('calls whose caller was not kept stand on their own', () => {
  const rows = [{ operation: 'run', calls: 9 }];
  const orphans = captureOf(rows, [
    [1, 2, 0, 1, 2],
    [1, 2, 0, 3, 4],
    [1, 1, 0, 5, 9],
    [1, 3, 0, 10, 11],
  ]);
  assert.deepEqual([...nested(orphans)], [1, -1, 2, -2, 3, -3, 4, -4]);
  // A hundred thousand within each other.
  const count = 100_000;
  const deep = captureOf(
    rows,
    Array.from({ length: count }, (_, i): MadeEvent => [1, count - i, 0, count - i, count + i]),
  );
  const steps = nested(deep);
  assert.deepEqual([steps[0], steps[count - 1], steps[count], steps[2 * count - 1]], [count, 1, -1, -count]);
});

test('pprof: three sample types, totals as told, inlined frames as lines of one location', () => {
  const read = Pprof.decode(pprofOf(capture, profile, 'main.wasm'));
  const { strings } = read.stringTable;
  const text = (index: number | bigint) => strings[Number(index)];
  assert.deepEqual(
    read.sampleType.map(({ type, unit }) => `${text(type)}/${text(unit)}`),
    ['calls/count', 'time/nanoseconds', 'bytes/bytes'],
  );
  const stacks = read.sample.map(({ locationId, value }) => {
    const frames = locationId
      .flatMap((id) => read.location[Number(id) - 1].line)
      .map(({ functionId, line }) => {
        const { name } = read.function[Number(functionId) - 1];
        return `${text(name)}:${line}`;
      });
    return `${frames.join(' ')} = ${value}`;
  });
  assert.deepEqual(stacks, [
    'run:0 = 1,12000000,0',
    'valueGet "x":0 main.small:90 main.outer:13 = 10,10000000,0',
    'valueGet "x":0 main.inner:50 main.small:90 main.outer:13 = 1,1000000,0',
    'valueCall "go \\"x\\"":0 main.inner:50 = 1,5000000,40',
    'callback:0 = 1,2000000,0',
  ]);
  const inlined = read.location.map(({ line }) => line.length);
  assert.deepEqual(
    inlined.filter((lines) => lines > 1),
    [2],
  );
  assert.equal(Number(read.timeNanos), 1.7e18 + 100e6);
});

test('speedscope: valid by its own schema, totals as told, the timeline nested', () => {
  const told = JSON.parse([...speedscopeJson(capture, profile, 'main.wasm')].join(''));
  const schema = JSON.parse(
    readFileSync(join(root, 'node_modules/speedscope/dist/release/file-format-schema.json'), 'utf8'),
  );
  assert.deepEqual(violations(told, schema, schema), []);
  assert.notDeepEqual(violations({ ...told, profiles: [{ type: 'sampled' }] }, schema, schema), []);
  const [calls, time, bytes, timeline] = told.profiles;
  assert.deepEqual([calls.endValue, time.endValue, bytes.endValue], [14, 30, 40]);
  const { frames } = told.shared;
  assert.deepEqual(
    calls.samples.map((stack: number[]) => stack.map((frame) => frames[frame].name).join(' > ')),
    [
      'run',
      'main.outer > main.small > valueGet "x"',
      'main.outer > main.small > main.inner > valueGet "x"',
      'main.inner > valueCall "go \\"x\\""',
      'callback',
    ],
  );
  const open: number[] = [];
  let last = 0;
  for (const { type, frame, at } of timeline.events) {
    assert.ok(at >= last);
    last = at;
    if (type === 'O') open.push(frame);
    else assert.equal(open.pop(), frame);
  }
  assert.deepEqual([open.length, timeline.events.length, timeline.endValue], [0, 10, 20]);
});

test('trace events: complete ones in microseconds, callers first', () => {
  const { traceEvents, metadata } = JSON.parse([...traceJson(capture, profile, 'main.wasm')].join(''));
  assert.deepEqual(
    traceEvents.map((event: { ph: string; name: string; ts: number; dur: number; args: { from: string } }) => [
      ...[event.ph, event.name, event.ts, event.dur, event.args.from],
    ]),
    [
      ['M', 'process_name', 0, undefined, undefined],
      ['M', 'thread_name', 0, undefined, undefined],
      ['X', 'run', 100_000, 20_000, 'JavaScript'],
      ['X', 'valueCall "go \\"x\\""', 101_000, 9000, 'main.inner inner.go:50'],
      ['X', 'callback', 102_000, 4000, 'not known'],
      ['X', 'valueGet "x"', 103_000, 1000, 'main.small small.go:90'],
      ['X', 'valueGet "x"', 104_000, 1000, 'main.inner inner.go:50'],
    ],
  );
  assert.equal(traceEvents[3].args.bytes, 40);
  assert.deepEqual(metadata, { source: 'gowasm', clockStepMs: 0.005, dropped: 0, every: 1 });
});

interface Schema {
  $ref?: string;
  anyOf?: Schema[];
  type?: string;
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema | Schema[];
  definitions?: Record<string, Schema>;
}

/** As much of JSON Schema (draft 7) as that file uses. @returns where the value is not as the schema says */
function violations(value: unknown, schema: Schema, all: Schema, at = '$'): string[] {
  if (schema.$ref)
    return violations(value, all.definitions?.[schema.$ref.replace('#/definitions/', '')] ?? assert.fail(), all, at);
  if (schema.anyOf) {
    const each = schema.anyOf.map((one) => violations(value, one, all, at));
    return each.some((wrong) => wrong.length === 0) ? [] : each.flat();
  }
  const wrong: string[] = [];
  const type = Array.isArray(value) ? 'array' : typeof value;
  if (schema.type && schema.type !== type) return [`${at}: ${type}, not ${schema.type}`];
  if (schema.const !== undefined && schema.const !== value) wrong.push(`${at}: not ${schema.const}`);
  if (schema.enum && !schema.enum.includes(value)) wrong.push(`${at}: none of ${schema.enum}`);
  if (type === 'object') {
    const object = value as Record<string, unknown>;
    for (const name of schema.required ?? []) if (!(name in object)) wrong.push(`${at}.${name} is missing`);
    for (const [name, one] of Object.entries(schema.properties ?? {})) {
      if (name in object) wrong.push(...violations(object[name], one, all, `${at}.${name}`));
    }
  }
  if (Array.isArray(value) && schema.items && !Array.isArray(schema.items)) {
    for (const [i, item] of value.entries()) wrong.push(...violations(item, schema.items, all, `${at}[${i}]`));
  }
  return wrong;
}
