/** The Handles tab in a real browser: what it shows of a made-up page, how one moves in it, and what it asks of the page. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate, waitFor } from '../../tools/browser.mjs';
import { readable } from './preview/contrast';
import { nameless } from './preview/names';
import { type Panel, withPreview } from './preview/open';

const HANDLES = 'state=handles&tab=handles';
const ROWS = '[aria-label="Handles"] .windowed [role="row"]';
const GRID = '.data-grid[aria-label="Handles"]';

/** Cells of all rows that are drawn. */
async function cells(panel: Panel): Promise<string[][]> {
  const rows = await evaluate(
    panel.session,
    (selector) =>
      [...document.querySelectorAll(selector)].map((each) =>
        [...each.children].map((cell) => cell.textContent?.trim() ?? ''),
      ),
    ROWS,
  );
  return rows as string[][];
}

/** Waits until a cell of a row says this. */
async function rowSays(panel: Panel, text: string): Promise<void> {
  await waitFor(
    panel.session,
    ([selector, wanted]) =>
      [...document.querySelectorAll(selector)].some((row) => row.textContent?.includes(wanted) ?? false),
    [ROWS, text] as const,
  );
}

/** Waits until the snapshot is shown that is taken when the tab opens: the preview has earlier ones. */
const latest = (panel: Panel) =>
  waitFor(panel.session, () => {
    const heading = document.querySelector('[data-pane="detail"] h2')?.textContent ?? '';
    return document.querySelector('.total b')?.textContent === '1,204' && heading.includes('#1203');
  });

const focusGrid = (panel: Panel) =>
  evaluate(panel.session, (selector) => document.querySelector<HTMLElement>(selector)?.focus(), GRID);

const asked = (panel: Panel) => evaluate(panel.session, () => globalThis.preview.fake.page?.asked.slice() ?? []);

const said = (panel: Panel, text: string) =>
  waitFor(panel.session, (wanted) => document.querySelector('[role="status"].offscreen')?.textContent === wanted, text);

test('totals, groups by growth, the suspect open with its newest values, and the finding above', async () => {
  await withPreview(HANDLES, async (panel) => {
    await latest(panel);
    await waitFor(panel.session, () => document.querySelector('.badge.warn') !== null);
    assert.deepEqual(
      (await panel.texts('.total')).map((text) => text.replaceAll(/\s+/g, ' ')),
      ['Handles 1,204', 'js.Func 325', 'DOM nodes 212', 'Other objects 660', 'Fixed 7', 'Slots 1,204 0 free'],
    );
    const rows = await cells(panel);
    assert.deepEqual(rows[0].slice(0, 2), ['ui.(*Toolbar).rebuildtoolbar.go:88', '316']);
    assert.deepEqual(rows[0].slice(-3), ['rising', 'js.Func', 'leak suspect']);
    assert.deepEqual(rows[1].slice(0, 3), ['#1203', 'function', 'ƒ → ui.(*Toolbar).rebuild.func1']);
    assert.deepEqual(rows[1].slice(-2), ['not known', 'never released']);
    assert.deepEqual(
      rows.slice(1, 4).map(([id]) => id),
      ['#1203', '#1202', '#1201'],
    );
    assert.deepEqual(rows[4], ['Show 313 more']);
    // Each group by its Go line, and how many: what the page was made to hold.
    const counts = {
      ...{ 'rebuildtoolbar.go:88': '316', 'onPointerMoveapp.go:112': '342', 'flushlayer.go:231': '214' },
      ...{ 'showstatus.go:27': '60', 'postworker.go:40': '21', 'Iconicon.go:33': '148', 'swatchpalette.go:51': '64' },
      ...{ 'thumbnaillog.go:118': '23', 'listenapp.go:96': '9' },
    };
    for (const [place, count] of Object.entries(counts)) {
      assert.equal(rows.find(([name]) => name.endsWith(place))?.[1], count, place);
    }
    assert.equal(rows.length, Object.keys(counts).length + 1 + 4);
    assert.deepEqual(rows.at(-1)?.slice(0, 2), ['syscall/js (fixed)', '7']);
    assert.match(
      (await panel.texts('.banner'))[0],
      /^316 js\.Func from toolbar\.go:88 were never released\. Each call of main\.\(\*App\)\.onClick makes 4\. .* Show only these$/,
    );
    assert.equal((await panel.texts('.badge.warn'))[0].replaceAll(/\s+/g, ' '), '1 leak suspect');
    assert.match((await panel.texts('.footer'))[0], /^1,204 of 1,204 handles\s+Counts are exact\./);
    assert.deepEqual(panel.messages, []);
  });
});

