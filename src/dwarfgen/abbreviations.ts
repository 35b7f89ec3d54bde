/**
 * The shapes of entries in .debug_info (DWARF 4, 2.3 and 7.5.3): one abbreviation for each combination that occurs, their
 * codes small numbers that the writer computes, and .debug_abbrev that declares them.
 */
import { Writer } from '../bytes/writer';
import { AT, FORM, TAG } from '../dwarf/codes';

/** Code of a unit without code: only functions that were inlined everywhere. */
export const DECLARING_UNIT = 1;
export const UNIT = 2;

/** How an entry says which function it is: by name alone, by name and place, or by an abstract function that says so. */
export enum Identity {
  Name = 0,
  Declared = 1,
  Origin = 2,
}

/** What an entry with code may have, as bits. */
export enum Has {
  Children = 1,
  /** Pieces in .debug_ranges instead of one stretch. */
  Ranges = 2,
  /** An inlined call: the place where it is called. */
  Call = 4,
}

/** A function as source code, which inlined calls and bodies name as their origin. */
export const abstractCode = (identity: Identity.Name | Identity.Declared) => 3 + identity;
/** @param has bits of `Has`, not `Call` */
export const functionCode = (identity: Identity, has: number) => 5 + identity * 4 + has;
/** @param has bits of `Has`; an inlined call always has an origin */
export const inlinedCode = (has: number) => 17 + has;

type Fields = [attribute: number, form: number][];

/**
 * No DW_AT_language: LLDB, and with it Chrome's C/C++ extension, looks into functions only of languages that it has types for; it has
 * none for DW_LANG_Go and finds no function then (LLDB 14). Where nothing is said it reads them all.
 */
const UNIT_FIELDS: Fields = [
  [AT.producer, FORM.strp],
  [AT.name, FORM.strp],
  [AT.comp_dir, FORM.strp],
  [AT.stmt_list, FORM.sec_offset],
];
const WHO: Record<Identity, Fields> = {
  [Identity.Name]: [[AT.name, FORM.strp]],
  [Identity.Declared]: [
    [AT.name, FORM.strp],
    [AT.decl_file, FORM.udata],
    [AT.decl_line, FORM.udata],
  ],
  [Identity.Origin]: [[AT.abstract_origin, FORM.ref_addr]],
};
const STRETCH: Fields = [
  [AT.low_pc, FORM.addr],
  [AT.high_pc, FORM.udata],
];
const PIECES: Fields = [[AT.ranges, FORM.sec_offset]];
const CALL: Fields = [
  [AT.call_file, FORM.udata],
  [AT.call_line, FORM.udata],
];

/** The content of .debug_abbrev: one table, for all units. */
export function abbreviations(): Uint8Array {
  const out = new Writer();
  const declare = (code: number, tag: number, children: boolean, fields: Fields) => {
    out
      .uleb(code)
      .uleb(tag)
      .u8(children ? 1 : 0);
    for (const [attribute, form] of fields) out.uleb(attribute).uleb(form);
    out.u8(0).u8(0);
  };
  declare(DECLARING_UNIT, TAG.compile_unit, true, UNIT_FIELDS);
  // The low PC of a unit is the base of its pieces: 0, as compilers write for a unit in pieces.
  declare(UNIT, TAG.compile_unit, true, [...UNIT_FIELDS, [AT.low_pc, FORM.addr], ...PIECES]);
  for (const identity of [Identity.Name, Identity.Declared] as const) {
    declare(abstractCode(identity), TAG.subprogram, false, [...WHO[identity], [AT.inline, FORM.data1]]);
  }
  for (let has = 0; has < 8; has++) {
    const children = (has & Has.Children) !== 0;
    const where = has & Has.Ranges ? PIECES : STRETCH;
    const call = has & Has.Call ? CALL : [];
    declare(inlinedCode(has), TAG.inlined_subroutine, children, [...WHO[Identity.Origin], ...where, ...call]);
    if (has & Has.Call) continue;
    for (const identity of [Identity.Name, Identity.Declared, Identity.Origin]) {
      declare(functionCode(identity, has), TAG.subprogram, children, [...WHO[identity], ...where]);
    }
  }
  return out.u8(0).done();
}
