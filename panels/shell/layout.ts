/** How much room there is, as signals: the widths at which the panel's arrangement changes. */
import { type ReadonlySignal, signal } from '@preact/signals';

/** Tables of four columns at most below this. */
export const full = media('(min-width: 560px)');
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
