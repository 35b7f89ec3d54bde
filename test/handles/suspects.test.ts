/** Suspects: each rule finds what it is for, with its place, numbers and rows, and not what lies just below its threshold. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tables } from '../../src/handles/tables';
import type { HandlesWanted, Suspect } from '../../src/handles/view';
import type { Program } from '../../src/program';
import { HandleFlag } from '../../src/protocol/handles';
import { paint } from '../bridge/made';
import { type MadeFunc, type MadeHandle, type MadeTable, PAINT_HISTORY, paintHandles, tableOf } from './made';

const program = paint as unknown as Program;
const pc = (number: number, block = 3) => ((0x1000 + number) << 16) | block;
/** Of functions of test/bridge/made.ts: made in ui.Icon, icon.go:33, in two stacks; in main.(*App).listen, app.go:96. */
const ICON = [pc(9), pc(17), pc(8)];
const ICON_TOO = [pc(20), pc(17), pc(13), pc(8)];
const LISTEN = [pc(9), pc(15), pc(8)];
const ONCLICK = 0x1000 + 13;

/** @returns what is suspected of the last of these snapshots, and the names of its rows */
function suspect(tables: MadeTable[], against: number | null = null): { list: Suspect[]; rows: string[] } {
  const all = new Tables(
    () => program,
    () => program,
    () => [],
  );
  for (const made of tables) assert.ok(all.handlesTaken('top', 1, tableOf(made)).ok);
  const list = all.handlesSuspects('top', 1, tables.length, against);
  const wanted: HandlesWanted = {
    ...{ snapshot: tables.length, against, group: 'none', text: '', suspects: true, open: {} },
    sort: { by: 'id', up: true },
  };
  const view = all.handlesView('top', 1, wanted)!;
  const leaks = new Set(list.filter(({ kind }) => kind !== 'strings').map(({ group }) => group));
  assert.equal(view.suspects, leaks.size);
  const rows = all.handlesRows('top', 1, 0, 1000).map((row) => {
    assert.ok(row.kind === 'handle' && row.suspect);
    return row.id === 0 ? `func ${row.func}` : `#${row.id}`;
  });
  // The groups that are suspected are those that the suspects name, and each row is in one of them.
  const groups = all.handlesView('top', 1, { ...wanted, group: 'site' })!;
  assert.equal(groups.groups, leaks.size);
  for (const row of all.handlesRows('top', 1, 0, 1000)) {
    assert.ok(row.kind === 'group' && leaks.has(row.key) && row.suspect);
  }
  return { list, rows };
}

const kinds = ({ list }: { list: Suspect[] }) => list.map(({ kind }) => kind);
const many = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const ids = (count: number, from = 7) => many(count, (i) => `#${i + from}`);

/** Handles from id 7 on. */
const handles = (count: number, more: Partial<MadeHandle> = {}, from = 0): MadeHandle[] =>
  many(count, (i) => ({ id: 7 + from + i, birth: 1 + from + i, stack: ICON, ...more }));

/** js.Funcs with their handles, each made in an entry into Go of its own. */
function jsFuncs(count: number, more: Partial<MadeFunc> = {}) {
  const funcs = many(count, (i): MadeFunc => ({ id: i + 1, code: ONCLICK, stack: ICON, turn: i + 1, ...more }));
  const made = funcs.map(({ id, stack }): MadeHandle => ({ id: id + 6, type: 'function', birth: id, stack, func: id }));
  return { funcs, handles: made };
}

test('js.Funcs of one place of which none was released, from 20 on', () => {
  const { list, rows } = suspect([jsFuncs(20)]);
  const [{ site, ...found }] = list;
  assert.deepEqual(found, {
    ...{ kind: 'func', group: 'example.com/paint/ui.Icon example.com/paint/ui/icon.go:33', count: 20, each: null },
    reason: '20 js.Funcs made at icon.go:33 were never released.',
    deed: 'Call Release when the listener is removed, or make the js.Func once.',
  });
  assert.equal(site?.line, 33);
  assert.deepEqual(rows, ids(20));
  assert.deepEqual(kinds(suspect([jsFuncs(19)])), []);
});

