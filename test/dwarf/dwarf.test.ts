/** DWARF written by hand: what no compiler at hand writes, what linkers leave of removed code, and what goes in circles. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AT, FORM, LNE, LNS, RLE, TAG } from '../../src/dwarf/codes';
import type { Dwarf } from '../../src/dwarf/dwarf';
import { bytes } from '../assemble';
import { at, compileUnit, entry, Info, label, lineTable, op, program, rows } from './assemble';

const shown = (dwarf: Dwarf, address: number) =>
  dwarf.frames(address)?.map((one) => `${one.function} ${one.file}:${one.line}${one.inlined ? ' inlined' : ''}`) ??
  null;

const fn = (name: string, low: number, length: number, children?: ReturnType<typeof entry>[]) =>
  entry(TAG.subprogram, [at.name(name), ...at.range(low, length)], children);

test('functions that the linker removed claim no address, whatever it wrote for theirs', () => {
  for (const tombstone of [0, 0xffffffff, 0xfffffffe]) {
    const dwarf = new Info()
      .unit(
        4,
        compileUnit(at.range(0x10, 0x100), [
          fn('removed', tombstone, 0x80, [
            // Older linkers leave the distance to the function's start: an address that somebody else has.
            entry(TAG.inlined_subroutine, [at.name('removed too'), ...at.range(0x24, 4), ...at.called(1, 9)]),
          ]),
          fn('there', 0x20, 0x10),
        ]),
      )
      .open({
        debug_line: lineTable(['a.c'], program(rows([[tombstone, 5]], tombstone + 0x60), rows([[0x20, 7]], 0x30))),
      });
    assert.deepEqual(shown(dwarf, 0x24), ['there a.c:7'], `${tombstone}`);
    assert.equal(shown(dwarf, 0x40), null, `${tombstone}`);
  }
});

test('a range without an end is none: only the function that is really there is told', () => {
  const lost = entry(TAG.inlined_subroutine, [at.name('lost'), ...at.range(0x28, -0x28), ...at.called(1, 9)]);
  const dwarf = new Info()
    .unit(4, compileUnit(at.range(0x10, 0x100), [fn('there', 0x20, 0x10, [lost])]))
    .open({ debug_line: lineTable(['a.c'], rows([[0x20, 7]], 0x30)) });
  assert.deepEqual(shown(dwarf, 0x2a), ['there a.c:7']);
});

test('every opcode of a line program', () => {
  const lines = program(
    op.address(0x20),
    op.line(9),
    op.copy(),
    op.special(2, 3),
    bytes().u8(LNS.const_add_pc),
    op.line(-3),
    op.copy(),
    bytes().u8(LNS.fixed_advance_pc).u16(0x10),
    // Columns, statements, blocks, prologues, epilogues, ISAs: nothing here depends on them.
    bytes().u8(5).leb(300).u8(6, 7, 10, 11, 12).leb(4),
    op.file(3),
    bytes().u8(0, 8, LNE.define_file).cString('b.h').u8(0, 0, 0),
    bytes().u8(0, 3, 0x80, 1, 2),
    bytes().u8(0, 2, 4, 9),
    op.copy(),
    op.pc(4),
    op.end(),
  );
  const dwarf = new Info()
    .unit(4, compileUnit(at.range(0x10, 0x100), [fn('f', 0x20, 0x80)]))
    .open({ debug_line: lineTable(['a.c', 'a.h'], lines) });
  const expected: [number, string[]][] = [
    [0x1f, null as never],
    [0x20, ['f a.c:10']],
    [0x21, ['f a.c:10']],
    [0x22, ['f a.c:13']],
    // (255 - 13) / 12 = 20
    [0x36, ['f a.c:10']],
    [0x46, ['f b.h:10']],
    [0x49, ['f b.h:10']],
    [0x4a, ['f :0']],
  ];
  for (const [address, frames] of expected) assert.deepEqual(shown(dwarf, address), frames, address.toString(16));
});

test('operations of VLIW machines advance by instructions', () => {
  const lines = program(
    op.address(0x20),
    op.copy(),
    op.pc(3),
    op.line(1),
    op.copy(),
    op.pc(1),
    op.line(1),
    op.copy(),
    op.pc(4),
    op.end(),
  );
  const dwarf = new Info()
    .unit(4, compileUnit(at.range(0x10, 0x100), [fn('f', 0x20, 0x80)]))
    .open({ debug_line: lineTable(['a.c'], lines, { minimum: 4, operations: 2 }) });
  // 3 operations are one instruction of 4 bytes and a half; 4 are two.
  assert.deepEqual(
    [0x23, 0x24, 0x28, 0x2f].map((one) => shown(dwarf, one)?.[0]),
    ['f a.c:1', 'f a.c:2', 'f a.c:3', 'f a.c:3'],
  );
});

test('names and callers lead through other units, once around a circle at most', () => {
  const [declared, made, circle] = [label(), label(), label()];
  const dwarf = new Info()
    .unit(
      4,
      entry(
        TAG.compile_unit,
        [at.name('first')],
        [
          entry(
            TAG.namespace,
            [at.name('space')],
            [
              entry(
                TAG.class_type,
                [at.name('Class')],
                [entry(TAG.subprogram, [at.name('method')], undefined, declared)],
              ),
            ],
          ),
          entry(TAG.subprogram, [at.refer(AT.specification, declared)], undefined, made),
          entry(TAG.subprogram, [at.refer(AT.abstract_origin, circle)], undefined, circle),
        ],
      ),
    )
    .unit(
      4,
      compileUnit(at.range(0x10, 0x100), [
        fn('outer', 0x20, 0x20, [
          entry(TAG.inlined_subroutine, [
            at.refer(AT.abstract_origin, made),
            ...at.range(0x28, 8),
            ...at.called(1, 40),
          ]),
          entry(TAG.inlined_subroutine, [
            at.refer(AT.abstract_origin, circle),
            ...at.range(0x30, 8),
            ...at.called(1, 41),
          ]),
        ]),
      ]),
    )
    .open({ debug_line: lineTable(['a.c'], rows([[0x20, 7]], 0x40)) });
  assert.deepEqual(shown(dwarf, 0x28), ['space::Class::method a.c:7 inlined', 'outer a.c:40']);
  assert.deepEqual(shown(dwarf, 0x30), [' a.c:7 inlined', 'outer a.c:41']);
  assert.deepEqual(dwarf.warnings, []);
});

test('a function in a function is called by both, without end only where they contain each other', () => {
  const [outer, inner] = [label(), label()];
  const dwarf = new Info()
    .unit(
      4,
      compileUnit(at.range(0x10, 0x100), [
        entry(
          TAG.subprogram,
          [at.refer(AT.abstract_origin, inner), ...at.range(0x20, 0x20)],
          [
            entry(TAG.subprogram, [at.name('inner'), at.refer(AT.specification, outer)], undefined, inner),
            fn('nested', 0x28, 8),
          ],
          outer,
        ),
      ]),
    )
    .open({ debug_line: lineTable(['a.c'], rows([[0x20, 7]], 0x40)) });
  assert.match(shown(dwarf, 0x20)?.[0] ?? '', /^(inner::)+inner a\.c:7$/);
  assert.match(shown(dwarf, 0x28)?.[0] ?? '', /^(inner::)+nested a\.c:7$/);
});

test('a unit in Go keeps its names as they are', () => {
  const dwarf = new Info()
    .unit(
      4,
      compileUnit(
        [...at.range(0x10, 0x100), [AT.language, FORM.data1, (out) => out.u8(0x16)]],
        [entry(TAG.namespace, [at.name('main')], [fn('main.(*T).Do', 0x20, 8)])],
      ),
    )
    .open({ debug_line: lineTable(['main.go'], rows([[0x20, 7]], 0x28)) });
  assert.deepEqual(shown(dwarf, 0x20), ['main.(*T).Do main.go:7']);
});

/** A unit of version 5 whose strings, addresses and ranges are all by index. */
function indexed(entries: (list: number) => ReturnType<typeof entry>[]) {
  const strings = bytes();
  const offsets = ['five', 'f', 'g'].map((text) => {
    const offset = strings.length;
    strings.cString(text);
    return offset;
  });
  const lists = bytes();
  const kinds = bytes()
    .u8(RLE.base_addressx, 0)
    .u8(RLE.offset_pair, 0x00, 0x04)
    .u8(RLE.startx_endx, 1, 2)
    .u8(RLE.startx_length, 3, 4)
    .u8(RLE.base_address)
    .u32(0x60)
    .u8(RLE.offset_pair, 0x04, 0x08)
    .u8(RLE.start_end)
    .u32(0x70, 0x74)
    .u8(RLE.start_length)
    .u32(0x80)
    .leb(4)
    .u8(RLE.end_of_list);
  lists.u32(0).u16(5).u8(4, 0).u32(1).u32(4).append(kinds);
  const root = entry(
    TAG.compile_unit,
    [
      [AT.name, FORM.strx1, (out) => out.u8(0)],
      [AT.str_offsets_base, FORM.sec_offset, (out) => out.u32(8)],
      [AT.addr_base, FORM.sec_offset, (out) => out.u32(8)],
      [AT.rnglists_base, FORM.sec_offset, (out) => out.u32(12)],
      ...at.range(0x10, 0x100),
    ],
    entries(0),
  );
  return new Info().unit(5, root).open({
    debug_str: strings,
    debug_str_offsets: bytes()
      .u32(16)
      .u16(5)
      .u16(0)
      .u32(...offsets),
    debug_addr: bytes().u32(20).u16(5).u8(4, 0).u32(0x20, 0x30, 0x34, 0x40, 0x44),
    debug_rnglists: lists,
  });
}

