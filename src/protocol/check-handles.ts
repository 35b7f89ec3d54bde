/**
 * What is believed of a page's handles, and of those in a dump file: every number of `handles.ts` looked at, and copied. What the page's
 * scripts would not say is null. Numbers that come out of Go's memory as they are (of js.Funcs, of entries into Go, PCs) may be anything that
 * fits; what is an index lies within what it is an index of.
 */
import { type Column, copyOf, copyTexts, countStacks, isBag, isCount, isTime } from './fields';
import {
  type DumpParts,
  type HandleCounts,
  type HandlePreviews,
  type HandleTable,
  PAGE,
  type RegisteredFuncs,
  TYPES,
  type WatchedColumns,
} from './handles';

/** What is told at most. A dump is read by these bounds too. */
export enum MostHandles {
  Handles = 4194304,
  ClassNames = 65536,
  /** Characters of one, and of what is known beyond it. */
  ClassName = 200,
  Text = 300,
  /** PCs of stacks, and their counts. */
  StackWords = 4194304 + 65536,
  Funcs = 1048576,
  /** Bytes of linear memory. */
  Memory = 4294967296,
}

/** @returns a clean copy, or null when these are no counts of ours; so do all that follow */
export function checkCounts(value: unknown): HandleCounts | null {
  if (!isBag(value)) return null;
  const { now, slots, free, funcs, numgc } = value;
  if (!isTime(now) || !isCount(slots) || !isCount(free)) return null;
  return isCountOrNone(funcs) && isCountOrNone(numgc) ? { now, slots, free, funcs, numgc } : null;
}

export function checkTable(value: unknown): HandleTable | null {
  const counts = checkCounts(value);
  if (!counts || !isBag(value)) return null;
  const { origin } = value;
  const ids = copyOf(value.ids, Int32Array, MostHandles.Handles);
  if (!ids || !rise(ids) || !isTime(origin)) return null;
  const rows = ids.length;
  const types = columnOf(value.types, Uint8Array, rows);
  const refs = columnOf(value.refs, Int32Array, rows);
  const classes = columnOf(value.classes, Int32Array, rows);
  const flags = columnOf(value.flags, Uint8Array, rows);
  const classNames = copyTexts(value.classNames, MostHandles.ClassNames, MostHandles.ClassName);
  if (!types || !refs || !classes || !flags || !classNames || classNames[0] !== '') return null;
  if (!within(types, 0, TYPES.length - 1) || !within(refs, -1) || !within(classes, 0, classNames.length - 1))
    return null;
  const watched = value.watched === null ? null : checkWatched(value.watched, rows);
  const stacks = watched ? countStacks(watched.stackWords) : 0;
  if (watched && !within(watched.stacks, 0, stacks)) return null;
  const registered = value.registered === null ? null : checkRegistered(value.registered, stacks);
  if (watched === undefined || registered === undefined) return null;
  return { ...counts, origin, ids, types, refs, classes, classNames, flags, watched, registered };
}

/** @returns undefined for what is none; the numbers of stacks are not looked at yet */
function checkWatched(value: unknown, rows: number): WatchedColumns | undefined {
  if (!isBag(value)) return;
  const { since, lost } = value;
  const births = columnOf(value.births, Float64Array, rows);
  const times = columnOf(value.times, Float64Array, rows);
  const crossings = columnOf(value.crossings, Float64Array, rows);
  const stacks = columnOf(value.stacks, Int32Array, rows);
  const funcs = columnOf(value.funcs, Int32Array, rows);
  const codes = columnOf(value.codes, Int32Array, rows);
  const handlers = columnOf(value.handlers, Int32Array, rows);
  const turns = columnOf(value.turns, Int32Array, rows);
  const stackWords = copyOf(value.stackWords, Int32Array, MostHandles.StackWords);
  if (!births || !times || !crossings || !stacks || !funcs || !codes) return;
  if (!handlers || !turns || !stackWords) return;
  if (!isTime(since) || !isCount(lost) || countStacks(stackWords) < 0) return;
  if (!births.every(isCount) || !times.every(isTime) || !crossings.every(isCount)) return;
  return { since, births, times, crossings, stacks, funcs, codes, handlers, turns, stackWords, lost };
}

