/** How much room there is, as signals: the two widths at which the panel's arrangement changes. */
import { type ReadonlySignal, signal } from '@preact/signals';

/** One column below this, panes side by side from here on. */
export const panes = media('(min-width: 760px)');
/** A third pane. */
export const wide = media('(min-width: 1100px)');
/** Docked at the bottom with little height. */
export const low = media('(max-height: 419px)');

function media(query: string): ReadonlySignal<boolean> {
  const list = globalThis.matchMedia?.(query);
  const matches = signal(list?.matches ?? true);
  list?.addEventListener('change', () => {
    matches.value = list.matches;
  });
  return matches;
}
