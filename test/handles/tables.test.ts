/**
 * Groups, counts, filters, orders and differences against a slow model of the same tables: objects and Maps, and the filter's words taken one
 * by one.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tables } from '../../src/handles/tables';
import type { GroupRow, HandleRow, HandlesWanted, OneHandle } from '../../src/handles/view';
import type { Program } from '../../src/program';
import { HandleFlag } from '../../src/protocol/handles';
import { paint } from '../bridge/made';
import { type MadeFunc, type MadeHandle, type MadeTable, ORIGIN, paintHandles, previewsOf, tableOf } from './made';
import { MACHINERY, randomTable } from './random';

const program = paint as unknown as Program;
const open = () =>
  new Tables(
    () => program,
    () => program,
    () => [],
  );

const WANTED: HandlesWanted = {
  ...{ snapshot: 1, against: null, group: 'site', text: '', suspects: false, open: {} },
  sort: { by: 'count', up: false },
};

/** What a row is, in plain words. */
interface Plain {
  /** `#12`, or `func 12` without a handle. */
  name: string;
  id: number;
  type: string;
  class: string;
  text: string;
  site: string;
  stack: string[];
  runs: string;
  state: string;
  refs: number | null;
  age: number | null;
  birth: number;
  func: number;
}

const nameOf = (pc: number) => {
  const frame = program.framesOfReturn(pc >>> 0)![0];
  return `${frame.function} ${frame.file}:${frame.line}`;
};
const isMachinery = (pc: number) => MACHINERY.includes((pc >>> 16) - 0x1000);

function plainOf({ handles, funcs, now = 0 }: MadeTable, known: boolean): Plain[] {
  const registered = new Map(funcs!.map((func) => [func.id, func]));
  const held = new Set(handles.map(({ func }) => func));
  const age = (time?: number) => (time ? now - time : null);
  const site = ({ stack }: MadeHandle | MadeFunc) => stack && nameOf(stack.find((pc) => !isMachinery(pc)) ?? stack[0]);
  const told: Plain[] = handles.map((one) => {
    const func = one.func ? registered.get(one.func) : undefined;
    const { id, type = 'object', birth = 0, text = '' } = one;
    const fixed = id <= 6;
    const named = one.func ? 'js.Func' : one.class || { bigint: 'BigInt' }[type as 'bigint'] || '';
    return {
      ...{ name: `#${id}`, id, type, class: named, text: known && !fixed ? text : '', birth, func: one.func ?? 0 },
      site: fixed ? 'syscall/js (fixed)' : (site(one) ?? (birth > 0 ? 'place not recorded' : 'before recording')),
      ...{ stack: (one.stack ?? []).map(nameOf), runs: func ? nameOf(func.code << 16) : '', age: age(one.time) },
      ...{ state: fixed ? 'fixed' : func ? 'never released' : 'not known', refs: fixed ? null : (one.refs ?? 1) },
    };
  });
  for (const func of funcs!) {
    if (held.has(func.id)) continue;
    const runs = nameOf(func.code << 16);
    told.push({
      ...{ name: `func ${func.id}`, id: 0, type: 'function', class: 'js.Func', text: '', birth: 0, func: func.id },
      ...{ site: site(func) ?? `js.Funcs that run ${runs.split(' ')[0]}`, stack: (func.stack ?? []).map(nameOf), runs },
      ...{ state: 'never released', refs: null, age: age(func.time) },
    });
  }
  return told;
}

const keyOf = (row: GroupRow) => (row.site ? `${row.site.function} ${row.site.file}:${row.site.line}` : row.title);
const rowName = ({ id, func }: OneHandle) => (id === 0 && func > 0 ? `func ${func}` : `#${id}`);

function countBy(rows: Plain[], key: (row: Plain) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(key(row), (counts.get(key(row)) ?? 0) + 1);
  return counts;
}

