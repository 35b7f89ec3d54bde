/**
 * One snapshot of a program's handle table, in columns. It has a row for each handle, by rising id, and behind them one for each js.Func that
 * Go has registered and of which no handle is known: what Go drops without releasing it stays for ever, handle or not.
 *
 * Source of ids 0 to 6 and of what a js.Func is: wasm_exec.js `_values`, `_makeFuncWrapper`; syscall/js/func.go.
 */
import { floorIndex } from '../bytes/search';
import { HandleFlag, type HandlePreviews, type HandleTable, TYPES } from '../protocol/handles';
import { type Groups, type Names, Place, type Stack } from './names';
import type { SnapshotInfo } from './view';

/** The last of the ids that every Go program has. */
export const LAST_FIXED = 6;
/** What those values are called, as their class. */
const FIXED = ['NaN', '0', 'null', 'true', 'false', 'globalThis', 'Go'];

const FUNCTION = TYPES.indexOf('function');
const STRING = TYPES.indexOf('string');
/** What is known of a value by its type alone; objects and functions have classes of their own. */
const CLASS_OF_TYPE = ['undefined', '', '', 'String', 'Symbol', 'BigInt', 'Number', 'Boolean'];
const JS_FUNC = 'js.Func';
const NODE = HandleFlag.Connected | HandleFlag.Detached;

export type How = SnapshotInfo['how'];

export class Snapshot {
  /** Handles, and all rows. */
  readonly handles: number;
  readonly rows: number;
  /** Index in the registered js.Funcs of each row behind the handles. */
  private readonly unheld: Int32Array;
  /** Row of each registered js.Func. */
  readonly rowOfRegistered: Int32Array;
  /** Where the stacks begin in `stackWords`, by number. */
  private readonly stackStarts: Int32Array;
  /** Index of a registered js.Func by Go's number. */
  private readonly registeredIndex = new Map<number, number>();
  /** Names of classes: those of the table, and of what was looked at since. */
  private readonly classNames: string[];
  private readonly classNumbers = new Map<string, number>();
  /** What is known of values beyond their class, by row. */
  private readonly texts = new Map<number, string>();
  /** How often something became known since. */
  version = 0;
  /** Columns of groups, by what numbers them. */
  private readonly columns = new WeakMap<Groups, { version: number; column: Int32Array; counts?: Int32Array }>();

  /** Takes the arrays of the table as they are. @param table whose columns have been found to be of one length */
  constructor(
    readonly number: number,
    readonly how: How,
    readonly table: HandleTable,
  ) {
    const { ids, watched, registered } = table;
    this.handles = ids.length;
    this.classNames = table.classNames.slice();
    for (const [index, name] of this.classNames.entries()) this.classNumbers.set(name, index);
    this.stackStarts = startsOf(watched?.stackWords ?? new Int32Array(0));
    const count = registered?.ids.length ?? 0;
    for (let i = 0; i < count; i++) this.registeredIndex.set(registered!.ids[i], i);
    this.rowOfRegistered = new Int32Array(count).fill(-1);
    for (let row = 0; watched && row < ids.length; row++) {
      const index = this.registeredIndex.get(watched.funcs[row]);
      if (watched.funcs[row] !== 0 && index !== undefined) this.rowOfRegistered[index] = row;
    }
    const unheld = new Int32Array(count);
    let found = 0;
    for (let i = 0; i < count; i++) {
      if (this.rowOfRegistered[i] >= 0) continue;
      this.rowOfRegistered[i] = this.handles + found;
      unheld[found++] = i;
    }
    this.unheld = unheld.slice(0, found);
    this.rows = this.handles + found;
  }

  /** 0 for a js.Func without a handle. */
  id(row: number): number {
    return row < this.handles ? this.table.ids[row] : 0;
  }

  isFixed(row: number): boolean {
    return row < this.handles && this.table.ids[row] <= LAST_FIXED;
  }

  /** Index in `TYPES`. */
  type(row: number): number {
    return row < this.handles ? this.table.types[row] : FUNCTION;
  }

  isString(row: number): boolean {
    return this.type(row) === STRING && !this.isFixed(row);
  }

