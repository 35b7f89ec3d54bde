/**
 * A program at one moment as a file: linear memory and the table of values, taken in one turn while no Go ran. What the panel saves and
 * `gowasm run --dump` writes, and what both read again. Codec only, and of the pages not even that: they come deflated and stay so
 * (`memory.ts` inflates them), for a browser and Node have different words for it. Runs in Node and in a worker.
 *
 * Layout, all numbers LEB128 unless said, signed ones as zigzag; u32 and f64 little-endian; a text is its length in bytes, then UTF-8, in
 * which half a surrogate pair is U+FFFD; columns have a number for each row and stand one after another:
 *   "gowadump", version 1 (a byte), u32 length of what follows the checksum, u32 its CRC-32
 *   sections, each a byte that says which, length, contents; in the order of these numbers:
 *   1 about: fingerprint of the module (8 bytes, lines/fingerprint.ts), its size; title; when, in ms since the epoch (f64); Go's version,
 *     text; SP, 1 if the return PC lies there and else 0, PC; bytes of linear memory
 *   2 handles: now, origin (f64); slots, free; funcs and numgc, each plus 1; class names without that of 0: count, then texts;
 *     rows, columns of ids (steps), types (a byte), refs plus 1, classes, flags (a byte)
 *   3 who made them, left out if nobody watched: since (f64), lost; words of stacks: count, then for each stack its count of PCs, signed,
 *     negative when cut, and PCs, signed steps; columns of births, times (f64), crossings, stacks, funcs, codes, handlers, turns
 *   4 js.Funcs, left out if not known: rows, columns of ids, codes, stacks, times (f64), handlers, turns; made by stack: count, then numbers
 *   5 previews, for each handle: now (f64); class names: count, then texts; columns of types (a byte), flags (a byte), births plus 1,
 *     classes (numbers of these names, from 0), texts
 *   6 pages of memory that are not all zero, 64 KiB each, at most 64 of them; as many such sections as it takes: count, their numbers
 *     (steps, from 0 in each section), u32 CRC-32 of their bytes, and to the end of the section these, in raw DEFLATE (RFC 1951)
 * A section with another number is skipped wherever it stands. So a later release may add what an earlier one need not know; for what it must
 * not miss the version is raised. What columns mean is said in protocol/handles.ts.
 */
import { crc32 } from '../bytes/crc32';
import type { Reader } from '../bytes/reader';
import { beginSealed, openSealed, SEALED_FROM, seal } from '../bytes/sealed';
import { Writer } from '../bytes/writer';
import { isMemory } from '../protocol/check-handles';
import { type DumpParts, PAGE } from '../protocol/handles';
import {
  ended,
  readPreviews,
  readTable,
  readText,
  writePreviews,
  writeRegistered,
  writeTable,
  writeWatched,
} from './handles';

/** What was taken, where and when. */
export interface DumpAbout {
  /** Which module: `fingerprintOf`, 8 bytes. */
  fingerprint: Uint8Array;
  /** Of the module, bytes. */
  size: number;
  /** URL of the page, or the command. */
  title: string;
  /** Milliseconds since the epoch. The page's own clock is in the table: `now`, `origin`. */
  takenAt: number;
  /** As the module says it, `go1.26.1`; '' for not known. */
  goVersion: string;
  /** PC that ran, where it is known and does not lie at SP; 0 else. */
  pc: number;
}

/** What one turn gave, but for the pages themselves. */
export type DumpTaken = Omit<DumpParts, 'pages' | 'bytes'>;

/** Pages of memory, and their bytes one after another. */
export interface RawPages {
  pages: Int32Array;
  bytes: Uint8Array;
}

/** The same, deflated. */
export interface DeflatedPages {
  /** Rising, at most `PAGES_OF_CHUNK`. */
  pages: Int32Array;
  /** CRC-32 of their bytes. */
  crc: number;
  deflated: Uint8Array;
}

export interface DumpChunk extends DeflatedPages {
  /** Where it lies in the file. */
  offset: number;
}

export interface Dump extends DumpTaken {
  about: DumpAbout;
  /** By rising pages. */
  chunks: DumpChunk[];
}

/** 4 MiB: what one has to inflate for a single word. */
export const PAGES_OF_CHUNK = 64;

const DUMP = { letters: 'gowadump', version: 1, word: 'dump', what: 'a dump of a Go program' };
const MOST_BYTES = 2 ** 32 - 1;
/** Characters. */
const MOST_TITLE = 65536;
const MOST_VERSION = 1024;

enum Section {
  About = 1,
  Handles,
  Watched,
  Registered,
  Previews,
  Pages,
}

/** Cuts pages so that each part may be a chunk. @param bytes of these pages, one after another */
export function* chunksOf(pages: Int32Array, bytes: Uint8Array): Generator<RawPages> {
  for (let from = 0; from < pages.length; from += PAGES_OF_CHUNK) {
    const to = Math.min(from + PAGES_OF_CHUNK, pages.length);
    yield { pages: pages.subarray(from, to), bytes: bytes.subarray(from * PAGE, to * PAGE) };
  }
}

/** @param taken what `checkDumpParts` let through */
export function beginDump(about: DumpAbout, taken: DumpTaken): DumpWriter {
  const { table } = taken;
  const head = beginSealed(DUMP);
  head.u8(Section.About).sized(writeAbout(about, taken));
  head.u8(Section.Handles).sized(writeTable(table));
  if (table.watched) head.u8(Section.Watched).sized(writeWatched(table.watched));
  if (table.registered) head.u8(Section.Registered).sized(writeRegistered(table.registered));
  head.u8(Section.Previews).sized(writePreviews(taken.previews));
  return new DumpWriter(head);
}

