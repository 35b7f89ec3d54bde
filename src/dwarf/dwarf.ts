/**
 * DWARF: which function, file and line an address has, with the calls that were inlined there. An index of the units' ranges is made
 * first; a unit is decoded when one of its addresses is asked for, and remembered, failures too. Knows no wasm: sections come as
 * bytes, addresses as the compiler means them. Source: DWARF 2 to 5; the answers are those of llvm-symbolizer.
 *
 * Out: .dwo and .dwp files (`split` tells), supplementary files (dwz), type units, variables.
 */
import { lazily, Malformed, must, type Outcome } from '../bytes/malformed';
import { floorIndex } from '../bytes/search';
import { AbbreviationTables } from './abbreviations';
import { readAranges } from './aranges';
import { AT, UT } from './codes';
import { Column } from './column';
import { FUNCTION, Functions, SCOPE } from './functions';
import { type LineTable, LineTables } from './line-table';
import { type Declared, Names, type OpenUnit } from './names';
import { type Add, type Extent, Ranges } from './ranges';
import type { Sections } from './sections';
import { NOBODY, Segments } from './segments';
import { readHeader, readLength, Unit } from './unit';

/** A place in source; `file` '' and `line` 0 when not known. */
export interface SourcePlace {
  file: string;
  line: number;
}

/** One call that is open at an address. */
export interface DwarfFrame extends SourcePlace {
  /** With the namespaces and classes around it; '' when no entry says whose code it is. */
  function: string;
  /** As the linker knows it, most often mangled; what `function` would be without its scopes when there is none. */
  linkageName: string;
  /** The compiler put its body into the next frame. */
  inlined: boolean;
  /** Where the function is declared. */
  declared: SourcePlace;
  /** The addresses of a function that is really there, the end exclusive; null when they are several ranges, or not known. */
  range: { low: number; high: number } | null;
}

/** Deeper nests of inlined calls do not occur. */
const MOST_INLINED = 256;
/** Units that are kept open; big programs have some thousand. */
const MOST_OPEN = 10_000;
/** Reasons that are kept; the first tells enough. */
const MOST_WARNINGS = 10;
/** Segments tell the highest rank; of units that overlap the first one counts. */
const FIRST_RANK = 0xfffffffe;

const NOWHERE: SourcePlace = { file: '', line: 0 };

export class Dwarf {
  /** What could not be read, one line each. */
  readonly warnings: string[] = [];
  /** Name of a .dwo file that holds what is missing here; null when units are whole. */
  split: string | null = null;

  private readonly abbreviations: AbbreviationTables;
  private readonly ranges: Ranges;
  private readonly tables: LineTables;
  private readonly names: Names;
  /** Offsets of all units in .debug_info, ascending. */
  private readonly starts: Uint32Array;
  /** Numbers of units that do not say themselves what addresses they have. */
  private readonly silent: Uint32Array;
  private readonly segments: Segments;
  private readonly opened = new Map<number, OpenUnit | null>();

  /** @param extent addresses that code can have. @throws Malformed when no unit can be read */
  constructor(
    private readonly sections: Sections,
    private readonly extent: Extent,
  ) {
    this.abbreviations = new AbbreviationTables(sections);
    this.ranges = new Ranges(sections, extent);
    this.tables = new LineTables(sections, extent);
    this.names = new Names((offset) => this.owner(offset));
    const [starts, silent, segments] = [new Column(), new Column(), new Segments()];
    let read = 0;
    const reader = sections.reader('debug_info');
    while (reader.left > 0) {
      const start = reader.position;
      // A length that cannot be told leads nowhere.
      if (!this.guard(() => readLength(reader))) break;
      const number = starts.length;
      starts.push(start);
      this.guard(() => {
        const unit = new Unit(sections, this.abbreviations, readHeader(sections, start));
        const { type } = unit.header;
        if (type !== UT.type && type !== UT.split_type) {
          this.split ??= unit.string(unit.root.get(AT.dwo_name) ?? unit.root.get(AT.GNU_dwo_name));
          const add: Add = (low, high) => segments.add(low, high, FIRST_RANK - number);
          if (!this.ranges.each(unit, unit.root, add)) silent.push(number);
        }
        read++;
      });
    }
    if (read === 0 && this.warnings.length > 0) must({ ok: false, why: this.warnings[0] });
    this.starts = starts.done();
    this.silent = silent.done();
    this.segments = segments.close();
  }

  /** How many units there are. */
  get units(): number {
    return this.starts.length;
  }

  /** The addresses that units have, each with those of its neighbours of the same unit. */
  eachRange(add: Add): void {
    this.segments.each(add);
  }

  /**
   * The calls that are open at an address, innermost first; the last is the function that is really there.
   * @returns null when nothing is known of it, or what is known cannot be read: `warnings` then says why
   */
  frames(address: number): DwarfFrame[] | null {
    const rank = this.segments.find(address);
    const unit = this.open(rank === NOBODY ? this.silentUnit(address) : FIRST_RANK - rank);
    return unit && this.guard(() => this.framesIn(unit, address));
  }