  flags(row: number): number {
    return row < this.handles ? this.table.flags[row] : 0;
  }

  /** Go's number of the js.Func that a row is; 0 for none, or not known. */
  func(row: number): number {
    if (row >= this.handles) return this.table.registered!.ids[this.unheld[row - this.handles]];
    return this.table.watched?.funcs[row] ?? 0;
  }

  isFunc(row: number): boolean {
    return row >= this.handles || this.func(row) !== 0 || (this.flags(row) & HandleFlag.Wrapper) !== 0;
  }

  /** Index in the registered js.Funcs; -1 for what is none of them. */
  registered(row: number): number {
    if (row >= this.handles) return this.unheld[row - this.handles];
    const func = this.func(row);
    return func === 0 ? -1 : this.indexOfFunc(func);
  }

  /** Index in the registered js.Funcs of one by Go's number; -1 when it is not registered. */
  indexOfFunc(func: number): number {
    return this.registeredIndex.get(func) ?? -1;
  }

  /** Row of a handle; -1 when there is none. */
  rowOf(id: number): number {
    return indexIn(this.table.ids, id);
  }

  /** NaN where it has none. */
  refs(row: number): number {
    const refs = row < this.handles ? this.table.refs[row] : -1;
    return refs < 0 || this.isFixed(row) ? Number.NaN : refs;
  }

  /** NaN for not known. */
  crossings(row: number): number {
    const crossings = row < this.handles ? (this.table.watched?.crossings[row] ?? 0) : 0;
    return crossings > 0 ? crossings : Number.NaN;
  }

  /** Milliseconds; NaN for not known. */
  age(row: number): number {
    const { watched, registered, now } = this.table;
    const time = row < this.handles ? watched?.times[row] : registered!.times[this.unheld[row - this.handles]];
    return time ? Math.max(0, now - time) : Number.NaN;
  }

  /** How many handles were made before it, and 1; 0 for not known. */
  birth(row: number): number {
    return row < this.handles ? (this.table.watched?.births[row] ?? 0) : 0;
  }

  /** '' for not known. */
  class(row: number): string {
    if (this.isFunc(row)) return JS_FUNC;
    const { ids, types, classes } = this.table;
    if (ids[row] <= LAST_FIXED) return FIXED[ids[row]];
    return this.classNames[classes[row]] || CLASS_OF_TYPE[types[row]] || '';
  }

  /** What is known beyond the class; '' for nothing. */
  text(row: number): string {
    return this.texts.get(row) ?? '';
  }

  /** Number of the stack that made it: of a js.Func, that made the js.Func. 0 for not known. */
  stackNumber(row: number): number {
    const { watched, registered } = this.table;
    const index = this.registered(row);
    const number =
      (index < 0 ? 0 : registered!.stacks[index]) || (row < this.handles ? (watched?.stacks[row] ?? 0) : 0);
    return number > 0 && number < this.stackStarts.length ? number : 0;
  }

  /** @param number from 1, as `stackNumber` gives it */
  stack(number: number, names: Names): Stack {
    const words = this.table.watched!.stackWords;
    const at = this.stackStarts[number];
    return names.stack(words.subarray(at + 1, at + 1 + Math.abs(words[at])), words[at] >= 0);
  }

  /** How many stacks there are, and 1. */
  get stackCount(): number {
    return this.stackStarts.length;
  }

  /** Group by place of each row. */
  sites(names: Names): Int32Array {
    return this.column(names.sites, () => {
      const ofStack = new Int32Array(this.stackStarts.length).fill(-1);
      return (row) => {
        if (this.isFixed(row)) return Place.Fixed;
        const number = this.stackNumber(row);
        if (number > 0) {
          if (ofStack[number] < 0) ofStack[number] = this.stack(number, names).group;
          return ofStack[number];
        }
        if (row >= this.handles) return names.runs(this.table.registered!.codes[this.unheld[row - this.handles]]);
        return this.birth(row) > 0 ? Place.Lost : Place.Before;
      };
    });
  }

