/** The hook's end of the wire alone, for a test to speak into, and the other end, to be taken up when the test says so. */
import { link } from '../../../src/hook/link';
import { offerPort } from '../../../src/protocol/handshake';
import type { HookEvent, HookSays } from '../../../src/protocol/messages';

const emit = link([]);
const heard: HookEvent[] = [];

declare global {
  var wire: { emit: typeof emit; heard: HookEvent[]; listen(): boolean };
}

globalThis.wire = {
  emit,
  heard,
  /** @returns whether the hook took the port */
  listen() {
    const port = offerPort(document);
    if (!port) return false;
    port.onmessage = ({ data }: MessageEvent<HookSays>) => {
      if ('event' in data) heard.push(data.event);
    };
    return true;
  },
};
