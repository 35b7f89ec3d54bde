/**
 * The head of a line table: how its program is coded, directories and files. Names stay undecoded until a file is asked for.
 * Source: DWARF 5 section 6.2.4, DWARF 4 section 6.2.4 for versions 2 to 4.
 */
import type { Reader } from '../bytes/reader';
import { FORM, LNCT } from './codes';
import { Column } from './column';
import { type Encoding, readForm, readNumber } from './forms';
import type { Sections } from './sections';
import type { readLength } from './unit';

export interface LineHeader extends Encoding {
  minimumInstructionLength: number;
  /** Of VLIW machines; 1 for all others. */
  operationsPerInstruction: number;
  lineBase: number;
  lineRange: number;
  opcodeBase: number;
  /** How many LEB128 operands each standard opcode has, by opcode. */
  operands: Uint8Array;
  files: Files;
}

/**
 * Reads a header; the reader then stands at the program, and ends with it.
 * @param length what `readLength` gave; @param end of the table, as an offset in .debug_line. @throws Malformed
 */
export function readLineHeader(
  { offsetSize, content }: ReturnType<typeof readLength>,
  end: number,
  sections: Sections,
): { header: LineHeader; program: Reader } {
  // Over the whole section: strings in place are told by their offset in it.
  const reader = sections.reader('debug_line', end - content.left, end);
  const version = reader.u16();
  if (version < 2 || version > 5) reader.fail(`a line table of version 2 to 5, not ${version}`);
  const addressSize = version >= 5 ? reader.u8() : 4;
  if (version >= 5) reader.skip(1);
  const headerLength = readNumber(reader, offsetSize);
  const start = reader.position + headerLength;
  if (headerLength > reader.left) reader.fail('a header that fits its line table');
  const minimumInstructionLength = reader.u8();
  const operationsPerInstruction = version >= 4 ? Math.max(reader.u8(), 1) : 1;
  reader.skip(1);
  const lineBase = (reader.u8() << 24) >> 24;
  const lineRange = reader.u8();
  if (lineRange === 0) reader.fail('a line range that is not 0');
  const opcodeBase = reader.u8();
  const operands = new Uint8Array(Math.max(opcodeBase, 1));
  for (let opcode = 1; opcode < opcodeBase; opcode++) operands[opcode] = reader.u8();
  const files = new Files(sections, version);
  const encoding = { version, addressSize, offsetSize };
  if (version >= 5) {
    readEntries(reader, encoding, (form, raw) => files.directory(form, raw));
    readEntries(reader, encoding, (form, raw, directory) => files.add(form, raw, directory));
  } else {
    for (let at = reader.position; reader.skipCString() > 0; at = reader.position) files.directory(FORM.string, at);
    for (let at = reader.position; reader.skipCString() > 0; at = reader.position) readFile(reader, at, files);
  }
  reader.position = start;
  return {
    header: {
      ...encoding,
      minimumInstructionLength,
      operationsPerInstruction,
      lineBase,
      lineRange,
      opcodeBase,
      operands,
      files,
    },
    program: reader,
  };
}

/** What follows a file's name before version 5: directory, time, size. */
export function readFile(reader: Reader, name: number, files: Files): void {
  const directory = reader.leb32();
  reader.skipLeb(10);
  reader.skipLeb(10);
  files.add(FORM.string, name, directory);
}

/** A list of version 5: its formats, then its entries. MD5 sums, sizes and times are passed over. */
function readEntries(
  reader: Reader,
  encoding: Encoding,
  add: (form: number, raw: number, directory: number) => void,
): void {
  const formats: [type: number, form: number][] = [];
  for (let left = reader.u8(); left > 0; left--) formats.push([reader.leb32(), reader.leb32()]);
  const count = reader.leb32();
  if (count > 0 && formats.length === 0) reader.fail('entries that have a format');
  for (let i = 0; i < count; i++) {
    let path: [form: number, raw: number] = [0, 0];
    let directory = 0;
    const before = reader.position;
    for (const [type, form] of formats) {
      const raw = readForm(reader, form, encoding);
      if (type === LNCT.path) path = [form, raw];
      else if (type === LNCT.directory_index) directory = raw;
    }
    if (reader.position === before) reader.fail('entries that take bytes');
    add(path[0], path[1], directory);
  }
}

/** Directories and files of one line table, as columns of what their names are. */
export class Files {
  private readonly directories = { forms: new Column(16), raws: new Column(16) };
  private readonly files = { forms: new Column(16), raws: new Column(16), directories: new Column(16) };
  /** By the unit's home, then by number. */
  private readonly paths = new Map<string, Map<number, string | null>>();

  constructor(
    private readonly sections: Sections,
    private readonly version: number,
  ) {}

  directory(form: number, raw: number): void {
    this.directories.forms.push(form);
    this.directories.raws.push(raw);
  }

  add(form: number, raw: number, directory: number): void {
    this.files.forms.push(form);
    this.files.raws.push(raw);
    this.files.directories.push(directory);
  }

  /**
   * The path of a file as the compiler was given it, absolute where the directories make it so.
   * @param number as a row, `call_file` and `decl_file` have it: from 1 on, from 0 on in version 5
   * @param home the unit's comp_dir
   * @returns null for a number that no file has. @throws Malformed
   */
  path(number: number, home: string): string | null {
    let paths = this.paths.get(home);
    if (!paths) {
      paths = new Map();
      this.paths.set(home, paths);
    }
    let path = paths.get(number);
    if (path === undefined) {
      path = this.join(number, home);
      this.sections.spend(16 + (path?.length ?? 0), 0);
      paths.set(number, path);
    }
    return path;
  }

  private join(number: number, home: string): string | null {
    const index = this.version >= 5 ? number : number - 1;
    const { forms, raws, directories } = this.files;
    if (index < 0 || index >= forms.length) return null;
    const name = this.text(forms.at(index), raws.at(index));
    if (name === null || isAbsolute(name)) return name;
    const directory = directories.at(index);
    const folder = this.folder(directory);
    // Directory 0 of version 5 is the home itself.
    if (isAbsolute(folder) || (this.version >= 5 && directory === 0)) return append(folder, name);
    return append(append(home, folder), name);
  }

  private folder(number: number): string {
    const index = this.version >= 5 ? number : number - 1;
    const { forms, raws } = this.directories;
    return index >= 0 && index < forms.length ? (this.text(forms.at(index), raws.at(index)) ?? '') : '';
  }

  private text(form: number, raw: number): string | null {
    if (form === FORM.string) return this.sections.string('debug_line', raw);
    if (form === FORM.line_strp) return this.sections.string('debug_line_str', raw);
    return form === FORM.strp ? this.sections.string('debug_str', raw) : null;
  }
}

/** Also paths of Windows: what compiles wasm runs there too. */
const isAbsolute = (path: string) => /^(?:[\\/]|[A-Za-z]:[\\/])/.test(path);

/** One separator between the two, none beside nothing. */
function append(folder: string, name: string): string {
  if (folder === '' || name === '') return folder + name;
  if (folder.endsWith('/')) return folder + name.replace(/^\/+/, '');
  return name.startsWith('/') ? folder + name : `${folder}/${name}`;
}
