/**
 * The small sections of a wasm module: import, function, export, element, data. One function each, over a Reader that
 * stands at the section's payload. Source: WebAssembly core specification 5.5 (2.0, with 3.0's 64-bit limits).
 */
import type { Reader } from '../bytes/reader';

export type ExternKind = 'function' | 'table' | 'memory' | 'global' | 'tag';
/** As V8 limits them (wasm-limits.h): no module that runs has more, and each becomes an object here. */
const MOST_IMPORTS = 100_000;
const MOST_EXPORTS = 100_000;

const KINDS: ExternKind[] = ['function', 'table', 'memory', 'global', 'tag'];

export interface Import {
  module: string;
  name: string;
  kind: ExternKind;
}

export interface Export {
  name: string;
  kind: ExternKind;
  index: number;
}

/** An active element segment of table 0 with constant offset, as function indexes; others are left out. */
export interface ElementSegment {
  offset: number;
  functions: Uint32Array;
}

/** The active segments of memory 0 with constant offset, in columns. */
export interface DataSegments {
  /** Where in linear memory. */
  addresses: Uint32Array;
  /** Offset of the bytes in the module, and how many. */
  offsets: Uint32Array;
  sizes: Uint32Array;
  count: number;
  /** Passive segments, and active ones whose place is not a constant. */
  unplaced: number;
}

function kind(reader: Reader): ExternKind {
  const found = KINDS[reader.u8()];
  if (found) return found;
  reader.position--;
  return reader.fail('an import or export kind');
}

/** A value type; reference types with a heap type (0x63, 0x64) take a second part. */
function skipValueType(reader: Reader): void {
  const type = reader.u8();
  if (type === 0x63 || type === 0x64) reader.sleb32();
}

function skipLimits(reader: Reader): void {
  const flags = reader.u8();
  reader.skipLeb(10);
  if (flags & 1) reader.skipLeb(10);
}

export function readImports(reader: Reader): Import[] {
  const count = reader.count(4, 'imports');
  if (count > MOST_IMPORTS) reader.fail(`at most ${MOST_IMPORTS} imports`);
  const imports: Import[] = [];
  for (let i = 0; i < count; i++) {
    const module = reader.name();
    const name = reader.name();
    const what = kind(reader);
    if (what === 'function') reader.leb32();
    else if (what === 'table') {
      skipValueType(reader);
      skipLimits(reader);
    } else if (what === 'memory') skipLimits(reader);
    else if (what === 'global') {
      skipValueType(reader);
      reader.u8();
    } else {
      reader.u8();
      reader.leb32();
    }
    imports.push({ module, name, kind: what });
  }
  return imports;
}

export function readFunctionTypes(reader: Reader): Uint32Array {
  const types = new Uint32Array(reader.count(1, 'functions'));
  for (let i = 0; i < types.length; i++) types[i] = reader.leb32();
  return types;
}

export function readExports(reader: Reader): Export[] {
  const count = reader.count(3, 'exports');
  if (count > MOST_EXPORTS) reader.fail(`at most ${MOST_EXPORTS} exports`);
  const exports: Export[] = [];
  for (let i = 0; i < count; i++) exports.push({ name: reader.name(), kind: kind(reader), index: reader.leb32() });
  return exports;
}

/**
 * A constant expression. @returns the value of `i32.const` or `i64.const`, the index of `ref.func`, or null when it is
 * anything else (`global.get`, extended constants)
 */
function constant(reader: Reader): number | null {
  let value: number | null = null;
  let operators = 0;
  for (;;) {
    const op = reader.u8();
    if (op === 0x0b) return operators === 1 ? value : null;
    operators++;
    value = null;
    if (op === 0x41) value = reader.sleb32() >>> 0;
    else if (op === 0x42) value = reader.sleb64();
    else if (op === 0xd2) value = reader.leb32();
    else if (op === 0x23) reader.leb32();
    else if (op === 0xd0) reader.sleb32();
    else if (op === 0x43) reader.skip(4);
    else if (op === 0x44) reader.skip(8);
    else if (!((op >= 0x6a && op <= 0x6c) || (op >= 0x7c && op <= 0x7e))) {
      reader.position--;
      reader.fail('a constant expression');
    }
  }
}

export function readElements(reader: Reader): ElementSegment[] {
  const count = reader.count(2, 'element segments');
  const segments: ElementSegment[] = [];
  for (let i = 0; i < count; i++) {
    const flags = reader.leb32();
    if (flags > 7) reader.fail('element segment flags');
    const active = (flags & 1) === 0;
    const table = active && flags & 2 ? reader.leb32() : 0;
    const offset = active ? constant(reader) : null;
    if (flags & 3) {
      if (flags & 4) skipValueType(reader);
      else reader.u8();
    }
    const functions = new Uint32Array(reader.count(1, 'elements'));
    for (let j = 0; j < functions.length; j++) {
      // A null reference stands for "no function"; no module has 2^32-1 of them.
      functions[j] = flags & 4 ? (constant(reader) ?? 0xffffffff) : reader.leb32();
    }
    if (offset !== null && table === 0) segments.push({ offset, functions });
  }
  return segments;
}

export function readDataSegments(reader: Reader): DataSegments {
  const most = reader.count(2, 'data segments');
  const addresses = new Uint32Array(most);
  const offsets = new Uint32Array(most);
  const sizes = new Uint32Array(most);
  let count = 0;
  for (let i = 0; i < most; i++) {
    const flags = reader.leb32();
    if (flags > 2) reader.fail('data segment flags');
    const memory = flags === 2 ? reader.leb32() : 0;
    const address = flags === 1 ? null : constant(reader);
    const size = reader.leb32();
    const offset = reader.offset;
    reader.skip(size, `${size} bytes of data`);
    if (address === null || memory !== 0 || address < 0 || address + size > 2 ** 32) continue;
    addresses[count] = address;
    offsets[count] = offset;
    sizes[count++] = size;
  }
  return { addresses, offsets, sizes, count, unplaced: most - count };
}
