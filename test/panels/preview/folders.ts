/** Source folders for the preview: made up, or really kept by the browser. */
import { type Folder, FolderProblem, type Root } from '../../../panels/sources/folder';
import type { FolderStore } from '../../../panels/sources/lookup';
import { openStore } from '../../../panels/sources/store';
import { at } from './data';

const root = (more: Partial<Root>): Root => ({ dir: '', kind: 'module', path: '', release: '', vendored: [], ...more });

const folder = (id: number, name: string, files: number, bytes: number, ...roots: Root[]): Folder => ({
  ...{ id, name, files, bytes, roots, left: 0, readAt: at(11, 40, id) },
});

const some: Folder[] = [
  folder(1, 'paint', 41, 318_400, root({ path: 'example.com/paint' })),
  {
    ...folder(2, 'mod', 12_806, 141_203_000, root({ dir: 'golang.org/x/image@v0.34.0/', path: 'golang.org/x/image' })),
    left: 1,
  },
  folder(3, 'go1.26.4', 6194, 78_400_000, root({ kind: 'go', release: 'go1.26.4' })),
  folder(4, 'old-and-rather-long-name-of-a-folder-with-scripts', 3, 2100),
];

/** @param state `some`, `none`, `reading` for ever, `slow` until told, `broken` storage; `real` is the browser's own */
export function folderStore(state: string): FolderStore {
  if (state === 'real') return openStore();
  let kept = state === 'some' ? some : [];
  const broken = () => {
    if (state === 'broken') throw new FolderProblem('Chrome does not let the panel keep files: the disk is full');
  };
  return {
    list: async () => {
      broken();
      return kept;
    },
    add: (_, __, { progress, signal }) =>
      new Promise((_resolve, reject) => {
        progress('paint', 1204, 5307);
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
    remove: async (id) => {
      kept = kept.filter((each) => each.id !== id);
    },
    paths: async () => [],
    texts: async (files) => files.map(() => null),
  };
}
