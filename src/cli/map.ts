/**
 * The source map that lies beside a module: the file that its `sourceMappingURL` section names, or FILE.map. Read only
 * when an offset is asked that the module itself does not explain; never from the network, never from outside FILE's folder.
 */
import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Malformed } from '../bytes/malformed';
import type { Program } from '../program';
import { readPlaces } from '../sourcemap/consume';
import { sourceMappingURL, textOfDataURL } from '../sourcemap/find';
import type { Places } from '../symbols/frame';
import { inLine } from './print';
import { readInside } from './sourcemap';

/** @param file of the module, as given; nothing lies beside standard input */
export function attachMapBeside(program: Program, file: string): void {
  let opened: { places: Places | null } | undefined;
  program.locator.attach('sourcemap', () => {
    opened ??= { places: open(program, file) };
    return opened.places;
  });
}

/** Tries what there is in turn; what cannot be read costs a line on standard error. */
function open(program: Program, file: string): Places | null {
  for (const { name, text } of candidates(program, file)) {
    try {
      const found = text();
      if (found !== null) return readPlaces(program, found);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      process.stderr.write(`gowasm: ${inLine(name)}: ${error.message}\n`);
    }
  }
  return null;
}

interface Candidate {
  name: string;
  /** null when it is not there. @throws Malformed */
  text: () => string | null;
}

function candidates(program: Program, file: string): Candidate[] {
  const found: Candidate[] = [];
  const url = sourceMappingURL(program.module);
  if (url?.startsWith('data:')) found.push({ name: 'sourceMappingURL', text: () => textOfDataURL(url) });
  if (file === '-') return found;
  const folder = folderOf(file);
  if (folder === null) return found;
  const beside = url === null ? null : relativePath(url);
  // A packed module's map bears the module's name.
  const own = basename(file);
  const names = [beside, `${own}.map`, `${own.replace(/\.(gz|br)$/, '')}.map`];
  for (const name of new Set(names)) {
    if (name !== null)
      found.push({ name: join(dirname(file), name), text: () => readInside(join(folder, name), folder) });
  }
  return found;
}

function folderOf(file: string): string | null {
  try {
    return realpathSync(dirname(file));
  } catch {
    return null;
  }
}

/** @returns the path of a URL that is relative to the module's; null for others */
function relativePath(url: string): string | null {
  const [path] = url.split(/[?#]/, 1);
  if (path === '' || path.startsWith('/') || /^[a-z][a-z\d+.-]*:/i.test(path)) return null;
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
