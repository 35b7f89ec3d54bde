/**
 * What a function is called and where it was declared: on its own entry, or on the one it was made from (abstract_origin) or that
 * declares it (specification), in whichever unit. Names stand with the namespaces and classes around them, in Go as they
 * are. Source: DWARF 5 section 3.3.1, 3.3.8, 2.13.2; the order of the search is LLVM's (DWARFDie::findRecursively).
 */
import { must, type Outcome } from '../bytes/malformed';
import { AT, LANG_GO, TAG } from './codes';
import { isAddress } from './forms';
import type { Functions } from './functions';
import type { LineTable } from './line-table';
import type { Attributes, Unit } from './unit';

/** A unit that was asked for, with what is made of it. */
export interface OpenUnit {
  unit: Unit;
  functions: () => Outcome<Functions>;
  lines: () => Outcome<LineTable | null>;
}

/** A place by the file numbers of a unit. */
export interface Declared {
  unit: OpenUnit;
  file: number;
  line: number;
}

export interface Named {
  /** With its scopes; '' when there is none. */
  name: string;
  linkageName: string;
  /** Of an inlined call: where it stands, by the file numbers of its own unit. */
  callFile: number;
  callLine: number;
  declared: Declared | null;
  /** Of a function that has one range: its addresses, the end exclusive. */
  range: { low: number; high: number } | null;
}

/** Entries that are looked at for one name; true ones need three. */
const MOST_HOPS = 16;
/** Scopes in front of one name. */
const MOST_SCOPES = 32;

/** Names up to here do not count as text that is made: they may be read again. */
const LONG_NAME = 4_096;
/** Names that are kept, by their entries. */
const MOST_KNOWN = 200_000;

interface Entry {
  home: OpenUnit;
  offset: number;
  values: Attributes;
}

export class Names {
  private readonly known = new Map<number, Named>();

  /** @param owner the unit that holds an offset in .debug_info */
  constructor(private readonly owner: (offset: number) => OpenUnit | null) {}

  /** @param offset of the entry of a function or an inlined call, in .debug_info. @throws Malformed */
  of(home: OpenUnit, offset: number, depth = 0): Named {
    let named = this.known.get(offset);
    if (!named) {
      named = this.read(home, offset, depth);
      if (this.known.size === MOST_KNOWN) this.known.clear();
      this.known.set(offset, named);
    }
    return named;
  }

  private read(home: OpenUnit, offset: number, depth: number): Named {
    const own: Entry = { home, offset, values: home.unit.entryAt(offset).values };
    const chain = this.chain(own);
    const linkage = chain.find(({ values }) => linkageOf(values));
    const short = chain.find(({ values }) => values.has(AT.name));
    const line = chain.find(({ values }) => values.has(AT.decl_line));
    const file = chain.find(({ values }) => values.has(AT.decl_file));
    const plain = short?.home.unit.string(short.values.get(AT.name)) ?? '';
    const linkageName = linkage?.home.unit.string(linkageOf(linkage.values)) ?? plain;
    const name = short && plain !== '' ? this.scope(short, depth) + plain : linkageName;
    if (name.length > LONG_NAME) own.home.unit.sections.spend(name.length, offset);
    return {
      name,
      linkageName,
      callFile: own.values.get(AT.call_file)?.raw ?? 0,
      callLine: own.values.get(AT.call_line)?.raw ?? 0,
      declared: file
        ? {
            unit: file.home,
            file: file.values.get(AT.decl_file)?.raw ?? 0,
            line: line?.values.get(AT.decl_line)?.raw ?? 0,
          }
        : null,
      range: rangeOf(own),
    };
  }

  /** The entry and those it leads to, in the order in which they are asked. */
  private chain(own: Entry): Entry[] {
    const chain: Entry[] = [];
    const left = [own];
    const seen = new Set([own.offset]);
    for (let entry = left.pop(); entry && chain.length < MOST_HOPS; entry = left.pop()) {
      chain.push(entry);
      for (const attribute of [AT.abstract_origin, AT.specification]) {
        const to = entry.home.unit.reference(entry.values.get(attribute));
        if (to === null || seen.has(to)) continue;
        seen.add(to);
        const next = this.entry(to);
        if (next) left.push(next);
      }
    }
    return chain;
  }

  /** @returns null for what is no start of a function's entry */
  private entry(offset: number): Entry | null {
    const home = this.owner(offset);
    if (!home || must(home.functions()).starting(offset) < 0) return null;
    return { home, offset, values: home.unit.entryAt(offset).values };
  }

  /** The names around an entry, each with what stands behind it: `outer::inner::`. */
  private scope({ home, offset }: Entry, depth: number): string {
    const { unit } = home;
    if (unit.language === LANG_GO) return '';
    const functions = must(home.functions());
    let prefix = '';
    let number = functions.starting(offset);
    for (let left = MOST_SCOPES - depth; left > 0; left--) {
      number = functions.parent(number);
      if (number < 0) break;
      const at = functions.offset(number);
      const { tag, values } = unit.entryAt(at);
      if (tag === TAG.subprogram || tag === TAG.inlined_subroutine) {
        // A function in a function; what stands around the outer one is in its name.
        const outer = this.of(home, at, depth + 1).name;
        return outer === '' ? prefix : `${outer}::${prefix}`;
      }
      prefix = `${unit.string(values.get(AT.name)) ?? anonymous(tag)}::${prefix}`;
    }
    return prefix;
  }
}

function rangeOf({ home: { unit }, values }: Entry): { low: number; high: number } | null {
  const end = values.get(AT.high_pc);
  const low = unit.address(values.get(AT.low_pc));
  if (!end || low === null) return null;
  return { low, high: isAddress(end.form) ? (unit.address(end) ?? 0) : low + end.raw };
}

/** Older compilers call it by the name that MIPS gave it. */
const linkageOf = (values: Attributes) => values.get(AT.MIPS_linkage_name) ?? values.get(AT.linkage_name);

/** As demanglers have it. */
function anonymous(tag: number): string {
  if (tag === TAG.namespace) return '(anonymous namespace)';
  if (tag === TAG.enumeration_type) return '(anonymous enum)';
  return tag === TAG.union_type ? '(anonymous union)' : '(anonymous class)';
}
