/**
 * Carries what the page hook says to the panels that listen, keeps it for those that open later, and carries their questions
 * back; orders to the recorder, and its batches to the panel that gave them. Interprets nothing. Runs in the extension's isolated world of a frame, and only once a panel looks at the page
 * (`browser.ts`): that world alone costs a page a millisecond of its start, and with no panel nobody listens.
 *
 * The service worker is not on the way, and is not started. No polyfill: nothing here is worth its size. After the extension
 * was reloaded or removed this script lives on, cut off: its ports have closed, and no other comes.
 */
import type { HandlesHears, HandlesQuestion, HandlesSays, WatchOptions } from '../protocol/handles';
import { HANDLES_PORT, offerPort, RECORD_FLUSH, RECORD_FLUSHED, RECORD_PORT } from '../protocol/handshake';
import {
  CHANNEL,
  type HookEvent,
  type HookHears,
  type HookSays,
  PROTOCOL,
  type Question,
  REALM,
  type Realm,
  type ToPage,
  type ToPanel,
} from '../protocol/messages';
import type { RecorderHears, RecorderSays, RecordOptions } from '../protocol/recording';
import { createHistory } from './history';

interface Port {
  name: string;
  postMessage(message: unknown): void;
  disconnect(): void;
  onMessage: { addListener(listener: (message: ToPage) => void): void };
  onDisconnect: { addListener(listener: () => void): void };
}
declare const chrome: { runtime: { onConnect: { addListener(listener: (port: Port) => void): void } } };
type Without<T, K extends string> = T extends unknown ? Omit<T, K> : never;

const realm: Omit<Realm, 'url'> = {
  id: Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(''),
  top: self === top,
  since: performance.timeOrigin,
};
const history = createHistory();
/** Milliseconds in which a panel finds a page that has come back. */
const RETURN = 5000;
/** Characters of a sentence that says why not. */
const WHY = 1000;
/** The recorder hears of each 16th batch that it has come, and of the last ones after so many milliseconds. */
const RECEIPTS = 16;
const RECEIPT_PAUSE = 100;
/** The ports that panels opened and listen on. */
const ports = new Set<Port>();
/** Who asked the hook what: number given to the hook → port and the panel's own number. */
const asked = new Map<number, { port: Port; id: number }>();
/** The same of questions to handles.js. */
const askedHandles = new Map<number, { port: Port; id: number }>();
let lastAsked = 0;
let hook: MessagePort | null = null;
let recorder: MessagePort | null = null;
let handles: MessagePort | null = null;
/** The port whose panel ordered to record, and gets the batches. */
let recording: Port | null = null;
/** The one whose panel ordered to watch who makes handles. */
let watching: Port | null = null;
/** The recorder's messages up to this one have come. */
let received = 0;
let waiting: ReturnType<typeof setTimeout> | undefined;
let flushing = false;

// Injected at each look of a panel; the first one stays.
if (!(REALM in globalThis)) {
  Object.assign(globalThis, { [REALM]: lookedAt });
  chrome.runtime.onConnect.addListener(connected);
  addEventListener('pagehide', left);
  addEventListener('pageshow', back);
  document.addEventListener(RECORD_FLUSHED, (event) => {
    if (flushing) recorded((event as MessageEvent).data);
  });
}

/** For the survey: who is here. Looks for the hook each time, for it may not have run yet. */
function lookedAt() {
  findHook();
  findRecorder();
  return realmSaid();
}

const realmSaid = () => ({
  type: 'realm' as const,
  realm: { ...realm, url: location.href.split('#')[0] },
  hooked: hook !== null,
  recorder: recorder !== null,
});

/** Finds the hook; `document.open` may have taken the hook's ear away for a while. */
function findHook() {
  hook ??= offerPort(document);
  if (!hook || hook.onmessage) return;
  hook.onmessage = ({ data }: MessageEvent<HookSays>) => {
    if ('event' in data) seen(data.event);
    else void answered(data.answer, data.blob, data.url);
  };
  for (const open of ports) say(open, realmSaid());
}

/** Finds record.js, where it is in this document. */
function findRecorder() {
  if (recorder) return;
  recorder = offerPort(document, RECORD_PORT);
  if (!recorder) return;
  recorder.onmessage = ({ data }: MessageEvent<RecorderSays>) => {
    recorded(data);
    // Not the recorder's.
    if (received === 0) return;
    if (received % RECEIPTS === 0) receipt();
    else waiting ??= setTimeout(receipt, RECEIPT_PAUSE);
  };
  for (const open of ports) say(open, realmSaid());
}

function receipt() {
  clearTimeout(waiting);
  waiting = undefined;
  recorder?.postMessage({ received } satisfies RecorderHears);
}

/** @param deaf what is on its way is dropped too */
function record(port: Port, options: RecordOptions | null, deaf: boolean) {
  findRecorder();
  if (options) recording = port;
  // Nobody has given an order yet: the recorder waits for one.
  else if (recording ? recording !== port : deaf) return;
  recorder?.postMessage({ record: options } satisfies RecorderHears);
  if (deaf) recording = null;
}

function watch(port: Port, options: WatchOptions | null) {
  findRecorder();
  if (options) watching = port;
  else if (watching && watching !== port) return;
  else watching = null;
  recorder?.postMessage({ watch: options } satisfies RecorderHears);
}

