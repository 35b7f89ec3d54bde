/**
 * A source map as text, by whomever it was made (ECMA-426; version 3, regular or in sections): checked field by field and read into
 * columns. Nothing is believed of a size: text may be hostile.
 */
import { Malformed } from '../bytes/malformed';
import { Mappings, type Part } from './mappings';
import { Ranges } from './ranges';

export interface ReadMap {
  /** As the map spells them, behind its sourceRoot; '' for one that is not named. */
  sources: string[];
  names: string[];
  mappings: Mappings;
  /** Functions, of each part of the map that tells them: by the module offset where the part begins, ascending. */
  ranges: { from: number; ranges: Ranges; sources: number; names: number }[];
}

/** Characters; the map of a module of 500 MB has fewer. */
const MOST_TEXT = 100 << 20;
/** Brackets, nested and in all, and commas between values: maps have a few fields, some with an array in an array. */
const MOST_NESTED = 64;
const MOST_BRACKETS = 1 << 20;
const MOST_COMMAS = 1 << 23;
/** Sections within sections; tools write none. */
const MOST_SECTIONED = 8;

type Json = Record<string, unknown>;

/** @param size bytes of the module: a true map has no more places or ranges. @throws Malformed */
export function readSourceMap(text: string, size: number): ReadMap {
  // A line that keeps a browser from running the text as a script (ECMA-426, "Source map format").
  const guard = text.startsWith(")]}'") ? text.indexOf('\n') + 1 : 0;
  checkSizes(text);
  let parsed: unknown;
  try {
    parsed = JSON.parse(guard > 0 ? text.slice(guard) : text);
  } catch {
    throw new Malformed('JSON', guard);
  }
  const map: ReadMap = { sources: [], names: [], mappings: new Mappings(size), ranges: [] };
  readPart(map, parsed, 0, Number.POSITIVE_INFINITY, size, 0);
  return map;
}

/** Refuses what JSON.parse would make far more of than there is text. */
function checkSizes(text: string): void {
  if (text.length > MOST_TEXT) throw new Malformed(`at most ${MOST_TEXT} characters`, 0);
  let [nested, brackets, commas] = [0, 0, 0];
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22:
        at = endOfString(text, at);
        break;
      case 0x5b:
      case 0x7b:
        if (++nested > MOST_NESTED || ++brackets > MOST_BRACKETS) throw new Malformed('fewer brackets', at);
        break;
      case 0x5d:
      case 0x7d:
        nested--;
        break;
      case 0x2c:
        if (++commas > MOST_COMMAS) throw new Malformed('fewer values', at);
    }
  }
}

/** @returns position of the quote that ends a string, or the end of the text */
function endOfString(text: string, start: number): number {
  let at = start;
  for (;;) {
    const quote = text.indexOf('"', at + 1);
    if (quote < 0) return text.length;
    let slashes = 0;
    while (text.charCodeAt(quote - 1 - slashes) === 0x5c) slashes++;
    at = quote;
    if (slashes % 2 === 0) return quote;
  }
}

/** @param from module offset where a part of the map begins @param to where the next one does */
function readPart(map: ReadMap, value: unknown, from: number, to: number, size: number, nested: number): void {
  const json = object(value, 'a source map');
  if (json.version !== 3) throw new Malformed('version 3 of a source map', 0);
  if (json.sections !== undefined) {
    readSections(map, json, from, to, size, nested);
    return;
  }
  const root = json.sourceRoot ?? '';
  if (typeof root !== 'string') throw new Malformed('a sourceRoot that is text', 0);
  const prefix = root === '' || root.endsWith('/') ? root : `${root}/`;
  const sources = strings(json.sources, 'sources').map((source) => (source === null ? '' : prefix + source));
  const names = strings(json.names ?? [], 'names').map((name) => name ?? '');
  if (typeof json.mappings !== 'string') throw new Malformed('mappings that are text', 0);
  const part: Part = {
    ...{ sources: map.sources.length, names: map.names.length, sourceCount: sources.length, nameCount: names.length },
    ...{ from, to },
  };
  for (const source of sources) map.sources.push(source);
  for (const name of names) map.names.push(name);
  map.mappings.add(json.mappings, part);
  if (json.scopes === undefined) return;
  if (typeof json.scopes !== 'string') throw new Malformed('scopes that are text', 0);
  const ranges = new Ranges(json.scopes, { sources: sources.length, names: names.length }, from, size);
  map.ranges.push({ from, ranges, sources: part.sources, names: part.names });
}

/** Each section is a map of what lies between its offset and the next one's. */
function readSections(map: ReadMap, json: Json, from: number, to: number, size: number, nested: number): void {
  if (!Array.isArray(json.sections)) throw new Malformed('sections in an array', 0);
  if (nested === MOST_SECTIONED) throw new Malformed('fewer sections in sections', 0);
  const sections = json.sections.map((value: unknown) => {
    const section = object(value, 'a section');
    const offset = object(section.offset, 'the offset of a section');
    return { line: natural(offset.line), column: from + natural(offset.column), map: section.map };
  });
  for (let i = 0; i < sections.length; i++) {
    const { line, column } = sections[i];
    // A module has one line.
    if (line > 0) break;
    const next = sections[i + 1];
    const end = next && next.line === 0 ? next.column : to;
    if (end < column) throw new Malformed('sections in the order of their offsets', 0);
    readPart(map, sections[i].map, column, Math.min(end, to), size, nested + 1);
  }
}

function object(value: unknown, what: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Malformed(what, 0);
  return value as Json;
}

function natural(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 31) return value;
  throw new Malformed('the line and the column of a section', 0);
}

function strings(value: unknown, what: string): (string | null)[] {
  if (!Array.isArray(value)) throw new Malformed(`${what} in an array`, 0);
  for (const item of value)
    if (typeof item !== 'string' && item !== null) throw new Malformed(`${what} that are text`, 0);
  return value;
}
