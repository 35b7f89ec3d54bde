/**
 * Dumps that are being put together from pieces of memory, and the words for those that are opened. The file itself is made by `memory/`.
 */
import { crc32 } from '../bytes/crc32';
import type { Outcome } from '../bytes/malformed';
import { fingerprintOf } from '../lines/fingerprint';
import { beginDump, chunksOf, type DumpWriter } from '../memory/dump';
import { deflate } from '../memory/streams';
import type { Program } from '../program';
import { type DumpParts, PAGE } from '../protocol/handles';
import type { DumpBegun } from './api';

/** One that is being made. */
interface Making {
  writer: DumpWriter;
  pages: Int32Array;
  /** How many of them have come. */
  come: number;
  /** What was added last; further pieces wait for it. */
  last: Promise<void>;
  /** More came than there are pages, or what is no page. */
  broken: boolean;
}

/** Dumps that are being made: each holds as much as its memory deflates to. */
const MOST = 4;

export class Dumps {
  private readonly making = new Map<number, Making>();
  private begun = 0;

  /** @param program null when its module has not been read */
  begin(program: Program | null, parts: Omit<DumpParts, 'bytes'>, title: string): Outcome<DumpBegun> {
    if (!program) return { ok: false, why: 'The module has not been read, and a dump says of which build it is.' };
    const { module, go } = program;
    const { pages, ...taken } = parts;
    const { now, origin } = parts.table;
    const about = { fingerprint: fingerprintOf(module), size: module.bytes.length, goVersion: go.version ?? '', pc: 0 };
    const writer = beginDump({ ...about, title, takenAt: origin + now }, taken);
    const dump = ++this.begun;
    this.making.set(dump, { writer, pages, come: 0, last: Promise.resolve(), broken: false });
    const [oldest] = this.making.keys();
    if (this.making.size > MOST) this.making.delete(oldest);
    return { ok: true, value: { dump, size: pages.length * PAGE } };
  }

  /** Takes a piece when all before it has been taken. */
  add(dump: number, bytes: Uint8Array): Promise<void> {
    const making = this.making.get(dump);
    if (!making) return Promise.resolve();
    const pages = making.pages.subarray(making.come, making.come + bytes.length / PAGE);
    making.come += pages.length;
    if (pages.length * PAGE !== bytes.length) making.broken = true;
    else making.last = making.last.then(() => deflated(making, pages, bytes));
    return making.last;
  }

  /** @returns the file; null when not all of it has come */
  end(dump: number): Blob | null {
    const making = this.making.get(dump);
    this.making.delete(dump);
    if (!making || making.broken || making.come < making.pages.length) return null;
    return new Blob(making.writer.done() as Uint8Array<ArrayBuffer>[], { type: 'application/octet-stream' });
  }
}

async function deflated(making: Making, pages: Int32Array, bytes: Uint8Array): Promise<void> {
  for (const chunk of chunksOf(pages, bytes)) {
    if (making.broken) return;
    const crc = crc32(chunk.bytes);
    const packed = await deflate(chunk.bytes);
    try {
      making.writer.addChunk({ pages: chunk.pages, crc, deflated: packed });
    } catch (error) {
      // A file of more than 4 GiB has no length that can be written down.
      if (!(error instanceof RangeError)) throw error;
      making.broken = true;
    }
  }
}
