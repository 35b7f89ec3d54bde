/**
 * The panel's preview in headless Chromium, and what its thread computes: counted in the thread's own processor time, which other programs do
 * not lengthen; on an idle machine it is no shorter than the time on the wall.
 */
import { launch } from '../tools/browser.mjs';
import type { Session } from '../tools/cdp.mjs';
import { servePreview } from '../tools/preview.mjs';

/** @param state the preview's query @param use ends before the browser does */
export async function withPreview<T>(
  size: { width: number; height: number },
  state: string,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const server = await servePreview();
  const browser = await launch({ extension: null });
  try {
    const { session, goto } = await browser.openPage('about:blank');
    await session.send('Emulation.setDeviceMetricsOverride', { ...size, deviceScaleFactor: 1, mobile: false });
    await goto(`${server.url}?${state}`);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    return await use(session);
  } finally {
    await browser.close();
    server.close();
  }
}

/** Milliseconds that the page's thread has computed since it began. */
export async function computed(session: Session): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics as { name: string; value: number }[]).find(({ name }) => name === 'TaskDuration')!.value * 1000;
}

/** @returns the 95th percentile, and in words where times lie */
export function spread(times: number[]): { value: number; told: string } {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  const told = `median ${at(0.5).toFixed(1)} ms, 95 % ${at(0.95).toFixed(1)} ms, most ${at(1).toFixed(1)} ms`;
  return { value: at(0.95), told };
}
