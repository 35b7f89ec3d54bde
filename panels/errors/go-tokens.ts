/**
 * Colours for Go source: splits one file into coloured pieces, line by line. The Go specification's lexical elements, as
 * far as a reader's eye needs them; it never fails, odd text stays plain.
 */

export type TokenKind = 'plain' | 'comment' | 'string' | 'keyword' | 'type' | 'number';

export interface Token {
  kind: TokenKind;
  text: string;
}

const KEYWORDS = new Set(
  'break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var nil true false iota'.split(
    ' ',
  ),
);
const TYPES = new Set(
  'any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string uint uint8 uint16 uint32 uint64 uintptr unsafe'.split(
    ' ',
  ),
);

// Strings that do not close end with their line; a raw string or comment that does not close runs to the end.
const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|`[^`]*(?:`|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|[\p{L}_][\p{L}\p{Nd}_]*|\d(?:[eEpP][+-]|[\w.])*/gu;

/** @returns tokens of each line of `source`; their texts joined give the line back */
export function tokenize(source: string): Token[][] {
  const lines: Token[][] = [[]];
  let at = 0;
  for (const match of source.matchAll(TOKEN)) {
    push(lines, 'plain', source.slice(at, match.index));
    push(lines, kindOf(match[0]), match[0]);
    at = match.index + match[0].length;
  }
  push(lines, 'plain', source.slice(at));
  return lines;
}

function kindOf(text: string): TokenKind {
  if (text.startsWith('//') || text.startsWith('/*')) return 'comment';
  if (/^["'`]/.test(text)) return 'string';
  if (/^\d/.test(text)) return 'number';
  if (KEYWORDS.has(text)) return 'keyword';
  return TYPES.has(text) ? 'type' : 'plain';
}

function push(lines: Token[][], kind: TokenKind, text: string): void {
  text.split(/\r?\n/).forEach((part, i) => {
    if (i > 0) lines.push([]);
    if (part) lines[lines.length - 1].push({ kind, text: part });
  });
}
