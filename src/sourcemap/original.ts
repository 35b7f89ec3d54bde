/**
 * The original scopes of a source map: which function is written where, in each source. Knows lines only, for Go tells no
 * columns.
 *
 * DevTools name the caller of an inlined call by the innermost scope around the call's place (SourceMapScopesInfo.ts
 * translateCallSite). Lines alone often do not tell: a function literal may stand in its caller's line, the code of `init` is
 * written in many files. Where another function would be found, the call gets a column of its own, and that column a scope.
 */
import { Column } from '../bytes/column';
import { ScopeFlag, Tag } from './tags';
import type { VlqWriter } from './vlq';

/** Scopes have lower numbers; so many lines fit above them exactly. */
const SCOPES = 2 ** 21;

export class OriginalScopes {
  /** Of each scope: index of its name, source, first and last line known (from 1). */
  private readonly name = new Column();
  private readonly source = new Column();
  private readonly first = new Column();
  private readonly last = new Column();
  /** By source: scopes by name and line. */
  private readonly known: (Map<number, number> | undefined)[] = [];
  /** By source: the column of each call of an inlined function, by line and calling scope. */
  private readonly calls: (Map<number, number> | undefined)[] = [];

  get length(): number {
    return this.name.length;
  }

  /** @param name index of a name @param line the function's first, or any of its lines where that is not known */
  scope(name: number, source: number, line: number, lineIsFirst: boolean): number {
    this.known[source] ??= new Map();
    const known = this.known[source];
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

  /** A scope calls an inlined function at this place. */
  call(scope: number, source: number, line: number): void {
    this.calls[source] ??= new Map();
    if (scope < SCOPES) this.calls[source].set(callKey(scope, line), 0);
  }

  /** @returns the column that the call got when scopes were written */
  columnOf(scope: number, source: number, line: number): number {
    return this.calls[source]?.get(callKey(scope, line)) ?? 0;
  }

  /** Tells all scopes in the order they were made. */
  each(tell: (name: number, source: number, lastLine: number) => void): void {
    for (let scope = 0; scope < this.length; scope++)
      tell(this.name.at(scope), this.source.at(scope), this.last.at(scope));
  }

  /**
   * @param sources how many the map has @param kind number of the word "function" among its names
   * @param renumber number that a name has in the map; asked in the order in which scopes are written
   * @returns the number of each scope as it was written
   */
  encode(writer: VlqWriter, sources: number, kind: number, renumber: (name: number) => number): Int32Array {
    const { first, last, source } = this;
    const order = Array.from({ length: this.length }, (_, scope) => scope);
    // Those that begin in one line: the longest first, for the others lie in it.
    order.sort((a, b) => source.at(a) - source.at(b) || first.at(a) - first.at(b) || last.at(b) - last.at(a) || a - b);
    const file = new FileWriter(writer, kind, renumber);
    const numbers = new Int32Array(order.length);
    let next = 0;
    for (let each = 0; each < sources; each++) {
      const begin = next;
      while (next < order.length && source.at(order[next]) === each) next++;
      const calls = this.calls[each];
      if (next === begin && !calls) writer.comma().unsigned(Tag.Empty);
      else this.encodeFile(file, order.slice(begin, next), calls ?? new Map(), numbers);
    }
    return numbers;
  }

  private encodeFile(file: FileWriter, scopes: number[], calls: Map<number, number>, numbers: Int32Array): void {
    const keys = Float64Array.from(calls.keys()).sort();
    /** Open scopes, and the line (from 0) in front of which each ends. */
    const open: { scope: number; end: number }[] = [];
    const closeBefore = (line: number) => {
      while (open.length > 0 && open[open.length - 1].end <= line) file.end((open.pop() as { end: number }).end, 0);
    };
    file.begin();
    let deepest = 0;
    let called = 0;
    let column = 0;
    let lastLine = -1;
    for (let next = 0; next < scopes.length || called < keys.length; ) {
      const scope = scopes[next];
      const start = next < scopes.length ? Math.max(this.first.at(scope) - 1, 0) : Number.POSITIVE_INFINITY;
      const line = called < keys.length ? lineOf(keys[called]) : Number.POSITIVE_INFINITY;
      closeBefore(Math.min(start, line));
      const around = open[open.length - 1];
      if (start <= line) {
        // What only overlaps the function around it, by a line that is not known well, is cut off there.
        const end = Math.min(Math.max(this.last.at(scope), start + 1), around?.end ?? Number.POSITIVE_INFINITY);
        deepest = Math.max(deepest, end);
        numbers[scope] = file.start(start, 0, this.name.at(scope));
        open.push({ scope, end });
        next++;
        continue;
      }
      const caller = scopeOf(keys[called]);
      if (line !== lastLine) column = around ? 1 : 0;
      lastLine = line;
      if (around && this.name.at(around.scope) === this.name.at(caller)) calls.set(keys[called], 0);
      else {
        calls.set(keys[called], column);
        file.start(line, column++, this.name.at(caller));
        file.end(line, column);
        deepest = Math.max(deepest, line + 1);
      }
      called++;
    }
    closeBefore(Number.POSITIVE_INFINITY);
    file.end(deepest, 0);
  }
}

const callKey = (scope: number, line: number) => Math.max(line - 1, 0) * SCOPES + scope;
const lineOf = (key: number) => Math.floor(key / SCOPES);
const scopeOf = (key: number) => key % SCOPES;

/** Writes the scopes of one file after the other; lines and columns count from 0 in each. */
class FileWriter {
  private written = 0;
  private line = 0;
  private column = 0;
  private lastName = 0;
  private lastKind = 0;

  constructor(
    private readonly writer: VlqWriter,
    private readonly kind: number,
    private readonly renumber: (name: number) => number,
  ) {}

  /** A scope for the file, which all its functions lie in. */
  begin(): void {
    this.line = this.column = 0;
    this.writer.comma().unsigned(Tag.ScopeStart).unsigned(0).unsigned(0).unsigned(0);
    this.written++;
  }

  /** @returns the scope's number */
  start(line: number, column: number, name: number): number {
    const { writer } = this;
    writer
      .comma()
      .unsigned(Tag.ScopeStart)
      .unsigned(ScopeFlag.HasName | ScopeFlag.HasKind | ScopeFlag.IsStackFrame);
    this.place(line, column);
    const number = this.renumber(name);
    writer.signed(number - this.lastName).signed(this.kind - this.lastKind);
    this.lastName = number;
    this.lastKind = this.kind;
    return this.written++;
  }

  end(line: number, column: number): void {
    this.writer.comma().unsigned(Tag.ScopeEnd);
    this.place(line, column);
  }

  /** A column counts from the last one in the same line. */
  private place(line: number, column: number): void {
    this.writer.unsigned(line - this.line).unsigned(line === this.line ? column - this.column : column);
    this.line = line;
    this.column = column;
  }
}