test('the selected value: the stack that made it, what it is, and what can be done with it', async () => {
  await withPreview(HANDLES, async (panel) => {
    await latest(panel);
    await panel.appears('.frames li');
    assert.deepEqual(await panel.texts('[data-pane="detail"] h2'), [
      ...['#1203 js.Func', 'Created at', 'Held by in Go', 'Known to JS as'],
    ]);
    assert.deepEqual(await panel.texts('[data-pane="detail"] .frames .link'), [
      ...['func.go:66', 'toolbar.go:88', 'toolbar.go:61', 'app.go:143', 'app.go:91'],
    ]);
    assert.deepEqual(await panel.texts('.section .note'), ['age 4 s', 'exact', 'not known']);
    assert.deepEqual(await panel.texts('.value-deeds .pill'), ['Log to console', 'Store as global']);
    await panel.click('.value-deeds .pill:nth-child(2)');
    await said(panel, 'Stored as temp1');
    assert.deepEqual(await panel.texts('.value-deeds .remark'), ['Stored as temp1']);
    assert.ok(((await asked(panel)) as string[]).includes('store'));

    // A node has one more.
    await panel.press('/');
    for (const letter of 'palette') await panel.press(letter);
    await waitFor(panel.session, (selector) => document.querySelectorAll(selector).length === 1, ROWS);
    await panel.press('Escape');
    await focusGrid(panel);
    await panel.press('Home');
    await panel.press('ArrowRight');
    await rowSays(panel, 'div#swatch-64.swatch');
    await panel.press('End');
    await waitFor(panel.session, () => /not in|no document/.test(document.querySelector('.known')?.textContent ?? ''));
    await panel.click('.value-deeds .pill:nth-child(3)');
    await said(panel, 'Shown in Elements');
    const inspected = (await evaluate(panel.session, () => globalThis.preview.fake.log.inspected)) as number[];
    const shown = (await panel.texts('[data-pane="detail"] h2'))[0];
    assert.deepEqual([`#${inspected[0]} HTMLDivElement`], [shown]);
  });
});

test('the tree is walked by keys; groups open by 100, and then wholly', async () => {
  await withPreview(HANDLES, async (panel) => {
    await latest(panel);
    await focusGrid(panel);
    const count = () =>
      evaluate(
        panel.session,
        (selector) => Number(document.querySelector(selector)?.getAttribute('aria-rowcount')) - 1,
        GRID,
      ) as Promise<number>;
    const becomes = (rows: number) =>
      waitFor(
        panel.session,
        ([selector, wanted]) => document.querySelector(selector)?.getAttribute('aria-rowcount') === String(wanted + 1),
        [GRID, rows] as const,
      );
    const closed = (await count()) - 4;
    await panel.press('Home');
    await panel.press('ArrowLeft');
    await becomes(closed);
    await panel.press('ArrowRight');
    await becomes(closed + 101);
    const level = await evaluate(
      panel.session,
      (selector) =>
        [...document.querySelectorAll(selector)]
          .slice(0, 2)
          .map((row) =>
            ['level', 'expanded', 'posinset', 'setsize'].map((name) => row.getAttribute(`aria-${name}`)).join(' '),
          ),
      ROWS,
    );
    assert.deepEqual(level, ['1 true 1 10', '2  1 316']);
    // From a value back to its group.
    await panel.press('ArrowRight');
    await panel.press('ArrowDown');
    await panel.press('ArrowLeft');
    await waitFor(
      panel.session,
      (selector) => document.querySelector(selector)?.getAttribute('aria-activedescendant')?.endsWith('-0') ?? false,
      GRID,
    );
    for (let page = 0; page < 7; page++) await panel.press('PageDown');
    await rowSays(panel, 'Show 216 more');
    await panel.click('.grid-row.more .link');
    await becomes(closed + 316);
    await panel.press('Home');
    await panel.press('*');
    await waitFor(
      panel.session,
      ([selector, least]) => Number(document.querySelector(selector)?.getAttribute('aria-rowcount')) > least,
      [GRID, closed + 316 + 1] as const,
    );
    // Ten groups share 500 rows: five of them have more than 50 handles, and say so.
    assert.equal(await count(), closed + 316 + 5 * (50 + 1) + 23 + 21 + 9 + 7);
  });
});

