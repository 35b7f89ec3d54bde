/**
 * How the content script (ISOLATED world) finds the page hook (MAIN world) of its document.
 *
 * The hook runs at document_start and listens. The content script runs when a panel looks at the page, and offers a
 * MessagePort in a DOM event: `ports` crosses worlds because the DOM wraps each port anew in the world that reads it.
 * `preventDefault` is the hook's receipt. What the hook had to say before waits in it.
 *
 * The page's scripts run in between and could play either part. They would gain nothing: what the hook says is about the
 * page itself, and all that comes from it is checked as hostile (`check.ts`).
 */

/** Type of the MessageEvent on the document that carries the port. */
export const PORT = 'gowasm-port';

/** The content script's side. @returns a port that is not started yet; null: nothing in this document took the other end */
export function offerPort(document: Document): MessagePort | null {
  const { port1, port2 } = new MessageChannel();
  const taken = !document.dispatchEvent(new MessageEvent(PORT, { cancelable: true, ports: [port2] }));
  return taken ? port1 : null;
}
