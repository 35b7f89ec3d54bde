/** Linear memory of a Go program, copied in one turn: the pages that hold anything but zeros. */
import { PAGE } from '../../protocol/handles';
import { bufferOf, byteLength, U8 } from '../pristine';
import { I32 } from '../record/pristine';

export interface MemoryCopy {
  /** Bytes of the whole. */
  memory: number;
  /** Numbers of the pages, rising. */
  pages: Int32Array<ArrayBuffer>;
  /** Their bytes, one after another. */
  bytes: Uint8Array<ArrayBuffer>;
}

export function copyMemory(buffer: ArrayBuffer): MemoryCopy {
  const size = byteLength(buffer);
  const count = (size / PAGE) >>> 0;
  const used = new U8(count);
  const words = new I32(buffer, 0, (size / 4) >>> 0);
  let filled = 0;
  for (let page = 0; page < count; page++) {
    const end = ((page + 1) * PAGE) / 4;
    let at = (page * PAGE) / 4;
    while (at < end && words[at] === 0) at++;
    if (at === end) continue;
    used[page] = 1;
    filled++;
  }
  const pages = new I32(filled);
  const bytes = new U8(filled * PAGE);
  const out = new I32(bufferOf(bytes));
  let row = 0;
  for (let page = 0; page < count; page++) {
    if (!used[page]) continue;
    const from = (page * PAGE) / 4;
    const to = (row * PAGE) / 4;
    for (let i = 0; i < PAGE / 4; i++) out[to + i] = words[from + i];
    pages[row++] = page;
  }
  return { memory: size, pages, bytes };
}
