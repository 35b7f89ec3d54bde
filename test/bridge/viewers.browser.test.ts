/** What we write for other viewers, opened by them: speedscope by its own importer, Chrome's trace viewer as DevTools' Performance panel. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { readProfile } from '../../src/bridge/profile';
import { speedscopeJson } from '../../src/bridge/speedscope';
import { traceJson } from '../../src/bridge/trace';
import { Program } from '../../src/program';
import { evaluate, launch, waitFor } from '../../tools/browser.mjs';
import { serve } from '../../tools/serve.mjs';
import { tiny } from '../go/tiny';
import { captureOf } from './captures';

/** A call in DevTools' model of a trace, as far as it is asked here; read and tried with Chromium 156. */
interface Node {
  entry: { name: string; ts: number; dur: number };
  children: Node[];
}
interface Thread {
  name: string;
  tree: { roots: Set<Node> };
}
/** DevTools' TimelinePanel. */
declare const panel: {
  hasActiveTrace(): boolean;
  model: {
    parsedTrace(index: number): { data: { Renderer: { processes: Map<number, { threads: Map<number, Thread> }> } } };
  };
};
const root = process.env.GOWASM_ROOT ?? '.';
const capture = captureOf(
  [
    { operation: 'run', calls: 1, totalMs: 20, selfMs: 12 },
    { operation: 'syscall/js.valueGet', target: 'x', pcs: [0x1000_0004], calls: 1071, totalMs: 6, timed: 2 },
    { operation: 'callback', pcs: [0x1001_0000], calls: 1, totalMs: 8, selfMs: 6 },
  ],
  [
    [2, 2, 0, 103, 105],
    [2, 2, 0, 105, 109],
    [3, 1, 0, 102, 110],
    [1, 0, 0, 100, 120],
  ],
);
const profile = readProfile(capture, new Program(tiny().bytes));

test('speedscope shows the calls of each operation, and the lines they come from', async () => {
  const told = JSON.parse([...speedscopeJson(capture, profile, 'main.wasm')].join(''));
  const overrides = { '/calls.json': { body: JSON.stringify({ ...told, activeProfileIndex: 0 }) } };
  const server = await serve({ folder: join(root, 'node_modules/speedscope/dist/release'), overrides });
  const browser = await launch({ extension: null });
  try {
    const page = await browser.openPage(`${server.origin}/index.html#profileURL=/calls.json&view=sandwich`);
    const rows = await waitFor(page.session, () => {
      const found = [...document.querySelectorAll('tr')].map((row) => row.innerText.replace(/\s+/g, ' ').trim());
      return found.includes('1 (0.09%) 1 (0.09%) run') ? found : null;
    });
    assert.ok(rows);
    assert.equal(await evaluate(page.session, () => document.title), 'main.wasm - speedscope');
    for (const row of [/^1 ?calls ?1,073$/, /^2 ?time ?3\.23s$/, /^4 ?timeline ?20\.00ms$/]) {
      assert.ok(
        rows.some((one) => row.test(one)),
        `${row} in ${rows}`,
      );
    }
    // Total, self, name.
    for (const row of ['1,071 (>99%) 1,071 (>99%) valueGet "x"', '1,071 (>99%) 0 (<0.01%) main.small']) {
      assert.ok(rows.includes(row), `${row} in ${rows}`);
    }
  } finally {
    await browser.close();
    await server.close();
  }
});

test('DevTools’ Performance panel opens the trace, calls nested', async () => {
  const json = [...traceJson(capture, profile, 'main.wasm')].join('');
  const browser = await launch({ extension: null });
  try {
    const page = await browser.openPage('about:blank');
    const { frontEnd } = await page.openDevTools();
    await evaluate(
      frontEnd,
      async (text) => {
        const bundled = 'devtools://devtools/bundled';
        const { TimelinePanel } = await import(`${bundled}/panels/timeline/timeline.js`);
        const { ViewManager } = await import(`${bundled}/ui/legacy/legacy.js`);
        await ViewManager.ViewManager.instance().showView('timeline');
        const panel = TimelinePanel.TimelinePanel.instance();
        Object.assign(globalThis, { panel });
        await panel.loadFromFile(new File([text], 'trace.json', { type: 'application/json' }));
      },
      json,
    );
    const threads = await waitFor(frontEnd, () => {
      if (!panel.hasActiveTrace()) return null;
      const spell = ({ entry, children }: Node): string =>
        `${entry.name} ${entry.ts}+${entry.dur}${children.length > 0 ? ` (${children.map(spell).join(', ')})` : ''}`;
      const { processes } = panel.model.parsedTrace(0).data.Renderer;
      return [...processes.values()].flatMap((one) =>
        [...one.threads.values()].map(({ name, tree }) => [name, ...[...tree.roots].map(spell)]),
      );
    });
    const gets = 'valueGet "x" 103000+2000, valueGet "x" 105000+4000';
    assert.deepEqual(threads, [['main.wasm', `run 100000+20000 (callback 102000+8000 (${gets}))`]]);
  } finally {
    await browser.close();
  }
});
