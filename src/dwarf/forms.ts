/** How the value of an attribute is written: one number for each form, and its meaning where it needs a second look. Source: DWARF 5 section 7.5.6. */
import type { Reader } from '../bytes/reader';
import { FORM } from './codes';

/** How one unit writes addresses and offsets. */
export interface Encoding {
  version: number;
  addressSize: number;
  /** 8 in the 64-bit format. */
  offsetSize: number;
}

/** An attribute as it stands: what `raw` is depends on the form. */
export interface Value {
  form: number;
  /** The constant, address, offset or index; of a string in place, where it starts; 0 of what is passed over. */
  raw: number;
}

/** @returns bytes that a form always takes; -1 when that depends on the value */
export function fixedSize(form: number, { version, addressSize, offsetSize }: Encoding): number {
  switch (form) {
    case FORM.flag_present:
    case FORM.implicit_const:
      return 0;
    case FORM.data1:
    case FORM.ref1:
    case FORM.flag:
    case FORM.strx1:
    case FORM.addrx1:
      return 1;
    case FORM.data2:
    case FORM.ref2:
    case FORM.strx2:
    case FORM.addrx2:
      return 2;
    case FORM.strx3:
    case FORM.addrx3:
      return 3;
    case FORM.data4:
    case FORM.ref4:
    case FORM.ref_sup4:
    case FORM.strx4:
    case FORM.addrx4:
      return 4;
    case FORM.data8:
    case FORM.ref8:
    case FORM.ref_sup8:
    case FORM.ref_sig8:
      return 8;
    case FORM.data16:
      return 16;
    case FORM.addr:
      return addressSize;
    // DWARF 2 has it as long as an address.
    case FORM.ref_addr:
      return version === 2 ? addressSize : offsetSize;
    case FORM.strp:
    case FORM.line_strp:
    case FORM.strp_sup:
    case FORM.sec_offset:
    case FORM.GNU_ref_alt:
    case FORM.GNU_strp_alt:
      return offsetSize;
    default:
      return -1;
  }
}

/** A little-endian number of 1, 2, 3, 4 or 8 bytes. */
export function readNumber(reader: Reader, size: number): number {
  switch (size) {
    case 0:
      return 0;
    case 1:
      return reader.u8();
    case 2:
      return reader.u16();
    case 3:
      return reader.u16() + reader.u8() * 0x10000;
    case 4:
      return reader.u32();
    case 8:
      return reader.u64();
    default:
      reader.skip(size);
      return 0;
  }
}

/**
 * Reads one value, or moves past it. Not for `indirect` and `implicit_const`, whose form or value stands elsewhere.
 * @returns `raw` of a Value. @throws Malformed for a form that no version has
 */
export function readForm(reader: Reader, form: number, encoding: Encoding): number {
  const size = fixedSize(form, encoding);
  if (size >= 0) return readNumber(reader, size);
  const at = reader.position;
  switch (form) {
    case FORM.string:
      reader.skipCString();
      return at;
    case FORM.sdata:
      return reader.sleb64();
    case FORM.udata:
    case FORM.ref_udata:
    case FORM.strx:
    case FORM.addrx:
    case FORM.loclistx:
    case FORM.rnglistx:
    case FORM.GNU_addr_index:
    case FORM.GNU_str_index:
      return reader.leb64();
    case FORM.block1:
      reader.skip(reader.u8());
      return 0;
    case FORM.block2:
      reader.skip(reader.u16());
      return 0;
    case FORM.block4:
      reader.skip(reader.u32());
      return 0;
    case FORM.block:
    case FORM.exprloc:
      reader.skip(reader.leb32());
      return 0;
    default:
      return reader.fail(`a form of DWARF 2 to 5, not 0x${form.toString(16)}`);
  }
}

/** @returns whether the value is an address, or the index of one: else `high_pc` is the length of a range */
export function isAddress(form: number): boolean {
  return form === FORM.addr || isAddressIndex(form);
}

export function isAddressIndex(form: number): boolean {
  return form === FORM.addrx || form === FORM.GNU_addr_index || (form >= FORM.addrx1 && form <= FORM.addrx4);
}
