/** What is believed of handles: good tables pass as they are, any one number that is wrong spoils one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkCounts, checkDumpParts, checkPreviews, checkTable } from '../../src/protocol/check-handles';
import { PAGE } from '../../src/protocol/handles';
import { emptyParts, madeParts, madeTable } from '../memory/made';

const WRONG = [undefined, 'x', {}, Number.NaN, Number.POSITIVE_INFINITY, 0.5, -2, [1], new Uint16Array(6)];
const ints = (...values: number[]) => Int32Array.from(values);
const floats = (...values: number[]) => Float64Array.from(values);

/** A copy in which one column has one number more, or another one. */
function changed<T extends Int32Array | Uint8Array | Float64Array>(column: T, at: number, value: number): T {
  const longer = new (column.constructor as new (length: number) => T)(Math.max(column.length, at + 1));
  longer.set(column as never);
  longer[at] = value;
  return longer;
}

test('what the page’s scripts say passes unchanged, and what is added does not come along', () => {
  for (const parts of [madeParts(), emptyParts()]) {
    const { table, previews } = parts;
    const { now, slots, free, funcs, numgc } = table;
    assert.deepEqual(checkCounts({ ...table, more: 1 }), { now, slots, free, funcs, numgc });
    assert.deepEqual(checkTable({ ...table, more: 1 }), table);
    assert.deepEqual(checkPreviews({ ...previews, more: 1 }, table.ids), previews);
    assert.deepEqual(checkDumpParts({ ...parts, more: 1 }), parts);
    const blob = new Blob([parts.bytes as Uint8Array<ArrayBuffer>]);
    assert.equal(checkDumpParts({ ...parts, bytes: blob })?.bytes, blob);
    for (const [column, copy] of [
      [table.ids, checkTable(table)?.ids],
      [previews.births, checkPreviews(previews, table.ids)?.births],
    ]) {
      assert.notEqual(copy?.buffer, column?.buffer);
    }
  }
});

test('what was made at no stack that is told is left out', () => {
  const table = madeTable();
  const roomy = { ...table, registered: { ...table.registered!, made: changed(table.registered!.made, 1023, 0) } };
  assert.deepEqual(checkTable(roomy), table);
  const unwatched = checkTable({ ...table, watched: null, registered: { ...table.registered!, stacks: ints(0, 0) } });
  assert.deepEqual(unwatched?.registered?.made, ints(0));
});

test('a field of the wrong kind spoils all', () => {
  const parts = madeParts();
  const { table, previews } = parts;
  for (const value of [null, ...WRONG]) {
    assert.equal(checkCounts(value), null);
    assert.equal(checkTable(value), null);
    assert.equal(checkPreviews(value, table.ids), null);
    assert.equal(checkDumpParts(value), null);
  }
  /** What is right all the same: a time may be any number. */
  const isTime = (field: string, value: unknown) => /^(?:now|origin|since)$/.test(field) && Number.isFinite(value);
  for (const value of WRONG) {
    for (const field of Object.keys(table)) {
      if (!isTime(field, value)) assert.equal(checkTable({ ...table, [field]: value }), null, `${field} ${value}`);
    }
    for (const field of Object.keys(table.watched!)) {
      const watched = { ...table.watched, [field]: value };
      if (!isTime(field, value)) assert.equal(checkTable({ ...table, watched }), null, `${field} ${value}`);
    }
    for (const field of Object.keys(table.registered!)) {
      const registered = { ...table.registered, [field]: value };
      assert.equal(checkTable({ ...table, registered }), null, `${field} ${value}`);
    }
    for (const field of Object.keys(previews)) {
      if (isTime(field, value)) continue;
      assert.equal(checkPreviews({ ...previews, [field]: value }, table.ids), null, `${field} ${value}`);
    }
    for (const field of Object.keys(parts)) {
      assert.equal(checkDumpParts({ ...parts, [field]: value }), null, `${field} ${value}`);
    }
  }
});

