/**
 * Chrome's own Console and Sources on a stripped Go module, against what Go itself said at the same moment: text of errors,
 * breakpoints, the call stack of a pause, stepping; in the page, in a worker, in a frame of another site, after a reload.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Browser, evaluate, launch, type Page, waitFor } from '../../tools/browser.mjs';
import type { Session } from '../../tools/cdp.mjs';
import {
  callStack,
  consoleMessages,
  type Message,
  press,
  removeBreakpoints,
  setBreakpoint,
  showView,
  sourceOf,
} from '../../tools/devtools.mjs';
import { serve } from '../../tools/serve.mjs';
import { openFixture } from '../fixtures/open';
import { wasmExec } from '../fixtures/wasm-exec';

const root = process.env.GOWASM_ROOT ?? '.';
const judge = join(root, 'test/fixtures/programs/judge');
const read = (file: string) => readFileSync(join(judge, file), 'utf8');

let site: Awaited<ReturnType<typeof serve>>;
let browser: Browser;

before(async () => {
  const run = readFileSync(join(root, 'test/browser/sourcemap/run.js'));
  const exec = wasmExec('go1.27')?.text() ?? '';
  site = await serve({
    overrides: {
      '/': { type: 'text/html', body: '<script src="/wasm_exec.js"></script><script src="/run.js"></script>' },
      '/worker.js': { body: 'importScripts("/wasm_exec.js", "/run.js")' },
      '/wasm_exec.js': { body: exec },
      '/run.js': { body: run },
      '/main.wasm': { type: 'application/wasm', body: openFixture('go1.27/judge-stripped') },
      '/other.wasm': { type: 'application/wasm', body: openFixture('go1.24/judge-stripped') },
      ...Object.fromEntries(readdirSync(judge).map((file) => [`/${file}`, { type: 'text/plain', body: read(file) }])),
    },
  });
  browser = await launch({ width: 1280, height: 1600 });
});

after(async () => {
  await browser?.close();
  await site?.close();
});

interface GoFrame {
  function: string;
  /** File name and line, as DevTools shows them. */
  place: string;
}

/** Go's own account of one moment, from the function that made the mark outward, as far as it is the program's. */
function frames(truth: string): GoFrame[] {
  const rows = truth
    .trim()
    .split('\n')
    .map((line) => line.split('\t'));
  const all = rows.map(([name, file, line]) => ({ function: name, place: `${file.split('/').pop()}:${line}` }));
  return all.filter(({ function: name }) => name.startsWith('main.'));
}

/** Frames of the program in the text of an error, as the Console shows it. */
const framesShown = (lines: string[]): GoFrame[] =>
  lines.flatMap((line) => {
    const [, name, place] = /^at (main\.\S+) \((\S+:\d+):\d+\)$/.exec(line) ?? [];
    return name ? [{ function: name, place }] : [];
  });

const truthsOf = (session: Session): Promise<string[]> => evaluate(session, 'truths');

/** The line with this text in a file of the program. */
function lineOf(file: string, text: string): number {
  const lines = read(file)
    .split('\n')
    .flatMap((line, i) => (line.includes(text) ? [i + 1] : []));
  assert.equal(lines.length, 1, `${file} has "${text}" in lines ${lines}`);
  return lines[0];
}

/** Starts the program and does not wait for it: a breakpoint may hold it. */
async function start(page: Page, ...args: string[]): Promise<void> {
  await evaluate(
    page.session,
    `void play(...${JSON.stringify(args)}).catch((error) => setTimeout(() => { throw error; }))`,
  );
}

function compare(messages: Message[], truths: string[], start: string): void {
  const shown = messages.filter(({ text }) => text.startsWith(start)).map(({ lines }) => framesShown(lines));
  assert.deepEqual(shown, truths.map(frames));
}

test('stacks that were on the Console before DevTools was opened', async () => {
  const page = await browser.openPage(`${site.origin}/`);
  await evaluate(page.session, 'play("streaming", "/main.wasm", "inlined")');
  const truths = await truthsOf(page.session);
  assert.ok(
    truths.some((truth) => truth.includes('\tinlined')),
    'inlined calls among them',
  );
  const { frontEnd } = await page.openDevTools();
  await showView(frontEnd, 'console');
  const messages = await consoleMessages(frontEnd, 'at main.snap (main.go:', 'as text: Error: inlined');
  console.log(messages.map((m) => m.lines.slice(0, 8).join('\n')).join('\n---\n'), truths.length);
  compare(messages, truths, 'Error: ');
  compare(messages, truths, 'as text: ');
  await page.close();
});
