/**
 * What the user chose and what the panel remembers from one opening to the next: signals over one storage record.
 * Knows names and defaults; a record that does not fit is dropped part by part.
 */
import { effect, type Signal, signal } from '@preact/signals';

const RECORD = 'gowasm-devtools';

export interface Settings {
  /** Root URL of the Go sources, or ''. */
  sourceRoot: Signal<string>;
  preserveLog: Signal<boolean>;
  letterKeys: Signal<boolean>;
  tab: Signal<string>;
  /** Widths of panes by name, CSS pixels. */
  panes: Signal<Record<string, number>>;
  /** Sections by name, open or not. */
  sections: Signal<Record<string, boolean>>;
}

/** @param storage null keeps nothing, for a page that may not store */
export function createSettings(storage: Storage | null): Settings {
  const saved = read(storage);
  const settings: Settings = {
    sourceRoot: signal(savedSourceRoot(storage)),
    preserveLog: signal(saved.preserveLog !== false),
    letterKeys: signal(saved.letterKeys !== false),
    tab: signal(typeof saved.tab === 'string' ? saved.tab : 'errors'),
    panes: signal(recordOf(saved.panes, 'number')),
    sections: signal(recordOf(saved.sections, 'boolean')),
  };
  effect(() => {
    const record = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, value.value]));
    try {
      storage?.setItem(RECORD, JSON.stringify(record));
    } catch {
      // A full or forbidden storage costs remembering, nothing else.
    }
  });
  return settings;
}

/** The root URL as it is saved now, for pages that show no settings. */
export function savedSourceRoot(storage: Storage | null): string {
  const { sourceRoot } = read(storage);
  return typeof sourceRoot === 'string' ? sourceRoot : '';
}

function read(storage: Storage | null): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(storage?.getItem(RECORD) ?? '{}');
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function recordOf<T extends 'number' | 'boolean'>(value: unknown, type: T) {
  type Value = T extends 'number' ? number : boolean;
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter(([, each]) => typeof each === type)) as Record<string, Value>;
}
