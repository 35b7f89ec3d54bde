/** Texts out of several folders: the best match, and none where two folders disagree or the text cannot be the file. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Folder, rootsOf } from '../../../panels/sources/folder';
import { FolderSources, type FolderStore } from '../../../panels/sources/lookup';

/** A store of `folder/path` → text. */
function store(folders: Record<string, Record<string, string>>): FolderStore & { lists: number; asked: string[] } {
  const names = Object.keys(folders);
  const made = {
    lists: 0,
    asked: [] as string[],
    list: async () => {
      made.lists++;
      return names.map((name, id): Folder => {
        const roots = rootsOf(
          new Map(Object.entries(folders[name]).filter(([path]) => /go\.mod$|VERSION$/.test(path))),
        );
        return { id, name: name.replace(/#.*/, ''), roots, files: 0, bytes: 0, left: 0, readAt: 0 };
      });
    },
    paths: async (id: number) => Object.keys(folders[names[id]]),
    texts: async (files: readonly { folder: number; path: string }[]) =>
      files.map(({ folder, path }) => {
        made.asked.push(path);
        return folders[names[folder]][path] ?? null;
      }),
    add: async () => assert.fail(),
    remove: async () => assert.fail(),
  };
  return made;
}

const wanted = (file: string, line = 2, of = 'main.main') => ({
  ...{ file, line, function: of, modulePath: 'example.com/paint', mainPath: 'example.com/paint' },
  ...{ release: 'go1.26.5', dependencies: [] },
});
const MOD = 'module example.com/paint\n';
const main = (word: string) => `package main\n\nfunc main() { ${word}() }\n`;

test('what go.mod says goes before what only ends the same, and the longer end before the shorter', async () => {
  const folders = new FolderSources(
    store({
      paint: { 'main.go': main('byName') },
      clone: { 'go.mod': MOD, 'main.go': main('byModule') },
      me: { 'paint/main.go': main('byLongerName') },
    }),
  );
  assert.equal(await folders.find(wanted('/home/me/paint/main.go')), main('byModule'));
  assert.equal(
    await folders.find({ ...wanted('/home/me/paint/main.go'), modulePath: '', mainPath: '' }),
    main('byLongerName'),
  );
});

test('two folders with the same right: their text if it is the same, else none', async () => {
  const copies = (word: string) =>
    new FolderSources(
      store({ a: { 'go.mod': MOD, 'main.go': main('one') }, b: { 'go.mod': MOD, 'main.go': main(word) } }),
    );
  assert.equal(await copies('one').find(wanted('example.com/paint/main.go')), main('one'));
  assert.equal(await copies('two').find(wanted('example.com/paint/main.go')), null);
});

test('a text that cannot be the file is none', async () => {
  const kept = store({ a: { 'go.mod': MOD, 'main.go': main('one'), 'asm.s': 'TEXT\nRET\n', 'x.go': 'hello\n\n\n' } });
  const folders = new FolderSources(kept);
  const texts = await folders.texts([
    wanted('example.com/paint/main.go', 3),
    wanted('example.com/paint/main.go', 88),
    wanted('example.com/paint/asm.s', 2),
    wanted('example.com/paint/asm.s', 9),
    wanted('example.com/paint/x.go'),
    wanted('example.com/paint/none.go'),
  ]);
  assert.deepEqual(texts, [main('one'), null, 'TEXT\nRET\n', null, null, null]);
});

test('lists are read once until they are forgotten, and again after storage failed', async () => {
  const kept = store({ a: { 'go.mod': MOD, 'main.go': main('one') } });
  const folders = new FolderSources(kept);
  await folders.find(wanted('example.com/paint/main.go'));
  await folders.find(wanted('example.com/paint/main.go'));
  assert.equal(kept.lists, 1);
  folders.forget();
  await folders.find(wanted('example.com/paint/main.go'));
  assert.equal(kept.lists, 2);
  let broken = true;
  const failing = new FolderSources({
    ...kept,
    list: async () => {
      if (broken) throw new Error('the disk is full');
      return kept.list();
    },
  });
  await assert.rejects(failing.find(wanted('example.com/paint/main.go')), /disk is full/);
  broken = false;
  assert.equal(await failing.find(wanted('example.com/paint/main.go')), main('one'));
});