test('100,000 rows: only what is in sight is drawn and asked for', async () => {
  await withPreview('state=handles-many&tab=handles', async (panel) => {
    await rowSays(panel, 'layer.go:231');
    await evaluate(panel.session, () => {
      globalThis.preview.app.handles.group.value = 'none';
    });
    await waitFor(
      panel.session,
      (selector) => document.querySelector(selector)?.getAttribute('aria-rowcount') === '100008',
      GRID,
    );
    await rowSays(panel, '#100006');
    // To and fro as fast as frames come.
    const drawn = (await evaluate(
      panel.session,
      async (selector) => {
        const view = document.querySelector<HTMLElement>('.handles .view')!;
        const frame = () => new Promise((done) => requestAnimationFrame(done));
        const most = { rows: 0 };
        for (let i = 1; i <= 60; i++) {
          view.scrollTop = (view.scrollHeight * ((i * 37) % 60)) / 60;
          await frame();
          most.rows = Math.max(most.rows, document.querySelectorAll(selector).length);
        }
        view.scrollTop = view.scrollHeight;
        return most.rows;
      },
      ROWS,
    )) as number;
    assert.ok(drawn < 80, `${drawn} rows drawn`);
    await rowSays(panel, 'NaN');
    const last = await cells(panel);
    assert.equal(last.at(-1)?.[0], '#0');
    // The rest of the way by keys, and back.
    await focusGrid(panel);
    await panel.press('Home');
    await rowSays(panel, '#100006');
    const rows = (await evaluate(panel.session, () => globalThis.preview.fake.log.rows)) as { count: number }[];
    // A window of 800 pixels has two pages in sight at most.
    assert.ok(rows.every(({ count }) => count <= 200));
    assert.ok(rows.reduce((sum, { count }) => sum + count, 0) < 100_000 / 3, `${rows.length} questions`);
    assert.deepEqual(panel.messages, []);
  });
});

test('a jump fills the rows that are there, in order; those beyond the edges come when it is still', async () => {
  await withPreview('state=handles-many&tab=handles', async (panel) => {
    await rowSays(panel, 'layer.go:231');
    await evaluate(panel.session, () => {
      globalThis.preview.app.handles.group.value = 'none';
    });
    await rowSays(panel, '#100006');
    // Rows that come late find the table still for long.
    for (const [late, row] of [
      [0, 50_000],
      [400, 20_000],
    ]) {
      await jumpTo(panel, row, late);
    }
    assert.deepEqual(panel.messages, []);
  });
});

