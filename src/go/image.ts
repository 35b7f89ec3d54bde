/**
 * Linear memory as it is before the first instruction: the active data segments laid out by address. The Go linker cuts
 * data at runs of 8 zero bytes (cmd/link/internal/wasm/asm.go writeDataSec, up to 100,000 segments), so every table must
 * be read here and none in the file. Knows addresses, not what lies there.
 */
import { Malformed } from '../bytes/malformed';
import { Reader } from '../bytes/reader';
import type { Module } from '../wasm/module';

/** An image may be this many times as large as the module: zeros are not stored, but hostile segments lie far apart. */
const MOST_TIMES = 8;
const ALWAYS_ALLOWED = 1 << 20;

export class Image {
  /** 32-bit little-endian words of the image, for scans. */
  readonly words: Uint32Array;
  private readonly view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    /** Address of bytes[0]; a multiple of 8. */
    readonly base: number,
  ) {
    this.words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get end(): number {
    return this.base + this.bytes.length;
  }

  has(address: number, size = 1): boolean {
    return address >= this.base && size >= 0 && address + size <= this.end;
  }

  /** @throws Malformed when the address lies outside the image */
  at(address: number, what = 'data'): Reader {
    if (!this.has(address, 0)) throw new Malformed(`${what} inside the data image`, address);
    return new Reader(this.bytes, this.base, address - this.base);
  }

  /** @throws Malformed when it does not lie in the image */
  u32(address: number, what = 'data'): number {
    if (!this.has(address, 4)) throw new Malformed(`${what} inside the data image`, address);
    return this.view.getUint32(address - this.base, true);
  }

  /** An address: u64 of which the high word must be 0 on wasm32. */
  pointer(address: number): number {
    const low = this.u32(address, 'a pointer');
    if (this.u32(address + 4, 'a pointer') !== 0) throw new Malformed('a 32-bit address', address);
    return low;
  }

  /** The same where nothing is promised: null for what cannot be one. */
  pointerOrNull(address: number): number | null {
    return this.has(address, 8) && this.u32(address + 4) === 0 ? this.u32(address) : null;
  }

  /** @throws Malformed when it does not lie in the image */
  slice(address: number, size: number, what = 'data'): Uint8Array {
    if (!this.has(address, size)) throw new Malformed(`${size} bytes of ${what} inside the data image`, address);
    return this.bytes.subarray(address - this.base, address - this.base + size);
  }
}

/** @throws Malformed without data segments, or when they lie too far apart */
export function readImage(module: Module): Image {
  const outcome = module.data();
  if (!outcome.ok) throw new Malformed(`a readable data section (${outcome.why})`, 0);
  const data = outcome.value;
  if (!data || data.count === 0) throw new Malformed('active data segments', module.bytes.length);
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (let i = 0; i < data.count; i++) {
    if (data.addresses[i] < low) low = data.addresses[i];
    if (data.addresses[i] + data.sizes[i] > high) high = data.addresses[i] + data.sizes[i];
  }
  const base = low - (low % 8);
  const size = Math.ceil((high - base) / 8) * 8;
  if (size > module.bytes.length * MOST_TIMES + ALWAYS_ALLOWED) {
    throw new Malformed(`data segments within ${MOST_TIMES} times the file's size, not ${size} bytes`, data.offsets[0]);
  }
  const bytes = new Uint8Array(size);
  for (let i = 0; i < data.count; i++) {
    const from = data.offsets[i];
    bytes.set(module.bytes.subarray(from, from + data.sizes[i]), data.addresses[i] - base);
  }
  return new Image(bytes, base);
}
