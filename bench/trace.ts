/** What the main thread of a page computes, task by task, in its own time: other programs' work does not lengthen it. */
import type { Browser } from '../tools/browser.mjs';

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  ts: number;
  tdur?: number;
}

/** @returns ends it, and gives the milliseconds of each task of the page's main thread after its mark `measured` */
export async function startTrace({ cdp }: Browser): Promise<() => Promise<number[]>> {
  const events: TraceEvent[] = [];
  let complete = () => {};
  const stop = cdp.listen(({ method, params }) => {
    if (method === 'Tracing.dataCollected') events.push(...params.value);
    if (method === 'Tracing.tracingComplete') complete();
  });
  await cdp.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', 'blink.user_timing'] },
  });
  return async () => {
    const completed = new Promise<void>((resolve) => {
      complete = resolve;
    });
    await cdp.send('Tracing.end');
    await completed;
    stop?.();
    const mark = events.find(({ name }) => name === 'measured');
    if (!mark) throw new Error('the trace has no mark');
    return events
      .filter(({ name, pid, tid, ts }) => /RunTask$/.test(name) && pid === mark.pid && tid === mark.tid && ts > mark.ts)
      .map(({ tdur = 0 }) => tdur / 1000);
  };
}
