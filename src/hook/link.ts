/**
 * The hook's end of the wire to the content script. That comes with the first panel that looks at the page, perhaps never:
 * what is said before waits here, within bounds. Answers questions about bytes, and shows scripts of ours that come later the programs.
 * Knows the messages, not what they mean.
 */
import { PORT } from '../protocol/handshake';
import type { Capture, HookEvent, HookHears, HookSays } from '../protocol/messages';
import type { Source } from './bytes';
import { add, addEventListener, lengthOf, native, now, pristine } from './pristine';
import type { Emit, Program } from './program';

const [postMessage, start] = pristine(MessagePort, 'postMessage', 'start');

/** Of what waits for the port. */
enum Most {
  Events = 1000,
  /** Events that never give way to later ones: they hold the causes. */
  First = 100,
  /** Characters of text, and words of the stacks captured at exits: 64 MB. Those captured at errors have their own budget. */
  Room = 16000000,
}

/** What an event may hold much of. */
interface Heavy {
  output?: string;
  message?: string;
  stack?: string;
  capture?: Capture | null;
}

/** What a script of ours gets that asks for the programs. */
export interface Linked {
  id: number;
  source: Source;
  program: Program;
}

/**
 * Shakes hands with the content script.
 * @param programs of this realm, grows
 * @returns what sends events
 */
export function link(programs: Linked[]): Emit {
  let port: MessagePort | undefined;
  let seq = 0;
  let room = Most.Room;
  const waiting: HookSays[] = [];
  const say = (message: HookSays) => {
    // Again each time, because `document.open` takes listeners away; one that is there stays one.
    addEventListener(document, PORT, offered);
    if (port) return postMessage(port, message);
    add(waiting, message, Most.Events, Most.First);
  };
  const offered = (event: Event) => {
    try {
      const show = native(event, 'data') as ((programs: Linked[]) => void) | null;
      if (show) return show(programs);
      if (port) return;
      port = (native(event, 'ports') as MessagePort[])[0];
      native(event, 'preventDefault');
      addEventListener(port, 'message', (message: Event) => {
        const { id, question } = native(message, 'data') as HookHears;
        answer(id, question.instance);
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
    if (!port) {
      const { output = '', message = '', stack = '', capture } = said as Heavy;
      const size = output.length + message.length + stack.length + (capture ? lengthOf(capture.words) : 0);
      // The gap in the numbers tells that it is missing.
      if (size > room) return seq;
      room -= size;
    }
    say({ event: said });
    return seq;
  };

  async function answer(id: number, instance: unknown) {
    let source: Source | undefined;
    for (let i = 0; i < programs.length; i++) if (programs[i].id === instance) source = programs[i].source;
    let blob: Blob | null | undefined;
    try {
      blob = await source?.blob;
    } catch {
      // The body of the page's response broke off.
    }
    say({ answer: id, blob, url: source?.url });
  }
}
