/**
 * The numbers of DWARF that the writer says: version 4, section 7 of the standard ("Data Representation").
 */

/** 7.5.3, table 7.18. */
export enum Tag {
  CompileUnit = 0x11,
  InlinedSubroutine = 0x1d,
  Subprogram = 0x2e,
}

/** 7.5.4, table 7.25. */
export enum Attribute {
  Name = 0x03,
  StatementList = 0x10,
  LowPc = 0x11,
  HighPc = 0x12,
  CompilationDirectory = 0x1b,
  Inline = 0x20,
  Producer = 0x25,
  AbstractOrigin = 0x31,
  DeclarationFile = 0x3a,
  DeclarationLine = 0x3b,
  Ranges = 0x55,
  CallFile = 0x58,
  CallLine = 0x59,
}

/** 7.5.5, table 7.26. */
export enum Form {
  Address = 0x01,
  Data1 = 0x0b,
  String = 0x0e,
  Udata = 0x0f,
  /** An offset in .debug_info, so that a unit may name what stands in another one. */
  ReferenceAddress = 0x10,
  SectionOffset = 0x17,
}

/** 7.16: DW_INL_inlined, by the compiler's own choice. */
export const INLINED = 1;

/** 7.21, tables 7.34 and 7.35. */
export enum Line {
  Extended = 0,
  Copy = 1,
  AdvancePc = 2,
  AdvanceLine = 3,
  SetFile = 4,
  NegateStatement = 6,
  ConstAddPc = 8,
}

export enum ExtendedLine {
  EndSequence = 1,
  SetAddress = 2,
}
