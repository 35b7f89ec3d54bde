/**
 * Where a module's source map may be: what its `sourceMappingURL` section says (WebAssembly tool conventions, "Debugging":
 * a string), what the server's answer says in the header `SourceMap`, and beside the module. Fetches nothing.
 */
import { attempt, Malformed } from '../bytes/malformed';
import type { Module } from '../wasm/module';

/** A URL longer than this holds the map itself; modules name files. */
const MOST_URL = 1 << 13;

/** As `read.ts`; base64 takes four characters for three bytes. */
const MOST_DATA = 140 << 20;

/** @returns what the section holds: a URL, often relative to the module's own; null without one that can be read */
export function sourceMappingURL(module: Module): string | null {
  const section = module.section('sourceMappingURL');
  return section && attempt(() => module.reader(section).name());
}

/**
 * @param section what the module's section says (`sourceMappingURL`); null without one
 * @param moduleURL of the module, absolute
 * @param header of the answer that brought it: `SourceMap`, else `X-SourceMap`; null without one
 * @returns absolute URLs to be tried in this order, each once; `data:` ones hold the map itself. Of other URLs only those
 * of the web, or of the module's own scheme: a module must not lead to files of the reader's
 */
export function mapURLs(section: string | null, moduleURL: string, header: string | null): string[] {
  const own = parse(moduleURL, undefined);
  const found = new Set<string>();
  for (const named of [header, section]) {
    if (named === null || named === '') continue;
    if (named.startsWith('data:')) found.add(named);
    const url = named.length > MOST_URL ? null : parse(named, moduleURL);
    if (url && (isWeb(url) || (url.protocol === own?.protocol && url.protocol !== 'data:'))) found.add(url.href);
  }
  if (own && isWeb(own)) {
    own.pathname += '.map';
    own.hash = '';
    found.add(own.href);
  }
  return [...found];
}

const isWeb = ({ protocol }: URL) => protocol === 'http:' || protocol === 'https:';

function parse(url: string, base: string | undefined): URL | null {
  try {
    return new URL(url, base);
  } catch {
    return null;
  }
}

/** @param url a `data:` URL (RFC 2397) @returns the text in it. @throws Malformed */
export function textOfDataURL(url: string): string {
  const comma = url.indexOf(',');
  if (!url.startsWith('data:') || comma < 0) throw new Malformed('a data: URL with a comma', 0);
  if (url.length > MOST_DATA) throw new Malformed(`at most ${MOST_DATA} characters of a data: URL`, 0);
  const content = url.slice(comma + 1);
  try {
    if (!/;base64$/i.test(url.slice(0, comma))) return decodeURIComponent(content);
    const binary = atob(content);
    return new TextDecoder().decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)));
  } catch {
    throw new Malformed('text or base64 in a data: URL', comma + 1);
  }
}
