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

/** More than there are registered js.Funcs in a table (protocol/check-handles.ts). */
const INDICES = 2 ** 21;

export type How = SnapshotInfo['how'];

type Figures = Pick<SnapshotInfo, 'funcHandles' | 'nodes' | 'fixed' | 'strings' | 'classified'>;

export class Snapshot {
  /** Handles, and all rows. */
  readonly handles: number;
  readonly rows: number;
  /** Index in the registered js.Funcs of each row behind the handles. */
  private readonly unheld: Int32Array;
  /** Row of each registered js.Func, and the other way round; the second only where some have handles. */
  readonly rowOfRegistered: Int32Array;
  private readonly registeredOfRow: Int32Array | null;
  /** Where the stacks begin in `stackWords`, by number. */
  private readonly stackStarts: Int32Array;
  /** Registered js.Funcs by Go's number: that, times `INDICES`, and the index. Sorted. */
  private readonly byFunc: Float64Array;
  /** Names of classes: those of the table, and of what was looked at since. */
  private readonly classNames: string[];
  private readonly classNumbers = new Map<string, number>();
  /** What is known of values beyond their class, by row. */
  private readonly texts = new Map<number, string>();
  /** Stacks by number, as far as they were asked for. */
  private named: { names: Names; stacks: Stack[] } | null = null;
  private figured: { version: number; figures: Figures } | null = null;
  /** How often a class or a flag became known since. */
  version = 0;
  /** How often a text did: what is beyond a class changes no group and no figure. */
  textVersion = 0;
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
    this.byFunc = Float64Array.from(registered?.ids ?? [], (func, i) => (func >>> 0) * INDICES + i).sort();
    this.rowOfRegistered = new Int32Array(count).fill(-1);
    this.registeredOfRow = watched && count > 0 ? new Int32Array(ids.length).fill(-1) : null;
    for (let row = 0; watched && this.registeredOfRow && row < ids.length; row++) {
      const index = watched.funcs[row] === 0 ? -1 : this.indexOfFunc(watched.funcs[row]);
      if (index < 0) continue;
      this.rowOfRegistered[index] = row;
      this.registeredOfRow[row] = index;
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
    return row >= this.handles ? this.unheld[row - this.handles] : (this.registeredOfRow?.[row] ?? -1);
  }

  /** Index in the registered js.Funcs of one by Go's number; -1 when it is not registered. */
  indexOfFunc(func: number): number {
    const at = floorIndex(this.byFunc, (func >>> 0) * INDICES + INDICES - 1);
    const found = at < 0 ? -1 : this.byFunc[at];
    return Math.floor(found / INDICES) === func >>> 0 ? found % INDICES : -1;
  }

  /** PC_F of the function that a js.Func runs, released or not; 0 for not known, and for what is none. */
  code(row: number): number {
    const { watched, registered } = this.table;
    const index = this.registered(row);
    if (index >= 0) return registered!.codes[index];
    return row < this.handles ? (watched?.codes[row] ?? 0) : 0;
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
    if (this.named?.names !== names) this.named = { names, stacks: [] };
    const { stacks } = this.named;
    if (!stacks[number]) {
      const words = this.table.watched!.stackWords;
      const at = this.stackStarts[number];
      stacks[number] = names.stack(words.subarray(at + 1, at + 1 + Math.abs(words[at])), words[at] >= 0);
    }
    return stacks[number];
  }

  /** How many stacks there are, and 1. */
  get stackCount(): number {
    return this.stackStarts.length;
  }

  /** Group by place of each row. */
  sites(names: Names): Int32Array {
    return this.column(names.sites, (row) => {
      if (this.isFixed(row)) return Place.Fixed;
      const number = this.stackNumber(row);
      if (number > 0) return this.stack(number, names).group;
      if (row >= this.handles) return names.runs(this.table.registered!.codes[this.unheld[row - this.handles]]);
      return this.birth(row) > 0 ? Place.Lost : Place.Before;
    });
  }

  classes(names: Names): Int32Array {
    return this.column(names.classes, (row) => {
      const name = this.class(row);
      return names.classes.enter(name, name || 'not looked at');
    });
  }

  types(names: Names): Int32Array {
    return this.column(names.types, (row) => names.types.enter(TYPES[this.type(row)], TYPES[this.type(row)]));
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

  private column(groups: Groups, read: (row: number) => number): Int32Array {
    let found = this.columns.get(groups);
    if (found?.version !== this.version) {
      const column = new Int32Array(this.rows);
      for (let row = 0; row < this.rows; row++) column[row] = read(row);
      found = { version: this.version, column };
      this.columns.set(groups, found);
    }
    return found.column;
  }

  /**
   * Takes what values are now, of those that are still the same. What was known of the moment of the snapshot stays.
   * @returns whether more became known than texts
   */
  preview(previews: HandlePreviews): boolean {
    const { table } = this;
    let [classified, told] = [false, false];
    for (let i = 0; i < previews.ids.length; i++) {
      const row = this.rowOf(previews.ids[i]);
      if (row < 0 || previews.births[i] !== this.birth(row) || previews.types[i] !== table.types[row]) continue;
      const name = previews.classes[i];
      const known = this.classNames[table.classes[row]];
      if (known && name && known !== name) continue;
      const flags = table.flags[row];
      if (!known && name) table.classes[row] = this.classNumber(name);
      if ((flags & NODE) === 0) table.flags[row] |= previews.flags[i] & NODE;
      table.flags[row] |= previews.flags[i] & HandleFlag.Wrapper;
      if ((!known && name) || table.flags[row] !== flags) classified = true;
      const text = previews.texts[i];
      if (text === '' || this.texts.get(row) === text) continue;
      this.texts.set(row, text);
      told = true;
    }
    if (classified) this.version++;
    if (told) this.textVersion++;
    return classified;
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
    const { table } = this;
    const { watched, registered } = table;
    const funcs = registered?.ids.length ?? (table.funcs >= 0 ? table.funcs : null);
    return {
      ...{ number: this.number, at: table.origin + table.now, how: this.how, handles: this.handles, funcs },
      ...{ ...this.figures(), slots: table.slots, free: table.free, numgc: table.numgc >= 0 ? table.numgc : null },
      ...{ watchedSince: watched ? table.origin + watched.since : null, lost: watched?.lost ?? 0 },
      funcsWhy: funcs === null ? why() : '',
    };
  }

  private figures(): Figures {
    if (this.figured?.version !== this.version) {
      const figures: Figures = { funcHandles: 0, nodes: 0, fixed: 0, strings: 0, classified: 0 };
      for (let row = 0; row < this.handles; row++) {
        if (this.isFunc(row)) figures.funcHandles++;
        else if ((this.table.flags[row] & NODE) !== 0) figures.nodes++;
        if (this.isString(row)) figures.strings++;
        if (this.isFixed(row)) figures.fixed++;
        if (this.class(row) !== '') figures.classified++;
      }
      this.figured = { version: this.version, figures };
    }
    return this.figured.figures;
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
