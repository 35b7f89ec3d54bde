/**
 * The code section outlined: where each body lies, not what it does.
 * A body's offset is its first byte, the vector of locals (where V8 puts a stack overflow at function entry).
 */
import type { Reader } from '../bytes/reader';
import { floorIndex } from '../bytes/search';

export interface CodeOutline {
  /** Module offset of each body's first byte, ascending, and its length. Index: number among defined functions. */
  offsets: Uint32Array;
  sizes: Uint32Array;
}

/** As V8 limits them (wasm-limits.h). */
const MOST_BODIES = 1_000_000;

export function readCode(reader: Reader): CodeOutline {
  // Size, locals and an end: three bytes at least.
  const count = reader.count(3, 'function bodies');
  if (count > MOST_BODIES) reader.fail(`at most ${MOST_BODIES} function bodies`);
  const offsets = new Uint32Array(count);
  const sizes = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const size = reader.leb32();
    offsets[i] = reader.offset;
    sizes[i] = size;
    reader.skip(size, `${size} bytes of function body`);
  }
  return { offsets, sizes };
}

/** @returns number among defined functions of the body that holds a module offset, or -1 */
export function bodyAt(code: CodeOutline, offset: number): number {
  const index = floorIndex(code.offsets, offset);
  return index >= 0 && offset < code.offsets[index] + code.sizes[index] ? index : -1;
}