test('strings, addresses and ranges by index, and every kind of range', () => {
  const dwarf = indexed(() => [
    entry(TAG.subprogram, [
      [AT.name, FORM.strx3, (out) => out.u8(1, 0, 0)],
      [AT.ranges, FORM.rnglistx, (out) => out.leb(0)],
    ]),
    entry(TAG.subprogram, [
      [AT.name, FORM.strx, (out) => out.leb(2)],
      [AT.low_pc, FORM.addrx2, (out) => out.u16(4)],
      [AT.high_pc, FORM.udata, (out) => out.leb(2)],
    ]),
  ]);
  const f = Array.from({ length: 0x90 }, (_, i) => i).filter((one) => dwarf.frames(one)?.[0].function === 'f');
  const four = (from: number) => [from, from + 1, from + 2, from + 3];
  assert.deepEqual(dwarf.warnings, []);
  // Without a line table a function is known all the same.
  assert.deepEqual(shown(dwarf, 0x44), ['g :0']);
  assert.deepEqual(f, [0x20, 0x30, 0x40, 0x64, 0x70, 0x80].flatMap(four));
});

test('every form is passed over: what stands behind it is read', () => {
  const forms: [form: number, value: number[]][] = [
    [FORM.block1, [2, 1, 1]],
    [FORM.block2, [2, 0, 1, 1]],
    [FORM.block4, [1, 0, 0, 0, 1]],
    [FORM.block, [1, 1]],
    [FORM.exprloc, [1, 1]],
    [FORM.data1, [1]],
    [FORM.data2, [1, 2]],
    [FORM.data4, [1, 2, 3, 4]],
    [FORM.data8, [1, 2, 3, 4, 5, 6, 7, 8]],
    [FORM.data16, Array(16).fill(9)],
    [FORM.sdata, [0xff, 0x7f]],
    [FORM.udata, [0xff, 0x7f]],
    [FORM.string, [0x61, 0x62, 0]],
    [FORM.flag, [1]],
    [FORM.flag_present, []],
    [FORM.ref_sig8, [1, 2, 3, 4, 5, 6, 7, 8]],
    [FORM.ref_udata, [0x80, 1]],
    [FORM.ref1, [1]],
    [FORM.ref2, [1, 0]],
    [FORM.ref8, Array(8).fill(0)],
    [FORM.indirect, [FORM.block1, 1, 7]],
    [FORM.indirect, [FORM.data2, 1, 7]],
    [FORM.line_strp, [0, 0, 0, 0]],
    [FORM.strp_sup, [0, 0, 0, 0]],
    [FORM.ref_sup4, [0, 0, 0, 0]],
    [FORM.ref_sup8, Array(8).fill(0)],
    [FORM.loclistx, [3]],
    [FORM.addrx3, [1, 2, 3]],
    [FORM.addrx4, [1, 2, 3, 4]],
    [FORM.strx4, [1, 2, 3, 4]],
    [FORM.GNU_ref_alt, [1, 2, 3, 4]],
    [FORM.GNU_strp_alt, [1, 2, 3, 4]],
  ];
  const attributes = forms.map(([form, value], i): [number, number, (out: ReturnType<typeof bytes>) => unknown] => [
    0x3000 + i,
    form,
    (out) => out.u8(...value),
  ]);
  for (const version of [4, 5]) {
    const dwarf = new Info()
      .unit(
        version,
        compileUnit(at.range(0x10, 0x100), [
          entry(0x34, attributes),
          entry(TAG.subprogram, [...attributes, at.name('f'), ...at.range(0x20, 8)]),
        ]),
      )
      .open({ debug_line: lineTable(['a.c'], rows([[0x20, 7]], 0x28)) });
    assert.deepEqual([shown(dwarf, 0x20), dwarf.warnings], [['f a.c:7'], []]);
  }
});

