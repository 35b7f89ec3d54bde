/**
 * THE SEAM: where Go programs run. A live page, a Node process or a test: the faces and the session cannot tell.
 * Types only. A target carries raw events and bytes; it interprets nothing.
 */
import type { AnswerTo, HandlesQuestion, WatchOptions } from './protocol/handles';
import type { HookEvent, Realm } from './protocol/messages';
import type { RecordBatch, RecordOptions } from './protocol/recording';

export interface TargetListener {
  /** A frame with a hook answered, for the first time or again (after bfcache or a lost connection). */
  realm(realm: Realm, hooked: boolean): void;
  /** Events of one realm in the order they happened; each `seq` once, also after a reconnect. */
  event(realm: string, event: HookEvent): void;
  /** So many events before the next one were not kept: too many happened before this target listened. */
  missed(realm: string, count: number): void;
  /** The frame navigated away, went into bfcache, was removed, or its process died. */
  gone(realm: string): void;
  /** The recorder is in this document: `record` has an effect there. Once after the realm was told, and after it was again. */
  recorder?(realm: string): void;
  /**
   * Batches of each instance in the order they were taken. `number` 1 begins a recording of that instance; a gap means that the rest of
   * this recording is worthless.
   */
  recorded?(realm: string, batch: RecordBatch): void;
  /** The recording in this realm has ended, and no batch comes any more: the page said more than is taken, in one sentence. */
  unrecorded?(realm: string, why: string): void;
}

export interface Target {
  /** Starts listening; what happened before is replayed. @returns stop */
  listen(listener: TargetListener): () => void;
  /**
   * The module bytes behind an instance. Rejects with one sentence of why they cannot be had, with a RangeError when they
   * are more than `most`.
   */
  bytes(realm: string, instance: number, limits?: { most?: number }): Promise<Uint8Array>;
  /**
   * Records what crosses the bridge in all programs of a realm that run and that begin to run, anew; null ends it, and the last
   * batches come. Holds until the realm is gone; no effect where no recorder is.
   */
  record(realm: string, options: RecordOptions | null): void;
  /** Whether Chrome's own Performance panel records: what is recorded of a realm is shown there too. */
  track(realm: string, on: boolean): void;
  /**
   * Watches who makes which handle in all programs of a realm that run and that begin to run; null ends it. Each further order adds what it
   * says of its program. No effect where no recorder is.
   */
  watch(realm: string, options: WatchOptions | null): void;
  /** Asks about the handles of an instance. Rejects with one sentence. What comes is checked. */
  handles<Q extends HandlesQuestion>(realm: string, question: Q): Promise<AnswerTo<Q>>;
}
