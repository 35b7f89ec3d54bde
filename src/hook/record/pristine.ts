/** Builtins that only a recording needs; see ../pristine.ts. */
export const { freeze } = Object;
export const { ownKeys } = Reflect;
export const { ceil, imul } = Math;
export const I32 = Int32Array;
export const F64 = Float64Array;
export const { setTimeout } = globalThis;
