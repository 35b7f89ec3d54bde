/**
 * Go binaries on their way from the page into the session: bytes, then tables, then names for what has failed already.
 * One entry per instance or opened file; what cannot be had is remembered with the reason, and can be tried again.
 */
import { type Signal, signal } from '@preact/signals';
import { baseName } from '../src/failures/place';
import type { Remote } from '../src/protocol/channel';
import type { Change, Info, SessionApi } from '../src/session';
import type { Target } from '../src/target';
import { besideOf, type Companions, hand, NONE, type Server } from './companions';
import { fingerprint } from './fingerprint';

/** Larger modules are read on demand only: opening takes a small multiple of the size. */
export const MOST_BYTES = 256 * 1024 * 1024;

export type Phase = 'fetching' | 'reading' | 'naming' | 'ready' | 'failed' | 'cancelled';

export interface ModuleEntry {
  /** Instance key, or a name of its own for an opened file. */
  id: string;
  /** File name, or `wasm from bytes`. */
  name: string;
  url: string;
  phase: Phase;
  /** When reading began, ms since the epoch. */
  since: number;
  /** Bytes; null until they are here. */
  size: number | null;
  info: Info | null;
  /** The session's name for the bytes; null until they are open. */
  key: string | null;
  /** Why it failed, one sentence. */
  why: string;
  /** It failed only for its size. */
  tooLarge: boolean;
  /** Why files that tell more of it are not used; a sentence each. */
  notes: string[];
}

export interface ModuleStore {
  entries: Signal<ReadonlyMap<string, ModuleEntry>>;
  /** Reads the bytes behind an instance. Runs to its end in every case; the outcome is in the entry. */
  load(realm: string, instance: number, url: string): Promise<void>;
  /** Opens a file of the user. @returns its entry's id */
  openFile(file: File, companions?: Companions): Promise<string>;
  cancel(id: string): void;
  /** Tries a failed or cancelled one again; `anyway` in spite of its size. */
  retry(id: string, anyway: boolean): Promise<void>;
}

export function instanceKey(realm: string, instance: number): string {
  return `${realm}/${instance}`;
}

interface Job {
  id: string;
  name: string;
  url: string;
  /** Rejects with a RangeError when there are more than `most`. */
  bytes(most: number): Promise<Uint8Array>;
  /** Files that tell more of it. */
  companions(info: Info): Promise<Companions>;
  /** Ties the open bytes to what they belong to. */
  bind(key: string): Promise<Change | null>;
  unavailable(why: string): Promise<Change | null>;
}

export function createModules(
  target: Target,
  session: Remote<SessionApi>,
  apply: (change: Change) => void,
  server: Server,
): ModuleStore {
  const entries = signal<ReadonlyMap<string, ModuleEntry>>(new Map());
  const jobs = new Map<string, Job>();

  const put = (entry: ModuleEntry) => {
    entries.value = new Map(entries.value).set(entry.id, entry);
  };
  const update = (id: string, more: Partial<ModuleEntry>) => put({ ...entries.value.get(id)!, ...more });

  async function run(job: Job, anyway: boolean): Promise<void> {
    const since = Date.now();
    jobs.set(job.id, job);
    const { id, name, url } = job;
    put({
      id,
      name,
      url,
      phase: 'fetching',
      since,
      size: null,
      info: null,
      key: null,
      why: '',
      tooLarge: false,
      notes: [],
    });
    // Cancelled, or begun again: this run has nothing more to say.
    const over = () => entries.value.get(id)?.since !== since || entries.value.get(id)?.phase === 'cancelled';
    const fail = async (why: string, tooLarge = false) => {
      if (over()) return;
      update(id, { phase: 'failed', why, tooLarge });
      const change = await job.unavailable(why);
      if (change) apply(change);
    };
    try {
      const bytes = await job.bytes(anyway ? Number.POSITIVE_INFINITY : MOST_BYTES);
      if (over()) return;
      update(id, { phase: 'reading', size: bytes.length });
      const key = `${name} ${await fingerprint(bytes)}`;
      const opened = await session.open(key, bytes);
      if (over()) return;
      if (!opened.ok) return await fail(opened.why);
      update(id, { phase: 'naming', info: opened.info, key });
      const notes = await hand(session, key, await job.companions(opened.info));
      if (over()) return;
      if (notes.length > 0) update(id, { notes });
      const change = await job.bind(key);
      if (change) apply(change);
      if (!over()) update(id, { phase: 'ready' });
    } catch (error) {
      await fail(error instanceof Error ? error.message : String(error), error instanceof RangeError);
    }
  }

  return {
    entries,
    load: (realm, instance, url) => {
      const id = instanceKey(realm, instance);
      return run(
        {
          id,
          name: url ? baseName(url.replace(/[?#].*$/, '')) || url : 'wasm from bytes',
          url,
          bytes: (most) => target.bytes(realm, instance, { most }),
          companions: (info) => besideOf(url, info, server),
          bind: (key) => session.bind(realm, instance, key),
          unavailable: async (why) => {
            const bound = await session.bind(realm, instance, id);
            const told = await session.unavailable(id, why);
            return { ...told, removed: [...bound.removed, ...told.removed] };
          },
        },
        false,
      );
    },
    openFile: async (file, companions = NONE) => {
      const id = `file ${file.name} ${file.size} ${file.lastModified}`;
      const none = async () => null;
      const bytes = async (most: number) => {
        if (file.size > most) {
          const [is, limit] = [file.size, most].map((size) => `${Math.ceil(size / 2 ** 20)} MB`);
          throw new RangeError(`This file is ${is}; the panel reads modules up to ${limit}.`);
        }
        return new Uint8Array(await file.arrayBuffer());
      };
      const job = { id, name: file.name, url: '', bytes, companions: async () => companions };
      await run({ ...job, bind: none, unavailable: none }, false);
      return id;
    },
    cancel: (id) => update(id, { phase: 'cancelled', why: 'Reading was cancelled.' }),
    retry: async (id, anyway) => {
      const job = jobs.get(id);
      if (job) await run(job, anyway);
    },
  };
}
