/** Source folders in Settings, in a real browser: every state by mouse and keys, and what its database keeps and never keeps. */
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { evaluate, waitFor } from '../../tools/browser.mjs';
import { type Panel, withPreview } from './preview/open';

const judge = resolve(process.env.GOWASM_ROOT ?? '.', 'test/fixtures/programs/judge');
const open = (folders: string, more = '') => `state=errors&settings=Sources&folders=${folders}${more}`;
const lines = async (panel: Panel, selector: string) =>
  (await panel.texts(selector)).map((text) => text.replace(/\s+/g, ' '));

const choose = async ({ session }: Panel, folder: string) => {
  const { root } = await session.send('DOM.getDocument');
  const { nodeId } = await session.send('DOM.querySelector', { nodeId: root.nodeId, selector: '.folders input' });
  await session.send('DOM.setFileInputFiles', { nodeId, files: [folder] });
};

/** Adds a made-up folder. @returns what the panel says went wrong, or '' */
const add = (panel: Panel, files: Record<string, string>, replaced: number | null = null): Promise<string> =>
  evaluate(
    panel.session,
    async (texts, id) => {
      const chosen = Object.entries(texts).map(([webkitRelativePath, text]) => ({
        ...{ webkitRelativePath, size: text.length },
        text: async () => {
          if (text === 'unreadable') throw new DOMException('gone', 'NotFoundError');
          return text;
        },
      }));
      const { folders } = globalThis.preview.app;
      await folders.add(chosen, id);
      return folders.problem.value;
    },
    files,
    replaced,
  );

/** What the database has: folders by name, and paths of files. */
const kept = (panel: Panel) =>
  evaluate(panel.session, async () => {
    const asked = <T>(request: IDBRequest<T>) =>
      new Promise<T>((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
      });
    const database = await asked(indexedDB.open('gowasm sources', 1));
    const tx = database.transaction(['folders', 'paths', 'files']);
    const [folders, paths, files] = await Promise.all([
      asked<{ name: string }[]>(tx.objectStore('folders').getAll()),
      asked(tx.objectStore('paths').getAllKeys()),
      asked(tx.objectStore('files').getAllKeys()),
    ]);
    database.close();
    return {
      folders: folders.map(({ name }) => name),
      lists: paths.length,
      files: files.map((key) => (key as [number, string])[1]),
    };
  });

/** A panel whose database has nothing. */
async function empty(panel: Panel): Promise<void> {
  await panel.goto(open('real'));
  await waitFor(panel.session, () => globalThis.preview.app.folders.list.value !== null);
  await evaluate(panel.session, async () => {
    const { folders } = globalThis.preview.app;
    for (const { id } of folders.list.value ?? []) await folders.remove(id);
  });
  await panel.appears('.no-folder');
}

const MOD = 'module example.com/paint\n';
const TEXT = 'package main\n';

