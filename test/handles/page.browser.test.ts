/**
 * In Chromium: the program that judges handle tables, with elements, of which Node has none; and values that strike back: that each of them
 * does, that nothing of theirs runs when Go takes them, and that it is told what they are without running any of it.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildSync } from 'esbuild';
import { HandleFlag } from '../../src/protocol/handles';
import { evaluate, launch, type Page } from '../../tools/browser.mjs';
import { serve } from '../../tools/serve.mjs';
import { type Hostile, type HostilePage, hostilePages, otherOrigins } from './page/site';
import { type Account, judgeAccount, type View } from './run';

declare const window: HostilePage & {
  say(value: unknown, id: number): { class: string; text: string; flags: number };
  lookAtHandles(): View;
};
declare const Go: new () => { importObject: WebAssembly.Imports; run(instance: object): Promise<void> };

/** `preview` as a global function. */
function bundlePreview(): string {
  const contents = `import { preview } from './src/hook/handles/preview';
    globalThis.say = (value, id) => preview(value, id, false);`;
  const built = buildSync({
    stdin: { contents, resolveDir: join(process.env.GOWASM_ROOT ?? '.'), loader: 'ts' },
    bundle: true,
    write: false,
    platform: 'browser',
    target: 'chrome148',
    format: 'iife',
  });
  return built.outputFiles[0].text;
}

async function withPage(path: string, test: (page: Page, others: { near: string; far: string }) => Promise<void>) {
  const others = await otherOrigins();
  const site = await serve({ overrides: hostilePages() });
  const browser = await launch({ extension: null });
  try {
    await test(await browser.openPage(site.origin + path), others);
  } finally {
    await browser.close();
    await site.close();
    await others.close();
  }
}

test('the program makes elements where there is a document: its account is what the page’s tables say', async () => {
  await withPage('/program', async ({ session }) => {
    const [text, view] = await evaluate(session, async () => {
      const said: string[] = [];
      const seen: View[] = [];
      console.log = (line: string) => said.push(line);
      Object.assign(globalThis, { handlesReady: () => void seen.push(window.lookAtHandles()) });
      const go = new Go();
      const { instance } = await WebAssembly.instantiateStreaming(fetch('/handles.wasm'), go.importObject);
      await go.run(instance);
      return [said.join('\n'), seen[0]] as const;
    });
    const account: Account = JSON.parse(text);
    judgeAccount(account, view);
    const elements = account.handles.filter(({ preview }) => preview === 'HTMLDivElement');
    assert.deepEqual(
      elements.map(({ label, kept }) => [label, kept]),
      [
        ['in the document: element', 3],
        ['in no document: element', 2],
      ],
    );
  });
});

/** Characters of a text that is cut, and its sign of that. */
const SHORT = 130;

/** Those that run code of their own when they are looked at. */
const STRIKES = /getter|method|^prox|custom|document\.all|inherits from a proxy|object of another/;

test('what hostile values are is told, and none of their code runs', async () => {
  await withPage('/hostile', async ({ session }, others) => {
    await evaluate(session, (near, far) => window.start(near, far), others.near, others.far);
    const rows: Hostile[] = await evaluate(session, () =>
      window.hostile.map(({ name, type, class: classes, text, connected }) => ({
        ...{ name, type, class: classes, text, connected },
      })),
    );
    assert.ok(rows.length > 70);
    assert.deepEqual(await evaluate(session, () => window.ran), {});

    await session.send('Runtime.evaluate', { expression: bundlePreview() });
    const wrong: string[] = [];
    for (const { name, type, class: classes, text, connected } of rows) {
      const told = await evaluate(
        session,
        (of) => {
          const value = window.hostileValue(of);
          return { ...window.say(value, window.idOf(of)), type: typeof value, id: window.idOf(of), ran: window.ran };
        },
        name,
      );
      assert.deepEqual([told.type, told.ran], [type, {}], name);
      assert.ok(told.id > 6, name);
      const isConnected = (told.flags & HandleFlag.Connected) > 0;
      const isNode = isConnected || (told.flags & HandleFlag.Detached) > 0;
      const fits =
        (classes === null || classes.includes(told.class)) &&
        (text === null || text.includes(told.text)) &&
        (connected === null || connected === (isNode ? isConnected : undefined)) &&
        told.class.length < SHORT &&
        told.text.length < SHORT;
      if (!fits) wrong.push(`${name}: ${told.class} ${told.text} ${told.flags}`.slice(0, 3 * SHORT));
    }
    assert.deepEqual(wrong, []);

    // And now as nobody should.
    const harmless: string[] = [];
    for (const { name } of rows.filter((row) => STRIKES.test(row.name))) {
      if (!(await evaluate(session, (of) => window.provoke(of), name))) harmless.push(name);
    }
    assert.deepEqual(harmless, []);
  });
});
