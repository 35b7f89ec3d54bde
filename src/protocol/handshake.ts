/**
 * How the content script (ISOLATED world) finds the page hook (MAIN world) of its document, and the recorder, where there is one.
 *
 * Both run at document_start and listen. The content script runs when a panel looks at the page, and offers each a
 * MessagePort in a DOM event: `ports` crosses worlds because the DOM wraps each port anew in the world that reads it.
 * `preventDefault` is the receipt. What the hook had to say before waits in it. The same events with a function as their `data` come from
 * handles.js, in their own world: it gets the programs.
 *
 * The page's scripts run in between and could play either part. They would gain nothing: what the hook says is about the
 * page itself, and all that comes from it is checked as hostile (`check.ts`, `check-recording.ts`).
 */

/** Type of the MessageEvent on the document that carries the port to the hook. */
export const PORT = 'gowasm-port';
/** To the recorder. */
export const RECORD_PORT = 'gowasm-record-port';
/**
 * The document goes, and no message would arrive any more: the recorder answers this event at once with events of the second
 * type, whose `data` is a batch.
 */
export const RECORD_FLUSH = 'gowasm-record-flush';
export const RECORD_FLUSHED = 'gowasm-record-flushed';

/** To handles.js, which comes late. */
export const HANDLES_PORT = 'gowasm-handles-port';
/** DevTools' own `inspect()` asks handles.js for a value: `data` is a list of instance, id, and a function that gets it. */
export const HANDLE = 'gowasm-handle';

/** The content script's side. @returns a port that is not started yet; null: nothing in this document took the other end */
export function offerPort(document: Document, type = PORT): MessagePort | null {
  const { port1, port2 } = new MessageChannel();
  const taken = !document.dispatchEvent(new MessageEvent(type, { cancelable: true, ports: [port2] }));
  return taken ? port1 : null;
}
