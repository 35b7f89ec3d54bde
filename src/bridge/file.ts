/**
 * A recording as a file: what `gowasm run --bridge` writes and the panel saves, and `gowasm bridge` and the panel open. Codec
 * only; runs in Node and in a worker.
 *
 * Layout, all numbers LEB128 unless said; signed ones as zigzag; f64 little-endian; a column is its length in bytes, then the numbers:
 *   "gobridge", version 1 (a byte), u32 length of what follows the checksum, u32 its CRC-32
 *   the module: fingerprint (8 bytes, lines/fingerprint.ts), size; title, as length and UTF-8
 *   origin, began, now, clockStep (f64); dropped, lost, every
 *   operations, targets: count, then each as length and UTF-8
 *   stacks: count; columns of counts of PCs, signed, negative when cut, and of PCs, signed steps
 *   entries: count; columns of operations, targets, stacks, receivers. Numbers count from 1, and 0 is not written here
 *   sums of the entries, with that of 0: columns of calls, bytes, timed; of milliseconds in all and without what was called back, f64
 *   events: count; columns of entries, depths, bytes; of ends, signed steps from `began`, and of durations, in nanoseconds
 *   what was seen in memory: numbers of a row, Go's clock (f64), lost; columns of rows and of goroutines, f64
 * Times of events are rounded to the nanosecond, which no clock of a page tells.
 */
import { crc32 } from '../bytes/crc32';
import type { Reader } from '../bytes/reader';
import { beginSealed, openSealed, SEALED_FROM, seal } from '../bytes/sealed';
import { Writer } from '../bytes/writer';
import type { StateSamples } from '../protocol/recording';
import { Capture } from './capture';

/** What was recorded. */
export interface CaptureAbout {
  /** Which module: `fingerprintOf`, 8 bytes. */
  fingerprint: Uint8Array;
  /** Of the module, bytes. */
  size: number;
  /** URL of the page, or the command. */
  title: string;
}

const CAPTURE = { letters: 'gobridge', version: 1, word: 'capture', what: 'a capture of the bridge' };
/** What the recorder keeps at most (hook/record): no face need fear more. */
const MOST_NAMES = 1 << 14;
const MOST_STACKS = 1 << 16;
const MOST_PCS = 1 << 22;
const MOST_PCS_OF_STACK = 512;
const MOST_ENTRIES = 1 << 17;
const NS = 1e6;

export function encodeCapture(capture: Capture, { fingerprint, size, title }: CaptureAbout): Uint8Array {
  const out = beginSealed(CAPTURE);
  out.append(fingerprint).uleb(size).name(title);
  out.f64(capture.origin).f64(capture.began).f64(capture.now).f64(capture.clockStep);
  out.uleb(capture.dropped).uleb(capture.lost).uleb(capture.every);
  for (const names of [capture.operations, capture.targets]) {
    out.uleb(names.length - 1);
    for (const name of names.slice(1)) out.name(name);
  }
  writeStacks(out, capture);
  writeEntries(out, capture);
  writeEvents(out, capture);
  writeState(out, capture);
  const done = out.done();
  seal(out, done.length - SEALED_FROM, crc32(done.subarray(SEALED_FROM)));
  return done;
}

function writeStacks(out: Writer, capture: Capture): void {
  const count = capture.stacks.length - 1;
  const counts = new Writer();
  const pcs = new Writer();
  let last = 0;
  for (let number = 1; number <= count; number++) {
    const stack = capture.stack(number);
    counts.zigzag(stack.whole ? stack.pcs.length : -stack.pcs.length);
    for (const pc of stack.pcs) {
      pcs.zigzag(pc - last);
      last = pc;
    }
  }
  out.uleb(count).sized(counts.done()).sized(pcs.done());
}

function writeEntries(out: Writer, capture: Capture): void {
  const columns = Array.from({ length: 9 }, () => new Writer());
  for (let number = 0; number < capture.entries; number++) {
    const { operation, target, stack, receiver, calls, bytes, timed, totalMs, selfMs } = capture.entry(number);
    if (number > 0) for (const [i, key] of [operation, target, stack, receiver].entries()) columns[i].uleb(key);
    for (const [i, sum] of [calls, bytes, timed].entries()) columns[4 + i].uleb(sum);
    columns[7].f64(totalMs);
    columns[8].f64(selfMs);
  }
  out.uleb(capture.entries - 1);
  for (const column of columns) out.sized(column.done());
}

function writeEvents(out: Writer, { events, times, began }: Capture): void {
  const count = events.length / 3;
  const columns = Array.from({ length: 5 }, () => new Writer());
  let last = 0;
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 3; k++) columns[k].uleb(events.at(i * 3 + k) >>> 0);
    const end = Math.round((times.at(i * 2 + 1) - began) * NS);
    columns[3].zigzag(end - last);
    columns[4].uleb(Math.max(0, end - Math.round((times.at(i * 2) - began) * NS)));
    last = end;
  }
  out.uleb(count);
  for (const column of columns) out.sized(column.done());
}

function writeState(out: Writer, { rowWidth, goClock, stateLost, rows, goroutines }: Capture): void {
  out.uleb(rowWidth).f64(goClock).uleb(stateLost);
  for (const column of [rows, goroutines]) {
    const values = new Writer();
    for (const value of column.slice()) values.f64(value);
    out.sized(values.done());
  }
}

