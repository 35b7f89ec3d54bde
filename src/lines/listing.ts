/**
 * Reads what `go build -gcflags=all=-S -asmflags=all=-S` prints, function by function, while it comes: of a big program it is
 * 1.4 GB, of which one function at a time is held. Knows the text, nothing of modules.
 *
 * Source: cmd/internal/obj/objfile.go writeSymDebug, util.go Prog.InnermostString (1.11–1.27). For each symbol:
 *   NAME STEXT [static] [dupok] … size=42 [align=0x0] args=0x28 locals=0xb0 [funcid=0x0] [leaf]
 *   \t0x0003 00003 (FILE:LINE)\tI64Const\t$48              one line per instruction; the number is PC_B, twice
 *   \t0x0000 03 01 7f 0c 7e …                              the code, but for what the linker fills in
 *   \trel 23+1 t=R_ADDR main.check+4                       where it does, and with what
 * Other symbols have the last two kinds only. The go command puts `# PACKAGE` in front of each package's. Up to 1.21 the
 * assembler writes "" for the package's own path, the compiler up to 1.19; up to 1.21 `t=` is a number.
 */
import { Malformed } from '../bytes/malformed';
import { text } from '../bytes/reader';
import { LISTED, OPCODES } from './opcodes';

/** One function as listed. The arrays are reused by the next one: `count` and `size` say how much of them counts. */
export class Listed {
  name = '';
  /** Lines of instructions, pseudo ones too. */
  count = 0;
  blocks = new Int32Array(1024);
  /** Index into `Listing.files`, -1 for an unknown position. */
  files = new Int32Array(1024);
  lines = new Int32Array(1024);
  /** As in `OPCODES`. */
  opcodes = new Int32Array(1024);
  /** Hash of the operands' text, of Get and Set. */
  operands = new Int32Array(1024);
  /** The code without what the linker fills in. */
  code = new Uint8Array(4096);
  size = 0;
  relocations: Relocation[] = [];

  /** Room for one more instruction. */
  grow(): void {
    if (this.count < this.blocks.length) return;
    this.blocks = wider(this.blocks);
    this.files = wider(this.files);
    this.lines = wider(this.lines);
    this.opcodes = wider(this.opcodes);
    this.operands = wider(this.operands);
  }
}

/** A number that the linker puts in front of `code[offset]`. */
export interface Relocation {
  offset: number;
  /** R_ADDR, R_CALL, R_CALLIMPORT, R_WASMIMPORT. */
  kind: string;
  symbol: string;
  add: number;
}

/** Lines of a listing are names and paths; Go's longest symbol names are some thousand bytes. */
const MOST_LINE = 1 << 20;
/** Instructions of one function: more than any module's body may have (V8: 7,654,321 bytes). */
const MOST_INSTRUCTIONS = 1 << 23;
/** Bytes of one function; V8 refuses more. */
const MOST_CODE = 1 << 23;
/** Source files; the largest programs have some ten thousand. */
const MOST_FILES = 1 << 20;

const MOST_SAID = 100;

/** R_ADDR, R_CALL and R_WASMIMPORT (cmd/internal/objabi/reloctype.go: 45 in 1.11, 51 in 1.13). */
const OLD_KINDS = new Set(['1', '8', '45', '51']);

const NEWLINE = 0x0a;
const TAB = 0x09;
const SPACE = 0x20;

export class Listing {
  /** Source files in order of appearance, as the listing spells them. */
  readonly files: string[] = [];
  /** Bytes read so far. */
  read = 0;
  /** What stands between the symbols, the first lines of it: errors of the go command. */
  readonly said: string[] = [];
  /** Functions seen, wanted or not. */
  functions = 0;

  private rest = new Uint8Array(0);
  private readonly listed = new Listed();
  private state: 'outside' | 'inside' = 'outside';
  private package = '';
  private readonly fileIds = new Names();
  private readonly opcodeIds = new Names();
  private readonly opcodes: number[] = [];

  /**
   * @param wants whether somebody asks about the function of this name
   * @param tell called for each wanted one; what it gets is overwritten by the next
   */
  constructor(
    private readonly wants: (name: string) => boolean,
    private readonly tell: (listed: Listed) => void,
  ) {}

  /** The next bytes, cut anywhere. @throws Malformed */
  push(chunk: Uint8Array): void {
    let bytes = chunk;
    if (this.rest.length > 0) {
      bytes = new Uint8Array(this.rest.length + chunk.length);
      bytes.set(this.rest);
      bytes.set(chunk, this.rest.length);
    }
    let at = 0;
    for (;;) {
      const end = bytes.indexOf(NEWLINE, at);
      if (end < 0) break;
      this.line(bytes, at, bytes[end - 1] === 0x0d && end > at ? end - 1 : end);
      at = end + 1;
    }
    this.rest = bytes.slice(at);
    this.read += chunk.length;
    if (this.rest.length > MOST_LINE) throw new Malformed(`a line of at most ${MOST_LINE} bytes`, this.read);
  }

