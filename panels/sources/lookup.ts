/** Texts out of the user's folders: which folder has the file, and whether what it has can be it. Asks any `FolderStore`. */
import { looksRight } from './finder';
import type { Chosen, Folder } from './folder';
import { FolderIndex, longest, type Named } from './match';

/** Where folders are kept. All reject with a line for the user when storage fails. */
export interface FolderStore {
  list(): Promise<Folder[]>;
  /**
   * Reads and keeps a folder, all of it or nothing.
   * @param files all that the browser tells of it
   * @param replaced id of the folder whose place it takes, or null
   */
  add(files: Iterable<Chosen>, replaced: number | null, watch: Watch): Promise<Folder>;
  remove(id: number): Promise<void>;
  /** Of all files of a folder, within it. */
  paths(id: number): Promise<string[]>;
  /** @returns by index; null for a file that is not there any more */
  texts(files: readonly { folder: number; path: string }[]): Promise<(string | null)[]>;
}

export interface Watch {
  progress(name: string, done: number, total: number): void;
  signal: AbortSignal;
}

interface Indexed {
  id: number;
  index: FolderIndex;
}

type Asked = Named & { line: number };

export class FolderSources {
  private indexed: Promise<Indexed[]> | null = null;

  constructor(private readonly store: FolderStore) {}

  /**
   * @param wanted `line`: the last one that the text must have
   * @returns by index; null where no folder has the file, or where two have different texts with the same right
   */
  async texts(wanted: readonly Asked[]): Promise<(string | null)[]> {
    this.indexed ??= this.read();
    const indexed = await this.indexed;
    const matches = wanted.map((each) =>
      longest(indexed.flatMap(({ id, index }) => index.matches(each).map((match) => ({ ...match, folder: id })))),
    );
    const texts = await this.store.texts(matches.flat());
    let at = 0;
    return matches.map((found, i) => {
      const right = texts.slice(at, at + found.length).filter((text): text is string => {
        return text !== null && looksRight(wanted[i].file, text, wanted[i].line);
      });
      at += found.length;
      return new Set(right).size === 1 ? right[0] : null;
    });
  }

  async find(wanted: Asked): Promise<string | null> {
    return (await this.texts([wanted]))[0];
  }

  /** Reads the lists anew at the next question. */
  forget(): void {
    this.indexed = null;
  }

  private async read(): Promise<Indexed[]> {
    try {
      const folders = await this.store.list();
      return await Promise.all(
        folders.map(async (folder) => ({
          id: folder.id,
          index: new FolderIndex(folder, await this.store.paths(folder.id)),
        })),
      );
    } catch (error) {
      this.indexed = null;
      throw error;
    }
  }
}
