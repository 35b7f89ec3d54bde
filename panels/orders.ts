/**
 * Which binaries the recorder of each document is told of: those that were read last at once, for a page that is loaded again is likely to
 * run them, and each that is read later. What is said of a binary, and what for, is the sender's matter.
 */
import { effect, type ReadonlySignal, signal } from '@preact/signals';

/** Binaries that the recorder of one document is told of; it keeps as many. */
const MOST_TOLD = 8;
/** Of those that were read before, how many a new document's is told of. */
const MOST_RECENT = 3;

export interface OrderParts {
  /** The session's key of the binary that the tabs are about; null while it is not read. */
  key: ReadonlySignal<string | null>;
  /** Whether orders are given now. */
  on(): boolean;
  /** Tells the recorder of a document. @param key of a binary; '' where none is known */
  send(realm: string, key: string): Promise<void>;
  /** Tells it that no orders come: it need not go on with what it has begun by itself. */
  decline(realm: string): void;
  failed(): void;
}

export interface Orders {
  /** Documents that have a recorder. */
  recorders: ReadonlySignal<ReadonlySet<string>>;
  /** A document's recorder spoke. */
  came(realm: string): void;
  gone(realm: string): void;
  /** Tells a recorder of the latest binaries, whatever it was told before. */
  tell(realm: string): void;
  /** A program of a document has been read. @returns whether its recorder is told of it now */
  read(realm: string, key: string): boolean;
}

export function createOrders({ key, on, send, decline, failed }: OrderParts): Orders {
  const recorders = signal<ReadonlySet<string>>(new Set());
  /** Of which binaries each document's recorder has been told. */
  const sent = new Map<string, Set<string>>();
  /** The latest first. */
  let recent: string[] = [];
  const remember = (read: string) => {
    recent = [read, ...recent.filter((other) => other !== read)].slice(0, MOST_RECENT);
  };
  effect(() => {
    if (key.value !== null) remember(key.value);
  });
  const order = (realm: string, known: string) => {
    sent.set(realm, (sent.get(realm) ?? new Set()).add(known));
    return send(realm, known);
  };
  /** One after another, in this order. */
  const orderAll = async (realm: string) => {
    for (const known of recent.length > 0 ? recent : ['']) await order(realm, known);
  };
  return {
    recorders,
    came(realm) {
      recorders.value = new Set(recorders.value).add(realm);
      if (on()) void orderAll(realm).catch(failed);
      else decline(realm);
    },
    gone(realm) {
      const left = new Set(recorders.value);
      if (left.delete(realm)) recorders.value = left;
      sent.delete(realm);
    },
    tell(realm) {
      sent.delete(realm);
      void orderAll(realm).catch(failed);
    },
    read(realm, read) {
      const told = sent.get(realm);
      remember(read);
      if (!on() || !told || told.has(read) || told.size >= MOST_TOLD) return false;
      void order(realm, read).catch(failed);
      return true;
    },
  };
}
