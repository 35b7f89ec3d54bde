/**
 * The page behaves the same with the extension and without: the demo's console output in every failure, byte for byte, with
 * the stacks that DevTools shows beside it. The demo is made repeatable: time stands still until the test moves it, and
 * randomness is a fixed sequence.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { evaluate, launch, type Page } from '../../tools/browser.mjs';
import { demoFiles } from '../../tools/demo.mjs';
import { filesAt, serve } from '../../tools/serve.mjs';

const demo = join(process.env.GOWASM_ROOT ?? '', 'demo');
const failures: Record<string, { console: string[] }> = JSON.parse(readFileSync(join(demo, 'failures.json'), 'utf8'));

/** Runs in the page before all else. Sent as text. */
function standStill() {
  let seed = 1;
  let now = 1000;
  let last = 0;
  const begin = 1.7e12;
  const waiting = new Map<number, { at: number; run(): void }>();
  const put = (at: number, run: () => void) => {
    waiting.set(++last, { at, run });
    return last;
  };
  const drop = (id: number) => waiting.delete(id);
  const RealDate = Date;
  class FakeDate extends RealDate {
    constructor(...args: [number]) {
      super(...(args.length > 0 ? args : ([begin + now] as [number])));
    }
    static override now = () => begin + now;
  }
  performance.now = () => now;
  crypto.getRandomValues = (array) => {
    const bytes = new Uint8Array(array!.buffer, array!.byteOffset, array!.byteLength);
    for (let i = 0; i < bytes.length; i++) {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      bytes[i] = seed >> 16;
    }
    return array;
  };
  Object.assign(globalThis, {
    Date: FakeDate,
    setTimeout: (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
      put(now + Math.max(0, ms), () => run(...args)),
    requestAnimationFrame: (run: (time: number) => void) => put(now + 16, () => run(now)),
    clearTimeout: drop,
    cancelAnimationFrame: drop,
    /** Lets so much time pass, and all that was due in it happen, each in a turn of its own. */
    async pass(ms: number) {
      const end = now + ms;
      for (;;) {
        const { port1, port2 } = new MessageChannel();
        await new Promise((turn) => {
          port1.onmessage = turn;
          port2.postMessage(0);
        });
        const [next] = [...waiting].filter(([, { at }]) => at <= end).sort(([a, x], [b, y]) => x.at - y.at || a - b);
        if (!next) break;
        drop(next[0]);
        now = Math.max(now, next[1].at);
        try {
          next[1].run();
        } catch (error) {
          reportError(error);
        }
      }
      now = end;
    },
  });
}

/** Asks from outside: in the page time stands still. */
async function until(what: string, ask: () => Promise<unknown> | unknown) {
  for (const end = Date.now() + 20_000; !(await ask()); await new Promise((wake) => setTimeout(wake, 10))) {
    if (Date.now() > end) throw new Error(`${what}: never`);
  }
}

/** Makes the demo fail. @returns what its console holds then */
async function consoleOf(page: Page, origin: string, name: string): Promise<string[]> {
  const { session, messages } = page;
  const from = messages.length;
  await page.goto(`${origin}/?${name}`);
  await until('the program starts', () =>
    evaluate(session, () => document.querySelector('#stations')?.childElementCount),
  );
  const pass = (ms: number) => evaluate(session, `pass(${ms})`);
  await pass(320);
  await evaluate(
    session,
    (query) => {
      setTimeout(() => (document.querySelector(query) as HTMLElement).click(), 1);
    },
    `[data-failure="${name}"]`,
  );
  await pass(3200);
  await until(`${name} is told`, () => {
    const said = messages.slice(from);
    return failures[name].console.every((text) => said.some((message) => message.text.startsWith(text)));
  });
  return messages.slice(from).map(({ type, text, stack }) => [type, text, ...stack].join('\n'));
}

/** @returns the console of each failure, in a browser of its own */
async function consoles(origin: string, extension: boolean, devTools: boolean): Promise<Record<string, string[]>> {
  // Optimised JavaScript drops some builtin frames (Reflect.get) from stacks, whenever it is ready.
  const args = ['--js-flags=--no-opt --no-maglev'];
  const browser = await launch(extension ? { args } : { args, extension: null });
  try {
    const source = `(${standStill})()`;
    const prepare = (session: Page['session']) => session.send('Page.addScriptToEvaluateOnNewDocument', { source });
    const page = await browser.openPage('about:blank', { prepare });
    if (devTools) {
      const opened = await page.openDevTools();
      if (extension) await opened.showPanel();
    }
    const all: Record<string, string[]> = {};
    for (const name of Object.keys(failures)) all[name] = await consoleOf(page, origin, name);
    return all;
  } finally {
    await browser.close();
  }
}

for (const devTools of [false, true]) {
  test(`with the extension the demo says the same, byte for byte, DevTools ${devTools ? 'open' : 'closed'}`, async (t) => {
    const site = await serve({ overrides: filesAt(demoFiles()) });
    try {
      // DevTools by itself changes some stacks: so each is compared with its like.
      const without = await consoles(site.origin, false, devTools);
      const other = await consoles(site.origin, true, devTools);
      assert.ok(Object.values(without).flat().length > 300);
      for (const name of Object.keys(failures)) {
        await t.test(name, () => assert.deepEqual(other[name], without[name]));
      }
    } finally {
      await site.close();
    }
  });
}
