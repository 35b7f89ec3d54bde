/** The Bridge tab in a real browser: what it shows of a made-up recording, and how one moves in it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Capture } from '../../src/bridge/capture';
import { findingsOf } from '../../src/bridge/findings';
import { readProfile } from '../../src/bridge/profile';
import type { Program } from '../../src/program';
import { evaluate, waitFor } from '../../tools/browser.mjs';
import { paint, paintRecording } from '../bridge/made';
import { readable } from './preview/contrast';
import { nameless } from './preview/names';
import { type Panel, withPreview } from './preview/open';

const BRIDGE = 'state=bridge&tab=bridge';
const grid = '[aria-label="Operations"]';
const row = (name: string) => `[aria-label="${name}"] .windowed [role="row"]`;

/** Cells of all rows of a table. */
async function cells(panel: Panel, name: string): Promise<string[][]> {
  const rows = await evaluate(
    panel.session,
    (selector) =>
      [...document.querySelectorAll(selector)].map((each) =>
        [...each.children].map((cell) => cell.textContent?.trim() ?? ''),
      ),
    row(name),
  );
  return rows as string[][];
}

/** Moves the pointer with its button down. */
async function drag(panel: Panel, selector: string, from: [number, number], to: [number, number]): Promise<void> {
  const box = await evaluate(
    panel.session,
    (wanted) => {
      const { left, top } = document.querySelector(wanted)!.getBoundingClientRect();
      return { left, top };
    },
    selector,
  );
  const send = (type: string, [x, y]: [number, number]) =>
    panel.session.send('Input.dispatchMouseEvent', {
      ...{
        type,
        x: box.left + x,
        y: box.top + y,
        button: 'left',
        buttons: type === 'mouseReleased' ? 0 : 1,
        clickCount: 1,
      },
    });
  await send('mousePressed', from);
  await send('mouseMoved', [(from[0] + to[0]) / 2, to[1]]);
  await send('mouseMoved', to);
  await send('mouseReleased', to);
}