/** @param row index of the one that comes to lie at the upper edge @param late how long rows take to come, ms */
async function jumpTo(panel: Panel, row: number, late: number): Promise<void> {
  const jumped = (await evaluate(
    panel.session,
    ([selector, row, late]) => {
      globalThis.preview.fake.rowsTake = late;
      const view = document.querySelector<HTMLElement>('.handles .view')!;
      const before = new Set(document.querySelectorAll(selector));
      const [seen, words]: [number[][], string[]] = [[], []];
      // Each state there was, however slowly rows come and frames follow each other.
      return new Promise((resolve) => {
        const watched = new MutationObserver(() => {
          const rows = [...document.querySelectorAll(selector)];
          seen.push(rows.map((row) => Number(row.getAttribute('aria-rowindex'))));
          words.push(...rows.map((row) => row.textContent ?? '').filter((text) => text.startsWith('…')));
          if (!view.textContent?.includes(`#${100_006 - row}`)) return;
          watched.disconnect();
          resolve({ seen, words, drawn: rows.length, kept: rows.filter((row) => before.has(row)).length });
        });
        watched.observe(view, { subtree: true, childList: true, attributes: true, characterData: true });
        view.scrollTop = row * 20;
      });
    },
    [ROWS, row, late] as const,
  )) as { seen: number[][]; words: string[]; drawn: number; kept: number };
  const { seen, words, drawn, kept } = jumped;
  assert.deepEqual(words, [], 'no row stood there without its handle');
  for (const rows of seen) {
    assert.deepEqual(
      rows,
      rows.map((_, i) => rows[0] + i),
    );
  }
  assert.deepEqual([seen.at(-1)?.includes(row + 2), kept], [true, drawn]);
  assert.ok(drawn < 40, `${drawn} rows`);
  await waitFor(panel.session, ([selector, least]) => document.querySelectorAll(selector).length >= least, [
    ROWS,
    drawn + 20,
  ] as const);
}

test('the page is asked for words of what is in sight, in few questions, and for figures once a second', async () => {
  await withPreview('state=handles-first&tab=handles', async (panel) => {
    await rowSays(panel, 'toolbar.go:88');
    assert.deepEqual((await asked(panel)) as string[], ['table']);
    await waitFor(panel.session, () => (globalThis.preview.fake.page?.asked ?? []).includes('counts'));
    await evaluate(panel.session, () => {
      const { handles } = globalThis.preview.app;
      handles.group.value = 'none';
    });
    await rowSays(panel, "'Layer");
    assert.ok(((await asked(panel)) as string[]).filter((ask) => ask === 'previews').length <= 2);
    // Nothing is asked while another tab is looked at.
    await panel.press('1');
    await panel.appears('#tab-overview[aria-selected="true"]');
    const before = ((await asked(panel)) as string[]).length;
    await evaluate(panel.session, async () => {
      for (let i = 0; i < 150; i++) await new Promise((done) => requestAnimationFrame(done));
    });
    assert.ok(((await asked(panel)) as string[]).length <= before + 1);
    // Nor when it is not live.
    await panel.press('4');
    await panel.appears('.handles-bar');
    await panel.click('.handles-bar label:last-of-type input');
    const then = ((await asked(panel)) as string[]).length;
    await evaluate(panel.session, async () => {
      for (let i = 0; i < 150; i++) await new Promise((done) => requestAnimationFrame(done));
    });
    assert.ok(((await asked(panel)) as string[]).length <= then + 1);
  });
});

