/** Reports: the JSON of the command line and the panel's file, text for a terminal, CSV as a spreadsheet reads it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type HandlesJson, handlesJson, handlesText } from '../../src/handles/report';
import { Tables } from '../../src/handles/tables';
import type { HandlesWanted } from '../../src/handles/view';
import type { Program } from '../../src/program';
import { HandleFlag } from '../../src/protocol/handles';
import { paint } from '../bridge/made';
import { FIXED, type MadeHandle, paintHandles, paintMade, paintPreviews, previewsOf, tableOf } from './made';

const program = paint as unknown as Program;
const pc = (number: number) => ((0x1000 + number) << 16) | 3;
const ICON = [pc(9), pc(17), pc(8)];
const CODE = 0x1000 + 13;

const WANTED: HandlesWanted = {
  ...{ snapshot: 1, against: null, group: 'site', text: '', suspects: false, open: {} },
  sort: { by: 'id', up: true },
};

const open = () =>
  new Tables(
    () => program,
    () => program,
    () => [],
  );

/** Of each kind one, with what the page says of it. */
const KINDS: [made: Partial<MadeHandle>, preview: string][] = [
  [{ class: 'Array', text: '(3)' }, 'Array(3)'],
  [{ class: 'Uint8Array', text: '(16)' }, 'Uint8Array(16)'],
  [{ class: 'HTMLDivElement', text: 'div#id.cls' }, 'HTMLDivElement div#id.cls'],
  [{ class: 'Object', text: '' }, 'Object'],
  [{ class: '', text: '' }, 'object'],
  [{ type: 'string', class: 'String', text: 'a "b"\nc…' }, 'String "a \\"b\\"\\nc…"'],
  [{ type: 'string', class: 'String', text: '' }, 'String'],
  [{ type: 'symbol', class: 'Symbol', text: 'x' }, 'Symbol(x)'],
  [{ type: 'bigint', class: 'BigInt', text: '12' }, 'BigInt 12'],
  [{ type: 'function', class: 'Function', text: 'draw' }, 'Function draw'],
  [{ type: 'function', class: 'Function', func: 12 }, 'Function js.Func 12 → main.(*App).onClick'],
  [{ type: 'function', class: 'Function', func: 13 }, 'Function js.Func 13'],
  [{ type: 'function', class: 'Function', flags: HandleFlag.Wrapper }, 'Function js.Func'],
];

function kindsTaken(): Tables {
  const handles = [
    ...FIXED,
    ...KINDS.map(([made], i): MadeHandle => ({ id: i + 7, birth: i + 1, time: 90_000, stack: ICON, ...made })),
  ];
  const tables = open();
  const funcs = [
    { id: 12, code: CODE, stack: ICON, time: 90_000 },
    { id: 14, code: CODE, stack: ICON, time: 90_000 },
  ];
  tables.handlesTaken('top', 1, tableOf({ handles, funcs, lost: 1, spare: 4 }));
  const ids = handles.map(({ id }) => id);
  tables.handlesPreviewed('top', 1, 1, previewsOf(handles, ids));
  return tables;
}

test('each kind of value has a preview that begins with its class, and its creation', () => {
  const { format, handles, funcs, suspects, stats } = handlesJson(kindsTaken().handlesReport('top', 1, WANTED)!);
  assert.equal(format, 'gowasm.handles/1');
  const fixed = ['NaN', '0', 'null', 'true', 'false', 'globalThis', 'Go'];
  assert.deepEqual(
    handles.map(({ id, preview }) => [id, preview]),
    [...fixed, ...KINDS.map(([, preview]) => preview)].map((preview, id) => [id, preview]),
  );
  assert.deepEqual(handles[1], { id: 1, type: 'number', preview: '0', refCount: null, state: 'fixed' });
  const createdAt = [
    ...[{ function: 'syscall/js.Value.Get', file: '/usr/local/go/src/syscall/js/js.go', line: 293, inlined: false }],
    ...[{ function: 'example.com/paint/ui.Icon', file: 'example.com/paint/ui/icon.go', line: 33, inlined: false }],
    ...[{ function: 'runtime.main', file: '/usr/local/go/src/runtime/proc.go', line: 290, inlined: false }],
  ];
  assert.deepEqual(handles[7], {
    ...{ id: 7, type: 'object', preview: 'Array(3)', refCount: 1, createdAt, state: 'not known', ageMs: 10_000 },
  });
  assert.equal(handles[17].state, 'never released');
  const ran = { function: 'main.(*App).onClick', file: 'example.com/paint/app.go', line: 143 };
  assert.deepEqual(funcs, [
    { func: 12, ...ran, handle: 17, createdAt, state: 'never released' },
    { func: 14, ...ran, handle: null, createdAt, state: 'never released' },
  ]);
  assert.deepEqual(suspects, []);
  assert.deepEqual(stats, {
    ...{ handles: 20, funcs: 2, slots: 24, free: 4, numgc: 10, fixed: 7, watched: true, lost: 1 },
  });
});

