/**
 * The `scopes` field of a source map as it is read (ECMA-426, proposal "Scopes", stage 3): which function's code a byte of
 * the module is, and through which inlined calls. What is said of variables is passed over. The writer's side: scopes.ts.
 */
import { Column } from '../bytes/column';
import { floorIndex } from '../bytes/search';
import { RangeFlag, ScopeFlag, Tag } from './tags';
import { VlqReader } from './vlq';

/** Nests deeper than this are no compiler's, and would take long to climb. */
const MOST_NESTED = 1024;

const COMMA = 44;

/** In place of a scope's name: a function without one, and what is no function. */
const NAMELESS = -1;
const NO_FUNCTION = -2;

/** A function that a byte belongs to. */
export interface Around {
  /** Index of its name; -1 when it has none. */
  name: number;
  /** Index of its source, and its first line, from 1. */
  source: number;
  line: number;
  /** Where it was inlined: index of the source, and line; null for the function that stands on the stack. */
  call: { source: number; line: number } | null;
  /** Made by a compiler, not to be shown. */
  hidden: boolean;
}

export class Ranges {
  /** Of each original scope: name, source, first line, the scope around it. */
  private readonly names = new Column();
  private readonly sources = new Column();
  private readonly lines = new Column();
  private readonly outer = new Column();
  /** Of each range, in order of their beginnings: where it ends, its scope, flags, the range around it, its call. */
  private readonly ends = new Column();
  private readonly definitions = new Column();
  private readonly flags = new Column();
  private readonly parents = new Column();
  private readonly callSources = new Column();
  private readonly callLines = new Column();
  private readonly starts: Int32Array;

  /**
   * @param sources @param names how many there are, to which indexes lead
   * @param from module offset that columns count from @param most scopes, and ranges, that there may be. @throws Malformed
   */
  constructor(
    text: string,
    private readonly counts: { sources: number; names: number },
    private readonly from: number,
    most: number,
  ) {
    this.starts = this.read(new VlqReader(text, 'scopes'), text.length, most);
  }

  private read(reader: VlqReader, end: number, most: number): Int32Array {
    const starts = new Column();
    const scopes: number[] = [];
    const ranges: number[] = [];
    let [source, line, name, column, definition] = [0, 0, 0, 0, 0];
    while (reader.position < end) {
      const tag = reader.unsigned();
      if (tag === Tag.Empty) source++;
      else if (tag === Tag.ScopeStart) {
        const flags = reader.unsigned();
        line += reader.unsigned();
        reader.unsigned();
        if (flags & ScopeFlag.HasName) name += reader.signed();
        if (flags & ScopeFlag.HasKind) reader.signed();
        if (flags & ScopeFlag.HasName && (name < 0 || name >= this.counts.names)) reader.fail('the index of a name');
        if (source >= this.counts.sources) reader.fail('no more scopes than sources');
        if (scopes.length === MOST_NESTED || this.names.length === most) reader.fail('fewer scopes');
        const named = flags & ScopeFlag.HasName ? name : NAMELESS;
        this.outer.push(scopes.at(-1) ?? -1);
        scopes.push(this.names.length);
        this.names.push(flags & ScopeFlag.IsStackFrame ? named : NO_FUNCTION);
        this.sources.push(source);
        this.lines.push(line + 1);
      } else if (tag === Tag.ScopeEnd) {
        line += reader.unsigned();
        reader.unsigned();
        if (scopes.pop() === undefined) reader.fail('a scope that ends');
        if (scopes.length === 0) {
          source++;
          line = 0;
        }
      } else if (tag === Tag.RangeStart) {
        const flags = reader.unsigned();
        if (flags & RangeFlag.HasLine && reader.unsigned() !== 0) reader.fail('one generated line');
        column += reader.unsigned();
        if (flags & RangeFlag.HasDefinition) definition += reader.signed();
        if (flags & RangeFlag.HasDefinition && (definition < 0 || definition >= this.names.length)) {
          reader.fail('the number of a scope');
        }
        if (ranges.length === MOST_NESTED || starts.length === most) reader.fail('fewer ranges');
        this.parents.push(ranges.at(-1) ?? -1);
        ranges.push(starts.length);
        starts.push(this.offset(column, reader));
        this.ends.push(0);
        this.definitions.push(flags & RangeFlag.HasDefinition ? definition : -1);
        this.flags.push(flags);
        this.callSources.push(-1);
        this.callLines.push(0);
      } else if (tag === Tag.RangeEnd) {
        let more = reader.unsigned();
        if (reader.more) {
          if (more !== 0) reader.fail('one generated line');
          more = reader.unsigned();
        }
        column += more;
        const range = ranges.pop();
        if (range === undefined) return reader.fail('a range that ends');
        this.ends.set(range, this.offset(column, reader));
      } else if (tag === Tag.CallSite) {
        const range = ranges.at(-1);
        const called = reader.unsigned();
        if (range === undefined || called >= this.counts.sources) return reader.fail('a call in one of the sources');
        this.callSources.set(range, called);
        this.callLines.set(range, reader.unsigned() + 1);
        reader.unsigned();
      } else while (reader.more) reader.unsigned();
      if (reader.position < end && reader.code !== COMMA) reader.fail('the end of an item');
      reader.position++;
    }
    if (scopes.length > 0 || ranges.length > 0) reader.fail('the end of every scope and range');
    return starts.slice();
  }

  private offset(column: number, reader: VlqReader): number {
    const offset = this.from + column;
    return offset < 2 ** 31 ? offset : reader.fail('an offset in the module');
  }

  /** @returns the functions around a module offset, innermost first; the last one stands on the stack. None when unknown */
  around(offset: number): Around[] {
    const found: Around[] = [];
    let range = floorIndex(this.starts, offset);
    while (range >= 0 && this.ends.at(range) <= offset) range = this.parents.at(range);
    for (; range >= 0; range = this.parents.at(range)) {
      const definition = this.definitions.at(range);
      const flags = this.flags.at(range);
      const isOnStack = (flags & RangeFlag.IsStackFrame) !== 0;
      const callSource = this.callSources.at(range);
      // A block inside a function.
      if (definition < 0 || (!isOnStack && callSource < 0)) continue;
      found.push({
        name: this.nameOf(definition),
        source: this.sources.at(definition),
        line: this.lines.at(definition),
        call: isOnStack ? null : { source: callSource, line: this.callLines.at(range) },
        hidden: (flags & RangeFlag.IsHidden) !== 0,
      });
      if (isOnStack) break;
    }
    return found;
  }

  /** Name of the nearest function around a scope; -1 when it has none. */
  private nameOf(scope: number): number {
    let at = scope;
    while (at >= 0 && this.names.at(at) === NO_FUNCTION) at = this.outer.at(at);
    return at < 0 ? -1 : Math.max(this.names.at(at), -1);
  }
}
