/** Go programs in a page with the hook: the page sees no difference, and the hook tells what happened. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HookEvent, HookSays } from '../../src/protocol/messages';
import { evaluate, waitFor } from '../../tools/browser.mjs';
import { openFixture } from '../fixtures/open';
import { assertGivenBack, dropPrograms } from './page/dropped';
import { type Beside, type Page, withPages } from './page/open';

declare global {
  interface Window {
    called: Record<string, number>;
    countErrorEvents(): void;
  }
}

const SCENARIOS = ['nil-pointer', 'panic-deep', 'unlock', 'exit', 'getter-throws', 'infinite-recursion', 'value-type'];

/** A recorder that does not record shows as little, and takes nothing from the hook. */
for (const beside of ['hook', 'recorder'] as const) {
  test(`${beside}: console output, stacks within the program and what it throws are the same with the hook`, async () => {
    await withPages(async (open) => {
      for (const scenario of SCENARIOS) {
        const play = async (what: Beside) => {
          const page = await open('/program', what);
          const seen: string[] = await evaluate(page.session, `play('streaming', '${scenario}')`);
          const messages = page.messages.map(({ type, text, stack }) => ({ type, text, stack }));
          await page.close();
          return { seen, messages };
        };
        const without = await play('nothing');
        assert.ok(without.messages.length + without.seen.length > 4, scenario);
        assert.deepEqual(await play(beside), without, scenario);
      }
    });
  });

  test(`${beside}: each way to a program is told with where its bytes are, and they can be had`, async () => {
    const expected = {
      streaming: ['instantiateStreaming', 'url'],
      response: ['instantiateStreaming', 'url'],
      bytes: ['instantiate', 'kept'],
      compiled: ['instantiate', 'url'],
      module: ['Instance', 'kept'],
      synthetic: ['instantiateStreaming', 'kept'],
      // As zone.js makes of every fetch.
      thenable: ['instantiateStreaming', 'lost'],
    };
    await withPages(async (open) => {
      const page = await open('/program', beside);
      let instance = 0;
      for (const [way, [how, bytes]] of Object.entries(expected)) {
        instance++;
        await evaluate(page.session, `play('${way}', 'nil-pointer')`);
        const [module, exit, ...more] = (await events(page, instance * 2)).slice(-2);
        assert.deepEqual(more, []);
        assert.ok(module.type === 'module' && exit.type === 'exit');
        const url = bytes === 'url' ? await evaluate(page.session, "location.origin + '/main.wasm'") : '';
        const { at, seq, ...told } = module;
        assert.deepEqual(told, {
          type: 'module',
          ...{ instance, url, bytes, how, namespace: 'gojs' },
        });
        assert.deepEqual([exit.instance, exit.code], [instance, 2]);
        assert.match(exit.output, /^panic: runtime error: invalid memory address or nil pointer dereference\n/);
        const kept = bytes === 'kept' ? openFixture('go1.27/judge-stripped').length : null;
        assert.deepEqual(await answer(page, instance), { size: kept, url }, way);
      }
    });
  });

  test(`${beside}: a wasm_exec.js bundled and minified into a closure is met too, and works`, async () => {
    await withPages(async (open) => {
      const page = await open('/bundled', beside);
      const code = await evaluate(page.session, async () => {
        const path = '/bundled.js';
        const esbuild = await import(path);
        await esbuild.initialize({ wasmURL: '/bundled.wasm', worker: false });
        return (await esbuild.transform('let x: number = 1', { loader: 'ts' })).code;
      });
      assert.equal(code, 'let x = 1;\n');
      const [module] = await events(page, 1);
      assert.ok(module.type === 'module');
      assert.deepEqual([module.bytes, module.namespace], ['url', 'gojs']);
      assert.equal(await evaluate(page.session, "'_inst' in {}"), false);
    });
  });

  test(`${beside}: a program that the page dropped is given back, whether it ran, waits for ever, or never ran`, async () => {
    await withPages(async (open) => {
      const page = await open('/program', beside);
      await dropPrograms(page);
      await events(page, 3);
      await assertGivenBack(page);
    });
  });

  test(`${beside}: an error that nobody caught comes once with a capture, then as repeats`, async () => {
    await withPages(async (open) => {
      const page = await open('/program', beside);
      await evaluate(page.session, "play('streaming', 'getter-throws')");
      const [, error] = await events(page, 2);
      assert.ok(error.type === 'error');
      assert.deepEqual([error.how, error.name, error.message], ['error', 'TypeError', 'thrown by a getter']);
      assert.match(error.stack, /main\.wasm:wasm-function\[\d+\]:0x/);
      assert.deepEqual(
        error.captures.map(({ instance, capture }) => [instance, capture.at]),
        [[1, 'event']],
      );
      await evaluate(page.session, 'setTimeout(() => { for (let i = 0; i < 3; i++) reportError(caught); }); 0');
      const again = (await events(page, 5)).slice(2);
      assert.deepEqual(
        again.map((each) => each.type === 'again' && [each.of, each.count]),
        [1, 1, 1].map((count) => [error.seq, count]),
      );
    });
  });

  test(`${beside}: a page that formats stacks itself is not called once more than without the hook`, async () => {
    await withPages(async (open) => {
      const play = async (what: Beside) => {
        const page = await open('/program', what);
        await evaluate(page.session, 'globalThis.formatted = 0; Error.prepareStackTrace = (e) => formatted++ + e; 0');
        await evaluate(page.session, "play('streaming', 'out-of-bounds')");
        return page;
      };
      const without = await play('nothing');
      const page = await play(beside);
      const [, error] = await events(page, 2);
      assert.ok(error.type === 'error');
      assert.match(error.stack, /^RuntimeError: memory access out of bounds\n {4}at http.*:\d+:\d+$/);
      assert.equal(await evaluate(page.session, 'formatted'), await evaluate(without.session, 'formatted'));
    });
  });

  test(`${beside}: what a page put in place of natives is not called once more than without the hook`, async () => {
    await withPages(async (open) => {
      const play = async (what: Beside) => {
        const page = await open('/program', what);
        await evaluate(page.session, () => {
          window.called = {};
          const count = (owner: object, keys: PropertyKey[]) => {
            for (const key of keys) {
              const found = Object.getOwnPropertyDescriptor(owner, key) as PropertyDescriptor;
              const { value, get = value } = found;
              const counted = function (this: unknown, ...args: unknown[]) {
                window.called[String(key)] = (window.called[String(key)] ?? 0) + 1;
                return get.apply(this, args);
              };
              Object.defineProperty(owner, key, { ...found, ...(value ? { value: counted } : { get: counted }) });
            }
          };
          count(Response.prototype, ['url', 'clone', 'blob']);
          count(TextDecoder.prototype, ['decode']);
          count(Array.prototype, [Symbol.iterator]);
          count(WeakRef.prototype, ['deref']);
          window.countErrorEvents = () =>
            count(ErrorEvent.prototype, ['error', 'message', 'filename', 'lineno', 'colno']);
        });
        await evaluate(page.session, "play('bytes', 'out-of-bounds')");
        await evaluate(page.session, 'countErrorEvents()');
        await evaluate(page.session, "play('synthetic', 'out-of-bounds')");
        return { page, called: (await evaluate(page.session, 'called')) as Record<string, number> };
      };
      const without = await play('nothing');
      const { page, called } = await play(beside);
      const told = await events(page, 3);
      // The second error is hidden by the page's own getters.
      assert.deepEqual(
        told.map((event) => (event.type === 'module' ? event.bytes : event.type)),
        ['kept', 'error', 'kept'],
      );
      assert.ok(called['Symbol(Symbol.iterator)'] > 0, 'the page itself iterates');
      assert.deepEqual(called, without.called);
    });
  });
}

/** @returns the hook's events once there are `count` */
async function events(page: Page, count: number): Promise<HookEvent[]> {
  const said: HookSays[] = await waitFor(
    page.session,
    (least: number) => {
      const events = window.said.filter((each) => 'event' in each);
      // Copies without bytes: the driver carries JSON.
      return events.length >= least && JSON.parse(JSON.stringify(events));
    },
    count,
  );
  return said.map((each) => ('event' in each ? each.event : assert.fail()));
}

/** Asks for the bytes of an instance. @returns the size of what the hook kept, and where to ask for the rest */
async function answer(page: Page, instance: number): Promise<unknown> {
  await evaluate(page.session, `askHook(${instance})`);
  return waitFor(
    page.session,
    (id: number) => {
      const found = window.said.find((each) => 'answer' in each && each.answer === id);
      return found && 'answer' in found && { size: found.blob?.size ?? null, url: found.url };
    },
    instance,
  );
}