/** All rows of a view, asked for in pieces. */
function rowsOf(tables: Tables, wanted: HandlesWanted): HandleRow[] {
  const view = tables.handlesView('top', 1, wanted);
  assert.ok(view);
  assert.equal(view.filterWhy, '');
  const rows: HandleRow[] = [];
  while (rows.length < view.rows) {
    const some = tables.handlesRows('top', 1, rows.length, 700);
    assert.ok(some.length > 0);
    rows.push(...some);
  }
  assert.equal(rows.length, view.rows);
  assert.deepEqual(tables.handlesRows('top', 1, view.rows, 10), []);
  return rows;
}

const groupsOf = (rows: HandleRow[]) => rows.filter((row) => row.kind === 'group');
const handlesOf = (rows: HandleRow[]) => rows.filter((row) => row.kind === 'handle');
const sorted = <T>(items: Iterable<T>) => [...items].sort();

const first = randomTable(7, 3000, 0.8, 49_995, 2);
const second = randomTable(7, 3000, 1, 50_000, 5);
const plainFirst = plainOf(first, false);
const plain = plainOf(second, true);

/** Two snapshots of one program, of which the values of the second have been looked at. */
function taken(): Tables {
  const tables = open();
  for (const made of [first, second]) assert.ok(tables.handlesTaken('top', 1, tableOf(made)).ok);
  const ids = second.handles.map(({ id }) => id);
  tables.handlesPreviewed('top', 1, 2, previewsOf(second.handles, ids));
  return tables;
}

test('the model has rows of every kind', () => {
  for (const site of ['syscall/js (fixed)', 'before recording', 'place not recorded']) {
    assert.ok(plain.some((row) => row.site === site));
  }
  assert.ok(plain.filter(({ id }) => id === 0).length > 50);
  assert.ok(plain.some(({ site }) => site.startsWith('js.Funcs that run')));
  assert.ok(countBy(plain, ({ site }) => site).size > 12);
});

test('groups have the counts, the classes and the growth of the model', () => {
  const tables = taken();
  const keys = { site: (row: Plain) => row.site, class: (row: Plain) => row.class, type: (row: Plain) => row.type };
  for (const [group, key] of Object.entries(keys) as ['site' | 'class' | 'type', (row: Plain) => string][]) {
    const counts = countBy(plain, key);
    const before = countBy(plainFirst, key);
    const rows = groupsOf(rowsOf(tables, { ...WANTED, snapshot: 2, group }));
    const told = new Map(rows.map((row) => [group === 'site' ? keyOf(row) : row.key, row]));
    assert.deepEqual(sorted(told.keys()), sorted(counts.keys()), group);
    for (const [name, row] of told) {
      assert.equal(row.count, counts.get(name), name);
      assert.deepEqual(row.growth, [before.get(name) ?? 0, counts.get(name)], name);
      const members = plain.filter((one) => key(one) === name);
      assert.equal(row.unheld, members.filter(({ id, func }) => id === 0 && func > 0).length, name);
      if (name === 'syscall/js (fixed)') continue;
      const classes = countBy(members, (one) => one.class);
      assert.equal(classes.get(row.mostly), Math.max(...classes.values()), name);
    }
  }
  const view = tables.handlesView('top', 1, { ...WANTED, snapshot: 2 });
  assert.equal(view?.total, plain.length);
  assert.equal(view?.unheld, plain.filter(({ name }) => name.startsWith('func')).length);
});

test('rows say what the model says of each handle', () => {
  const tables = taken();
  const rows = handlesOf(rowsOf(tables, { ...WANTED, snapshot: 2, group: 'none' }));
  const told = rows.map((row) => ({
    ...{ name: rowName(row), id: row.id, type: row.type, class: row.class, text: row.text, state: row.state },
    ...{ refs: row.refs, age: row.ageMs, func: row.func },
    runs: row.runs ? `${row.runs.function} ${row.runs.file}:${row.runs.line}` : '',
  }));
  const expected = plain.map(({ site, stack, birth, ...row }) => row);
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
  assert.deepEqual(told.sort(byName), expected.sort(byName));
  const flags = new Map(second.handles.map((one) => [one.id, one.flags ?? 0]));
  for (const row of rows) {
    const flag = row.id > 6 ? flags.get(row.id)! : 0;
    assert.equal(row.connected, flag & HandleFlag.Connected ? true : flag & HandleFlag.Detached ? false : null);
  }
});