function writeAbout({ fingerprint, size, title, takenAt, goVersion, pc }: DumpAbout, { sp, at, memory }: DumpTaken) {
  const out = new Writer().append(fingerprint).uleb(size).name(title.slice(0, MOST_TITLE)).f64(takenAt);
  out
    .name(goVersion.slice(0, MOST_VERSION))
    .uleb(sp)
    .uleb(at === 'import' ? 1 : 0);
  return out.uleb(pc).uleb(memory).done();
}

/** A dump to which pages are added. Holds what it is given and copies nothing. */
export class DumpWriter {
  /** Bytes of the file so far. */
  size: number;
  private readonly parts: Uint8Array[];
  private crc: number;

  constructor(private readonly head: Writer) {
    const begun = head.done();
    this.parts = [begun];
    this.size = begun.length;
    this.crc = crc32(begun.subarray(SEALED_FROM));
  }

  /**
   * @param chunk pages behind those that were added before
   * @throws RangeError for a file of more than 4 GiB, whose length cannot be written down
   */
  addChunk({ pages, crc, deflated }: DeflatedPages): void {
    const about = new Writer().uleb(pages.length);
    let last = 0;
    for (const page of pages) {
      about.uleb(page - last);
      last = page;
    }
    about.u32(crc);
    const opening = new Writer().u8(Section.Pages).uleb(about.length + deflated.length);
    for (const part of [opening.append(about.done()).done(), deflated]) {
      this.parts.push(part);
      this.size += part.length;
      this.crc = crc32(part, this.crc);
    }
    if (this.size - SEALED_FROM > MOST_BYTES) throw new RangeError('a dump of more than 4 GiB');
  }

  /** @returns the file in parts, for a Blob or to be written one by one */
  done(): Uint8Array[] {
    seal(this.head, this.size - SEALED_FROM, this.crc);
    return this.parts;
  }
}

/**
 * Reads all but the bytes of the pages, of which it keeps views of the file.
 * @throws Malformed for what is no dump, is cut or was changed, or whose numbers stand for nothing
 */
export function decodeDump(file: Uint8Array): Dump {
  const reader = openSealed(file, DUMP);
  const { about, ...taken } = readAbout(required(reader, Section.About, 'a section about the program'));
  const handles = required(reader, Section.Handles, 'a section of handles');
  const table = readTable(handles, find(reader, Section.Watched), find(reader, Section.Registered));
  const previews = readPreviews(required(reader, Section.Previews, 'a section of previews'), table.ids);
  const chunks: DumpChunk[] = [];
  const pages = taken.memory / PAGE;
  let last = -1;
  for (let section = find(reader, Section.Pages); section; section = find(reader, Section.Pages)) {
    const chunk = readChunk(section, last + 1, pages);
    last = chunk.pages[chunk.pages.length - 1];
    chunks.push(chunk);
  }
  if (reader.left > 0) reader.fail('the end of the dump');
  return { about, ...taken, table, previews, chunks };
}

/** Moves past a section, and those in front of it that nobody knows. @returns null where another one comes first, or none */
function find(reader: Reader, wanted: Section): Reader | null {
  while (reader.left > 0) {
    const section = reader.bytes[reader.position];
    if (section !== wanted && section in Section) return null;
    reader.skip(1);
    const contents = reader.sub(reader.leb32(), 'a section');
    if (section === wanted) return contents;
  }
  return null;
}

function required(reader: Reader, wanted: Section, what: string): Reader {
  return find(reader, wanted) ?? reader.fail(what);
}

function readAbout(reader: Reader) {
  const fingerprint = reader.slice(8, 'a fingerprint').slice();
  const size = reader.leb32();
  const title = readText(reader, MOST_TITLE);
  const takenAt = reader.f64();
  if (!(Math.abs(takenAt) < 8.64e15)) reader.fail('a time in front of this');
  const goVersion = readText(reader, MOST_VERSION);
  const sp = reader.leb32();
  const where = reader.u8();
  if (where > 1) reader.fail('0 or 1 in front of this');
  const pc = reader.leb53();
  const memory = reader.leb53();
  if (!isMemory(memory)) reader.fail('a size of whole pages in front of this, at most 4 GiB');
  ended(reader);
  const at: DumpTaken['at'] = where === 1 ? 'import' : 'event';
  return { about: { fingerprint, size, title, takenAt, goVersion, pc }, sp, at, memory };
}

/** @param from the first page that it may have; @param to behind the last */
function readChunk(reader: Reader, from: number, to: number): DumpChunk {
  const offset = reader.base;
  const count = reader.leb32();
  if (count < 1 || count > PAGES_OF_CHUNK) reader.fail(`1 to ${PAGES_OF_CHUNK} pages`);
  const pages = new Int32Array(count);
  let [page, least] = [0, from];
  for (let i = 0; i < count; i++) {
    page += reader.leb32();
    if (page < least || page >= to) reader.fail(`a page from ${least} on and below ${to}`);
    pages[i] = page;
    least = page + 1;
  }
  const crc = reader.u32();
  return { pages, crc, deflated: reader.slice(reader.left), offset };
}
