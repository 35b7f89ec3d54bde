/** Texts of the files of a map: of the user's folders, and of the page's server what these do not have. */

import type { MadeMap } from '../../src/map-maker';
import { isOwn, type SourceFinder, type Wanted } from '../sources/finder';
import type { FolderSources } from '../sources/lookup';

/** Files asked for at once. */
const AT_ONCE = 8;
/** Files that were looked for in vain after which a server is not asked any more. */
const MOST_MISSES = 3;

/**
 * @param moduleUrl where the server is asked
 * @param root URL set by the user, or ''
 * @returns by index of the file; null for what neither has
 */
export async function textsOf(
  made: MadeMap,
  folders: FolderSources,
  server: SourceFinder,
  moduleUrl: string,
  root: string,
): Promise<(string | null)[]> {
  const { modulePath, mainPath, release, dependencies } = made;
  const wanted = made.files.map((file, i): Wanted => {
    const { function: name, lastLine: line } = made.written[i];
    return { file, function: name, line, modulePath, mainPath, release, dependencies, moduleUrl, root };
  });
  // Storage that fails is the panel's to say; the server is there still.
  const texts = await folders.texts(wanted).catch(() => wanted.map(() => null));
  await askServer(wanted, texts, server);
  return texts;
}

/** Fills in the texts that are not there yet. */
async function askServer(wanted: readonly Wanted[], texts: (string | null)[], server: SourceFinder): Promise<void> {
  let next = 0;
  let misses = 0;
  let found = 0;
  const work = async () => {
    while (next < wanted.length && (found > 0 || misses < MOST_MISSES)) {
      const i = next++;
      if (texts[i] !== null || !isOwn(wanted[i])) continue;
      const source = await server.find(wanted[i]);
      texts[i] = source?.text ?? null;
      if (source) found++;
      else misses++;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