test('snapshots are taken by key, chosen, and compared; marks say what a click leaves behind', async () => {
  await withPreview('state=handles-first&tab=handles', async (panel) => {
    await rowSays(panel, 'toolbar.go:88');
    await panel.press('p');
    await said(panel, 'Snapshot 2 taken, 1,204 handles');
    await panel.click('.handles-bar [aria-label="Mark"]');
    await panel.appears('.banner .pill.primary');
    assert.match((await panel.texts('.banner'))[0], /^Marked\. Now do in the page what may leak/);
    await evaluate(panel.session, () => {
      const { page } = globalThis.preview.fake;
      for (let click = 0; click < 3; click++) page!.make('tool', 4, 2);
      page!.drop('event', 20);
      // More, and no suspect.
      page!.make('image', 50);
    });
    await panel.click('.banner .pill.primary');
    await rowSays(panel, '−20');
    assert.deepEqual(await panel.texts(`${GRID} [role="columnheader"][aria-sort="descending"]`), ['Δ']);
    const rows = await cells(panel);
    assert.deepEqual(rows[0].slice(1, 3), ['264', '+50']);
    const [group, value] = [rows[1], rows[2]];
    assert.deepEqual([group[1], group[2], value[4]], ['328', '+12', 'new']);
    assert.equal(rows.at(-1)?.[2], '−20');
    // What went left its slots, and 62 others came.
    assert.equal((await panel.texts('.total:last-child'))[0].replaceAll(/\s+/g, ' '), 'Slots 1,246 0 free');
    assert.match(
      (await panel.texts('.banner'))[0],
      /^\+42 handles since snapshot 3\. \+12 from toolbar\.go:88\. Each call of main\.\(\*App\)\.onClick makes 4\./,
    );
    await panel.click('.banner-words > .link:last-of-type');
    await waitFor(panel.session, () => !/since snapshot/.test(document.querySelector('.banner')?.textContent ?? ''));
    await panel.click('.handles-bar [title="Snapshot"]');
    await panel.appears('[role="option"]');
    assert.equal((await panel.texts('[role="option"]')).length, 4);
    await panel.click('[role="presentation"]:last-child > [role="option"]');
    await waitFor(panel.session, () => document.querySelector('.total b')?.textContent === '1,204');
    assert.match((await panel.texts('.handles-bar'))[0], /Snapshot 1/);
  });
});

test('what takes longer than one notices has a bar below the toolbar, and nothing else has', async () => {
  await withPreview('state=handles-many&tab=handles', async (panel) => {
    await rowSays(panel, 'layer.go:231');
    const bars = '.tabpanel > .toolbar + .loading[role="progressbar"]';
    await waitFor(panel.session, (selector) => document.querySelector(selector) === null, bars);
    // The page does not answer.
    await evaluate(panel.session, () => {
      const { target } = globalThis.preview.fake;
      const { handles } = target;
      target.handles = async (realm, question) => {
        if (question.ask === 'table') await new Promise((done) => Object.assign(globalThis, { answer: done }));
        return handles(realm, question);
      };
    });
    await panel.press('p');
    await panel.appears(bars);
    assert.equal((await panel.texts('.loading')).length, 1);
    await evaluate(panel.session, () => (globalThis as unknown as { answer(): void }).answer());
    await waitFor(panel.session, (selector) => document.querySelector(selector) === null, bars);
    await said(panel, 'Snapshot 2 taken, 100,007 handles');
    // The session has something else to do.
    await evaluate(panel.session, () => {
      const { app, fake } = globalThis.preview;
      for (let i = 0; i < 3; i++) void fake.session.handlesFile('top-3', 1, app.handles.wanted.value!, 'json');
      app.handles.group.value = 'class';
    });
    await panel.appears(bars);
    await rowSays(panel, 'PointerEvent50,000');
    await waitFor(panel.session, (selector) => document.querySelector(selector) === null, bars);
    assert.deepEqual(panel.messages, []);
  });
});

test('filter, suspects and groups; a filter that is none says so and leaves what was shown', async () => {
  await withPreview(HANDLES, async (panel) => {
    await latest(panel);
    await panel.click('.banner-words > .link:last-of-type');
    await waitFor(panel.session, (selector) => document.querySelectorAll(selector).length === 5, ROWS);
    await panel.click('.handles-bar .checkbox input');
    await rowSays(panel, 'layer.go:231');
    await panel.press('/');
    for (const letter of 'class:imagedata') await panel.press(letter);
    await waitFor(panel.session, (selector) => document.querySelectorAll(selector).length === 1, ROWS);
    assert.match((await panel.texts('.footer'))[0], /^214 of 1,204 handles/);
    for (const letter of ' age>x') await panel.press(letter);
    await panel.appears('.filter.wrong [aria-invalid="true"]');
    assert.equal((await cells(panel)).length, 1);
    await evaluate(panel.session, () => {
      globalThis.preview.app.handles.text.value = 'no such thing';
    });
    await panel.appears(`${GRID} .no-hit .link`);
    await panel.click(`${GRID} .no-hit .link`);
    await rowSays(panel, 'layer.go:231');
    await panel.click('.handles-bar [title="Group by"]');
    await panel.appears('[role="option"]');
    await panel.click('[role="presentation"]:nth-child(2) > [role="option"]');
    await rowSays(panel, 'PointerEvent342');
    const groups = (await cells(panel)).map(([name, count]) => `${name} ${count}`);
    assert.deepEqual(
      groups.filter((one) => !one.endsWith(' 1')).sort(),
      [
        ...['HTMLDivElement 64', 'ImageData 214', 'OffscreenCanvas 23', 'PointerEvent 342', 'Promise 21'],
        ...['SVGElement 148', 'String 60', 'js.Func 325'],
      ].sort(),
    );
  });
});