/** @throws Malformed for what is no capture, is cut or was changed, or whose numbers stand for nothing */
export function decodeCapture(file: Uint8Array): { capture: Capture; about: CaptureAbout } {
  const reader = openSealed(file, CAPTURE);
  const about: CaptureAbout = {
    fingerprint: reader.slice(8, 'a fingerprint'),
    size: reader.leb32(),
    title: reader.name(),
  };
  const [origin, began, now, clockStep] = [reader.f64(), reader.f64(), reader.f64(), reader.f64()];
  const [dropped, lost, every] = [reader.leb64(), reader.leb64(), reader.leb32()];
  const operations = readNames(reader);
  const targets = readNames(reader);
  const stacks = readStacks(reader);
  const { entries, receivers, counts } = readEntries(reader);
  const { events, times } = readEvents(reader, began);
  const state = readState(reader);
  if (reader.left > 0) reader.fail('the end of the capture');
  const capture = new Capture();
  const columns = { operations, targets, stacks, entries, receivers, counts, events, times, state };
  const whole = { instance: 1, number: 1, now, origin, dropped, lost, clockStep, every, last: true, ...columns };
  if (!(began >= 0 && began <= now) || !capture.add(whole)) reader.fail('a capture whose numbers make sense');
  capture.began = began;
  return { capture, about };
}

function readNames(reader: Reader): string[] {
  const count = reader.count(1, 'names');
  if (count > MOST_NAMES) reader.fail(`at most ${MOST_NAMES} names`);
  const names: string[] = [];
  for (let i = 0; i < count; i++) names.push(reader.name());
  return names;
}

/** @returns as in a batch: for each stack its count and its PCs */
function readStacks(reader: Reader): Int32Array<ArrayBuffer> {
  const count = reader.count(1, 'stacks');
  if (count > MOST_STACKS) reader.fail(`at most ${MOST_STACKS} stacks`);
  const counts = column(reader);
  const pcs = column(reader);
  const out = new Int32Array(count + pcs.left);
  let at = 0;
  let last = 0;
  for (let i = 0; i < count; i++) {
    const size = signed(counts);
    if (Math.abs(size) > Math.min(pcs.left, MOST_PCS_OF_STACK)) counts.fail('PCs that the capture has');
    if (at + Math.abs(size) > count + MOST_PCS) counts.fail(`at most ${MOST_PCS} PCs`);
    out[at++] = size;
    for (let k = Math.abs(size); k > 0; k--) {
      last += signed(pcs);
      if (last < 0 || last > 0xffffffff) pcs.fail('a PC');
      out[at++] = last;
    }
  }
  for (const each of [counts, pcs]) ended(each);
  return out.slice(0, at);
}

function readEntries(reader: Reader) {
  const count = reader.count(23, 'entries');
  if (count > MOST_ENTRIES) reader.fail(`at most ${MOST_ENTRIES} entries`);
  const keys = [column(reader), column(reader), column(reader)];
  const known = column(reader);
  const sums = [column(reader), column(reader), column(reader)];
  const milliseconds = [column(reader), column(reader)];
  const entries = new Int32Array(count * 3);
  const counts = new Float64Array((count + 1) * 6);
  for (let i = 0; i < count * 3; i++) entries[i] = number31(keys[i % 3]);
  const receivers = new Int32Array(count * 2);
  for (let i = 0; i < count; i++) {
    receivers[i * 2] = i + 1;
    receivers[i * 2 + 1] = number31(known);
  }
  for (let i = 0; i <= count; i++) {
    const at = i * 6;
    counts[at] = i;
    for (let k = 0; k < 3; k++) counts[at + 1 + k] = exact(sums[k]);
    for (let k = 0; k < 2; k++) counts[at + 4 + k] = milliseconds[k].f64();
  }
  for (const each of [...keys, known, ...sums, ...milliseconds]) ended(each);
  return { entries, receivers, counts };
}

function readEvents(reader: Reader, began: number) {
  const count = reader.count(5, 'events');
  const columns = [column(reader), column(reader), column(reader)];
  const ends = column(reader);
  const durations = column(reader);
  const events = new Int32Array(count * 3);
  const times = new Float64Array(count * 2);
  let last = 0;
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 3; k++) events[i * 3 + k] = k === 2 ? columns[k].leb32() : number31(columns[k]);
    last += signed(ends);
    times[i * 2] = began + (last - exact(durations)) / NS;
    times[i * 2 + 1] = began + last / NS;
  }
  for (const each of [...columns, ends, durations]) ended(each);
  return { events, times };
}

/** @returns nothing when nothing was looked at */
function readState(reader: Reader): StateSamples | undefined {
  const width = reader.leb32();
  const goClock = reader.f64();
  const lost = reader.leb64();
  const [rows, goroutines] = [floats(column(reader)), floats(column(reader))];
  if (width > 0) return { width, goClock, lost, rows, goroutines };
  return rows.length + goroutines.length > 0 ? reader.fail('a row of numbers') : undefined;
}

function floats(reader: Reader): Float64Array<ArrayBuffer> {
  const out = new Float64Array(Math.floor(reader.left / 8));
  for (let i = 0; i < out.length; i++) out[i] = reader.f64();
  ended(reader);
  return out;
}

function column(reader: Reader): Reader {
  return reader.sub(reader.leb32(), 'a column');
}

function ended(reader: Reader): void {
  if (reader.left > 0) reader.fail('the end of a column');
}

/** What fits an Int32Array. */
function number31(reader: Reader): number {
  const value = reader.leb32();
  return value < 2 ** 31 ? value : reader.fail('a number of 31 bits');
}

/** A whole number that a double holds exactly. */
function exact(reader: Reader): number {
  const value = reader.leb64();
  return value <= Number.MAX_SAFE_INTEGER ? value : reader.fail('a number of 53 bits');
}

function signed(reader: Reader): number {
  const value = exact(reader);
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
}
