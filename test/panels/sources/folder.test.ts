/** What is kept of a folder, within which bounds, and what its marks tell. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Budget, type Chosen, FolderProblem, kindOf, MOST, rootsOf, select } from '../../../panels/sources/folder';

const file = (webkitRelativePath: string, size = 10): Chosen => ({ webkitRelativePath, size, text: async () => '' });
const kept = (...paths: string[]) => [...select(paths.map((path) => file(path))).sources.keys()];
const small = { ...MOST, files: 3, fileBytes: 100, bytes: 250 };

test('only what a program may name: Go, assembly, grammars; vendored too', () => {
  assert.deepEqual(
    kept(
      ...['paint/main.go', 'paint/asm_wasm.s', 'paint/expr.y', 'paint/lex.l', 'paint/vendor/example.com/x/x.go'],
      ...['paint/main_test.go', 'paint/README.md', 'paint/go.sum', 'paint/main.wasm', 'paint/x.go.orig'],
      ...['paint/web/node_modules/gopher/a.go', 'paint/node_modules/a.go', 'paint/.git/hooks/a.go'],
      ...['paint/not_node_modules/a.go', 'paint/.github/a.go'],
    ),
    [
      ...['main.go', 'asm_wasm.s', 'expr.y', 'lex.l', 'vendor/example.com/x/x.go'],
      ...['not_node_modules/a.go', '.github/a.go'],
    ],
  );
});

test('marks are read too, sources are what is counted', () => {
  const files = ['paint/go.mod', 'paint/main.go', 'paint/vendor/modules.txt', 'paint/VERSION', 'paint/a/go.mod'];
  const { name, sources, marks } = select(files.map((path) => file(path)));
  assert.deepEqual([name, sources.size], ['paint', 1]);
  assert.deepEqual([...marks.keys()], ['go.mod', 'vendor/modules.txt', 'VERSION', 'a/go.mod']);
});

test('a folder of too many files is refused with both numbers', () => {
  const four = ['a', 'b', 'c', 'd'].map((name) => file(`p/${name}.go`));
  assert.throws(
    () => select(four, small),
    new FolderProblem('p has 4 Go files, and 3 can be kept. Add a folder inside it.'),
  );
  assert.equal(select(four.slice(1), small).sources.size, 3);
});

test('names are enough to choose: no file’s size is asked for, which would halt the page for each', () => {
  const sized = { ...file('p/a.go') };
  Object.defineProperty(sized, 'size', { get: () => assert.fail('asked for its size') });
  assert.equal(select([sized]).sources.size, 1);
});

test('a folder that is too large is refused, one file that is too large is left out and counted', () => {
  const budget = new Budget('p', small);
  assert.deepEqual(
    [100, 101, 100, 50].map((size) => budget.takes(file('p/a.go', size))),
    [true, false, true, true],
  );
  assert.deepEqual([budget.bytes, budget.left], [250, 1]);
  assert.throws(() => budget.takes(file('p/a.go', 1)), /^Error: p has more than .* MB of Go files/);
});

test('the bounds are those that are promised', () => {
  const { files, fileBytes, bytes } = MOST;
  assert.deepEqual([files, fileBytes, bytes], [30_000, 4 * 1024 * 1024, 512 * 1024 * 1024]);
});

test('a folder without Go is refused by its name', () => {
  assert.throws(() => select([file('docs/a.md')]), new FolderProblem('docs has no Go files.'));
  assert.throws(() => select([]), new FolderProblem('This folder has no Go files.'));
});

test('modules begin at their go.mod, however the path is written', () => {
  const roots = rootsOf(
    new Map([
      ['go.mod', '// comment\nmodule example.com/paint // the app\n\ngo 1.26\n'],
      ['tools/go.mod', 'module "example.com/tools"\n'],
      ['plugin/go.mod', 'go 1.26\n'],
      ['old/go.mod', '\tmodule\tgopkg.in/old.v1\n'],
    ]),
  );
  assert.deepEqual(
    roots.map(({ dir, path }) => [dir, path]),
    [
      ['', 'example.com/paint'],
      ['old/', 'gopkg.in/old.v1'],
      ['tools/', 'example.com/tools'],
    ],
  );
});

test('Go is known by its VERSION; its own modules are of that release', () => {
  const version = 'go1.27.4\ntime 2026-11-02T20:36:20Z\n';
  const std = 'module std\n\ngo 1.27\n';
  const roots = rootsOf(
    new Map([
      ['VERSION', version],
      ['src/go.mod', std],
      ['src/cmd/go.mod', 'module cmd\n'],
    ]),
  );
  assert.deepEqual(roots, [{ dir: '', kind: 'go', path: '', release: 'go1.27.4', vendored: [] }]);
  const alone = rootsOf(new Map([['go.mod', std]]));
  assert.deepEqual(alone, [{ dir: '', kind: 'go', path: '', release: '', vendored: [] }]);
  assert.deepEqual(rootsOf(new Map([['VERSION', '2.4.0\n']])), [], 'of something else');
});

test('vendored versions are those of modules.txt', () => {
  const modules =
    '# golang.org/x/image v0.34.0\n## explicit; go 1.24\ngolang.org/x/image/draw\n# golang.org/x/text v0.31.0 => ../text\n';
  const [root] = rootsOf(
    new Map([
      ['go.mod', 'module example.com/paint\n'],
      ['vendor/modules.txt', modules],
    ]),
  );
  assert.deepEqual(root.vendored, ['golang.org/x/image@v0.34.0', 'golang.org/x/text@v0.31.0']);
});

test('what a folder is called', () => {
  const kind = (name: string, marks: Record<string, string>) =>
    kindOf({ name, roots: rootsOf(new Map(Object.entries(marks))) });
  const image = 'module golang.org/x/image\n';
  assert.equal(kind('paint', { 'go.mod': 'module example.com/paint\n' }), 'module example.com/paint');
  assert.equal(kind('image@v0.34.0', { 'go.mod': image }), 'module golang.org/x/image@v0.34.0');
  assert.equal(kind('go', { VERSION: 'go1.27.4\n', 'src/go.mod': 'module std\n' }), 'Go go1.27.4');
  assert.equal(kind('src', { 'go.mod': 'module std\n' }), 'Go, release not known');
  assert.equal(kind('mod', { 'golang.org/x/image@v0.34.0/go.mod': image }), 'module cache');
  assert.equal(kind('work', { 'a/go.mod': 'module a\n', 'b/go.mod': 'module b\n' }), '2 modules');
  assert.equal(kind('work', { 'a/go.mod': 'module example.com/a\n' }), 'module example.com/a');
  assert.equal(kind('scripts', {}), '');
});
