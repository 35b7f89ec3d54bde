/**
 * The source map of a Go module, which Go itself does not write (golang/go#33503). One generated line; a column is a byte
 * offset in the module, as DevTools and the spec's web assembly convention have it.
 *
 * Exact: every call, and the first instruction of every resume block. Other instructions read what stands before them, as
 * source maps do: the line of the block they most likely belong to.
 */
import { Malformed, must } from '../bytes/malformed';
import type { FunctionTables, Lines } from '../go/lines';
import { printedName } from '../go/names';
import type { Func } from '../go/pclntab';
import type { Program } from '../program';
import type { Place } from '../symbols/frame';
import { Groups, Scopes } from './scopes';
import { VlqWriter } from './vlq';
import { walk } from './walk';
import { walkExact } from './walk-exact';

/** Version 3 of the format (ECMA-426). */
export interface SourceMap {
  version: 3;
  sources: string[];
  sourcesContent?: (string | null)[];
  names: string[];
  mappings: string;
  scopes: string;
  debugId?: string;
}

export interface Made {
  map: SourceMap;
  /** Places in `mappings`. */
  count: number;
  /** Functions that could not be read; their bytes have no place. */
  failed: number;
  /** For each source what tells whose it is, and whether a text can be it. */
  written: Written[];
}

export interface Written {
  /** A function that is written in the source; '' for none. */
  function: string;
  /** The last line that code is known of; 0 for none. */
  lastLine: number;
}

/** Deeper nests of inlined calls do not occur; hostile ones go in circles. */
const MOST_INLINED = 256;

/** The kind of every scope. */
const FUNCTION = 'function';

/** A gigabyte of Go has fewer. */
const MOST_NAMES = 1 << 21;

/** Openings and closings of ranges for each byte of the module: true ones have one in a hundred bytes. */
const MOST_RANGES = 1;
const LEAST_RANGES = 100_000;

/** @param sourceOf what stands in `sources` for a file as Go names it. @throws Malformed when the module is not Go's */
export function makeSourceMap(program: Program, sourceOf: (file: string) => string): Made {
  const maker = new Maker(must(program.go.lines()), sourceOf, LEAST_RANGES + MOST_RANGES * program.module.bytes.length);
  const failed = (program.exactLines() ? walkExact : walk)(program, maker);
  return { map: maker.finish(), count: maker.count, failed, written: maker.written() };
}

/** An inlined call of the function that is being read. */
interface Inlined {
  scope: number;
  /** Where it is called: index of the source, line, and the inlined call that lies in, or null. */
  source: number;
  line: number;
  caller: Inlined | null;
  depth: number;
}

/** What is known of the function whose blocks go by. */
interface Current {
  func: Func;
  tables: FunctionTables;
  scope: number;
  nodes: Map<number, Inlined | null>;
}

class Maker {
  count = 0;
  private readonly mappings = new VlqWriter();
  private readonly scopes = new Scopes();
  private readonly groups = new Groups(this.scopes);
  private readonly sources: string[] = [];
  private readonly sourceIndexes = new Map<string, number>();
  /** Index of the source behind each file value, counted from the first one of the module. */
  private readonly fileIndexes = new Map<number, number>();
  private readonly names: string[] = [];
  private readonly nameIndexes = new Map<string, number>();
  /** Index of the name at each offset of the table of names. */
  private readonly offsetIndexes = new Map<number, number>();

  private current: Current | null = null;
  /** Innermost inlined call whose range is open; null: none but the function's. */
  private open: Inlined | null = null;
  /** The last place told. */
  private seen = -1;
  private last = { offset: 0, source: 0, line: 0 };
  private place = { source: -1, line: 0 };
  private ended = 0;

  constructor(
    private readonly lines: Lines,
    private readonly sourceOf: (file: string) => string,
    private readonly most: number,
  ) {}

  body(offset: number, func: Func | null): void {
    this.groups.next(offset);
    this.place = { source: -1, line: 0 };
    this.enter(offset, func);
    if (!this.current) this.nowhere(offset);
  }

  block(exact: number, func: Func, block: number, head: number, at?: Place): void {
    // A breakpoint must be met by those, too, who do not take the arm.
    const offset = head > this.seen ? head : exact;
    this.seen = exact;
    if (func !== this.current?.func) this.enter(offset, func);
    const { current } = this;
    if (!current) return;
    const { tables } = current;
    const node = tables.nodes.at(block);
    const inlined = node < 0 ? null : this.inlined(current, node, block, 0);
    // Inlined code whose function cannot be told: under another name its line would be wrong.
    if (node >= 0 && !inlined) return;
    const source = at ? this.source(at.file) : this.file(func, tables.files.at(block));
    const line = at?.line ?? tables.lines.at(block);
    if (source < 0 || line <= 0) return;
    this.nest(offset, inlined);
    this.scopes.original.covers(inlined?.scope ?? current.scope, line);
    this.map(offset, source, line);
  }

  end(offset: number): void {
    this.leave(offset);
    this.ended = offset;
  }

  finish(): SourceMap {
    this.nowhere(this.ended);
    this.groups.end(this.ended);
    // Names in the order of scopes: the next one is then nearly always one further, which takes a digit.
    const names = [FUNCTION];
    const numbers = new Int32Array(this.names.length);
    const renumber = (name: number) => {
      if (numbers[name] === 0) numbers[name] = names.push(this.names[name]) - 1;
      return numbers[name];
    };
    const scopes = this.scopes.encode(this.sources.length, 0, renumber);
    return {
      version: 3,
      sources: this.sources.map(this.sourceOf),
      names,
      mappings: this.mappings.text(),
      scopes,
    };
  }

