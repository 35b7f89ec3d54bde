/** Findings: each pattern is found with its Go line and numbers, and what lies just below its threshold is not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Finding, findingsOf } from '../../src/bridge/findings';
import { readProfile } from '../../src/bridge/profile';
import { Program } from '../../src/program';
import { tiny } from '../go/tiny';
import { captureOf, type Made, type MadeEvent } from './captures';

const program = new Program(tiny().bytes);
const MB = 1 << 20;
/** Return PC in main.outer, line 12. */
const OUTER = 0x1000_0002;

/** A recording of ten seconds. */
function find(rows: Partial<Made>[], events: MadeEvent[] = []): Finding[] {
  const whole = rows.map((row): Made => ({ operation: 'run', pcs: [OUTER], calls: 1, ...row }));
  const capture = captureOf(whole, events, { now: 11_000 });
  capture.began = 1000;
  return findingsOf(capture, readProfile(capture, program));
}

const js = (name: string) => `syscall/js.${name}`;

/** What is found, and the same with one call, byte or millisecond less. */
const CASES: [kind: string, found: Partial<Made>, not: Partial<Made>, text: RegExp][] = [
  [
    'loop',
    { operation: js('valueGet'), target: 'x', calls: 1000 },
    { operation: js('valueGet'), target: 'x', calls: 999 },
    /^called 1,000 times, 100 a second$/,
  ],
  [
    'loop',
    { operation: js('valueSetIndex'), calls: 5000 },
    { operation: js('valueInstanceOf'), calls: 5000 },
    /^called 5,000 times, 500 a second$/,
  ],
  [
    'string',
    { operation: js('stringVal'), calls: 2000, bytes: 8000 },
    { operation: js('stringVal'), calls: 10, bytes: 8000 },
    /^a string of 4 bytes in the mean crosses 2,000 times, 200 a second$/,
  ],
  [
    'copy',
    { operation: js('copyBytesToGo'), calls: 2, bytes: 2 * MB },
    { operation: js('copyBytesToGo'), calls: 2, bytes: 2 * MB - 1 },
    /^2\.0 MB copied in 2 calls, 1\.0 MB in the mean$/,
  ],
  [
    'copy',
    { operation: js('copyBytesToJS'), calls: 1000, bytes: 64 * MB },
    { operation: js('copyBytesToJS'), calls: 1000, bytes: 64 * MB - 1 },
    /^64\.0 MB copied in 1,000 calls, 65\.5 KB in the mean$/,
  ],
  [
    'json',
    { operation: js('valueCall'), target: 'stringify', calls: 50 },
    { operation: js('valueCall'), target: 'stringify', calls: 49 },
    /^stringify is called 50 times; by its name it is JSON\.stringify$/,
  ],
  [
    'timers',
    { operation: 'runtime.scheduleTimeoutEvent', calls: 10_000 },
    { operation: 'runtime.scheduleTimeoutEvent', calls: 9999 },
    /^a timer is armed 10,000 times, 1,000 a second$/,
  ],
  [
    'timers',
    { operation: js('valueCall'), target: 'setTimeout', calls: 20_000 },
    { operation: js('valueCall'), target: 'focus', calls: 20_000 },
    /^a timer is armed 20,000 times, 2,000 a second$/,
  ],
];

for (const [kind, found, not, text] of CASES) {
  test(`${kind}: ${found.operation} ${found.target ?? ''}`, () => {
    assert.deepEqual(find([not]), []);
    const [finding, ...more] = find([{ ...found, totalMs: 7 }, { operation: 'run' }]);
    assert.equal(more.length, 0);
    assert.equal(finding.kind, kind);
    assert.match(finding.text, text);
    assert.match(finding.advice, /^[A-Z][^.]*(?:\.\w+[^.]*)*\.$/, 'one sentence');
    assert.deepEqual([finding.place?.function, finding.place?.line], ['main.outer', 12]);
    assert.deepEqual([finding.count, finding.totalMs, finding.bytes], [found.calls, 7, found.bytes ?? 0]);
    assert.equal(finding.inferred, kind === 'json');
  });
}

test('what is called on JSON is JSON’s, and not inferred; what is called on something else is not', () => {
  const parse = { operation: js('valueCall'), target: 'parse', calls: 50 };
  assert.deepEqual(find([{ ...parse, receiver: 'Date' }]), []);
  const [finding] = find([{ ...parse, receiver: 'JSON' }]);
  assert.deepEqual([finding.text, finding.inferred], ['JSON.parse is called 50 times', false]);
});

test('many gets from many lines are no loop, those of one line are, whatever stack it is on', () => {
  const get = (pcs: number[]): Partial<Made> => ({ operation: js('valueGet'), target: 'x', calls: 600, pcs });
  assert.deepEqual(find([get([OUTER]), get([0x1001_0001])]), []);
  const [finding] = find([get([OUTER]), get([OUTER, OUTER])]);
  assert.equal(finding.count, 1200);
});

test('a callback of 50 ms blocks the page, with its function; within another call it does not count', () => {
  const callback: Partial<Made> = { operation: 'callback', pcs: [0x1001_0000], calls: 3 };
  const [finding, ...more] = find(
    [callback],
    [
      [1, 0, 0, 2000, 2050],
      [1, 0, 0, 3000, 3120.4],
      [1, 0, 0, 4000, 4049.9],
      [1, 1, 0, 5000, 5900],
    ],
  );
  assert.equal(more.length, 0);
  assert.deepEqual([finding.kind, finding.place?.function, finding.count], ['blocks', 'main.inner', 2]);
  assert.match(finding.text, /for up to 120 ms, for 50 ms or more in 2 of its calls$/);
  assert.deepEqual(find([{ operation: 'run' }], [[1, 0, 0, 2000, 4000]]), [], 'the program itself is no callback');
});

test('a timer of the runtime has no Go line, and is told all the same', () => {
  const [finding] = find([{ operation: 'runtime.scheduleTimeoutEvent', calls: 50_000, pcs: [] }]);
  assert.deepEqual([finding.kind, finding.place], ['timers', null]);
});

test('those that took longest stand first', () => {
  const rows = [3, 9, 5].map(
    (totalMs, i): Partial<Made> => ({ operation: js('valueGet'), target: `${i}`, calls: 1000, totalMs }),
  );
  assert.deepEqual(
    find(rows).map(({ totalMs }) => totalMs),
    [9, 5, 3],
  );
});
