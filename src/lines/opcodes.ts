/**
 * How the Go assembler spells wasm instructions in a listing (`-S`), and which opcode each name becomes.
 * Source: cmd/internal/obj/wasm/anames.go and wasmobj.go writeOpcode (1.11–1.27): names ascend with the encoding but for the
 * gaps named there. Vector instructions (1.27) are told by their prefix only.
 */

/** What a listed name stands for where it is no single opcode. */
export const LISTED = {
  /** Makes no code: TEXT, FUNCDATA, PCDATA, and the NOP of package obj (wasm's own is spelled Nop). */
  none: -1,
  /** local.get or global.get. */
  get: -2,
  /** local.set, local.tee with the Get behind it, global.set, or local.tee + global.set for SP. */
  set: -3,
  /** A name this table does not have. */
  other: -4,
  /** TEXT and NOP, which have no part in the line tables (cmd/internal/obj/pcln.go pctofileline). */
  silent: -5,
} as const;

const RUNS: [first: number, names: string][] = [
  [0x00, 'Unreachable Nop Block Loop If Else'],
  [0x0b, 'End Br BrIf BrTable Return Call CallIndirect'],
  [0x1a, 'Drop Select'],
  [0x20, 'LocalGet LocalSet LocalTee GlobalGet GlobalSet'],
  [
    0x28,
    'I32Load I64Load F32Load F64Load I32Load8S I32Load8U I32Load16S I32Load16U I64Load8S I64Load8U I64Load16S ' +
      'I64Load16U I64Load32S I64Load32U I32Store I64Store F32Store F64Store I32Store8 I32Store16 I64Store8 I64Store16 ' +
      'I64Store32 CurrentMemory GrowMemory I32Const I64Const F32Const F64Const I32Eqz I32Eq I32Ne I32LtS I32LtU I32GtS ' +
      'I32GtU I32LeS I32LeU I32GeS I32GeU I64Eqz I64Eq I64Ne I64LtS I64LtU I64GtS I64GtU I64LeS I64LeU I64GeS I64GeU ' +
      'F32Eq F32Ne F32Lt F32Gt F32Le F32Ge F64Eq F64Ne F64Lt F64Gt F64Le F64Ge I32Clz I32Ctz I32Popcnt I32Add I32Sub ' +
      'I32Mul I32DivS I32DivU I32RemS I32RemU I32And I32Or I32Xor I32Shl I32ShrS I32ShrU I32Rotl I32Rotr I64Clz I64Ctz ' +
      'I64Popcnt I64Add I64Sub I64Mul I64DivS I64DivU I64RemS I64RemU I64And I64Or I64Xor I64Shl I64ShrS I64ShrU ' +
      'I64Rotl I64Rotr F32Abs F32Neg F32Ceil F32Floor F32Trunc F32Nearest F32Sqrt F32Add F32Sub F32Mul F32Div F32Min ' +
      'F32Max F32Copysign F64Abs F64Neg F64Ceil F64Floor F64Trunc F64Nearest F64Sqrt F64Add F64Sub F64Mul F64Div F64Min ' +
      'F64Max F64Copysign I32WrapI64 I32TruncF32S I32TruncF32U I32TruncF64S I32TruncF64U I64ExtendI32S I64ExtendI32U ' +
      'I64TruncF32S I64TruncF32U I64TruncF64S I64TruncF64U F32ConvertI32S F32ConvertI32U F32ConvertI64S F32ConvertI64U ' +
      'F32DemoteF64 F64ConvertI32S F64ConvertI32U F64ConvertI64S F64ConvertI64U F64PromoteF32 I32ReinterpretF32 ' +
      'I64ReinterpretF64 F32ReinterpretI32 F64ReinterpretI64 I32Extend8S I32Extend16S I64Extend8S I64Extend16S ' +
      'I64Extend32S',
  ],
  [
    0xfc00,
    'I32TruncSatF32S I32TruncSatF32U I32TruncSatF64S I32TruncSatF64U I64TruncSatF32S I64TruncSatF32U I64TruncSatF64S ' +
      'I64TruncSatF64U MemoryInit DataDrop MemoryCopy MemoryFill TableInit ElemDrop TableCopy TableGrow TableSize TableFill',
  ],
];

/** Go 1.11 and 1.12 named the conversions after the older spelling of the specification, which the rest kept. */
const ALIASES: [name: string, opcode: number][] = [
  ['Not', 0x45],
  ['Tee', 0x22],
  ['UNDEF', 0x00],
  // Up to 1.20: a call of an import (writeOpcode as ACall).
  ['CallImport', 0x10],
  ['TEXT', LISTED.silent],
  ['NOP', LISTED.silent],
  ['FUNCDATA', LISTED.none],
  ['PCDATA', LISTED.none],
  ['Get', LISTED.get],
  ['Set', LISTED.set],
];

/** Opcode as `Operators.op` has it, or one of `LISTED`, by listed name. */
export const OPCODES: ReadonlyMap<string, number> = new Map([
  ...RUNS.flatMap(([first, names]) => names.split(' ').map((name, i): [string, number] => [name, first + i])),
  ...ALIASES,
]);
