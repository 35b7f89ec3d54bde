/**
 * The panel's own keys. DevTools forwards its global keys from this page with a bubbling listener, so ours are handled in
 * the capture phase, and only what we act on is stopped. Letters act outside text fields and can be switched off.
 */
import type { App, Tab } from '../app';
import { TABS } from '../app';
import { copied, copyMarkdown } from '../errors/copy';
import { takeSnapshot } from '../handles/acts';
import { rowMarkdown } from '../handles/copy';

/** For the list of keys, in its order. */
export const KEYS: [keys: string[], does: string][] = [
  [['1', '2', '3', '4'], 'Go to a tab'],
  [['/'], 'Filter this tab'],
  [['M'], 'Choose a module'],
  [['J', 'K'], 'Next, previous row (also ↓ ↑)'],
  [['→', '←'], 'Open, close a row'],
  [['Enter'], 'Open in Sources'],
  [['Space'], 'Open or close a row'],
  [['C'], 'Copy as Markdown'],
  [['Ctrl', 'E'], 'Start or stop recording'],
  [['P'], 'Take a snapshot'],
  [['W', 'A', 'S', 'D'], 'Zoom and move the timeline'],
  [['0'], 'Show all of the timeline'],
  [['F6'], 'Next pane (with Shift: previous)'],
  [['Alt', '←'], 'Back'],
  [['Alt', '→'], 'Forward'],
  [['H'], 'This list'],
  [['Esc'], 'Close'],
];

/** @returns stop */
export function handleKeys(app: App, document: Document): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (!act(app, document, event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  document.addEventListener('keydown', onKeyDown, true);
  return () => document.removeEventListener('keydown', onKeyDown, true);
}

function act(app: App, document: Document, event: KeyboardEvent): boolean {
  const { key, altKey, ctrlKey, metaKey, shiftKey } = event;
  const target = event.target instanceof Element ? event.target : document.body;
  // Open lists and dialogs have their own keys; only Esc of a dialog must not reach DevTools' drawer.
  if (app.dialog.value) {
    if (key !== 'Escape') return false;
    app.dialog.value = null;
    return true;
  }
  if (target.closest('[popover]')) return false;
  if (ctrlKey || metaKey) {
    return key.toLowerCase() === 'e' && !shiftKey && !altKey && record(app);
  }
  if (altKey) {
    if (key === 'ArrowLeft') return app.places.back();
    return key === 'ArrowRight' && app.places.forward();
  }
  if (key === 'F6') return nextPane(document, shiftKey ? -1 : 1);
  if (isText(target)) {
    if (key !== 'Escape' || !(target instanceof HTMLElement) || target.closest('[role="dialog"]')) return false;
    target.blur();
    return true;
  }
  if (key === 'Escape' && app.pasting.value) {
    app.pasting.value = false;
    return true;
  }
  return app.settings.letterKeys.value && letter(app, document, target, key);
}

/** Begins or ends what the tab records. */
function record({ tab, bridge, handles }: App): boolean {
  if (tab.value === 'bridge') {
    if (bridge.phase.value === 'recording' || bridge.phase.value === 'armed') bridge.stop();
    else void bridge.record();
  } else if (tab.value === 'handles') {
    if (handles.watch.on.value) handles.watch.end();
    else void handles.watch.begin();
  } else return false;
  return true;
}

/** Copies what is selected. */
function copy(app: App): boolean {
  const [failure, row] = [app.errors.selected.value, app.handles.detail.value];
  if (app.tab.value === 'errors' && failure) void copyMarkdown(app, failure);
  else if (app.tab.value === 'handles' && row) void copied(app, rowMarkdown(row));
  else return false;
  return true;
}

function letter(app: App, document: Document, target: Element, key: string): boolean {
  // The timeline has letters and digits of its own, from everywhere in its tab.
  if (app.tab.value === 'bridge' && /^[wasd0+=-]$/i.test(key)) {
    const timeline = document.querySelector<HTMLElement>('[role="application"]');
    if (timeline === null || timeline === target) return false;
    timeline.focus();
    timeline.dispatchEvent(new KeyboardEvent('keydown', { key, cancelable: true }));
    return true;
  }
  const tab: Tab | undefined = TABS[Number(key) - 1];
  if (tab) {
    app.tab.value = tab;
    return true;
  }
  switch (key.toLowerCase()) {
    case '/':
    case 'm': {
      const control = document.querySelector<HTMLElement>(`[data-hotkey="${key.toLowerCase()}"]`);
      if (control instanceof HTMLButtonElement) control.click();
      else control?.focus();
      return control !== null;
    }
    case 'p':
      if (app.tab.value !== 'handles') return false;
      void takeSnapshot(app);
      return true;
    case 'h':
      app.dialog.value = { kind: 'keys' };
      return true;
    case 'c':
      return copy(app);
    case 'j':
    case 'k': {
      // The list or grid that has the focus knows arrows; anywhere else the error list is meant.
      const list =
        target.closest<HTMLElement>('[role="grid"],[role="treegrid"],[role="listbox"]') ??
        document.querySelector<HTMLElement>('.error-list, .data-grid');
      if (!list) return false;
      list.focus();
      const arrow = key.toLowerCase() === 'j' ? 'ArrowDown' : 'ArrowUp';
      list.dispatchEvent(new KeyboardEvent('keydown', { key: arrow, cancelable: true }));
      return true;
    }
    default:
      return false;
  }
}

function nextPane(document: Document, step: number): boolean {
  const stops = [
    ...document.querySelectorAll<HTMLElement>(
      '[role="tablist"] [aria-selected="true"], .toolbar, [data-pane], .footer',
    ),
  ];
  const at = stops.findIndex((stop) => stop.contains(document.activeElement));
  for (let i = 1; i <= stops.length; i++) {
    const stop = stops[(at + step * i + stops.length * i) % stops.length];
    const inside = stop.matches('[tabindex="0"],button')
      ? stop
      : stop.querySelector<HTMLElement>(
          '[role="application"],[role="grid"],[role="treegrid"],[role="listbox"],button,input,[tabindex="0"]',
        );
    if (!inside) continue;
    inside.focus();
    return true;
  }
  return false;
}

function isText(element: Element): boolean {
  return element instanceof HTMLTextAreaElement || (element instanceof HTMLInputElement && element.type !== 'checkbox');
}
