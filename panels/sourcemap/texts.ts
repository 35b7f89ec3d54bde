/** Texts of the files of a map, as far as the page's server has them. */

import type { MadeMap } from '../../src/map-maker';
import { isOwn, type SourceFinder } from '../sources/finder';

/** Files asked for at once. */
const AT_ONCE = 8;
/** Files that were looked for in vain after which a server is not asked any more. */
const MOST_MISSES = 3;

/**
 * @param moduleUrl where the server is asked
 * @param root URL set by the user, or ''
 * @returns by index of the file; null for what the server does not have
 */
export async function textsOfServer(
  made: MadeMap,
  sources: SourceFinder,
  moduleUrl: string,
  root: string,
): Promise<(string | null)[]> {
  const { modulePath, mainPath, files, written } = made;
  const texts: (string | null)[] = files.map(() => null);
  let next = 0;
  let misses = 0;
  let found = 0;
  const work = async () => {
    while (next < files.length && (found > 0 || misses < MOST_MISSES)) {
      const i = next++;
      const { function: name, lastLine } = written[i];
      const wanted = { file: files[i], modulePath, mainPath, moduleUrl, function: name, line: lastLine, root };
      if (!isOwn(wanted)) continue;
      const source = await sources.find(wanted);
      texts[i] = source?.text ?? null;
      if (source) found++;
      else misses++;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return texts;
}
