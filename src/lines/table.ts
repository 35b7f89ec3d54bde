/**
 * The exact line table: file and line of every instruction of one module, as a `.golines` file or as the custom section
 * `go_debug_line` at the module's end. Codec and columns; who asks by offset is `exact.ts`.
 *
 * Layout, all numbers LEB128 unless said; signed ones as zigzag; a column is its length in bytes, then the numbers:
 *   "golines" 0x00, version 1, fingerprint of the module (8 bytes, `fingerprint.ts`)
 *   files: count, then each as length and UTF-8. Most come out of pclntab; these are the others
 *   bodies: count; column of runs per body; 0 = not known
 *   runs: columns of instructions per run; of nodes of the inline tree, signed steps within the body, from -1;
 *     of lines, signed steps from the last line of the same node in the body, else from the last line at all
 *   other files: count; columns of steps of run numbers, and of files. All other runs have the file that pclntab has for their node
 *   symbols: count; columns of steps of addresses and of lengths of names; then the names
 */
import { Malformed } from '../bytes/malformed';
import { Reader, text } from '../bytes/reader';
import { Writer } from '../bytes/writer';

/** What a table says, in columns. */
export interface LineTable {
  fingerprint: Uint8Array;
  files: string[];
  /** Number of the first run of each body, and one more for the end. */
  firstRuns: Uint32Array;
  /** Of each run: number of its first instruction in the body, line, node of the inline tree (-1: the function's own). */
  starts: Uint32Array;
  lines: Int32Array;
  nodes: Int32Array;
  /** Runs whose file is not that of their node in pclntab, ascending, and which of `files` it is. */
  otherRuns: Uint32Array;
  otherFiles: Uint32Array;
  /** Variables by address, ascending. */
  addresses: Uint32Array;
  symbols: string[];
}

export const SECTION = 'go_debug_line';
const MAGIC = [...'golines\0'].map((char) => char.charCodeAt(0));
const VERSION = 1;
/** Names become strings, one by one. */
const MOST_NAMES = 1 << 20;

export function encodeTable(table: LineTable): Uint8Array {
  const out = new Writer();
  out.append(Uint8Array.from(MAGIC));
  out.uleb(VERSION);
  out.append(table.fingerprint);
  out.uleb(table.files.length);
  for (const file of table.files) out.name(file);
  const bodies = table.firstRuns.length - 1;
  const counts = new Writer();
  const sizes = new Writer();
  const nodes = new Writer();
  const lines = new Writer();
  const last = new LastLines();
  for (let body = 0; body < bodies; body++) {
    const first = table.firstRuns[body];
    const end = table.firstRuns[body + 1];
    counts.uleb(end - first);
    last.enter();
    let node = -1;
    for (let run = first; run < end; run++) {
      // The last run goes to the end of the body.
      if (run + 1 < end) sizes.uleb(table.starts[run + 1] - table.starts[run]);
      nodes.zigzag(table.nodes[run] - node);
      node = table.nodes[run];
      lines.zigzag(table.lines[run] - last.of(node));
      last.set(node, table.lines[run]);
    }
  }
  out.uleb(bodies);
  for (const column of [counts, sizes, nodes, lines]) out.sized(column.done());
  out.uleb(table.otherRuns.length);
  out.sized(steps(table.otherRuns).done());
  const others = new Writer();
  for (const file of table.otherFiles) others.uleb(file);
  out.sized(others.done());
  out.uleb(table.symbols.length);
  out.sized(steps(table.addresses).done());
  const lengths = new Writer();
  const names = new Writer();
  for (const symbol of table.symbols) {
    const start = names.length;
    names.text(symbol);
    lengths.uleb(names.length - start);
  }
  out.sized(lengths.done());
  out.sized(names.done());
  return out.done();
}

