/**
 * Writes bytes that read like the specification: little-endian numbers, LEB128s, labels that stand for offsets not known
 * yet; on top of it the sections of a wasm module and the tables of a pclntab. For tests only.
 * Sources: WebAssembly core specification 5.5, tool-conventions ProducersSection.md, runtime/symtab.go (Go 1.11–1.27).
 */

/** Where something will turn out to lie. */
export interface Label {
  at: number | null;
}

export function label(): Label {
  return { at: null };
}

type Width = 4 | 8;

/** A growing run of bytes. Every method returns the run, so that it can be read from left to right. */
export class Bytes {
  private readonly parts: number[] = [];
  private readonly patches: { at: number; to: Label; from: Label | number; width: Width }[] = [];

  get length(): number {
    return this.parts.length;
  }

  u8(...values: number[]): this {
    for (const value of values) this.parts.push(value & 0xff);
    return this;
  }
  u16(value: number): this {
    return this.u8(value, value >>> 8);
  }
  u32(...values: number[]): this {
    for (const value of values) this.u8(value, value >>> 8, value >>> 16, value >>> 24);
    return this;
  }
  /** A number up to 2^53 in 8 bytes. */
  u64(...values: number[]): this {
    for (const value of values) this.u32(value % 2 ** 32, Math.floor(value / 2 ** 32));
    return this;
  }

  /** Unsigned LEB128, as short as it goes. */
  leb(value: number): this {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.u8((rest % 0x80) | 0x80);
    return this.u8(rest);
  }
  /** Unsigned LEB128 padded to `size` bytes, as linkers write it. */
  paddedLeb(value: number, size: number): this {
    let rest = value;
    for (let i = 1; i < size; i++, rest = Math.floor(rest / 0x80)) this.u8((rest % 0x80) | 0x80);
    return this.u8(rest);
  }
  /** Signed LEB128. */
  sleb(value: number): this {
    let rest = value;
    for (;;) {
      const low = ((rest % 0x80) + 0x80) % 0x80;
      rest = Math.floor(rest / 0x80);
      if ((rest === 0 && low < 0x40) || (rest === -1 && low >= 0x40)) return this.u8(low);
      this.u8(low | 0x80);
    }
  }

  ascii(text: string): this {
    return this.bytes(new TextEncoder().encode(text));
  }
  /** NUL-terminated. */
  cString(text: string): this {
    return this.ascii(text).u8(0);
  }
  /** LEB128 length, then UTF-8. */
  name(text: string): this {
    const encoded = new TextEncoder().encode(text);
    return this.leb(encoded.length).bytes(encoded);
  }
  bytes(more: Bytes | Uint8Array | number[]): this {
    const source = more instanceof Bytes ? more.done() : more;
    for (const byte of source) this.parts.push(byte);
    return this;
  }
  /** Another run behind this one; what its labels stand for is still open. */
  append(more: Bytes): this {
    const base = this.parts.length;
    for (const byte of more.parts) this.parts.push(byte);
    for (const patch of more.patches) this.patches.push({ ...patch, at: base + patch.at });
    return this;
  }
  zeros(count: number): this {
    for (let i = 0; i < count; i++) this.parts.push(0);
    return this;
  }
  align(to: number): this {
    while (this.parts.length % to !== 0) this.parts.push(0);
    return this;
  }

  /** Here lies what the label stands for. */
  mark(to: Label, base = 0): this {
    to.at = base + this.parts.length;
    return this;
  }
  /** Distance from `from` (a label, or an offset) to the label, filled in when all is written. */
  offset(to: Label, from: Label | number = 0, width: Width = 4): this {
    this.patches.push({ at: this.parts.length, to, from, width });
    return this.zeros(width);
  }

  /** A vector of the specification: LEB128 count, then the items. */
  vec<T>(items: T[], write: (bytes: Bytes, item: T) => unknown): this {
    this.leb(items.length);
    for (const item of items) write(this, item);
    return this;
  }
  /** LEB128 size, then the content. */
  sized(content: Bytes): this {
    return this.leb(content.length).bytes(content);
  }

  /** @returns the bytes, every label filled in */
  done(): Uint8Array {
    const out = Uint8Array.from(this.parts);
    const view = new DataView(out.buffer);
    for (const { at, to, from, width } of this.patches) {
      const start = typeof from === 'number' ? from : from.at;
      if (to.at === null || start === null) throw new Error('a label is used and never marked');
      view.setUint32(at, to.at - start, true);
      if (width === 8) view.setUint32(at + 4, 0, true);
    }
    return out;
  }
}