/** handles.js comes when a panel puts it there. */
function askHandles(port: Port, id: number, question: HandlesQuestion) {
  handles ??= offerPort(document, HANDLES_PORT);
  if (!handles) return say(port, { type: 'told', id, ok: false, why: 'nothing answers in this page', absent: true });
  handles.onmessage ??= ({ data }: MessageEvent<HandlesSays>) => toldHandles(data);
  askedHandles.set(++lastAsked, { port, id });
  handles.postMessage({ id: lastAsked, question } satisfies HandlesHears);
}

/** A message of the page's, which may be anything. */
function toldHandles(said: Partial<HandlesSays> | null) {
  const question = askedHandles.get(said?.answer ?? 0);
  if (!said || !question || !askedHandles.delete(said.answer ?? 0)) return;
  const { port, id } = question;
  if (!ports.has(port)) return;
  const refuse = (why: string) => say(port, { type: 'told', id, ok: false, why, absent: false });
  if (said.ok !== true) refuse(typeof said.why === 'string' ? said.why.slice(0, WHY) : '');
  else if (!say(port, { type: 'told', id, ok: true, value: byReference(said.value) })) {
    refuse('The table is larger than what Chrome lets a page say at once: 64 MB.');
  }
}

/** A Blob goes by reference, where memory itself would be copied at each hop. */
function byReference(value: HandlesSays['value'] | null | undefined): unknown {
  if (typeof value !== 'object' || value === null || !('bytes' in value) || !(value.bytes instanceof Uint8Array))
    return value;
  return { ...value, bytes: new Blob([value.bytes]) };
}

/** A message of the page's, which may be anything. */
function recorded(said: Partial<RecorderSays> | null) {
  const { batch, number = 0 } = said ?? {};
  if (number <= received && number > 0) return;
  received = number;
  if (recording) say(recording, { type: 'recorded', batch });
}

function connected(port: Port) {
  if (port.name !== CHANNEL) return;
  port.onDisconnect.addListener(() => {
    ports.delete(port);
    record(port, null, true);
    if (watching === port) watch(port, null);
  });
  port.onMessage.addListener((message) => heard(port, message));
}

function left() {
  flushing = true;
  if (recording) document.dispatchEvent(new Event(RECORD_FLUSH));
  flushing = false;
  recording = null;
  for (const port of ports) {
    say(port, { type: 'gone' });
    port.disconnect();
  }
  ports.clear();
}

/** Out of the back/forward cache: a panel that had ordered to watch does so again, if it is still there. */
function back() {
  if (!watching) return;
  setTimeout(() => {
    if (watching && !ports.has(watching)) watch(watching, null);
  }, RETURN);
}

function heard(port: Port, message: ToPage) {
  if (message?.protocol !== PROTOCOL) return;
  if (message.type === 'question') ask(port, message.id, message.question);
  if (message.type === 'record') record(port, message.options, message.deaf);
  if (message.type === 'watch') watch(port, message.options);
  if (message.type === 'handles') askHandles(port, message.id, message.question);
  if (message.type === 'track') recorder?.postMessage({ track: message.on } satisfies RecorderHears);
  if (message.type !== 'listen') return;
  ports.add(port);
  findHook();
  findRecorder();
  for (const event of history.after(message.after)) say(port, { type: 'event', event });
  say(port, { type: 'replayed' });
}

function seen(event: HookEvent) {
  if (history.add(event)) for (const port of ports) say(port, { type: 'event', event });
}

function ask(port: Port, id: number, question: Question) {
  if (question.ask === 'file') {
    void fetchBytes(question.url).then((blob) => give(port, id, blob));
    return;
  }
  if (!hook) return say(port, { type: 'answer', id, ok: false, why: 'nothing listens in this page: reload it' });
  asked.set(++lastAsked, { port, id });
  hook.postMessage({ question, id: lastAsked } satisfies HookHears);
}

async function answered(number: number, given: Blob | null | undefined, url: string | undefined) {
  const question = asked.get(number);
  if (!question || !asked.delete(number)) return;
  const { port, id } = question;
  give(port, id, given ?? (await fetchBytes(url)));
}

function give(port: Port, id: number, blob: Blob | string) {
  if (!ports.has(port)) return;
  if (typeof blob === 'string') say(port, { type: 'answer', id, ok: false, why: blob });
  else say(port, { type: 'answer', id, ok: true, blob });
}

/** A module once more, as the frame has loaded it. @returns why not, as text */
async function fetchBytes(url: string | undefined): Promise<Blob | string> {
  if (!url) return 'bytes are gone';
  try {
    // The cache is asked first: what the page loaded is what is wanted, not what a new build put there.
    const response = await fetch(url, { cache: 'force-cache' });
    if (!response.ok) return `HTTP ${response.status}`;
    const blob = await response.blob();
    // The size that the page got, 0 where it is not told. Another build would give wrong lines.
    const [loaded] = performance.getEntriesByName(url, 'resource') as PerformanceResourceTiming[];
    const size = loaded?.decodedBodySize || blob.size;
    return size === blob.size ? blob : 'the server has another build by now: reload the page';
  } catch (error) {
    return String(error);
  }
}

/** @returns whether the browser takes it */
function say(port: Port, message: Without<ToPanel, 'protocol'>): boolean {
  try {
    port.postMessage({ protocol: PROTOCOL, ...message });
    return true;
  } catch {
    // The port is closing, or the extension is gone, and nobody is left to tell; or it is too large.
    return false;
  }
}
