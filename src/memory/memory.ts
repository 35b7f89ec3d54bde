/**
 * Linear memory out of a dump, to be read by address: little-endian, pages that nobody wrote to are zero. Knows no Go but that a pointer of
 * it is 8 bytes wide, of which WebAssembly has 4 (cmd/compile: wasm is a 64-bit port on 32-bit addresses).
 * Errors of addresses are Malformed with the address for an offset; those of pages that do not inflate name their place in the file.
 */
import { crc32 } from '../bytes/crc32';
import { lazily, Malformed, must } from '../bytes/malformed';
import { PAGE } from '../protocol/handles';
import type { Dump, DumpChunk } from './dump';

/** Pages, rising, and their bytes one after another, when they are first asked for. */
export interface MemoryPart {
  pages: Int32Array;
  bytes: () => Uint8Array;
}

/** Inflates raw DEFLATE, all of it. @returns null for what is none, or inflates to another size; it takes no more memory for it */
export type Inflate = (deflated: Uint8Array, size: number) => Uint8Array | null;

const NONE = -1;
/** Of addresses below 2³², which all in memory are. */
const pageOf = (address: number) => address >>> 16;
const withinPage = (address: number) => address & (PAGE - 1);

export class Memory {
  /** By page: its part, and its place in there in bytes. */
  private readonly partOf: Int32Array;
  private readonly placeOf: Int32Array;
  private readonly views: (DataView | undefined)[] = [];

  /** @param size bytes, of whole pages */
  constructor(
    readonly size: number,
    private readonly parts: MemoryPart[],
  ) {
    this.partOf = new Int32Array(size / PAGE).fill(NONE);
    this.placeOf = new Int32Array(size / PAGE);
    for (const [part, { pages }] of parts.entries()) {
      for (let i = 0; i < pages.length; i++) {
        this.partOf[pages[i]] = part;
        this.placeOf[pages[i]] = i * PAGE;
      }
    }
  }

  has(address: number, length: number): boolean {
    return address >= 0 && length >= 0 && address + length <= this.size;
  }

  u8(address: number): number {
    this.expect(address, 1);
    return this.byte(address);
  }

  u32(address: number): number {
    this.expect(address, 4);
    const page = pageOf(address);
    const within = withinPage(address);
    if (within <= PAGE - 4) return this.viewOf(page)?.getUint32(this.placeOf[page] + within, true) ?? 0;
    let value = 0;
    for (let i = 3; i >= 0; i--) value = (value << 8) | this.byte(address + i);
    return value >>> 0;
  }

  /** @throws Malformed also for a pointer to what is beyond 4 GiB */
  pointer(address: number): number {
    this.expect(address, 8);
    if (this.u32(address + 4) !== 0) throw new Malformed('a pointer of 32 bits', address);
    return this.u32(address);
  }

  /** A copy. */
  bytes(address: number, length: number): Uint8Array<ArrayBuffer> {
    this.expect(address, length);
    const out = new Uint8Array(length);
    for (let at = 0; at < length; ) {
      const page = pageOf(address + at);
      const within = withinPage(address + at);
      const count = Math.min(length - at, PAGE - within);
      const view = this.viewOf(page);
      if (view) out.set(bytesOf(view, this.placeOf[page] + within, count), at);
      at += count;
    }
    return out;
  }

  /**
   * All of it, zero pages too, for who must look at every word.
   * @param most bytes; @returns null when it is larger
   */
  words(most: number): Int32Array<ArrayBuffer> | null {
    return this.size <= most ? new Int32Array(this.bytes(0, this.size).buffer) : null;
  }

  private byte(address: number): number {
    const page = pageOf(address);
    return this.viewOf(page)?.getUint8(this.placeOf[page] + withinPage(address)) ?? 0;
  }

  /** @returns undefined for a page of zeros */
  private viewOf(page: number): DataView | undefined {
    const part = this.partOf[page];
    if (part === NONE) return;
    const view = this.views[part];
    if (view) return view;
    const { buffer, byteOffset, byteLength } = this.parts[part].bytes();
    this.views[part] = new DataView(buffer, byteOffset, byteLength);
    return this.views[part];
  }

  private expect(address: number, length: number): void {
    if (!this.has(address, length)) throw new Malformed(`${length} bytes of linear memory`, address);
  }
}

function bytesOf(view: DataView, at: number, length: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, length);
}

/**
 * Inflates what is asked for, and remembers it.
 * @param most bytes of pages that are not zero
 * @throws Malformed for more of them; of each read, for pages that do not inflate to what they were
 */
export function openMemory(dump: Dump, inflate: Inflate, most: number): Memory {
  expectAtMost(dump, most);
  const parts = dump.chunks.map((chunk) => {
    const read = lazily(() => checked(chunk, inflate(chunk.deflated, sizeOf(chunk))));
    return { pages: chunk.pages, bytes: () => must(read()) };
  });
  return new Memory(dump.memory, parts);
}

/** The same where inflating takes its time: all of it is done before. */
export async function loadMemory(
  dump: Dump,
  inflate: (...of: Parameters<Inflate>) => Promise<ReturnType<Inflate>>,
  most: number,
): Promise<Memory> {
  expectAtMost(dump, most);
  const parts: MemoryPart[] = [];
  for (const chunk of dump.chunks) {
    const bytes = checked(chunk, await inflate(chunk.deflated, sizeOf(chunk)));
    parts.push({ pages: chunk.pages, bytes: () => bytes });
  }
  return new Memory(dump.memory, parts);
}

const sizeOf = ({ pages }: DumpChunk) => pages.length * PAGE;

function expectAtMost({ chunks }: Dump, most: number): void {
  let size = 0;
  for (const chunk of chunks) {
    size += sizeOf(chunk);
    if (size > most) throw new Malformed(`at most ${most} bytes of memory`, chunk.offset);
  }
}

function checked(chunk: DumpChunk, bytes: Uint8Array | null): Uint8Array {
  const size = sizeOf(chunk);
  if (bytes?.length !== size) throw new Malformed(`pages that inflate to ${size} bytes`, chunk.offset);
  if (crc32(bytes) !== chunk.crc) throw new Malformed('pages that add up to their checksum', chunk.offset);
  return bytes;
}
