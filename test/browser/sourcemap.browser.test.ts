/**
 * Chrome's own Console and Sources on a stripped Go module, against what Go itself said at the same moment: text of errors,
 * breakpoints, the call stack of a pause, stepping; in the page, in a worker, in a frame of another site, after a reload.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { scriptURL } from '../../panels/sourcemap/attached';
import { encodeTable } from '../../src/lines/table';
import { type Browser, evaluate, launch, type Page, waitFor } from '../../tools/browser.mjs';
import type { Session } from '../../tools/cdp.mjs';
import { demoFiles } from '../../tools/demo.mjs';
import { makeFail } from '../../tools/demo-page.mjs';
import {
  callStack,
  consoleMessages,
  type Message,
  press,
  removeBreakpoints,
  setBreakpoint,
  showDrawer,
  showView,
  sourceOf,
} from '../../tools/devtools.mjs';
import { filesAt, serve } from '../../tools/serve.mjs';
import { openFixture } from '../fixtures/open';
import { wasmExec } from '../fixtures/wasm-exec';
import { linesOf } from '../lines/listings';

const root = process.env.GOWASM_ROOT ?? '.';
const judge = join(root, 'test/fixtures/programs/judge');
const read = (file: string) => readFileSync(join(judge, file), 'utf8');

/** The compiler's listing of it is stored. */
const LISTED = 'go1.21/judge-stripped';

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
      '/exact.wasm': { type: 'application/wasm', body: openFixture(LISTED) },
      '/exact.golines': { body: encodeTable(linesOf(LISTED).table) },
      // Such as a server's route that answers with a module.
      '/app': { type: 'application/wasm', body: openFixture('go1.27/judge-stripped') },
      '/app.bin': { type: 'application/octet-stream', body: openFixture('go1.24/judge-stripped') },
      '/twin.bin': { type: 'application/octet-stream', body: twin(openFixture('go1.24/judge-stripped')) },
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

/** Another module of the same length: its last custom section, which nothing reads, has another last byte. */
function twin(module: Uint8Array): Uint8Array {
  const copy = new Uint8Array(module);
  copy[copy.length - 1] ^= 1;
  return copy;
}

interface GoFrame {
  function: string;
  /** File name and line, as DevTools shows them. */
  place: string;
}

type Account = (GoFrame & { inlined: boolean })[];

/** Go's own account of one moment, from the function that made the mark outward, as far as it is the program's. */
function account(truth: string): Account {
  const rows = truth
    .trim()
    .split('\n')
    .map((line) => line.split('\t'));
  const all = rows.map(([name, file, line, inlined]) => ({
    ...{ function: name, place: `${file.split('/').pop()}:${line}`, inlined: inlined !== undefined },
  }));
  return all.filter(({ function: name }) => name.startsWith('main.'));
}

const framesOf = (truth: string): GoFrame[] =>
  account(truth).map(({ function: name, place }) => ({ function: name, place }));

/** What one line for each wasm frame can say: where the innermost of its Go frames is. */
const placesOf = (truth: string): string[] =>
  account(truth).flatMap(({ place }, i, all) => (all[i - 1]?.inlined ? [] : [place]));

/** What the compiler made; Go leaves it out of its accounts. */
const WRAPPER = /\.deferwrap\d+$/;

/** Frames of the program in the text of an error. */
const framesShown = ({ lines }: Message): GoFrame[] =>
  lines.flatMap((line) => {
    const [, name, place] = /^at (main\.\S+) \((\S+:\d+):\d+\)$/.exec(line) ?? [];
    return name && !WRAPPER.test(name) ? [{ function: name, place }] : [];
  });

/** Places of the program in text that holds a stack: of Go's own packages no file is called so. */
const placesShown = ({ lines }: Message): string[] =>
  lines.flatMap((line) => {
    const [, file, number] = /^at (?:\S+ \()?(\S+):(\d+):\d+\)?$/.exec(line) ?? [];
    return file && readdirSync(judge).includes(file) ? [`${file}:${number}`] : [];
  });

const truthsOf = (page: Page): Promise<string[]> => evaluate(page.session, 'truths');

/** The line with this text in a file of the program. */
function lineOf(file: string, text: string): number {
  const lines = read(file)
    .split('\n')
    .flatMap((line, i) => (line.includes(text) ? [i + 1] : []));
  assert.equal(lines.length, 1, `${file} has "${text}" in lines ${lines}`);
  return lines[0];
}

/** Waits until the panel's Overview has this text. */
async function panelSays(panel: Session, text: string): Promise<void> {
  await waitFor(
    panel,
    (wanted) => {
      const tabs = [...document.querySelectorAll('[role="tab"]')];
      const overview = tabs.find((tab) => tab.textContent?.startsWith('Overview'));
      if (overview instanceof HTMLElement) overview.click();
      return document.body.textContent?.includes(wanted);
    },
    text,
  );
}

