/**
 * The language of the filter: words that all must be found, and `-word` that must not. A word is looked for as the whole id (`#1203`), in type, class, text, functions and files of the stack, and the function that a js.Func runs; `/regular expression/` in each of
 * these. `kind:` or `type:`, `class:`, `site:` or `file:`, `pkg:` and `state:` look in one of them; `age>10s`, `refs>2`, `crossings>9` compare.
 * What a column says once for many rows is looked at once.
 */
import type { Outcome } from '../bytes/malformed';
import { packageOf } from '../go/names';
import { TYPES } from '../protocol/handles';
import { type Names, placeText } from './names';
import type { Snapshot } from './snapshot';
import { stateOf } from './state';

/** Whether a row is let through. */
export type Takes = (row: number) => boolean;
/** For the rows of a snapshot. */
type TakesIn = (snapshot: Snapshot, names: Names) => Takes;

export interface Word {
  takes: TakesIn;
  /** It looks at texts of values, which become known as they are looked at. */
  readsTexts: boolean;
}

type Finds = (text: string) => boolean;

/** Longer ones are no filter that somebody wrote. */
const LONGEST = 1000;
/** A regular expression may take long: of each text it sees this much. */
const LOOKED_AT = 500;

const REGEXP = /^\/(.+)\/i?$/s;
const COMPARED = /^(age|refs|crossings)(>=|<=|>|<|=)(.*)$/;
const FIELD = /^(kind|type|class|site|file|pkg|state):(.+)$/;
const UNITS: Record<string, number> = { ms: 1, s: 1000, '': 1000, m: 60_000, min: 60_000, h: 3_600_000 };

/** @returns the words of a filter; why it is none, in one sentence */
export function readFilter(text: string): Outcome<Word[]> {
  if (text.length > LONGEST) return { ok: false, why: `A filter has ${LONGEST} characters at most.` };
  const words: Word[] = [];
  for (const token of tokens(text)) {
    const negative = token.length > 1 && token.startsWith('-');
    const word = readWord(negative ? token.slice(1) : token);
    if (!word.ok) return word;
    words.push(negative ? not(word.value) : word.value);
  }
  return { ok: true, value: words };
}

/** @returns whether a row of a snapshot is let through by all words */
export function takesOf(words: Word[], snapshot: Snapshot, names: Names): Takes {
  const all = words.map((word) => word.takes(snapshot, names));
  return (row) => all.every((takes) => takes(row));
}

const not = ({ takes, readsTexts }: Word): Word => ({
  takes: (snapshot, names) => {
    const those = takes(snapshot, names);
    return (row) => !those(row);
  },
  readsTexts,
});

/** A word that looks at columns alone. */
const inColumns = (takes: TakesIn): Outcome<Word> => ({ ok: true, value: { takes, readsTexts: false } });

/** Parts between spaces; a regular expression may have spaces. */
function tokens(text: string): string[] {
  return text.match(/-?\/(?:\\.|[^\\])+?\/i?(?=\s|$)|\S+/gs) ?? [];
}