/** @param known how many stacks there are; @returns undefined for what is none */
function checkRegistered(value: unknown, known: number): RegisteredFuncs | undefined {
  if (!isBag(value)) return;
  const ids = copyOf(value.ids, Int32Array, MostHandles.Funcs);
  if (!ids) return;
  const rows = ids.length;
  const codes = columnOf(value.codes, Int32Array, rows);
  const stacks = columnOf(value.stacks, Int32Array, rows);
  const times = columnOf(value.times, Float64Array, rows);
  const handlers = columnOf(value.handlers, Int32Array, rows);
  const turns = columnOf(value.turns, Int32Array, rows);
  const made = copyOf(value.made, Int32Array, MostHandles.StackWords);
  if (!codes || !stacks || !times || !handlers || !turns || !made) return;
  if (!within(stacks, 0, known) || !times.every(isTime) || !within(made, 0)) return;
  // Behind the last stack is only room that a watch keeps.
  return { ids, codes, stacks, times, handlers, turns, made: made.slice(0, known + 1) };
}

/** @param asked ids that were asked for: they are answered one by one */
export function checkPreviews(value: unknown, asked: Int32Array): HandlePreviews | null {
  if (!isBag(value) || !isTime(value.now)) return null;
  const rows = asked.length;
  const ids = columnOf(value.ids, Int32Array, rows);
  const types = columnOf(value.types, Uint8Array, rows);
  const flags = columnOf(value.flags, Uint8Array, rows);
  const births = columnOf(value.births, Float64Array, rows);
  const classes = copyTexts(value.classes, rows, MostHandles.ClassName);
  const texts = copyTexts(value.texts, rows, MostHandles.Text);
  if (!ids || !types || !flags || !births || classes?.length !== rows || texts?.length !== rows) return null;
  if (!ids.every((id, i) => id === asked[i]) || !within(types, 0, TYPES.length - 1)) return null;
  return births.every(isCountOrNone) ? { now: value.now, ids, types, classes, texts, flags, births } : null;
}

/** The pages are not copied: they may be gigabytes, and as a Blob nobody can change them. */
export function checkDumpParts(value: unknown): DumpParts | null {
  if (!isBag(value)) return null;
  const { sp, at, memory, bytes } = value;
  const table = checkTable(value.table);
  const previews = table && checkPreviews(value.previews, table.ids);
  if (!table || !previews || !isMemory(memory) || !isCount(sp) || sp >= 2 ** 32) return null;
  const pages = copyOf(value.pages, Int32Array, memory / PAGE);
  if (!pages || !rise(pages) || !within(pages, 0, memory / PAGE - 1) || (at !== 'import' && at !== 'event'))
    return null;
  const size = bytes instanceof Blob ? bytes.size : bytes instanceof Uint8Array ? bytes.length : -1;
  if (size !== pages.length * PAGE) return null;
  return { table, previews, sp, at, memory, pages, bytes: bytes as DumpParts['bytes'] };
}

/** Whether it is a size that a linear memory has. */
export function isMemory(value: unknown): value is number {
  return isCount(value) && value % PAGE === 0 && value <= MostHandles.Memory;
}

function columnOf<T extends Column>(value: unknown, Kind: { new (from: T): T }, rows: number): T | null {
  const column = copyOf(value, Kind, rows);
  return column?.length === rows ? column : null;
}

/** Whether each is greater than the one before it, and none is negative. */
function rise(numbers: Int32Array): boolean {
  for (let i = 0, last = -1; i < numbers.length; last = numbers[i++]) if (numbers[i] <= last) return false;
  return true;
}

function within(numbers: Int32Array | Uint8Array, low: number, high = 2 ** 31 - 1): boolean {
  for (let i = 0; i < numbers.length; i++) if (numbers[i] < low || numbers[i] > high) return false;
  return true;
}

const isCountOrNone = (value: unknown): value is number => value === -1 || isCount(value);
