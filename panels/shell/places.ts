/**
 * Back and forward (Alt+← and Alt+→) through the places visited inside the panel: a tab and the row selected in it.
 */
import { effect, type Signal } from '@preact/signals';
import type { Tab } from '../app';

const MOST = 100;

export interface Places {
  back(): boolean;
  forward(): boolean;
}

/** @param rows the row that is selected in a tab, for those where one is */
export function createPlaces(tab: Signal<Tab>, rows: Partial<Record<Tab, Signal<string | null>>>): Places {
  const visited: { tab: Tab; row: string | null }[] = [];
  let at = -1;
  let moving = false;
  effect(() => {
    const place = { tab: tab.value, row: rows[tab.value]?.value ?? null };
    if (moving) return;
    const now = visited[at];
    if (now && now.tab === place.tab && now.row === place.row) return;
    visited.splice(at + 1, visited.length, place);
    if (visited.length > MOST) visited.shift();
    at = visited.length - 1;
  });
  const go = (step: number) => {
    const place = visited[at + step];
    if (!place) return false;
    at += step;
    moving = true;
    tab.value = place.tab;
    const row = rows[place.tab];
    if (row) row.value = place.row;
    moving = false;
    return true;
  };
  return { back: () => go(-1), forward: () => go(1) };
}
