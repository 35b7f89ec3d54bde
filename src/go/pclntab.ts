/**
 * Reads runtime.pclntab out of the data image: functions, names, files and the pc-value tables of every Go release that
 * has a wasm port (1.11 on). Knows nothing of wasm bodies.
 *
 * Sources: runtime/symtab.go, runtime/runtime2.go `_func`, cmd/link/internal/ld/pcln.go of 1.11.13–1.27.4;
 * debug/gosym/pclntab.go for the magics. PC = PC_F << 16 | PC_B with PC_F = 0x1000 + index of the defined function
 * (cmd/link/internal/wasm/asm.go assignAddress); functab holds PCs up to 1.24 and PC_F from 1.25 on.
 */
import { Malformed } from '../bytes/malformed';
import { text } from '../bytes/reader';
import { floorIndex } from '../bytes/search';
import type { Image } from './image';
import { EMPTY, type PcTable, readPcTable } from './pcvalue';

/** Named after the release that brought the format, as debug/gosym does. */
export type PclntabVersion = '1.2' | '1.16' | '1.18' | '1.20';

const MAGICS = new Map<number, PclntabVersion>([
  [0xfffffffb, '1.2'],
  [0xfffffffa, '1.16'],
  [0xfffffff0, '1.18'],
  [0xfffffff1, '1.20'],
]);

/** First PC_F: what lies below is left to wasm's own null and helper table entries. */
export const FIRST_PC_F = 0x1000;

/** Field offsets in `_func` (runtime/runtime2.go). Fields of bytes unless said; arrays = pcdata u32s, then funcdata. */
interface FuncLayout {
  name: number;
  pcsp: number;
  pcfile: number;
  pcln: number;
  npcdata: number;
  /** -1: none; pcfile values index the module-wide file table. */
  cu: number;
  startLine: number;
  funcID: number;
  /** A single byte from 1.12 on; 1.11 has an i32. */
  nfuncdata: number;
  arrays: number;
}

const FUNC: Record<PclntabVersion | '1.11', FuncLayout> = {
  '1.11': L(8, 20, 24, 28, 32, -1, -1, 16, 36, 40),
  '1.2': L(8, 20, 24, 28, 32, -1, -1, 36, 39, 40),
  '1.16': L(8, 20, 24, 28, 32, 36, -1, 40, 43, 44),
  '1.18': L(4, 16, 20, 24, 28, 32, -1, 36, 39, 40),
  '1.20': L(4, 16, 20, 24, 28, 32, 36, 40, 43, 44),
};

function L(
  name: number,
  pcsp: number,
  pcfile: number,
  pcln: number,
  npcdata: number,
  cu: number,
  startLine: number,
  funcID: number,
  nfuncdata: number,
  arrays: number,
): FuncLayout {
  return { name, pcsp, pcfile, pcln, npcdata, cu, startLine, funcID, nfuncdata, arrays };
}

/** One `_func`, as far as anybody asks. Table offsets are relative to the pc table area. */
export interface Func {
  index: number;
  pcF: number;
  nameOff: number;
  pcsp: number;
  pcfile: number;
  pcln: number;
  cu: number;
  /** 0 before Go 1.20. */
  startLine: number;
  funcID: number;
  /** Addresses of the pcdata offsets and of the funcdata entries, and how many there are. */
  pcdata: number;
  npcdata: number;
  funcdata: number;
  nfuncdata: number;
}

/** Longest name or path that is read; symbol names of generic code reach some thousands. */
const MOST_NAME = 1 << 16;

/**
 * Bytes that all names, and all tables, may take together, as a multiple of the image: in a true pclntab they do not
 * overlap, in a hostile one a million entries may point into the same megabyte.
 */
const MOST_READ = 2;

/** Places that look like a header and are tried; a true image has one, a hostile one a header in every line. */
const MOST_TRIED = 32;

export class Pclntab {
  /** PC_F of each function, ascending, and where its `_func` lies, relative to `funcs`. */
  private readonly pcFs: Uint32Array;
  private readonly offsets: Uint32Array;
  private readonly layout: FuncLayout;
  private readonly known = new Map<number, Func>();
  private readonly tables = new Map<number, PcTable>();
  private readonly names = new Map<number, string>();
  private readonly paths = new Map<number, string>();
  private bytesLeft: number;

  private constructor(
    private readonly image: Image,
    readonly address: number,
    readonly version: PclntabVersion,
    /** Function entries, the pclntab's own count. */
    readonly count: number,
    /** Addresses of the parts. */
    private readonly parts: {
      names: number;
      cus: number;
      files: number;
      tables: number;
      funcs: number;
      functab: number;
    },
    release: string | null,
  ) {
    this.bytesLeft = image.bytes.length * MOST_READ + MOST_NAME;
    this.layout = FUNC[version === '1.2' && release === '1.11' ? '1.11' : version];
    [this.pcFs, this.offsets] = this.readFunctab();
  }

