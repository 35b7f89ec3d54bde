/** Plays the content script for handles.js in the page's own world: asks, and counts what is answered. */
import type { HandlesHears, HandlesSays } from '../../../src/protocol/handles';
import { HANDLES_PORT, offerPort } from '../../../src/protocol/handshake';

declare global {
  interface Window {
    /** About the first program, if the question does not say otherwise. @returns null where handles.js is not there */
    askHandles: (question: object) => Promise<HandlesSays | null>;
    answers: number;
  }
}

let port: MessagePort | null = null;
const pending: ((said: HandlesSays) => void)[] = [];
window.answers = 0;
window.askHandles = (asked) => {
  port ??= offerPort(document, HANDLES_PORT);
  if (!port) return Promise.resolve(null);
  port.onmessage ??= ({ data }: MessageEvent<HandlesSays>) => {
    window.answers++;
    pending[data.answer](data);
  };
  const question = { instance: 1, options: { funcs: null, numgc: 0 }, ...asked } as HandlesHears['question'];
  const id = pending.length;
  port.postMessage({ id, question } satisfies HandlesHears);
  return new Promise((resolve) => pending.push(resolve));
};
