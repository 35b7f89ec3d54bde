/** The Errors tab in a real browser, on made-up failures: what it shows, and that every deed has a key. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate, waitFor } from '../../tools/browser.mjs';
import { type Panel, withPreview } from './preview/open';

const STACK = '[role="grid"][aria-label="Go stack"]';
const frames = `${STACK} .stack-row.frame`;

test('names that others rely on: tabs, list, grid, rows and cells', async () => {
  await withPreview('state=errors', async (panel) => {
    await panel.appears(frames);
    assert.deepEqual(await panel.texts('[role="tablist"][aria-label="Go WASM"] [role="tab"]'), [
      'Overview',
      'Errors',
      'Bridge',
      'Handles',
    ]);
    assert.equal((await panel.texts('[role="listbox"][aria-label="Errors"]')).length, 1);
    assert.deepEqual(await panel.texts(`${STACK} [role="columnheader"]`), ['', 'Function', 'Location', 'Line']);
    const cells = await panel.texts(`${frames}:nth-of-type(2) [role="gridcell"]`);
    assert.equal(cells.length, 4);
    const rows = await evaluate(
      panel.session,
      (wanted) => document.querySelector(wanted)?.getAttribute('aria-rowcount'),
      STACK,
    );
    assert.equal(rows, '9');
    assert.deepEqual(panel.messages, []);
  });
});

test('loads, follow-ups below their cause, counts', async () => {
  await withPreview('state=errors', async (panel) => {
    await panel.appears('.entry');
    assert.deepEqual(await panel.texts('.load-head span:first-child'), ['This load', 'Load 2', 'Load 1']);
    assert.deepEqual(await panel.texts('.entry .first .title'), [
      'RuntimeError: memory access out of bounds',
      'panic: assignment to entry in nil map',
      'Error: Go program has already exited',
      "InvalidStateError: Failed to set the 'value' property on 'HTMLInputElement'",
      'RangeError: Maximum call stack size exceeded',
      'Exited with code 0',
    ]);
    assert.deepEqual(await panel.texts('.entry.follow-up .second'), ['caused by the panic above']);
    assert.deepEqual(await panel.texts('.entry .times'), ['14', '2']);
    assert.deepEqual(await panel.texts('.footer .fact-0'), ['4 errors, 14 follow-ups']);
  });
});

test('a load of which not all was kept says so', async () => {
  await withPreview('state=many', async (panel) => {
    await panel.appears('.entry');
    assert.deepEqual(await panel.texts('.load-head > span:first-child'), ['This load · 4,200 events not kept']);
  });
});

test('every candidate stands in the text of its row, both lines are marked in the source', async () => {
  await withPreview('state=errors', async (panel) => {
    await panel.appears('.code-line.marked');
    const [first] = await panel.texts(`${frames} .cell-location`);
    assert.match(first, /stamp\.go:88[\s\S]*or[\s\S]*stamp\.go:91/);
    assert.deepEqual(await panel.texts('.code-line.marked .code-number'), ['88', '91']);
    await panel.click('.candidates:not(.short) button');
    await panel.appears('[role="menu"] [role="menuitem"]');
    assert.deepEqual(await panel.texts('[role="menuitem"]'), ['stamp.go:88', 'stamp.go:91']);
    await panel.press('Escape');
    assert.deepEqual(await panel.texts('[role="menuitem"]'), []);
    await panel.click(`${frames}:nth-of-type(3) .link`);
    assert.match(
      (await panel.texts(`${STACK} [aria-selected="true"] .cell-function`))[0],
      /strokeTo/,
      'a link selects its row',
    );
  });
});

test('the stack by keys: move, open a fold, open in Sources', async () => {
  await withPreview('state=errors', async (panel) => {
    await panel.appears(frames);
    await evaluate(panel.session, (wanted) => document.querySelector<HTMLElement>(wanted)?.focus(), STACK);
    await panel.press('ArrowDown');
    assert.match((await panel.texts(`${STACK} [aria-selected="true"] .cell-function`))[0], /Draw/);
    await panel.press('End');
    assert.deepEqual(await panel.texts(`${STACK} [aria-selected="true"] .band span:nth-of-type(1)`), [
      '4 frames of syscall/js and runtime',
    ]);
    await panel.press('ArrowRight');
    await panel.appears('.fold[aria-expanded="true"]');
    assert.match((await panel.texts(frames)).at(-1) ?? '', /goexit/);
    await panel.press('ArrowLeft');
    await panel.press('Home');
    await panel.press('Enter');
    const opened = await waitFor(panel.session, () => globalThis.preview.fake.log.opened[0]);
    assert.equal(opened, 'http://localhost:8080/brush/stamp.go:88:0');
  });
});

test('letters: next error, tabs, filter, paste away, help, back', async () => {
  await withPreview('state=errors', async (panel) => {
    await panel.appears('.entry');
    const title = () => panel.texts('.detail-head h1');
    await panel.press('j');
    assert.deepEqual(await title(), ['panic: assignment to entry in nil map']);
    await panel.press('k');
    assert.deepEqual(await title(), ['RuntimeError: memory access out of bounds']);
    await panel.press('Alt+ArrowLeft');
    assert.deepEqual(await title(), ['panic: assignment to entry in nil map']);
    await panel.press('1');
    await panel.appears('#tab-overview[aria-selected="true"]');
    await panel.press('2');
    await panel.appears('.entry');
    await panel.press('/');
    await panel.press('n');
    assert.equal(await evaluate(panel.session, () => (document.activeElement as HTMLInputElement).value), 'n');
    await panel.press('Escape');
    await panel.press('h');
    await panel.appears('dialog[open] kbd');
    await panel.press('Escape');
    assert.deepEqual(await panel.texts('dialog'), []);
  });
});

test('a filter that hits nothing, a wrong one, and clearing it', async () => {
  await withPreview('state=errors', async (panel) => {
    await panel.appears('.entry');
    const type = (text: string) =>
      evaluate(
        panel.session,
        (wanted) => {
          const field = document.querySelector<HTMLInputElement>('[aria-label="Filter errors"]')!;
          field.value = wanted;
          field.dispatchEvent(new InputEvent('input', { bubbles: true }));
        },
        text,
      );
    await type('kind:panic');
    assert.deepEqual(await panel.texts('.entry .first .title'), ['panic: assignment to entry in nil map']);
    await type('/(/');
    await panel.appears('.filter.wrong');
    assert.equal((await panel.texts('.entry')).length, 1, 'the last good filter holds');
    await type('nothing of that kind');
    assert.match((await panel.texts('.no-hit'))[0], /No error matches “nothing of that kind”/);
    await panel.click('.no-hit .link');
    assert.equal((await panel.texts('.entry')).length, 6);
  });
});

test('what the page wrote stays text, under Trusted Types', async () => {
  await withPreview('state=hostile', async (panel) => {
    await panel.appears(frames);
    assert.match((await panel.texts('.detail-head h1'))[0], /^panic: <img src=x onerror=/);
    assert.match((await panel.texts('.message'))[0], /^panic: <script>/);
    const found = await evaluate(panel.session, () => ({
      title: document.title,
      foreign: document.querySelectorAll('img, b, .panel i, .panel script').length,
    }));
    assert.deepEqual(found, { title: 'Go WASM', foreign: 0 });
    assert.deepEqual(panel.messages, []);
  });
});

test('a hundred thousand frames and ten thousand errors are windows of a few rows', async () => {
  await withPreview('state=deep', async (panel) => {
    await panel.appears(frames);
    const rows = () => evaluate(panel.session, () => document.querySelectorAll('.stack-row, .entry').length);
    assert.ok((await rows()) < 120);
    await evaluate(panel.session, (wanted) => document.querySelector<HTMLElement>(wanted)?.focus(), STACK);
    await panel.press('End');
    await waitFor(panel.session, () =>
      /99999/.test(document.querySelector('[aria-selected="true"] .number')?.textContent ?? ''),
    );
    assert.ok((await rows()) < 120);
    await panel.goto('state=many');
    await panel.appears('.entry');
    assert.ok((await rows()) < 120);
    assert.deepEqual(await panel.texts('.footer .fact-0'), ['10,000 errors']);
  });
});

test('in one column the open error holds its detail, and its rows name every candidate', async () => {
  await withPreview('state=errors', async (panel) => {
    await panel.resize(460, 920);
    await panel.appears('.accordion .detail');
    const order = await evaluate(panel.session, () =>
      [...document.querySelectorAll('.load-head, .entry, .accordion')]
        .map((each) => each.className.split(' ')[0])
        .slice(0, 5),
    );
    assert.deepEqual(order, ['load-head', 'entry', 'accordion', 'load-head', 'entry']);
    assert.match((await panel.texts(`${frames} .cell-location`))[0], /stamp\.go:88[\s\S]*1 of 2[\s\S]*stamp\.go:91/);
    const wider = await evaluate(panel.session, () => document.documentElement.scrollWidth > innerWidth);
    assert.equal(wider, false);
  });
});

/** Types into the paste sheet as one paste. */
const paste = (panel: Panel, text: string) =>
  evaluate(
    panel.session,
    (wanted) => {
      const area = document.querySelector('textarea')!;
      area.value = wanted;
      area.dispatchEvent(new InputEvent('input', { bubbles: true }));
    },
    text,
  );