test('a number that makes no sense spoils the table', () => {
  const table = madeTable();
  const watched = table.watched!;
  const registered = table.registered!;
  for (const wrong of [
    ...[{ slots: -1 }, { free: 0.5 }, { funcs: -2 }, { numgc: 2 ** 53 }, { now: 8.64e15 }, { origin: -8.64e15 }],
    ...[{ ids: ints(0, 1, 6, 7, 300, 300) }, { ids: changed(table.ids, 0, -1) }, { ids: table.ids.slice(1) }],
    ...[{ types: changed(table.types, 5, 8) }, { refs: changed(table.refs, 0, -2) }],
    ...[{ classes: changed(table.classes, 5, 4) }, { classes: changed(table.classes, 5, -1) }],
    ...[{ classNames: [] }, { classNames: ['x', 'Go', 'Function', 'y'] }],
    ...[{ classNames: ['', 'Go', 'Function', 'x'.repeat(201)] }, { classNames: ['', 'Go', 'Function', 3] }],
    { classNames: Array(65537).fill('') },
  ]) {
    assert.equal(checkTable({ ...table, ...wrong }), null, JSON.stringify(wrong).slice(0, 100));
  }
  for (const wrong of [
    ...[{ since: 8.64e15 }, { lost: -1 }, { births: changed(watched.births, 3, -1) }],
    ...[{ births: changed(watched.births, 3, 1.5) }, { times: changed(watched.times, 3, Number.NaN) }],
    ...[
      { times: changed(watched.times, 3, Number.NEGATIVE_INFINITY) },
      { crossings: changed(watched.crossings, 0, -1) },
    ],
    ...[{ stacks: changed(watched.stacks, 5, 4) }, { stacks: changed(watched.stacks, 5, -1) }],
    { stackWords: watched.stackWords.slice(0, -1) },
    ...['births', 'times', 'crossings', 'stacks', 'funcs', 'codes', 'handlers', 'turns'].map((column) => ({
      [column]: changed(watched[column as 'births'], 6, 0),
    })),
  ]) {
    const all = { ...table, watched: { ...watched, ...wrong } };
    assert.equal(checkTable(all), null, JSON.stringify(wrong).slice(0, 100));
  }
  for (const wrong of [
    ...[{ stacks: ints(4, 0) }, { stacks: ints(-1, 0) }, { times: floats(0, Number.NaN) }, { made: ints(0, -1) }],
    ...['codes', 'stacks', 'times', 'handlers', 'turns'].map((column) => ({
      [column]: changed(registered[column as 'codes'], 2, 0),
    })),
  ]) {
    const all = { ...table, registered: { ...registered, ...wrong } };
    assert.equal(checkTable(all), null, JSON.stringify(wrong).slice(0, 100));
  }
  // Stacks that nobody has told.
  assert.equal(checkTable({ ...table, watched: null }), null);
});

test('stacks are whole, and not too deep', () => {
  const { table } = emptyParts();
  const none = { births: floats(), times: floats(), crossings: floats() };
  const columns = { ...none, stacks: ints(), funcs: ints(), codes: ints(), handlers: ints(), turns: ints() };
  const taken = (...stackWords: number[]) =>
    checkTable({ ...table, watched: { since: 0, ...columns, stackWords: ints(...stackWords), lost: 0 } });
  const pcs = (count: number) => Array(count).fill(0x1000_0000);
  for (const words of [[], [0], [0, 0, -1, 7], [512, ...pcs(512)], [-512, ...pcs(512)]]) {
    assert.deepEqual(taken(...words)?.watched?.stackWords, ints(...words));
  }
  for (const words of [[1], [2, 7], [0, -2, 7], [513, ...pcs(513)], [-513, ...pcs(513)], [-(2 ** 31)]]) {
    assert.equal(taken(...words), null, `${words.slice(0, 4)}`);
  }
});