test('what Settings shows of source folders', async (t) => {
  await withPreview(open('some'), async (panel) => {
    await t.test(
      'each folder says what it is, how much, when it was read; Go of another release says why it is not used',
      async () => {
        await panel.goto(open('some'));
        await panel.appears('.folders li');
        const rows = await lines(panel, '.folders li');
        assert.match(
          rows[0],
          /^paint module example\.com\/paint 41 files, 311 KB · read (?:today|20 Nov 2026).* Update Remove$/,
        );
        assert.match(rows[1], /^mod module cache 12,806 files, .* · 1 file over 4 MB left out/);
        assert.match(rows[2], /^go1\.26\.4 Go go1\.26\.4 .*Not used for paint\.wasm, which was made by go1\.26\.5\./);
        assert.deepEqual(await lines(panel, '.folders .add .remark'), ['Found 41 of 494 files of paint.wasm']);
        assert.deepEqual(panel.messages, []);
      },
    );

    await t.test(
      'all of it by keys: from the field to the buttons, and the focus stays in the dialog when a row goes',
      async () => {
        await panel.goto(open('some'));
        await panel.appears('.folders li');
        await evaluate(panel.session, () => document.querySelector<HTMLElement>('#source-root')?.focus());
        await panel.press('Tab');
        const focused = () =>
          evaluate(
            panel.session,
            () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent,
          );
        assert.equal(await focused(), 'Update paint');
        await panel.press('Tab');
        assert.equal(await focused(), 'Remove paint');
        await panel.press('Enter');
        await waitFor(panel.session, () => document.querySelectorAll('.folders li').length === 3);
        await waitFor(panel.session, () => document.activeElement?.textContent === 'Add folder…');
        await waitFor(panel.session, () =>
          [...document.querySelectorAll('[aria-live]')].some((line) => line.textContent === 'paint removed'),
        );
      },
    );

    await t.test('none yet, and a storage that fails in one line', async () => {
      await panel.goto(open('none'));
      await panel.appears('.no-folder');
      assert.match((await lines(panel, '.no-folder'))[0], /^No folder yet\./);
      await panel.goto(open('broken'));
      await panel.appears('.folder-problem');
      assert.deepEqual(await lines(panel, '.folder-problem'), [
        'Chrome does not let the panel keep files: the disk is full',
      ]);
      assert.deepEqual(await panel.texts('.no-folder'), [], 'whether there is none is not known');
    });

    await t.test('a long reading counts, can be cancelled, and leaves nothing behind', async () => {
      await panel.goto(open('reading'));
      await panel.appears('.folders .pill');
      await evaluate(panel.session, () => void globalThis.preview.app.folders.add([], null));
      await panel.appears('.folder-reading');
      assert.deepEqual(await lines(panel, '.folder-reading .folder-what'), ['Reading paint 1,204 of 5,307 files']);
      assert.equal(await evaluate(panel.session, () => document.querySelector('progress')?.value), 1204);
      await panel.click('.folder-reading .link');
      await waitFor(panel.session, () => !document.querySelector('.folder-reading'));
      assert.deepEqual(await panel.texts('.folder-problem'), [], 'what the user wanted is no problem');
    });

    await t.test('420 pixels wide and in both themes nothing is cut off', async () => {
      await panel.goto(open('some'));
      for (const theme of ['light', 'dark']) {
        await panel.resize(420, 700);
        await panel.goto(open('some', `&theme=${theme}`));
        await panel.appears('.folders li');
        const cut = await evaluate(panel.session, () => {
          const part = document.querySelector<HTMLElement>('.settings-part');
          const right = part?.getBoundingClientRect().right ?? 0;
          return [...document.querySelectorAll('.folders *')]
            .filter((each) => each.getBoundingClientRect().right > right)
            .map((each) => each.className);
        });
        assert.deepEqual(cut, [], theme);
      }
    });
  });
});

