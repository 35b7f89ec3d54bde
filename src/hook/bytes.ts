/**
 * Where the bytes of each Go module can be had again. Streamed modules have a URL; a copy is kept only of modules that were
 * compiled from bytes or from a response without a URL to ask again, and only if they are made by Go.
 *
 * The modules that `compile` and its kin make are never seen (that would take a reaction on the page's promise). A module
 * met later is tied to the oldest compilation not spoken for that may be it. That is wrong only for pages that compile
 * several Go modules and then instantiate them in another order.
 */
import { EXIT } from './imports';
import { buffers, isObject, min, pristine, promise, take, text, typed, U8, utf8 } from './pristine';

export interface Source {
  url: string;
  blob: Blob | PromiseLike<Blob> | null;
  /** Made by Go; undefined as long as neither bytes nor module were seen. */
  go?: boolean;
}

const MOST_COMPILED = 32;
/** Copies kept at most: a page that makes a new program at each run must not fill the memory. */
const MOST_KEPT = 8;
/** The import section stands in the first few KB: before it are only types, and custom sections by Go's linker. */
const HEAD = 1 << 14;
const MOST_URL = 2048;

const compiled: Source[] = [];
const kept: Source[] = [];
const sources = new WeakMap<object, Source>();
const { get, set } = pristine(WeakMap.prototype);
const responses = pristine(Response.prototype);
const PristineBlob = Blob;
const { imports: importsOf } = WebAssembly.Module;

/** A module compiled from `bytes`, as they are now. Throws for anything but bytes. */
export function ofBytes(bytes: unknown): Source {
  const source: Source = { url: '', blob: null, go: text.includes(headOf(bytes), EXIT) };
  if (source.go) keep(source, new PristineBlob([bytes as BufferSource]));
  return source;
}

function headOf(bytes: unknown): string {
  let view: Uint8Array<ArrayBuffer>;
  try {
    view = new U8(typed.buffer(bytes), typed.byteOffset(bytes), min(typed.byteLength(bytes), HEAD));
  } catch {
    view = new U8(bytes as ArrayBuffer, 0, min(buffers.byteLength(bytes), HEAD));
  }
  return utf8(view);
}

/** A module streamed from `response`, a Response or a promise for one. */
export function ofResponse(response: unknown): Source {
  const source: Source = { url: '', blob: null };
  const read = (value: unknown) => {
    const url = responses.url(value);
    // A data: URL is as long as the module.
    source.url = url.length > MOST_URL ? '' : url;
    if (isRemote(source)) return;
    // A copy, for a blob: URL may be revoked.
    const blob = responses.blob(responses.clone(value));
    keep(source, blob);
    promise.then(blob, undefined, () => forget(source));
  };
  try {
    read(response);
  } catch {
    // The native reacts to this promise too, so this changes nothing about its being handled.
    promise.then(response, read, () => {});
  }
  return source;
}

/** A compilation was started whose module will be met later. */
export function expectModule(source: Source): void {
  if (compiled.length >= MOST_COMPILED) take(compiled, 0);
  compiled[compiled.length] = source;
}

/** Where a module that is about to be instantiated came from; undefined when `module` is no WebAssembly.Module. */
export function ofModule(module: unknown): Source | undefined {
  if (!isObject(module)) return;
  let source = get(sources, module) as Source | undefined;
  if (source) return source;
  let go = false;
  try {
    const list = importsOf(module as WebAssembly.Module);
    for (let i = 0; i < list.length; i++) go ||= list[i].name === EXIT;
  } catch {
    return;
  }
  source = { url: '', blob: null };
  for (let i = 0; i < compiled.length; i++) {
    if (compiled[i].go === undefined || compiled[i].go === go) {
      source = take(compiled, i);
      break;
    }
  }
  source.go = go;
  if (!go) forget(source);
  set(sources, module, source);
  return source;
}

/** The URL can be asked for the bytes again. */
export const isRemote = ({ url }: Source) => text.startsWith(url, 'http');

function keep(source: Source, blob: Source['blob']): void {
  source.blob = blob;
  if (kept.length >= MOST_KEPT) take(kept, 0).blob = null;
  kept[kept.length] = source;
}

/** Its place among the kept is left to be pushed out. */
function forget(source: Source): void {
  source.blob = null;
}
