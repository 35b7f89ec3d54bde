/**
 * Source folders in real DevTools: a page whose server has no sources, the folder chosen in the panel's settings, and what
 * Chrome's own Sources panel shows then; also after DevTools was closed, and once the folder is removed.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { type Browser, click, evaluate, launch, type Page, waitFor } from '../../tools/browser.mjs';
import type { Session } from '../../tools/cdp.mjs';
import { sourceOf, sourceWith } from '../../tools/devtools.mjs';
import { serve } from '../../tools/serve.mjs';
import { openFixture } from '../fixtures/open';
import { wasmExec } from '../fixtures/wasm-exec';

const root = process.env.GOWASM_ROOT ?? '.';
const judge = resolve(root, 'test/fixtures/programs/judge');
const read = (file: string) => readFileSync(join(judge, file), 'utf8');
const own = readdirSync(judge).filter((file) => file.endsWith('.go'));

let site: Awaited<ReturnType<typeof serve>>;
let browser: Browser;
let other: string;

before(async () => {
  site = await serve({
    overrides: {
      '/': { type: 'text/html', body: '<script src="/wasm_exec.js"></script><script src="/run.js"></script>' },
      '/wasm_exec.js': { body: wasmExec('go1.27')?.text() ?? '' },
      '/run.js': { body: readFileSync(join(root, 'test/browser/sourcemap/run.js')) },
      '/main.wasm': { type: 'application/wasm', body: openFixture('go1.27/judge-stripped') },
    },
  });
  browser = await launch({ width: 1280, height: 1000 });
  // A Go that did not make the program.
  other = mkdtempSync(join(tmpdir(), 'gowasm-goroot-'));
  mkdirSync(join(other, 'src/runtime'), { recursive: true });
  writeFileSync(join(other, 'VERSION'), 'go1.27.3\n');
  writeFileSync(join(other, 'src/runtime/proc.go'), `package runtime\n${'// not the text of go1.27.4\n'.repeat(9000)}`);
});

after(async () => {
  await browser?.close();
  await site?.close();
  if (other) rmSync(other, { recursive: true });
});

const NONE = /^\/\/ The text of \S+ is not here\. .*add the folder it lies in\.\n$/;

/** Chooses a folder in the panel's settings, as the dialog of the browser would hand it over. */
async function addFolder(panel: Session, folder: string): Promise<void> {
  await openSettings(panel);
  await panel.send('DOM.enable');
  const { root: document } = await panel.send('DOM.getDocument');
  const { nodeId } = await panel.send('DOM.querySelector', { nodeId: document.nodeId, selector: '.folders input' });
  await panel.send('DOM.setFileInputFiles', { nodeId, files: [folder] });
}

async function openSettings(panel: Session): Promise<void> {
  if (!(await evaluate(panel, () => document.querySelector('.folders') !== null)))
    await click(panel, 'button[aria-label="Settings"]');
  await waitFor(panel, () => document.querySelector('.folders .pill'));
}

const rows = (panel: Session): Promise<string[]> =>
  evaluate(panel, () =>
    [...document.querySelectorAll<HTMLElement>('.folders li .folder-what')].map((row) => row.innerText),
  );

const openPage = async (): Promise<Page> => {
  const page = await browser.openPage(`${site.origin}/`);
  await evaluate(page.session, 'play("streaming", "/main.wasm", "exit")');
  return page;
};

test('a folder added once gives Sources its text at once, after DevTools was closed, and until it is removed', async () => {
  const page = await openPage();
  const first = await page.openDevTools();
  const { text } = await sourceOf(first.frontEnd, 'judge/shapes.go');
  assert.match(text, NONE);
  const panel = await first.showPanel();
  await addFolder(panel, judge);
  await waitFor(panel, () => document.querySelectorAll('.folders li').length === 1);
  assert.match((await rows(panel))[0], new RegExp(`^judge module example\\.com/judge\\s+${own.length} files`));
  // The code of directive.go says of itself that it is written in grammar.y, which the folder does not have.
  for (const file of own.filter((name) => name !== 'directive.go')) {
    const shown = await sourceWith(first.frontEnd, `judge/${file}`, 'package main');
    assert.equal(shown, read(file));
  }
  assert.match((await sourceOf(first.frontEnd, 'judge/grammar.y')).text, NONE);
  await first.close();

  const second = await page.openDevTools();
  assert.equal(await sourceWith(second.frontEnd, 'judge/shapes.go', 'package main'), read('shapes.go'));
  const again = await second.showPanel();
  await openSettings(again);
  await waitFor(again, () => document.querySelectorAll('.folders li').length === 1);
  await click(again, 'button[aria-label="Remove judge"]');
  await waitFor(again, () => document.querySelector('.no-folder'));
  assert.match(await sourceWith(second.frontEnd, 'judge/shapes.go', 'is not here'), NONE);
  await page.close();
});

test('Go of another release gives no text, and Settings says so', async () => {
  const page = await openPage();
  const { frontEnd, showPanel } = await page.openDevTools();
  const panel = await showPanel();
  await addFolder(panel, other);
  await waitFor(panel, () => document.querySelector('.folder-doubt'));
  assert.match(
    (await rows(panel))[0],
    /Go go1\.27\.3\s+1 file[\s\S]*Not used for main\.wasm, which was made by go1\.27/,
  );
  // Once more, so that the answer is of after the folder came.
  await addFolder(panel, judge);
  assert.equal(await sourceWith(frontEnd, 'judge/shapes.go', 'package main'), read('shapes.go'));
  assert.match((await sourceOf(frontEnd, 'runtime/proc.go')).text, NONE);
  await page.close();
});
