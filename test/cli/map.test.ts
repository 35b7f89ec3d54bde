/** `gowasm symbolicate` with a source map beside the module: which file it is, and what it costs when it cannot be read. */
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Program } from '../../src/program';
import { bytes, custom, module } from '../assemble';
import { openFixture } from '../fixtures/open';
import { folder, gowasm } from './gowasm';

/** One body of which only a map can tell anything. */
const body = bytes().bytes(module()).u8(10, 8, 1, 6, 0, 1, 1, 1, 1, 0x0b).done();
const OFFSET = body.length - 4;
const withURL = (url: string) =>
  bytes()
    .bytes(body)
    .bytes(custom('sourceMappingURL', bytes().name(url)))
    .done();
const map = (source: string) => JSON.stringify({ version: 3, sources: [source], names: ['f'], mappings: 'cAQAA' });

/** A folder with these files. @returns what is told of the offset in `main.wasm`, or in another one */
function ask(name: string, files: Record<string, Uint8Array | string>, wasm = 'main.wasm') {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, path, '..'), { recursive: true });
    writeFileSync(join(folder, name, path), content);
  }
  const done = gowasm(['symbolicate', join(name, wasm), '--offset', String(OFFSET), '--json']);
  const [line] = JSON.parse(done.stdout).lines;
  return { ...done, frame: line.frame };
}

test('the offset in these tests is where the map begins', () => {
  const { offsets } = (new Program(body).module.code() as { value: { offsets: Uint32Array } }).value;
  assert.equal(offsets[0] + 2, OFFSET);
});

test('FILE.map is read, for a packed module too', () => {
  const told = {
    ...{ functionIndex: 0, offset: OFFSET, via: 'sourcemap', precision: 'exact' },
    frames: [{ function: 'f', file: 'a.c', line: 9, inlined: false }],
  };
  const plain = ask('sibling', { 'main.wasm': body, 'main.wasm.map': map('a.c') });
  assert.deepEqual([plain.status, plain.stderr, plain.frame], [0, '', told]);
  const packed = ask('packed', { 'main.wasm.gz': gzipSync(body), 'main.wasm.map': map('a.c') }, 'main.wasm.gz');
  assert.deepEqual(packed.frame, told);
});

test('the section’s file comes first, and its data: URL', () => {
  const file = (done: { frame: { frames: { file: string }[] } }) => done.frame.frames[0].file;
  const named = { 'main.wasm': withURL('maps/a%20b.map?v=2'), 'maps/a b.map': map('named.c') };
  assert.equal(file(ask('named', { ...named, 'main.wasm.map': map('beside.c') })), 'named.c');
  const data = withURL(`data:application/json;base64,${Buffer.from(map('data.c')).toString('base64')}`);
  assert.equal(file(ask('data', { 'main.wasm': data })), 'data.c');
});

test('nothing outside the folder is read', () => {
  writeFileSync(join(folder, 'outside.map'), map('outside.c'));
  for (const [i, url] of [
    '../outside.map',
    join(folder, 'outside.map'),
    `file://${folder}/outside.map`,
    'http://h/outside.map',
  ].entries()) {
    const { status, stderr, frame } = ask(`away${i}`, { 'main.wasm': withURL(url) });
    assert.deepEqual([status, stderr, frame], [1, '', null], url);
  }
  mkdirSync(join(folder, 'linked'));
  symlinkSync(join(folder, 'outside.map'), join(folder, 'linked/main.wasm.map'));
  assert.equal(ask('linked', { 'main.wasm': body }).frame, null);
});

test('a map that cannot be read costs one line, and the next one is tried', () => {
  const broken = ask('broken', { 'main.wasm': body, 'main.wasm.map': '{"version":3,"sources":[],"mappings":"!"}' });
  assert.deepEqual([broken.status, broken.frame], [1, null]);
  assert.match(
    broken.stderr,
    /^gowasm: broken\/main\.wasm\.map: expected a base64 VLQ number of 32 bits in the mappings at offset 0x0\n$/,
  );
  const second = ask('second', { 'main.wasm': withURL('bad.map'), 'bad.map': 'x', 'main.wasm.map': map('good.c') });
  assert.match(second.stderr, /^gowasm: second\/bad\.map: expected JSON at offset 0x0\n$/);
  assert.equal(second.frame.frames[0].file, 'good.c');
});

test('where pclntab answers, no map is opened', () => {
  const fixture = openFixture('go1.27/judge-stripped');
  const code = new Program(fixture).module.code();
  assert.ok(code.ok && code.value);
  const at = String(code.value.offsets[100] + 3);
  mkdirSync(join(folder, 'go'));
  writeFileSync(join(folder, 'go/main.wasm'), fixture);
  writeFileSync(join(folder, 'go/main.wasm.map'), 'no map');
  const { status, stderr } = gowasm(['symbolicate', 'go/main.wasm', '--offset', at]);
  assert.deepEqual([status, stderr], [0, '']);
});
