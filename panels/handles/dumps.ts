/** Dump files: linear memory and the handle table in one consistent picture. The page gives it, the session writes and reads it, in pieces. */
import type { HandlesApi } from '../../src/handles/api';
import type { Remote } from '../../src/protocol/channel';
import { PAGE, type TableOptions } from '../../src/protocol/handles';
import type { Target } from '../../src/target';

/** What a dump file is called after its name's last dot. */
export const EXTENSION = 'godump';

/** Bytes of memory that are handed on at once: whole pages. */
const PIECE = 64 * PAGE;

/** A dump of this size holds more memory than a page may have. */
const MOST_BYTES = 1024 * 2 ** 20;

/** What is being done, and how far. */
export interface Progress {
  /** Bytes; 0 while the page copies. */
  done: number;
  size: number;
}

export interface DumpFiles {
  /**
   * @param title what it is of: URL of the page
   * @param signal ends it: then there is no file
   * @returns the file; null when it was ended. Rejects with one sentence
   */
  save(
    of: { realm: string; instance: number; options: TableOptions; title: string },
    progress: (now: Progress) => void,
    signal: AbortSignal,
  ): Promise<Blob | null>;
  /** @param key of the open module; null for none. Rejects with one sentence for what is no dump, or one of another module */
  open(file: File, key: string | null): Promise<{ realm: string; instance: number; note: string }>;
}

export function dumpFiles(session: Remote<HandlesApi>, target: Target): DumpFiles {
  return {
    async save({ realm, instance, options, title }, progress, signal) {
      progress({ done: 0, size: 0 });
      const { bytes, ...parts } = await target.handles(realm, { ask: 'dump', instance, options });
      if (signal.aborted) return null;
      const whole = bytes instanceof Blob ? bytes : new Blob([bytes]);
      const begun = await session.dumpBegin(realm, instance, parts, title);
      if (!begun.ok) throw new Error(sentence(begun.why));
      const { dump, size } = begun.value;
      try {
        if (whole.size !== size) throw new Error(`Of ${size} bytes of memory ${whole.size} came.`);
        for (let done = 0; done < size && !signal.aborted; done += PIECE) {
          progress({ done, size });
          await session.dumpAdd(dump, new Uint8Array(await whole.slice(done, done + PIECE).arrayBuffer()));
        }
      } catch (error) {
        await session.dumpEnd(dump);
        throw error;
      }
      const file = await session.dumpEnd(dump);
      if (signal.aborted) return null;
      if (!file) throw new Error('The dump is not whole.');
      return file;
    },
    async open(file, key) {
      if (file.size > MOST_BYTES) throw new Error('It is over 1 GB.');
      const opened = await session.dumpOpen(new Uint8Array(await file.arrayBuffer()), key);
      if (!opened.ok) throw new Error(sentence(opened.why));
      const { realm, instance, known } = opened.value;
      return {
        realm,
        instance,
        note: known ? '' : 'The module it was taken of is not open: its Go lines have no names.',
      };
    },
  };
}

/** Readers say what they expected, and no more. */
const sentence = (why: string): string => (why.endsWith('.') ? why : `${why}.`);
