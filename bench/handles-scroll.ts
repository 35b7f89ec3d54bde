/**
 * Scrolling the Handles tab's table with 100,000 handles, in headless Chromium: what the panel's thread computes from one turn of the wheel to
 * the next, the rows that came into sight drawn and looked at. A turn takes two or three frames; its work counts as if it were done in one.
 * The preview's panel has its session in a worker as DevTools has.
 */
import { evaluate, type Session, waitFor } from '../tools/browser.mjs';
import type { Figure } from './figure';
import { computed, spread, withPreview } from './preview';

const HANDLES = 100_000;
/** Behind them the seven ids that every program has. */
const ROWS = HANDLES + 7;
const ROW = 20;

const times = (count: number, pixels: number): number[] => Array(count).fill(pixels);
/** Turns of the wheel in CSS pixels: a touchpad, notches, a fast wheel to and fro, flicks over screens, leaps across the whole table. */
const TURNS = [
  ...[
    ...times(30, 30),
    ...times(40, 100),
    ...times(40, 300),
    ...times(30, -120),
    ...times(30, 1000),
    ...times(30, 4000),
  ],
  ...[...times(20, 40_000), ROWS * ROW, -ROWS * ROW, 1_000_000, -700_000, 333_333, -150_000, ...times(20, -20_000)],
];

export const handlesScroll: Figure = {
  name: 'handles-scroll',
  what: 'table of 100,000 handles: work per turn of the wheel, 95th percentile',
  allowed: 16,
  bound: 'most',
  unit: 'ms',
  async measure() {
    return withPreview({ width: 1200, height: 800 }, 'state=handles-many&tab=handles', async (session) => {
      await waitFor(session, (rows) => globalThis.preview?.app.handles.view.value?.total === rows, ROWS);
      await evaluate(session, () => {
        globalThis.preview.app.handles.group.value = 'none';
      });
      await waitFor(session, (rows) => globalThis.preview.app.handles.view.value?.rows === rows, ROWS);
      let { top, most } = await arrive(session, 0);
      const work: number[] = [];
      let [drawn, frames] = [0, 0];
      let before = await computed(session);
      for (const turn of TURNS) {
        top = Math.max(0, Math.min(most, top + turn));
        await session.send('Input.dispatchMouseEvent', { type: 'mouseWheel', x: 300, y: 500, deltaX: 0, deltaY: turn });
        const seen = await arrive(session, top);
        const now = await computed(session);
        work.push(now - before);
        before = now;
        drawn += seen.rows;
        frames += seen.frames;
      }
      const { value, told } = spread(work);
      const each = (count: number) => (count / work.length).toFixed(1);
      return {
        value,
        details: `${told}; ${work.length} turns of 30 to ${(ROWS * ROW).toLocaleString('en')} pixels, each in ${each(frames)} frames, ${each(drawn)} rows in sight`,
      };
    });
  },
};

/** Resolves when the table is scrolled to `top` and shows its rows there. @throws when it does not */
async function arrive(session: Session, top: number) {
  const seen = (await evaluate(session, look, [top, HANDLES, ROW] as const)) as Awaited<ReturnType<typeof look>>;
  if (seen.wrong !== '') throw new Error(`${seen.wrong}, ${seen.frames} frames after the wheel was turned`);
  return seen;
}

/** In the page: waits, a frame at a time, until each row in sight is there and says what it should. */
async function look([top, handles, height]: readonly [number, number, number]) {
  const view = document.querySelector('.handles .view') as HTMLElement;
  const head = (view.querySelector('.head') as HTMLElement).offsetHeight;
  const seen = { wrong: '', rows: 0, frames: 0, top, most: view.scrollHeight - view.clientHeight };
  while (seen.frames++ < 120) {
    await new Promise<void>((done) => requestAnimationFrame(() => setTimeout(done)));
    seen.wrong = view.scrollTop === top ? '' : `the table is scrolled to ${view.scrollTop} and not to ${top}`;
    if (seen.wrong !== '') continue;
    const drawn = new Map<string | null, Element>();
    for (const row of view.querySelectorAll('.windowed [role="row"]'))
      drawn.set(row.getAttribute('aria-rowindex'), row);
    // The highest is hidden by the head in part.
    const first = Math.floor(top / height);
    const end = Math.min(handles + 7, Math.ceil((top + view.clientHeight - head) / height));
    for (let i = first; i < end && seen.wrong === ''; i++) {
      const row = drawn.get(`${i + 2}`);
      const [id, type, preview] = Array.from(row?.children ?? [], ({ textContent }) => textContent ?? '');
      // Newest first. Of all rows a class is told, if nothing else.
      if (id !== `#${handles + 6 - i}` || !type || !preview || preview === '…')
        seen.wrong = `row ${i} says “${id} ${type} ${preview}”`;
    }
    seen.rows = end - first;
    if (seen.wrong === '') break;
  }
  return seen;
}
