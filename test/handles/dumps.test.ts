/** Dumps of a session: put together from pieces, opened again under the module that they are of, refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tables } from '../../src/handles/tables';
import type { HandlesWanted } from '../../src/handles/view';
import { fingerprintOf } from '../../src/lines/fingerprint';
import { decodeDump } from '../../src/memory/dump';
import { openMemory } from '../../src/memory/memory';
import { inflate } from '../../src/node/deflate';
import { Program } from '../../src/program';
import { type DumpParts, PAGE } from '../../src/protocol/handles';
import { random } from '../bridge/made';
import { openFixture } from '../fixtures/open';
import { tiny } from '../go/tiny';
import { ORIGIN, previewsOf, tableOf } from './made';
import { randomTable } from './random';

const program = new Program(tiny().bytes);
const other = new Program(openFixture('go1.27/judge-stripped'));
const PAGE_URL = 'http://localhost:8080/tiny';

const WANTED: HandlesWanted = {
  ...{ snapshot: 1, against: null, group: 'none', text: '', suspects: false, open: {} },
  sort: { by: 'id', up: true },
};

/** @param programs open ones by their keys; the instance `top` 1 runs the first of them */
function open(programs: Record<string, Program>): Tables {
  const all = () => Object.values(programs);
  return new Tables(
    () => all()[0] ?? null,
    (key) => programs[key] ?? null,
    () => all(),
  );
}

const made = randomTable(3, 400);
/** 70 pages of 100, so that there are two parts of the file. */
const pages = Int32Array.from({ length: 70 }, (_, i) => i + (i > 40 ? 30 : 0));
const next = random(5);
const memory = Uint8Array.from({ length: pages.length * PAGE }, (_, i) => (i % 16 === 0 ? next() * 256 : i >> 16));

const partsOf = (): Omit<DumpParts, 'bytes'> => ({
  table: tableOf(made),
  previews: previewsOf(
    made.handles,
    made.handles.map(({ id }) => id),
  ),
  ...{ sp: 0x1000, at: 'import', memory: 100 * PAGE, pages },
});

async function fileOf(tables: Tables, pieces = [3, 64, 3]): Promise<Blob | null> {
  const begun = tables.dumpBegin('top', 1, partsOf(), PAGE_URL);
  assert.ok(begun.ok);
  const { dump, size } = begun.value;
  assert.equal(size, memory.length);
  const added: Promise<void>[] = [];
  let at = 0;
  for (const piece of pieces) {
    const bytes = new Uint8Array(piece * PAGE);
    bytes.set(memory.subarray(at, at + bytes.length));
    added.push(tables.dumpAdd(dump, bytes));
    at += piece * PAGE;
  }
  await Promise.all(added);
  return tables.dumpEnd(dump);
}

const bytesOf = async (file: Blob | null) => new Uint8Array(await file!.arrayBuffer());

test('pieces of memory make one dump, in their order, with the table and what it was taken of', async () => {
  for (const pieces of [[3, 64, 3], [70], [1, 1, 68]]) {
    const file = await bytesOf(await fileOf(open({ tiny: program }), pieces));
    const dump = decodeDump(file);
    assert.deepEqual(dump.about, {
      ...{ fingerprint: fingerprintOf(program.module), size: program.module.bytes.length, title: PAGE_URL, pc: 0 },
      ...{ takenAt: ORIGIN + 50_000, goVersion: program.go.version },
    });
    assert.deepEqual([dump.sp, dump.at, dump.memory], [0x1000, 'import', 100 * PAGE]);
    const read = openMemory(dump, inflate, memory.length);
    for (const [i, page] of pages.entries()) {
      assert.ok(Buffer.from(read.bytes(page * PAGE, PAGE)).equals(memory.subarray(i * PAGE, (i + 1) * PAGE)));
    }
    assert.equal(read.u32(50 * PAGE), 0);
  }
});

test('what is not all there is no dump', async () => {
  const tables = open({ tiny: program });
  assert.equal(await fileOf(tables, [3, 64]), null);
  assert.equal(await fileOf(tables, [70, 1]), null);
  assert.equal(await fileOf(tables, [0.5, 69]), null);
  assert.equal(await fileOf(tables, []), null);
  assert.equal(tables.dumpEnd(99), null);
  await tables.dumpAdd(99, memory);
  const unread = open({}).dumpBegin('top', 1, partsOf(), PAGE_URL);
  assert.ok(!unread.ok && /has not been read/.test(unread.why));
});

test('a dump that is opened again tells what the snapshot told, with the names of its module', async () => {
  const tables = open({ tiny: program, judge: other });
  tables.handlesTaken('top', 1, tableOf(made));
  tables.handlesPreviewed('top', 1, 1, partsOf().previews);
  const file = await bytesOf(await fileOf(tables));
  for (const key of ['tiny', null]) {
    const opened = await tables.dumpOpen(file, key);
    assert.ok(opened.ok);
    const { realm, instance, title, known } = opened.value;
    assert.deepEqual([instance, title, known], [1, PAGE_URL, true]);
    assert.notEqual(realm, 'top');
    const { how, ...info } = tables.handlesSnapshots(realm, 1)[0];
    const { how: _, ...own } = tables.handlesSnapshots('top', 1)[0];
    assert.equal(how, 'dump');
    assert.deepEqual(info, own);
    const [told, expected] = [realm, 'top'].map((where) => tables.handlesReport(where, 1, WANTED)!.handles);
    assert.ok(expected.length > 400);
    assert.deepEqual(told, expected);
  }
});

test('a dump of another module is refused; without one it has no names until it is opened', async () => {
  const file = await bytesOf(await fileOf(open({ tiny: program })));
  const programs: Record<string, Program> = { judge: other };
  const tables = open(programs);
  const refused = await tables.dumpOpen(file, 'judge');
  assert.ok(!refused.ok);
  assert.match(refused.why, /another .*build/);
  assert.equal((await tables.dumpOpen(file, 'tiny')).ok, false);
  const opened = await tables.dumpOpen(file, null);
  assert.ok(opened.ok && !opened.value.known);
  const names = () => {
    const { handles } = tables.handlesReport(opened.value.realm, 1, WANTED)!;
    return handles.flatMap(({ createdAt }) => createdAt?.map((frame) => frame.function) ?? []);
  };
  assert.ok(names().every((name) => name.startsWith('PC 0x')));
  programs.tiny = program;
  assert.ok(names().includes('main.outer'));
});

test('what is no dump, is cut or was changed is refused in one line', async () => {
  const tables = open({ tiny: program });
  const file = await bytesOf(await fileOf(tables));
  const changed = (at: number) => file.map((byte, i) => (i === at ? byte ^ 4 : byte));
  for (const bad of [new Uint8Array(0), file.subarray(0, 9), file.subarray(0, -1), changed(3), changed(4000)]) {
    const opened = await tables.dumpOpen(bad, null);
    assert.ok(!opened.ok);
    assert.match(opened.why, /^expected .+ at offset 0x[0-9a-f]+$/);
  }
});
