/**
 * The inspected page as a Target: a content script in each of its frames, a port to it, checked events out.
 * Knows ports, frames and which events it has had; nothing of Go. The page is hostile: what `check.ts` refuses is counted
 * and dropped. How both sides find each other is told in messages.ts.
 */
import { checkToPanel } from '../protocol/check';
import { checkCounts, checkDumpParts, checkPreviews, checkTable } from '../protocol/check-handles';
import { checkBatch, type RecordingBudget, recordingBudget, sizeOf } from '../protocol/check-recording';
import { isText } from '../protocol/fields';
import type { AnswerTo, HandlesQuestion, WatchOptions } from '../protocol/handles';
import { CHANNEL, PROTOCOL, type Question, type ToPage, type ToPanel } from '../protocol/messages';
import type { RecordOptions } from '../protocol/recording';
import type { Target, TargetListener } from '../target';
import { browser, connectTo, type FrameDocument, type Port, runInDocument, runInFrames } from './browser';
import { inspectedTab, onHook, onNavigated } from './devtools-window';

const MB = 2 ** 20;
/** Bytes at the start of a file that tell what it is. */
const HEAD = 2 ** 16;
/** Realms remembered after they went: the page may come back out of bfcache. */
const REMEMBERED = 500;
/** Milliseconds that a look at the frames may take before the next may begin. */
const LATE = 2000;
/** Frames that may be connected at one time. */
const FRAMES = 1000;

/** Milliseconds the page may take to answer about handles; a page with long tasks answers between two of them. */
const HANDLES_PATIENCE = 30_000;
/** Characters of a word that comes back. */
const WORD = 1000;

interface RealmState {
  /** The browser's name for the document. */
  documentId: string;
  /** Open while the document is there. */
  port: Port | null;
  /** `seq` of the last event handed on. */
  last: number;
  /** Whether the document has said anything over this port. */
  answered: boolean;
  /** Whether the listener knows that there is a recorder. */
  recorder: boolean;
  /** Of the recording that was ordered over this port; null when none is taken. */
  budget: RecordingBudget | null;
  /** It was ordered to record, and not to cease. */
  ordered: boolean;
}

type RealmSaid = ToPanel & { type: 'realm' };

interface Pending {
  port: Port;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export interface BytesLimits {
  /** Most bytes to take; default 256 MB. */
  most?: number;
  /** Milliseconds the page may take to answer; default one minute. */
  patience?: number;
}

export class PageTarget implements Target {
  /** Messages that were none of ours, or of another version of the extension. */
  refused = 0;
  readonly #realms = new Map<string, RealmState>();
  readonly #pending = new Map<number, Pending>();
  #lastQuestion = 0;
  #looks = 0;

  /** One listener at a time. */
  listen(listener: TargetListener): () => void {
    const survey = () => void this.#survey(listener);
    const onUpdated = (tab: number, change: { status?: string }) => {
      if (tab === inspectedTab() && change.status) survey();
    };
    // A document is worth a look once its hook has run. DevTools tells so for every frame; the others are for pages where
    // it was not attached in time.
    browser.tabs.onUpdated.addListener(onUpdated);
    const stops = [onNavigated(survey), onHook(survey)];
    survey();
    return () => {
      browser.tabs.onUpdated.removeListener(onUpdated);
      for (const stop of stops) stop();
      for (const { port } of this.#realms.values()) port?.disconnect();
      this.#realms.clear();
    };
  }

  async bytes(realm: string, instance: number, limits: BytesLimits = {}): Promise<Uint8Array> {
    return (await this.#take(realm, { ask: 'bytes', instance }, limits, () => true)) as Uint8Array;
  }

  record(realm: string, options: RecordOptions | null): void {
    const state = this.#realms.get(realm);
    if (!state?.port || !state.answered) return;
    // Further orders only add to what is known of its programs.
    if (options && !state.ordered) state.budget = recordingBudget();
    state.ordered = options !== null;
    post(state.port, { protocol: PROTOCOL, type: 'record', options, deaf: false });
  }

  track(realm: string, on: boolean): void {
    const state = this.#realms.get(realm);
    if (state?.port && state.answered) post(state.port, { protocol: PROTOCOL, type: 'track', on });
  }

  watch(realm: string, options: WatchOptions | null): void {
    const state = this.#realms.get(realm);
    if (state?.port && state.answered) post(state.port, { protocol: PROTOCOL, type: 'watch', options });
  }

  /** handles.js is put into the document when it is not there yet. */
  async handles<Q extends HandlesQuestion>(realm: string, question: Q): Promise<AnswerTo<Q>> {
    const send = (id: number): ToPage => ({ protocol: PROTOCOL, type: 'handles', id, question });
    const told = await this.#send(realm, send, HANDLES_PATIENCE).catch(async (error) => {
      const { documentId } = this.#realms.get(realm) ?? {};
      if (!(error instanceof Absent) || !documentId) throw error;
      await runInDocument(inspectedTab(), documentId, 'handles.js');
      return this.#send(realm, send, HANDLES_PATIENCE);
    });
    const checked = checkTold(question, told);
    if (checked !== null) return checked as AnswerTo<Q>;
    this.refused++;
    throw new Error('The page said something of its handles that makes no sense.');
  }

