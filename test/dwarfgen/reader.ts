/**
 * Reads DWARF 4 on wasm as a symbolizer does, from the standard alone and as plainly as it goes: unit of an address, deepest
 * function in it, row of the unit's lines. Shares no code with the writer; llvm-symbolizer's stored answers hold it to account.
 */
import assert from 'node:assert/strict';

export interface Entry {
  tag: number;
  offset: number;
  unit: Unit;
  attributes: Map<number, number>;
  children: Entry[];
}

interface Unit {
  files: string[];
  sequences: Row[][];
  root: Entry;
}

export interface Row {
  address: number;
  file: number;
  line: number;
  statement: boolean;
}

const [NAME, LINES, LOW, HIGH, ORIGIN, DECL_LINE, RANGES, CALL_FILE, CALL_LINE] = [
  0x03, 0x10, 0x11, 0x12, 0x31, 0x3b, 0x55, 0x58, 0x59,
];

class Cursor {
  constructor(
    readonly view: DataView,
    public at = 0,
  ) {}
  private take(size: number): number {
    this.at += size;
    return this.at - size;
  }
  u8 = () => this.view.getUint8(this.take(1));
  u16 = () => this.view.getUint16(this.take(2), true);
  u32 = () => this.view.getUint32(this.take(4), true);
  leb(signed = false): number {
    let [value, shift, byte] = [0, 0, 0];
    do {
      byte = this.u8();
      value += (byte & 0x7f) * 2 ** shift;
      shift += 7;
    } while (byte & 0x80);
    return signed && byte & 0x40 ? value - 2 ** shift : value;
  }
  text(): string {
    const start = this.at;
    while (this.u8() !== 0);
    return new TextDecoder().decode(
      new Uint8Array(this.view.buffer, this.view.byteOffset + start, this.at - 1 - start),
    );
  }
}

/** The module's sections in order; name and content of custom ones. */
export function sectionsOf(module: Uint8Array): { id: number; name: string; content: Uint8Array }[] {
  const cursor = new Cursor(new DataView(module.buffer, module.byteOffset, module.byteLength), 8);
  const sections = [];
  while (cursor.at < module.length) {
    const id = cursor.u8();
    const size = cursor.leb();
    let start = cursor.at;
    const end = start + size;
    let name = '';
    if (id === 0) {
      const length = cursor.leb();
      start = cursor.at + length;
      name = new TextDecoder().decode(module.subarray(cursor.at, start));
    }
    sections.push({ id, name, content: module.subarray(start, end) });
    cursor.at = end;
  }
  return sections;
}

export class Dwarf {
  readonly units: Unit[] = [];
  readonly entries = new Map<number, Entry>();
  private readonly sections = new Map<string, DataView>();

  constructor(module: Uint8Array) {
    for (const { name, content } of sectionsOf(module)) {
      this.sections.set(name, new DataView(content.buffer, content.byteOffset, content.byteLength));
    }
    const abbreviations = this.abbreviations();
    const cursor = this.cursor('.debug_info');
    while (cursor.at < cursor.view.byteLength) {
      const end = cursor.u32() + cursor.at;
      assert.deepEqual([cursor.u16(), cursor.u32(), cursor.u8()], [4, 0, 4]);
      const unit = { files: [] as string[], sequences: [] as Row[][] } as Unit;
      unit.root = this.entry(cursor, abbreviations, unit)!;
      assert.equal(cursor.at, end);
      Object.assign(unit, readLines(this.cursor('.debug_line').view, unit.root.attributes.get(LINES)));
      this.units.push(unit);
    }
  }

  /** `function file:line`, innermost first, as llvm-symbolizer has it; empty where it knows nothing. */
  symbolize(address: number): string[] {
    const unit = this.units.find(({ root }) => this.covers(root, address));
    let inner = unit?.root.children.find((entry) => this.covers(entry, address));
    if (!unit || !inner) return [];
    const chain: Entry[] = [];
    for (; inner; inner = inner.children.find((entry) => this.covers(entry, address))) chain.unshift(inner);
    const row = this.row(unit, address);
    let place = row ? `${unit.files[row.file - 1]}:${row.line}` : ':0';
    return chain.map((entry) => {
      const frame = `${this.nameOf(entry)} ${place}`;
      const file = entry.attributes.get(CALL_FILE);
      place = file ? `${unit.files[file - 1]}:${entry.attributes.get(CALL_LINE)}` : ':0';
      return frame;
    });
  }

  row(unit: Unit, address: number): Row | undefined {
    const rows = unit.sequences.find((rows) => rows[0].address <= address && address < rows[rows.length - 1].address);
    return rows?.filter((row) => row.address <= address).pop();
  }

  nameOf(entry: Entry): string {
    const origin = entry.attributes.get(ORIGIN);
    if (origin !== undefined) return this.nameOf(this.entries.get(origin)!);
    return this.cursor('.debug_str', entry.attributes.get(NAME)).text();
  }