test('where handles are made is recorded from a reload on, and no longer than is wanted', async () => {
  await withPreview('state=handles-late&tab=handles', async (panel) => {
    await rowSays(panel, 'before recording');
    const log = () =>
      evaluate(panel.session, () => JSON.parse(JSON.stringify(globalThis.preview.fake.log))) as Promise<{
        watches: string[];
        armed: string[];
        reloads: number;
      }>;
    assert.match((await panel.texts('.footer'))[0], /Created at: before recording[\s\S]*Reload to record/);
    await panel.click('.footer .deed .link');
    await panel.appears('[aria-label="Record where handles are made"][aria-pressed="true"]');
    assert.deepEqual([(await log()).armed, (await log()).reloads], [['handles on'], 1]);
    assert.match((await panel.texts('.banner'))[0], /^Recording begins with the next load\./);
    await evaluate(panel.session, () => globalThis.preview.fake.target.listener?.recorder?.('top-3'));
    await waitFor(panel.session, () => globalThis.preview.fake.log.watches.length === 1);
    await panel.press('Control+e');
    await panel.appears('[aria-label="Record where handles are made"][aria-pressed="false"]');
    assert.deepEqual((await log()).watches, ['top-3 on', 'top-3 off']);
    assert.deepEqual((await log()).armed, ['handles on', 'handles off']);
  });
});

test('tables and dumps are saved, a dump is opened, and what is none says so', async () => {
  await withPreview('state=handles-first&tab=handles', async (panel) => {
    await rowSays(panel, 'toolbar.go:88');
    await evaluate(panel.session, () => {
      const made = URL.createObjectURL;
      const saved: Blob[] = [];
      URL.createObjectURL = (blob) => {
        saved.push(blob as Blob);
        return made.call(URL, blob);
      };
      Object.assign(globalThis, { saved });
    });
    const files = () => (globalThis as unknown as { saved: Blob[] }).saved;
    const save = async (item: number) => {
      await panel.click('.handles-bar [aria-label="Export"]');
      await panel.appears('[role="menuitem"]');
      await panel.click(`[role="presentation"]:nth-child(${item}) > [role="menuitem"]`);
    };
    await save(1);
    await said(panel, 'Saved as CSV');
    await save(2);
    await said(panel, 'Saved as JSON');
    const [lines, listed] = (await evaluate(
      panel.session,
      async (files) => {
        const [csv, json] = await Promise.all(
          (globalThis as unknown as { saved: Blob[] }).saved.map((blob) => blob.text()),
        );
        return [csv.trim().split('\n').length, JSON.parse(json).handles.length + files];
      },
      0,
    )) as [number, number];
    assert.deepEqual([lines, listed], [1205, 1204]);
    await save(3);
    await said(panel, 'Dump saved');
    const give = (bad: boolean) =>
      evaluate(
        panel.session,
        (isBad) => {
          const { saved } = globalThis as unknown as { saved: Blob[] };
          const file = new File([isBad ? 'no dump' : saved[2]], `${isBad ? 'bad' : 'mine'}.godump`);
          const click = HTMLInputElement.prototype.click;
          HTMLInputElement.prototype.click = function (this: HTMLInputElement) {
            Object.defineProperty(this, 'files', { value: [file] });
            this.dispatchEvent(new Event('change'));
            HTMLInputElement.prototype.click = click;
          };
          document.querySelector<HTMLElement>('[aria-label="Open a dump"]')?.click();
        },
        bad,
      );
    await give(true);
    await waitFor(panel.session, () =>
      /bad\.godump could not be opened/.test(document.querySelector('.banner')?.textContent ?? ''),
    );
    await panel.click('.banner .link');
    await give(false);
    await panel.appears('.opened');
    await rowSays(panel, 'toolbar.go:88');
    assert.equal((await panel.texts('.opened'))[0], 'mine.godump');
    assert.match((await panel.texts('.footer'))[0], /Opened from mine\.godump/);
    // A dump is no page: nothing of it can be logged or stored.
    await panel.appears('.frames li');
    assert.deepEqual(await panel.texts('.value-deeds'), []);
    await panel.click('[aria-label="Close mine.godump"]');
    await waitFor(panel.session, () => document.querySelector('.opened') === null);
    await rowSays(panel, 'toolbar.go:88');
    assert.deepEqual(panel.messages, []);
    assert.equal(typeof files, 'function');
  });
});

