/** A picture of a Go program that runs in this process, taken in one turn, by the same code as in a page. */
import { copyMemory } from '../hook/handles/memory';
import { type Asked, memoryBuffer, previews, stackPointer, table } from '../hook/handles/table';
import type { DumpParts, TableOptions } from '../protocol/handles';

/**
 * @param sp Go's stack pointer where an import is being called; null between calls
 * @throws what `table` does when the program has exited
 */
export function takeDump(asked: Asked, options: TableOptions, sp: number | null): DumpParts {
  const whole = table(asked, options, Number.POSITIVE_INFINITY);
  return {
    table: whole,
    previews: previews(asked, whole.ids),
    ...copyMemory(memoryBuffer(asked.goObject)),
    sp: sp ?? stackPointer(asked.goObject),
    at: sp === null ? 'event' : 'import',
  };
}