  written(): Written[] {
    const written = this.sources.map((): Written => ({ function: '', lastLine: 0 }));
    this.scopes.original.each((name, source, lastLine) => {
      const known = written[source];
      known.function ||= this.names[name];
      known.lastLine = Math.max(known.lastLine, lastLine);
    });
    return written;
  }

  private enter(offset: number, func: Func | null): void {
    this.leave(offset);
    try {
      if (!func) return;
      const { lines } = this;
      const tables = lines.tables(func);
      const start = lines.start(func);
      const source = this.source(start.file);
      if (source < 0) return;
      const scope = this.scopes.original.scope(this.name(func.nameOff), source, start.line, func.startLine > 0);
      this.scopes.open(offset, scope);
      this.current = { func, tables, scope, nodes: new Map() };
      if (start.line > 0) this.map(offset, source, start.line);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
    }
  }

  private leave(offset: number): void {
    if (!this.current) return;
    this.nest(offset, null);
    this.scopes.close(offset);
    this.current = null;
  }

  /** Closes and opens ranges until `inlined` is the innermost. */
  private nest(offset: number, inlined: Inlined | null): void {
    if (inlined === this.open) return;
    // The innermost call that both lie in.
    let common = inlined;
    while (common !== this.open) {
      if (common && common.depth > (this.open?.depth ?? 0)) {
        common = common.caller;
      } else {
        this.scopes.close(offset);
        this.open = this.open?.caller ?? null;
      }
    }
    if (inlined && this.scopes.size > this.most) throw new Malformed('fewer inlined calls', offset);
    const opening: Inlined[] = [];
    for (let each = inlined; each && each !== common; each = each.caller) opening.push(each);
    for (const each of opening.reverse()) {
      const caller = each.caller?.scope ?? (this.current as Current).scope;
      this.scopes.openInlined(offset, each.scope, caller, each.source, each.line);
    }
    this.open = inlined;
  }

  /** @param block one whose node this is. @returns null when it cannot be read */
  private inlined(current: Current, node: number, block: number, depth: number): Inlined | null {
    let known = current.nodes.get(node);
    if (known === undefined) {
      known = this.readInlined(current, node, block, depth);
      current.nodes.set(node, known);
    }
    return known;
  }

  private readInlined(current: Current, node: number, block: number, depth: number): Inlined | null {
    const { func, tables } = current;
    if (tables.tree === null || depth === MOST_INLINED) return null;
    const call = this.lines.inlineCall(tables.tree, node);
    const own = this.file(func, tables.files.at(block));
    const parent = call.parentPc >= 0 ? tables.nodes.at(call.parentPc) : call.parent;
    const caller = parent < 0 ? null : this.inlined(current, parent, Math.max(call.parentPc, 0), depth + 1);
    if (own < 0 || (parent >= 0 && !caller) || (caller && caller.depth === MOST_INLINED)) return null;
    const source = this.file(func, call.parentPc >= 0 ? tables.files.at(call.parentPc) : call.file);
    const line = call.parentPc >= 0 ? tables.lines.at(call.parentPc) : call.line;
    const name = this.name(call.nameOff);
    const first = call.startLine > 0 ? call.startLine : tables.lines.at(block);
    this.scopes.original.covers(caller?.scope ?? current.scope, line);
    return {
      scope: this.scopes.original.scope(name, own, first, call.startLine > 0),
      source: Math.max(source, 0),
      line,
      caller,
      depth: (caller?.depth ?? 0) + 1,
    };
  }

  private map(offset: number, source: number, line: number): void {
    if (source === this.place.source && line === this.place.line) return;
    const { mappings, last } = this;
    mappings.comma().signed(offset - last.offset);
    mappings
      .signed(source - last.source)
      .signed(line - 1 - last.line)
      .signed(0);
    this.last = { offset, source, line: line - 1 };
    this.place = { source, line };
    this.count++;
  }

  /** From here on nothing is known. */
  private nowhere(offset: number): void {
    this.mappings.comma().signed(offset - this.last.offset);
    this.last.offset = offset;
    this.place = { source: -1, line: 0 };
  }

  /** @param value of the function's table of files @returns index of the source; -1 for none */
  private file(func: Func, value: number): number {
    if (value < 0) return -1;
    const slot = func.cu + value;
    let source = this.fileIndexes.get(slot);
    if (source === undefined) {
      source = this.source(this.lines.pclntab.file(func, value));
      this.fileIndexes.set(slot, source);
    }
    return source;
  }

  private source(file: string): number {
    return file === '' ? -1 : indexOf(file, this.sources, this.sourceIndexes);
  }

  /** @returns index of the name at an offset of the table of names */
  private name(offset: number): number {
    let name = this.offsetIndexes.get(offset);
    if (name === undefined) {
      const { pclntab } = this.lines;
      name = indexOf(printedName(pclntab.name(offset), pclntab.version), this.names, this.nameIndexes);
      if (name === MOST_NAMES) throw new Malformed(`at most ${MOST_NAMES} names`, pclntab.funcnametab + offset);
      this.offsetIndexes.set(offset, name);
    }
    return name;
  }
}

function indexOf(text: string, list: string[], indexes: Map<string, number>): number {
  let index = indexes.get(text);
  if (index === undefined) {
    index = list.length;
    list.push(text);
    indexes.set(text, index);
  }
  return index;
}
