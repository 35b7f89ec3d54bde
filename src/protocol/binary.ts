/** What a page is told of the binary of a program: how to walk its stacks, and how to know its memory. Of a binary, and of no program that runs. */

/** How far the stack pointer moves to a caller, for every PC of a program: pcsp (runtime/symtab.go), flattened. */
export interface FrameTable {
  /** By PC_F - 0x1000: where its runs start in `runs`. */
  index: Int32Array<ArrayBuffer>;
  /** Pairs: the block before which it holds, and bytes from SP to the return PC; the last of a function holds to its end. */
  runs: Int32Array<ArrayBuffer>;
  /** By PC_F - 0x1000: a `FunctionKind`. */
  kinds: Uint8Array<ArrayBuffer>;
}

export enum FunctionKind {
  Plain = 0,
  /** Outermost of a stack. */
  Ends = 1,
  /** syscall/js.handleEvent: what it calls is the function of a js.Func. */
  HandlesEvent = 2,
  /** Of syscall/js: what handleEvent itself calls. */
  Bridge = 3,
}

/**
 * Words of linear memory that a program never changes, from `low` to `high`, both multiples of 4; their sum is
 * `sum = sum * 31 + word` in 32 bits, from 0.
 */
export interface Proof {
  low: number;
  high: number;
  sum: number;
}
