/** Where a map may be, and what a module must not lead to. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Malformed } from '../../src/bytes/malformed';
import { mapURLs, sourceMappingURL, textOfDataURL } from '../../src/sourcemap/find';
import { Module } from '../../src/wasm/module';
import { bytes, custom, module } from '../assemble';

const moduleWith = (url: string) =>
  new Module(
    bytes()
      .bytes(module())
      .bytes(custom('sourceMappingURL', bytes().name(url)))
      .done(),
  );
const plain = new Module(module());
const AT = 'https://h/app/main.wasm?v=1';
const BESIDE = 'https://h/app/main.wasm.map?v=1';

test('header, then section, then the file beside the module; each once', () => {
  assert.deepEqual(mapURLs(sourceMappingURL(plain), AT, null), [BESIDE]);
  assert.deepEqual(mapURLs(sourceMappingURL(moduleWith('maps/m.map')), AT, null), ['https://h/app/maps/m.map', BESIDE]);
  assert.deepEqual(mapURLs(sourceMappingURL(moduleWith('/m.map')), AT, 'other.map'), [
    'https://h/app/other.map',
    'https://h/m.map',
    BESIDE,
  ]);
  assert.deepEqual(mapURLs(sourceMappingURL(moduleWith('main.wasm.map?v=1')), AT, 'main.wasm.map?v=1'), [BESIDE]);
  assert.deepEqual(mapURLs(sourceMappingURL(moduleWith('https://cdn/m.map')), 'wasm://wasm/0123', null), [
    'https://cdn/m.map',
  ]);
});

test('a module leads neither to files nor to scripts, nor to what is no URL', () => {
  for (const url of [
    'file:///etc/passwd',
    'javascript:alert(1)',
    'chrome://settings',
    'http://',
    '',
    'x'.repeat(9000),
  ]) {
    assert.deepEqual(mapURLs(sourceMappingURL(moduleWith(url)), AT, null), [BESIDE], url.slice(0, 30));
  }
  assert.deepEqual(mapURLs(sourceMappingURL(moduleWith('m.map')), 'no URL', null), []);
  assert.deepEqual(mapURLs(sourceMappingURL(moduleWith('m.map')), 'file:///app/main.wasm', null), [
    'file:///app/m.map',
  ]);
});

test('a section that cannot be read is none', () => {
  assert.equal(sourceMappingURL(moduleWith('a.map')), 'a.map');
  assert.equal(sourceMappingURL(plain), null);
  const broken = new Module(
    bytes()
      .bytes(module())
      .bytes(custom('sourceMappingURL', bytes().u8(200)))
      .done(),
  );
  assert.equal(sourceMappingURL(broken), null);
});

test('data: URLs hold the map itself', () => {
  const text = '{"file":"ä"}';
  const base64 = Buffer.from(text).toString('base64');
  const data = `data:application/json;charset=utf-8;base64,${base64}`;
  assert.equal(textOfDataURL(data), text);
  assert.equal(textOfDataURL(`data:,${encodeURIComponent(text)}`), text);
  assert.deepEqual(mapURLs(sourceMappingURL(moduleWith(data)), AT, null), [data, BESIDE]);
  for (const wrong of ['data:', 'data:;base64,****', 'data:,%zz', 'http://h/,']) {
    assert.throws(() => textOfDataURL(wrong), Malformed, wrong);
  }
});
