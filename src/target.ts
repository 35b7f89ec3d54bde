/**
 * THE SEAM: where Go programs run. A live page, a Node process or a test: the faces and the session cannot tell.
 * Types only. A target carries raw events and bytes; it interprets nothing.
 */
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
  /** The recorder is in this document: it can be told to record. */
  recorder?(realm: string): void;
  /** A part of a recording, in the order they were made. */
  recorded?(realm: string, batch: RecordBatch): void;
}

export interface Target {
  /** Starts listening; what happened before is replayed. @returns stop */
  listen(listener: TargetListener): () => void;
  /**
   * The module bytes behind an instance. Rejects with one sentence of why they cannot be had, with a RangeError when they
   * are more than `most`.
   */
  bytes(realm: string, instance: number, limits?: { most?: number }): Promise<Uint8Array>;
  /** Has all Go programs of a realm recorded from now on, those too that begin later; null ends it. */
  record?(realm: string, options: RecordOptions | null): void;
}