test('those of fewer than three entries into Go are what a page starts with, unless they have become more', () => {
  const inEntries = (count: number, entries: number) => {
    const { funcs, handles } = jsFuncs(count);
    return { funcs: funcs.map((func, i) => ({ ...func, turn: 1 + (i % entries) })), handles };
  };
  assert.deepEqual(kinds(suspect([inEntries(50, 2)])), []);
  assert.deepEqual(kinds(suspect([inEntries(50, 3)])), ['func']);
  assert.deepEqual(kinds(suspect([inEntries(50, 2), inEntries(50, 2)])), []);
  assert.deepEqual(kinds(suspect([inEntries(49, 2), inEntries(50, 2)])), ['func']);
});

test('one that was released speaks for all of its place, whatever the stack', () => {
  for (const stack of [ICON, ICON_TOO]) {
    assert.deepEqual(kinds(suspect([{ ...jsFuncs(40), released: [{ stack, count: 1 }] }])), []);
  }
  assert.deepEqual(kinds(suspect([{ ...jsFuncs(40), released: [{ stack: LISTEN, count: 5 }] }])), ['func']);
});

test('stacks of one place are counted together, and js.Funcs without a handle too', () => {
  const { funcs } = jsFuncs(24);
  for (const [i, func] of funcs.entries()) if (i % 2) func.stack = ICON_TOO;
  const { list, rows } = suspect([{ funcs, handles: [{ id: 9, birth: 1, type: 'function', stack: ICON, func: 1 }] }]);
  assert.equal(list[0].count, 24);
  assert.deepEqual(rows.sort(), ['#9', ...many(23, (i) => `func ${i + 2}`)].sort());
});

test('js.Funcs that were fewer three cycles of the collector later were released after all', () => {
  const before = { ...jsFuncs(31), numgc: 4 };
  assert.deepEqual(kinds(suspect([before, { ...jsFuncs(30), numgc: 7 }])), []);
  assert.deepEqual(kinds(suspect([before, { ...jsFuncs(30), numgc: 6 }])), ['func']);
  assert.deepEqual(kinds(suspect([before, { ...jsFuncs(31), numgc: 7 }])), ['func']);
  assert.deepEqual(
    kinds(
      suspect([
        { ...before, numgc: -1 },
        { ...jsFuncs(30), numgc: 7 },
      ]),
    ),
    [],
  );
});

test('a watch that has forgotten where old js.Funcs were made does not take them for released', () => {
  const { funcs } = jsFuncs(100);
  const old = many(30, (i): MadeFunc => ({ id: i + 1, code: 0x1000 }));
  const young = funcs.map((func) => ({ ...func, id: func.id + 65_536 + 30 }));
  const released = [{ stack: ICON, count: 30 }];
  assert.deepEqual(kinds(suspect([{ funcs: [...old, ...young], handles: [], released }])), ['func']);
  assert.deepEqual(kinds(suspect([{ funcs: [...old.slice(1), ...young], handles: [], released }])), []);
  // These are too young to have been forgotten: they were made before somebody watched.
  const next = funcs.map((func) => ({ ...func, id: func.id + 30 }));
  assert.deepEqual(kinds(suspect([{ funcs: [...old, ...next], handles: [], released }])), []);
});

test('where nobody watched js.Funcs are told by what they run, from 100 on', () => {
  const funcs = (count: number) => many(count, (i): MadeFunc => ({ id: i + 1, code: ONCLICK }));
  const { list, rows } = suspect([{ handles: [], since: null, funcs: funcs(100) }]);
  assert.deepEqual(kinds({ list }), ['func']);
  assert.equal(list[0].site, null);
  assert.equal(list[0].count, 100);
  assert.match(
    list[0].reason,
    /^100 js\.Funcs that run main\.\(\*App\)\.onClick .* not known, for nobody watched then\.$/,
  );
  assert.equal(rows.length, 100);
  assert.deepEqual(kinds(suspect([{ handles: [], since: null, funcs: funcs(99) }])), []);
  const two = [...funcs(60), ...many(60, (i): MadeFunc => ({ id: i + 100, code: 0x1000 + 14 }))];
  assert.deepEqual(kinds(suspect([{ handles: [], since: null, funcs: two }])), []);
  assert.deepEqual(kinds(suspect([{ handles: [], since: null, funcs: null }])), []);
});

