/**
 * Files that tell more of a module than it says itself: an exact line table (`.golines`), a source map, a second module with
 * debug information. Beside the module on its server, or chosen together with it. Each costs only itself when it does
 * not fit; then a sentence says why.
 */
import type { Remote } from '../src/protocol/channel';
import type { Info, SessionApi } from '../src/session';
import { mapURLs, textOfDataURL } from '../src/sourcemap/find';
import { sameOrigin } from './origin';

export interface Companions {
  lines: Uint8Array | null;
  map: string | null;
  debugInfo: Uint8Array | null;
  /** Why one that was named could not be had. */
  notes: string[];
}

export const NONE: Companions = { lines: null, map: null, debugInfo: null, notes: [] };

/** What a line table begins with (src/lines/table.ts). */
const isLineTable = (bytes: Uint8Array) => new TextDecoder().decode(bytes.subarray(0, 7)) === 'golines';

/** @returns URL of the line table beside a module: `app.golines` for `app.wasm` */
export function linesURL(module: string): string {
  const { origin, pathname } = new URL(module);
  return origin + pathname.replace(/(?:\.wasm)?$/i, '.golines');
}

/** Bytes of a line table, which has a twentieth of its module's. */
const MOST_LINES = 16 * 2 ** 20;
const MOST_DEBUG_INFO = 256 * 2 ** 20;
const MOST_MAP = 100 * 2 ** 20;

/** @param fetchFile null when the server has no such file */
export async function linesBeside(module: string, fetchFile: FetchFile): Promise<Uint8Array | null> {
  if (!/^https?:/.test(module)) return null;
  const table = await fetchFile(linesURL(module), MOST_LINES);
  // Many servers have a page for whatever they do not have.
  return table && isLineTable(table) ? table : null;
}

type FetchFile = (url: string, most: number) => Promise<Uint8Array | null>;

/** A server, as far as it is asked. */
export interface Server {
  fetchFile: FetchFile;
  /** The header `SourceMap` of the answer for a URL; null without one. */
  sourceMapHeader(url: string): Promise<string | null>;
}

/** What lies beside a module of the page, on its own server and nowhere else: the module must not name other hosts. */
export async function besideOf(module: string, info: Info, server: Server): Promise<Companions> {
  if (!/^https?:/.test(module)) return NONE;
  const named = info.externalDebugInfo;
  const url = named !== null && URL.canParse(named, module) ? new URL(named, module).href : '';
  const [lines, debugInfo, map] = await Promise.all([
    linesBeside(module, server.fetchFile),
    sameOrigin(url, module) ? server.fetchFile(url, MOST_DEBUG_INFO) : null,
    // A map would not be asked: Go's own table knows more.
    info.pclntab ? null : mapBeside(module, info, server),
  ]);
  const missing = named !== null && !debugInfo ? [`Its debug information is in ${named}, which could not be had.`] : [];
  return { lines, map, debugInfo, notes: missing };
}

async function mapBeside(module: string, info: Info, { fetchFile, sourceMapHeader }: Server): Promise<string | null> {
  for (const url of mapURLs(info.sourceMappingURL, module, await sourceMapHeader(module))) {
    if (url.startsWith('data:')) return textOfDataURL(url);
    const bytes = sameOrigin(url, module) ? await fetchFile(url, MOST_MAP) : null;
    const text = bytes && new TextDecoder().decode(bytes);
    // Not the page that many servers have for whatever they do not have.
    if (text && /^\s*(?:\)\]\}[^\n]*\n)?\s*\{/.test(text)) return text;
  }
  return null;
}

/** Splits what the user chose: the first module, and what belongs to it. */
export async function chosenFiles(files: File[]): Promise<{ module: File; companions: Companions } | null> {
  const [module, ...more] = files.filter(({ name }) => !/\.(?:map|golines)$/i.test(name));
  if (!module) return null;
  const bytes = async (file: File | undefined) => (file ? new Uint8Array(await file.arrayBuffer()) : null);
  const ending = (end: string) => files.find(({ name }) => name.toLowerCase().endsWith(end));
  const companions: Companions = {
    lines: await bytes(ending('.golines')),
    map: (await ending('.map')?.text()) ?? null,
    debugInfo: await bytes(more[0]),
    notes: [],
  };
  return { module, companions };
}

/** Hands them to the session, before the module is tied to what runs it. @returns a sentence for each that is not used */
export async function hand(session: Remote<SessionApi>, key: string, companions: Companions): Promise<string[]> {
  const { lines, map, debugInfo, notes } = companions;
  const refused = [...notes];
  const say = (what: string, answer: { ok: true } | { ok: false; why: string } | null) => {
    if (answer && !answer.ok) refused.push(`The ${what} is not used: ${answer.why}.`);
  };
  say('line table', lines && (await session.lines(key, lines)));
  say('second module', debugInfo && (await session.symbols(key, debugInfo)));
  say('source map', map !== null ? await session.sourceMap(key, map) : null);
  return refused;
}
