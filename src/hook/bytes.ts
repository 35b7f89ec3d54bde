/**
 * Where the bytes of each Go module can be had again. Streamed modules have a URL; a copy is kept only of modules that were
 * compiled from bytes or from a response without a URL to ask again, and only if they are made by Go.
 *
 * The modules that `compile` and its kin make are never seen (that would take a reaction on the page's promise). A module
 * met later is tied to the oldest compilation not spoken for that may be it. That is wrong only for pages that compile
 * several Go modules and then instantiate them in another order.
 */
import { EXIT } from './imports';
import {
  add,
  bufferOf,
  byteLength,
  byteLengthOf,
  byteOffsetOf,
  exec,
  includes,
  Module,
  min,
  nothing,
  pristine,
  react,
  tagOf,
  take,
  U8,
  utf8,
} from './pristine';

export interface Source {
  /** Where to ask for them again; '' when no URL is known, or one that may be revoked. */
  url: string;
  blob: PromiseLike<Blob> | null;
  /** Made by Go; undefined as long as neither bytes nor module were seen. */
  go?: boolean;
}

enum Most {
  Compiled = 32,
  /** Copies: a page that makes a new program at each run must not fill the memory. */
  Kept = 8,
  /** Bytes: the import section stands at the front, after types and custom sections by Go's linker. */
  Head = 16384,
}

const compiled: Source[] = [];
const kept: Source[] = [];
const sources = new WeakMap<object, Source>();
const [get, set] = pristine(WeakMap, 'get', 'set');
const PristineResponse = Response;
const [urlOf, clone, blobOf] = pristine(PristineResponse, 'url', 'clone', 'blob');
const { isView } = ArrayBuffer;
const { imports: importsOf } = Module;

const fresh = (go?: boolean): Source => ({ url: '', blob: null, go });

/** A module compiled from `bytes`, as they are now. Throws for anything but bytes. */
export function ofBytes(bytes: unknown): Source {
  const head = isView(bytes)
    ? new U8(bufferOf(bytes), byteOffsetOf(bytes), min(byteLengthOf(bytes), Most.Head))
    : new U8(bytes as ArrayBuffer, 0, min(byteLength(bytes), Most.Head));
  const source = fresh(includes(utf8(head), EXIT));
  // A Response, because a Blob takes a list, and asks it for the iterator that the page may have replaced.
  if (source.go) keep(source, new PristineResponse(bytes as BufferSource));
  return source;
}

/** A module streamed from `response`, a Response or a promise for one. */
export function ofResponse(response: unknown): Source {
  const source = fresh();
  const read = (value: unknown) => {
    const url = urlOf(value);
    if (exec(/^http/, url)) {
      source.url = url;
    } else {
      keep(source, clone(value));
    }
  };
  try {
    // The native reacts to this promise too, so this changes nothing about its being handled.
    if (tagOf(response) === 'Promise') react(react(response, read), undefined, nothing);
    else read(response);
  } catch {
    // A promise that is not the engine's own: only its own code could tell what comes.
  }
  return source;
}

/** A compilation was started whose module will be met later. */
export function expectModule(source: Source): void {
  add(compiled, source, Most.Compiled);
}

/** Where a module that is about to be instantiated came from; undefined when `module` is no WebAssembly.Module. */
export function ofModule(module: unknown): Source | undefined {
  if (tagOf(module) !== 'WebAssembly.Module') return;
  let source = get(sources, module as object) as Source | undefined;
  if (source) return source;
  let go = false;
  try {
    const list = importsOf(module as WebAssembly.Module);
    for (let i = 0; i < list.length; i++) go ||= list[i].name === EXIT;
  } catch {
    return;
  }
  for (let i = 0; i < compiled.length && !source; i++) {
    if ((compiled[i].go ?? go) === go) source = take(compiled, i);
  }
  source ??= fresh();
  source.go = go;
  if (!go) source.blob = null;
  set(sources, module as object, source);
  return source;
}

function keep(source: Source, response: unknown): void {
  const blob = blobOf(response);
  source.blob = blob;
  react(blob, undefined, () => {
    source.blob = null;
  });
  const dropped = add(kept, source, Most.Kept);
  if (dropped) dropped.blob = null;
}
