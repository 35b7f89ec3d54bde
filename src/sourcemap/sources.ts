/**
 * What Go calls its source files, as URLs of a source map and as paths under a folder that somebody has. Facts: absolute
 * paths by default; with -trimpath `module/dir/file.go` of the main module, `module@version/dir/file.go` of others and
 * `dir/file.go` of the standard library (cmd/go/internal/work/gc.go trimPath).
 */

/** @returns the file as it is when it is a path from a root, else under a scheme that nobody serves */
export function sourceURL(file: string): string {
  return isAbsolute(file) ? file : `${SCHEME}${file}`;
}

/**
 * @returns the file under our scheme. DevTools take what is no URL as relative to the map, and group files by scheme and
 *   folder: `gowasm:///home/me/app/main.go`
 */
export function devtoolsURL(file: string): string {
  const path = file.replaceAll('\\', '/').replace(/^\/+/, '');
  return `${SCHEME}${encodeURI(path).replace(/[?#]/g, encodeURIComponent)}`;
}

/** @returns what Go calls the file that stands in `sources` like this */
export function fileOf(source: string): string {
  return source.startsWith(SCHEME) ? source.slice(SCHEME.length) : source;
}

const SCHEME = 'gowasm:///';

export const isAbsolute = (file: string) => /^(\/|[A-Za-z]:[\\/])/.test(file);

/**
 * Paths in a folder where a file may lie that -trimpath has shortened: in the folder of the main module, in a module cache,
 * in GOROOT or its src.
 * @param folderModule module path in the folder's go.mod, '' for none
 */
export function pathsUnder(file: string, folderModule: string): string[] {
  if (isAbsolute(file) || file.split('/').includes('..')) return [];
  if (folderModule && file.startsWith(`${folderModule}/`)) return [file.slice(folderModule.length + 1)];
  // The module cache writes capitals as !lower (golang.org/x/mod/module EscapePath).
  if (file.includes('@')) return [file.replace(/[A-Z]/g, (capital) => `!${capital.toLowerCase()}`)];
  return [`src/${file}`, file];
}
