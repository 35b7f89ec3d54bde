/** Plays the content script in the page's own world: keeps what the hook says, where a test can read it. */
import { offerPort } from '../../../src/protocol/handshake';
import type { HookSays } from '../../../src/protocol/messages';

declare global {
  interface Window {
    said: HookSays[];
    askHook: (instance: number) => void;
  }
}

const port = offerPort(document);
if (port) {
  const said: HookSays[] = [];
  Object.defineProperty(window, 'said', { value: said });
  Object.defineProperty(window, 'askHook', {
    value: (instance: number) => port.postMessage({ id: instance, question: { ask: 'bytes', instance } }),
  });
  port.onmessage = ({ data }) => said.push(data);
}
