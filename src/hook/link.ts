/**
 * The hook's end of the wire to the content script. That comes with the first panel that looks at the page, perhaps never:
 * what is said before waits here, within bounds. Answers questions about bytes. Knows the messages, not what they mean.
 */
import { PORT } from '../protocol/handshake';
import type { HookEvent, HookHears, HookSays } from '../protocol/messages';
import type { Source } from './bytes';
import { add, addEventListener, lengthOf, now, pristine } from './pristine';
import type { Emit } from './program';

const [postMessage, start] = pristine(MessagePort, 'postMessage', 'start');
const [dataOf, portsOf] = pristine(MessageEvent, 'data', 'ports');
const [preventDefault] = pristine(Event, 'preventDefault');

/** Of what waits for the port. */
enum Most {
  Events = 1000,
  /** Events that never give way to later ones: they hold the causes. */
  First = 100,
  /** In the captures of exits; those of errors have a budget of their own. 32 MB. */
  Words = 8388608,
}

/**
 * Shakes hands with the content script.
 * @param sourceOf the source of an instance's module; undefined for an unknown instance
 * @returns what sends events
 */
export function link(sourceOf: (instance: unknown) => Source | undefined): Emit {
  let port: MessagePort | undefined;
  let seq = 0;
  let words = Most.Words;
  const waiting: HookSays[] = [];
  const say = (message: HookSays) => {
    if (port) return postMessage(port, message);
    add(waiting, message, Most.Events, Most.First);
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
    const said = { ...event, seq: ++seq, at: now() } as HookEvent;
    if (!port && said.type === 'exit' && said.capture) {
      words -= lengthOf(said.capture.words);
      if (words < 0) said.capture = null;
    }
    say({ event: said });
    return seq;
  };

  async function answer(id: number, source: Source | undefined) {
    let blob: Blob | null | undefined;
    try {
      blob = await source?.blob;
    } catch {
      // The body of the page's response broke off.
    }
    say({ answer: id, blob, url: source?.url });
  }
}
