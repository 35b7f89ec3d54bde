/**
 * The recorder's end of the wire to the content script. Orders come in, batches go out; nothing waits here. Knows the
 * messages, not what they mean.
 */
import { RECORD_FLUSH, RECORD_FLUSHED, RECORD_PORT } from '../../protocol/handshake';
import type { RecordBatch, RecorderHears, RecorderSays, RecordOptions } from '../../protocol/recording';
import {
  addEventListener,
  bufferOf,
  byteLengthOf,
  defineProperty,
  getOwnPropertyDescriptor,
  native,
  pristine,
} from '../pristine';

const [postMessage, start] = pristine(MessagePort, 'postMessage', 'start') as [
  (port: MessagePort, message: RecorderSays | null, transfer: Transferable[]) => void,
  (port: MessagePort) => void,
];
const [dispatchEvent] = pristine(EventTarget, 'dispatchEvent');
const PristineMessageEvent = MessageEvent;
const PristineMessageChannel = MessageChannel;
const [port1Of, port2Of] = pristine(PristineMessageChannel, 'port1', 'port2');
const { iterator } = Symbol;

/** Smaller ones are copied sooner than handed over. */
const HANDED_OVER = 4096;

export interface RecorderLink {
  post(batch: RecordBatch): void;
  /** Listens again, in case `document.open` took the listeners away; no effect if it did not. */
  again(): void;
}

/**
 * @param record is told of each order
 * @param track is told when Chrome's Performance panel begins and ends to record
 * @param flush gives all that is left, now, to the function it gets; nothing can be said afterwards
 */
export function linkRecorder(
  record: (options: RecordOptions | null) => void,
  track: (on: boolean) => void,
  flush: (say: (batch: RecordBatch) => void) => void,
): RecorderLink {
  let port: MessagePort | undefined;
  const offered = (event: Event) => {
    try {
      if (port) return;
      port = (native(event, 'ports') as MessagePort[])[0];
      native(event, 'preventDefault');
      addEventListener(port, 'message', (message: Event) => {
        try {
          const heard = native(message, 'data') as RecorderHears;
          const told = getOwnPropertyDescriptor(heard, 'track');
          if (told) track(told.value);
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
  const gone = () => {
    try {
      flush((data) =>
        dispatchEvent(
          document,
          new PristineMessageEvent(RECORD_FLUSHED, { __proto__: null, data } as MessageEventInit),
        ),
      );
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
      if (port) postMessage(port, { batch }, handedOver(batch));
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
    postMessage(port2Of(channel), null, pristineList([]));
  };
}

/** Buffers that need not be copied. */
function handedOver({ stacks, entries, receivers, counts, events, times }: RecordBatch): Transferable[] {
  const list: ArrayBuffer[] = [];
  const put = (column: Int32Array | Float64Array) => {
    if (byteLengthOf(column) > HANDED_OVER) list[list.length] = bufferOf(column);
  };
  put(stacks);
  put(entries);
  put(receivers);
  put(counts);
  put(events);
  put(times);
  return pristineList(list);
}

/** A list that does not ask the page for its iterator. */
function pristineList(list: ArrayBuffer[]): Transferable[] {
  let at = 0;
  const next = () => ({ __proto__: null, done: at === list.length, value: list[at++] });
  const value = () => ({ __proto__: null, next });
  defineProperty(list, iterator, { __proto__: null, value } as PropertyDescriptor);
  return list;
}