test('units that do not say what they have: by .debug_aranges, else by their functions', () => {
  const units = new Info()
    .unit(2, entry(TAG.compile_unit, [at.name('a')], [fn('told', 0x20, 8), fn('told too', 0x40, 8)]))
    .unit(2, entry(TAG.compile_unit, [at.name('b')], [fn('found', 0x60, 8)]));
  const aranges = bytes().u32(36).u16(2).u32(0).u8(4, 0).u32(0).u32(0x20, 8).u32(0x40, 8).u32(0, 0);
  const dwarf = units.open({ debug_aranges: aranges });
  assert.deepEqual(
    [0x20, 0x40, 0x60, 0x70].map((one) => shown(dwarf, one)),
    [['told :0'], ['told too :0'], ['found :0'], null],
  );
  assert.deepEqual(dwarf.warnings, []);
});

test('of units that overlap the first is told', () => {
  const dwarf = new Info()
    .unit(4, compileUnit(at.range(0x20, 0x20), [fn('first', 0x20, 0x20)]))
    .unit(4, compileUnit(at.range(0x10, 0x40), [fn('second', 0x10, 0x40)]))
    .open();
  assert.deepEqual(
    [0x10, 0x20, 0x3f, 0x40].map((one) => shown(dwarf, one)?.[0]),
    ['second :0', 'first :0', 'first :0', 'second :0'],
  );
});

