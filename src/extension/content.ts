/**
 * Runs in every frame of an enabled site, in the extension's isolated world: carries what the page hook says to the panels
 * that listen, keeps it for those that open later, and carries their questions back. Interprets nothing.
 *
 * Costs a page without Go nothing: it opens a port only when the hook first speaks or a panel calls. The service worker is
 * not on the way, and is not woken. No polyfill: this file is in every page (`chrome` is also Firefox's name for its API).
 * After the extension was reloaded or removed this script lives on, cut off: then it falls silent.
 */
import { offerPort } from '../protocol/handshake';
import {
  CHANNEL,
  type Hello,
  type HookEvent,
  type HookHears,
  type HookSays,
  PROTOCOL,
  type Realm,
  type ToPage,
  type ToPanel,
} from '../protocol/messages';
import { createHistory } from './history';

interface Port {
  postMessage(message: unknown): void;
  disconnect(): void;
  onMessage: { addListener(listener: (message: ToPage) => void): void };
  onDisconnect: { addListener(listener: () => void): void };
}
declare const chrome: {
  runtime: {
    connect(options: { name: string }): Port;
    onMessage: { addListener(listener: (message: Hello) => void): void };
    lastError?: unknown;
    /** Undefined once the extension was reloaded or removed. */
    id?: string;
  };
};
type Without<T, K extends string> = T extends unknown ? Omit<T, K> : never;

const realm: Realm = {
  id: Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(''),
  url: location.href.split('#')[0],
  top: self === top,
  since: performance.timeOrigin,
};
const history = createHistory();
/** Every open port, with the id of the panel that listens on it; '' as long as none does. */
const ports = new Map<Port, string>();
/** Who asked the hook what: number given to the hook → port and the panel's own number. */
const asked = new Map<number, { port: Port; id: number }>();
let lastAsked = 0;
let hook: MessagePort | null = null;
let spoken = false;
let cutOff = false;

offerPort(document, (port) => {
  hook = port;
  port.onmessage = ({ data }: MessageEvent<HookSays>) => {
    if ('event' in data) seen(data.event);
    else answered(data.answer, data.blob, data.why);
  };
  for (const open of ports.keys()) sayRealm(open);
});

attempt(() => {
  chrome.runtime.onMessage.addListener((message) => {
    if (message?.type === 'hello' && message.protocol === PROTOCOL && !hasPanel(message.panel)) connect();
  });
});
addEventListener('pagehide', () => {
  for (const port of ports.keys()) {
    say(port, { type: 'gone' });
    attempt(() => port.disconnect());
  }
  ports.clear();
});
addEventListener('pageshow', (event) => {
  if (event.persisted) connect();
});

function connect() {
  attempt(() => {
    const port = chrome.runtime.connect({ name: CHANNEL });
    ports.set(port, '');
    port.onDisconnect.addListener(() => {
      // Reading it says that we know: with no panel open nobody is at the other end, and the console need not tell.
      void chrome.runtime.lastError;
      ports.delete(port);
    });
    port.onMessage.addListener((message) => heard(port, message));
    sayRealm(port);
  });
}

function heard(port: Port, message: ToPage) {
  if (message?.protocol !== PROTOCOL) return;
  if (message.type === 'question') ask(port, message.id, message.question);
  if (message.type !== 'listen') return;
  ports.set(port, message.panel);
  for (const event of history.after(message.after)) say(port, { type: 'event', event });
  say(port, { type: 'replayed', dropped: history.dropped() });
}

function seen(event: HookEvent) {
  if (cutOff || !history.add(event)) return;
  for (const [port, panel] of ports) if (panel) say(port, { type: 'event', event });
  // Only once: who is not there now will call when it opens.
  if (!spoken && ports.size === 0) connect();
  spoken = true;
}

function ask(port: Port, id: number, question: HookHears['question']) {
  if (!hook) return say(port, { type: 'answer', id, ok: false, why: 'nothing listens in this page: reload it' });
  asked.set(++lastAsked, { port, id });
  hook.postMessage({ question, id: lastAsked } satisfies HookHears);
}

function answered(number: number, blob: Blob | undefined, why = 'the page gave no reason') {
  const question = asked.get(number);
  if (!question || !asked.delete(number)) return;
  const { port, id } = question;
  if (ports.has(port))
    say(port, blob ? { type: 'answer', id, ok: true, blob } : { type: 'answer', id, ok: false, why });
}

function sayRealm(port: Port) {
  say(port, { type: 'realm', realm, hooked: hook !== null });
}

function say(port: Port, message: Without<ToPanel, 'protocol'>) {
  attempt(() => port.postMessage({ protocol: PROTOCOL, ...message }));
}

const hasPanel = (panel: string) => [...ports.values()].includes(panel);

/** The one way to the extension's API, which throws when a port has closed, and for ever once the extension is gone. */
function attempt(action: () => void) {
  if (cutOff) return;
  try {
    action();
  } catch {
    if (chrome.runtime?.id) return;
    cutOff = true;
    ports.clear();
    hook?.close();
  }
}
