/**
 * Where the text of a Go file may be on the page's own server, and whether what came back is that file. Pure but for
 * `SourceFinder`, which asks through a function it is given.
 *
 * A file in a binary is an absolute path (`/home/me/paint/brush/stamp.go`) or, with -trimpath, module path and version
 * (`example.com/paint/brush/stamp.go`, `golang.org/x/image@v0.34.0/draw/draw.go`): cmd/go/internal/work/gc.go. Servers
 * of development builds often serve the project's folder, so the tail of the path is tried against a few roots.
 */
import { splitFunction } from '../../src/failures/place';
import type { Named } from './match';

export interface Wanted extends Named {
  /** URL of the .wasm, or of the page. */
  moduleUrl: string;
  /** Highest line that the text must have. */
  line: number;
  /** Root URL set by the user, or ''. */
  root: string;
}

export interface Source {
  text: string;
  /** '' for one of the user's folders. */
  url: string;
}

/** A place to look: `root` is remembered when it proves right. */
export interface Candidate {
  url: string;
  root: string;
}

const MOST_CANDIDATES = 6;
/** Larger than any file a person wrote; Go's own largest tables are about 2 MB. */
const MOST_SOURCE = 4 * 1024 * 1024;

/** @returns at most six URLs, best first; `learnt` are roots that were right before */
export function candidates(wanted: Wanted, learnt: readonly string[] = []): Candidate[] {
  const tails = tailsOf(wanted);
  const roots = [wanted.root, ...learnt, ...rootsOf(wanted.moduleUrl)].filter((root) => root !== '');
  const seen = new Set<string>();
  const found: Candidate[] = [];
  for (const tail of tails) {
    for (const root of roots) {
      const url = join(root, tail);
      if (!url || seen.has(url)) continue;
      seen.add(url);
      found.push({ url, root });
    }
  }
  return found.slice(0, MOST_CANDIDATES);
}

/** Whether a file may be the main module's own: only those are worth asking for without being wanted by name. */
export const isOwn = (wanted: Wanted): boolean => tailsOf(wanted).some((tail) => !tail.startsWith('vendor/'));

/** Whether text is that Go file rather than the page a server shows for everything it does not have. */
export function looksLikeGo(text: string, line: number): boolean {
  if (text.length > MOST_SOURCE || /^\s*</.test(text)) return false;
  if (!/^\s*package\s+[\p{L}_][\p{L}\p{Nd}_]*\s*(?:\/\/.*|;.*)?$/mu.test(text)) return false;
  return countLines(text) >= line;
}

/** Whether text can be that file: for what is not Go's own language only the number of lines tells. */
export const looksRight = (file: string, text: string, line: number): boolean =>
  file.endsWith('.go') ? looksLikeGo(text, line) : countLines(text) >= line;

/** Finds source texts, in the user's folders and then one request after another; hits, misses and good roots are remembered. */
export class SourceFinder {
  private readonly texts = new Map<string, Promise<Source | null>>();
  private learnt: string[] = [];

  /**
   * @param fetchText resolves with null when there is no such text
   * @param inFolders the same of the user's folders
   */
  constructor(
    private readonly fetchText: (url: string) => Promise<string | null>,
    private readonly inFolders: (wanted: Wanted) => Promise<string | null> = async () => null,
  ) {}

  /** @returns the text and where it was; null when no candidate had it */
  find(wanted: Wanted): Promise<Source | null> {
    const key = `${wanted.moduleUrl} ${wanted.root} ${wanted.file}`;
    const known = this.texts.get(key);
    if (known) return known;
    const asked = this.look(wanted);
    this.texts.set(key, asked);
    return asked;
  }

  /** Forgets, so that a new root, other folders or a rebuilt page are looked at again. */
  forget(): void {
    this.texts.clear();
  }

  private async look(wanted: Wanted): Promise<Source | null> {
    const own = await this.inFolders(wanted).catch(() => null);
    if (own !== null) return { text: own, url: '' };
    for (const { url, root } of candidates(wanted, this.learnt)) {
      const text = await this.fetchText(url).catch(() => null);
      if (text === null || !looksLikeGo(text, wanted.line)) continue;
      this.learnt = [root, ...this.learnt.filter((known) => known !== root)].slice(0, 3);
      return { text, url };
    }
    return null;
  }
}

/** Path tails from the one most likely right; none for the standard library, which no page's server has. */
function tailsOf(wanted: Wanted): string[] {
  const { modulePath, mainPath } = wanted;
  const parts = wanted.file.split(/[\\/]/).filter((part) => part !== '' && part !== '.' && part !== '..');
  if (parts.length === 0) return [];
  const name = parts[parts.length - 1];
  const clean = parts.join('/');
  if (modulePath && clean.startsWith(`${modulePath}/`)) return unique([clean.slice(modulePath.length + 1), name]);
  const symbol = splitFunction(wanted.function).path;
  const pkg = symbol === 'main' && mainPath ? mainPath : symbol;
  if (modulePath && (pkg === modulePath || pkg.startsWith(`${modulePath}/`))) {
    return unique([[pkg.slice(modulePath.length + 1), name].filter(Boolean).join('/'), name]);
  }
  if (pkg.split('/')[0].includes('.')) return [`vendor/${pkg}/${name}`];
  // Without build info package main carries no path: its folder's name is all there is to go by.
  return pkg === 'main' || pkg === 'command-line-arguments' ? unique([name, parts.slice(-2).join('/')]) : [];
}

/** The folder of the module, the one above it, and the origin's root. */
function rootsOf(moduleUrl: string): string[] {
  const parsed = parse(moduleUrl);
  if (!parsed) return [];
  return unique(['./', '../', '/'].map((path) => new URL(path, parsed).href));
}

function join(root: string, tail: string): string | null {
  const parsed = parse(root.endsWith('/') ? root : `${root}/`);
  if (!parsed) return null;
  return new URL(tail.split('/').map(encodeURIComponent).join('/'), parsed).href;
}

function parse(url: string): URL | null {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  return parsed && /^https?:$/.test(parsed.protocol) ? parsed : null;
}

function unique(list: string[]): string[] {
  return [...new Set(list)];
}

function countLines(text: string): number {
  let count = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