test('there is an end to how much is told', () => {
  const long = (rows: number) => ({
    ...madeTable(),
    ...{ watched: null, registered: null, classNames: [''] },
    ids: new Int32Array(rows).map((_, i) => i),
    ...{ types: new Uint8Array(rows), refs: new Int32Array(rows), classes: new Int32Array(rows) },
    flags: new Uint8Array(rows),
  });
  assert.equal(checkTable(long(2 ** 22))?.ids.length, 2 ** 22);
  assert.equal(checkTable(long(2 ** 22 + 1)), null);
  const walked = (words: number) => ({ ...madeTable().watched!, stackWords: new Int32Array(words) });
  assert.equal(checkTable({ ...madeTable(), watched: walked(2 ** 22 + 2 ** 16) })?.watched?.lost, 5);
  assert.equal(checkTable({ ...madeTable(), watched: walked(2 ** 22 + 2 ** 16 + 1) }), null);
  const funcs = (rows: number) => ({
    ...{ ids: new Int32Array(rows), codes: new Int32Array(rows), stacks: new Int32Array(rows) },
    ...{ times: new Float64Array(rows), handlers: new Int32Array(rows), turns: new Int32Array(rows), made: ints() },
  });
  assert.equal(checkTable({ ...long(0), registered: funcs(2 ** 20) })?.registered?.ids.length, 2 ** 20);
  assert.equal(checkTable({ ...long(0), registered: funcs(2 ** 20 + 1) }), null);
});

test('previews are of what was asked for', () => {
  const { table, previews } = madeParts();
  const { ids } = table;
  for (const wrong of [
    ...[{ ids: ids.slice(1) }, { ids: changed(ids, 1, 2) }, { types: changed(previews.types, 0, 8) }],
    ...[{ births: changed(previews.births, 0, -2) }, { births: changed(previews.births, 0, Number.NaN) }],
    ...[{ texts: previews.texts.slice(1) }, { classes: [...previews.classes, ''] }],
    ...[{ texts: Array(6).fill('x'.repeat(301)) }, { classes: Array(6).fill('x'.repeat(201)) }],
    ...[{ flags: changed(previews.flags, 6, 0) }, { classes: Array(6) }, { now: 8.64e15 }],
  ]) {
    assert.equal(checkPreviews({ ...previews, ...wrong }, ids), null, JSON.stringify(wrong).slice(0, 100));
  }
  assert.equal(checkPreviews(previews, ids.slice(1)), null);
  assert.equal(checkPreviews(previews, changed(ids, 1, 2)), null);
});

test('pages lie in memory, and all of their bytes are there', () => {
  const parts = madeParts();
  const { previews, table } = parts;
  for (const wrong of [
    ...[{ memory: 7 * PAGE - 1 }, { memory: -PAGE }, { memory: 2 ** 32 + PAGE }, { memory: 5 * PAGE }],
    ...[{ pages: ints(1, 2) }, { pages: ints(1, 2, 7) }, { pages: ints(2, 1, 5) }, { pages: ints(1, 1, 5) }],
    ...[{ pages: ints(-1, 2, 5) }, { pages: ints(1, 2, 5, 6) }, { bytes: new Uint8Array(3 * PAGE - 1) }],
    ...[{ bytes: new Blob(['x']) }, { bytes: new Int32Array((3 * PAGE) / 4) }, { sp: 2 ** 32 }, { sp: -1 }],
    ...[{ at: 'elsewhere' }, { previews: { ...previews, ids: changed(previews.ids, 1, 2) } }],
    { table: { ...table, ids: changed(table.ids, 1, 2) } },
  ]) {
    assert.equal(checkDumpParts({ ...parts, ...wrong }), null, JSON.stringify(wrong).slice(0, 100));
  }
  const full = { ...parts, memory: 2 ** 32, pages: ints(65533, 65534, 65535) };
  assert.deepEqual(checkDumpParts(full), full);
});