function readWord(word: string): Outcome<Word> {
  const pattern = REGEXP.exec(word)?.[1];
  if (pattern !== undefined) return regexpWord(pattern);
  const compared = COMPARED.exec(word);
  if (compared) return comparison(compared[1], compared[2], compared[3]);
  const field = FIELD.exec(word);
  if (field) return inColumns(FIELDS[field[1]](field[2].toLowerCase()));
  const id = Number(/^#?(\d+)$/.exec(word)?.[1] ?? Number.NaN);
  if (word.startsWith('#') && id >= 0) return inColumns((snapshot) => (row) => hasId(snapshot, row, id));
  return anywhere(contains(word), (snapshot, row) => hasId(snapshot, row, id));
}

const hasId = (snapshot: Snapshot, row: number, id: number) => row < snapshot.handles && snapshot.id(row) === id;

function regexpWord(pattern: string): Outcome<Word> {
  try {
    const regexp = new RegExp(pattern, 'i');
    const finds = (text: string) => regexp.test(text.slice(0, LOOKED_AT));
    return anywhere(finds, (snapshot, row) => row < snapshot.handles && finds(`#${snapshot.id(row)}`));
  } catch (error) {
    return { ok: false, why: (error as Error).message };
  }
}

function comparison(what: string, sign: string, text: string): Outcome<Word> {
  const parts = /^(\d+(?:\.\d+)?)([a-z]*)$/.exec(text);
  const unit = what === 'age' ? UNITS[parts?.[2] ?? ''] : parts?.[2] === '' ? 1 : undefined;
  if (!parts || unit === undefined) {
    const example = what === 'age' ? 'a time, as age>10s' : `a number, as ${what}>2`;
    return { ok: false, why: `${what} is compared with ${example}.` };
  }
  const value = Number(parts[1]) * unit;
  const holds = SIGNS[sign];
  return inColumns((snapshot) => {
    const read = { age: snapshot.age, refs: snapshot.refs, crossings: snapshot.crossings }[what]!.bind(snapshot);
    return (row) => holds(read(row), value);
  });
}

/** Not a number is never so. */
const SIGNS: Record<string, (a: number, b: number) => boolean> = {
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
  '=': (a, b) => a === b,
};

const contains = (part: string): Finds => {
  const small = part.toLowerCase();
  return (text) => text.toLowerCase().includes(small);
};

const FIELDS: Record<string, (value: string) => TakesIn> = {
  kind: (value) => (snapshot) => typeTakes(snapshot, contains(value)),
  type: (value) => (snapshot) => typeTakes(snapshot, contains(value)),
  class: (value) => (snapshot, names) => classTakes(snapshot, names, contains(value)),
  site: (value) => (snapshot, names) => siteTakes(snapshot, names, contains(value)),
  file: (value) => (snapshot, names) => siteTakes(snapshot, names, contains(value)),
  pkg: (value) => (snapshot, names) => {
    const { list } = names.sites;
    return bySite(snapshot, names, (group) => inPackage(packageOf(list[group].site?.function ?? ''), value));
  },
  state: (value) => (snapshot) => (row) => stateOf(snapshot, row).includes(value),
};

/** A package, by its path or the last part of it, and those in it. */
function inPackage(path: string, wanted: string): boolean {
  const small = path.toLowerCase();
  return small === wanted || small.endsWith(`/${wanted}`) || small.startsWith(`${wanted}/`);
}

function typeTakes(snapshot: Snapshot, finds: Finds): Takes {
  const hits = TYPES.map(finds);
  return (row) => hits[snapshot.type(row)];
}

/** A js.Func is a function of JavaScript too. */
function classTakes(snapshot: Snapshot, names: Names, finds: Finds): Takes {
  const column = snapshot.classes(names);
  const { list } = names.classes;
  const isFunction = finds('Function');
  const hit = remembered((group) => finds(list[group].key) || (list[group].key === 'js.Func' && isFunction));
  return (row) => hit(column[row]);
}

/** The place, or what stands in place of one. */
function siteTakes(snapshot: Snapshot, names: Names, finds: Finds): Takes {
  const { list } = names.sites;
  return bySite(snapshot, names, (group) => {
    const { site, title } = list[group];
    return finds(site ? placeText(site) : title);
  });
}

function bySite(snapshot: Snapshot, names: Names, matches: (group: number) => boolean): Takes {
  const column = snapshot.sites(names);
  const hit = remembered(matches);
  return (row) => hit(column[row]);
}

/** @param id whether a row has the id that is looked for */
function anywhere(finds: Finds, id: (snapshot: Snapshot, row: number) => boolean): Outcome<Word> {
  const takes: TakesIn = (snapshot, names) => {
    const type = typeTakes(snapshot, finds);
    const named = classTakes(snapshot, names, finds);
    const place = siteTakes(snapshot, names, finds);
    const callers = remembered((number) =>
      snapshot.stack(number, names).frames.some((frame) => finds(placeText(frame))),
    );
    const runs = remembered((code) => finds(placeText(names.function(code))));
    return (row) => {
      if (type(row) || named(row) || place(row)) return true;
      const number = snapshot.stackNumber(row);
      if (number > 0 && callers(number)) return true;
      const code = snapshot.code(row);
      if (code > 0 && runs(code)) return true;
      const text = snapshot.text(row);
      return (text !== '' && finds(text)) || id(snapshot, row);
    };
  };
  return { ok: true, value: { takes, readsTexts: true } };
}

/** @returns answers each number once */
function remembered(ask: (number: number) => boolean): (number: number) => boolean {
  const known: boolean[] = [];
  return (number) => {
    known[number] ??= ask(number);
    return known[number];
  };
}
