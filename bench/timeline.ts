/**
 * Drawing the Bridge tab's timeline with a million calls, in headless Chromium: what the panel's thread computes for each frame while
 * the wheel zooms and keys pan, from the event to the drawn pixels.
 */
import { evaluate, waitFor } from '../tools/browser.mjs';
import type { Figure } from './figure';
import { computed, spread, withPreview } from './preview';

const EVENTS = 1_000_000;
const FRAMES = 240;

export const timeline: Figure = {
  name: 'timeline',
  what: 'timeline with 1,000,000 calls: work per frame while panning and zooming, 95th percentile',
  allowed: 16,
  bound: 'most',
  unit: 'ms',
  async measure() {
    return withPreview({ width: 1400, height: 900 }, 'state=bridge-million&tab=bridge', async (session) => {
      await waitFor(session, () => (globalThis.preview?.app.bridge.drawn.value?.timeline.count ?? 0) >= 1_000_000);
      const times: number[] = [];
      let [widest, narrowest] = [0, Number.POSITIVE_INFINITY];
      for (let frame = 0; frame < FRAMES; frame++) {
        const before = await computed(session);
        const sight = (await evaluate(session, moveOnce, [frame, FRAMES] as const)) as number;
        times.push((await computed(session)) - before);
        widest = Math.max(widest, sight);
        narrowest = Math.min(narrowest, sight);
      }
      const { value, told } = spread(times);
      return {
        value,
        details: `${told}; ${times.length} frames, ${EVENTS.toLocaleString('en')} calls, from ${widest.toFixed(0)} ms to ${narrowest.toFixed(1)} ms in sight`,
      };
    });
  },
};

/** In the page: a wheel event or a key, and the frame that answers it. @returns milliseconds in sight then */
async function moveOnce([frame, frames]: readonly [number, number]) {
  const canvas = document.querySelector('.timeline canvas') as HTMLCanvasElement;
  const keys = document.querySelector('.timeline-keys') as HTMLElement;
  const { bridge } = globalThis.preview.app;
  // In, across, out, across; twice in the time.
  const part = Math.floor((frame / frames) * 8) % 4;
  const common = { bubbles: true, cancelable: true };
  if (part % 2 === 0) {
    const { left, width, top } = canvas.getBoundingClientRect();
    const clientX = left + width * 0.6;
    canvas.dispatchEvent(
      new WheelEvent('wheel', { ...common, deltaY: part === 0 ? -240 : 240, clientX, clientY: top + 40 }),
    );
  } else keys.dispatchEvent(new KeyboardEvent('keydown', { ...common, key: frame % 16 < 8 ? 'd' : 'a' }));
  await new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));
  // What was only ordered is drawn now.
  canvas.getContext('2d')?.getImageData(0, 0, 1, 1);
  const { began, now } = bridge.drawn.value!.timeline;
  const { from, to } = bridge.sight.value ?? { from: began, to: now };
  return to - from;
}
