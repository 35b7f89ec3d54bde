/**
 * One Go program from linking to exit: what its two seen imports say, as events. Holds its memory weakly, so that a page that
 * drops a program gets it back. Facts: the offsets of arguments from SP in lib/wasm/wasm_exec.js.
 */
import type { Capture, HookEvent, ModuleSeen } from '../protocol/messages';
import { capture } from './capture';
import { createOutput } from './output';
import { byteLength, dataProperty, Memory, pristine, U32 } from './pristine';

/** An event without its number and time. */
export type Unnumbered = HookEvent extends infer E ? (E extends HookEvent ? Omit<E, 'seq' | 'at'> : never) : never;
/** Sends an event, of now. @returns its number */
export type Emit = (event: Unnumbered) => number;

export interface Program {
  /** `run` was called on a Go object with the instance that has these exports. */
  run(exports: WebAssembly.Exports, goObject: object): void;
  /** Its Go object, as long as the page keeps it. */
  go(): object | undefined;
  /** State of its stacks now; null when it does not run, or they cannot be read. */
  capture(): Capture | null;
  /** As in `Notes`. */
  exit(sp: number): void;
  write(sp: number): void;
}

const [memoryOf] = pristine(Memory, 'buffer');
const PristineWeakRef = WeakRef;
const [deref] = pristine(WeakRef, 'deref');

/** @param about what the `module` event says; asked when the program starts to run */
export function createProgram(
  instance: number,
  about: () => Pick<ModuleSeen, 'url' | 'bytes' | 'how' | 'namespace'>,
  emit: Emit,
): Program {
  const output = createOutput();
  let exports: WeakRef<object> | undefined;
  let object: WeakRef<object> | undefined;

  const find = (name: string) => dataProperty(exports && deref(exports), name);

  /** Calls `use` with the memory of the program, if it runs, and there are `size` bytes from `sp` on. */
  const look = <T>(
    pointer: number,
    size: number,
    use: (buffer: ArrayBuffer, bytes: number, sp: number) => T,
  ): T | null => {
    try {
      const sp = pointer >>> 0;
      const buffer = memoryOf(find('mem'));
      const bytes = byteLength(buffer);
      return sp + size <= bytes ? use(buffer, bytes, sp) : null;
    } catch {
      // No memory is known; or something failed here, which must not reach the page.
      return null;
    }
  };

  return {
    run(found, goObject) {
      exports = new PristineWeakRef(found);
      object = new PristineWeakRef(goObject);
      emit({ type: 'module', instance, ...about() });
    },
    go: () => object && deref(object),
    capture() {
      const getsp = find('getsp');
      // Before Go 1.12 there is no getsp; then nothing is known.
      if (typeof getsp !== 'function') return null;
      return look(0, 0, (buffer, bytes) => capture(buffer, bytes, getsp() >>> 0, 'event'));
    },
    exit(pointer) {
      look(pointer, 12, (buffer, bytes, sp) => {
        const said = output.read();
        emit({
          type: 'exit',
          instance,
          code: new U32(buffer, sp + 8, 1)[0] | 0,
          output: said[0],
          outputDropped: said[1],
          capture: capture(buffer, bytes, sp, 'import'),
        });
      });
      exports = undefined;
    },
    write(pointer) {
      look(pointer, 28, (buffer, bytes, sp) => {
        const args = new U32(buffer, sp + 8, 5);
        if ((args[0] === 1 || args[0] === 2) && args[2] + args[4] <= bytes) output.write(buffer, args[2], args[4]);
      });
    },
  };
}
