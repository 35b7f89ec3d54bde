/**
 * The inspected page as a Target: ports from the content scripts of its frames in, checked events out.
 * Knows ports, frames and which events it has had; nothing of Go. The page is hostile: what `check.ts` refuses is counted
 * and dropped. How both sides find each other is told in messages.ts.
 */
import { checkToPanel } from '../protocol/check';
import { CHANNEL, type Hello, PROTOCOL, type Question, type ToPage, type ToPanel } from '../protocol/messages';
import type { Target, TargetListener } from '../target';
import { browser, type Port } from './browser';
import { inspectedTab, onNavigated } from './devtools-window';

const MB = 2 ** 20;
/** Realms remembered after they went: the page may come back out of bfcache. */
const REMEMBERED = 500;
/** Frames that may be connected at one time. */
const FRAMES = 1000;

interface RealmState {
  /** Open while the document is there. */
  port: Port | null;
  /** `seq` of the last event handed on. */
  last: number;
}

interface Pending {
  port: Port;
  resolve(blob: Blob): void;
  reject(error: Error): void;
}

export interface BytesLimits {
  /** Most bytes to take; default 256 MB. */
  most?: number;
  /** Milliseconds the page may take to answer; default one minute. */
  patience?: number;
}

export class PageTarget implements Target {
  /** What was refused or lost, for the panel's warnings. */
  readonly counts = {
    /** Messages that were none of ours, or of another version of the extension. */
    refused: 0,
    /** Events that the page dropped, because too many happened with no panel open. */
    dropped: 0,
  };
  readonly #panel = crypto.randomUUID();
  readonly #realms = new Map<string, RealmState>();
  readonly #pending = new Map<number, Pending>();
  #lastQuestion = 0;

  /** One listener at a time. */
  listen(listener: TargetListener): () => void {
    const accept = (port: Port) => this.#accept(port, listener);
    const call = () => void this.#callOut();
    const onUpdated = (tab: number, change: { status?: string }) => {
      if (tab === inspectedTab() && change.status) call();
    };
    browser.runtime.onConnect.addListener(accept);
    // A new document answers a call only after its content script has started: so call when it starts and when it is loaded.
    browser.tabs.onUpdated.addListener(onUpdated);
    const stopNavigated = onNavigated(call);
    call();
    return () => {
      browser.runtime.onConnect.removeListener(accept);
      browser.tabs.onUpdated.removeListener(onUpdated);
      stopNavigated();
      for (const state of this.#realms.values()) state.port?.disconnect();
      this.#realms.clear();
    };
  }

  async bytes(realm: string, instance: number, { most = 256 * MB, patience = 60_000 }: BytesLimits = {}) {
    const blob = await this.#ask(realm, { ask: 'bytes', instance }, patience);
    if (blob.size > most) {
      throw new Error(
        `the module has ${Math.ceil(blob.size / MB)} MB, more than the ${Math.floor(most / MB)} MB allowed`,
      );
    }
    return new Uint8Array(await blob.arrayBuffer());
  }

  async #callOut() {
    const hello: Hello = { protocol: PROTOCOL, type: 'hello', panel: this.#panel };
    // Rejects where no content script listens: a page that is not enabled, or was loaded before the extension.
    await browser.tabs.sendMessage(inspectedTab(), hello).catch(() => {});
  }

  #accept(port: Port, listener: TargetListener) {
    if (port.name !== CHANNEL) return;
    // A port opens to every panel there is; each hangs up on pages that are not its own.
    if (port.sender?.tab?.id !== inspectedTab()) return port.disconnect();
    const frame = port.sender.frameId ?? 0;
    let key = '';
    port.onMessage.addListener((message: unknown) => {
      const checked = checkToPanel(message);
      if (!checked || (checked.type !== 'realm' && !key)) {
        this.counts.refused++;
      } else if (checked.type === 'realm') {
        key ||= this.#open(port, `${frame}-${checked.realm.id}`);
        if (key) this.#met(key, port, checked, listener);
      } else {
        this.#heard(key, port, checked, listener);
      }
    });
    port.onDisconnect.addListener(() => {
      if (key) this.#closed(key, port, listener);
    });
  }

  /** @returns the realm's key, or '' when the port is one too many: its document has one, or there are too many frames */
  #open(port: Port, key: string): string {
    const known = this.#realms.get(key);
    const open = [...this.#realms.values()].filter((state) => state.port).length;
    if (known?.port || open >= FRAMES) {
      port.disconnect();
      return '';
    }
    // Put last, so that those unused for longest stand first.
    this.#realms.delete(key);
    this.#realms.set(key, { port, last: known?.last ?? 0 });
    for (const [old, state] of this.#realms) {
      if (this.#realms.size <= REMEMBERED) break;
      if (!state.port) this.#realms.delete(old);
    }
    return key;
  }

  #met(key: string, port: Port, { realm, hooked }: ToPanel & { type: 'realm' }, listener: TargetListener) {
    listener.realm({ ...realm, id: key }, hooked);
    const after = this.#realms.get(key)?.last ?? 0;
    post(port, { protocol: PROTOCOL, type: 'listen', panel: this.#panel, after });
  }

  #heard(key: string, port: Port, message: Exclude<ToPanel, { type: 'realm' }>, listener: TargetListener) {
    const state = this.#realms.get(key);
    if (state?.port !== port) return;
    switch (message.type) {
      case 'event':
        if (message.event.seq <= state.last) return;
        state.last = message.event.seq;
        return listener.event(key, message.event);
      case 'replayed':
        this.counts.dropped += message.dropped;
        return;
      case 'answer':
        return this.#answered(port, message);
      case 'gone':
        port.disconnect();
        return this.#closed(key, port, listener);
    }
  }

  #closed(key: string, port: Port, listener: TargetListener) {
    for (const question of [...this.#pending.values()]) {
      if (question.port === port) question.reject(new Error('the page is gone'));
    }
    const state = this.#realms.get(key);
    if (state?.port !== port) return;
    state.port = null;
    listener.gone(key);
  }

  #ask(key: string, question: Question, patience: number): Promise<Blob> {
    const port = this.#realms.get(key)?.port;
    if (!port) return Promise.reject(new Error('the page is gone'));
    const id = ++this.#lastQuestion;
    return new Promise<Blob>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`the page did not answer for ${Math.round(patience / 1000)} s: it may be busy`));
      }, patience);
      const done = () => {
        clearTimeout(timer);
        this.#pending.delete(id);
      };
      this.#pending.set(id, {
        port,
        resolve: (blob) => {
          done();
          resolve(blob);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      });
      post(port, { protocol: PROTOCOL, type: 'question', id, question });
    });
  }

  #answered(port: Port, answer: ToPanel & { type: 'answer' }) {
    const question = this.#pending.get(answer.id);
    // A frame may answer for itself only.
    if (question?.port !== port) return;
    if (answer.ok) question.resolve(answer.blob);
    else question.reject(new Error(answer.why));
  }
}

function post(port: Port, message: ToPage) {
  try {
    port.postMessage(message);
  } catch {
    // It has closed already; onDisconnect says so next.
  }
}