  private framesIn(unit: OpenUnit, address: number): DwarfFrame[] | null {
    const functions = must(unit.functions());
    const table = this.told(unit.lines());
    const row = table ? table.find(address) : -1;
    let place = NOWHERE;
    if (table && row >= 0) {
      const { file, line } = table.row(row);
      place = this.place(unit, file, line);
    }
    const chain = chainOf(functions, functions.at(address));
    // Code that has lines and no function: its unit was compiled with -gline-tables-only.
    if (chain.length === 0) {
      const unknown = { function: '', linkageName: '', inlined: false, declared: NOWHERE, range: null };
      return place.file === '' ? null : [{ ...unknown, ...place }];
    }
    return chain.map((number, i) => {
      const { name, linkageName, callFile, callLine, declared, range } = this.names.of(unit, functions.offset(number));
      const inlined = i < chain.length - 1;
      const frame = { function: name, linkageName, ...place, inlined, declared: this.declaration(declared), range };
      if (inlined) place = { file: this.place(unit, callFile, callLine).file, line: callLine };
      return frame;
    });
  }

  private place(unit: OpenUnit, file: number, line: number): SourcePlace {
    const table = this.told(unit.lines());
    const path = table?.files.path(file, unit.unit.directory) ?? null;
    return path === null ? NOWHERE : { file: path, line };
  }

  private declaration(declared: Declared | null): SourcePlace {
    return declared ? this.place(declared.unit, declared.file, declared.line) : NOWHERE;
  }

  /** A line table that cannot be read costs lines, not functions. */
  private told(lines: Outcome<LineTable | null>): LineTable | null {
    if (lines.ok) return lines.value;
    this.warn(lines.why);
    return null;
  }

  /** @returns the unit that holds an offset in .debug_info; null when none does, or it cannot be read */
  private owner(offset: number): OpenUnit | null {
    return this.open(floorIndex(this.starts, offset));
  }

  private open(number: number): OpenUnit | null {
    if (number < 0) return null;
    let found = this.opened.get(number);
    if (found === undefined) {
      found = this.guard(() => {
        const unit = new Unit(this.sections, this.abbreviations, readHeader(this.sections, this.starts[number]));
        const table = unit.root.get(AT.stmt_list);
        return {
          unit,
          functions: lazily(() => Functions.read(unit, this.ranges)),
          lines: lazily(() => (table ? this.tables.at(table.raw) : null)),
        };
      });
      if (this.opened.size === MOST_OPEN) this.opened.clear();
      this.opened.set(number, found);
    }
    return found;
  }

  private silentUnit(address: number): number {
    this.silentSegments ??= this.indexSilent();
    const rank = this.silentSegments.find(address);
    return rank === NOBODY ? -1 : FIRST_RANK - rank;
  }

  private silentSegments: Segments | undefined;

  /** Addresses of units that do not say them: from .debug_aranges, else from their functions. */
  private indexSilent(): Segments {
    const segments = new Segments();
    const told = new Set<number>();
    const { from, to } = this.extent;
    const silent = new Set(this.silent);
    const adder = (number: number): Add => {
      return (low, high) => {
        if (low >= from && low < high && high <= to) segments.add(low, high, FIRST_RANK - number);
      };
    };
    if (silent.size > 0) {
      this.guard(() =>
        readAranges(this.sections, (offset) => {
          const number = floorIndex(this.starts, offset);
          if (this.starts[number] !== offset || !silent.has(number)) return null;
          told.add(number);
          return adder(number);
        }),
      );
    }
    for (const number of silent) {
      if (told.has(number)) continue;
      // Not kept open: there may be many of them, and most have nothing.
      this.guard(() => {
        const unit = new Unit(this.sections, this.abbreviations, readHeader(this.sections, this.starts[number]));
        if (unit.abbreviations.hasFunctions) Functions.read(unit, this.ranges).eachRange(adder(number));
      });
    }
    return segments.close();
  }

  /** @returns what was read; null and a warning when it ended in a Malformed */
  private guard<T>(read: () => T): T | null {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      this.warn(error.message);
      return null;
    }
  }

  private warn(why: string): void {
    if (this.warnings.length < MOST_WARNINGS && !this.warnings.includes(why)) this.warnings.push(why);
  }
}

/** From the innermost call outwards to the function that is really there. @throws Malformed when that never comes */
function chainOf(functions: Functions, innermost: number): number[] {
  const chain: number[] = [];
  let left = MOST_INLINED;
  for (let number = innermost === NOBODY ? -1 : innermost; number >= 0; number = functions.parent(number)) {
    if (left-- === 0) throw new Malformed(`at most ${MOST_INLINED} nested inlined calls`, functions.offset(innermost));
    const kind = functions.kind(number);
    if (kind !== SCOPE) chain.push(number);
    if (kind === FUNCTION) break;
  }
  return chain;
}
