/**
 * The user's source folders in the extension's own database, one record for each file, so that one is had without the others.
 * Files are written first and the folder last: what has no folder is of a reading that was broken off, and is cleared away by
 * the next one. A lock keeps two windows from reading at once.
 */
import { Budget, type Chosen, type Folder, FolderProblem, MOST, rootsOf, type Selection, select } from './folder';
import type { FolderStore, Watch } from './lookup';

const DATABASE = 'gowasm sources';
/** Files read at once, and written in one transaction. */
const BATCH = 32;

type Store = 'folders' | 'paths' | 'files';

/** @returns the store; the database is opened when it is first asked */
export function openStore(): FolderStore {
  let opened: Promise<IDBDatabase> | null = null;
  const lost = () => {
    opened = null;
  };
  const database = () => {
    opened ??= open(lost).catch((error) => {
      lost();
      throw error;
    });
    return opened;
  };
  const transaction = async (stores: Store[], mode: IDBTransactionMode) =>
    (await database()).transaction(stores, mode, { durability: 'relaxed' });

  const list = async (): Promise<Folder[]> =>
    answered((await transaction(['folders'], 'readonly')).objectStore('folders').getAll());

  /** Drops the files of a folder, or those that belong to none. */
  const clear = async (ids: readonly IDBValidKey[]) => {
    const tx = await transaction(['folders', 'paths', 'files'], 'readwrite');
    for (const id of ids) {
      tx.objectStore('folders').delete(id);
      tx.objectStore('paths').delete(id);
      tx.objectStore('files').delete(IDBKeyRange.bound([id], [id, []]));
    }
    await completed(tx);
  };

  /** Reads the files and keeps their texts. @returns paths of those that were not too large */
  const write = async (id: number, { name, sources }: Selection, budget: Budget, watch: Watch): Promise<string[]> => {
    const all = [...sources];
    const kept: string[] = [];
    watch.progress(name, 0, all.length);
    for (let at = 0; at < all.length; at += BATCH) {
      watch.signal.throwIfAborted();
      const some = all.slice(at, at + BATCH).filter(([, file]) => budget.takes(file));
      const texts = await Promise.all(some.map(([path, file]) => textOf(path, file)));
      const tx = await transaction(['files'], 'readwrite');
      some.forEach(([path], i) => {
        tx.objectStore('files').put(texts[i], [id, path]);
        kept.push(path);
      });
      await completed(tx);
      watch.progress(name, Math.min(at + BATCH, all.length), all.length);
    }
    watch.signal.throwIfAborted();
    return kept;
  };

  const add = async (selection: Selection, replaced: number | null, watch: Watch): Promise<Folder> => {
    const folders = await list();
    const known = new Set(folders.map(({ id }) => id));
    const paths = (await transaction(['paths'], 'readonly')).objectStore('paths');
    await clear((await answered(paths.getAllKeys())).filter((id) => !known.has(id as number)));
    const marks = new Map<string, string>();
    for (const [path, file] of selection.marks) {
      watch.signal.throwIfAborted();
      if (file.size <= MOST.markBytes) marks.set(path, await textOf(path, file));
    }
    const { name } = selection;
    const id = Math.max(0, ...known) + 1;
    const folder: Folder = { id, name, roots: rootsOf(marks), files: 0, bytes: 0, left: 0, readAt: Date.now() };
    const same = folders.find((each) => (replaced === null ? alike(each, folder) : each.id === replaced));
    if (replaced !== null && same && same.name !== name)
      throw new FolderProblem(`${same.name} was to be read again, and this is ${name}. It can be added beside it.`);
    if (!same && folders.length >= MOST.folders)
      throw new FolderProblem(`At most ${MOST.folders} folders can be kept.`);
    try {
      // By this id the next reading finds what this one may leave behind.
      const first = await transaction(['paths'], 'readwrite');
      first.objectStore('paths').put('', id);
      await completed(first);
      const budget = new Budget(name);
      const kept = await write(id, selection, budget, watch);
      const { bytes, left } = budget;
      const last = await transaction(['folders', 'paths'], 'readwrite');
      if (same) last.objectStore('folders').delete(same.id);
      last.objectStore('paths').put(kept.join('\n'), id);
      Object.assign(folder, { files: kept.length, bytes, left });
      last.objectStore('folders').put(folder);
      await completed(last);
    } catch (error) {
      await clear([id]).catch(() => undefined);
      throw error;
    }
    // It is not in the list any more: should this fail, the next reading does it.
    if (same) await clear([same.id]).catch(() => undefined);
    return folder;
  };

  return {
    list: () => told(list()),
    add: async (files, replaced, watch) => {
      const selection = select(files);
      return told(navigator.locks.request(DATABASE, { signal: watch.signal }, () => add(selection, replaced, watch)));
    },
    remove: (id) => told(clear([id])),
    paths: (id) =>
      told(
        (async () => {
          const paths = (await transaction(['paths'], 'readonly')).objectStore('paths');
          const all: string | undefined = await answered(paths.get(id));
          return all?.split('\n') ?? [];
        })(),
      ),
    texts: (files) =>
      told(
        (async () => {
          const store = (await transaction(['files'], 'readonly')).objectStore('files');
          const asked = files.map(({ folder, path }) => answered<string | undefined>(store.get([folder, path])));
          return (await Promise.all(asked)).map((text) => text ?? null);
        })(),
      ),
  };
}

/** The same folder chosen again, for all that can be told. */
const alike = (a: Folder, b: Folder) =>
  a.name === b.name && JSON.stringify(a.roots.map(identity)) === JSON.stringify(b.roots.map(identity));

const identity = ({ dir, path, release }: Folder['roots'][number]) => [dir, path, release];

async function textOf(path: string, file: Chosen): Promise<string> {
  try {
    return await file.text();
  } catch {
    throw new FolderProblem(`${path} could not be read. Has it been moved or changed meanwhile?`);
  }
}

/** @param lost called when the browser closes it by itself, as it does when the user clears the extension's data */
async function open(lost: () => void): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    const database = request.result;
    database.createObjectStore('folders', { keyPath: 'id' });
    database.createObjectStore('paths');
    database.createObjectStore('files');
  };
  const database = await answered(request);
  database.onclose = lost;
  return database;
}

function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    transaction.onerror = () => reject(transaction.error);
  });
}

/** What storage says, as one line for the user. */
async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw isOurs(error) ? error : new FolderProblem(lineOf(error));
  }
}

const isOurs = (error: unknown) =>
  error instanceof FolderProblem || (error instanceof DOMException && error.name === 'AbortError');

function lineOf(error: unknown): string {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'QuotaExceededError')
    return 'Chrome has no room for this folder. Remove another one, or free disk space.';
  return `Chrome does not let the panel keep files: ${error instanceof Error ? error.message : String(error)}`;
}