test('how many each call makes: the same whole number for nine of ten calls, at least', () => {
  // js.Func 500 runs main.(*App).onClick.
  const handler: MadeFunc = { id: 500, code: ONCLICK, stack: LISTEN };
  const made = (turns: number[]) => {
    const { funcs } = jsFuncs(turns.length);
    for (const [i, func] of funcs.entries()) Object.assign(func, { handler: 500, turn: turns[i] });
    return suspect([{ funcs: [...funcs, handler], handles: [] }]).list[0];
  };
  const fours = (count: number) => many(count * 4, (i) => 1 + Math.floor(i / 4));
  const { each, reason } = made(fours(10));
  assert.equal(each?.count, 4);
  assert.equal(each?.of.function, 'main.(*App).onClick');
  assert.equal(reason, '40 js.Funcs made at icon.go:33 were never released; each call of main.(*App).onClick makes 4.');
  assert.equal(made([...fours(9), 10])?.each?.count, 4, 'nine of ten');
  assert.equal(made([...fours(8), 10])?.each, null, 'eight of nine');
  assert.equal(made(many(40, () => 1)), undefined, 'one call');
  assert.equal(made(many(40, (i) => i + 1)).each?.count, 1);
  const { funcs } = jsFuncs(40, { handler: 501 });
  assert.equal(suspect([{ funcs, handles: [] }]).list[0].each, null, 'what js.Func 501 runs is not known');
});

test('what a released handler ran is known from an earlier snapshot', () => {
  const handler: MadeFunc = { id: 500, code: ONCLICK, stack: LISTEN };
  const { funcs } = jsFuncs(40);
  for (const [i, func] of funcs.entries()) Object.assign(func, { handler: 500, turn: 1 + (i >> 2) });
  const tables = [
    { funcs: [handler], handles: [] },
    { funcs, handles: [] },
  ];
  assert.equal(suspect(tables).list[0].each?.of.function, 'main.(*App).onClick');
});

test('nodes of one place that are in no document, from 20 on', () => {
  const flags = HandleFlag.Detached;
  const { list, rows } = suspect([{ handles: handles(20, { flags }) }]);
  assert.deepEqual(kinds({ list }), ['detached']);
  assert.equal(list[0].reason, '20 nodes made at icon.go:33 are in no document.');
  assert.deepEqual(rows, ids(20));
  assert.deepEqual(kinds(suspect([{ handles: handles(19, { flags }) }])), []);
  assert.deepEqual(kinds(suspect([{ handles: handles(20, { flags: HandleFlag.Connected }) }])), []);
  assert.deepEqual(kinds(suspect([{ handles: handles(20, { flags, stack: undefined }) }])), [], 'of no known place');
  // Twelve of them were in a document before; another one that was has been another value.
  const before = [...handles(12, { flags: HandleFlag.Connected }), ...handles(3, { flags }, 12)];
  before.push({ id: 7 + 15, birth: 99, stack: ICON, flags: HandleFlag.Connected });
  const left = suspect([{ handles: before }, { handles: handles(20, { flags }), numgc: 11 }]).list[0];
  assert.equal(
    left.reason,
    '20 nodes made at icon.go:33 are in no document; 12 left the document since an earlier snapshot.',
  );
  const all = suspect([{ handles: handles(20, { flags: HandleFlag.Connected }) }, { handles: handles(20, { flags }) }]);
  assert.match(all.list[0].reason, /; all of them left the document/);
});

test('handles of one place that grow by 20 and of which none went, against another snapshot', () => {
  const before = { handles: handles(5), numgc: 10 };
  const grown = (count: number, numgc = 12) => ({ handles: handles(count), numgc });
  const { list, rows } = suspect([before, grown(25)], 1);
  assert.deepEqual(kinds({ list }), ['grows']);
  assert.equal(list[0].count, 25);
  const why =
    "20 more handles made at icon.go:33 than in snapshot 1, and none of those went in 2 cycles of Go's collector.";
  assert.equal(list[0].reason, why);
  assert.deepEqual(rows, ids(25));
  assert.deepEqual(kinds(suspect([before, grown(24)], 1)), []);
  assert.deepEqual(kinds(suspect([before, grown(25, 11)], 1)), [], 'the collector has not run since');
  assert.deepEqual(kinds(suspect([before, grown(25)])), [], 'nobody compares');
  const unknown = suspect([{ ...before, numgc: -1 }, grown(25)], 1);
  assert.match(unknown.list[0].reason, /and none of those went\.$/);
  const gone = { handles: handles(30, {}, 1), numgc: 12 };
  assert.deepEqual(kinds(suspect([before, gone], 1)), [], 'one went');
  const strings = { handles: handles(45, { type: 'string' }), numgc: 12 };
  assert.deepEqual(kinds(suspect([before, strings], 1)), []);
  assert.deepEqual(kinds(suspect([before, { handles: handles(45, { stack: undefined }), numgc: 12 }], 1)), []);
});

