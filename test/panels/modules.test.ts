import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createModules, instanceKey } from '../../panels/modules';
import type { Remote } from '../../src/protocol/channel';
import type { Change, SessionApi } from '../../src/session';
import { info } from './preview/data';

const NOTHING: Change = { failures: [], instances: [], removed: [] };

/** A store over a session that writes down what it is asked. */
function make(bytes: () => Promise<Uint8Array>, opens = true, server: Record<string, Uint8Array> = {}) {
  const asked: string[] = [];
  const fetchFile = async (url: string) => {
    asked.push(`fetch ${url}`);
    return server[url] ?? null;
  };
  const session = {
    open: async (key: string) => {
      asked.push(`open ${key}`);
      return opens ? { ok: true, info } : { ok: false, why: 'expected the wasm magic number, at offset 0' };
    },
    lines: async (key: string, table: Uint8Array) => {
      asked.push(`lines ${key} ${table.length}`);
      return { ok: false, why: 'expected a line table of this build, at offset 0x0' };
    },
    bind: async (realm: string, instance: number, key: string) => {
      asked.push(`bind ${realm}/${instance} ${key}`);
      return NOTHING;
    },
    unavailable: async (key: string, why: string) => {
      asked.push(`unavailable ${key}: ${why}`);
      return NOTHING;
    },
  } as unknown as Remote<SessionApi>;
  const nothing = () => undefined;
  const target = {
    ...{ listen: () => nothing, bytes, record: nothing, track: nothing, watch: nothing },
    handles: () => Promise.reject(new Error('nothing is asked of handles here')),
  };
  const changes: Change[] = [];
  return {
    asked,
    changes,
    modules: createModules(target, session, (change) => changes.push(change), {
      fetchFile,
      sourceMapHeader: async () => null,
    }),
  };
}

const URL = 'http://localhost/app/paint.wasm?v=3';
const KEY = 'paint.wasm 4bf5122f344554c5';

test('bytes, then the session, then the tie to the instance', async () => {
  const { modules, asked, changes } = make(async () => new Uint8Array([1]));
  await modules.load('r', 7, URL);
  const entry = modules.entries.value.get(instanceKey('r', 7));
  assert.equal(entry?.phase, 'ready');
  assert.equal(entry?.name, 'paint.wasm');
  assert.equal(entry?.info, info);
  assert.deepEqual(asked, [`open ${KEY}`, 'fetch http://localhost/app/paint.golines', `bind r/7 ${KEY}`]);
  assert.equal(changes.length, 1);
});

test('a line table beside the module is handed in before the names are; one of another build says so', async () => {
  const table = new TextEncoder().encode('golines\0…');
  const server = { 'http://localhost/app/paint.golines': table };
  const { modules, asked } = make(async () => new Uint8Array([1]), true, server);
  await modules.load('r', 7, URL);
  assert.deepEqual(asked.slice(-2), [`lines ${KEY} ${table.length}`, `bind r/7 ${KEY}`]);
  assert.equal(modules.entries.value.get('r/7')?.phase, 'ready');
  assert.deepEqual(modules.entries.value.get('r/7')?.notes, [
    'The line table is not used: expected a line table of this build, at offset 0x0.',
  ]);
});

test('bytes that cannot be had: the reason is kept, the failures hear of it, and it can be tried again', async () => {
  let broken = true;
  const { modules, asked } = make(async () => {
    if (broken) throw new Error('the server answered 404');
    return new Uint8Array([1]);
  });
  await modules.load('r', 7, URL);
  assert.equal(modules.entries.value.get('r/7')?.phase, 'failed');
  assert.equal(modules.entries.value.get('r/7')?.why, 'the server answered 404');
  assert.deepEqual(asked, ['bind r/7 r/7', 'unavailable r/7: the server answered 404']);
  broken = false;
  await modules.retry('r/7', false);
  assert.equal(modules.entries.value.get('r/7')?.phase, 'ready');
});

test('a file that is no wasm fails with the reader’s words', async () => {
  const { modules } = make(async () => new Uint8Array([1]), false);
  await modules.load('r', 7, '');
  assert.equal(modules.entries.value.get('r/7')?.name, 'wasm from bytes');
  assert.match(modules.entries.value.get('r/7')?.why ?? '', /magic number/);
});

test('what is too large is read only when one insists', async () => {
  const limits: (number | undefined)[] = [];
  const { modules } = make(async (...args: unknown[]) => {
    const { most } = args[2] as { most: number };
    limits.push(most);
    if (most < 300 * 2 ** 20) throw new RangeError('This file is 300 MB; the panel reads modules up to 256 MB.');
    return new Uint8Array([1]);
  });
  await modules.load('r', 7, URL);
  assert.equal(modules.entries.value.get('r/7')?.tooLarge, true);
  await modules.retry('r/7', true);
  assert.equal(modules.entries.value.get('r/7')?.phase, 'ready');
  assert.deepEqual(limits, [256 * 2 ** 20, Number.POSITIVE_INFINITY]);
});

test('cancelled while the bytes are on their way: they are not opened', async () => {
  let arrive: (bytes: Uint8Array) => void = () => undefined;
  const { modules, asked } = make(() => new Promise((resolve) => (arrive = resolve)));
  const loading = modules.load('r', 7, URL);
  modules.cancel('r/7');
  arrive(new Uint8Array([1]));
  await loading;
  assert.equal(modules.entries.value.get('r/7')?.phase, 'cancelled');
  assert.deepEqual(asked, []);
});
