/** From the hidden page of a DevTools window to its panel: what became of the source maps. Both are pages of the extension. */
import type { Attached } from './attached';

type Message = { ask: true } | { attached: Attached };

const channel = (tab: number) => new BroadcastChannel(`gowasm sourcemap ${tab}`);

/** Modules of which the latest word is kept. */
const MOST = 64;

/** @returns tells the panels that listen, and repeats it for those that open later */
export function tellNews(tab: number): (attached: Attached) => void {
  const port = channel(tab);
  const latest = new Map<string, Attached>();
  port.onmessage = ({ data }: MessageEvent<Message>) => {
    if ('ask' in data) for (const attached of latest.values()) port.postMessage({ attached } satisfies Message);
  };
  return (attached) => {
    latest.delete(attached.url);
    latest.set(attached.url, attached);
    for (const [url] of latest) if (latest.size > MOST) latest.delete(url);
    port.postMessage({ attached } satisfies Message);
  };
}

/** Calls back with what was told and with what is told from now on. @returns stop */
export function onNews(tab: number, listener: (attached: Attached) => void): () => void {
  const port = channel(tab);
  port.onmessage = ({ data }: MessageEvent<Message>) => {
    if ('attached' in data) listener(data.attached);
  };
  port.postMessage({ ask: true } satisfies Message);
  return () => port.close();
}
