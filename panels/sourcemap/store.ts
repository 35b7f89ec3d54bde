/** What became of the source maps that DevTools got from us, in words for the module's card. */
import { type Signal, signal } from '@preact/signals';
import type { Info } from '../../src/session';
import type { ModuleEntry } from '../modules';
import { count, duration } from '../widgets/format';
import type { PanelWindow } from '../window';
import { type Attached, scriptURL } from './attached';

/** By URL of the module, as DevTools names it. */
export type MapsStore = Signal<ReadonlyMap<string, Attached>>;

export function createMaps(window: PanelWindow): MapsStore {
  const maps: MapsStore = signal(new Map());
  window.onSourceMap((attached) => {
    maps.value = new Map(maps.value).set(attached.url, attached);
  });
  return maps;
}

/** @returns what was told of the map of this module; undefined for one that DevTools has not told of */
export const mapOf = (maps: MapsStore, module: ModuleEntry, info: Info): Attached | undefined =>
  maps.value.get(module.url || scriptURL(info.size));

/** The card's row "Source map": what is attached, or why nothing is. */
export function mapFact(attached: Attached | undefined, own: string | null): { value: string; remark: string } {
  if (!attached) return { value: own ?? 'None', remark: '' };
  const { phase, why, places, files, texts, lines, ms } = attached;
  if (phase === 'failed') return { value: 'Not attached', remark: why };
  if (phase !== 'attached') return { value: 'Being made', remark: '' };
  const parts = [
    `${count(places)} places, ${lines === 'used' ? 'exact lines' : 'exact at calls'}`,
    texts === files ? `${count(files)} files with text` : `${count(texts)} of ${count(files)} files with text`,
    `in ${duration(ms)}`,
    ...(lines === 'used' || lines === 'none' ? [] : [`the .golines file is not used: ${lines}`]),
  ];
  return { value: 'Attached to Console and Sources', remark: parts.join(' · ') };
}