  /**
   * @param release minor release such as `1.11` where it is known: the oldest format had two shapes of `_func`
   * @throws Malformed when the image holds no pclntab
   */
  static find(image: Image, release: string | null): Pclntab {
    const { words } = image;
    let why: Malformed | null = null;
    let tried = 0;
    for (let i = 0; i + 4 <= words.length && tried < MOST_TRIED; i += 2) {
      // 0, 0, minLC 1 (wasm's unit), pointer size 8.
      if (words[i] < 0xfffffff0 || words[i + 1] !== 0x08010000) continue;
      const version = MAGICS.get(words[i]);
      if (!version) continue;
      tried++;
      try {
        return Pclntab.read(image, image.base + i * 4, version, release);
      } catch (error) {
        if (!(error instanceof Malformed)) throw error;
        why ??= error;
      }
    }
    throw why ?? new Malformed('a pclntab in the data image', image.base);
  }

  private static read(image: Image, address: number, version: PclntabVersion, release: string | null): Pclntab {
    const count = image.pointer(address + 8);
    if (version === '1.2') {
      const functab = address + 16;
      // The file table's offset stands behind the functab and its closing PC.
      const fileTable = image.u32(functab + count * 16 + 8, 'the file table');
      const parts = {
        names: address,
        cus: address + fileTable,
        files: address,
        tables: address,
        funcs: address,
        functab,
      };
      return new Pclntab(image, address, version, count, parts, release);
    }
    const first = version === '1.16' ? 24 : 32;
    const part = (index: number) => address + image.pointer(address + first + index * 8);
    const parts = { names: part(0), cus: part(1), files: part(2), tables: part(3), funcs: part(4), functab: part(4) };
    return new Pclntab(image, address, version, count, parts, release);
  }

  /** Where function names lie: runtime.moduledata repeats this address. */
  get funcnametab(): number {
    return this.parts.names;
  }

  /** Address of the last function's record, with which it ends or nearly so. */
  get lastFunc(): number {
    return this.parts.funcs + this.offsets[this.count - 1];
  }

  private readFunctab(): [Uint32Array, Uint32Array] {
    const { image, count, version } = this;
    const wide = version === '1.2' || version === '1.16';
    const entries = image.slice(this.parts.functab, count * (wide ? 16 : 8), 'functab');
    if (count === 0) throw new Malformed('functions in pclntab', this.address + 8);
    const view = new DataView(entries.buffer, entries.byteOffset, entries.byteLength);
    const pcFs = new Uint32Array(count);
    const offsets = new Uint32Array(count);
    // Go 1.25 began to store PC_F; the first function is 0x1000, as a PC 0x10000000.
    const isPCF = !wide && view.getUint32(0, true) < 0x10000;
    for (let i = 0; i < count; i++) {
      const at = i * (wide ? 16 : 8);
      const low = view.getUint32(at, true);
      pcFs[i] = isPCF ? low : (wide ? view.getUint32(at + 4, true) * 0x10000 : 0) + (low >>> 16);
      offsets[i] = view.getUint32(at + (wide ? 8 : 4), true);
      if (pcFs[i] < FIRST_PC_F || (i > 0 && pcFs[i] <= pcFs[i - 1])) {
        throw new Malformed('ascending function entries', this.parts.functab + at);
      }
    }
    return [pcFs, offsets];
  }

  /** @returns index of the function with this PC_F, or -1 */
  indexOf(pcF: number): number {
    // Entries are mostly without gaps; then the place is known.
    const guess = pcF - this.pcFs[0];
    if (this.pcFs[guess] === pcF) return guess;
    const index = floorIndex(this.pcFs, pcF);
    return index >= 0 && this.pcFs[index] === pcF ? index : -1;
  }

  /** @throws Malformed when the record lies outside the image */
  func(index: number): Func {
    let func = this.known.get(index);
    if (!func) {
      func = this.readFunc(index);
      this.known.set(index, func);
    }
    return func;
  }