export function bytes(): Bytes {
  return new Bytes();
}

/** A wasm module from its sections. */
export function module(...sections: Bytes[]): Uint8Array {
  const out = bytes().ascii('\0asm').u32(1);
  for (const section of sections) out.bytes(section);
  return out.done();
}

export function section(id: number, content: Bytes): Bytes {
  return bytes().u8(id).sized(content);
}

export function custom(name: string, content: Bytes): Bytes {
  return section(0, bytes().name(name).bytes(content));
}

/** Function imports of type 0. */
export function importedFunctions(...names: [module: string, name: string][]): Bytes {
  return section(
    2,
    bytes().vec(names, (out, [from, name]) => out.name(from).name(name).u8(0).leb(0)),
  );
}

export function exportedFunctions(...names: [name: string, index: number][]): Bytes {
  return section(
    7,
    bytes().vec(names, (out, [name, index]) => out.name(name).u8(0).leb(index)),
  );
}

export function functionTypes(...types: number[]): Bytes {
  return section(
    3,
    bytes().vec(types, (out, type) => out.leb(type)),
  );
}

/** An active element segment of table 0: `i32.const at`, then function indexes. */
export function elements(at: number, ...functions: number[]): Bytes {
  return bytes()
    .leb(0)
    .bytes(i32Const(at))
    .vec(functions, (out, index) => out.leb(index));
}

export function elementSection(...segments: Bytes[]): Bytes {
  return section(
    9,
    bytes().vec(segments, (out, segment) => out.bytes(segment)),
  );
}

/** An active data segment of memory 0. */
export function data(at: number, content: Bytes): Bytes {
  return bytes().leb(0).bytes(i32Const(at)).sized(content);
}
export function passiveData(content: Bytes): Bytes {
  return bytes().leb(1).sized(content);
}
/** Placed by a global that only the host knows. */
export function unplacedData(global: number, content: Bytes): Bytes {
  return bytes().leb(0).u8(0x23).leb(global).u8(0x0b).sized(content);
}

export function dataSection(...segments: Bytes[]): Bytes {
  return section(
    11,
    bytes().vec(segments, (out, segment) => out.bytes(segment)),
  );
}

function i32Const(value: number): Bytes {
  return bytes()
    .u8(0x41)
    .sleb(value | 0)
    .u8(0x0b);
}

/** Bodies as they are: locals and instructions. */
export function codeSection(...bodies: Bytes[]): Bytes {
  return section(
    10,
    bytes().vec(bodies, (out, body) => out.sized(body)),
  );
}

export function functionNames(...names: [index: number, name: string][]): Bytes {
  const map = bytes().vec(names, (out, [index, name]) => out.leb(index).name(name));
  return custom('name', bytes().u8(1).sized(map));
}

export function producers(...fields: [field: string, ...values: [name: string, version: string][]][]): Bytes {
  const content = bytes().vec(fields, (out, [field, ...values]) =>
    out.name(field).vec(values, (values, [name, version]) => values.name(name).name(version)),
  );
  return custom('producers', content);
}

/** A pc-value table: `[value, until]` pairs, the value holding up to and without that block. */
export function pcTable(...ranges: [value: number, until: number][]): Bytes {
  const out = bytes();
  let [value, pc] = [-1, 0];
  for (const [next, until] of ranges) {
    const delta = next - value;
    out.leb(delta < 0 ? -delta * 2 - 1 : delta * 2).leb(until - pc);
    [value, pc] = [next, until];
  }
  return out.u8(0);
}

/** A node of an inline tree of Go 1.20 on. */
export interface InlinedCall {
  /** Index among the functions, whose name it takes. */
  function: number;
  /** Block of the call in what encloses it. */
  parentPc: number;
}

/** One function of a pclntab of Go 1.20 on, in the fewest words. Tables are [value, until] ranges by block. */
export interface GoFunction {
  name: string;
  /** Indexes in `files`. */
  file: [file: number, until: number][];
  line: [line: number, until: number][];
  startLine?: number;
  funcID?: number;
  /** What each call takes from the Go stack; 0 where left out. */
  frame?: [size: number, until: number][];
  /** Which node of the tree each block is in, -1 for none. */
  inlined?: { at: [node: number, until: number][]; tree: InlinedCall[] };
}

