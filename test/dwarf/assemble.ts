/**
 * Writes DWARF that reads like a dump of it: units of entries, their abbreviations made on the way; line programs by opcode. For tests
 * only. Source: DWARF 5 section 7.5 and 6.2.
 */
import { AT, FORM, LNE, LNS, TAG } from '../../src/dwarf/codes';
import { Dwarf } from '../../src/dwarf/dwarf';
import { type SectionName, Sections } from '../../src/dwarf/sections';
import { type Bytes, bytes, type Label, label } from '../assemble';

type Attribute = [name: number, form: number, write: (out: Bytes) => unknown];

export interface Entry {
  tag: number;
  attributes: Attribute[];
  children?: Entry[];
  /** Where it starts, to be referred to. */
  here?: Label;
}

export function entry(tag: number, attributes: Attribute[], children?: Entry[], here?: Label): Entry {
  return { tag, attributes, children, here };
}

/** Attributes in the forms that most compilers use. */
export const at = {
  name: (text: string): Attribute => [AT.name, FORM.string, (out) => out.cString(text)],
  /** An address and the length behind it. */
  range: (low: number, length: number): Attribute[] => [
    [AT.low_pc, FORM.addr, (out) => out.u32(low)],
    [AT.high_pc, FORM.data4, (out) => out.u32(length)],
  ],
  lines: (offset = 0): Attribute => [AT.stmt_list, FORM.sec_offset, (out) => out.u32(offset)],
  refer: (name: number, to: Label): Attribute => [name, FORM.ref_addr, (out) => out.offset(to)],
  called: (file: number, line: number): Attribute[] => [
    [AT.call_file, FORM.data1, (out) => out.u8(file)],
    [AT.call_line, FORM.data1, (out) => out.u8(line)],
  ],
  data: (name: number, value: number): Attribute => [name, FORM.data4, (out) => out.u32(value)],
};

/** .debug_info and .debug_abbrev, unit by unit. All units share one table of abbreviations. */
export class Info {
  readonly info = bytes();
  private readonly abbrev = bytes();
  private codes = 0;

  /** @param version 2 to 5; in 5 a whole unit of type `compile` */
  unit(version: number, root: Entry): this {
    const content = bytes();
    const base = this.info.length + 4;
    content.u16(version);
    if (version >= 5) content.u8(1, 4).u32(0);
    else content.u32(0).u8(4);
    this.write(content, root, base);
    // Labels stand for offsets in the section: the content is written where it will lie.
    this.info.u32(content.length);
    this.info.append(content);
    return this;
  }

  private write(out: Bytes, { tag, attributes, children, here }: Entry, base: number): void {
    if (here) out.mark(here, base);
    const code = ++this.codes;
    this.abbrev
      .leb(code)
      .leb(tag)
      .u8(children ? 1 : 0);
    for (const [name, form] of attributes) this.abbrev.leb(name).leb(form);
    this.abbrev.u8(0, 0);
    out.leb(code);
    for (const [, , write] of attributes) write(out);
    for (const child of children ?? []) this.write(out, child, base);
    if (children) out.u8(0);
  }

  sections(more: Partial<Record<SectionName, Bytes>> = {}): Sections {
    const parts = { debug_info: this.info, debug_abbrev: bytes().append(this.abbrev).u8(0), ...more };
    return new Sections(
      Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, { bytes: part.done(), offset: 0 }])),
    );
  }

  /** @param to end of the code, whose first byte is 1 */
  open(more: Partial<Record<SectionName, Bytes>> = {}, to = 0x1000): Dwarf {
    return new Dwarf(this.sections(more), { from: 1, to });
  }
}

/** A compile unit with lines. */
export function compileUnit(attributes: Attribute[], children: Entry[] = []): Entry {
  return entry(TAG.compile_unit, [at.name('unit'), at.lines(), ...attributes], children);
}

/** A line table of version 4 with these files, all in the unit's own folder. */
export function lineTable(
  files: string[],
  program: Bytes,
  header: Partial<Record<'minimum' | 'operations', number>> = {},
): Bytes {
  const head = bytes().u8(header.minimum ?? 1, header.operations ?? 1, 1, -3, 12, 13);
  head.u8(0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1);
  head.u8(0);
  for (const file of files) head.cString(file).u8(0, 0, 0);
  head.u8(0);
  const content = bytes().u16(4).u32(head.length).append(head).append(program);
  return bytes().u32(content.length).append(content);
}

/** Opcodes of a line program. */
export const op = {
  address: (to: number) => bytes().u8(0, 5, LNE.set_address).u32(to),
  end: () => bytes().u8(0, 1, LNE.end_sequence),
  copy: () => bytes().u8(LNS.copy),
  pc: (by: number) => bytes().u8(LNS.advance_pc).leb(by),
  line: (by: number) => bytes().u8(LNS.advance_line).sleb(by),
  file: (number: number) => bytes().u8(LNS.set_file).leb(number),
  /** One byte that moves both and makes a row. */
  special: (pc: number, line: number) => bytes().u8(pc * 12 + line + 3 + 13),
};

export function program(...opcodes: Bytes[]): Bytes {
  const out = bytes();
  for (const each of opcodes) out.append(each);
  return out;
}

/** Rows at ascending addresses, each `[address, line]`, in file 1; the sequence ends at `end`. */
export function rows(list: [address: number, line: number][], end: number): Bytes {
  const out = bytes();
  let [address, line] = [list[0][0], 1];
  out.append(op.address(address));
  for (const [to, own] of list) {
    out
      .append(op.pc(to - address))
      .append(op.line(own - line))
      .append(op.copy());
    [address, line] = [to, own];
  }
  return out.append(op.pc(end - address)).append(op.end());
}

export { label };
