/** Reads the `scopes` field of a source map (ECMA-426, Scopes) in the plainest way, and answers who runs at a column. */
import assert from 'node:assert/strict';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export interface Scope {
  name: string | undefined;
  kind: string | undefined;
  isStackFrame: boolean;
  source: number;
  /** From 0; `end` is where the scope's end was written. */
  start: Position;
  end: Position;
}

export interface Position {
  line: number;
  column: number;
}

export interface Range {
  scope: Scope | undefined;
  isStackFrame: boolean;
  callSite: ({ source: number } & Position) | undefined;
  start: number;
  end: number;
  children: Range[];
}

function numbers(item: string): number[] {
  const read: number[] = [];
  let value = 0;
  let shift = 0;
  for (const digit of item) {
    const bits = DIGITS.indexOf(digit);
    assert.ok(bits >= 0, digit);
    value += (bits & 31) * 2 ** shift;
    shift += 5;
    if (bits & 32) continue;
    read.push(value);
    value = shift = 0;
  }
  assert.equal(shift, 0, 'a number broken off');
  return read;
}

const signed = (value: number) => (value & 1 ? -Math.floor(value / 2) : value / 2);

export function readScopes(text: string, names: string[]): { scopes: Scope[]; ranges: Range[] } {
  const scopes: Scope[] = [];
  const open: Scope[] = [];
  const root: Range = { scope: undefined, isStackFrame: false, callSite: undefined, start: 0, end: 0, children: [] };
  const ranges = [root];
  let [source, name, kind, column, definition] = [0, 0, 0, 0, 0];
  let at: Position = { line: 0, column: 0 };
  const move = (lines: number, columns: number): Position => {
    at = { line: at.line + lines, column: lines === 0 ? at.column + columns : columns };
    return at;
  };
  for (const item of text === '' ? [] : text.split(',')) {
    const [tag, ...rest] = numbers(item);
    const next = () => rest.shift() ?? assert.fail(`${item} is too short`);
    if (tag === 0) source++;
    else if (tag === 1) {
      const flags = next();
      const start = move(next(), next());
      if (flags & 1) name += signed(next());
      if (flags & 2) kind += signed(next());
      const scope: Scope = {
        ...{ name: flags & 1 ? names[name] : undefined, kind: flags & 2 ? names[kind] : undefined },
        ...{ isStackFrame: (flags & 4) !== 0, source, start, end: start },
      };
      scopes.push(scope);
      open.push(scope);
    } else if (tag === 2) {
      const scope = open.pop() ?? assert.fail('an end without a start');
      scope.end = move(next(), next());
      const around = open[open.length - 1];
      if (around) assert.ok(!before(scope.start, around.start), `${scope.name} begins in ${around.name}`);
      else {
        source++;
        at = { line: 0, column: 0 };
      }
    } else if (tag === 4) {
      const flags = next();
      assert.equal(flags & ~6, 0, 'one generated line, nothing hidden');
      column += next();
      if (flags & 2) definition += signed(next());
      const range: Range = {
        scope: flags & 2 ? (scopes[definition] ?? assert.fail('a scope that is not there')) : undefined,
        ...{ isStackFrame: (flags & 4) !== 0, callSite: undefined, start: column, end: column, children: [] },
      };
      ranges[ranges.length - 1].children.push(range);
      ranges.push(range);
    } else if (tag === 5) {
      column += next();
      const range = ranges.pop() ?? assert.fail('an end without a start');
      range.end = column;
    } else if (tag === 8) {
      ranges[ranges.length - 1].callSite = { source: next(), line: next(), column: next() };
    } else assert.fail(`tag ${tag}`);
    assert.equal(rest.length, 0, item);
  }
  assert.equal(open.length, 0);
  assert.deepEqual(ranges, [root]);
  return { scopes, ranges: root.children };
}

const before = (a: Position, b: Position) => a.line < b.line || (a.line === b.line && a.column < b.column);

/** Finds the function that is written around a place: the innermost scope that stands on a stack, as DevTools do. */
export class ScopeFinder {
  private readonly bySource = new Map<number, Scope[]>();

  constructor(scopes: Scope[]) {
    for (const scope of scopes) this.bySource.set(scope.source, [...(this.bySource.get(scope.source) ?? []), scope]);
  }

  at(source: number, place: Position): Scope | undefined {
    const scopes = this.bySource.get(source) ?? [];
    // Written from outside in.
    for (let i = scopes.length - 1; i >= 0; i--) {
      const scope = scopes[i];
      if (scope.isStackFrame && !before(place, scope.start) && before(place, scope.end)) return scope;
    }
    return undefined;
  }
}

/** @returns the ranges of functions around a column, innermost first, and how many ranges were looked at on the way */
export function rangesAt(ranges: Range[], column: number): { found: Range[]; looked: number } {
  const found: Range[] = [];
  let looked = 0;
  let level = ranges;
  for (;;) {
    const index = level.findIndex((range) => range.start <= column && column < range.end);
    looked += index < 0 ? level.length : index + 1;
    if (index < 0) return { found, looked };
    if (level[index].scope) found.unshift(level[index]);
    level = level[index].children;
  }
}