/** Starts the program in a turn of its own: a breakpoint may hold it, and its errors are the page's. */
async function start(page: Page, ...args: string[]): Promise<void> {
  await evaluate(page.session, `setTimeout(() => play(...${JSON.stringify(args)}), 0)`);
}

/** Compares all that the Console shows of errors and of text with what Go said. */
async function judgeConsole(frontEnd: Session, truths: string[]): Promise<void> {
  assert.ok(truths.length > 2, `${truths.length} marks`);
  assert.ok(
    truths.some((truth) => account(truth).some(({ inlined }) => inlined)),
    'no inlined call among them',
  );
  await showView(frontEnd, 'console');
  const messages = await consoleMessages(
    frontEnd,
    { start: 'Error: ', part: ' (main.go:', count: truths.length },
    { start: 'as text: ', part: ' main.go:', count: truths.length },
  );
  const shown = (start: string) => messages.filter(({ text }) => text.startsWith(start));
  const errors = shown('Error: ');
  assert.deepEqual(errors.map(framesShown), truths.map(framesOf));
  // Text tells no names, so nothing tells a wrapper there.
  const plain = <T>(_: T, i: number) => !errors[i].lines.some((line) => WRAPPER.test(line.split(' ')[1]));
  const texts = shown('as text: ').filter(plain).map(placesShown);
  assert.ok(texts.length > 2, `${texts.length} texts`);
  assert.deepEqual(texts, truths.filter(plain).map(placesOf));
}

test('the Console reads Go in stacks that were printed before DevTools was opened', async () => {
  const page = await browser.openPage(`${site.origin}/`);
  await evaluate(page.session, 'play("streaming", "/main.wasm", "inlined")');
  const { frontEnd } = await page.openDevTools();
  await judgeConsole(frontEnd, await truthsOf(page));
  await page.close();
});

test('a module that was compiled from bytes has its map, and again after a reload', async () => {
  const page = await browser.openPage(`${site.origin}/`);
  const { frontEnd } = await page.openDevTools();
  for (let load = 0; load < 2; load++) {
    await evaluate(page.session, 'play("bytes", "/other.wasm", "inlined")');
    await judgeConsole(frontEnd, await truthsOf(page));
    await page.reload();
  }
  await page.close();
});

for (const when of ['before', 'after'])
  test(`a module whose URL does not tell that it is one, DevTools opened ${when} it is loaded`, async () => {
    const page = await browser.openPage(`${site.origin}/`);
    const early = when === 'before' ? await page.openDevTools() : null;
    await evaluate(page.session, 'play("streaming", "/app?v=1", "inlined")');
    const { frontEnd } = early ?? (await page.openDevTools());
    await judgeConsole(frontEnd, await truthsOf(page));
    await page.close();
  });

test('in a worker, compiled from bytes or from a blob, when DevTools was open as it was loaded', async () => {
  const page = await browser.openPage(`${site.origin}/`);
  const { frontEnd } = await page.openDevTools();
  // It takes DevTools a moment until its log has begun.
  await browser.targets.find(({ url }) => url.endsWith('/devtools.html'), 'the devtools page');
  await page.reload();
  for (const way of [
    ['bytes', '/app.bin', 'inlined'],
    ['blob', '/other.wasm', 'inlined'],
  ]) {
    await evaluate(
      page.session,
      (sent) =>
        new Promise<void>((ended) => {
          const worker = new Worker('/worker.js');
          Object.assign(globalThis, { [String(sent)]: worker });
          worker.onmessage = ({ data }) => {
            if (data === 'ended') ended();
            else (globalThis as unknown as { truths: string[] }).truths.push(data);
          };
          worker.postMessage(sent);
        }),
      way,
    );
  }
  await judgeConsole(frontEnd, await truthsOf(page));
  await page.close();
});

test('of two modules of one length compiled from bytes neither has a map: the one of the first is taken back', async () => {
  const page = await browser.openPage(`${site.origin}/`);
  const devTools = await page.openDevTools();
  const { frontEnd } = devTools;
  await evaluate(page.session, 'play("bytes", "/app.bin", "inlined")');
  const first = await truthsOf(page);
  await judgeConsole(frontEnd, first);
  await evaluate(page.session, 'play("bytes", "/twin.bin", "inlined")');
  await panelSays(await devTools.showPanel(), 'two modules of this page have the same length');
  await showView(frontEnd, 'console');
  const name = scriptURL(openFixture('go1.24/judge-stripped').length).replace('wasm://wasm/', '');
  const count = 2 * first.length;
  const messages = await consoleMessages(frontEnd, { start: 'as text: ', part: ` at ${name}:0x`, count });
  // DevTools writes no message anew, and those of the first were right.
  const errors = messages.filter(({ text }) => text.startsWith('Error: ')).map(framesShown);
  assert.deepEqual(errors, [...first.map(framesOf), ...first.map(() => [])]);
  await page.close();
});

