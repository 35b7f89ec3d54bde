/** The user's source folders as the panel shows them: the list, what is being read, what went wrong. State of the panel. */
import { type Signal, signal } from '@preact/signals';
import type { Chosen, Folder } from './folder';
import type { FolderSources, FolderStore } from './lookup';

export interface Reading {
  name: string;
  done: number;
  total: number;
}

export interface FoldersStore {
  /** null until they could be read. */
  list: Signal<Folder[] | null>;
  reading: Signal<Reading | null>;
  /** One line, or ''. */
  problem: Signal<string>;
  /** Grows with each change of the folders. */
  version: Signal<number>;
  sources: FolderSources;
  /** @param replaced id of the folder that is read again, or null. @returns it; null when it was not kept */
  add(files: Iterable<Chosen>, replaced: number | null): Promise<Folder | null>;
  remove(id: number): Promise<void>;
  cancel(): void;
}

interface Parts {
  store: FolderStore;
  sources: FolderSources;
  /** Tells other pages. */
  tell(): void;
  /** Calls back when another page has told so. */
  onTold(listener: () => void): void;
  /** Called after each change, before `version` grows. */
  changed(): void;
}

export function createFolders({ store, sources, tell, onTold, changed }: Parts): FoldersStore {
  let abort = new AbortController();
  const folders: FoldersStore = {
    list: signal(null),
    reading: signal(null),
    problem: signal(''),
    version: signal(0),
    sources,
    add: async (files, replaced) => {
      abort = new AbortController();
      const { signal } = abort;
      folders.problem.value = '';
      // From now on, so that a second one waits; the name comes with the first news.
      folders.reading.value = { name: '', done: 0, total: 0 };
      const progress = (name: string, done: number, total: number) => {
        if (!signal.aborted) folders.reading.value = { name, done, total };
      };
      const folder = await attempt(() => store.add(files, replaced, { progress, signal }));
      folders.reading.value = null;
      if (folder) await update();
      return folder;
    },
    remove: async (id) => {
      folders.problem.value = '';
      await attempt(() => store.remove(id));
      await update();
    },
    cancel: () => abort.abort(),
  };
  const attempt = async <T>(work: () => Promise<T>): Promise<T | null> => {
    try {
      return await work();
    } catch (error) {
      const cancelled = error instanceof DOMException && error.name === 'AbortError';
      if (!cancelled) folders.problem.value = error instanceof Error ? error.message : String(error);
      return null;
    }
  };
  const load = async () => {
    folders.list.value = (await attempt(() => store.list())) ?? folders.list.value;
  };
  const refresh = async () => {
    await load();
    sources.forget();
    changed();
    folders.version.value++;
  };
  const update = async () => {
    await refresh();
    tell();
  };
  onTold(() => void refresh());
  void load();
  return folders;
}
