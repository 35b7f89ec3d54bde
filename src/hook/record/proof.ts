/** Whether a memory is that of the program which an order speaks of. */
import type { Proof } from '../../protocol/binary';

/** @param words the memory. @returns also true of a proof that asks for nothing */
export function proves({ low, high, sum }: Proof, words: Int32Array): boolean {
  let found = 0;
  // What lies beyond the end of memory counts as 0.
  for (let at = low >>> 2, end = high >>> 2; at < end; at++) found = ((found << 5) - found + words[at]) | 0;
  return found === sum;
}