test('handles of one place that are more in each of three snapshots', () => {
  const at = (count: number, numgc: number) => ({ handles: handles(count), numgc });
  assert.deepEqual(kinds(suspect([at(5, 1), at(6, 2), at(25, 4)])), ['grows']);
  assert.deepEqual(kinds(suspect([at(5, 1), at(6, 2), at(24, 4)])), []);
  assert.deepEqual(kinds(suspect([at(5, 1), at(6, 2), at(25, 3)])), [], 'two cycles');
  assert.deepEqual(kinds(suspect([at(5, 1), at(5, 2), at(25, 4)])), [], 'two of them are alike');
  assert.deepEqual(kinds(suspect([at(9, 0), at(5, 1), at(6, 2), at(25, 4)])), ['grows'], 'since they were fewest');
  assert.deepEqual(kinds(suspect([at(5, -1), at(6, 2), at(25, 4)])), ['grows'], 'cycles are not known');
  const gone = [at(5, 1), at(6, 2), { handles: handles(30, {}, 1), numgc: 4 }];
  assert.deepEqual(kinds(suspect(gone)), []);
});

test('where js.Funcs leak it is said once that handles become more', () => {
  const all = [10, 20, 40].map((count, i) => ({ ...jsFuncs(count), numgc: i * 3 }));
  assert.deepEqual(kinds(suspect(all)), ['func']);
});

test('strings of one place wait for the collector, from 50 on, and are no leak', () => {
  const { list, rows } = suspect([{ handles: handles(50, { type: 'string' }) }]);
  assert.deepEqual(kinds({ list }), ['strings']);
  assert.match(list[0].reason, /^50 strings made at icon\.go:33 .*Go gives a handle back only after its GC\.$/);
  assert.deepEqual(rows, []);
  assert.deepEqual(kinds(suspect([{ handles: handles(49, { type: 'string' }) }])), []);
});

test('the worst comes first, and of a kind the one with more', () => {
  const few = jsFuncs(25, { stack: LISTEN });
  const more = many(30, (i): MadeFunc => ({ id: i + 100, code: ONCLICK, stack: ICON }));
  const at = (from: number, count: number, made: Partial<MadeHandle>) =>
    many(count, (i): MadeHandle => ({ id: from + i, birth: from + i, ...made }));
  const nodes = at(1000, 90, { stack: [pc(9), pc(18)], flags: HandleFlag.Detached });
  const texts = at(2000, 400, { stack: [pc(9), pc(19)], type: 'string' });
  const grown = at(3000, 200, { stack: [pc(9), pc(2)] });
  const { list } = suspect(
    [
      { handles: [], numgc: 1 },
      { handles: [...few.handles, ...nodes, ...texts, ...grown], funcs: [...few.funcs, ...more], numgc: 5 },
    ],
    1,
  );
  const told = list.map(({ kind, count }) => [kind, count]);
  assert.deepEqual(told, [
    ['func', 30],
    ['func', 25],
    ['detached', 90],
    ['grows', 200],
    ['grows', 90],
    ['strings', 400],
  ]);
});

test('the program paint has one suspect, however often it was looked at', () => {
  const tables = new Tables(
    () => program,
    () => program,
    () => [],
  );
  for (const shape of PAINT_HISTORY) tables.handlesTaken('top', 1, paintHandles(shape));
  for (const [snapshot, count] of [
    [1, 100],
    [7, 316],
  ]) {
    const suspects = tables.handlesSuspects('top', 1, snapshot, null);
    assert.deepEqual(
      suspects.map(({ kind, count, each }) => [kind, count, each?.count, each?.of.function]),
      [['func', count, 4, 'main.(*App).onClick']],
    );
  }
});
