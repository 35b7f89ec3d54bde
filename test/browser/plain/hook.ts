/** Stands in for the page hook where only the way to the panel is tested: says what the test makes it say. */
import { PORT } from '../../../src/protocol/handshake';

let port: MessagePort | undefined;
let seq = 0;
const waiting: object[] = [];
const post = (message: object) => (port ? port.postMessage(message) : waiting.push(message));

document.addEventListener(PORT, (event) => {
  if (port) return;
  event.preventDefault();
  const taken = (event as MessageEvent).ports[0];
  port = taken;
  taken.onmessage = ({ data: { id, question } }) => {
    const how = (globalThis as { answers?: string }).answers;
    if (how === 'never') return;
    if (how === 'no') taken.postMessage({ answer: id, blob: null, url: '' });
    else if (how?.startsWith('http')) taken.postMessage({ answer: id, url: how });
    else taken.postMessage({ answer: id, blob: new Blob([new Uint8Array([0, 97, 115, 109, question.instance])]) });
  };
  for (const message of waiting.splice(0)) taken.postMessage(message);
});
Object.assign(globalThis, {
  /** Says that error `of` happened again: the smallest event. @returns its seq */
  say(of: number) {
    post({ event: { type: 'again', seq: ++seq, of, count: 1, at: Date.now() } });
    return seq;
  },
  sayRaw: (message: object) => post(message),
});