  private readFunc(index: number): Func {
    const { layout, image } = this;
    const at = this.parts.funcs + this.offsets[index];
    const u32 = (offset: number) => image.u32(at + offset, 'a function record');
    const npcdata = u32(layout.npcdata);
    const nfuncdata = layout === FUNC['1.11'] ? u32(layout.nfuncdata) : u32(layout.arrays - 4) >>> 24;
    const pcdata = at + layout.arrays;
    let funcdata = pcdata + npcdata * 4;
    const pointers = this.version === '1.2' || this.version === '1.16';
    if (pointers && funcdata % 8 !== 0) funcdata += 4;
    image.slice(pcdata, npcdata * 4, 'pcdata offsets');
    image.slice(funcdata, nfuncdata * (pointers ? 8 : 4), 'funcdata');
    return {
      index,
      pcF: this.pcFs[index],
      nameOff: u32(layout.name),
      pcsp: u32(layout.pcsp),
      pcfile: u32(layout.pcfile),
      pcln: u32(layout.pcln),
      cu: layout.cu < 0 ? 0 : u32(layout.cu),
      startLine: layout.startLine < 0 ? 0 : u32(layout.startLine) | 0,
      funcID: u32(layout.funcID) & 0xff,
      pcdata,
      npcdata,
      funcdata,
      nfuncdata,
    };
  }

  /** A pc-value table by its offset; 0 stands for none. @throws Malformed */
  table(offset: number): PcTable {
    if (offset === 0) return EMPTY;
    let table = this.tables.get(offset);
    if (!table) {
      const reader = this.image.at(this.parts.tables + offset, 'a pc-value table');
      this.spend(0, this.parts.tables + offset);
      const start = reader.position;
      try {
        table = readPcTable(reader);
      } finally {
        // Also what ends in a Malformed: it would be read anew for the next one who asks.
        this.bytesLeft -= reader.position - start;
      }
      this.tables.set(offset, table);
    }
    return table;
  }

  /** The pcdata table of one kind (runtime/funcdata.h), empty where the function has none. */
  pcdata(func: Func, kind: number): PcTable {
    return kind < func.npcdata ? this.table(this.image.u32(func.pcdata + kind * 4)) : EMPTY;
  }

  /** Source files, the pclntab's own count. @throws Malformed */
  get files(): number {
    if (this.version === '1.2') return Math.max(this.image.u32(this.parts.cus, 'the file table') - 1, 0);
    return this.image.pointer(this.address + 16);
  }

  /** A function name by its offset, whole, as the linker wrote it. @throws Malformed */
  name(offset: number): string {
    let name = this.names.get(offset);
    if (name === undefined) {
      name = this.string(this.parts.names + offset);
      this.names.set(offset, name);
    }
    return name;
  }

  /** Whether a non-empty name starts at this offset, right behind another name's end. */
  isNameStart(offset: number): boolean {
    const address = this.parts.names + offset;
    if (offset < 0 || !this.image.has(address - 1, 2)) return false;
    const reader = this.image.at(address - 1);
    return (offset === 0 || reader.bytes[reader.position] === 0) && reader.bytes[reader.position + 1] !== 0;
  }

  /** The path behind a value of a function's pcfile table; '' for none. @throws Malformed */
  file(func: Func, value: number): string {
    if (value < 0) return '';
    const slot = this.parts.cus + (func.cu + value) * 4;
    const offset = this.image.u32(slot, 'a file number');
    // cutab marks files of a unit that no function needs (cmd/link/internal/ld/pcln.go generateFilenameTabs).
    if (offset === 0xffffffff) return '';
    let path = this.paths.get(offset);
    if (path === undefined) {
      path = this.string(this.parts.files + offset);
      this.paths.set(offset, path);
    }
    return path;
  }

  private string(address: number): string {
    const { bytes, position } = this.image.at(address, 'a string');
    this.spend(0, address);
    const longest = bytes.subarray(position, position + MOST_NAME);
    const size = longest.indexOf(0);
    this.spend(size < 0 ? longest.length : size, address);
    if (size < 0) throw new Malformed('a NUL-terminated string', address);
    return text(longest.subarray(0, size));
  }

  /** Counts bytes read; once too many were, refuses before anything more is read. */
  private spend(bytes: number, address: number): void {
    this.bytesLeft -= bytes;
    if (this.bytesLeft < 0) throw new Malformed('names and tables that do not overlap', address);
  }

  /** From 1.18 on funcdata are offsets; before they were pointers. */
  get needsGofunc(): boolean {
    return this.version === '1.18' || this.version === '1.20';
  }

  /** Address of one funcdata, null for none. `gofunc` is runtime.moduledata's base for the offsets of Go 1.18 and later. */
  funcdata(func: Func, kind: number, gofunc: number | null): number | null {
    if (kind >= func.nfuncdata) return null;
    if (!this.needsGofunc) return this.image.pointer(func.funcdata + kind * 8) || null;
    const offset = this.image.u32(func.funcdata + kind * 4);
    return offset === 0xffffffff || gofunc === null ? null : gofunc + offset;
  }
}