  /**
   * A file as the frame has loaded it, out of its cache if that has it. Rejects as `bytes` does.
   * @param wanted looks at the first 64 KB before the rest is taken
   * @returns null when it is not wanted
   */
  file(realm: string, url: string, wanted: (head: string) => boolean): Promise<Uint8Array | null> {
    return this.#take(realm, { ask: 'file', url }, {}, wanted);
  }

  async #take(realm: string, question: Question, limits: BytesLimits, wanted: (head: string) => boolean) {
    const { most = 256 * MB, patience = 60_000 } = limits;
    const send = (id: number): ToPage => ({ protocol: PROTOCOL, type: 'question', id, question });
    const blob = (await this.#send(realm, send, patience)) as Blob;
    if (!wanted(await blob.slice(0, HEAD).text())) return null;
    if (blob.size > most) {
      throw new RangeError(
        `This file is ${Math.ceil(blob.size / MB)} MB; the panel reads modules up to ${Math.floor(most / MB)} MB.`,
      );
    }
    return new Uint8Array(await blob.arrayBuffer());
  }

  /**
   * Puts the content script where it is missing, and looks for documents that no port leads to. One look at a time: what is
   * asked meanwhile is one more look.
   */
  async #survey(listener: TargetListener) {
    this.#looks++;
    if (this.#looks > 1) return;
    for (let seen = 0; seen !== this.#looks; ) {
      seen = this.#looks;
      // A frame that hangs answers late or never: it must hide neither the top frame nor what comes later.
      const late = new Promise((resolve) => setTimeout(resolve, LATE));
      await Promise.race([Promise.all([this.#look('top', listener), this.#look('all', listener)]), late]);
    }
    this.#looks = 0;
  }

  async #look(where: 'top' | 'all', listener: TargetListener) {
    for (const { result, ...document } of await runInFrames(inspectedTab(), where, 'content.js')) {
      const checked = checkToPanel(result && { protocol: PROTOCOL, ...result });
      if (checked?.type === 'realm') this.#meet(document, checked, listener);
    }
  }

  #meet({ frameId, documentId }: FrameDocument, { realm, hooked, recorder }: RealmSaid, listener: TargetListener) {
    const key = `${frameId}-${realm.id}`;
    const known = this.#realms.get(key);
    const open = [...this.#realms.values()].filter((state) => state.port).length;
    if (known?.port && known.answered) return recorder ? this.#foundRecorder(key, known, listener) : undefined;
    if (open >= FRAMES) return;
    known?.port?.disconnect();
    const port = connectTo(inspectedTab(), documentId, CHANNEL);
    const state: RealmState = {
      documentId,
      port,
      last: known?.last ?? 0,
      answered: false,
      recorder: false,
      budget: null,
      ordered: false,
    };
    this.#remember(key, state);
    port.onMessage.addListener((message: unknown) => {
      const checked = checkToPanel(message);
      if (!checked) {
        this.refused++;
        return;
      }
      // A document that went into the back/forward cache since the look holds the port and says nothing: it is not there.
      if (!state.answered && state.port === port) {
        state.answered = true;
        listener.realm({ ...realm, id: key }, hooked);
        if (recorder) this.#foundRecorder(key, state, listener);
      }
      this.#heard(key, port, checked, listener);
    });
    port.onDisconnect.addListener(() => this.#closed(key, port, listener));
    post(port, { protocol: PROTOCOL, type: 'listen', after: known?.last ?? 0 });
  }

  #remember(key: string, state: RealmState) {
    // Put last, so that those unused for longest stand first.
    this.#realms.delete(key);
    this.#realms.set(key, state);
    for (const [old, { port }] of this.#realms) {
      if (this.#realms.size <= REMEMBERED) break;
      if (!port) this.#realms.delete(old);
    }
  }

  #heard(key: string, port: Port, message: ToPanel, listener: TargetListener) {
    const state = this.#realms.get(key);
    if (state?.port !== port) return;
    switch (message.type) {
      case 'realm':
        listener.realm({ ...message.realm, id: key }, message.hooked);
        return message.recorder ? this.#foundRecorder(key, state, listener) : undefined;
      case 'event':
        if (message.event.seq <= state.last) return;
        if (message.event.seq > state.last + 1) listener.missed(key, message.event.seq - state.last - 1);
        state.last = message.event.seq;
        return listener.event(key, message.event);
      case 'answer':
      case 'told':
        return this.#answered(port, message);
      case 'recorded':
        return this.#recorded(key, state, message.batch, listener);
      case 'gone':
        port.disconnect();
        return this.#closed(key, port, listener);
    }
  }

  /** Perhaps later than the realm: it may have run between two looks. */
  #foundRecorder(key: string, state: RealmState, listener: TargetListener) {
    if (state.recorder) return;
    state.recorder = true;
    listener.recorder?.(key);
  }

  #recorded(key: string, state: RealmState, batch: unknown, listener: TargetListener) {
    if (!state.budget || !state.port) return;
    const now = performance.now();
    let why = state.budget.take(0, now);
    const checked = why ? null : checkBatch(batch);
    if (checked) why = state.budget.take(sizeOf(checked), now);
    else why ||= 'The page sent a recording that makes no sense: it was ended.';
    if (checked && !why) return listener.recorded?.(key, checked);
    this.refused++;
    state.budget = null;
    post(state.port, { protocol: PROTOCOL, type: 'record', options: null, deaf: true });
    listener.unrecorded?.(key, why);
  }

  #closed(key: string, port: Port, listener: TargetListener) {
    for (const question of [...this.#pending.values()]) {
      if (question.port === port) question.reject(new Error('the page is gone'));
    }
    const state = this.#realms.get(key);
    if (state?.port !== port) return;
    state.port = null;
    if (state.answered) listener.gone(key);
  }

  /** @param messageOf the message with the question, by its number */
  #send(key: string, messageOf: (id: number) => ToPage, patience: number): Promise<unknown> {
    const { port, answered } = this.#realms.get(key) ?? {};
    if (!port || !answered) return Promise.reject(new Error('the page is gone'));
    const id = ++this.#lastQuestion;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`the page did not answer for ${Math.round(patience / 1000)} s: it may be busy`));
      }, patience);
      const done = () => {
        clearTimeout(timer);
        this.#pending.delete(id);
      };
      this.#pending.set(id, {
        port,
        resolve: (value) => {
          done();
          resolve(value);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      });
      post(port, messageOf(id));
    });
  }

  #answered(port: Port, answer: ToPanel & { type: 'answer' | 'told' }) {
    const question = this.#pending.get(answer.id);
    // A frame may answer for itself only.
    if (question?.port !== port) return;
    if (!answer.ok) {
      question.reject(answer.type === 'told' && answer.absent ? new Absent(answer.why) : new Error(answer.why));
    } else question.resolve(answer.type === 'told' ? answer.value : answer.blob);
  }
}

/** handles.js is not in the document. */
class Absent extends Error {}

/** @returns a clean copy of what a page says of its handles; null when it is no answer to that question */
function checkTold(question: HandlesQuestion, value: unknown): unknown {
  switch (question.ask) {
    case 'counts':
      return checkCounts(value);
    case 'table':
      return checkTable(value);
    case 'previews':
      return checkPreviews(value, question.ids);
    case 'dump':
      return checkDumpParts(value);
    default:
      return isText(value, WORD) ? value : null;
  }
}

function post(port: Port, message: ToPage) {
  try {
    port.postMessage(message);
  } catch {
    // It has closed already; onDisconnect says so next.
  }
}
