/**
 * The table of values as sections of a dump file: the handles, who made them, the js.Funcs that are registered, and what the values were.
 * `dump.ts` has the layout. Reads what has the right shape only; whether the numbers mean something is for `protocol/check-handles.ts` to say.
 */
import { Malformed } from '../bytes/malformed';
import type { Reader } from '../bytes/reader';
import { Writer } from '../bytes/writer';
import { checkPreviews, checkTable, MostHandles } from '../protocol/check-handles';
import type { HandlePreviews, HandleTable, RegisteredFuncs, WatchedColumns } from '../protocol/handles';

/** A text may begin with what elsewhere says how it is encoded. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Bytes that a row of each takes at least. */
const LEAST_OF_HANDLE = 5;
const LEAST_OF_WATCHED = 15;
const LEAST_OF_FUNC = 13;
const LEAST_OF_PREVIEW = 5;

export function writeTable({ now, origin, slots, free, funcs, numgc, classNames, ...table }: HandleTable): Uint8Array {
  const out = new Writer().f64(now).f64(origin).uleb(slots).uleb(free);
  out.uleb(funcs + 1).uleb(numgc + 1);
  writeTexts(out.uleb(classNames.length - 1), classNames.slice(1));
  writeRising(out.uleb(table.ids.length), table.ids);
  out.append(table.types);
  for (const ref of table.refs) out.uleb(ref + 1);
  writeWords(out, table.classes);
  return out.append(table.flags).done();
}

export function writeWatched({ since, lost, stackWords, births, times, crossings, ...columns }: WatchedColumns) {
  const out = new Writer().f64(since).uleb(lost);
  writeStacks(out, stackWords);
  for (const birth of births) out.uleb(birth);
  for (const time of times) out.f64(time);
  for (const crossed of crossings) out.uleb(crossed);
  for (const column of [columns.stacks, columns.funcs, columns.codes, columns.handlers, columns.turns]) {
    writeWords(out, column);
  }
  return out.done();
}

export function writeRegistered({ ids, codes, stacks, times, handlers, turns, made }: RegisteredFuncs): Uint8Array {
  const out = new Writer().uleb(ids.length);
  for (const column of [ids, codes, stacks]) writeWords(out, column);
  for (const time of times) out.f64(time);
  for (const column of [handlers, turns]) writeWords(out, column);
  writeWords(out.uleb(made.length), made);
  return out.done();
}

/** The ids are those of the table. */
export function writePreviews({ now, types, flags, births, classes, texts }: HandlePreviews): Uint8Array {
  const numbers = new Map<string, number>();
  for (const name of classes) if (!numbers.has(name)) numbers.set(name, numbers.size);
  const out = new Writer().f64(now).uleb(numbers.size);
  writeTexts(out, [...numbers.keys()]);
  out.append(types).append(flags);
  for (const birth of births) out.uleb(birth + 1);
  for (const name of classes) out.uleb(numbers.get(name)!);
  writeTexts(out, texts);
  return out.done();
}

function writeTexts(out: Writer, texts: string[]): void {
  for (const text of texts) out.name(text);
}

function writeRising(out: Writer, numbers: Int32Array): void {
  let last = 0;
  for (const number of numbers) {
    out.uleb(number - last);
    last = number;
  }
}

/** Words of 32 bits, whose sign is nothing. */
function writeWords(out: Writer, words: Int32Array): void {
  for (const word of words) out.uleb(word >>> 0);
}

function writeStacks(out: Writer, words: Int32Array): void {
  out.uleb(words.length);
  let last = 0;
  for (let at = 0; at < words.length; ) {
    const count = words[at++];
    out.zigzag(count);
    for (const end = at + Math.abs(count); at < end; at++) {
      const pc = words[at] >>> 0;
      out.zigzag(pc - last);
      last = pc;
    }
  }
}

/** @throws Malformed for a table that the page's scripts would not make */
export function readTable(reader: Reader, watch: Reader | null, funcs: Reader | null): HandleTable {
  const [now, origin] = [reader.f64(), reader.f64()];
  const [slots, free] = [reader.leb53(), reader.leb53()];
  const known = { funcs: reader.leb53() - 1, numgc: reader.leb53() - 1 };
  const names = bounded(reader, reader.count(1, 'class names'), MostHandles.ClassNames);
  const classNames = ['', ...readTexts(reader, names, MostHandles.ClassName)];
  const rows = bounded(reader, reader.count(LEAST_OF_HANDLE, 'handles'), MostHandles.Handles);
  const ids = readRising(reader, rows);
  const types = reader.slice(rows);
  const refs = new Int32Array(rows);
  for (let i = 0; i < rows; i++) refs[i] = reader.leb32() - 1;
  const classes = readWords(reader, rows);
  const flags = reader.slice(rows);
  ended(reader);
  const watched = watch && readWatched(watch, rows);
  const registered = funcs && readRegistered(funcs);
  const columns = { ids, types, refs, classes, classNames, flags, watched, registered };
  const table = checkTable({ now, origin, slots, free, ...known, ...columns });
  if (!table) throw new Malformed('a table of handles whose numbers make sense', reader.base);
  return table;
}