test('with the real session: Go text needs no module, wasm frames get their names from an opened file', async () => {
  await withPreview('state=none&tab=errors&real', async (panel) => {
    await panel.appears('.empty');
    await panel.click('.toolbar .tool[title="Paste a stack trace"]');
    await panel.appears('textarea');
    await paste(
      panel,
      'panic: oops\n\ngoroutine 7 [running]:\nmain.draw(0x1)\n\t/home/me/paint/app.go:118 +0x3\nmain.main()\n\t/home/me/paint/main.go:7 +0x1\n',
    );
    await panel.appears(frames);
    assert.deepEqual(await panel.texts(`${frames} .cell-location`), ['app.go:118', 'main.go:7']);
    await evaluate(panel.session, async () => {
      const bytes = await (await fetch('main.wasm')).arrayBuffer();
      await globalThis.preview.app.openWasm(new File([bytes], 'tides.wasm'));
    });
    await panel.appears('.sheet .popup-button');
    assert.deepEqual(await panel.texts('.sheet-head .popup-button'), ['tides.wasm']);
    await paste(
      panel,
      'RuntimeError: unreachable\n    at wasm://wasm/0f3a:wasm-function[900]:0x98000\n    at wasm://wasm/0f3a:wasm-function[1200]:0xb8000',
    );
    await waitFor(panel.session, () => /\.go/.test(document.querySelector('.cell-location')?.textContent ?? ''));
    for (const text of await panel.texts(`${frames} .cell-function`)) assert.match(text, /^[\w./]+\.\s*[\w(*)[\].]+/);
    await panel.press('Escape');
    await panel.press('1');
    await panel.appears('.fact');
    assert.match((await panel.texts('.fact'))[0], /^Module\s+example\.com\/demo/);
    assert.deepEqual(await panel.texts('.tile-value'), ['Not running', '0', '2.60 MB']);
  });
});

