/** A handle's life as far as it is known without Go's heap. */
import type { Snapshot } from './snapshot';
import type { HandleState } from './view';

/** A js.Func whose number is registered still was not released: Release takes it out of Go's map, and nothing else does (syscall/js/func.go). */
export function stateOf(snapshot: Snapshot, row: number): HandleState {
  if (snapshot.isFixed(row)) return 'fixed';
  return snapshot.registered(row) >= 0 ? 'never released' : 'not known';
}
