/**
 * Every message of every hop, in one table. Types only: this file vanishes from every bundle but for PROTOCOL.
 *
 *   page hook (MAIN world) ── MessagePort ──▶ content script ── runtime.Port ──▶ panel
 *   panel ── runtime.Port ──▶ content script ── MessagePort ──▶ page hook        (questions)
 *   panel ◀─ runtime.Port ──▶ content script ◀─ MessagePort ──▶ recorder         (orders and batches: recording.ts)
 *   panel ◀─ runtime.Port ──▶ content script ◀─ MessagePort ──▶ handles.js       (questions about handles: handles.ts)
 *
 * The hook copies and leaves; nothing here is interpreted before it reaches the session (`src/session.ts`).
 * All of it is hostile on arrival: `check.ts` looks at every field before the panel believes one.
 *
 * How a panel and a document find each other: the panel runs the content script in the frames of its tab
 * (`scripting.executeScript`, which names each document), opens a port to each, and says `listen` with the last `seq` it
 * has; only then are events sent: those after it, `replayed`, and what happens from then on. So nothing is sent to nobody,
 * and a panel that lost its port misses nothing and gets nothing twice. The page's side never speaks first: any message to an extension
 * starts its service worker, listener or not (Chromium 156), and would reach the panels of all tabs.
 */

import type { HandlesQuestion, WatchOptions } from './handles';
import type { RecordOptions } from './recording';

/** Raised when the shape of any message changes. */
export const PROTOCOL = 4;

/** A copy of what unwinding one moment needs, taken in one synchronous turn. */
export interface Capture {
  /** Go's stack pointer: the argument of an import call, else `exports.getsp()`. */
  sp: number;
  /** `import`: the return PC lies at `sp`. `event`: the top function is only known from V8's stack. */
  at: 'import' | 'event';
  /**
   * The `g`s that matter (found by their `sched.g` back pointer): first the one whose stack holds `sp`, then those that share
   * its `m` (so g0 and the goroutine it works for), then others that wait. `bytes` is a copy of the first G_BYTES bytes.
   */
  gs: { address: number; bytes: Uint8Array }[];
  /** Pairs (address, low word) of every 8-aligned word of these stacks that may be a PC: high word 0, low word ≥ 0x10000000. */
  words: Uint32Array;
  /** Words left out because the stacks held too many; 0 when all are here. */
  dropped: number;
}

/** A Go module was linked and `run` was called on it. */
export interface ModuleSeen {
  type: 'module';
  seq: number;
  instance: number;
  /** Absolute URL of the module's response, or '' when it was compiled from bytes. */
  url: string;
  /** `url`: fetch it again. `kept`: the hook holds a copy, because nobody else does. `lost`: neither. */
  bytes: 'url' | 'kept' | 'lost';
  how: 'instantiateStreaming' | 'instantiate' | 'Instance';
  namespace: 'go' | 'gojs';
  /** Milliseconds since the epoch, as all `at`s. */
  at: number;
}

/** An uncaught error or an unhandled rejection that has to do with a Go program. */
export interface ErrorSeen {
  type: 'error';
  seq: number;
  how: 'error' | 'rejection';
  /** Class of the error, e.g. `RuntimeError`; '' when something else was thrown. */
  name: string;
  message: string;
  /** `error.stack`, as text; '' when there was none. */
  stack: string;
  /** One for each live instance whose stack could be the one; the session keeps the one that fits V8's frames. */
  captures: { instance: number; capture: Capture }[];
  at: number;
}

/** The same error as message `of` once more: only counted. */
export interface ErrorAgain {
  type: 'again';
  seq: number;
  of: number;
  count: number;
  at: number;
}

/** `runtime.wasmExit`, before wasm_exec.js drops its tables. */
export interface ExitSeen {
  type: 'exit';
  seq: number;
  instance: number;
  code: number;
  /** The end of what the program wrote to fd 1 and 2, from the first `panic: ` or `fatal error: ` line if there is one. */
  output: string;
  /** Bytes of such output that were dropped in the middle, 0 mostly. */
  outputDropped: number;
  capture: Capture | null;
  at: number;
}

/** What the hook says of the page by itself. `seq` grows by one per realm, from 1; a gap means events that were not kept. */
export type HookEvent = ModuleSeen | ErrorSeen | ErrorAgain | ExitSeen;

/** What an extension page may ask: the hook for a module's bytes, or the content script for a file as the frame has loaded it. */
export type Question = { ask: 'bytes'; instance: number } | { ask: 'file'; url: string };

/** One frame (document) of the tab, said by the content script; `frameId` and tab come from the browser, not from here. */
export interface Realm {
  /** Random, new at each load of the document; survives bfcache. */
  id: string;
  /** URL of the document, without fragment. */
  url: string;
  top: boolean;
  /** When the document started, ms since the epoch. */
  since: number;
}

/** content script → panel */
export type ToPanel =
  | {
      protocol: number;
      type: 'realm';
      realm: Realm;
      /** Whether the MAIN-world hook has answered. */
      hooked: boolean;
      /** Whether record.js has. */
      recorder: boolean;
    }
  /** To the panel that ordered it. `batch` is checked by `check-recording.ts`. */
  | { protocol: number; type: 'recorded'; batch: unknown }
  | { protocol: number; type: 'event'; event: HookEvent }
  | { protocol: number; type: 'replayed' /** also the receipt of `listen` in a document where nothing has happened */ }
  | { protocol: number; type: 'answer'; id: number; ok: true; blob: Blob }
  | { protocol: number; type: 'answer'; id: number; ok: false; why: string }
  /** About handles. `value` is checked by `check-handles.ts`, by what was asked. */
  | { protocol: number; type: 'told'; id: number; ok: true; value: unknown }
  /** `absent`: handles.js is not in this document. */
  | { protocol: number; type: 'told'; id: number; ok: false; why: string; absent: boolean }
  | { protocol: number; type: 'gone' };

/** panel → content script */
export type ToPage =
  | { protocol: number; type: 'question'; id: number; question: Question }
  | {
      protocol: number;
      type: 'listen';
      /** The last `seq` this panel has of the realm, 0 at first. */
      after: number;
    }
  | {
      protocol: number;
      type: 'record';
      /** Null: no more. */
      options: RecordOptions | null;
      /** Nor what is still on its way. */
      deaf: boolean;
    }
  | { protocol: number; type: 'watch' /** Null: no more. */; options: WatchOptions | null }
  | { protocol: number; type: 'handles'; id: number; question: HandlesQuestion }
  | { protocol: number; type: 'track' /** Whether Chrome's Performance panel records. */; on: boolean };

/** Name of the `runtime.Port`s from panel to content script. */
export const CHANNEL = 'gowasm-devtools';

/** The content script's answer to the survey: a function, global in the isolated world, which no page sees. */
export const REALM = 'gowasmRealm';

/** hook ⇄ content script, over the MessagePort handed across when a panel first looks */
export type HookSays =
  | { event: HookEvent }
  | { answer: number /** `url`: where to fetch it */; blob?: Blob | null; url?: string };
export type HookHears = { question: Question & { ask: 'bytes' }; id: number };

/** Bytes of each `g` that a capture copies; ≥ sizeof(g) of every release up to Go 1.27 (448). */
export const G_BYTES = 512;