  declaredAt(entry: Entry): number {
    const origin = entry.attributes.get(ORIGIN);
    return origin !== undefined ? this.declaredAt(this.entries.get(origin)!) : (entry.attributes.get(DECL_LINE) ?? 0);
  }

  private readonly rangesOf = new Map<Entry, number[]>();

  private covers(entry: Entry, address: number): boolean {
    const ranges = this.ranges(entry);
    for (let i = 0; i < ranges.length; i += 2) if (ranges[i] <= address && address < ranges[i + 1]) return true;
    return false;
  }

  /** From and to of each piece. */
  ranges(entry: Entry): number[] {
    let found = this.rangesOf.get(entry);
    if (!found) {
      found = [];
      const { attributes } = entry;
      const [low, size, list] = [attributes.get(LOW), attributes.get(HIGH), attributes.get(RANGES)];
      if (list !== undefined) {
        for (const cursor = this.cursor('.debug_ranges', list); ; ) {
          const [from, to] = [cursor.u32(), cursor.u32()];
          if (from === 0 && to === 0) break;
          found.push(from, to);
        }
      } else if (size !== undefined) found.push(low!, low! + size);
      this.rangesOf.set(entry, found);
    }
    return found;
  }

  private cursor(section: string, at = 0): Cursor {
    const view = this.sections.get(section);
    assert.ok(view, section);
    return new Cursor(view, at);
  }

  private abbreviations(): Map<number, { tag: number; children: boolean; fields: [number, number][] }> {
    const all = new Map();
    const cursor = this.cursor('.debug_abbrev');
    for (let code = cursor.leb(); code !== 0; code = cursor.leb()) {
      const [tag, children] = [cursor.leb(), cursor.u8() === 1];
      const fields: [number, number][] = [];
      for (;;) {
        const field: [number, number] = [cursor.leb(), cursor.leb()];
        if (field[0] === 0) break;
        fields.push(field);
      }
      all.set(code, { tag, children, fields });
    }
    return all;
  }

  private entry(cursor: Cursor, abbreviations: ReturnType<Dwarf['abbreviations']>, unit: Unit): Entry | null {
    const offset = cursor.at;
    const code = cursor.leb();
    if (code === 0) return null;
    const { tag, children, fields } = abbreviations.get(code)!;
    const attributes = new Map<number, number>();
    for (const [attribute, form] of fields) {
      const value = form === 0x0b ? cursor.u8() : form === 0x0f ? cursor.leb() : cursor.u32();
      assert.ok([0x01, 0x0b, 0x0e, 0x0f, 0x10, 0x17].includes(form), `form ${form}`);
      attributes.set(attribute, value);
    }
    const entry: Entry = { tag, offset, unit, attributes, children: [] };
    this.entries.set(offset, entry);
    for (let child = children ? this.entry(cursor, abbreviations, unit) : null; child; ) {
      entry.children.push(child);
      child = this.entry(cursor, abbreviations, unit);
    }
    return entry;
  }
}

/** One unit's files, and its rows in sequences that each end with a row behind the last instruction. */
export function readLines(section: DataView, offset = 0): Pick<Unit, 'files' | 'sequences'> {
  const cursor = new Cursor(section, offset);
  const files: string[] = [];
  const sequences: Row[][] = [];
  const end = cursor.u32() + cursor.at;
  assert.equal(cursor.u16(), 4);
  const program = cursor.u32() + cursor.at;
  assert.deepEqual([cursor.u8(), cursor.u8(), cursor.u8()], [1, 1, 1]);
  const [base, range, first] = [(cursor.u8() << 24) >> 24, cursor.u8(), cursor.u8()];
  for (let opcode = 1; opcode < first; opcode++) cursor.u8();
  const folders = [''];
  for (let folder = cursor.text(); folder; folder = cursor.text()) folders.push(`${folder}/`);
  for (let name = cursor.text(); name; name = cursor.text()) {
    files.push(folders[cursor.leb()] + name);
    cursor.leb();
    cursor.leb();
  }
  assert.equal(cursor.at, program);
  const start = { address: 0, file: 1, line: 1, statement: true };
  let state = { ...start };
  let rows: Row[] = [];
  while (cursor.at < end) {
    const opcode = cursor.u8();
    if (opcode >= first) {
      state.address += Math.floor((opcode - first) / range);
      state.line += base + ((opcode - first) % range);
      rows.push({ ...state });
    } else if (opcode === 0) {
      cursor.leb();
      if (cursor.u8() === 2) state.address = cursor.u32();
      else {
        sequences.push([...rows, { ...state }]);
        rows = [];
        state = { ...start };
      }
    } else if (opcode === 2) state.address += cursor.leb();
    else if (opcode === 3) state.line += cursor.leb(true);
    else if (opcode === 4) state.file = cursor.leb();
    else if (opcode === 6) state.statement = !state.statement;
    else if (opcode === 8) state.address += Math.floor((255 - first) / range);
    else assert.fail(`opcode ${opcode}`);
  }
  assert.equal(cursor.at, end);
  return { files, sequences };
}