test('an uncaught trap is told with Go functions and lines, and the link at the right leads into Go', async () => {
  const page = await browser.openPage(`${site.origin}/`);
  const { frontEnd } = await page.openDevTools();
  await showView(frontEnd, 'console');
  await start(page, 'streaming', '/main.wasm', 'breakpoint');
  const messages = await consoleMessages(frontEnd, { start: 'Uncaught', part: 'at main.breakpoint (failures.go:' });
  const trap = messages.find(({ text }) => text.startsWith('Uncaught'));
  assert.ok(trap);
  const [before] = (await truthsOf(page)).slice(-1);
  const wanted = framesOf(before).slice(1);
  // The mark stands in the line before the trap.
  wanted[0].place = `failures.go:${lineOf('failures.go', 'runtime.Breakpoint()')}`;
  assert.deepEqual(framesShown(trap), wanted);
  assert.match(trap.place, /^\w+\.(?:go|s):\d+$/);
  await page.close();
});

test('with a line table beside the module, a trap between two calls has its own line, and the panel says so', async () => {
  const page = await browser.openPage(`${site.origin}/`);
  const devTools = await page.openDevTools();
  const { frontEnd } = devTools;
  await evaluate(page.session, 'play("streaming", "/exact.wasm", "exit")');
  await sourceOf(frontEnd, 'judge/failures.go');
  await showView(frontEnd, 'console');
  await start(page, 'streaming', '/exact.wasm', 'out-of-bounds');
  const messages = await consoleMessages(frontEnd, { start: 'Uncaught', part: 'at main.outOfBounds (failures.go:' });
  const trap = messages.find(({ text }) => text.startsWith('Uncaught'));
  const place = `failures.go:${lineOf('failures.go', '*(*int)(p) = 1')}`;
  assert.deepEqual(trap && framesShown(trap)[0], { function: 'main.outOfBounds', place });
  const panel = await devTools.showPanel();
  await panelSays(panel, 'places, exact lines');
  await page.close();
});

test('a frame of another site has its maps too', async () => {
  const page = await browser.openPage(`${site.origin}/`);
  const { frontEnd } = await page.openDevTools();
  const other = site.origin.replace('127.0.0.1', 'localhost');
  const tell = (scenario: string) =>
    evaluate(page.session, (name) => frames[0].postMessage(['streaming', '/main.wasm', name], '*'), scenario);
  await evaluate(
    page.session,
    (src) => {
      const frame = document.createElement('iframe');
      frame.src = src;
      document.body.append(frame);
      return new Promise<void>((loaded) => {
        frame.onload = () => loaded();
      });
    },
    `${other}/`,
  );
  await tell('exit');
  await sourceOf(frontEnd, 'shapes.go');
  await tell('plain');
  await showView(frontEnd, 'console');
  const messages = await consoleMessages(frontEnd, { start: 'Error: plain', part: 'at main.middle (shapes.go:' });
  const line = lineOf('shapes.go', 'snap("plain")');
  for (const message of messages.filter(({ text }) => text.startsWith('Error: plain'))) {
    assert.deepEqual(framesShown(message)[1], { function: 'main.middle', place: `shapes.go:${line}` });
  }
  await page.close();
});

test('the demo: a stack on the Console, and a breakpoint in the function that puts it there', async () => {
  const demo = await serve({ overrides: filesAt(demoFiles()) });
  try {
    const page = await browser.openPage(`${demo.origin}/`);
    const devTools = await page.openDevTools();
    const { frontEnd } = devTools;
    const { url, text } = await sourceOf(frontEnd, 'demo/mistakes.go');
    const line = text.split('\n').findIndex((each) => each.includes('// HERE console')) + 1;
    await makeFail(page.session, 'console');
    await showView(frontEnd, 'console');
    const messages = await consoleMessages(frontEnd, {
      start: 'Error: A buoy has broken loose',
      part: 'at main.(*harbour).reportDrift (mistakes.go:',
    });
    const stack = messages.flatMap(framesShown);
    const here = { function: 'main.(*harbour).reportDrift', place: `mistakes.go:${line}` };
    assert.deepEqual(stack[0], here);
    assert.ok(
      stack.some(
        ({ function: name, place }) => name === 'main.(*harbour).arm.func1' && /^mistakes\.go:\d+$/.test(place),
      ),
      JSON.stringify(stack),
    );
    await showView(frontEnd, 'sources');
    // The README's picture, with the Console below: GOWASM_PICTURES=docs npm test -- browser/sourcemap
    const pictures = process.env.GOWASM_PICTURES;
    if (pictures) {
      await devTools.resize(1280, 760);
      await showDrawer(frontEnd);
    }
    await setBreakpoint(frontEnd, url, line);
    // The click holds until the program goes on.
    const clicked = makeFail(page.session, 'console');
    assert.deepEqual((await paused(frontEnd))[0], here);
    if (pictures) await devTools.screenshot(join(root, pictures, 'sources.png'));
    await removeBreakpoints(frontEnd);
    await press(frontEnd, 'resume');
    await clicked;
    await page.close();
  } finally {
    await demo.close();
  }
});