test('Alt+← goes back to the row and the tab before', async () => {
  await withPreview(HANDLES, async (panel) => {
    await latest(panel);
    await panel.appears('.frames li');
    await panel.click(`${ROWS}:nth-child(6)`);
    await waitFor(panel.session, () =>
      /onPointerMove/.test(document.querySelector('[data-pane="detail"] h2')?.textContent ?? ''),
    );
    await panel.click(`${ROWS}:nth-child(3)`);
    await waitFor(panel.session, () =>
      /#1202/.test(document.querySelector('[data-pane="detail"] h2')?.textContent ?? ''),
    );
    await panel.press('2');
    await panel.appears('#tab-errors[aria-selected="true"]');
    await panel.press('Alt+ArrowLeft');
    await panel.appears('#tab-handles[aria-selected="true"]');
    await panel.press('Alt+ArrowLeft');
    await waitFor(panel.session, () =>
      /onPointerMove/.test(document.querySelector('[data-pane="detail"] h2')?.textContent ?? ''),
    );
    await panel.press('Alt+ArrowRight');
    await waitFor(panel.session, () =>
      /#1202/.test(document.querySelector('[data-pane="detail"] h2')?.textContent ?? ''),
    );
  });
});

test('states say why there is nothing', async () => {
  await withPreview('state=handles-none&tab=handles', async (panel) => {
    for (const [state, title] of [
      ['handles-none', 'Go holds no JS values yet.'],
      ['none', 'No Go module on this page'],
      ['off', 'Not enabled on example.com'],
      ['missed', 'Nothing recorded yet'],
      ['handles-exited', 'paint.wasm has exited'],
      ['wasip1', 'No handles'],
    ]) {
      await panel.goto(`state=${state}&tab=handles`);
      await panel.appears('.empty h2');
      await waitFor(panel.session, (wanted) => document.querySelector('.empty h2')?.textContent === wanted, title);
    }
    await panel.goto('state=handles-unread&tab=handles');
    await panel.appears('.part-failed .link');
    assert.match((await panel.texts('.part-failed'))[0], /^The handles could not be read\. The page does not answer\./);
    assert.match((await panel.texts('.part-failed'))[0], /Try again/);
    await panel.goto('state=handles-was&tab=handles');
    await panel.appears('.handles.stale');
    await rowSays(panel, 'toolbar.go:88');
    assert.match(
      (await panel.texts('.banner'))[0],
      /^The program has exited: its table is gone\. What is shown was read before\./,
    );
    assert.equal(((await asked(panel)) as string[]).filter((ask) => ask === 'counts').length, 0);
    await panel.goto('state=loading&tab=handles');
    await panel.appears('.handles-bar');
    assert.match((await panel.texts('.content'))[0], /^Waiting until paint\.wasm is read/);
  });
});

