/** Whether a module that is about to be instantiated is one of those that ../bytes.ts takes for Go's: the same answers. */
import { EXIT } from '../imports';
import { bufferOf, byteLength, byteLengthOf, byteOffsetOf, includes, Module, min, tagOf, U8, utf8 } from '../pristine';

enum Most {
  /** Bytes looked at, as there. */
  Head = 16384,
}

const { isView } = ArrayBuffer;
const { imports: importsOf } = Module;
const PristineResponse = Response;

/** @param source a module, or bytes. Throws for anything else, and for bytes of which ../bytes.ts can make no copy */
export function isGo(source: unknown): boolean {
  if (tagOf(source) === 'WebAssembly.Module') {
    const list = importsOf(source as WebAssembly.Module);
    for (let i = 0; i < list.length; i++) if (list[i].name === EXIT) return true;
    return false;
  }
  const view = isView(source);
  const buffer = view ? bufferOf(source) : (source as ArrayBuffer);
  const size = view ? byteLengthOf(source) : byteLength(source);
  const head = new U8(buffer, view ? byteOffsetOf(source) : 0, min(size, Most.Head));
  if (!includes(utf8(head), EXIT)) return false;
  // A response takes neither shared nor resizable memory; of nothing it is made as soon as of all.
  new PristineResponse(new U8(buffer, 0, 0));
  return true;
}
