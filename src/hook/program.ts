/**
 * One Go program from linking to exit: what its two seen imports say, as events. Holds its memory weakly, so that a page that
 * drops a program gets it back. Facts: the offsets of arguments from SP in lib/wasm/wasm_exec.js.
 */
import type { Capture, HookEvent, ModuleSeen } from '../protocol/messages';
import type { Source } from './bytes';
import { capture } from './capture';
import type { Notes } from './imports';
import { createOutput } from './output';
import { buffers, dataProperty, memories, now, pristine, U32 } from './pristine';

/** An event without its number. */
export type Unnumbered = HookEvent extends infer E ? (E extends HookEvent ? Omit<E, 'seq'> : never) : never;
/** Sends an event. @returns its number */
export type Emit = (event: Unnumbered) => number;

type About = Pick<ModuleSeen, 'url' | 'bytes' | 'how' | 'namespace'>;

export interface Program {
  readonly id: number;
  readonly source: Source;
  state: 'linking' | 'linked' | 'running' | 'exited';
  readonly notes: Notes;
  /** `run` was called with the instance that has these exports. */
  run(exports: WebAssembly.Exports): void;
  /** State of its stacks now; null when they cannot be read. */
  capture(): Capture | null;
}

const PristineWeakRef = WeakRef;
const { deref } = pristine(WeakRef.prototype);

/**
 * @param about what the `module` event says; asked when the program starts to run
 * @param linked called once, when the engine takes the imports
 */
export function createProgram(
  id: number,
  source: Source,
  about: () => About,
  linked: (program: Program) => void,
  emit: Emit,
): Program {
  const output = createOutput();
  let exports: WeakRef<object> | undefined;

  const find = (name: string) => dataProperty(exports && deref(exports), name);

  /** Calls `use` with the memory of the program, if there is one and it has `size` bytes from `sp` on. */
  const withMemory = <T>(sp: number, size: number, use: (buffer: ArrayBuffer, bytes: number) => T): T | null => {
    try {
      const buffer = memories.buffer(find('mem'));
      const bytes = buffers.byteLength(buffer);
      return sp + size <= bytes ? use(buffer, bytes) : null;
    } catch {
      // No memory is known; or something failed here, which must not reach the page.
      return null;
    }
  };

  const start = (goObject: boolean) => {
    if (program.state !== 'linked') return;
    program.state = 'running';
    emit({ type: 'module', instance: id, ...about(), goObject, at: now() });
  };

  const program: Program = {
    id,
    source,
    state: 'linking',
    run(found) {
      exports = new PristineWeakRef(found);
      start(true);
    },
    capture() {
      const getsp = find('getsp');
      // Before Go 1.12 there is no getsp; then nothing is known.
      if (typeof getsp !== 'function') return null;
      return withMemory(0, 0, (buffer, bytes) => capture(buffer, bytes, getsp() >>> 0, 'event'));
    },
    notes: {
      linked() {
        if (program.state !== 'linking') return;
        program.state = 'linked';
        linked(program);
      },
      exit(sp) {
        const from = sp >>> 0;
        start(false);
        withMemory(from, 12, (buffer, bytes) => {
          const code = new U32(buffer, from + 8, 1)[0];
          const text = output.read();
          emit({
            type: 'exit',
            instance: id,
            code: code | 0,
            output: text[0],
            outputDropped: text[1],
            // The stack of a program that ends well is of no use, and to look through a large memory takes a while.
            capture: code ? capture(buffer, bytes, from, 'import') : null,
            at: now(),
          });
        });
        program.state = 'exited';
        exports = undefined;
      },
      write(sp) {
        const from = sp >>> 0;
        withMemory(from, 28, (buffer, bytes) => {
          const args = new U32(buffer, from + 8, 5);
          if ((args[0] === 1 || args[0] === 2) && args[2] + args[4] <= bytes) output.write(buffer, args[2], args[4]);
        });
      },
    },
  };
  return program;
}
