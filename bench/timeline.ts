/**
 * Drawing the Bridge tab's timeline with a million calls, in headless Chromium: what the panel's thread computes for each frame while
 * the wheel zooms and keys pan, from the event to the drawn pixels. Counted in the thread's own processor time, which other
 * programs do not lengthen; on an idle machine it is no shorter than the time on the wall. The panel is the preview's.
 */
import { evaluate, launch, waitFor } from '../tools/browser.mjs';
import { servePreview } from '../tools/preview.mjs';
import type { Figure } from './figure';

const EVENTS = 1_000_000;
const FRAMES = 240;

export const timeline: Figure = {
  name: 'timeline',
  what: 'timeline with 1,000,000 calls: work per frame while panning and zooming, 95th percentile',
  allowed: 16,
  bound: 'most',
  unit: 'ms',
  async measure() {
    const server = await servePreview();
    const browser = await launch({ extension: null });
    try {
      const { session, goto } = await browser.openPage('about:blank');
      await session.send('Emulation.setDeviceMetricsOverride', {
        ...{ width: 1400, height: 900, deviceScaleFactor: 1, mobile: false },
      });
      await goto(`${server.url}?state=bridge-million&tab=bridge`);
      await waitFor(session, () => (globalThis.preview?.app.bridge.drawn.value?.timeline.count ?? 0) >= 1_000_000);
      await session.send('Performance.enable', { timeDomain: 'threadTicks' });
      const computed = async () => {
        const { metrics } = await session.send('Performance.getMetrics');
        return (metrics as { name: string; value: number }[]).find(({ name }) => name === 'TaskDuration')!.value * 1000;
      };
      const times: number[] = [];
      let [widest, narrowest] = [0, Number.POSITIVE_INFINITY];
      for (let frame = 0; frame < FRAMES; frame++) {
        const before = await computed();
        const sight = (await evaluate(session, moveOnce, [frame, FRAMES] as const)) as number;
        times.push((await computed()) - before);
        widest = Math.max(widest, sight);
        narrowest = Math.min(narrowest, sight);
      }
      const sorted = times.sort((a, b) => a - b);
      const at = (share: number) => sorted[Math.floor(sorted.length * share)];
      const told = `median ${at(0.5).toFixed(1)} ms, 95 % ${at(0.95).toFixed(1)} ms, most ${sorted[sorted.length - 1].toFixed(1)} ms`;
      return {
        value: at(0.95),
        details: `${told}; ${sorted.length} frames, ${EVENTS.toLocaleString('en')} calls, from ${widest.toFixed(0)} ms to ${narrowest.toFixed(1)} ms in sight`,
      };
    } finally {
      await browser.close();
      server.close();
    }
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
