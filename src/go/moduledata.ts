/**
 * The little of runtime.firstmoduledata that names and lines need: `gofunc`, the base of funcdata offsets since Go 1.18.
 * Found by its first two words (pcHeader, funcnametab), never by a symbol. Source: runtime/symtab.go moduledata, 1.16–1.27.
 */
import { Malformed } from '../bytes/malformed';
import type { Image } from './image';
import { moduledataLayout } from './layout';
import type { Pclntab } from './pclntab';

/** One release for each place that gofunc had; newest first, so that a release still unknown is tried as the newest. */
const KNOWN = ['1.27', '1.26', '1.19'];

/** @returns address of firstmoduledata. @throws Malformed when no word pair of the image looks like it */
export function findModuledata(image: Image, pclntab: Pclntab): number {
  const { words } = image;
  const names = pclntab.funcnametab;
  for (let i = 0; i + 4 <= words.length; i += 2) {
    if (words[i] === pclntab.address && words[i + 1] === 0 && words[i + 2] === names && words[i + 3] === 0) {
      return image.base + i * 4;
    }
  }
  throw new Malformed('runtime.firstmoduledata, which points at pclntab', pclntab.address);
}

/**
 * @param release minor release such as `1.26`, null when not known
 * @param fits whether inline trees read sensibly with a base: tells the layouts apart where the release does not
 * @returns `gofunc`. @throws Malformed when no known layout fits
 */
export function findGofunc(
  image: Image,
  moduledata: number,
  release: string | null,
  fits: (base: number) => boolean,
): number {
  for (const candidate of release ? [release, ...KNOWN] : KNOWN) {
    const layout = moduledataLayout(candidate);
    if (!layout || layout.gofunc < 0) continue;
    const base = image.pointerOrNull(moduledata + layout.gofunc);
    const types = image.pointerOrNull(moduledata + layout.types);
    if (base !== null && types !== null && image.has(base) && image.has(types) && fits(base)) return base;
  }
  throw new Malformed('runtime.moduledata.gofunc where Go 1.18 to 1.27 keep it', moduledata);
}
