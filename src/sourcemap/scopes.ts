/**
 * The functions of a source map: which are written where (original scopes), and which bytes of the module are whose
 * (generated ranges), with inlined calls nested in their callers. The `scopes` field of ECMA-426 (proposal "Scopes", stage 3;
 * as Chromium 156's DevTools decode it).
 *
 * DevTools look ranges up one after the other, so functions are put into groups, and groups into groups.
 */
import { Column } from '../bytes/column';
import { OriginalScopes } from './original';
import { RangeFlag, Tag } from './tags';
import { VlqWriter } from './vlq';

/** Functions in a group, and groups in a group of groups. */
const GROUP = 64;

/** What happened at an offset. */
enum Event {
  Close = -1,
  Group = -2,
  /** From 0 on: the scope of a range that opens. */
}

export class Scopes {
  readonly original = new OriginalScopes();

  /** Openings and closings in order: where, what, and for inlined calls from which source, line and scope (else -1). */
  private readonly offsets = new Column();
  private readonly events = new Column();
  private readonly callSources = new Column();
  private readonly callLines = new Column();
  private readonly callers = new Column();

  /** The code of a function begins. */
  open(offset: number, scope: number): void {
    this.event(offset, scope, -1, 0, 0);
  }

  /** The code of an inlined function begins. @param caller scope of the function that calls it, at this place */
  openInlined(offset: number, scope: number, caller: number, source: number, line: number): void {
    this.original.call(caller, source, line);
    this.event(offset, scope, source, line, caller);
  }

  close(offset: number): void {
    this.event(offset, Event.Close, -1, 0, 0);
  }

  /** Encloses what comes in a range that belongs to no function. */
  group(offset: number): void {
    this.event(offset, Event.Group, -1, 0, 0);
  }

  private event(offset: number, event: number, callSource: number, callLine: number, caller: number): void {
    this.offsets.push(offset);
    this.events.push(event);
    this.callSources.push(callSource);
    this.callLines.push(callLine);
    this.callers.push(caller);
  }

  /**
   * @param sources how many the map has @param kind number of the word "function" among its names
   * @param renumber number that a name has in the map; asked in the order in which scopes are written
   */
  encode(sources: number, kind: number, renumber: (name: number) => number): string {
    const writer = new VlqWriter();
    this.encodeRanges(writer, this.original.encode(writer, sources, kind, renumber));
    return writer.text();
  }

  /** Openings and closings so far. */
  get size(): number {
    return this.events.length;
  }

  private encodeRanges(writer: VlqWriter, numbers: Int32Array): void {
    let column = 0;
    let definition = 0;
    for (let i = 0; i < this.events.length; i++) {
      const offset = this.offsets.at(i);
      const event = this.events.at(i);
      writer.comma();
      if (event === Event.Close) writer.unsigned(Tag.RangeEnd).unsigned(offset - column);
      else if (event === Event.Group)
        writer
          .unsigned(Tag.RangeStart)
          .unsigned(0)
          .unsigned(offset - column);
      else {
        const source = this.callSources.at(i);
        writer.unsigned(Tag.RangeStart).unsigned(RangeFlag.HasDefinition | (source < 0 ? RangeFlag.IsStackFrame : 0));
        writer.unsigned(offset - column).signed(numbers[event] - definition);
        definition = numbers[event];
        if (source >= 0) {
          const line = this.callLines.at(i);
          writer.comma().unsigned(Tag.CallSite).unsigned(source);
          writer.unsigned(Math.max(line - 1, 0)).unsigned(this.original.columnOf(this.callers.at(i), source, line));
        }
      }
      column = offset;
    }
  }
}

/** Opens and closes groups as functions go by. */
export class Groups {
  private functions = 0;

  constructor(private readonly scopes: Scopes) {}

  /** A function is about to begin. */
  next(offset: number): void {
    const first = this.functions === 0;
    const inner = this.functions % GROUP === 0;
    const outer = this.functions % (GROUP * GROUP) === 0;
    this.functions++;
    if (!inner) return;
    if (!first) this.scopes.close(offset);
    if (outer && !first) this.scopes.close(offset);
    if (outer) this.scopes.group(offset);
    this.scopes.group(offset);
  }

  end(offset: number): void {
    if (this.functions === 0) return;
    this.scopes.close(offset);
    this.scopes.close(offset);
  }
}
