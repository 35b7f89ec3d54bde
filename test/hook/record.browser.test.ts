/** Go programs in a page while they are recorded: what they do, say and give is the same; only stacks show the recorder. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate, waitFor } from '../../tools/browser.mjs';
import { assertGivenBack, dropPrograms } from './page/dropped';
import { type Beside, type Open, withPages } from './page/open';

const SCENARIOS = ['nil-pointer', 'panic-deep', 'unlock', 'exit', 'getter-throws', 'value-type'];

/** The gate of a timed call, and of an entry into Go; in `error.stack`, and as the Console has them. */
const OURS = [
  /\n {4}at (?:\S+ \()?wasm:\/\/wasm\/\w{8}:wasm-function\[\d+\]:0x\w+\)?/g,
  /\n {4}at Object\.apply \(<anonymous>:[\d:]+\)/g,
];
const IN_CONSOLE = [/^\S+ wasm:\/\/wasm\//, /^apply :/];

/** The Console keeps 200 frames of a stack: so many are there in any case. */
const FRAMES = 190;

/** What the page says of a Go object's `_inst` when that is the instance it made. */
const INSTANCE = '{"value":true,"writable":true,"enumerable":true,"configurable":true}';

for (const beside of ['recording', 'watching'] as const) {
  test(`${beside}: console output, exit codes and what it throws are the same; of stacks, all frames but the recorder’s`, () =>
    withPages((open) => comparePlays(open, beside)));
}

async function comparePlays(open: Open, beside: 'recording' | 'watching') {
  // While handles are watched no call waits for its end.
  const [frames, inConsole] = [OURS, IN_CONSOLE].map((all) => (beside === 'recording' ? all : all.slice(1)));
  for (const scenario of SCENARIOS) {
    const play = async (what: Beside) => {
      const page = await open('/program', what);
      await evaluate(page.session, 'Error.stackTraceLimit = 1000');
      const seen: string[] = await evaluate(page.session, `play('streaming', '${scenario}')`);
      if (what === 'recording') await waitFor(page.session, () => window.batches.length > 0);
      const messages = page.messages.map(({ type, text, stack }) => ({ type, text, stack }));
      await page.close();
      return { seen, messages };
    };
    const without = await play('nothing');
    const recorded = await play(beside);
    let ours = 0;
    const counted = () => {
      ours++;
      return '';
    };
    // What it saw besides stacks is no text; and of a program that has not exited `_inst` is the recorder's.
    const clean = <T>(text: T) =>
      typeof text === 'string' ? frames.reduce((left, frame) => left.replace(frame, counted), String(text)) : text;
    const itsOwn = without.seen.map((text) => (text === INSTANCE ? INSTANCE.replace('true', 'false') : text));
    assert.deepEqual(recorded.seen.map(clean), itsOwn, scenario);
    const withoutOurs = recorded.messages.map(({ text, stack, ...message }) => ({
      ...message,
      text: clean(text),
      stack: stack.filter((frame) => !inConsole.some((own) => own.test(frame))).slice(0, FRAMES),
    }));
    const cut = without.messages.map(({ stack, ...message }) => ({ ...message, stack: stack.slice(0, FRAMES) }));
    assert.deepEqual(withoutOurs, cut, scenario);
    assert.ok(ours > 0, scenario);
  }
}

test('what esbuild gives is the same byte for byte, recorded or not', async () => {
  await withPages(async (open) => {
    const make = async (what: Beside) => {
      const page = await open('/bundled', what);
      const made = await evaluate(page.session, async () => {
        const path = '/bundled.js';
        const esbuild = await import(path);
        await esbuild.initialize({ wasmURL: '/bundled.wasm', worker: false });
        const source = await (await fetch(path)).text();
        const files: Record<string, string> = { '/a.ts': `import './b'; export const x: number = 1`, '/b': source };
        const { outputFiles } = await esbuild.build({
          ...{ entryPoints: ['/a.ts'], bundle: true, minify: true, write: false, sourcemap: 'external', outdir: '/' },
          plugins: [
            {
              name: 'files',
              setup(build: { onResolve: (...a: unknown[]) => void; onLoad: (...a: unknown[]) => void }) {
                build.onResolve({ filter: /.*/ }, ({ path }: { path: string }) => ({
                  path: path.replace('./', '/'),
                  namespace: 'files',
                }));
                build.onLoad({ filter: /.*/, namespace: 'files' }, ({ path }: { path: string }) => ({
                  contents: files[path],
                  loader: 'ts',
                }));
              },
            },
          ],
        });
        return (outputFiles as { text: string }[]).map(({ text }) => text);
      });
      const calls = what === 'recording' && (await waitFor(page.session, () => window.batches.length > 0));
      await page.close();
      return { made, calls };
    };
    const without = await make('nothing');
    const recorded = await make('recording');
    assert.ok(without.made[0].length > 10_000);
    assert.equal(recorded.calls, true);
    assert.deepEqual(recorded.made, without.made);
  });
});

for (const beside of ['recording', 'watching'] as const) {
  test(`${beside}: a program that the page dropped is given back, whether it ran or waits for ever`, () =>
    withPages(async (open) => {
      const page = await open('/program', beside);
      await dropPrograms(page);
      if (beside === 'recording') await waitFor(page.session, () => window.batches.length > 1);
      await assertGivenBack(page);
    }));
}