test('what is kept of source folders', async (t) => {
  await withPreview(open('real'), async (panel) => {
    await t.test(
      'a folder that is chosen is kept: read again it takes its own place, after a reload it is there, removed it is gone',
      async () => {
        await empty(panel);
        await choose(panel, judge);
        await panel.appears('.folders li');
        assert.match((await lines(panel, '.folders li'))[0], /^judge module example\.com\/judge 10 files/);
        await choose(panel, judge);
        await waitFor(panel.session, () => globalThis.preview.app.folders.list.value?.[0]?.id === 2);
        const { folders, lists, files } = await kept(panel);
        assert.deepEqual([folders, lists, files.length], [['judge'], 1, 10]);
        await panel.goto(open('real'));
        await panel.appears('.folders li');
        await panel.click('[aria-label="Remove judge"]');
        await panel.appears('.no-folder');
        assert.deepEqual(await kept(panel), { folders: [], lists: 0, files: [] });
      },
    );

    await t.test('the excerpt takes its text from a folder, and looks again when the folders change', async () => {
      await empty(panel);
      await panel.goto('state=errors&folders=real');
      await panel.appears('.code-line.marked');
      const before = await panel.texts('.code-line.marked .code-text');
      const stamp = `package brush\n${'// of the folder\n'.repeat(99)}`;
      assert.equal(await add(panel, { 'paint/go.mod': MOD, 'paint/brush/stamp.go': stamp }), '');
      await waitFor(
        panel.session,
        () => document.querySelector('.code-line.marked .code-text')?.textContent === '// of the folder',
      );
      await evaluate(panel.session, () => globalThis.preview.app.folders.remove(1));
      await waitFor(
        panel.session,
        (text) => document.querySelector<HTMLElement>('.code-line.marked .code-text')?.innerText.trim() === text,
        before[0],
      );
    });

    await t.test('what fails in the middle leaves what was there, and not one file of its own', async () => {
      await empty(panel);
      assert.equal(await add(panel, { 'paint/go.mod': MOD, 'paint/main.go': TEXT }), '');
      const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`paint/f${i}.go`, TEXT]));
      const problem = await add(panel, { 'paint/go.mod': MOD, ...many, 'paint/last.go': 'unreadable' });
      assert.equal(problem, 'last.go could not be read. Has it been moved or changed meanwhile?');
      assert.deepEqual(await lines(panel, '.folder-problem'), [problem]);
      assert.deepEqual(await kept(panel), { folders: ['paint'], lists: 1, files: ['main.go'] });
      assert.match(await add(panel, { 'brush/stamp.go': TEXT }, 1), /^paint was to be read again, and this is brush\./);
      assert.equal(await add(panel, { 'docs/a.md': '' }), 'docs has no Go files.');
      assert.deepEqual(await kept(panel), { folders: ['paint'], lists: 1, files: ['main.go'] });
    });

    await t.test('a reading that the browser broke off is cleared away by the next one', async () => {
      await empty(panel);
      const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`paint/f${i}.go`, TEXT]));
      // The page goes away between two batches, so that nothing of it can tidy up.
      await evaluate(
        panel.session,
        (texts) => {
          const chosen = Object.entries(texts).map(([webkitRelativePath, text]) => ({
            ...{ webkitRelativePath, size: text.length },
            text: () =>
              webkitRelativePath.includes('f150') ? new Promise<string>(() => undefined) : Promise.resolve(text),
          }));
          void globalThis.preview.app.folders.add(chosen, null);
        },
        many,
      );
      await waitFor(panel.session, () => globalThis.preview.app.folders.reading.value?.done === 128);
      await panel.goto(open('real'));
      await panel.appears('.no-folder');
      assert.equal((await kept(panel)).files.length, 128);
      assert.equal(await add(panel, { 'brush/stamp.go': TEXT }), '');
      assert.deepEqual(await kept(panel), { folders: ['brush'], lists: 1, files: ['stamp.go'] });
    });

    await t.test('no room, and no storage at all, are said in one line', async () => {
      await empty(panel);
      await evaluate(panel.session, () => {
        const { put } = IDBObjectStore.prototype;
        IDBObjectStore.prototype.put = function (...args) {
          if (this.name === 'files') throw new DOMException('full', 'QuotaExceededError');
          return put.apply(this, args);
        };
      });
      const full = 'Chrome has no room for this folder. Remove another one, or free disk space.';
      assert.equal(await add(panel, { 'paint/main.go': TEXT }), full);
      assert.deepEqual(await kept(panel), { folders: [], lists: 0, files: [] });
      await panel.session.send('Page.addScriptToEvaluateOnNewDocument', {
        source: 'IDBFactory.prototype.open = () => { throw new DOMException("denied", "SecurityError") }',
      });
      await panel.goto(open('real'));
      await panel.appears('.folder-problem');
      assert.deepEqual(await lines(panel, '.folder-problem'), ['Chrome does not let the panel keep files: denied']);
    });
  });
});