test('the file of the panel is the JSON of the report, of what the filter lets through', async () => {
  const tables = open();
  tables.handlesTaken('top', 1, paintHandles({ unheld: 3 }));
  tables.handlesPreviewed('top', 1, 1, paintPreviews({ unheld: 3 }, paintHandles().ids));
  for (const text of ['', 'toolbar.go', 'nothing-has-this']) {
    const wanted = { ...WANTED, text };
    const file = tables.handlesFile('top', 1, wanted, 'json')!;
    assert.equal(file.type, 'application/json');
    const read: HandlesJson = JSON.parse(await file.text());
    assert.deepEqual(read, JSON.parse(JSON.stringify(handlesJson(tables.handlesReport('top', 1, wanted)!))));
    const [handles, funcs] = { '': [1201, 325], 'toolbar.go': [313, 316] }[text] ?? [0, 0];
    assert.deepEqual([read.handles.length, read.funcs.length], [handles, funcs]);
  }
  const { suspects, handles } = handlesJson(tables.handlesReport('top', 1, WANTED)!);
  assert.equal(suspects[0].each?.function, 'main.(*App).onClick');
  assert.equal(handles.filter(({ suspect }) => suspect?.reason === suspects[0].reason).length, 313);
  assert.equal(tables.handlesReport('top', 1, { ...WANTED, text: '/(/' }), null);
  assert.equal(tables.handlesFile('top', 2, WANTED, 'json'), null);
});

/** As RFC 4180 has it. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

test('CSV has a line for each handle, and no cell that a spreadsheet would run', async () => {
  const tables = open();
  const texts = ['=1+1', '+x', '-x', '@x', 'a,b', 'a "b"', 'two\r\nlines', 'plain'];
  const handles = texts.map((text, i): MadeHandle => ({ id: i + 7, birth: i + 1, class: text, refs: 2, stack: ICON }));
  tables.handlesTaken('top', 1, tableOf({ handles, funcs: [{ id: 3, code: CODE }] }));
  const file = tables.handlesFile('top', 1, WANTED, 'csv')!;
  assert.equal(file.type, 'text/csv');
  const text = await file.text();
  const [head, ...rows] = readCsv(text);
  assert.deepEqual(head, [
    ...['id', 'func', 'type', 'class', 'preview', 'refs', 'crossings', 'age_ms', 'state', 'suspect'],
    ...['function', 'file', 'line', 'runs'],
  ]);
  assert.deepEqual(
    rows.map((row) => row[3]),
    ["'=1+1", "'+x", "'-x", "'@x", 'a,b', 'a "b"', 'two\r\nlines', 'plain', 'js.Func'],
  );
  const place = ['example.com/paint/ui.Icon', 'example.com/paint/ui/icon.go', '33'];
  assert.deepEqual(rows[7], ['14', '', 'object', 'plain', 'plain', '2', '', '', 'not known', '', ...place, '']);
  const runs = 'main.(*App).onClick';
  const last = ['', '3', 'function', 'js.Func', `Function js.Func 3 → ${runs}`, '', '', '', 'never released', ''];
  assert.deepEqual(rows[8], [...last, '', '', '', runs]);
  assert.ok(rows.every((row) => row.length === head.length));
  assert.equal(text.split('\r\n').length - 1, 1 + rows.length + 2, 'two are within cells');
});

test('text has the figures, what is suspected, places by count, and each handle when that is asked for', () => {
  const tables = open();
  tables.handlesTaken('top', 1, paintHandles());
  const report = tables.handlesReport('top', 1, WANTED)!;
  const lines = handlesText(report, false).split('\n');
  assert.deepEqual(lines.slice(0, 9), [
    "1,204 handles, 325 js.Funcs registered, 212 nodes, 0 strings, 7 fixed; 1,262 slots, 58 free; 41 cycles of Go's collector",
    '',
    '316 js.Funcs made at toolbar.go:88 were never released; each call of main.(*App).onClick makes 4.',
    '  at example.com/paint/ui.(*Toolbar).rebuild example.com/paint/ui/toolbar.go:88',
    '  Call Release when the listener is removed, or make the js.Func once.',
    '',
    'handles  mostly           made at',
    '    402  PointerEvent     main.(*App).onPointerMove example.com/paint/app.go:112',
    '    316  js.Func          example.com/paint/ui.(*Toolbar).rebuild example.com/paint/ui/toolbar.go:88',
  ]);
  assert.equal(lines.length, 6 + 1 + 9 + 1);
  const all = handlesText(report, true).split('\n');
  assert.equal(all.length, lines.length + 2 + 1204);
  const last = all.at(-2)!;
  assert.match(last, /^#1203 +1 +never released +Function js\.Func 371 → .*rebuild\.func1 +.*toolbar\.go:88$/);

  const long = open();
  long.handlesTaken('top', 1, tableOf({ handles: [{ id: 7, class: 'C'.repeat(90) }] }));
  const wide = handlesText(long.handlesReport('top', 1, WANTED)!, true)
    .split('\n')
    .at(-2);
  assert.equal(wide, `#7     1  not known  ${'C'.repeat(80)}…`);

  const bare = open();
  bare.handlesTaken('top', 1, tableOf({ handles: [{ id: 7, class: 'a\u001b[2Jb\n' }], since: null, funcs: null }));
  const said = handlesText({ ...bare.handlesReport('top', 1, WANTED)!, suspects: [] }, true);
  assert.match(said, /^1 handle, 0 nodes, 0 strings, 0 fixed; 8 slots, 7 free; 10 cycles of Go's collector\n/);
  assert.match(said, /nobody watched/);
  assert.doesNotMatch(said.replaceAll('\n', ''), /\p{Cc}/u, 'nothing of the page moves the cursor');
});

test('made-up tables are as the page tells them', () => {
  const { handles, funcs } = paintMade();
  assert.equal(new Set(handles.map(({ id }) => id)).size, handles.length);
  assert.equal(funcs?.length, 325);
});
