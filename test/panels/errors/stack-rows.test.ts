import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frameAt, type GridRow, gridRows, numberOf, type Source } from '../../../panels/errors/stack-rows';
import { frame } from '../preview/make';

const user = (name: string) => frame(`main.${name}`, '/src/main.go', 1);
const runtime = (name: string) => frame(name, '/go/src/runtime/x.go', 1);

/** Draws grid rows: one line each. */
function draw(rows: readonly GridRow[]): string[] {
  return rows.map((row) => {
    if (row.kind === 'frame') return `${row.number} ${row.row.function}${row.times > 1 ? ` × ${row.times}` : ''}`;
    if (row.kind === 'fold') return `${row.open ? '▾' : '▸'} ${row.count} frames of ${row.packages}`;
    if (row.kind === 'run') return `${row.frames} frames × ${row.times}`;
    return row.kind === 'gap' ? `… ${row.why}` : `${row.kind}: ${row.text}`;
  });
}

const stack: Source[] = [
  runtime('runtime.gopanic'),
  runtime('runtime.panicmem'),
  user('draw'),
  { kind: 'js', text: 'app.js:88 onclick' },
  runtime('syscall/js.handleEvent'),
  runtime('runtime.handleEvent'),
  runtime('runtime.main'),
  runtime('runtime.goexit'),
];

test('runtime frames fold, numbers count what is folded', () => {
  assert.deepEqual(draw(gridRows(stack, new Set())), [
    '▸ 2 frames of runtime',
    '2 main.draw',
    'js: app.js:88 onclick',
    '▸ 4 frames of syscall/js and runtime',
  ]);
});

test('an open fold shows its frames', () => {
  assert.deepEqual(draw(gridRows(stack, new Set([0]))).slice(0, 4), [
    '▾ 2 frames of runtime',
    '0 runtime.gopanic',
    '1 runtime.panicmem',
    '2 main.draw',
  ]);
});

test('a row that must be seen is not folded, one runtime frame alone neither', () => {
  assert.deepEqual(draw(gridRows(stack, new Set(), 1)).slice(0, 3), [
    '0 runtime.gopanic',
    '1 runtime.panicmem',
    '2 main.draw',
  ]);
});

test('a run is shown once, and counted', () => {
  const even = user('even') as Extract<Source, { kind: 'frame' }>;
  const odd = user('odd') as Extract<Source, { kind: 'frame' }>;
  const rows: Source[] = [
    { kind: 'run', times: 11204, rows: [even] },
    { kind: 'run', times: 10, rows: [even, odd] },
    user('main'),
  ];
  assert.deepEqual(draw(gridRows(rows, new Set())), [
    '0 main.even × 11204',
    '2 frames × 10',
    '11204 main.even',
    '11205 main.odd',
    '11224 main.main',
  ]);
});

test('a hundred thousand rows fold in one pass', () => {
  const many: Source[] = Array.from({ length: 100_000 }, (_, i) => (i % 3 ? runtime(`runtime.f${i}`) : user(`f${i}`)));
  const rows = gridRows(many, new Set());
  assert.equal(rows.length, 66_667);
  assert.deepEqual(draw(rows).slice(-1), ['99999 main.f99999']);
});

test('numbers and frames find each other through runs', () => {
  const even = user('even') as Extract<Source, { kind: 'frame' }>;
  const odd = user('odd') as Extract<Source, { kind: 'frame' }>;
  const last = user('main');
  const rows: Source[] = [user('a'), { kind: 'js', text: 'x' }, { kind: 'run', times: 10, rows: [even, odd] }, last];
  assert.equal(numberOf(rows, 3), 21);
  assert.equal(frameAt(rows, 21), last);
  assert.equal(frameAt(rows, 1), even);
  assert.equal(frameAt(rows, 18), odd);
  assert.equal(frameAt(rows, 22), null);
  assert.equal(numberOf(rows, -1), 0);
});
