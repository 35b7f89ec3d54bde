/** Which file of a folder is the one that a program names, by every rule there is; and what is never taken for it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Root } from '../../../panels/sources/folder';
import { FolderIndex, type Named } from '../../../panels/sources/match';

const program = {
  modulePath: 'example.com/paint',
  mainPath: 'example.com/paint/cmd/web',
  release: 'go1.26.5',
  dependencies: [],
};
const named = (file: string, of: string, more: Partial<Named> = {}): Named => ({
  ...program,
  file,
  function: of,
  ...more,
});

const root = (more: Partial<Root>): Root => ({ dir: '', kind: 'module', path: '', release: '', vendored: [], ...more });
const folder = (name: string, roots: Root[], ...paths: string[]) => new FolderIndex({ name, roots }, paths);
const found = (index: FolderIndex, file: string, of: string, more: Partial<Named> = {}) =>
  index.matches(named(file, of, more)).map(({ path }) => path);

const paint = [root({ path: 'example.com/paint' })];
const go = (dir = '', release = 'go1.26.5') => root({ dir, kind: 'go', release });

const STAMP = 'example.com/paint/brush.(*Stamp).blend';
const DRAW = 'golang.org/x/image/draw.Copy';
const TOML = 'github.com/BurntSushi/toml.Decode';

test('a trimmed file of the main module lies in the folder whose go.mod says that module, whatever the folder is called', () => {
  const index = folder('clone-2', paint, 'brush/stamp.go', 'stamp.go', 'cmd/web/main.go');
  assert.deepEqual(found(index, 'example.com/paint/brush/stamp.go', STAMP), ['brush/stamp.go']);
  assert.deepEqual(found(index, 'example.com/paint/cmd/web/main.go', 'main.main'), ['cmd/web/main.go']);
  assert.deepEqual(found(index, 'example.com/paint/brush/ink.go', STAMP), [], 'not there');
  assert.deepEqual(found(index, 'example.com/paintings/stamp.go', ''), [], 'another module');
});

test('a folder of several modules: each file by its own, none across a go.mod', () => {
  const roots = [
    root({ dir: 'paint/', path: 'example.com/paint' }),
    root({ dir: 'paint/brush/', path: 'example.com/brush' }),
    root({ dir: 'lib/', path: 'example.com/paint/brush' }),
  ];
  const index = folder('work', roots, 'paint/main.go', 'paint/brush/stamp.go', 'lib/stamp.go');
  assert.deepEqual(found(index, 'example.com/paint/brush/stamp.go', STAMP), ['lib/stamp.go']);
  assert.deepEqual(found(index, 'example.com/brush/stamp.go', ''), ['paint/brush/stamp.go']);
});

test('module@version in a module cache, capitals escaped, from any folder around it', () => {
  const image = 'golang.org/x/image@v0.34.0/draw/draw.go';
  const toml = 'github.com/BurntSushi/toml@v1.5.0/decode.go';
  for (const [name, above] of [
    ['mod', ''],
    ['pkg', 'mod/'],
    ['go', 'pkg/mod/'],
  ]) {
    const index = folder(name, [], `${above}${image}`, `${above}github.com/!burnt!sushi/toml@v1.5.0/decode.go`);
    assert.deepEqual(found(index, image, DRAW), [above + image], name);
    assert.deepEqual(found(index, toml, TOML), [`${above}github.com/!burnt!sushi/toml@v1.5.0/decode.go`], name);
  }
});

test('a folder inside the module cache: by the part of the path that it has, unless go.mod says another module', () => {
  const image = 'golang.org/x/image@v0.34.0/draw/draw.go';
  assert.deepEqual(found(folder('x', [], 'image@v0.34.0/draw/draw.go'), image, DRAW), ['image@v0.34.0/draw/draw.go']);
  const said = (path: string) => folder('image@v0.34.0', [root({ path })], 'draw/draw.go');
  assert.deepEqual(found(said('golang.org/x/image'), image, DRAW), ['draw/draw.go']);
  assert.deepEqual(found(said('example.com/other/image'), image, DRAW), []);
});

test('another version is another text', () => {
  const index = folder('mod', [], 'golang.org/x/image@v0.33.0/draw/draw.go');
  assert.deepEqual(found(index, 'golang.org/x/image@v0.34.0/draw/draw.go', DRAW), []);
  const absolute = '/home/me/go/pkg/mod/golang.org/x/image@v0.34.0/draw/draw.go';
  assert.deepEqual(found(index, absolute, DRAW), []);
  const checkout = folder('image', [root({ path: 'golang.org/x/image' })], 'draw/draw.go');
  assert.deepEqual(found(checkout, 'golang.org/x/image@v0.34.0/draw/draw.go', DRAW), [], 'a checkout has no version');
});

test('an absolute path into a module cache is known by module and version, wherever the cache lies now', () => {
  const index = folder('mod', [], 'github.com/!burnt!sushi/toml@v1.5.0/internal/tz.go');
  assert.deepEqual(
    found(
      index,
      '/build/cache/mod/github.com/!burnt!sushi/toml@v1.5.0/internal/tz.go',
      'github.com/BurntSushi/toml/internal.init.0',
    ),
    ['github.com/!burnt!sushi/toml@v1.5.0/internal/tz.go'],
  );
});

test('a vendored file by the version that modules.txt has for it', () => {
  const vendored = ['golang.org/x/image@v0.34.0'];
  const index = folder('p', [root({ path: 'example.com/paint', vendored })], 'vendor/golang.org/x/image/draw/draw.go');
  const path = ['vendor/golang.org/x/image/draw/draw.go'];
  assert.deepEqual(found(index, 'golang.org/x/image@v0.34.0/draw/draw.go', DRAW), path);
  assert.deepEqual(found(index, 'golang.org/x/image@v0.35.0/draw/draw.go', DRAW), []);
  assert.deepEqual(found(index, '/srv/build/vendor/golang.org/x/image/draw/draw.go', DRAW), path);
  const other = { modulePath: 'example.com/other', mainPath: 'example.com/other' };
  assert.deepEqual(found(index, 'golang.org/x/image@v0.34.0/draw/draw.go', DRAW, other), [], 'of another program');
});

test('what was replaced is looked for where the replacement is', () => {
  const by = (path: string, version: string) => ({
    dependencies: [{ path: 'golang.org/x/image', version: 'v0.34.0', replace: { path, version } }],
  });
  const file = 'golang.org/x/image@v0.34.0/draw/draw.go';
  const cache = folder('mod', [], 'golang.org/x/image@v0.34.0/draw/draw.go', 'example.com/fork@v1.2.0/draw/draw.go');
  assert.deepEqual(found(cache, file, DRAW, by('example.com/fork', 'v1.2.0')), [
    'example.com/fork@v1.2.0/draw/draw.go',
  ]);
  assert.deepEqual(found(cache, file, DRAW, by('../image', '(devel)')), [], 'the cache has what was replaced');
  const local = folder('image', [root({ path: 'golang.org/x/image' })], 'draw/draw.go');
  assert.deepEqual(found(local, file, DRAW, by('../image', '')), ['draw/draw.go']);
});

test('the standard library in GOROOT, trimmed or not, also what a package has written in another', () => {
  const index = folder('go', [go()], 'src/runtime/sema.go', 'src/vendor/golang.org/x/net/idna/idna.go');
  const sema = ['src/runtime/sema.go'];
  assert.deepEqual(found(index, 'runtime/sema.go', 'runtime.semacquire'), sema);
  assert.deepEqual(found(index, 'runtime/sema.go', 'sync.runtime_Semacquire'), sema);
  assert.deepEqual(found(index, '/opt/sdk/1.26/src/runtime/sema.go', 'sync.runtime_Semacquire'), sema);
  assert.deepEqual(found(index, 'C:\\Program Files\\Go\\src\\runtime\\sema.go', 'runtime.semacquire'), sema);
  const idna = 'vendor/golang.org/x/net/idna.ToASCII';
  assert.deepEqual(found(index, 'vendor/golang.org/x/net/idna/idna.go', idna), [
    'src/vendor/golang.org/x/net/idna/idna.go',
  ]);
  const above = folder(
    'sdk',
    [go('go1.26.4/', 'go1.26.4'), go('go1.26.5/')],
    'go1.26.4/src/runtime/sema.go',
    'go1.26.5/src/runtime/sema.go',
  );
  assert.deepEqual(found(above, 'runtime/sema.go', 'runtime.semacquire'), ['go1.26.5/src/runtime/sema.go']);
});

test('Go of another release, or of one that is not known, gives no text, not even by its path', () => {
  for (const release of ['go1.26.4', 'go1.26', '']) {
    const index = folder('go', [go('', release)], 'src/runtime/sema.go');
    assert.deepEqual(found(index, 'runtime/sema.go', 'runtime.semacquire'), [], release);
    assert.deepEqual(found(index, '/usr/local/go/src/runtime/sema.go', 'runtime.semacquire'), [], release);
  }
  const index = folder('go', [go()], 'src/runtime/sema.go');
  assert.deepEqual(found(index, 'runtime/sema.go', 'runtime.semacquire', { release: '' }), []);
  const experiment = { release: 'go1.26.5 X:jsonv2' };
  assert.deepEqual(found(index, 'runtime/sema.go', 'runtime.semacquire', experiment), ['src/runtime/sema.go']);
});

test('the program’s own module may be called as if it were of the standard library', () => {
  const own = { modulePath: 'judge', mainPath: 'judge' };
  const index = folder('go', [go()], 'src/judge/main.go');
  assert.deepEqual(found(index, 'judge/main.go', 'main.main', own), []);
  assert.deepEqual(found(folder('x', [root({ path: 'judge' })], 'main.go'), 'judge/main.go', 'main.main', own), [
    'main.go',
  ]);
});

test('an absolute path of the main module is cut by its package, and must end the same', () => {
  const index = folder('clone-2', paint, 'brush/stamp.go', 'cmd/web/main.go');
  assert.deepEqual(found(index, '/home/me/src/paint/brush/stamp.go', STAMP), ['brush/stamp.go']);
  assert.deepEqual(found(index, 'C:/Users/me/paint/cmd/web/main.go', 'main.main'), ['cmd/web/main.go']);
  assert.deepEqual(found(index, '/home/me/generated/stamp.go', STAMP), [], 'written elsewhere (//line)');
});

test('a dot in the last element of a package is escaped in its symbols', () => {
  const index = folder('mod', [], 'gopkg.in/yaml.v3@v3.0.1/decode.go');
  const file = '/x/gopkg.in/yaml.v3@v3.0.1/decode.go';
  assert.deepEqual(found(index, file, 'gopkg.in/yaml%2ev3.unmarshal'), ['gopkg.in/yaml.v3@v3.0.1/decode.go']);
});

test('without build information: the end of an absolute path, from the component called like the folder, the longest', () => {
  const none = { modulePath: '', mainPath: '' };
  const index = folder('paint', [], 'main.go', 'cmd/paint/main.go');
  assert.deepEqual(found(index, '/home/me/paint/cmd/paint/main.go', 'main.main', none), ['cmd/paint/main.go']);
  assert.deepEqual(found(index, '/home/me/paint/main.go', 'main.main', none), ['main.go']);
  assert.deepEqual(
    found(index, '/home/paint/old/paint/main.go', 'main.main', none),
    ['main.go'],
    'the rest must be there',
  );
  assert.deepEqual(found(index, '/home/me/other/main.go', 'main.main', none), []);
  assert.deepEqual(found(index, 'paint/main.go', 'main.main', none), [], 'not absolute');
});

test('the end of a path is not enough where go.mod says that it is another module', () => {
  const fork = [root({ path: 'example.com/fork' })];
  assert.deepEqual(found(folder('paint', fork, 'brush/stamp.go'), '/home/me/paint/brush/stamp.go', STAMP), []);
  assert.deepEqual(found(folder('paint', [], 'brush/stamp.go'), '/home/me/paint/brush/stamp.go', STAMP), [
    'brush/stamp.go',
  ]);
});

test('a name that climbs is not followed', () => {
  const index = folder('paint', paint, '../secret.go', 'brush/../../x.go', 'brush/stamp.go');
  assert.deepEqual(found(index, 'example.com/paint/../secret.go', STAMP), []);
  assert.deepEqual(found(index, '/home/me/paint/../paint/brush/stamp.go', STAMP), []);
});
