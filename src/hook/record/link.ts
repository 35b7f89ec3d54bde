/**
 * The recorder's end of the wire to the content script. Orders come in, batches go out, and are kept until they have come; scripts of ours
 * that come later are shown the programs. Knows the messages, not what they mean.
 */

import type { WatchOptions } from '../../protocol/handles';
import { RECORD_FLUSH, RECORD_FLUSHED, RECORD_PORT } from '../../protocol/handshake';
import type { RecordBatch, RecorderHears, RecorderSays, RecordOptions } from '../../protocol/recording';
import { add, addEventListener, getOwnPropertyDescriptor, native, pristine, take } from '../pristine';
import { listOf } from './pristine';
import type { RecordedProgram } from './program';

const [postMessage, start] = pristine(MessagePort, 'postMessage', 'start') as [
  (port: MessagePort, message: RecorderSays | null, transfer: Transferable[]) => void,
  (port: MessagePort) => void,
];
const [dispatchEvent] = pristine(EventTarget, 'dispatchEvent');
const PristineMessageEvent = MessageEvent;
const PristineMessageChannel = MessageChannel;
const [port1Of, port2Of] = pristine(PristineMessageChannel, 'port1', 'port2');

enum Most {
  /** Batches that were sent, and not heard of as received: 4 MB. */
  Sent = 64,
}

export interface RecorderLink {
  post(batch: RecordBatch): void;
  /** Listens again, in case `document.open` took the listeners away; no effect if it did not. */
  again(): void;
}

/**
 * @param record is told of each order
 * @param track is told when Chrome's Performance panel begins and ends to record
 * @param flush gives all that is left, now, to the function it gets; nothing can be said afterwards
 * @param watch is told of each order to watch who makes handles
 * @param programs those that run
 */
export function linkRecorder(
  record: (options: RecordOptions | null) => void,
  track: (on: boolean) => void,
  flush: (say: (batch: RecordBatch) => void) => void,
  watch: (options: WatchOptions | null) => void,
  programs: RecordedProgram[],
): RecorderLink {
  let port: MessagePort | undefined;
  /** Said, and perhaps still on its way: a page that goes takes what is on its way with it, and it is said once more. */
  const sent: RecorderSays[] = [];
  let number = 0;
  const offered = (event: Event) => {
    try {
      const show = native(event, 'data') as ((programs: RecordedProgram[]) => void) | null;
      if (show) return show(programs);
      if (port) return;
      port = (native(event, 'ports') as MessagePort[])[0];
      native(event, 'preventDefault');
      addEventListener(port, 'message', (message: Event) => {
        try {
          const heard = native(message, 'data') as RecorderHears;
          const watched = getOwnPropertyDescriptor(heard, 'watch');
          const told = getOwnPropertyDescriptor(heard, 'track');
          const received = getOwnPropertyDescriptor(heard, 'received');
          if (watched) watch(watched.value);
          else if (told) track(told.value);
          else if (received) while (sent.length > 0 && sent[0].number <= received.value) take(sent, 0);
          else record((heard as { record: RecordOptions | null }).record);
        } catch {
          // Nothing of ours must reach the page.
        }
      });
      start(port);
    } catch {
      // An event of the page's own, without a port.
    }
  };
  const sayNow = (data: RecorderSays) =>
    dispatchEvent(document, new PristineMessageEvent(RECORD_FLUSHED, { __proto__: null, data } as MessageEventInit));
  const gone = () => {
    try {
      for (let i = 0; i < sent.length; i++) sayNow(sent[i]);
      flush((batch) => sayNow({ batch, number: ++number }));
    } catch {
      // As above.
    }
  };
  const again = () => {
    addEventListener(document, RECORD_PORT, offered);
    addEventListener(document, RECORD_FLUSH, gone);
  };
  again();
  return {
    again,
    post(batch) {
      if (!port) return;
      const said = { batch, number: ++number };
      add(sent, said, Most.Sent);
      postMessage(port, said, listOf([]));
    },
  };
}

/**
 * @returns calls `work` in a turn of its own, soon: what else the page has to do comes between. Of a timer browsers make four
 *   milliseconds after some turns
 */
export function turns(work: () => void): () => void {
  let channel: MessageChannel | undefined;
  return () => {
    if (!channel) {
      channel = new PristineMessageChannel();
      addEventListener(port1Of(channel), 'message', work);
      start(port1Of(channel));
    }
    postMessage(port2Of(channel), null, listOf([]));
  };
}