  classes(names: Names): Int32Array {
    return this.column(names.classes, () => {
      const known = new Map<string, number>();
      return (row) => {
        const name = this.class(row);
        let number = known.get(name);
        if (number === undefined) {
          number = names.classes.enter(name, name || 'not looked at');
          known.set(name, number);
        }
        return number;
      };
    });
  }

  types(names: Names): Int32Array {
    return this.column(names.types, () => {
      const numbers = TYPES.map((type) => names.types.enter(type, type));
      return (row) => numbers[this.type(row)];
    });
  }

  /** How many rows each group has, by number; groups that have none may be beyond the end. @param column one of those above */
  counts(groups: Groups, column: Int32Array): Int32Array {
    const known = this.columns.get(groups);
    if (known?.column === column && known.counts) return known.counts;
    const counts = new Int32Array(groups.list.length);
    for (let row = 0; row < column.length; row++) counts[column[row]]++;
    if (known?.column === column) known.counts = counts;
    return counts;
  }

  private column(groups: Groups, read: () => (row: number) => number): Int32Array {
    let found = this.columns.get(groups);
    if (found?.version !== this.version) {
      const of = read();
      const column = new Int32Array(this.rows);
      for (let row = 0; row < this.rows; row++) column[row] = of(row);
      found = { version: this.version, column };
      this.columns.set(groups, found);
    }
    return found.column;
  }

  /** Takes what values are now, of those that are still the same. What was known of the moment of the snapshot stays. */
  preview(previews: HandlePreviews): void {
    const { table } = this;
    for (let i = 0; i < previews.ids.length; i++) {
      const row = this.rowOf(previews.ids[i]);
      if (row < 0 || previews.births[i] !== this.birth(row) || previews.types[i] !== table.types[row]) continue;
      const name = previews.classes[i];
      const known = this.classNames[table.classes[row]];
      if (known && name && known !== name) continue;
      if (!known && name) table.classes[row] = this.classNumber(name);
      if ((table.flags[row] & NODE) === 0) table.flags[row] |= previews.flags[i] & NODE;
      table.flags[row] |= previews.flags[i] & HandleFlag.Wrapper;
      if (previews.texts[i]) this.texts.set(row, previews.texts[i]);
    }
    this.version++;
  }

  private classNumber(name: string): number {
    let number = this.classNumbers.get(name);
    if (number === undefined) {
      number = this.classNames.push(name) - 1;
      this.classNumbers.set(name, number);
    }
    return number;
  }

  /** @param why why js.Funcs are not known, if they are not */
  info(why: () => string): SnapshotInfo {
    const { table, handles } = this;
    const { watched, registered } = table;
    let [nodes, strings, classified, fixed] = [0, 0, 0, 0];
    for (let row = 0; row < handles; row++) {
      if ((table.flags[row] & NODE) !== 0) nodes++;
      if (this.isString(row)) strings++;
      if (this.isFixed(row)) fixed++;
      if (this.class(row) !== '') classified++;
    }
    const funcs = registered?.ids.length ?? (table.funcs >= 0 ? table.funcs : null);
    return {
      ...{ number: this.number, at: table.origin + table.now, how: this.how, handles, funcs, nodes, fixed, strings },
      ...{ slots: table.slots, free: table.free, numgc: table.numgc >= 0 ? table.numgc : null },
      ...{ watchedSince: watched ? table.origin + watched.since : null, lost: watched?.lost ?? 0 },
      ...{ funcsWhy: funcs === null ? why() : '', classified },
    };
  }
}

/** @returns where each stack begins, by number; index 0 stands for none. A stack that goes beyond the end is none */
function startsOf(words: Int32Array): Int32Array {
  const starts = new Int32Array(words.length + 1);
  let count = 1;
  let at = 0;
  while (at < words.length && at + 1 + Math.abs(words[at]) <= words.length) {
    starts[count++] = at;
    at += 1 + Math.abs(words[at]);
  }
  return starts.slice(0, count);
}

/** @returns index of a number in an ascending column; -1 when it is not there */
function indexIn(sorted: Int32Array, value: number): number {
  const at = floorIndex(sorted, value);
  return at >= 0 && sorted[at] === value ? at : -1;
}