test('a unit that leads to a .dwo file says so', () => {
  for (const [name, version] of [
    [AT.dwo_name, 5],
    [AT.GNU_dwo_name, 4],
  ] as const) {
    const dwarf = new Info()
      .unit(version, compileUnit([...at.range(0x10, 0x100), [name, FORM.string, (out) => out.cString('app.dwo')]]))
      .open({ debug_line: lineTable(['a.c'], rows([[0x20, 7]], 0x40)) });
    assert.equal(dwarf.split, 'app.dwo');
    assert.deepEqual(shown(dwarf, 0x20), [' a.c:7']);
  }
});

test('a broken unit costs only itself, and says why', () => {
  const info = new Info().unit(4, compileUnit(at.range(0x20, 8), [fn('before', 0x20, 8)]));
  const cut = info.info.length;
  info.unit(7, compileUnit(at.range(0x40, 8), [fn('unknown', 0x40, 8)]));
  info.unit(4, compileUnit(at.range(0x60, 8), [fn('after', 0x60, 8)]));
  const dwarf = info.open({ debug_line: lineTable(['a.c'], rows([[0x20, 7]], 0x68)) });
  assert.deepEqual(
    [0x20, 0x40, 0x60].map((one) => shown(dwarf, one)),
    [['before a.c:7'], null, ['after a.c:7']],
  );
  assert.deepEqual(dwarf.warnings, [`expected DWARF 2 to 5, not 7 at offset 0x${(cut + 6).toString(16)}`]);
});

test('lines that cannot be read cost lines, not functions', () => {
  const dwarf = new Info()
    .unit(4, compileUnit(at.range(0x20, 8), [fn('f', 0x20, 8)]))
    .open({ debug_line: bytes().u32(9).u16(77).zeros(7) });
  assert.deepEqual(shown(dwarf, 0x20), ['f :0']);
  assert.deepEqual(dwarf.warnings, ['expected a line table of version 2 to 5, not 77 at offset 0x6']);
});

test('a sequence that goes back is not believed, one that does not end tells nothing', () => {
  const back = program(op.address(0x20), op.copy(), op.address(0x18), op.copy(), op.address(0x30), op.end());
  const dwarf = new Info()
    .unit(4, compileUnit(at.range(0x10, 0x100), [fn('f', 0x20, 8), fn('g', 0x40, 8)]))
    .open({ debug_line: lineTable(['a.c'], program(back, op.address(0x40), op.copy())) });
  assert.deepEqual([shown(dwarf, 0x20), shown(dwarf, 0x40)], [['f :0'], ['g :0']]);
});
