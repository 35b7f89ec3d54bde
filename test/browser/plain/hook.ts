/** Stands in for the page hook where only the way to the panel is tested: says what the test makes it say. */
import { awaitPort } from '../../../src/protocol/handshake';

awaitPort(document, (port) => {
  let seq = 0;
  port.onmessage = ({ data: { id, question } }) => {
    const how = (globalThis as { answers?: string }).answers;
    if (how === 'never') return;
    if (how === 'no') port.postMessage({ answer: id, why: 'no such instance' });
    else port.postMessage({ answer: id, blob: new Blob([new Uint8Array([0, 97, 115, 109, question.instance])]) });
  };
  Object.assign(globalThis, {
    /** Says that error `of` happened again: the smallest event. @returns its seq */
    say(of: number) {
      port.postMessage({ event: { type: 'again', seq: ++seq, of, count: 1, at: Date.now() } });
      return seq;
    },
    sayRaw: (message: unknown) => port.postMessage(message),
  });
});
