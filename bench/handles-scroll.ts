/**
 * Scrolling the Handles tab's table with 100,000 rows, in headless Chromium: what the panel's thread computes from a turn of the wheel until
 * the rows that it brings into sight stand there with what they say. Counted in the thread's own processor time, as in timeline.ts. The
 * panel is the preview's, with the session in a worker as in DevTools.
 */
import { evaluate, launch, type Session, waitFor } from '../tools/browser.mjs';
import { servePreview } from '../tools/preview.mjs';
import type { Figure } from './figure';

const HANDLES = 100_000;
/** The ids that every program has stand last. */
const ROWS = HANDLES + 7;
const ROW = 20;

/** Turns of the wheel in CSS pixels, one after another: notches, a fast wheel, a flick over screens, across the whole table and back. */
const TURNS = [
  ...Array<number>(40).fill(100),
  ...Array<number>(40).fill(300),
  ...Array<number>(40).fill(-120),
  ...Array<number>(40).fill(1000),
  ...Array<number>(30).fill(4000),
  ...Array<number>(20).fill(40_000),
  ...[ROWS * ROW, -ROWS * ROW, 1_000_000, -700_000, 333_333, -150_000],
  ...Array<number>(24).fill(-20_000),
];

export const handlesScroll: Figure = {
  name: 'handles-scroll',
  what: 'table of 100,000 handles: work per turn of the wheel until its rows are drawn, 95th percentile',
  allowed: 16,
  bound: 'most',
  unit: 'ms',
  async measure() {
    const server = await servePreview();
    const browser = await launch({ extension: null });
    try {
      const { session, goto } = await browser.openPage('about:blank');
      await session.send('Emulation.setDeviceMetricsOverride', {
        ...{ width: 1200, height: 800, deviceScaleFactor: 1, mobile: false },
      });
      await goto(`${server.url}?state=handles-many&tab=handles`);
      await waitFor(session, () => (globalThis.preview?.app.handles.view.value?.total ?? 0) > 0);
      await evaluate(session, () => {
        globalThis.preview.app.handles.group.value = 'none';
      });
      await waitFor(session, (rows) => globalThis.preview.app.handles.view.value?.rows === rows, ROWS);
      await session.send('Performance.enable', { timeDomain: 'threadTicks' });
      await rowsAreThere(session);
      const times: number[] = [];
      let [drawn, frames] = [0, 0];
      for (const turn of TURNS) {
        const before = await computed(session);
        await session.send('Input.dispatchMouseEvent', { type: 'mouseWheel', x: 300, y: 500, deltaX: 0, deltaY: turn });
        const seen = await rowsAreThere(session);
        times.push((await computed(session)) - before);
        drawn += seen.rows;
        frames += seen.frames;
      }
      const sorted = times.sort((a, b) => a - b);
      const at = (share: number) => sorted[Math.floor(sorted.length * share)];
      const told = `median ${at(0.5).toFixed(1)} ms, 95 % ${at(0.95).toFixed(1)} ms, most ${sorted[sorted.length - 1].toFixed(1)} ms`;
      return {
        value: at(0.95),
        details: `${told}; ${times.length} turns of 100 to ${Math.max(...TURNS).toLocaleString('en')} pixels in ${frames} frames, ${(drawn / times.length).toFixed(0)} rows in sight`,
      };
    } finally {
      await browser.close();
      server.close();
    }
  },
};

/** Milliseconds that the page's thread has computed. */
async function computed(session: Session): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics as { name: string; value: number }[]).find(({ name }) => name === 'TaskDuration')!.value * 1000;
}

/** @returns how many rows are in sight, and the frames that it took until all of them said what they should */
async function rowsAreThere(session: Session): Promise<{ rows: number; frames: number }> {
  const { wrong, ...seen } = (await evaluate(session, look, [HANDLES, ROW] as const)) as Awaited<
    ReturnType<typeof look>
  >;
  if (wrong !== '') throw new Error(`after ${seen.frames} frames: ${wrong}`);
  return seen;
}

/** In the page: waits, a frame at a time, until each row in sight is the right one, with its cells. */
async function look([handles, height]: readonly [number, number]) {
  const view = document.querySelector('.handles .view') as HTMLElement;
  const shown = Math.floor((view.clientHeight - 22) / height);
  // Newest first; behind the handles the ids that every program has, which nobody made.
  const idAt = (index: number) => (index < handles ? handles + 6 - index : handles + 6 - index);
  let wrong = '';
  for (let frame = 1; frame <= 120; frame++) {
    await new Promise<void>((done) => requestAnimationFrame(() => setTimeout(done)));
    const first = Math.floor(view.scrollTop / height);
    const rows = new Map(
      [...document.querySelectorAll('.handles .windowed [role="row"]')].map((row) => [
        row.getAttribute('aria-rowindex'),
        row,
      ]),
    );
    wrong = '';
    for (let i = first; i < first + shown && wrong === ''; i++) {
      const [id, type, preview] = [...(rows.get(`${i + 2}`)?.children ?? [])].map((cell) => cell.textContent ?? '');
      if (id !== `#${idAt(i)}` || !type || !preview) wrong = `row ${i} says ${id}, ${type}, ${preview}`;
    }
    if (wrong === '') return { wrong, rows: shown, frames: frame };
  }
  return { wrong, rows: 0, frames: 120 };
}