test('details have the stack, or say why not', () => {
  const tables = taken();
  for (const row of plain.filter((_, i) => i % 17 === 0 || i < 8)) {
    const detail = tables.handlesDetail('top', 1, 2, row.id, row.id === 0 ? row.func : 0)!;
    const frames = detail.createdAt?.map((frame) => `${frame.function} ${frame.file}:${frame.line}`);
    assert.deepEqual(frames ?? [], row.stack, row.name);
    assert.equal(detail.createdWhy === '', row.stack.length > 0, row.name);
    assert.ok(detail.reason.endsWith('.'), row.name);
  }
  assert.equal(tables.handlesDetail('top', 1, 2, 10_000_000, 0), null);
  assert.equal(tables.handlesDetail('top', 1, 3, 10, 0), null);
});

/** The texts in which a word is looked for. */
const texts = (row: Plain) => [row.type, row.class, row.site, row.text, row.runs, ...row.stack];
const has = (row: Plain, word: string) => texts(row).some((text) => text.toLowerCase().includes(word.toLowerCase()));
const packageIn = (row: Plain) => row.site.split(' ')[0].replace(/\.[^/]*$/, '');

const FILTERS: [text: string, takes: (row: Plain) => boolean][] = [
  ['toolbar.go', (row) => has(row, 'toolbar.go')],
  ['ONCLICK', (row) => has(row, 'onClick')],
  ['-string', (row) => !has(row, 'string')],
  ['canvas -uint8array', (row) => has(row, 'canvas') && !has(row, 'Uint8Array')],
  ['#20', (row) => row.name === '#20'],
  ['20', (row) => row.name === '#20' || has(row, '20')],
  ['kind:function', (row) => row.type === 'function'],
  ['type:str class:string', (row) => row.type === 'string' && row.class === 'String'],
  ['class:HTML', (row) => row.class.includes('HTML')],
  ['class:function', (row) => row.class === 'Function' || row.class === 'js.Func'],
  ['site:layer.go', (row) => row.site.includes('layer.go')],
  ['-file:/app.go', (row) => !row.site.includes('/app.go')],
  ['site:before', (row) => row.site === 'before recording'],
  ['pkg:ui', (row) => packageIn(row) === 'example.com/paint/ui'],
  ['pkg:main', (row) => packageIn(row) === 'main'],
  ['state:never', (row) => row.state === 'never released'],
  ['state:fixed', (row) => row.state === 'fixed'],
  ['refs>2', (row) => row.refs !== null && row.refs > 2],
  ['refs>=3', (row) => row.refs !== null && row.refs >= 3],
  ['refs=3', (row) => row.refs === 3],
  ['crossings>4', (row) => row.refs === 4 && row.age !== null],
  ['refs<=1 -refs<1', (row) => row.refs === 1],
  ['age>10s', (row) => row.age !== null && row.age > 10_000],
  ['age<=900ms', (row) => row.age !== null && row.age <= 900],
  ['age>0.5m', (row) => row.age !== null && row.age > 30_000],
  ['-age>10', (row) => !(row.age !== null && row.age > 10_000)],
  ['/^hel+o$/', (row) => row.text === 'Hello'],
  ['-/^=1\\+1/ kind:object', (row) => !row.text.startsWith('=1+1') && row.type === 'object'],
  ['/draw \\/x/', (row) => row.text === 'draw /x/'],
  ['/#1[0-9]$/', (row) => /^#1[0-9]$/.test(row.name) || texts(row).some((text) => /#1[0-9]$/.test(text))],
  ['nothing-has-this', () => false],
  ['unknown:word', () => false],
];

test('each filter lets through what the model does, in every grouping', () => {
  const tables = taken();
  for (const [text, takes] of FILTERS) {
    const expected = plain.filter(takes);
    const rows = handlesOf(rowsOf(tables, { ...WANTED, snapshot: 2, group: 'none', text }));
    assert.deepEqual(sorted(rows.map(rowName)), sorted(expected.map(({ name }) => name)), text);
    const groups = groupsOf(rowsOf(tables, { ...WANTED, snapshot: 2, text }));
    assert.deepEqual(
      new Map(groups.map((row) => [keyOf(row), row.count])),
      countBy(expected, ({ site }) => site),
      text,
    );
    assert.equal(tables.handlesView('top', 1, { ...WANTED, snapshot: 2, text })?.shown, expected.length, text);
  }
  const idle = FILTERS.filter(([, takes]) => !plain.some(takes) || plain.every(takes)).map(([text]) => text);
  assert.deepEqual(idle, ['nothing-has-this', 'unknown:word'], 'all others let some through and some not');
});

test('a filter that is none says why, and the rows stay those of the view before', () => {
  const tables = taken();
  const good = tables.handlesView('top', 1, { ...WANTED, snapshot: 2, text: 'canvas' })!;
  const rows = tables.handlesRows('top', 1, 0, 100);
  for (const text of ['/(/', 'age>soon', 'refs>x', 'refs>2s', '-age<', 'x'.repeat(1001)]) {
    const view = tables.handlesView('top', 1, { ...WANTED, snapshot: 2, text })!;
    assert.notEqual(view.filterWhy, '', text);
    assert.deepEqual({ ...view, filterWhy: '' }, good);
    assert.deepEqual(tables.handlesRows('top', 1, 0, 100), rows);
    assert.equal(tables.handlesFile('top', 1, { ...WANTED, snapshot: 2, text }, 'csv'), null);
  }
});

test('groups and rows stand in the order that is asked for', () => {
  const tables = taken();
  const values: Record<string, (row: OneHandle) => number | string | null> = {
    id: (row) => (row.id === 0 && row.func > 0 ? null : row.id),
    refs: (row) => row.refs,
    age: (row) => row.ageMs,
    preview: (row) => `${row.class} ${row.text}`,
  };
  for (const [by, value] of Object.entries(values)) {
    for (const up of [true, false]) {
      const sort = { by: by as HandlesWanted['sort']['by'], up };
      const rows = handlesOf(rowsOf(tables, { ...WANTED, snapshot: 2, group: 'none', sort }));
      const found = rows.map(value);
      const known = found.filter((one) => one !== null);
      const ordered = known.slice().sort((a, b) => (a < b ? -1 : a > b ? 1 : 0) * (up ? 1 : -1));
      assert.deepEqual(found, [...ordered, ...found.filter((one) => one === null)], `${by} ${up}`);
    }
  }
  for (const up of [true, false]) {
    const groups = groupsOf(rowsOf(tables, { ...WANTED, snapshot: 2, sort: { by: 'growth', up } }));
    const grown = groups.map(({ growth }) => growth[1] - growth[0]);
    assert.deepEqual(
      grown,
      grown.slice().sort((a, b) => (up ? a - b : b - a)),
    );
    const counted = groupsOf(rowsOf(tables, { ...WANTED, snapshot: 2, sort: { by: 'count', up } }));
    const counts = counted.map(({ count }) => count);
    assert.deepEqual(
      counts,
      counts.slice().sort((a, b) => (up ? a - b : b - a)),
    );
  }
});

test('an open group shows as many handles as are wanted, newest first, and how many are left', () => {
  const tables = taken();
  const [biggest, other] = groupsOf(rowsOf(tables, { ...WANTED, snapshot: 2 })).filter(({ site }) => site);
  const open = { [biggest.key]: 5, [other.key]: 1e9 };
  const rows = rowsOf(tables, { ...WANTED, snapshot: 2, open });
  const at = rows.findIndex((row) => row.kind === 'group' && row.key === biggest.key);
  assert.deepEqual(
    rows.slice(at, at + 7).map(({ kind }) => kind),
    ['group', 'handle', 'handle', 'handle', 'handle', 'handle', 'more'],
  );
  const left = { kind: 'more', group: biggest.key, count: biggest.count - 5 };
  assert.deepEqual(rows[at + 6], { ...left, position: 6, siblings: biggest.count });
  const members = plain.filter(({ site }) => site === keyOf(biggest)).sort((a, b) => b.birth - a.birth);
  assert.deepEqual(
    handlesOf(rows.slice(at, at + 6)).map(rowName),
    members.slice(0, 5).map(({ name }) => name),
  );
  assert.equal(handlesOf(rows).filter(({ group }) => group === other.key).length, other.count);
  assert.equal(rows.filter(({ kind }) => kind === 'more').length, 1);
});

test('each row says where it lies among its siblings, whatever has no row', () => {
  const tables = taken();
  for (const group of ['site', 'class', 'type'] as const) {
    const closed = groupsOf(rowsOf(tables, { ...WANTED, snapshot: 2, group }));
    // Every second one is open: a little, more than there is, not at all.
    const open = Object.fromEntries(closed.filter((_, i) => i % 2).map(({ key }, i) => [key, [2, 1e6, 0][i % 3]]));
    const rows = rowsOf(tables, { ...WANTED, snapshot: 2, group, open });
    let [groups, within, members] = [0, 0, 0];
    for (const row of rows) {
      if (row.kind === 'group') [groups, within, members] = [groups + 1, 0, row.count];
      else within++;
      const expected = row.kind === 'group' ? [groups, closed.length] : [within, members];
      assert.deepEqual([row.position, row.siblings], expected, `${group} ${row.kind}`);
    }
    assert.ok(handlesOf(rows).length > 2 && rows.some(({ kind }) => kind === 'more'), group);
  }
  const alone = rowsOf(tables, { ...WANTED, snapshot: 2, group: 'none', text: 'kind:function' });
  assert.deepEqual(
    alone.map(({ position, siblings }) => [position, siblings]),
    alone.map((_, i) => [i + 1, plain.filter(({ type }) => type === 'function').length]),
  );
});

test('against another snapshot: what is more or less of each group, what is new', () => {
  const tables = taken();
  for (const [snapshot, against, now, then] of [
    [2, 1, plain, plainFirst],
    [1, 2, plainFirst, plain],
  ] as const) {
    for (const [text, takes] of FILTERS.slice(0, 12).filter(([text]) => !/"|20/.test(text))) {
      const counts = countBy(now.filter(takes), ({ site }) => site);
      const before = countBy(then.filter(takes), ({ site }) => site);
      const groups = groupsOf(rowsOf(tables, { ...WANTED, snapshot, against, text }));
      const expected = sorted(new Set([...counts.keys(), ...before.keys()])).map((site) => [
        ...[site, counts.get(site) ?? 0],
        (counts.get(site) ?? 0) - (before.get(site) ?? 0),
      ]);
      const told = groups.map((row) => [keyOf(row), row.count, row.delta]);
      assert.deepEqual(sorted(told.map(String)), expected.map(String), text);
    }
    // Handles of one id with one birth, and js.Funcs of one number, are the same.
    const known = new Set(then.map(({ name, birth, func }) => (name.startsWith('func') ? func : `${name} ${birth}`)));
    const registered = new Set(then.filter(({ state }) => state === 'never released').map(({ func }) => func));
    const fresh = now.filter((row) =>
      row.name.startsWith('func') ? !registered.has(row.func) : !known.has(`${row.name} ${row.birth}`),
    );
    const rows = handlesOf(rowsOf(tables, { ...WANTED, snapshot, against, group: 'none' }));
    assert.deepEqual(sorted(rows.filter((row) => row.fresh).map(rowName)), sorted(fresh.map(({ name }) => name)));
  }
  const alone = handlesOf(rowsOf(tables, { ...WANTED, snapshot: 2, against: 2, group: 'none' }));
  assert.ok(alone.every(({ fresh }) => fresh === null));
});

test('a group that came later was empty before', () => {
  const tables = open();
  const stacks = [2, 13].map((number) => [(0x1009 << 16) | 3, ((0x1000 + number) << 16) | 3]);
  const at = (i: number): MadeHandle => ({ id: 7 + i, birth: 1 + i, stack: stacks[i] });
  for (const [i, expected] of [
    [[1]],
    [
      [1, 1],
      [0, 1],
    ],
  ].entries()) {
    tables.handlesTaken('top', 1, tableOf({ handles: [0, 1].slice(0, i + 1).map(at) }));
    const groups = groupsOf(rowsOf(tables, { ...WANTED, snapshot: i + 1 }));
    assert.deepEqual(
      groups.map(({ growth }) => growth),
      expected,
    );
  }
});

test('without a watch an id with the same type and class is the same handle', () => {
  const tables = open();
  const handles = [
    { id: 7, class: 'Map' },
    { id: 8, class: 'Map' },
    { id: 9, class: '' },
    { id: 10, type: 'string' as const },
  ];
  const others = [
    { id: 7, class: 'Map' },
    { id: 8, class: 'Set' },
    { id: 9, class: 'Set' },
    { id: 10, type: 'object' as const },
    { id: 11, class: 'Map' },
  ];
  tables.handlesTaken('top', 1, tableOf({ handles, since: null, funcs: null }));
  tables.handlesTaken('top', 1, tableOf({ handles: others, since: null, funcs: null, now: 200_000 }));
  const fresh = (snapshot: number, against: number) => {
    const wanted: HandlesWanted = { ...WANTED, snapshot, against, group: 'none', sort: { by: 'id', up: true } };
    return handlesOf(rowsOf(tables, wanted)).map(({ fresh }) => fresh);
  };
  assert.deepEqual(fresh(2, 1), [false, true, false, true, true]);
  // What a watch saw being made after the other snapshot was not in it.
  const later = others.map((one) => ({ ...one, birth: one.id === 7 ? 1 : 0 }));
  tables.handlesTaken('top', 1, tableOf({ handles: later, since: 210_000, now: 300_000, funcs: null }));
  assert.deepEqual(fresh(3, 2), [true, false, false, false, false]);
  assert.deepEqual(fresh(2, 3), [true, false, false, false, false]);
});

test('what values are is believed of those that are the same still', () => {
  const tables = open();
  const handles: MadeHandle[] = [
    { id: 7, birth: 1, class: '' },
    { id: 8, birth: 2, class: '' },
    { id: 9, birth: 3, class: 'Map' },
    { id: 10, birth: 4, class: 'HTMLDivElement', flags: HandleFlag.Connected },
    { id: 12, birth: 5, class: 'HTMLDivElement', flags: HandleFlag.Detached },
  ];
  tables.handlesTaken('top', 1, tableOf({ handles }));
  const now: MadeHandle[] = [
    { id: 7, birth: 1, class: 'Set', text: '(3)' },
    // Another value has the id by now, and another one that has none.
    { id: 8, birth: 9, class: 'Set', text: '(4)' },
    { id: 9, birth: 3, class: 'Map', text: '(5)' },
    { id: 10, birth: 4, class: 'HTMLDivElement', text: 'div', flags: HandleFlag.Detached },
    { id: 12, birth: 5, class: 'HTMLDivElement', text: 'div', flags: HandleFlag.Connected },
  ];
  tables.handlesPreviewed('top', 1, 1, previewsOf(now, [10, 7, 8, 9, 11, 12]));
  const rows = handlesOf(rowsOf(tables, { ...WANTED, group: 'none', sort: { by: 'id', up: true } }));
  assert.deepEqual(
    rows.map((row) => [row.class, row.text, row.connected]),
    [
      ['Set', '(3)', null],
      ['', '', null],
      ['Map', '(5)', null],
      // It was in a document when the snapshot was taken, and the other one was in none.
      ['HTMLDivElement', 'div', true],
      ['HTMLDivElement', 'div', false],
    ],
  );
  assert.equal(tables.handlesSnapshots('top', 1)[0].classified, 4);
});

test('texts alone leave groups, suspicions and order as they were, but for what looks at texts', () => {
  const tables = open();
  tables.handlesTaken('top', 1, tableOf(first));
  tables.handlesTaken('top', 1, tableOf(second));
  const ask = (more: Partial<HandlesWanted>) => tables.handlesView('top', 1, { ...WANTED, snapshot: 2, ...more })!;
  const suspects = () => tables.handlesSuspects('top', 1, 2, null);
  const names = (rows: HandleRow[]) => handlesOf(rows).map(rowName);
  const isHello = plain.filter((row) => has(row, 'hello')).map(({ name }) => name);
  const hello: Partial<HandlesWanted> = { group: 'none', text: 'hello' };
  const byWords: Partial<HandlesWanted> = { group: 'none', sort: { by: 'preview', up: true } };
  assert.equal(ask(hello).shown, 0);
  const ids = second.handles.map(({ id }) => id);
  const some = ids.slice(0, 300);
  assert.equal(tables.handlesPreviewed('top', 1, 2, previewsOf(second.handles, some)), false);
  const inSome = isHello.filter((name) => some.includes(Number(name.slice(1))));
  assert.deepEqual([ask(hello).shown, inSome.length > 3], [inSome.length, true]);
  const bare = names(rowsOf(tables, { ...WANTED, snapshot: 2, ...byWords }));

  const open3: Partial<HandlesWanted> = { open: { fixed: 3 }, sort: { by: 'growth', up: false } };
  const before = { view: ask(open3), suspects: suspects(), rows: tables.handlesRows('top', 1, 0, 1000) };
  const told = previewsOf(second.handles, ids);
  assert.equal(tables.handlesPreviewed('top', 1, 2, told), false);
  assert.equal(ask(open3), before.view, 'the very same');
  assert.equal(suspects(), before.suspects, 'the very same');
  assert.deepEqual(tables.handlesRows('top', 1, 0, 1000), before.rows);

  assert.deepEqual(sorted(names(rowsOf(tables, { ...WANTED, snapshot: 2, ...hello }))), sorted(isHello));
  assert.ok(isHello.length > 10);
  const inOrder = names(rowsOf(tables, { ...WANTED, snapshot: 2, ...byWords }));
  assert.notDeepEqual(inOrder, bare);
  assert.deepEqual(sorted(inOrder), sorted(bare));
  // The same words once more are nothing new, and also of another snapshot.
  const sortedView = ask(byWords);
  tables.handlesPreviewed('top', 1, 2, told);
  assert.equal(ask(byWords), sortedView, 'the very same');
  const compared = ask({ ...hello, against: 1 });
  tables.handlesPreviewed(
    'top',
    1,
    1,
    previewsOf(first.handles, [first.handles.find(({ text }) => text === 'Hello')!.id]),
  );
  assert.notEqual(ask({ ...hello, against: 1 }), compared);

  // A class, or that a node is in the document, is more than words.
  const unnamed = second.handles.find(
    ({ id, type, class: name, func }) => id > 6 && type === 'object' && !name && !func,
  )!;
  for (const more of [{ class: 'Headers' }, { class: 'Headers', flags: HandleFlag.Connected }]) {
    const earlier = ask(open3);
    const now = previewsOf([{ ...unnamed, ...more }], [unnamed.id]);
    assert.equal(tables.handlesPreviewed('top', 1, 2, now), true);
    assert.notEqual(ask(open3), earlier);
    assert.notEqual(suspects(), before.suspects);
    assert.equal(ask({ text: 'class:headers' }).shown, 1);
  }
  assert.equal(tables.handlesPreviewed('top', 1, 9, told), false);
});

test('figures of a snapshot', () => {
  const tables = open();
  const info = tables.handlesTaken('top', 1, paintHandles());
  assert.deepEqual(info, {
    ok: true,
    value: {
      ...{ number: 1, at: ORIGIN + 2_170_000, how: 'page', handles: 1204, funcs: 325, funcHandles: 325, nodes: 212 },
      ...{ fixed: 7, strings: 0, slots: 1262, free: 58, numgc: 41, watchedSince: ORIGIN, lost: 0, funcsWhy: '' },
      classified: 1204,
    },
  });
  // By Go's number, by the text of the function, or not at all.
  const functions: MadeHandle[] = [
    { id: 7, type: 'function', class: 'Function', birth: 1, func: 4 },
    { id: 8, type: 'function', class: 'Function', flags: HandleFlag.Wrapper },
    { id: 9, type: 'function', class: 'Function' },
    { id: 10, class: 'HTMLDivElement', flags: HandleFlag.Detached },
  ];
  const few = tables.handlesTaken('top', 2, tableOf({ handles: functions, funcs: [{ id: 5, code: 0x1006 }] }));
  assert.deepEqual(few.ok && [few.value.funcHandles, few.value.funcs, few.value.nodes], [2, 1, 1]);
  const unread = new Tables(
    () => null,
    () => null,
    () => [],
  );
  unread.handlesTaken('top', 1, tableOf({ handles: [], since: null, funcs: null }));
  const [bare] = unread.handlesSnapshots('top', 1);
  assert.equal(bare.funcs, null);
  assert.match(bare.funcsWhy, /^Which js\.Funcs are registered is not known: .*\.$/);
  assert.equal(bare.watchedSince, null);
});

test('the oldest snapshots and instances are forgotten, and numbers go on', () => {
  const tables = open();
  for (let i = 1; i <= 30; i++) {
    const taken = tables.handlesTaken('top', 1, tableOf({ handles: [] }));
    assert.ok(taken.ok && taken.value.number === i);
  }
  const numbers = tables.handlesSnapshots('top', 1).map(({ number }) => number);
  assert.deepEqual(
    numbers,
    Array.from({ length: 24 }, (_, i) => i + 7),
  );
  assert.equal(tables.handlesView('top', 1, { ...WANTED, snapshot: 6 }), null);
  for (let instance = 2; instance <= 8; instance++) tables.handlesTaken('top', instance, tableOf({ handles: [] }));
  assert.equal(tables.handlesSnapshots('top', 1).length, 24);
  tables.handlesTaken('frame', 1, tableOf({ handles: [] }));
  assert.deepEqual(tables.handlesSnapshots('top', 1), []);
  tables.handlesForget('top', 2);
  assert.deepEqual(tables.handlesSnapshots('top', 2), []);
  assert.deepEqual(tables.handlesRows('top', 2, 0, 10), []);
});

test('a table whose columns are not of one length is not taken', () => {
  const tables = open();
  const table = paintHandles();
  const { watched, registered } = table;
  const none = new Int32Array(0);
  for (const broken of [
    { ...table, types: new Uint8Array(3) },
    { ...table, watched: { ...watched!, turns: none } },
    { ...table, registered: { ...registered!, codes: none } },
  ]) {
    assert.equal(tables.handlesTaken('top', 1, broken).ok, false);
  }
  assert.deepEqual(tables.handlesSnapshots('top', 1), []);
});

test('a program that is read later gives names to what had none', () => {
  let read: Program | null = null;
  const tables = new Tables(
    () => read,
    () => read,
    () => [],
  );
  tables.handlesTaken('top', 1, paintHandles());
  assert.match(groupsOf(rowsOf(tables, WANTED))[0].site!.function, /^PC 0x/);
  read = program;
  tables.handlesDetail('top', 1, 1, 100, 0);
  const [row] = tables.handlesRows('top', 1, 0, 1);
  assert.match((row.kind === 'group' && row.site?.function) || '', /^PC 0x/, 'of the view that was asked for last');
  const names = groupsOf(rowsOf(tables, WANTED)).map(({ site }) => site?.function);
  assert.ok(names.includes('example.com/paint/ui.(*Toolbar).rebuild'));
});

test('of 100,000 handles only those that are asked for become rows', () => {
  const tables = open();
  const stack = [(0x1009 << 16) | 3, (0x1002 << 16) | 3];
  const handles = Array.from({ length: 100_000 }, (_, i): MadeHandle => ({ id: i + 7, birth: i + 1, stack }));
  tables.handlesTaken('top', 1, tableOf({ handles }));
  const wanted: HandlesWanted = { ...WANTED, group: 'none', sort: { by: 'id', up: true } };
  assert.deepEqual(tables.handlesView('top', 1, wanted), {
    ...{ total: 100_000, shown: 100_000, unheld: 0, groups: 0, suspects: 0, rows: 100_000, filterWhy: '' },
  });
  const rows = handlesOf(tables.handlesRows('top', 1, 50_000, 40));
  assert.deepEqual(
    rows.map(({ id }) => id),
    Array.from({ length: 40 }, (_, i) => 50_007 + i),
  );
  assert.equal(tables.handlesRows('top', 1, 0, 100_000).length, 1000, 'an answer has an end');
  assert.deepEqual(tables.handlesRows('top', 1, -5, 2).length, 0);
});
