/** From the hidden page of a DevTools window to its panel: what became of the source maps. Both are pages of the extension. */
import type { Attached } from './attached';

type Message = { ask: true } | { attached: Attached };

const channel = (tab: number) => new BroadcastChannel(`gowasm sourcemap ${tab}`);

/** @returns tells the panels that listen, and repeats it for those that open later; and forgets, at a new load */
export function tellNews(tab: number): { tell(attached: Attached): void; forget(): void } {
  const port = channel(tab);
  const latest = new Map<string, Attached>();
  port.onmessage = ({ data }: MessageEvent<Message>) => {
    if ('ask' in data) for (const attached of latest.values()) port.postMessage({ attached } satisfies Message);
  };
  return {
    tell(attached) {
      latest.set(attached.url, attached);
      port.postMessage({ attached } satisfies Message);
    },
    forget: () => latest.clear(),
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
