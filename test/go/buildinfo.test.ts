/** runtime.modinfo: written by hand between its markers, and that of binaries with dependencies. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBuildInfo } from '../../src/go/buildinfo';
import { Image } from '../../src/go/image';
import { Program } from '../../src/program';
import { bytes } from '../assemble';
import { fixtureNames, openFixture } from '../fixtures/open';

const START = '3077af0c9274080241e1c107e6d618e6';
const END = 'f932433186182072008242104116d8f2';
const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));

function imageOf(text: string, end = END): Image {
  // A false start in front: the marker's first bytes alone.
  const content = bytes()
    .zeros(7)
    .bytes(hex(START.slice(0, 8)))
    .bytes(hex(START))
    .ascii(text)
    .bytes(hex(end))
    .align(8);
  return new Image(content.done(), 0x10000);
}

test('paths, versions, replacements and settings', () => {
  const text = [
    'path\texample.com/app/cmd/app',
    'mod\texample.com/app\t(devel)\t',
    'dep\texample.com/color\tv1.2.3\th1:abc=',
    'dep\texample.com/old\tv0.1.0',
    '=>\t../new\t(devel)\t',
    'build\t-compiler=gc',
    'build\t-ldflags="-s -w"',
    'build\t"a=b"=`c d`',
    'build\t-gcflags="all=-N \\"-l\\"\\t\\u00e9"',
    'build\tvcs.modified=true',
    'build\tno equals sign',
    '',
  ].join('\n');
  assert.deepEqual(readBuildInfo(imageOf(text)), {
    path: 'example.com/app/cmd/app',
    main: { path: 'example.com/app', version: '(devel)' },
    dependencies: [
      { path: 'example.com/color', version: 'v1.2.3' },
      { path: 'example.com/old', version: 'v0.1.0', replace: { path: '../new', version: '(devel)' } },
    ],
    settings: [
      ['-compiler', 'gc'],
      ['-ldflags', '-s -w'],
      ['a=b', 'c d'],
      ['-gcflags', 'all=-N "-l"\té'],
      ['vcs.modified', 'true'],
    ],
  });
});

test('a program without it has none; a start without an end is an error', () => {
  assert.equal(readBuildInfo(new Image(new Uint8Array(64), 0)), null);
  assert.throws(() => readBuildInfo(imageOf('path\tx\n', '00')), {
    message: 'expected the end of runtime.modinfo at offset 0x1000b',
  });
});

test('the fixture with dependencies tells what its go.mod and vendor folder say', () => {
  const names = fixtureNames().filter((name) => name.includes('/deps-'));
  assert.ok(names.length >= 3, names.join());
  for (const name of names) {
    const info = new Program(openFixture(name)).go.buildInfo();
    assert.ok(info.ok && info.value, name);
    assert.match(info.value.path ?? '', /\/cmd\/app$/, name);
    const paths = info.value.dependencies.map(({ path }) => path);
    assert.deepEqual(paths, ['example.com/color', 'example.com/greeting'], name);
    assert.equal(info.value.dependencies[1].replace?.path, './greeting', name);
  }
});