  /** Nothing comes any more. @throws Malformed */
  end(): void {
    if (this.rest.length > 0) this.line(this.rest, 0, this.rest.length);
    this.rest = new Uint8Array(0);
    this.finish();
  }

  private finish(): void {
    // Functions that were dropped or only declared have a head and nothing else.
    if (this.state === 'inside' && this.listed.count > 0) this.tell(this.listed);
    this.state = 'outside';
  }

  private line(bytes: Uint8Array, from: number, to: number): void {
    if (bytes[from] !== TAB) this.header(bytes, from, to);
    else if (this.state === 'inside') this.detail(bytes, from + 1, to);
  }

  /** A line that starts a symbol or a package. */
  private header(bytes: Uint8Array, from: number, to: number): void {
    this.finish();
    if (bytes[from] === 0x23) {
      this.package = text(bytes.subarray(from + 2, to));
      return;
    }
    // Most are data: one look at the bytes is enough.
    if (!contains(bytes, from, to, STEXT)) {
      if (!contains(bytes, from, to, SIZE)) this.say(bytes, from, to);
      return;
    }
    const match = HEADER.exec(text(bytes.subarray(from, to)));
    if (!match) return;
    this.functions++;
    // From 1.27 on closures of inlined functions carry a hash, which the linker's names lack (objfile.go TrimInlineHash).
    const name = match[1].replace(/#[^#]{11}=#/, '');
    const names = name.includes('"".')
      ? [prefixOf(this.package), 'main'].map((prefix) => name.replaceAll('"".', `${prefix}.`))
      : [name];
    const wanted = names.find((each) => this.wants(each));
    if (wanted === undefined) return;
    const { listed } = this;
    listed.name = wanted;
    listed.count = 0;
    listed.size = 0;
    listed.relocations = [];
    this.state = 'inside';
  }

  private say(bytes: Uint8Array, from: number, to: number): void {
    if (to > from && this.said.length < MOST_SAID) this.said.push(text(bytes.subarray(from, Math.min(to, from + 500))));
  }

  private detail(bytes: Uint8Array, from: number, to: number): void {
    // `rel ` or the address in front of an instruction or of code.
    if (bytes[from] === 0x72) {
      this.relocation(text(bytes.subarray(from, to)));
      return;
    }
    let at = from;
    while (at < to && bytes[at] !== SPACE) at++;
    at++;
    if (at + 2 >= to || !isDigit(bytes[at + 2])) this.code(bytes, at, to);
    else this.instruction(bytes, at, to);
  }

  private relocation(line: string): void {
    const match = /^rel (\d+)\+(\d+) t=(\S+) (.*)([+-][0-9a-fx]+)$/.exec(line);
    if (!match) throw new Malformed('a relocation of the listing', this.read);
    // Of size 0: marks for the linker, not numbers in the code. Up to 1.15 all are; then R_ADDR and R_CALL are told by number.
    if (match[2] === '0' && !OLD_KINDS.has(match[3])) return;
    this.listed.relocations.push({
      offset: Number(match[1]),
      kind: match[3],
      symbol: match[4],
      add: Number(match[5]),
    });
  }

  /** `20 00 42 80 …  text`: at most 16 bytes, each two digits and a blank. */
  private code(bytes: Uint8Array, from: number, to: number): void {
    const { listed } = this;
    if (listed.size >= MOST_CODE) throw new Malformed(`at most ${MOST_CODE} bytes of code in a function`, this.read);
    if (listed.size + 16 > listed.code.length) listed.code = wider(listed.code);
    for (let at = from, i = 0; i < 16 && at + 1 < to; i++, at += 3) {
      const high = digit(bytes[at]);
      const low = digit(bytes[at + 1]);
      if (high < 0 || low < 0) return;
      listed.code[listed.size++] = high * 16 + low;
    }
  }

  /** `00003 (FILE:LINE)\tNAME\toperands` */
  private instruction(bytes: Uint8Array, from: number, to: number): void {
    const { listed } = this;
    let block = 0;
    let at = from;
    for (; at < to && isDigit(bytes[at]); at++) block = block * 10 + bytes[at] - 0x30;
    const tab = bytes.indexOf(TAB, at);
    if (bytes[at] !== SPACE || bytes[at + 1] !== 0x28 || tab < 0 || tab >= to || bytes[tab - 1] !== 0x29) {
      throw new Malformed('an instruction of the listing', this.read);
    }
    if (listed.count === MOST_INSTRUCTIONS) throw new Malformed('fewer instructions in a function', this.read);
    listed.grow();
    const index = listed.count++;
    listed.blocks[index] = block;
    this.position(bytes, at + 2, tab - 1, index);
    let end = tab + 1;
    while (end < to && bytes[end] !== TAB) end++;
    const opcode = this.opcode(bytes, tab + 1, end);
    listed.opcodes[index] = opcode;
    listed.operands[index] =
      opcode === LISTED.get || opcode === LISTED.set ? hash(bytes, Math.min(end + 1, to), to) : 0;
  }

  /** `FILE:LINE`, or `FILE:LINE[FILE:LINE]` where a //line directive says so; then the first one is what pclntab has. */
  private position(bytes: Uint8Array, from: number, to: number, index: number): void {
    const { listed } = this;
    let end = to;
    if (bytes[end - 1] === 0x5d) {
      const open = bytes.lastIndexOf(0x5b, end - 1);
      if (open > from) end = open;
    }
    let line = 0;
    let at = end - 1;
    for (let unit = 1; at >= from && isDigit(bytes[at]) && unit < 1e10; at--, unit *= 10) {
      line += (bytes[at] - 0x30) * unit;
    }
    const known = at > from && bytes[at] === 0x3a && at < end - 1 && line > 0 && line < 1 << 24;
    listed.lines[index] = known ? line : 0;
    listed.files[index] = known ? this.file(bytes, from, at) : -1;
  }

  private file(bytes: Uint8Array, from: number, to: number): number {
    const known = this.fileIds.find(bytes, from, to);
    if (known >= 0) return known;
    if (this.files.length === MOST_FILES) throw new Malformed(`at most ${MOST_FILES} files`, this.read);
    this.files.push(text(bytes.subarray(from, to)));
    return this.fileIds.add(bytes, from, to);
  }

  private opcode(bytes: Uint8Array, from: number, to: number): number {
    let known = this.opcodeIds.find(bytes, from, to);
    if (known < 0) {
      if (this.opcodes.length === 1 << 12) throw new Malformed('names of instructions', this.read);
      known = this.opcodeIds.add(bytes, from, to);
      this.opcodes.push(OPCODES.get(text(bytes.subarray(from, to))) ?? LISTED.other);
    }
    return this.opcodes[known];
  }
}

/** Names seen before, without making a string of each: a listing repeats the same few thousand ten million times. */
class Names {
  private readonly ids = new Map<number, number[]>();
  private readonly names: Uint8Array[] = [];
  private last = -1;

