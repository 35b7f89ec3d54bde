/** The table as a file and as a section of the module: what goes in comes out, and what does not belong is refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readInfo } from '../../src/info';
import { appendTable } from '../../src/lines/append';
import { decodeTable, encodeTable, type LineTable, SECTION } from '../../src/lines/table';
import { Program } from '../../src/program';
import { createSession } from '../../src/session';
import { openFixture } from '../fixtures/open';
import { linesOf } from './listings';

const NAME = 'go1.27/judge-stripped';
const table = () => encodeTable(linesOf(NAME).table);

const SMALL: LineTable = {
  fingerprint: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  files: ['a.go', 'größer.go'],
  firstRuns: Uint32Array.of(0, 2, 2, 5),
  starts: Uint32Array.of(0, 300, 0, 1, 2),
  nodes: Int32Array.of(-1, 3, -1, 0, -1),
  lines: Int32Array.of(7, 100_000, 1, 2, 1),
  otherRuns: Uint32Array.of(1, 4),
  otherFiles: Uint32Array.of(1, 0),
  addresses: Uint32Array.of(0x11000, 0xfffffff0),
  symbols: ['main.a', 'main.größer'],
};

test('a table comes back as it went', () => {
  assert.deepEqual(decodeTable(encodeTable(SMALL)), SMALL);
  const { table: whole } = linesOf(NAME);
  assert.deepEqual(decodeTable(encodeTable(whole)), whole);
});

test('a table of another build, or none at all, is refused with where and what', () => {
  const program = new Program(openFixture('go1.27/judge-trimpath'));
  const why = (bytes: Uint8Array) => {
    const opened = program.attachLines(bytes);
    return opened.ok ? 'taken' : opened.why;
  };
  assert.equal(why(table()), 'expected a line table of this build at offset 0x0');
  assert.equal(why(new TextEncoder().encode('golines?')), 'expected a line table ("golines") at offset 0x0');
  const newer = table().slice();
  newer[8] = 2;
  assert.equal(why(newer), 'expected version 1 of the line table at offset 0x8');
  assert.match(why(table().subarray(0, 1000)), /^expected .* at offset 0x[0-9a-f]+$/);
  const call = program.locator.body(500)?.calls[0] ?? 0;
  assert.equal(program.locate(call)?.via, 'pclntab', 'answers go on without it');
});

test('in the module it is the last section, moves nothing, and is used by itself', () => {
  const bytes = openFixture(NAME);
  const plain = new Program(bytes);
  const appended = appendTable(plain.module, table());
  assert.ok(WebAssembly.validate(appended as Uint8Array<ArrayBuffer>));
  assert.ok(Buffer.from(bytes).equals(appended.subarray(0, bytes.length)));
  const program = new Program(appended);
  assert.equal(program.module.sections.at(-1)?.name, SECTION);
  const outOfBounds = program.pcFNamed('main.outOfBounds');
  assert.ok(outOfBounds !== null);
  const { start } = program.locator.body(outOfBounds - 0x1000) ?? { start: 0 };
  assert.equal(program.locate(start)?.via, 'exact');
  assert.equal(plain.locate(start)?.via, 'pclntab');
  assert.deepEqual(readInfo(program).warnings, []);
  assert.ok(
    Buffer.from(appendTable(program.module, table())).equals(appended),
    'a second one takes the place of the first',
  );
});

test('a broken section costs one warning', () => {
  const program = new Program(appendTable(new Program(openFixture(NAME)).module, table().subarray(0, 40)));
  const [warning, ...more] = readInfo(program).warnings;
  assert.match(warning, /^exact lines: expected .* at offset 0x[0-9a-f]+$/);
  assert.deepEqual(more, []);
  assert.equal(program.locate(program.locator.body(500)?.calls[0] ?? 0)?.via, 'pclntab');
});

test('a session takes a table for an open binary', () => {
  const session = createSession();
  assert.deepEqual(session.lines('app', table()), { ok: false, why: 'The module has not been read yet' });
  session.open('app', openFixture(NAME));
  const refused = session.lines('app', Uint8Array.of(1));
  assert.ok(!refused.ok && refused.why.startsWith('expected'));
  assert.deepEqual(session.lines('app', table()), { ok: true });
  const program = new Program(openFixture(NAME));
  const pcF = program.pcFNamed('main.outOfBounds') ?? 0;
  const instructions = program.locator.body(pcF - 0x1000)?.instructions ?? [0];
  // The store that traps, before the last call.
  const offset = instructions[instructions.length - 60];
  const at = `at main.outOfBounds (wasm://wasm/a:wasm-function[${program.functionIndexOf(pcF)}]:0x${offset.toString(16)})`;
  const [row] = session.paste('app', at).stack;
  assert.deepEqual([row.kind, row.kind === 'frame' && row.precision], ['frame', 'exact']);
});

test('columns that lie about each other are refused', () => {
  const lies: [string, Partial<LineTable>][] = [
    ['a file that is not there', { otherFiles: Uint32Array.of(1, 2) }],
    ['a run that is not there', { otherRuns: Uint32Array.of(1, 5) }],
    ['a node below none', { nodes: Int32Array.of(-2, 3, -1, 0, -1) }],
    ['a line below 0', { lines: Int32Array.of(-7, 1, 1, 1, 1) }],
    ['more symbols than addresses', { symbols: ['a', 'b', 'c'] }],
  ];
  for (const [what, lie] of lies) {
    assert.throws(() => decodeTable(encodeTable({ ...SMALL, ...lie })), { name: 'Malformed' }, what);
  }
});