/** The program's frames in the Call Stack section. */
const paused = async (frontEnd: Session): Promise<GoFrame[]> =>
  (await callStack(frontEnd)).filter(({ function: name }) => name.startsWith('main.'));

const MARK = lineOf('shapes.go', 'snap("plain")');

/**
 * The breakpoint at the mark in `middle` is met, steps go over the mark, out of the function, and into the mark's own; what was
 * shown is held against Go's own account once the program has ended.
 */
async function judgeDebugger(frontEnd: Session, page: Page): Promise<void> {
  const before = await paused(frontEnd);
  await press(frontEnd, 'step-over');
  const [after] = await paused(frontEnd);
  await press(frontEnd, 'step-out');
  const [outside] = await paused(frontEnd);
  // The program comes by twice more.
  await press(frontEnd, 'resume');
  const [again] = await paused(frontEnd);
  await press(frontEnd, 'step-into');
  const [inside, caller] = await paused(frontEnd);
  await removeBreakpoints(frontEnd);
  await press(frontEnd, 'resume');
  // At the end three marks were passed; the one of the pause was the first.
  const truth = await waitFor(page.session, () => {
    const { truths } = globalThis as unknown as { truths: string[] };
    const marks = truths.filter((each) => each.includes('main.plain'));
    return marks.length === 3 ? marks[0] : '';
  });
  // The mark's own frame is not on the stack of the pause.
  const account = framesOf(truth).slice(1);
  assert.equal(account[0].place, `shapes.go:${MARK}`);
  assert.deepEqual(before, account);
  assert.deepEqual(after, { function: 'main.middle', place: `shapes.go:${MARK + 1}` });
  assert.deepEqual(outside, account[1]);
  assert.deepEqual(again, account[0]);
  assert.equal(inside.function, 'main.snap');
  const [, line] = /^main\.go:(\d+)$/.exec(inside.place) ?? [];
  const first = lineOf('main.go', 'func snap(label string) {');
  assert.ok(first <= Number(line) && Number(line) <= first + 4, inside.place);
  assert.deepEqual(caller, account[0]);
}

test('a breakpoint in a .go file, the call stack of its pause, steps; and all that again after a reload', async () => {
  const page = await browser.openPage(`${site.origin}/`);
  const { frontEnd } = await page.openDevTools();
  await showView(frontEnd, 'sources');
  await evaluate(page.session, 'play("streaming", "/main.wasm", "exit")');
  const { url, text } = await sourceOf(frontEnd, 'judge/shapes.go');
  assert.equal(text, read('shapes.go'));
  await setBreakpoint(frontEnd, url, MARK);
  await start(page, 'streaming', '/main.wasm', 'plain');
  await judgeDebugger(frontEnd, page);
  await page.reload();
  await evaluate(page.session, 'play("streaming", "/main.wasm", "exit")');
  await sourceOf(frontEnd, 'judge/shapes.go');
  await setBreakpoint(frontEnd, url, MARK);
  await page.reload();
  // The breakpoint stays, and is met as soon as the map is there.
  await evaluate(page.session, 'play("streaming", "/main.wasm", "exit")');
  await sourceOf(frontEnd, 'judge/shapes.go');
  await start(page, 'streaming', '/main.wasm', 'plain');
  await judgeDebugger(frontEnd, page);
  await page.close();
});

test('the same in a worker', async () => {
  const page = await browser.openPage(`${site.origin}/`);
  const { frontEnd } = await page.openDevTools();
  await showView(frontEnd, 'sources');
  await evaluate(page.session, () => {
    const worker = new Worker('/worker.js');
    worker.onmessage = ({ data }) => {
      if (data !== 'ended') (globalThis as unknown as { truths: string[] }).truths.push(data);
    };
    Object.assign(globalThis, { worker });
    worker.postMessage(['streaming', '/main.wasm', 'exit']);
  });
  const { url } = await sourceOf(frontEnd, 'judge/shapes.go');
  await setBreakpoint(frontEnd, url, MARK);
  await evaluate(page.session, 'worker.postMessage(["streaming", "/main.wasm", "plain"])');
  await judgeDebugger(frontEnd, page);
  await page.close();
});