  /** @returns the number that `add` gave, or -1 */
  find(bytes: Uint8Array, from: number, to: number): number {
    if (this.last >= 0 && equal(this.names[this.last], bytes, from, to)) return this.last;
    for (const id of this.ids.get(hash(bytes, from, to)) ?? []) {
      if (equal(this.names[id], bytes, from, to)) {
        this.last = id;
        return id;
      }
    }
    return -1;
  }

  add(bytes: Uint8Array, from: number, to: number): number {
    const key = hash(bytes, from, to);
    const id = this.names.push(bytes.slice(from, to)) - 1;
    this.ids.set(key, [...(this.ids.get(key) ?? []), id]);
    return id;
  }
}

/** How the linker writes a package's path in front of names (cmd/internal/objabi/path.go PathToPrefix). */
function prefixOf(path: string): string {
  const last = path.lastIndexOf('/') + 1;
  return [...path]
    .map((char, i) =>
      char === '%' || char === '"' || char <= ' ' || (char === '.' && i >= last) ? escaped(char) : char,
    )
    .join('');
}

function escaped(char: string): string {
  return `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

const STEXT = codes(' STEXT');
const SIZE = codes(' size=');

function codes(word: string): number[] {
  return [...word].map((char) => char.charCodeAt(0));
}

/** STEXTFIPS: functions of crypto/internal/fips140 (1.24 on). */
const HEADER =
  /^(.*?)(?:<\d+>)? STEXT(?:FIPS)?(?: [a-z]+)* size=\d+(?: align=0x[0-9a-f]+)?(?: [a-z]+=0x[0-9a-f]+)*(?: leaf)?$/;

/** Not `indexOf`: it would look past the line. */
function contains(bytes: Uint8Array, from: number, to: number, what: number[]): boolean {
  for (let at = from; at + what.length <= to; at++) {
    if (bytes[at + 1] === what[1] && what.every((byte, i) => bytes[at + i] === byte)) return true;
  }
  return false;
}

function equal(name: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (name.length !== to - from) return false;
  // The ends of paths differ, their beginnings do not.
  for (let i = name.length - 1; i >= 0; i--) if (name[i] !== bytes[from + i]) return false;
  return true;
}

/** What `Listed.operands` has for an operand. */
export function operandHash(operand: string): number {
  const bytes = Uint8Array.from(codes(operand));
  return hash(bytes, 0, bytes.length);
}

/** FNV-1a of 32 bits. */
function hash(bytes: Uint8Array, from: number, to: number): number {
  let value = 0x811c9dc5;
  for (let at = from; at < to; at++) value = Math.imul(value ^ bytes[at], 0x01000193);
  return value;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function digit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  return byte >= 0x61 && byte <= 0x66 ? byte - 0x57 : -1;
}

function wider<T extends Int32Array | Uint8Array>(values: T): T {
  const copy = new (values.constructor as new (length: number) => T)(values.length * 2);
  copy.set(values);
  return copy;
}