test('text of the page is text, in one line, whatever it holds', async () => {
  await withPreview('state=handles-hostile&tab=handles', async (panel) => {
    await rowSays(panel, '<b>Get</b>');
    await evaluate(panel.session, () => globalThis.preview.app.handles.openAll());
    await rowSays(panel, 'two lines');
    assert.deepEqual(await panel.texts('.handles img, .handles .grid-row b b'), []);
    const wide = await evaluate(
      panel.session,
      () =>
        [...document.querySelectorAll('.handles .grid-row')].filter((row) => row.getBoundingClientRect().height > 22)
          .length,
    );
    assert.equal(wide, 0);
    assert.deepEqual(panel.messages, []);
  });
});

test('narrow: one column, four columns of the table, nothing wider than the window', async () => {
  await withPreview(HANDLES, async (panel) => {
    await panel.resize(460, 900);
    await panel.appears('.handles.column');
    await rowSays(panel, 'toolbar.go:88');
    assert.deepEqual(await panel.texts(`${GRID} [role="columnheader"]`), [
      ...['Created at / value', 'Handles', 'Growth', 'State'],
    ]);
    assert.deepEqual(await panel.texts('.total-name'), ['Handles', 'js.Func']);
    assert.deepEqual(await panel.texts('.total .offscreen'), ['1,204 slots, 0 free']);
    await panel.click('.handles-bar .popup-button');
    await panel.appears('[role="option"]');
    assert.deepEqual(await panel.texts('.popup-group'), ['Show', 'Compare', 'Group by', 'Counters']);
    await panel.press('Escape');
    for (const [width, columns] of [
      [420, 4],
      [600, 8],
      [760, 5],
      [1000, 5],
      [1100, 10],
      [1400, 10],
    ]) {
      await panel.resize(width, 800);
      await waitFor(panel.session, ([selector, wanted]) => document.querySelectorAll(selector).length === wanted, [
        `${GRID} [role="columnheader"]`,
        columns,
      ] as const);
      const wide = await evaluate(panel.session, () => {
        const { clientWidth } = document.documentElement;
        return [...document.querySelectorAll('.handles *, .handles-bar *, .banner *')]
          .filter((each) => each.getBoundingClientRect().right > clientWidth + 1 && !each.closest('svg, .offscreen'))
          .map((each) => `${each.tagName} ${each.className}`);
      });
      assert.deepEqual(wide, [], `${width}`);
    }
  });
});

test('each control has a name, and roles are those of a toolbar, a tree grid and a picture', async () => {
  await withPreview(HANDLES, async (panel) => {
    await latest(panel);
    assert.deepEqual(await nameless(panel.session), []);
    for (const selector of [
      '[role="tab"][aria-label="Handles"][aria-selected="true"][aria-describedby="handles-badge"]',
      '[role="toolbar"][aria-label="Handles"]',
      '[role="treegrid"][aria-label="Handles"][aria-rowcount][aria-activedescendant]',
      '[role="group"][aria-label="Totals"]',
      '[role="img"][aria-label^="Handles in the last 3 minutes:"]',
    ]) {
      assert.equal((await panel.texts(selector)).length, 1, selector);
    }
    assert.deepEqual(await panel.texts('#handles-badge .offscreen'), ['leak suspect']);
  });
});

test('text is readable in both themes', async () => {
  await withPreview(`${HANDLES}&theme=dark`, async (panel) => {
    await latest(panel);
    assert.deepEqual(await readable(panel), { dark: true, poor: [] });
    await evaluate(panel.session, () => globalThis.preview.fake.setTheme('light'));
    assert.deepEqual(await readable(panel), { dark: false, poor: [] });
    await panel.goto('state=handles-was&tab=handles');
    await rowSays(panel, 'toolbar.go:88');
    assert.deepEqual(await readable(panel), { dark: false, poor: [] });
  });
});
