/**
 * The filter field's grammar, as DevTools' own filters have it: words that must occur, `-word`, `/regexp/`, and keys
 * `kind:`, `file:`, `pkg:`, `module:`. Everything must match. Pure.
 */
import type { Failure, FailureKind, FrameRow } from '../../src/failures/failure';
import { placesOf, splitFunction } from '../../src/failures/place';

export type Filter = (failure: Failure) => boolean;
export type ParsedFilter = { ok: true; matches: Filter } | { ok: false; why: string };

const KINDS: FailureKind[] = ['panic', 'trap', 'js-error', 'hang', 'exit', 'follow-up'];
/** Frames of one stack that a filter looks at; deeper ones repeat the same files. */
const MOST_FRAMES = 1000;
/** What a regular expression is run on, so that a slow one cannot stop the panel for long. */
const MOST_TEXT = 20_000;

/** @returns a predicate, or why the text is no filter; empty text matches everything */
export function parseFilter(text: string): ParsedFilter {
  const tests: Filter[] = [];
  for (const term of text.match(/-?\/(?:\\.|[^/\\])*\/|-?\w+:"[^"]*"|-?"[^"]*"|\S+/g) ?? []) {
    const negative = term.startsWith('-') && term.length > 1;
    const parsed = parseTerm(negative ? term.slice(1) : term);
    if (typeof parsed === 'string') return { ok: false, why: parsed };
    tests.push(negative ? (failure) => !parsed(failure) : parsed);
  }
  return { ok: true, matches: (failure) => tests.every((test) => test(failure)) };
}

function parseTerm(term: string): Filter | string {
  if (term.length > 1 && term.startsWith('/')) return parseRegExp(term);
  const [, key, rest] = /^(kind|file|pkg|module):(.*)$/.exec(term) ?? [];
  const wanted = (rest ?? term).replace(/^"(.*)"$/, '$1').toLowerCase();
  switch (key) {
    case 'kind':
      if (!KINDS.some((kind) => kind === wanted)) return `kind: is one of ${KINDS.join(', ')}`;
      return (failure) => failure.kind === wanted;
    case 'file':
      return (failure) => frames(failure).some((row) => placesOf(row).some((place) => has(place.file, wanted)));
    case 'pkg':
      return (failure) => frames(failure).some((row) => has(splitFunction(row.function).path, wanted));
    case 'module':
      return (failure) => has(failure.module, wanted);
    default:
      return (failure) => has(textOf(failure), wanted);
  }
}

function parseRegExp(term: string): Filter | string {
  if (!term.endsWith('/')) return 'a regular expression ends with /';
  try {
    const pattern = new RegExp(term.slice(1, -1), 'i');
    return (failure) => pattern.test(textOf(failure).slice(0, MOST_TEXT));
  } catch {
    return 'this is no regular expression';
  }
}

function frames(failure: Failure): FrameRow[] {
  const found: FrameRow[] = [];
  for (const row of failure.stack.rows) {
    if (row.kind === 'frame') found.push(row);
    else if (row.kind === 'run') found.push(...row.rows);
    if (found.length > MOST_FRAMES) break;
  }
  return found;
}

function textOf(failure: Failure): string {
  const stack = frames(failure).map(
    (row) =>
      `${row.function} ${placesOf(row)
        .map((place) => place.file)
        .join(' ')}`,
  );
  return `${failure.title}\n${failure.message}\n${failure.module}\n${stack.join('\n')}`;
}

function has(text: string, wanted: string): boolean {
  return text.toLowerCase().includes(wanted);
}
