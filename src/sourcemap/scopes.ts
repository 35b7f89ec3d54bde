/**
 * The functions of a source map: which are written where (original scopes), and which bytes of the module are whose
 * (generated ranges), with inlined calls nested in their callers. The `scopes` field of ECMA-426 (proposal "Scopes", stage 3;
 * as Chromium 156's DevTools decode it).
 *
 * DevTools look ranges up one after the other, so functions are put into groups, and groups into groups.
 */
import { Column } from '../bytes/column';
import { VlqWriter } from './vlq';

export enum Tag {
  Empty = 0,
  ScopeStart = 1,
  ScopeEnd = 2,
  RangeStart = 4,
  RangeEnd = 5,
  CallSite = 8,
}

export enum ScopeFlag {
  HasName = 1,
  HasKind = 2,
  IsStackFrame = 4,
}

export enum RangeFlag {
  HasLine = 1,
  HasDefinition = 2,
  /** Stands on the stack by itself; inlined calls have a call site instead. */
  IsStackFrame = 4,
  IsHidden = 8,
}

/** Functions in a group, and groups in a group of groups. */
const GROUP = 64;

/** What happened at an offset. */
enum Event {
  Close = -1,
  Group = -2,
  /** From 0 on: the scope of a range that opens. */
}

export class Scopes {
  /** Of each scope: index in `names`, source, first and last line known (from 1). */
  private readonly name = new Column();
  private readonly source = new Column();
  private readonly first = new Column();
  private readonly last = new Column();
  /** By source: scopes by name and line. */
  private readonly known: (Map<number, number> | undefined)[] = [];

  /** Openings and closings in order: where, what, and for inlined calls from which source and line (else -1). */
  private readonly offsets = new Column();
  private readonly events = new Column();
  private readonly callSources = new Column();
  private readonly callLines = new Column();

  /** @param name index in the map's names @param line the function's first, or any of its lines where that is not known */
  scope(name: number, source: number, line: number, lineIsFirst: boolean): number {
    let known = this.known[source];
    if (!known) {
      known = new Map();
      this.known[source] = known;
    }
    // No line has the number 2³²-1; names are fewer than 2²¹ (make.ts).
    const key = name * 2 ** 32 + (lineIsFirst ? line >>> 0 : 0xffffffff);
    let scope = known.get(key);
    if (scope === undefined) {
      scope = this.name.length;
      known.set(key, scope);
      this.name.push(name);
      this.source.push(source);
      this.first.push(line);
      this.last.push(line);
    }
    return scope;
  }

  /** A scope has code of this line. */
  covers(scope: number, line: number): void {
    if (line > this.last.at(scope)) this.last.set(scope, line);
    if (line > 0 && line < this.first.at(scope)) this.first.set(scope, line);
  }

  open(offset: number, scope: number, callSource = -1, callLine = 0): void {
    this.event(offset, scope, callSource, callLine);
  }

  close(offset: number): void {
    this.event(offset, Event.Close, -1, 0);
  }

  /** Encloses what comes in a range that belongs to no function. */
  group(offset: number): void {
    this.event(offset, Event.Group, -1, 0);
  }

  private event(offset: number, event: number, callSource: number, callLine: number): void {
    this.offsets.push(offset);
    this.events.push(event);
    this.callSources.push(callSource);
    this.callLines.push(callLine);
  }

  /**
   * @param sources how many the map has @param kind number of the word "function" among its names
   * @param renumber number that a name has in the map; asked in the order in which scopes are written
   */
  encode(sources: number, kind: number, renumber: (name: number) => number): string {
    const writer = new VlqWriter();
    this.encodeRanges(writer, this.encodeScopes(writer, sources, kind, renumber));
    return writer.text();
  }

  /** Openings and closings so far. */
  get size(): number {
    return this.events.length;
  }

  /** @returns the number of each scope as it was written */
  private encodeScopes(
    writer: VlqWriter,
    sources: number,
    kind: number,
    renumber: (name: number) => number,
  ): Int32Array {
    const order = Array.from({ length: this.name.length }, (_, scope) => scope);
    order.sort((a, b) => this.source.at(a) - this.source.at(b) || this.first.at(a) - this.first.at(b) || a - b);
    const numbers = new Int32Array(order.length);
    let written = 0;
    let lastName = 0;
    let lastKind = 0;
    let next = 0;
    for (let source = 0; source < sources; source++) {
      if (next === order.length || this.source.at(order[next]) !== source) {
        writer.comma().unsigned(Tag.Empty);
        continue;
      }
      // One scope for the file, which all its functions lie in; lines count from 0 in each source.
      let line = 0;
      let deepest = 0;
      writer.comma().unsigned(Tag.ScopeStart).unsigned(0).unsigned(0).unsigned(0);
      written++;
      for (; next < order.length && this.source.at(order[next]) === source; next++) {
        const scope = order[next];
        const start = Math.max(this.first.at(scope) - 1, 0);
        const end = Math.max(this.last.at(scope), start + 1);
        deepest = Math.max(deepest, end);
        // A function literal lies in another function: that one ends where it begins, as scopes may not overlap.
        const follower = next + 1 < order.length && this.source.at(order[next + 1]) === source ? order[next + 1] : -1;
        const limit = follower < 0 ? end : Math.max(Math.min(end, this.first.at(follower) - 1), start);
        const flags = ScopeFlag.HasName | ScopeFlag.HasKind | ScopeFlag.IsStackFrame;
        writer.comma().unsigned(Tag.ScopeStart).unsigned(flags);
        writer.unsigned(start - line).unsigned(0);
        const name = renumber(this.name.at(scope));
        writer.signed(name - lastName).signed(kind - lastKind);
        lastName = name;
        lastKind = kind;
        writer
          .comma()
          .unsigned(Tag.ScopeEnd)
          .unsigned(limit - start)
          .unsigned(0);
        line = limit;
        numbers[scope] = written++;
      }
      writer
        .comma()
        .unsigned(Tag.ScopeEnd)
        .unsigned(Math.max(deepest - line, 0))
        .unsigned(0);
    }
    return numbers;
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
          writer.comma().unsigned(Tag.CallSite).unsigned(source);
          writer.unsigned(Math.max(this.callLines.at(i) - 1, 0)).unsigned(0);
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
