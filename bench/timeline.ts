/**
 * Drawing the Bridge tab's timeline with a million calls, in headless Chromium: what the panel computes within each frame while
 * the wheel zooms and the arrow pans, from the event to the last pixel's order. The panel is the preview's, of made-up calls.
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
      const { times, widest, narrowest } = await evaluate(session, moveAbout, FRAMES);
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

/** In the page: a wheel event or a key for each frame. @returns milliseconds of work in each */
async function moveAbout(frames: number) {
  const canvas = document.querySelector('.timeline canvas') as HTMLCanvasElement;
  const keys = document.querySelector('.timeline-keys') as HTMLElement;
  const { bridge } = globalThis.preview.app;
  const sight = () => {
    const { began, now } = bridge.drawn.value!.timeline;
    const { from, to } = bridge.sight.value ?? { from: began, to: now };
    return to - from;
  };
  const native = globalThis.requestAnimationFrame.bind(globalThis);
  // All work of a frame: what answers the event, what preact renders, what is drawn.
  let work = 0;
  globalThis.requestAnimationFrame = (callback) =>
    native((time) => {
      const begin = performance.now();
      callback(time);
      work += performance.now() - begin;
    });
  const times: number[] = [];
  let [widest, narrowest] = [0, Number.POSITIVE_INFINITY];
  const { left, width, top } = canvas.getBoundingClientRect();
  const context = canvas.getContext('2d')!;
  for (let frame = 0; frame < frames; frame++) {
    // In, across, out, across; twice in the time.
    const part = Math.floor((frame / frames) * 8) % 4;
    const begin = performance.now();
    if (part % 2 === 0) {
      const clientX = left + width * 0.6;
      const deltaY = part === 0 ? -240 : 240;
      canvas.dispatchEvent(
        new WheelEvent('wheel', { deltaY, clientX, clientY: top + 40, bubbles: true, cancelable: true }),
      );
    } else
      keys.dispatchEvent(
        new KeyboardEvent('keydown', { key: frame % 16 < 8 ? 'd' : 'a', bubbles: true, cancelable: true }),
      );
    // The panel renders in microtasks: all of them are over when the next task begins.
    await new Promise<void>((done) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => done();
      channel.port2.postMessage(null);
    });
    work += performance.now() - begin;
    await new Promise<void>((done) => native(() => native(() => done())));
    // What was only ordered is drawn now.
    const drawing = performance.now();
    context.getImageData(0, 0, 1, 1);
    work += performance.now() - drawing;
    times.push(work);
    work = 0;
    widest = Math.max(widest, sight());
    narrowest = Math.min(narrowest, sight());
  }
  globalThis.requestAnimationFrame = native;
  return { times, widest, narrowest };
}