/** Fields of moduledata of Go 1.26 that a reader asks for (runtime/symtab.go). */
const MODULEDATA = { pcHeader: 0, funcnametab: 8, types: 296, gofunc: 320, size: 592 };

/**
 * A pclntab in the format of Go 1.20 on, functab holding PC_F as from 1.25; behind it inline trees and a moduledata as
 * in Go 1.26 that leads to them.
 * @param at address of its first byte, a multiple of 8
 */
export function pclntab(at: number, files: string[], functions: GoFunction[]): Bytes {
  const [start, names, cus, paths, tables, funcs] = [label(), label(), label(), label(), label(), label()];
  const out = bytes().mark(start, at).u32(0xfffffff1).u8(0, 0, 1, 8).u64(functions.length, files.length, 0);
  for (const part of [names, cus, paths, tables, funcs]) out.offset(part, start, 8);
  // Offset 0 is nobody's in all three.
  out.mark(names, at).u8(0);
  const nameAt = functions.map(({ name }) => marked(out, at, (here) => here.cString(name)));
  const pathAt = files.map(() => label());
  out.align(4).mark(cus, at);
  for (const path of pathAt) out.offset(path, paths);
  out.mark(paths, at).u8(0);
  for (const [i, file] of files.entries()) out.mark(pathAt[i], at).cString(file);
  out.mark(tables, at).u8(0);
  const tableAt = functions.map(({ file, line, frame, inlined }) => ({
    pcsp: marked(out, at, (here) => here.bytes(pcTable(...(frame ?? [[0, line[line.length - 1][1]]])))),
    pcfile: marked(out, at, (here) => here.bytes(pcTable(...file))),
    pcln: marked(out, at, (here) => here.bytes(pcTable(...line))),
    inlined: inlined ? marked(out, at, (here) => here.bytes(pcTable(...inlined.at))) : null,
  }));
  out.align(8).mark(funcs, at);
  const recordAt = functions.map(() => label());
  for (const [i, record] of recordAt.entries()) out.u32(0x1000 + i).offset(record, funcs);
  out.u32(0x1000 + functions.length);
  const [gofunc, treeAt] = [label(), functions.map(() => label())];
  for (const [i, { startLine = 0, funcID = 0 }] of functions.entries()) {
    const { pcsp, pcfile, pcln, inlined } = tableAt[i];
    out
      .align(8)
      .mark(recordAt[i], at)
      .u32(0x1000 + i)
      .offset(nameAt[i], names)
      .u32(0, 0);
    out.offset(pcsp, tables).offset(pcfile, tables).offset(pcln, tables);
    out.u32(inlined ? 3 : 0, 0, startLine).u8(funcID, 0, 0, inlined ? 4 : 0);
    // pcdata 2 is the index in the inline tree, funcdata 3 the tree.
    if (inlined)
      out.u32(0, 0).offset(inlined, tables).u32(0xffffffff, 0xffffffff, 0xffffffff).offset(treeAt[i], gofunc);
  }
  out.align(8).mark(gofunc, at);
  for (const [i, { inlined }] of functions.entries()) {
    out.mark(treeAt[i], at);
    for (const call of inlined?.tree ?? []) {
      out.u8(0, 0, 0, 0).offset(nameAt[call.function], names).u32(call.parentPc, 1);
    }
  }
  const moduledata = out.align(8).length;
  out
    .offset(start, 0, 8)
    .offset(names, 0, 8)
    .zeros(MODULEDATA.types - 16);
  out
    .offset(gofunc, 0, 8)
    .zeros(MODULEDATA.gofunc - MODULEDATA.types - 8)
    .offset(gofunc, 0, 8);
  return out.zeros(MODULEDATA.size - (out.length - moduledata));
}

function marked(out: Bytes, base: number, write: (out: Bytes) => unknown): Label {
  const here = label();
  write(out.mark(here, base));
  return here;
}

/** A call as Go's assembler writes it: the return PC to the stack, then the call. */
export function goCall(pc: number, callee: number): Bytes {
  return bytes().u8(0x42).sleb(pc).u8(0x37, 3, 0).u8(0x41, 0, 0x10).leb(callee);
}
