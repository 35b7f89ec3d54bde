/** `gowasm sourcemap`: the contract of its file, whose text stands in it, and what it refuses. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { SourceMap } from '../../src/sourcemap/make';
import { fixturePath, openFixture } from '../fixtures/open';
import { folder, gowasm } from './gowasm';

const TRIMMED = 'go1.27/judge-trimpath';
const PLAIN = 'go1.27/judge-stripped';

function make(name: string, ...options: string[]): SourceMap {
  const done = gowasm(['sourcemap', fixturePath(name), '-o', 'out.map', ...options]);
  assert.deepEqual([done.status, done.stderr], [0, '']);
  return JSON.parse(readFileSync(join(folder, 'out.map'), 'utf8'));
}

test('sources are absolute or under gowasm:///, the debug id is of the module, and there is no text unasked', () => {
  const map = make(TRIMMED);
  assert.equal(map.version, 3);
  assert.ok(map.sources.includes('gowasm:///example.com/judge/main.go'));
  assert.ok(map.sources.includes('gowasm:///runtime/proc.go'));
  assert.equal('sourcesContent' in map, false);
  const sha256 = createHash('sha256').update(openFixture(TRIMMED)).digest('hex');
  assert.equal(map.debugId?.replaceAll('-', ''), sha256.slice(0, 32));
  assert.match(map.debugId ?? '', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.ok(map.names.includes('main.main'));
  const absolute = make(PLAIN).sources;
  assert.ok(absolute.some((source) => /^\/.*\/main\.go$/.test(source)));
  for (const source of [...map.sources, ...absolute]) assert.match(source, /^(\/|gowasm:\/\/\/)/);
});

test('text comes from the folder of the main module, of a module cache and of GOROOT, and from nowhere else', () => {
  const root = join(folder, 'roots');
  const put = (path: string, text: string) => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  put('app/go.mod', 'module example.com/judge\n\ngo 1.27\n');
  put('app/main.go', 'package main // here');
  put('go/VERSION', 'go1.27.4\ntime 2026-01-01T00:00:00Z\n');
  put('go/src/runtime/proc.go', 'package runtime // here');
  put('secret.go', 'package secret');
  symlinkSync(join(root, 'secret.go'), join(root, 'app/shapes.go'));
  const roots = ['app', 'go'].flatMap((path) => ['--source-root', join(root, path)]);
  const { sources, sourcesContent } = make(TRIMMED, ...roots);
  assert.equal(sourcesContent?.length, sources.length);
  const texts = Object.fromEntries(sources.map((source, i) => [source, sourcesContent?.[i]]));
  assert.equal(texts['gowasm:///example.com/judge/main.go'], 'package main // here');
  assert.equal(texts['gowasm:///runtime/proc.go'], 'package runtime // here');
  assert.equal(texts['gowasm:///example.com/judge/shapes.go'], null, 'a link that leads out of the folder');
  assert.equal(sourcesContent?.filter((text) => text !== null).length, 2);
});

test('what cannot be made is refused in one line', () => {
  mkdirSync(join(folder, 'old'), { recursive: true });
  writeFileSync(join(folder, 'old/VERSION'), 'go1.20.1\n');
  const refusals: [string[], RegExp][] = [
    [[fixturePath(PLAIN)], /^gowasm: usage: gowasm sourcemap FILE -o MAP/],
    [[fixturePath(PLAIN), '-o', 'out.map', '--source-root', 'absent'], /^gowasm: absent: no such folder$/],
    [
      [fixturePath(PLAIN), '-o', 'out.map', '--source-root', 'old'],
      /^gowasm: old: this is go1\.20\.1, the program was made by go1\.27\.4$/,
    ],
    [[fixturePath('other/rust-release'), '-o', 'out.map'], /^gowasm: .*rust-release\.wasm\.br: not made by Go$/],
    [[fixturePath(PLAIN), '-o', 'absent/out.map'], /^gowasm: absent\/out\.map: .*no such file or directory/],
  ];
  for (const [args, message] of refusals) {
    const { status, stdout, stderr } = gowasm(['sourcemap', ...args]);
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr.trimEnd(), message);
    assert.equal(stderr.trimEnd().includes('\n'), false);
  }
});

test('- writes the map to standard output and nothing else', () => {
  const { status, stdout } = gowasm(['sourcemap', fixturePath(TRIMMED), '-o', '-']);
  assert.equal(status, 0);
  assert.equal((JSON.parse(stdout) as SourceMap).mappings, make(TRIMMED).mappings);
});
