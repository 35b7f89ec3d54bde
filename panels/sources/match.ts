/**
 * Which file of a folder is the one that a Go program names. Pure. A name is trimmed (`-trimpath`: `module/dir/file.go`,
 * `module@version/dir/file.go`, of the standard library `dir/file.go`) or absolute (cmd/go/internal/work/gc.go trimpath); of a
 * folder only its own name is known, not where it lies.
 *
 * Sure is what a go.mod, a version in a path or Go's VERSION says to be the file; what only lies at the end of the same path
 * is taken when nothing speaks against it.
 */
import { splitFunction } from '../../src/failures/place';
import { isAbsolute, pathsUnder } from '../../src/sourcemap/sources';
import type { Folder, Root } from './folder';

export interface Dependency {
  path: string;
  version: string;
  replace?: { path: string; version: string };
}

/** A file as a program names it. */
export interface Named {
  /** As the binary spells it. */
  file: string;
  /** Symbol of a function that is written in it, or ''. */
  function: string;
  /** Main module's path, or '' when not known. */
  modulePath: string;
  /** Import path of package main, or ''. */
  mainPath: string;
  /** Release of Go that made the program, `go1.27.4`, or ''. */
  release: string;
  dependencies: readonly Dependency[];
}

export interface Match {
  /** Within the folder. */
  path: string;
  /** Path components that agree. */
  length: number;
  sure: boolean;
}

/** A package's file without a version: `path` is import path and file name. */
type Spelling =
  | { kind: 'package'; path: string }
  | { kind: 'vendored'; path: string }
  | { kind: 'dependency'; module: string; version: string; rest: string };

/** A folder's files, made ready for being looked up. */
export class FolderIndex {
  private readonly paths: Set<string>;
  /** Directories with a version in their name, by that name: paths that begin with the folder's own name. */
  private readonly versioned = new Map<string, Set<string>>();
  private readonly rootByDir = new Map<string, Root>();

  constructor(
    private readonly folder: Pick<Folder, 'name' | 'roots'>,
    paths: readonly string[],
  ) {
    this.paths = new Set(paths);
    for (const root of folder.roots) this.rootByDir.set(root.dir, root);
    for (const path of paths) {
      const full = `${folder.name}/${path}`;
      for (const { 0: part, index } of full.matchAll(/[^/]+@v[^/]*(?=\/)/g)) {
        const dirs = this.versioned.get(part) ?? new Set();
        this.versioned.set(part, dirs.add(full.slice(0, index + part.length)));
      }
    }
  }

  /** @returns the best of the folder, of equal length more than one; [] for none */
  matches(named: Named): Match[] {
    const file = named.file.replaceAll('\\', '/');
    if (file.split('/').includes('..')) return [];
    const sure = spellings(file, named).flatMap((spelling) => this.spelled(spelling, file, named));
    return longest(sure.length > 0 ? sure : this.byTail(file, named));
  }

  private spelled(spelling: Spelling, file: string, named: Named): Match[] {
    if (spelling.kind === 'dependency') return this.dependency(spelling, named);
    const found: Match[] = [];
    for (const root of this.folder.roots) {
      const tail = tailUnder(root, spelling, named);
      const path = root.dir + tail;
      if (tail === '' || !this.paths.has(path) || this.rootAbove(path) !== root) continue;
      if (isAbsolute(file) && !file.endsWith(`/${tail}`)) continue;
      found.push({ path, length: parts(spelling.path), sure: true });
    }
    return found;
  }

  private dependency({ module, version, rest }: Spelling & { kind: 'dependency' }, named: Named): Match[] {
    const found: Match[] = [];
    const take = (path: string, length: number) => {
      if (this.paths.has(path)) found.push({ path, length, sure: true });
    };
    const { roots, name } = this.folder;
    for (const root of roots) {
      if (root.vendored.length === 0 || (named.modulePath && root.path !== named.modulePath)) continue;
      const path = `${module}/${rest}`;
      if (root.vendored.includes(`${module}@${version}`)) take(`${root.dir}vendor/${path}`, parts(path));
    }
    const { replace } = named.dependencies.find((each) => each.path === module && each.version === version) ?? {};
    if (replace && !/^v/.test(replace.version)) {
      // Another folder of the user's stands for it; what its go.mod says is all that it is known by.
      for (const root of roots) if (root.path === module) take(root.dir + rest, parts(module) + parts(rest));
      return found;
    }
    const [cached] = pathsUnder(`${replace?.path ?? module}@${replace?.version ?? version}`, '');
    for (const dir of this.versioned.get(cached.slice(cached.lastIndexOf('/') + 1)) ?? []) {
      const inside = dir === name ? '' : `${dir.slice(name.length + 1)}/`;
      const whole = `/${dir}`.endsWith(`/${cached}`);
      if (!whole && !cached.endsWith(`/${dir}`)) continue;
      // With less than the whole path, go.mod must not say otherwise.
      const root = this.rootByDir.get(inside);
      if (!whole && root && root.path !== (replace?.path ?? module)) continue;
      take(inside + rest, (whole ? parts(cached) : parts(dir)) + parts(rest));
    }
    return found;
  }

