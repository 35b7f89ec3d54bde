/** What every page gets: small, and made of the hook's own files only. What a page gets that is to be recorded, besides. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bundleHandles, bundleHook, bundleRecorder } from './page/open';

test('the hook is at most 8 KB minified, without dependencies', () => {
  const { text, inputs } = bundleHook();
  assert.ok(Buffer.byteLength(text) <= 8000, `${Buffer.byteLength(text)} bytes`);
  for (const file of inputs) assert.match(file, /^src\/(hook\/[\w-]+|protocol\/handshake)\.ts$/);
});

const OWN = /^src\/(hook\/((record|handles)\/)?[\w-]+|protocol\/(handshake|handles)|go\/funcs-map)\.ts$/;

test('what reads handles is at most 20 KB minified, without dependencies', () => {
  const { text, inputs } = bundleHandles();
  assert.ok(Buffer.byteLength(text) <= 20_000, `${Buffer.byteLength(text)} bytes`);
  for (const file of inputs) assert.match(file, OWN);
});

test('the recorder, which watches handles too, is at most 28 KB minified, without dependencies', () => {
  const { text, inputs } = bundleRecorder();
  assert.ok(Buffer.byteLength(text) <= 28_000, `${Buffer.byteLength(text)} bytes`);
  for (const file of inputs) assert.match(file, /^src\/(hook\/(record\/)?[\w-]+|protocol\/handshake)\.ts$/);
});
