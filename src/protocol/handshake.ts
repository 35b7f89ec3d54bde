/**
 * How the page hook (MAIN world) and the content script (ISOLATED world) of one document find each other.
 *
 * Both run at document_start, in an order nobody promises, and share nothing but the DOM. So each side calls its function
 * once, at its very start, before any page script runs; whoever comes second completes the handshake synchronously:
 *
 *   hook first:     hook waits for PORT …            content offers: PORT event with a MessagePort ──▶ hook takes it
 *   content first:  content waits for HELLO …        hook says HELLO ──▶ content offers: PORT event ──▶ hook takes it
 *
 * MessageEvent.ports crosses worlds because the DOM wraps each port anew in the world that reads it. `preventDefault` is the
 * hook's receipt. Afterwards no listener is left for the page to find; when the other side never comes, the listener goes
 * with DOMContentLoaded. Knows nothing of what is said over the port: `HookSays` and `HookHears` of messages.ts.
 */

const HELLO = 'gowasm-hello';
const PORT = 'gowasm-port';

/** The hook's side. @param take called at most once, synchronously within either side's call. */
export function awaitPort(document: Document, take: (port: MessagePort) => void): void {
  listenUntilLoaded(document, PORT, (event) => {
    event.preventDefault();
    take((event as MessageEvent).ports[0]);
  });
  document.dispatchEvent(new Event(HELLO));
}

/**
 * The content script's side.
 * @param hooked called at most once, synchronously within either side's call, with a port that is not started yet: set
 *   `onmessage` (or call `start`). Never called: this document has no hook.
 */
export function offerPort(document: Document, hooked: (port: MessagePort) => void): void {
  const offer = () => {
    const { port1, port2 } = new MessageChannel();
    const taken = !document.dispatchEvent(new MessageEvent(PORT, { cancelable: true, ports: [port2] }));
    if (taken) hooked(port1);
    return taken;
  };
  if (!offer()) listenUntilLoaded(document, HELLO, offer);
}

/** Listens for one event, and no longer than the document loads. */
function listenUntilLoaded(document: Document, type: string, listener: (event: Event) => void): void {
  document.addEventListener(type, listener, { once: true });
  document.addEventListener('DOMContentLoaded', () => document.removeEventListener(type, listener), { once: true });
}
