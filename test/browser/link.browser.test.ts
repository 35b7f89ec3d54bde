/** The way from a page's hook to the panel: frames, loads, history, and what is lost (nothing). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate, waitFor } from '../../tools/browser.mjs';
import { events, heard, html, inspect, openRealms, say, withPlain } from './plain/open';

test('what happened before DevTools opened is replayed, later events follow, each once and in order', async () => {
  await withPlain({ '/': html('') }, async (browser, origin) => {
    const page = await browser.openPage(`${origin}/`);
    for (const of of [1, 2, 3]) await say(page, of);
    const devTools = await page.openDevTools();
    const panel = await devTools.showPanel();
    await heard(panel, 3);
    for (const of of [4, 5]) await say(page, of);
    const log = await heard(panel, 5);
    assert.deepEqual(events(log), [1, 2, 3, 4, 5]);
    const [realm, ...more] = await openRealms(panel, 1);
    assert.deepEqual(more, []);
    assert.equal(realm.url, `${origin}/`);
    assert.equal(realm.top, true);
    assert.equal(realm.hooked, true);
    // Nobody listened at first: the browser must not tell the page's console.
    assert.deepEqual(page.messages, []);
  });
});

test('what the page did not keep is told as missed', async () => {
  await withPlain({ '/': html('') }, async (browser, origin) => {
    const page = await browser.openPage(`${origin}/`);
    await evaluate(page.session, () => {
      const { say, sayRaw } = globalThis as unknown as { say(of: number): number; sayRaw(message: object): void };
      say(1);
      sayRaw({ event: { type: 'again', seq: 8, of: 8, count: 1, at: 0 } });
    });
    const log = await heard(await (await page.openDevTools()).showPanel(), 8);
    assert.deepEqual(
      log.map(([type, , what]) => [type, what]),
      [
        ['realm', `${origin}/`],
        ['event', '1'],
        ['missed', '6'],
        ['event', '8'],
      ],
    );
  });
});

test('DevTools closed and opened again: all of it again, and nothing twice', async () => {
  await withPlain({ '/': html('') }, async (browser, origin) => {
    const { page, devTools, panel } = await inspect(browser, `${origin}/`);
    await say(page, 1);
    await heard(panel, 1);
    await devTools.close();
    await say(page, 2);
    const again = await (await page.openDevTools()).showPanel();
    await heard(again, 2);
    await say(page, 3);
    assert.deepEqual(events(await heard(again, 3)), [1, 2, 3]);
  });
});

test('every frame has a realm of its own, whatever made it', async () => {
  const pages = {
    '/': html(`
      <iframe name="same" src="/inner"></iframe>
      <iframe name="srcdoc" srcdoc="<p>x"></iframe>
      <iframe name="blank" src="about:blank"></iframe>
      <script>
        const blob = URL.createObjectURL(new Blob(['<p>x'], { type: 'text/html' }));
        document.body.append(Object.assign(document.createElement('iframe'), { name: 'blob', src: blob }));
        const made = document.createElement('iframe');
        made.name = 'made';
        document.body.append(made);
        // As early as a page can: no turn of the event loop between.
        made.contentWindow.say(50);
      </script>`),
    '/inner': html(''),
  };
  await withPlain(pages, async (browser, origin) => {
    const { page, panel } = await inspect(browser, `${origin}/`);
    const names = ['same', 'srcdoc', 'blank', 'blob'];
    for (const [index, name] of names.entries()) await say(page, index + 1, `frames.${name}`);
    const log = await heard(panel, 1, 2, 3, 4, 50);
    const realms = await openRealms(panel, 6);
    assert.equal(new Set(log.filter(([type]) => type === 'event').map(([, realm]) => realm)).size, 5);
    assert.equal(realms.filter(({ top }) => top).length, 1);
    assert.ok(realms.every(({ hooked }) => hooked));
    assert.ok(realms.some(({ url }) => url === 'about:srcdoc'));

    await evaluate(page.session, () => document.querySelector('iframe[name=same]')?.remove());
    assert.equal((await openRealms(panel, 5)).length, 5);
  });
});

test('a frame of another site and a sandboxed one are heard too', async () => {
  const pages = {
    '/': (request: { headers: { host?: string } }) => {
      const port = request.headers.host?.split(':')[1];
      const sandboxed = '<iframe sandbox="allow-scripts" srcdoc="<script>say(2)</script>"></iframe>';
      return { type: 'text/html', body: `<iframe src="http://localhost:${port}/other"></iframe>${sandboxed}` };
    },
    '/other': html('<script>say(1)</script>'),
  };
  await withPlain(pages, async (browser, origin) => {
    const { panel } = await inspect(browser, `${origin}/`);
    await heard(panel, 1, 2);
    const realms = await openRealms(panel, 3);
    assert.ok(realms.some(({ url, top }) => !top && url.startsWith('http://localhost:')));
  });
});

test('reload and navigation end one realm and begin another, heard from its first script on', async () => {
  const pages = { '/': html('<script>say(1)</script>'), '/next': html('<script>say(2)</script>') };
  await withPlain(pages, async (browser, origin) => {
    const { page, panel } = await inspect(browser, `${origin}/`);
    await heard(panel, 1);
    const [first] = await openRealms(panel, 1);
    await page.goto(`${origin}/next`);
    await heard(panel, 2);
    const [second] = await openRealms(panel, 1);
    assert.notEqual(first.id, second.id);
    await page.reload();
    await waitFor(panel, () => plain.log.length === 8);
    await openRealms(panel, 1);
    const log = await heard(panel, 2);
    assert.deepEqual(events(log), [1, 2, 2]);
    const order = log.filter(([, realm]) => realm === first.id || realm === second.id).map(([type]) => type);
    assert.deepEqual(order, ['realm', 'event', 'gone', 'realm', 'event', 'gone']);
  });
});

test('a page that says nothing is known to the panel all the same, after a navigation too', async () => {
  await withPlain({ '/': html(''), '/next': html('') }, async (browser, origin) => {
    const { page, panel } = await inspect(browser, `${origin}/`);
    await openRealms(panel, 1);
    await page.goto(`${origin}/next`);
    await waitFor(panel, (url) => plain.realms.some((realm) => realm.open && realm.url === url), `${origin}/next`);
  });
});

test('back to a page out of bfcache: the same realm, and only what is new', async () => {
  const pages = { '/': html('<iframe src="/inner"></iframe>'), '/inner': html(''), '/next': html('') };
  await withPlain(pages, async (browser, origin) => {
    const { page, panel } = await inspect(browser, `${origin}/`);
    await say(page, 1);
    await say(page, 2, 'frames[0]');
    await heard(panel, 1, 2);
    const before = await openRealms(panel, 2);
    await page.goto(`${origin}/next`);
    await openRealms(panel, 1);
    assert.equal((await page.travel(-1)).type, 'BackForwardCacheRestore');
    const after = await openRealms(panel, 2);
    assert.deepEqual(after.map(({ id }) => id).sort(), before.map(({ id }) => id).sort());
    await say(page, 3);
    await say(page, 4, 'frames[0]');
    assert.deepEqual(events(await heard(panel, 3, 4)).sort(), [1, 2, 3, 4]);
  });
});

test('the service worker stopped: nothing is lost, and nobody wakes it', async () => {
  await withPlain({ '/': html('') }, async (browser, origin) => {
    const { page, panel } = await inspect(browser, `${origin}/`);
    await say(page, 1);
    await heard(panel, 1);
    const worker = await browser.serviceWorker();
    await browser.cdp.send('Target.closeTarget', { targetId: worker.targetId });
    await browser.targets.gone(worker.targetId);
    await say(page, 2);
    await heard(panel, 2);
    await page.reload();
    await say(page, 3);
    assert.deepEqual(events(await heard(panel, 3)), [1, 2, 3]);
    assert.ok(!browser.targets.list().some(({ type }) => type === 'service_worker'));
  });
});

test('two tabs with DevTools each: nobody hears the other', async () => {
  await withPlain({ '/a': html(''), '/b': html('') }, async (browser, origin) => {
    const a = await inspect(browser, `${origin}/a`);
    const b = await inspect(browser, `${origin}/b`);
    await say(a.page, 1);
    await say(b.page, 2);
    await heard(a.panel, 1);
    await heard(b.panel, 2);
    // Loads with nobody asked first: here the page opens the port, to both panels.
    for (const [tab, of] of [[a, 3] as const, [b, 4] as const]) {
      await tab.page.reload();
      await say(tab.page, of);
      await heard(tab.panel, of);
    }
    assert.deepEqual(events(await heard(a.panel)), [1, 3]);
    assert.deepEqual(events(await heard(b.panel)), [2, 4]);
    await b.devTools.close();
    await say(a.page, 5);
    await heard(a.panel, 5);
  });
});

test('a page with a strict policy is heard', async () => {
  const strict = {
    'content-security-policy': "default-src 'none'; script-src 'self'; require-trusted-types-for 'script'",
  };
  const pages = { '/': html('<script src="/a.js"></script>', strict), '/a.js': { body: 'say(1)' } };
  await withPlain(pages, async (browser, origin) => {
    const { panel } = await inspect(browser, `${origin}/`);
    assert.deepEqual(events(await heard(panel, 1)), [1]);
  });
});

test('a frame that comes late is met, with or without wasm, of this site or another', async () => {
  await withPlain({ '/': html(''), '/inner': html('<script>say(1)</script>') }, async (browser, origin) => {
    const { page, panel } = await inspect(browser, `${origin}/`);
    await openRealms(panel, 1);
    const frames = [
      `${origin}/inner`,
      `${origin}/inner?again`,
      origin.replace('127.0.0.1', 'localhost'),
      'about:blank',
    ];
    for (const [index, address] of frames.entries()) {
      await evaluate(
        page.session,
        (src) => {
          document.body.append(Object.assign(document.createElement('iframe'), { src }));
        },
        address,
      );
      await openRealms(panel, index + 2);
    }
    assert.deepEqual(events(await heard(panel, 1)), [1, 1]);
  });
});

test('a frame that hangs hides neither the top frame nor the next load', async () => {
  const pages = {
    '/': (request: { headers: { host?: string } }) => {
      const port = request.headers.host?.split(':')[1];
      return {
        type: 'text/html',
        body: `<script>say(1)</script><iframe src="http://localhost:${port}/hangs"></iframe>`,
      };
    },
    '/hangs': html('<script>onload = () => setTimeout(() => { for (;;); })</script>'),
    '/next': html('<script>say(2)</script>'),
  };
  await withPlain(pages, async (browser, origin) => {
    const { page, panel } = await inspect(browser, `${origin}/`);
    await heard(panel, 1);
    await page.goto(`${origin}/next`);
    assert.deepEqual(events(await heard(panel, 2)), [1, 2]);
  });
});
