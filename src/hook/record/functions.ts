/**
 * Which Go function a js.Func runs, by the id that wasm_exec.js calls it by: `js.FuncOf(fn)` calls `_makeFuncWrapper(id)`, and then fn,
 * a pointer to a closure whose first word is its code's PC, is the first argument of the frame that FuncOf was called from
 * (syscall/js/func.go, Go 1.12 to 1.27). Ids are never used again.
 */
import { bufferOf } from '../pristine';
import { F64, I32 } from './pristine';

enum Most {
  /** Ids that are remembered, as many as there are slots. */
  Functions = 65536,
}

/** The name by which FuncOf calls it. */
export const WRAPPER = '_makeFuncWrapper';

export interface Functions {
  /**
   * FuncOf is about to make one.
   * @param at index of the word at SP. @param argument index of the word where fn stands
   * @param isFunction whether a PC_F is that of a function
   */
  made(words: Int32Array, at: number, argument: number, isFunction: (pcF: number) => boolean): void;
  /** @returns PC_F of the function; 0 for not known */
  of(id: unknown): number;
}

export function createFunctions(): Functions {
  const table = new I32(Most.Functions * 2);
  const number = new F64(1);
  const halves = new I32(bufferOf(number));
  return {
    made(words, at, argument, isFunction) {
      // The argument of the call is a ref: of a number that is the number.
      const list = words[at + 8] >>> 2;
      halves[0] = words[list];
      halves[1] = words[list + 1];
      const id = number[0];
      const closure = words[argument];
      const code = words[closure >>> 2];
      // Addresses have no high words, and a function begins with its block 0.
      if (words[argument + 1] !== 0 || words[(closure >>> 2) + 1] !== 0 || code & 0xffff || closure & 7) return;
      if (!isFunction(code >>> 16) || !(id > 0 && id < 2 ** 31) || id !== (id | 0)) return;
      const slot = (id % Most.Functions) * 2;
      table[slot] = id;
      table[slot + 1] = code >>> 16;
    },
    of(id) {
      if (typeof id !== 'number') return 0;
      const slot = (id % Most.Functions) * 2;
      return table[slot] === id ? table[slot + 1] : 0;
    },
  };
}
