/**
 * The hook's end of the wire to the content script, which keeps the history: the port comes when the document is idle, and
 * what is said before waits for it. Answers questions about bytes. Knows the messages, not what they mean.
 */
import { PORT } from '../protocol/handshake';
import type { HookHears, HookSays } from '../protocol/messages';
import { blobOf, okOf, type Source, statusOf } from './bytes';
import { add, addEventListener, now, pristine } from './pristine';
import type { Emit } from './program';

const [postMessage, start] = pristine(MessagePort, 'postMessage', 'start');
const [dataOf, portsOf] = pristine(MessageEvent, 'data', 'ports');
const [preventDefault] = pristine(Event, 'preventDefault');
const pristineFetch = fetch;
/** Events that wait for the port; a document is not busy for so many. */
const MOST_WAITING = 500;

/**
 * Shakes hands with the content script.
 * @param sourceOf the source of an instance's module; undefined for an unknown instance
 * @returns what sends events
 */
export function link(sourceOf: (instance: unknown) => Source | undefined): Emit {
  let port: MessagePort | undefined;
  let seq = 0;
  const waiting: HookSays[] = [];
  const say = (message: HookSays) => {
    if (port) return postMessage(port, message);
    add(waiting, message, MOST_WAITING);
    // Again each time, because `document.open` takes listeners away; one that is there stays one.
    addEventListener(document, PORT, offered);
  };
  const offered = (event: Event) => {
    try {
      if (port) return;
      port = portsOf(event)[0];
      preventDefault(event);
      addEventListener(port, 'message', (message: Event) => {
        const { id, question } = dataOf(message) as HookHears;
        answer(id, sourceOf(question.instance));
      });
      start(port);
      for (let i = 0; i < waiting.length; i++) say(waiting[i]);
      waiting.length = 0;
    } catch {
      // An event of the page's own, without a port.
    }
  };
  addEventListener(document, PORT, offered);

  return (event) => {
    say({ event: { ...event, seq: ++seq, at: now() } as never });
    return seq;
  };

  async function answer(id: number, source: Source | undefined) {
    let blob: Blob | null | undefined;
    let why = 'bytes are gone';
    try {
      blob = await source?.blob;
      if (!blob && source?.url) {
        // The cache is asked first: what the page loaded is what is wanted, not what a new build put there.
        const response = await pristineFetch(source.url, { cache: 'force-cache' });
        if (okOf(response)) blob = await blobOf(response);
        else why = `HTTP ${statusOf(response)}`;
      }
    } catch (error) {
      why = `${error}`;
    }
    say({ answer: id, blob, why });
  }
}