test('sources are asked of the page’s own server only, and only for the frame that is looked at', async () => {
  await withPreview('state=cdn', async (panel) => {
    await panel.appears('.code-line.marked');
    const fetched = await evaluate(panel.session, () => globalThis.preview.fake.log.fetched);
    assert.deepEqual(fetched, ['http://localhost:8080/brush/stamp.go']);
  });
});

test('a part that cannot be drawn says so, all others stand', async () => {
  await withPreview('state=broken', async (panel) => {
    await panel.appears('.part-failed');
    assert.match((await panel.texts('.part-failed'))[0], /^Goroutine could not be shown: /);
    await panel.appears('.code-line.marked');
    assert.equal((await panel.texts('.entry')).length, 1);
  });
});

test('clearing what earlier loads left asks first', async () => {
  await withPreview('state=errors', async (panel) => {
    await panel.click('.toolbar .tool[title="Clear errors"]');
    await panel.appears('dialog[open]');
    assert.deepEqual(await panel.texts('dialog h1'), ['Clear the errors of all page loads?']);
    await panel.press('Escape');
    assert.equal((await panel.texts('.entry')).length, 6);
    await panel.click('.toolbar .tool[title="Clear errors"]');
    await panel.appears('dialog[open]');
    await panel.click('dialog .pill.primary');
    await panel.appears('.empty');
    assert.match((await panel.texts('.empty h2'))[0], /^No errors since \d\d:\d\d:\d\d$/);
  });
});

test('a lost page leaves the errors in place, one click listens again', async () => {
  await withPreview('state=errors', async (panel) => {
    await evaluate(panel.session, () => {
      globalThis.preview.app.page.lost.value = true;
    });
    await panel.appears('.banner');
    assert.match((await panel.texts('.banner'))[0], /^Disconnected from the page\./);
    assert.equal((await panel.texts('.entry')).length, 6);
    await panel.click('.banner .pill');
    await waitFor(panel.session, () => document.querySelector('.banner') === null);
  });
});

test('a pasted stack is named, what is no frame stays', async () => {
  await withPreview('state=none&tab=errors', async (panel) => {
    await panel.appears('.empty');
    await panel.click('.empty .pill:nth-child(2)');
    await panel.appears('[role="dialog"] textarea');
    await paste(
      panel,
      'Uncaught RuntimeError: out of bounds\n  at wasm://x:wasm-function[7]:0x1\n  at wasm://x:wasm-function[8]:0x2',
    );
    await panel.appears(`[role="dialog"] ${STACK}`);
    assert.equal((await panel.texts(frames)).length, 2);
    await panel.click('[role="dialog"] .toggle button:nth-child(2)');
    assert.deepEqual(await panel.texts('.stack-row.text'), ['Uncaught RuntimeError: out of bounds']);
    await panel.press('Escape');
    assert.deepEqual(await panel.texts('[role="dialog"]'), []);
  });
});
