/** DEFLATE by Node's zlib and by streams: each reads what the other wrote, and both refuse what is none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import * as streams from '../../src/memory/streams';
import * as zlib from '../../src/node/deflate';
import { BAD, GOOD, TEXT, TRAILED } from './deflated';

test('what one deflates the other inflates, and zlib itself', async () => {
  for (const bytes of [TEXT, new Uint8Array(0), new Uint8Array(64 * 65536), TEXT.subarray(3, 70_000)]) {
    const [one, other] = [zlib.deflate(bytes), await streams.deflate(bytes)];
    const back = [zlib.inflate(other, bytes.length), await streams.inflate(one, bytes.length)];
    for (const each of back) assert.deepEqual(each, Uint8Array.from(bytes));
    for (const each of [one, other]) assert.ok(inflateRawSync(each).equals(bytes));
  }
});

test('DEFLATE of all levels is inflated, if to the size that was asked for', async () => {
  for (const [name, deflated, size] of GOOD) {
    assert.deepEqual(zlib.inflate(deflated, size), TEXT, name);
    assert.deepEqual(await streams.inflate(deflated, size), TEXT, name);
  }
  for (const [name, deflated, size] of BAD) {
    assert.equal(zlib.inflate(deflated, size), null, name);
    assert.equal(await streams.inflate(deflated, size), null, name);
  }
  const [name, deflated, size] = TRAILED;
  assert.equal(zlib.inflate(deflated, size), null, name);
});

test('a small part of a large file is inflated as it is', async () => {
  const [[, deflated, size]] = GOOD;
  const file = new Uint8Array(deflated.length + 100).fill(0xff);
  file.set(deflated, 50);
  const part = file.subarray(50, 50 + deflated.length);
  assert.deepEqual([zlib.inflate(part, size), await streams.inflate(part, size)], [TEXT, TEXT]);
});