  /** The end of an absolute path, from a component that is called like the folder; the longest, if there are several. */
  private byTail(file: string, named: Named): Match[] {
    if (!isAbsolute(file)) return [];
    const all = file.split('/');
    for (let i = 0; i < all.length - 1; i++) {
      if (all[i] !== this.folder.name) continue;
      const path = all.slice(i + 1).join('/');
      if (!this.paths.has(path)) continue;
      return this.speaksAgainst(path, named) ? [] : [{ path, length: all.length - i, sure: false }];
    }
    return [];
  }

  private speaksAgainst(path: string, named: Named): boolean {
    const root = this.rootAbove(path);
    if (!root) return false;
    if (root.kind === 'go') return !isRelease(root, named);
    const pkg = packageOf(named);
    return pkg !== '' && !within(pkg, root.path);
  }

  private rootAbove(path: string): Root | null {
    for (let end = path.lastIndexOf('/') + 1; ; end = path.lastIndexOf('/', end - 2) + 1) {
      const root = this.rootByDir.get(path.slice(0, end));
      if (root || end === 0) return root ?? null;
    }
  }
}

/** All that a name may mean for sure. */
function spellings(file: string, named: Named): Spelling[] {
  if (!isAbsolute(file)) {
    const [, module, version, rest] = /^([^@]+)@([^/]+)\/(.+)$/.exec(file) ?? [];
    return module ? [{ kind: 'dependency', module, version, rest }] : [{ kind: 'package', path: file }];
  }
  const pkg = packageOf(named);
  if (!pkg) return [];
  const dir = file.slice(0, file.lastIndexOf('/'));
  const path = `${pkg}/${file.slice(dir.length + 1)}`;
  const dependency = cachedModule(file, pkg);
  if (dependency) return [dependency];
  if (dir.endsWith(`/vendor/${pkg}`)) return [{ kind: 'vendored', path }];
  if (!isStandard(pkg, named)) return [{ kind: 'package', path }];
  // Functions of one package may be written in another (linkname), so the directory need not be the package's.
  const tails = [...file.matchAll(/\/src\//g)].map(({ index }) => file.slice(index + '/src/'.length));
  return tails.filter((tail) => isStandard(tail, named)).map((tail) => ({ kind: 'package', path: tail }));
}

/** Where a package's file lies below a root; '' for not there. */
function tailUnder(root: Root, { kind, path }: Spelling & { path: string }, named: Named): string {
  if (kind === 'vendored') return root.path === named.modulePath ? `vendor/${path}` : '';
  if (root.kind === 'module') return path.startsWith(`${root.path}/`) ? pathsUnder(path, root.path)[0] : '';
  return isRelease(root, named) && isStandard(path, named) ? pathsUnder(path, '')[0] : '';
}

/** A file in a module cache by the module and version that its path holds; the package says where the module's path begins. */
function cachedModule(file: string, pkg: string): (Spelling & { kind: 'dependency' }) | null {
  const [, before, version, rest] = /^(.*)@(v[^/]+)\/(.+)$/.exec(file) ?? [];
  if (!before) return null;
  // The module cache writes capitals as !lower (golang.org/x/mod/module EscapePath).
  const plain = `/${before.replace(/!([a-z])/g, (_, letter: string) => letter.toUpperCase())}`;
  for (let module = pkg; module; module = module.slice(0, Math.max(module.lastIndexOf('/'), 0))) {
    if (plain.endsWith(`/${module}`)) return { kind: 'dependency', module, version, rest };
  }
  return null;
}

/** Import path of the package that a function of the file belongs to; '' when it is not known. */
function packageOf(named: Named): string {
  const { path } = splitFunction(named.function);
  const pkg = path === 'main' ? named.mainPath : path;
  // The linker escapes dots in the last element (cmd/internal/objabi PathToPrefix).
  const plain = pkg.replace(/%([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return plain === 'command-line-arguments' ? '' : plain;
}

/** Whether a path may be one of the standard library: no dot in its first element, and not the program's own. */
const isStandard = (path: string, { modulePath }: Named): boolean =>
  path !== '' && !path.split('/')[0].includes('.') && !(modulePath && within(path, modulePath));

const isRelease = (root: Root, { release }: Named) => root.release !== '' && root.release === release.split(' ')[0];

const within = (path: string, above: string) => path === above || path.startsWith(`${above}/`);

const parts = (path: string) => path.split('/').length;

/** Those with the most components that agree; what is sure before what is not. */
export function longest<T extends Match>(matches: readonly T[]): T[] {
  const rank = (match: Match) => (match.sure ? 1e6 : 0) + match.length;
  const best = Math.max(...matches.map(rank));
  return matches.filter((match) => rank(match) === best);
}