/** @param offset of the first byte in what it was read from. @throws Malformed */
export function decodeTable(bytes: Uint8Array, offset = 0): LineTable {
  const reader = new Reader(bytes, offset);
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) reader.fail('a line table ("golines")');
  reader.skip(MAGIC.length);
  if (reader.leb32() !== VERSION) {
    reader.position = MAGIC.length;
    reader.fail(`version ${VERSION} of the line table`);
  }
  const fingerprint = reader.slice(8, 'a fingerprint');
  const files = readNames(reader);
  const bodies = reader.count(1, 'bodies');
  const counts = column(reader);
  const sizes = column(reader);
  const nodeSteps = column(reader);
  const lineSteps = column(reader);
  const firstRuns = new Uint32Array(bodies + 1);
  for (let body = 0; body < bodies; body++) {
    firstRuns[body + 1] = firstRuns[body] + counts.leb32();
    // A run has a line step of a byte or more.
    if (firstRuns[body + 1] > lineSteps.left) counts.fail('runs that the table has');
  }
  ended(counts);
  const runs = firstRuns[bodies];
  const starts = new Uint32Array(runs);
  const nodes = new Int32Array(runs);
  const lines = new Int32Array(runs);
  const last = new LastLines();
  for (let body = 0; body < bodies; body++) {
    last.enter();
    let start = 0;
    let node = -1;
    for (let run = firstRuns[body]; run < firstRuns[body + 1]; run++) {
      starts[run] = start;
      if (run + 1 < firstRuns[body + 1]) start += sizes.leb32();
      node += signed(nodeSteps);
      const line = last.of(node) + signed(lineSteps);
      if (node < -1 || node > MOST_NODE || start > MOST_START) nodeSteps.fail('a node of an inline tree');
      if (line < 0 || line > MOST_LINE) lineSteps.fail('a line');
      nodes[run] = node;
      lines[run] = line;
      last.set(node, line);
    }
  }
  for (const each of [sizes, nodeSteps, lineSteps]) ended(each);
  const others = reader.count(2, 'runs in other files');
  const otherRuns = readSteps(column(reader), others);
  if (others > 0 && otherRuns[others - 1] >= runs) reader.fail('runs that the table has');
  const fileNumbers = column(reader);
  const otherFiles = new Uint32Array(others);
  for (let i = 0; i < others; i++) {
    otherFiles[i] = fileNumbers.leb32();
    if (otherFiles[i] >= files.length) fileNumbers.fail('a file of the table');
  }
  ended(fileNumbers);
  const count = reader.count(2, 'symbols');
  if (count > MOST_NAMES) reader.fail(`at most ${MOST_NAMES} symbols`);
  const addresses = readSteps(column(reader), count);
  const lengths = column(reader);
  const names = column(reader);
  const symbols: string[] = [];
  for (let i = 0; i < count; i++) symbols.push(text(names.slice(lengths.leb32(), 'a name')));
  for (const each of [lengths, names, reader]) ended(each);
  return { fingerprint, files, firstRuns, starts, nodes, lines, otherRuns, otherFiles, addresses, symbols };
}

/** Far above what Go has; keeps sums exact. */
const MOST_NODE = 1 << 24;
const MOST_START = 1 << 30;
const MOST_LINE = 1 << 24;

/** Last line of each node in the body that is being read or written. */
class LastLines {
  private readonly lines = new Map<number, number>();
  private last = 0;

  enter(): void {
    this.lines.clear();
  }

  of(node: number): number {
    return this.lines.get(node) ?? this.last;
  }

  set(node: number, line: number): void {
    this.lines.set(node, line);
    this.last = line;
  }
}

function readNames(reader: Reader): string[] {
  const count = reader.count(1, 'files');
  if (count > MOST_NAMES) reader.fail(`at most ${MOST_NAMES} files`);
  const names: string[] = [];
  for (let i = 0; i < count; i++) names.push(reader.name());
  return names;
}

function column(reader: Reader): Reader {
  return reader.sub(reader.leb32(), 'a column');
}

function ended(reader: Reader): void {
  if (reader.left > 0) reader.fail('the end of a column');
}

function signed(reader: Reader): number {
  const value = reader.leb32();
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
}

/** Ascending numbers as steps from the one before. */
function steps(values: Uint32Array): Writer {
  const out = new Writer();
  let last = 0;
  for (const value of values) {
    out.uleb(value - last);
    last = value;
  }
  return out;
}

function readSteps(reader: Reader, count: number): Uint32Array {
  if (count > reader.left) throw new Malformed('as many numbers as the table says', reader.offset);
  const values = new Uint32Array(count);
  let last = 0;
  for (let i = 0; i < count; i++) {
    last += reader.leb32();
    if (last > 0xffffffff) reader.fail('a number of 32 bits');
    values[i] = last;
  }
  ended(reader);
  return values;
}
