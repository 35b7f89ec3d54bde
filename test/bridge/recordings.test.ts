/** Recordings of a session as files: saved, opened again under the module they are of, refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Profile as Pprof } from 'pprof-format';
import type { FileFormat } from '../../src/bridge/exports';
import { decodeCapture, encodeCapture } from '../../src/bridge/file';
import type { Wanted } from '../../src/bridge/recording';
import { fingerprintOf } from '../../src/lines/fingerprint';
import { Program } from '../../src/program';
import { createSession, type SessionApi } from '../../src/session';
import { openFixture } from '../fixtures/open';
import { tiny } from '../go/tiny';
import { batchOf, captureOf } from './captures';

const ALL: Wanted = { range: null, text: '', label: null };
const PAGE = 'http://localhost:8080/paint';
const { bytes } = tiny();
/** Return PCs in main.outer, line 12, and of the callback main.inner. */
const rows = [
  {
    operation: 'syscall/js.valueCall',
    target: 'createElement',
    receiver: 'document',
    pcs: [0x1000_0002],
    calls: 40,
    timed: 20,
    totalMs: 10,
  },
  { operation: 'callback', pcs: [0x1001_0000], calls: 2, totalMs: 30, selfMs: 20 },
];
const batch = batchOf(rows, [
  [1, 1, 0, 110, 110.5],
  [2, 0, 0, 105, 120],
]);

/** A session in which a program has been recorded. */
function recorded(): SessionApi {
  const session = createSession();
  assert.equal(session.open('tiny.wasm', bytes.slice()).ok, true);
  session.bind('top', 1, 'tiny.wasm');
  assert.ok(session.recorded('top', 1, structuredClone(batch)));
  return session;
}

async function fileOf(session: SessionApi, format: FileFormat, realm = 'top'): Promise<Uint8Array<ArrayBuffer>> {
  const file = session.bridgeFile(realm, 1, format, PAGE);
  assert.ok(file?.ok);
  return new Uint8Array(await file.value.arrayBuffer());
}

test('a recording that is saved and opened again tells the same, under the module that it is of', async () => {
  const saved = await fileOf(recorded(), 'gobridge');
  const { about } = decodeCapture(saved);
  assert.deepEqual(about, { fingerprint: fingerprintOf(new Program(bytes).module), size: bytes.length, title: PAGE });
  const session = recorded();
  const opened = session.bridgeOpen(saved);
  assert.ok(opened.ok);
  const { realm, instance, known } = opened.value;
  assert.equal(known, true);
  assert.notEqual(realm, 'top');
  for (const ask of [
    (realm: string) => session.bridgeOperations(realm, instance, ALL),
    (realm: string) => session.bridgeTree(realm, instance, 'sites', ALL),
    (realm: string) => session.bridgeCalls(realm, instance, ALL, 0, 10),
    (realm: string) => session.bridgeFindings(realm, instance),
    (realm: string) => ({ ...session.bridgeSummary(realm, instance), samples: [] }),
  ]) {
    assert.ok(ask('top'));
    assert.deepEqual(ask(realm), ask('top'));
  }
  // How its sums rose is not in the file, and nothing is made up for it.
  assert.deepEqual(session.bridgeSummary(realm, 1)?.samples, []);
  assert.equal(session.recorded(realm, 1, { ...batch, number: 2 }), false, 'nothing is added to a file');
  assert.deepEqual(await fileOf(session, 'gobridge', realm), saved);
  session.bridgeForget(realm, 1);
  assert.equal(session.bridgeSummary(realm, 1), null);
  assert.equal(session.bridgeFile(realm, 1, 'pprof', PAGE), null);
});

test('a capture of another build has no names, until the right one is opened', () => {
  const about = { fingerprint: fingerprintOf(new Program(bytes).module), size: bytes.length, title: '' };
  const session = createSession();
  assert.equal(session.open('judge.wasm', openFixture('go1.24/judge-stripped')).ok, true);
  const opened = session.bridgeOpen(encodeCapture(captureOf(rows), about));
  assert.ok(opened.ok);
  assert.equal(opened.value.known, false);
  const { realm } = opened.value;
  const callback = () => session.bridgeOperations(realm, 1, ALL)?.rows.find(({ kind }) => kind === 0)?.target;
  assert.match(callback() ?? '', /^PC 0x/);
  assert.equal(session.bridgeSummary(realm, 1)?.named, false);
  session.open('tiny.wasm', bytes.slice());
  assert.equal(callback(), 'main.inner');
  assert.equal(session.bridgeSummary(realm, 1)?.named, true);
});

test('what is no capture is refused in one sentence, and costs no recording', async () => {
  const session = recorded();
  const saved = await fileOf(session, 'gobridge');
  const flipped = saved.slice();
  flipped[saved.length >> 1] ^= 8;
  for (const garbage of [new Uint8Array(), bytes.slice(), saved.subarray(0, 60), flipped]) {
    const opened = session.bridgeOpen(garbage);
    assert.ok(!opened.ok);
    assert.match(opened.why, /^expected [^\n]+ at offset 0x[0-9a-f]+$/);
  }
  for (let i = 0; i < 20; i++) session.bridgeOpen(flipped);
  assert.ok(session.bridgeSummary('top', 1));
});

test('what other tools read has the operations and Go lines, in pieces that add up', async () => {
  const session = recorded();
  const pprof = Pprof.decode(await fileOf(session, 'pprof'));
  assert.ok(pprof.stringTable.strings.includes('valueCall document.createElement'));
  assert.ok(pprof.stringTable.strings.includes('main.outer'));
  assert.ok(pprof.stringTable.strings.includes(PAGE));
  const text = async (format: FileFormat) => new TextDecoder().decode(await fileOf(session, format));
  const { traceEvents } = JSON.parse(await text('trace'));
  const events = traceEvents.filter(({ ph }: { ph: string }) => ph === 'X');
  assert.deepEqual(
    events.map(({ name, ts, dur }: { name: string; ts: number; dur: number }) => [name, ts, dur]),
    [
      ['callback', 105_000, 15_000],
      ['valueCall document.createElement', 110_000, 500],
    ],
  );
  const { shared, profiles, name } = JSON.parse(await text('speedscope'));
  assert.equal(name, PAGE);
  assert.equal(profiles.at(-1).events.length, 4);
  assert.ok(
    shared.frames.some((frame: { name: string; line?: number }) => frame.name === 'main.outer' && frame.line === 12),
  );
});

test('a recording whose module has not been read is exported, but for the capture that must say of which build it is', () => {
  const session = createSession();
  session.recorded('top', 1, structuredClone(batch));
  assert.equal(session.bridgeFile('top', 1, 'trace', PAGE)?.ok, true);
  const file = session.bridgeFile('top', 1, 'gobridge', PAGE);
  assert.ok(file && !file.ok);
  assert.match(file.why, /^The module has not been read/);
});