function readWatched(reader: Reader, rows: number): unknown {
  const since = reader.f64();
  const lost = reader.leb53();
  const stackWords = readStacks(reader);
  expectRoom(reader, rows, LEAST_OF_WATCHED);
  const births = readExact(reader, rows);
  const times = readFloats(reader, rows);
  const crossings = readExact(reader, rows);
  const [stacks, funcs, codes, handlers, turns] = readColumns(reader, rows, 5);
  ended(reader);
  return { since, births, times, crossings, stacks, funcs, codes, handlers, turns, stackWords, lost };
}

function readRegistered(reader: Reader): unknown {
  const rows = bounded(reader, reader.count(LEAST_OF_FUNC, 'js.Funcs'), MostHandles.Funcs);
  const [ids, codes, stacks] = readColumns(reader, rows, 3);
  const times = readFloats(reader, rows);
  const [handlers, turns] = readColumns(reader, rows, 2);
  const made = readWords(reader, reader.count(1, 'counts of js.Funcs'));
  ended(reader);
  return { ids, codes, stacks, times, handlers, turns, made };
}

/** @throws Malformed for previews that the page's scripts would not make of these handles */
export function readPreviews(reader: Reader, asked: Int32Array<ArrayBuffer>): HandlePreviews {
  const rows = asked.length;
  const now = reader.f64();
  const distinct = bounded(reader, reader.count(1, 'class names'), rows);
  const names = readTexts(reader, distinct, MostHandles.ClassName);
  expectRoom(reader, rows, LEAST_OF_PREVIEW);
  const [types, flags] = [reader.slice(rows), reader.slice(rows)];
  const births = readExact(reader, rows).map((birth) => birth - 1);
  const classes = Array.from(readWords(reader, rows), (number) => names[number]);
  const texts = readTexts(reader, rows, MostHandles.Text);
  ended(reader);
  const previews = checkPreviews({ now, ids: asked, types, classes, texts, flags, births }, asked);
  if (!previews) throw new Malformed('previews of the handles', reader.base);
  return previews;
}

function bounded(reader: Reader, count: number, most: number): number {
  return count <= most ? count : reader.fail(`at most ${most} of them`);
}

function expectRoom(reader: Reader, rows: number, least: number): void {
  if (rows * least > reader.left) reader.fail(`a row for each of ${rows} handles`);
}

/** @param most characters of it */
export function readText(reader: Reader, most: number): string {
  const { offset } = reader;
  const length = reader.leb32();
  // A unit of UTF-16 takes 3 bytes of UTF-8 at most.
  const text = length <= most * 3 ? utf8.decode(reader.slice(length, 'a text')) : null;
  if (text === null || text.length > most) throw new Malformed(`a text of at most ${most} characters`, offset);
  return text;
}

function readTexts(reader: Reader, count: number, most: number): string[] {
  const texts: string[] = [];
  for (let i = 0; i < count; i++) texts.push(readText(reader, most));
  return texts;
}

function readRising(reader: Reader, rows: number): Int32Array {
  const numbers = new Int32Array(rows);
  let last = 0;
  for (let i = 0; i < rows; i++) {
    last += reader.leb32();
    numbers[i] = last < 2 ** 31 ? last : reader.fail('a number of 31 bits');
  }
  return numbers;
}

function readWords(reader: Reader, rows: number): Int32Array {
  const words = new Int32Array(rows);
  for (let i = 0; i < rows; i++) words[i] = reader.leb32();
  return words;
}

function readColumns(reader: Reader, rows: number, columns: number): Int32Array[] {
  return Array.from({ length: columns }, () => readWords(reader, rows));
}

function readExact(reader: Reader, rows: number): Float64Array {
  const numbers = new Float64Array(rows);
  for (let i = 0; i < rows; i++) numbers[i] = reader.leb53();
  return numbers;
}

function readFloats(reader: Reader, rows: number): Float64Array {
  const numbers = new Float64Array(rows);
  for (let i = 0; i < rows; i++) numbers[i] = reader.f64();
  return numbers;
}

function readStacks(reader: Reader): Int32Array {
  const words = new Int32Array(bounded(reader, reader.count(1, 'words of stacks'), MostHandles.StackWords));
  let last = 0;
  for (let at = 0; at < words.length; ) {
    const count = reader.zigzag();
    const end = at + 1 + Math.abs(count);
    if (end > words.length) reader.fail('a stack that ends');
    words[at++] = count;
    for (; at < end; at++) {
      last += reader.zigzag();
      if (last < 0 || last > 0xffffffff) reader.fail('a PC');
      words[at] = last;
    }
  }
  return words;
}

export function ended(reader: Reader): void {
  if (reader.left > 0) reader.fail('the end of a section');
}
