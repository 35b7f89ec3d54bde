import assert from 'node:assert/strict';
import { test } from 'node:test';
import { candidates, looksLikeGo, SourceFinder, type Wanted } from '../../../panels/sources/finder';

const base: Wanted = {
  file: 'example.com/paint/brush/stamp.go',
  modulePath: 'example.com/paint',
  mainPath: 'example.com/paint',
  moduleUrl: 'http://localhost:8080/app/paint.wasm',
  function: 'example.com/paint/brush.(*Stamp).blend',
  line: 3,
  root: '',
  release: 'go1.26.5',
  dependencies: [],
};
const urls = (wanted: Partial<Wanted>, learnt: string[] = []) =>
  candidates({ ...base, ...wanted }, learnt).map((each) => each.url);

test('a trimmed path lies below the folder of the module, then above it, then at the root', () => {
  assert.deepEqual(urls({}).slice(0, 4), [
    'http://localhost:8080/app/brush/stamp.go',
    'http://localhost:8080/brush/stamp.go',
    'http://localhost:8080/app/stamp.go',
    'http://localhost:8080/stamp.go',
  ]);
});

test('an absolute path is cut by its package, package main by the main path', () => {
  assert.equal(urls({ file: '/home/me/paint/brush/stamp.go' })[0], 'http://localhost:8080/app/brush/stamp.go');
  const main = {
    file: 'C:\\src\\paint\\cmd\\web\\main.go',
    function: 'main.main',
    mainPath: 'example.com/paint/cmd/web',
  };
  assert.equal(urls(main)[0], 'http://localhost:8080/app/cmd/web/main.go');
});

test('without build info the file and its folder are tried', () => {
  const unknown = { file: '/home/me/demo/main.go', function: 'main.main', modulePath: '', mainPath: '' };
  assert.ok(urls(unknown).includes('http://localhost:8080/app/main.go'));
  assert.ok(urls(unknown).includes('http://localhost:8080/demo/main.go'));
});

test('the standard library is not asked of the page, a dependency only below vendor', () => {
  assert.deepEqual(urls({ file: '/usr/local/go/src/runtime/panic.go', function: 'runtime.gopanic' }), []);
  const image = { file: 'golang.org/x/image@v0.34.0/draw/draw.go', function: 'golang.org/x/image/draw.Copy' };
  assert.equal(urls(image)[0], 'http://localhost:8080/app/vendor/golang.org/x/image/draw/draw.go');
});

test('never more than six, the root set by the user first, then what was learnt', () => {
  const found = urls({ root: 'http://localhost:9000/src' }, ['http://localhost:8080/x/']);
  assert.equal(found.length, 6);
  assert.deepEqual(found.slice(0, 2), [
    'http://localhost:9000/src/brush/stamp.go',
    'http://localhost:8080/x/brush/stamp.go',
  ]);
});

test('paths cannot leave the root or change the scheme', () => {
  const hostile = candidates({ ...base, file: 'example.com/paint/../../%2e%2e/a b?#.go' });
  for (const { url, root } of hostile) assert.ok(url.startsWith(root), `${url} lies below ${root}`);
  assert.deepEqual(urls({ moduleUrl: 'javascript:alert(1)' }), []);
});

test('only text of that Go file is taken', () => {
  assert.ok(looksLikeGo('// Package brush draws.\npackage brush // import "x"\n\nfunc f() {}\n', 4));
  assert.ok(!looksLikeGo('package brush\n', 88), 'too few lines');
  assert.ok(!looksLikeGo('<!doctype html>\n<pre>\npackage brush\n</pre>', 2), 'a fallback page');
  assert.ok(!looksLikeGo('Not found\n\n\n', 2), 'no package clause');
});

test('hits and misses are remembered, and the root of a hit is tried first', async () => {
  const asked: string[] = [];
  const finder = new SourceFinder(async (url) => {
    asked.push(url);
    return url === 'http://localhost:8080/brush/stamp.go' || url === 'http://localhost:8080/ui/bar.go'
      ? 'package x\n\n\n\n'
      : null;
  });
  assert.equal((await finder.find(base))?.url, 'http://localhost:8080/brush/stamp.go');
  assert.equal(asked.length, 2);
  await finder.find(base);
  assert.equal(asked.length, 2, 'remembered');
  await finder.find({ ...base, file: 'example.com/paint/ui/bar.go', function: 'example.com/paint/ui.Draw' });
  assert.equal(asked[2], 'http://localhost:8080/ui/bar.go', 'learnt root first');
  const none = { ...base, file: 'example.com/paint/none.go', function: 'example.com/paint.None' };
  assert.equal(await finder.find(none), null);
  const count = asked.length;
  assert.equal(await finder.find(none), null);
  assert.equal(asked.length, count, 'the miss is remembered');
});