test('the table has the numbers of the recording, sorts, and filters', async () => {
  const capture = new Capture();
  for (const batch of paintRecording({ seed: 1, events: 30_000, every: 4 })) capture.add(batch);
  const { operations } = readProfile(capture, null);
  await withPreview(BRIDGE, async (panel) => {
    await panel.appears(row('Operations'));
    const shown = await cells(panel, 'Operations');
    assert.deepEqual(
      shown.map((one) => [one[1], one[3], one[4]]),
      operations.map(({ operation, count, selfMs }) => [
        operation,
        count.toLocaleString('en'),
        selfMs.toLocaleString('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
      ]),
    );
    assert.deepEqual(shown.find((one) => one[1] === 'callback')?.slice(0, 3), [
      'JS → Go',
      'callback',
      'main.(*App).listen.func2',
    ]);

    await panel.click(`${grid} .head [role="columnheader"]:nth-child(4) button`);
    await panel.appears(`${grid} .head [role="columnheader"]:nth-child(4)[aria-sort="descending"]`);
    const counts = (await cells(panel, 'Operations')).map((one) => Number(one[3].replaceAll(',', '')));
    assert.deepEqual(
      counts,
      [...counts].sort((a, b) => b - a),
    );
    await panel.click(`${grid} .head [role="columnheader"]:nth-child(4) button`);
    await panel.appears(`${grid} .head [role="columnheader"]:nth-child(4)[aria-sort="ascending"]`);
    assert.deepEqual(
      (await cells(panel, 'Operations')).map((one) => Number(one[3].replaceAll(',', ''))),
      [...counts].sort((a, b) => a - b),
    );

    await panel.press('/');
    for (const letter of 'clientx') await panel.press(letter);
    await waitFor(panel.session, (selector) => document.querySelectorAll(selector).length === 1, row('Operations'));
    assert.deepEqual((await cells(panel, 'Operations'))[0].slice(1, 3), ['valueGet', 'event.clientX']);
    for (const letter of 'zz') await panel.press(letter);
    await panel.appears(`${grid} .no-hit .link`);
    await panel.click(`${grid} .no-hit .link`);
    await waitFor(panel.session, (selector) => document.querySelectorAll(selector).length > 5, row('Operations'));
    assert.deepEqual(panel.messages, []);
  });
});

test('a stretch dragged in the timeline narrows the table, and Esc gives all back', async () => {
  await withPreview(BRIDGE, async (panel) => {
    await panel.appears('.timeline canvas');
    await panel.appears(row('Operations'));
    const whole = await cells(panel, 'Operations');
    await drag(panel, '.timeline canvas', [400, 120], [500, 125]);
    await waitFor(panel.session, () => /about/.test(document.querySelector('.views .about')?.textContent ?? ''));
    const part = await cells(panel, 'Operations');
    const copies = (rows: string[][]) =>
      Number(rows.find((one) => one[1] === 'copyBytesToJS')?.[3].replaceAll(',', ''));
    const share = copies(part) / copies(whole);
    // A hundred of eleven hundred pixels.
    assert.ok(share > 0.06 && share < 0.13, `${share}`);
    assert.match((await panel.texts('.section .note'))[0], /^about/);
    await evaluate(panel.session, () => (document.querySelector('[role="application"]') as HTMLElement).focus());
    await panel.press('Escape');
    await waitFor(panel.session, () =>
      /whole recording/.test(document.querySelector('.views .about')?.textContent ?? ''),
    );
    assert.deepEqual(await cells(panel, 'Operations'), whole);
  });
});

test('the timeline is zoomed and moved by keys and the overview, and its calls are walked and read', async () => {
  await withPreview(BRIDGE, async (panel) => {
    await panel.appears('[role="application"]');
    const sight = () =>
      evaluate(panel.session, () => {
        const { sight, drawn } = globalThis.preview.app.bridge;
        const { began, now } = drawn.value!.timeline;
        return sight.value ?? { from: began, to: now };
      }) as Promise<{ from: number; to: number }>;
    const all = await sight();
    await evaluate(panel.session, () => (document.querySelector('[role="application"]') as HTMLElement).focus());
    for (const key of 'wwwwwwww') await panel.press(key);
    const near = await sight();
    assert.ok(near.to - near.from < (all.to - all.from) / 10);
    await panel.press('d');
    const moved = await sight();
    assert.ok(moved.from > near.from && Math.abs(moved.to - moved.from - (near.to - near.from)) < 0.001);
    await panel.press('-');
    assert.ok((await sight()).to - (await sight()).from > near.to - near.from);

    await panel.press('ArrowRight');
    await panel.press('ArrowDown');
    await waitFor(panel.session, () =>
      /ms/.test(document.querySelector('[role="status"].offscreen')?.textContent ?? ''),
    );
    const place = () => evaluate(panel.session, () => globalThis.preview.app.bridge.place.value);
    const inner = (await place()) as number;
    await panel.press('ArrowUp');
    assert.ok(((await place()) as number) < inner);
    await panel.press('0');
    assert.deepEqual(await sight(), all);

    await drag(panel, '.minimap', [300, 15], [420, 15]);
    const window = await sight();
    const share = (window.to - window.from) / (all.to - all.from);
    assert.ok(Math.abs(share - 0.1) < 0.01, `${share}`);
    await panel.appears('.minimap[role="slider"][aria-valuetext]');
  });
});

test('lanes beneath the calls: goroutines, cycles and memory are drawn where they were, and told', async () => {
  await withPreview(BRIDGE, async (panel) => {
    await panel.appears('.timeline canvas');
    const counted = await panel.texts('.counter');
    assert.match(counted[4], /^GC\s+\d+ cycles \d+ ms total$/);
    assert.match(counted[5], /^Switches\s+[\d,]+ [\d,]+\/s$/);
    assert.deepEqual(await panel.texts('.lane-row'), ['g1', 'g31', 'g23', 'others']);
    const told = await panel.texts('.lane .offscreen');
    assert.match(told[0], /^\d+ goroutines, g1 ran [\d,.]+ ms, g31 ran/);
    assert.match(told[1], /^\d+ cycles, last 17\.\d → 9\.\d MB$/);
    assert.match(told[2], /^At the end [\d.]+ MB of linear memory, [\d.]+ MB of heap in use$/);

    // Forty milliseconds around one cycle.
    await evaluate(panel.session, () => {
      const { sight, drawn } = globalThis.preview.app.bridge;
      const { gc } = drawn.value!.timeline;
      if (!('begins' in gc)) throw new Error(gc.why);
      sight.value = { from: gc.begins[5] - 20, to: gc.ends[5] + 20 };
    });
    const look = () =>
      evaluate(panel.session, async () => {
        const drawnNow = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        await drawnNow();
        const { sight, drawn } = globalThis.preview.app.bridge;
        const { gc, goroutines } = drawn.value!.timeline;
        if (!('begins' in gc && 'rows' in goroutines)) throw new Error('not known');
        const canvas = document.querySelector('.timeline canvas') as HTMLCanvasElement;
        const context = canvas.getContext('2d')!;
        const { from, to } = sight.value!;
        const x = (time: number) => 100 + ((time - from) / (to - from)) * (canvas.width - 100);
        const lane = (name: string) =>
          [...document.querySelectorAll<HTMLElement>('.lane')].find((each) => each.innerText.startsWith(name))!;
        const middle = (name: string) => lane(name).offsetTop + lane(name).offsetHeight / 2;
        const at = (left: number, top: number) => [
          ...context.getImageData(Math.floor(left), Math.floor(top), 1, 1).data,
        ];
        const row = document.querySelector<HTMLElement>('.lane-row')!;
        const run = goroutines.rows[0].begins.findIndex((begin) => begin > from);
        const [begin, end] = [goroutines.rows[0].begins[run], goroutines.rows[0].ends[run]];
        /** Pixels of memory's lane that are drawn in a column, from its bottom. */
        const height = (left: number) => {
          const { offsetTop, offsetHeight } = lane('Memory');
          const column = context.getImageData(Math.floor(left), offsetTop, 1, offsetHeight).data;
          let drawn = 0;
          while (drawn < offsetHeight && column[(offsetHeight - 1 - drawn) * 4 + 3] > 0) drawn++;
          return drawn;
        };
        const [opens, closes] = [x(gc.begins[5]), x(gc.ends[5])];
        const edge = canvas.getBoundingClientRect();
        return {
          caps: [at(opens + 1, middle('GC')), at(closes - 1, middle('GC'))],
          inside: at((opens + closes) / 2, middle('GC')),
          before: at(opens - 6, middle('GC')),
          runs: at((x(begin) + x(end)) / 2, row.offsetTop + 6),
          rests: at(x(begin) - 4, row.offsetTop + 6),
          heights: [height(opens - 9), height(closes + 20)],
          pointer: { x: edge.left + (opens + closes) / 2, y: edge.top + middle('GC') },
        };
      });
    const seen = (await look()) as {
      caps: number[][];
      inside: number[];
      before: number[];
      runs: number[];
      rests: number[];
      heights: [number, number];
      pointer: { x: number; y: number };
    };
    const purple = [191, 103, 255, 255];
    assert.deepEqual(seen.caps, [purple, purple]);
    assert.ok(seen.inside[3] > 60 && seen.inside[3] < 120, `${seen.inside}`);
    assert.equal(seen.before[3], 0);
    assert.ok(seen.runs[1] > seen.runs[0] * 2 && seen.runs[3] > 150, `${seen.runs}`);
    assert.equal(seen.rests[3], 0);
    // From 17 MB to 9.4 of the 30 that the lane is high.
    assert.ok(seen.heights[0] > seen.heights[1] + 10 && seen.heights[1] > 10, `${seen.heights}`);

    await panel.session.send('Input.dispatchMouseEvent', { type: 'mouseMoved', ...seen.pointer });
    await panel.appears('.slice-tooltip');
    const [tooltip] = await panel.texts('.slice-tooltip');
    assert.match(
      tooltip,
      /^GC cycle\s+[\d.]+ ms Go’s own times\s+Heap 17\.\d → 9\.\d MB\s+Paid by: (?:resume|callback)/,
    );

    const blocked = await evaluate(panel.session, async () => {
      const { sight, drawn } = globalThis.preview.app.bridge;
      const { begins, ends } = drawn.value!.timeline.long;
      sight.value = { from: begins[0] - 100, to: ends[0] + 100 };
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      const canvas = document.querySelector('.timeline canvas') as HTMLCanvasElement;
      const top = document.querySelectorAll<HTMLElement>('.lane')[1].offsetTop;
      const at = (share: number) => [
        ...canvas.getContext('2d')!.getImageData(Math.floor(100 + (canvas.width - 100) * share), top + 1, 1, 1).data,
      ];
      return [at(0.5), at(0.1)];
    });
    assert.deepEqual(blocked, [
      [220, 54, 46, 255],
      [0, 0, 0, 0],
    ]);

    await panel.goto('state=bridge-unseen&tab=bridge');
    await panel.appears('.lane-note');
    assert.deepEqual(await panel.texts('.lane-note'), new Array(3).fill('not known: linear memory was not looked at'));
    assert.match((await panel.texts('.counter'))[4], /^GC\s+– not known$/);
  });
});

test('trees open and close by keys, from the operation outward and from the outermost function in', async () => {
  await withPreview(BRIDGE, async (panel) => {
    await panel.appears(row('Called from'));
    const names = async (name: string) => (await cells(panel, name)).map((one) => one[0]);
    assert.deepEqual(
      await names('Called from'),
      [
        'canvas.(*Layer).flush layer.go:231',
        'canvas.(*View).paint view.go:77',
        'main.(*App).frame app.go:160',
        'main.main main.go:31',
        'history.(*Log).thumbnail log.go:118',
      ].map((text) => text.replace(' ', '')),
    );
    const attributes = await evaluate(
      panel.session,
      (selector) =>
        [...document.querySelectorAll(selector)].map((each) =>
          ['aria-level', 'aria-expanded', 'aria-posinset', 'aria-setsize']
            .map((name) => each.getAttribute(name))
            .join(' '),
        ),
      row('Called from'),
    );
    assert.deepEqual(attributes, ['1 true 1 1', '2 true 1 2', '3 true 1 1', '4  1 1', '2 false 2 2']);

    await panel.click('#bridge-tree');
    await panel.appears(row('Call tree'));
    const closed = await names('Call tree');
    assert.ok(closed.includes('main.main'), closed.join());
    await panel.click(`${row('Call tree')}:nth-child(${closed.indexOf('main.main') + 1})`);
    await evaluate(panel.session, () => (document.querySelector('[aria-label="Call tree"]') as HTMLElement).focus());
    await panel.press('ArrowRight');
    await waitFor(
      panel.session,
      ([selector, before]) => document.querySelectorAll(selector as string).length > (before as number),
      [row('Call tree'), closed.length] as const,
    );
    const opened = await names('Call tree');
    assert.ok(opened.includes('main.(*App).frame'));
    await panel.press('ArrowLeft');
    await waitFor(
      panel.session,
      ([selector, before]) => document.querySelectorAll(selector as string).length === before,
      [row('Call tree'), closed.length] as const,
    );

    await panel.click('.views .checkbox input');
    await waitFor(
      panel.session,
      (selector) => /^copyBytesToJS/.test(document.querySelector(selector)?.textContent ?? ''),
      row('Call tree'),
    );
    await panel.click('#bridge-sites');
    await panel.appears(row('Go call sites'));
    assert.match((await names('Go call sites'))[0], /flush/);
  });
});

test('the log has every timed call, also the last', async () => {
  await withPreview(`${BRIDGE}`, async (panel) => {
    await panel.appears('#bridge-log');
    await panel.click('#bridge-log');
    await panel.appears(row('Event log'));
    const total = await evaluate(panel.session, () => globalThis.preview.app.bridge.drawn.value!.timeline.count);
    assert.equal(
      await evaluate(panel.session, () =>
        document.querySelector('[aria-label="Event log"]')?.getAttribute('aria-rowcount'),
      ),
      String((total as number) + 1),
    );
    await evaluate(panel.session, () => (document.querySelector('[aria-label="Event log"]') as HTMLElement).focus());
    await panel.press('End');
    await waitFor(
      panel.session,
      ([selector, last]) =>
        [...document.querySelectorAll(selector as string)].some(
          (each) => each.getAttribute('aria-rowindex') === String(last) && /ms/.test(each.textContent ?? ''),
        ),
      [row('Event log'), (total as number) + 1] as const,
    );
  });
});

test('findings are there with their numbers, what to do, and a Go line that opens', async () => {
  await withPreview(BRIDGE, async (panel) => {
    await panel.appears('#bridge-findings');
    await panel.click('#bridge-findings');
    await panel.appears('.findings li');
    const capture = new Capture();
    for (const batch of paintRecording({ seed: 1, events: 30_000, every: 4 })) capture.add(batch);
    const found = findingsOf(capture, readProfile(capture, paint as unknown as Program));
    const texts = (await panel.texts('.findings li')).map((text) => text.replaceAll(/\n\s*/g, ''));
    assert.equal(texts.length, found.length);
    for (const [i, { operation, place, text, advice }] of found.entries()) {
      const said = [operation, place?.function ?? 'not known', text, advice].map((part) => texts[i].includes(part));
      assert.deepEqual(said, [true, true, true, true], texts[i]);
    }
    await panel.click('.findings li .link');
    // Sources gets it where the page's server has its text, and this one has not.
    await waitFor(panel.session, () =>
      globalThis.preview.fake.log.fetched.some((url) => /canvas\/layer\.go$/.test(url)),
    );
    assert.deepEqual(panel.messages, []);
  });
});

test('a recording is saved, and opened again; what is no recording says so', async () => {
  await withPreview(BRIDGE, async (panel) => {
    await panel.appears(row('Operations'));
    const whole = await cells(panel, 'Operations');
    await panel.click('[aria-label="Export"]');
    await panel.appears('[role="menuitem"]');
    assert.equal((await panel.texts('[role="menuitem"]')).length, 4);
    await evaluate(panel.session, () => {
      const made = URL.createObjectURL;
      URL.createObjectURL = (blob) => {
        Object.assign(globalThis, { saved: blob });
        return made.call(URL, blob);
      };
    });
    await panel.click('[role="menuitem"]');
    await waitFor(panel.session, () => 'saved' in globalThis);

    const give = (name: string) =>
      evaluate(
        panel.session,
        (wanted) => {
          const { saved } = globalThis as unknown as { saved: Blob };
          const file = new File([wanted === 'bad' ? 'no capture' : saved], `${wanted}.gobridge`);
          const click = HTMLInputElement.prototype.click;
          HTMLInputElement.prototype.click = function (this: HTMLInputElement) {
            Object.defineProperty(this, 'files', { value: [file] });
            this.dispatchEvent(new Event('change'));
            HTMLInputElement.prototype.click = click;
          };
          (document.querySelector('[aria-label="Import a recording"]') as HTMLElement).click();
        },
        name,
      );
    await give('bad');
    await panel.appears('.banner');
    assert.match(
      (await panel.texts('.banner'))[0],
      /bad\.gobridge could not be opened: expected a capture .*\.\s*Close$/,
    );
    await give('mine');
    await waitFor(panel.session, () =>
      /^mine\.gobridge: /.test(document.querySelector('.recorded')?.textContent ?? ''),
    );
    await panel.appears(row('Operations'));
    assert.deepEqual(await cells(panel, 'Operations'), whole);
    assert.deepEqual(await panel.texts('.banner'), []);
    // Clear gives the page's own recording back.
    await panel.click('[aria-label="Clear"]');
    await waitFor(panel.session, () => /^Recorded /.test(document.querySelector('.recorded')?.textContent ?? ''));
    await panel.appears(row('Operations'));
    assert.deepEqual(await cells(panel, 'Operations'), whole);
    assert.deepEqual(panel.messages, []);
  });
});

test('recording is ordered, waits for a load, and ends', async () => {
  await withPreview('state=healthy&tab=bridge', async (panel) => {
    await panel.appears('.empty .pill');
    assert.deepEqual(await panel.texts('.empty h2'), ['Record the calls between Go and JS']);
    const log = () =>
      evaluate(panel.session, () => JSON.parse(JSON.stringify(globalThis.preview.fake.log))) as Promise<{
        records: string[];
        armed: string[];
        reloads: number;
      }>;
    await panel.click('[aria-label="Record"]');
    await panel.appears('[aria-label="Record"][aria-pressed="true"]');
    assert.deepEqual(await panel.texts('.empty h2'), ['Ready to record']);
    assert.deepEqual((await log()).armed, ['bridge on']);
    await panel.click('.empty .pill.primary');
    assert.equal((await log()).reloads, 1);
    // The page is there anew, with the recorder in it.
    await evaluate(panel.session, () => globalThis.preview.fake.target.listener?.recorder?.('top-3'));
    await waitFor(panel.session, () => globalThis.preview.fake.log.records.length > 0);
    await waitFor(panel.session, () => document.querySelector('.empty h2')?.textContent === 'Recording');
    await panel.press('Control+e');
    await panel.appears('[aria-label="Record"][aria-pressed="false"]');
    assert.deepEqual((await log()).records.at(-1), 'top-3 off');
  });
});

test('states say why there is nothing, and what broke', async () => {
  await withPreview('state=bridge-empty&tab=bridge', async (panel) => {
    await panel.appears('.empty');
    assert.deepEqual(await panel.texts('.empty h2'), ['Recording']);
    for (const [state, title] of [
      ['none', 'No Go module on this page'],
      ['off', 'Not enabled on example.com'],
      ['bridge-armed', 'Ready to record'],
    ]) {
      await panel.goto(`state=${state}&tab=bridge`);
      await panel.appears('.empty h2');
      assert.deepEqual(await panel.texts('.empty h2'), [title]);
    }
    await panel.goto('state=bridge-broken&tab=bridge');
    await panel.appears('.banner');
    assert.match(
      (await panel.texts('.banner'))[0],
      /^The recording broke off\. A part of the recording did not arrive/,
    );
    await panel.appears(row('Operations'));
  });
});

test('narrow: one column, four columns of the table, nothing wider than the window', async () => {
  await withPreview(BRIDGE, async (panel) => {
    await panel.resize(420, 900);
    await waitFor(panel.session, () => document.querySelector('.bridge.column') !== null);
    await panel.appears(row('Operations'));
    assert.deepEqual(await panel.texts(`${grid} [role="columnheader"]`), [
      'Operation and target',
      'Count',
      'Self, ms',
      'Bytes',
    ]);
    for (const width of [420, 760, 1000, 1400]) {
      await panel.resize(width, 800);
      const wide = await evaluate(panel.session, () => {
        const { clientWidth } = document.documentElement;
        return [...document.querySelectorAll('.bridge *, .bridge-bar *')]
          .filter(
            (each) =>
              each.getBoundingClientRect().right > clientWidth + 1 && !each.closest('.minimap, .tabs, svg, .number'),
          )
          .map((each) => each.className);
      });
      assert.deepEqual(wide, [], `${width}`);
    }
  });
});

test('each control has a name, and roles are those of tabs, grids and a toolbar', async () => {
  await withPreview(BRIDGE, async (panel) => {
    await panel.appears(row('Operations'));
    assert.deepEqual(await nameless(panel.session), []);
    for (const selector of [
      '[role="toolbar"][aria-label="Bridge"]',
      '[role="tablist"][aria-label="Bridge views"] [role="tab"][aria-selected="true"]',
      '[role="grid"][aria-label="Operations"][aria-rowcount][aria-activedescendant]',
      '[role="treegrid"][aria-label="Called from"]',
      '[role="application"][aria-label="Timeline"]',
      '[role="group"][aria-label="Counters"]',
    ]) {
      assert.deepEqual(await panel.texts(selector).then((found) => found.length), 1, selector);
    }
  });
});

test('text is readable in both themes', async () => {
  await withPreview(`${BRIDGE}&theme=dark`, async (panel) => {
    await panel.appears(row('Operations'));
    assert.deepEqual(await readable(panel), { dark: true, poor: [] });
    await evaluate(panel.session, () => globalThis.preview.fake.setTheme('light'));
    assert.deepEqual(await readable(panel), { dark: false, poor: [] });
  });
});
