/**
 * What a folder of sources is: which of its files a Go program may name, within which bounds, and where modules and a Go
 * release begin in it. Pure. Facts: go.mod's `module` line (golang.org/ref/mod), the first line of GOROOT's VERSION
 * (cmd/dist/build.go findgoversion), `# module version` in vendor/modules.txt (cmd/go/internal/modload/vendor.go).
 */

/** Where a module or a Go release begins. */
export interface Root {
  /** Path of its directory in the folder, '' or ending with a slash. */
  dir: string;
  kind: 'module' | 'go';
  /** Module path; '' of Go. */
  path: string;
  /** Release of Go, `go1.27.4`; '' when it is not known, as in a folder that is GOROOT's src alone. */
  release: string;
  /** `path@version` of what lies below `vendor/`. */
  vendored: string[];
}

/** A folder as it is kept. */
export interface Folder {
  id: number;
  /** Its own name; where it lies no browser tells. */
  name: string;
  roots: Root[];
  files: number;
  /** Of all files together. */
  bytes: number;
  /** Files that were too large. */
  left: number;
  /** Milliseconds since the epoch. */
  readAt: number;
}

/** A file that the user has chosen, `File` of the browser. */
export interface Chosen {
  /** Begins with the folder's name. */
  readonly webkitRelativePath: string;
  /** Bytes. Asking for it halts the page until the disk has answered: never of many files in one turn. */
  readonly size: number;
  text(): Promise<string>;
}

export interface Selection {
  name: string;
  /** By path within the folder. */
  sources: Map<string, Chosen>;
  /** What tells of roots: go.mod, VERSION, vendor/modules.txt. */
  marks: Map<string, Chosen>;
}

export const MOST = {
  files: 30_000,
  fileBytes: 4 * 2 ** 20,
  bytes: 512 * 2 ** 20,
  /** A mark is a small text, of which a folder of many modules has many. */
  markBytes: 2 ** 20,
  marks: 5000,
  folders: 20,
};

/** What cannot be done with a folder, in one line for the user. */
export class FolderProblem extends Error {}

/**
 * Chooses what is kept of a folder by the names of its files.
 * @throws FolderProblem when these are too many or none
 */
export function select(files: Iterable<Chosen>, most = MOST): Selection {
  const selection: Selection = { name: '', sources: new Map(), marks: new Map() };
  for (const file of files) {
    const slash = file.webkitRelativePath.indexOf('/');
    selection.name ||= file.webkitRelativePath.slice(0, Math.max(slash, 0));
    const path = file.webkitRelativePath.slice(slash + 1);
    if (slash < 0 || /(?:^|\/)(?:node_modules|\.git)\//.test(path)) continue;
    if (isMark(path)) {
      if (selection.marks.size < most.marks) selection.marks.set(path, file);
    } else if (isSource(path)) {
      selection.sources.set(path, file);
    }
  }
  const { name, sources } = selection;
  if (sources.size === 0) throw new FolderProblem(name ? `${name} has no Go files.` : 'This folder has no Go files.');
  if (sources.size > most.files) {
    const found = sources.size.toLocaleString('en');
    throw new FolderProblem(
      `${name} has ${found} Go files, and ${most.files.toLocaleString('en')} can be kept. Add a folder inside it.`,
    );
  }
  return selection;
}

/** Counts what is read of one folder. */
export class Budget {
  /** Of all files taken. */
  bytes = 0;
  /** Files that were too large. */
  left = 0;

  constructor(
    private readonly name: string,
    private readonly most = MOST,
  ) {}

  /**
   * @returns whether the file is taken; one that is too large is left out
   * @throws FolderProblem when all together are too large
   */
  takes(file: Chosen): boolean {
    const { size } = file;
    if (size > this.most.fileBytes) {
      this.left++;
      return false;
    }
    this.bytes += size;
    if (this.bytes <= this.most.bytes) return true;
    const most = this.most.bytes / 2 ** 20;
    throw new FolderProblem(
      `${this.name} has more than ${most} MB of Go files, which is the most that can be kept. Add a folder inside it.`,
    );
  }
}

/** Whether a program's line tables may name such a file: no tests; .y and .l stand in `//line` of what is made of them. */
const isSource = (path: string) => /\.(?:go|s|y|l)$/.test(path) && !path.endsWith('_test.go');

const isMark = (path: string) => /(?:^|\/)(?:go\.mod|VERSION|vendor\/modules\.txt)$/.test(path);

/** @param marks texts by path within the folder */
export function rootsOf(marks: ReadonlyMap<string, string>): Root[] {
  const roots = new Map<string, Root>();
  for (const [path, text] of marks) {
    const dir = path.slice(0, path.lastIndexOf('/') + 1);
    if (path.endsWith('go.mod')) {
      const module = modulePathOf(text);
      // GOROOT/src and GOROOT/src/cmd are modules by these names, which no other may have.
      const isGo = module === 'std' || module === 'cmd';
      if (module)
        roots.set(dir, { dir, kind: isGo ? 'go' : 'module', path: isGo ? '' : module, release: '', vendored: [] });
    }
  }
  for (const [path, text] of marks) {
    const dir = path.slice(0, path.lastIndexOf('/') + 1);
    if (path.endsWith('VERSION')) {
      const release = /^go1\S*/.exec(text)?.[0];
      if (release) roots.set(dir, { dir, kind: 'go', path: '', release, vendored: [] });
    } else if (path.endsWith('modules.txt')) {
      const root = roots.get(dir.slice(0, -'vendor/'.length));
      if (root?.kind === 'module') root.vendored = vendoredOf(text);
    }
  }
  // What lies in GOROOT belongs to its release.
  const releases = [...roots.values()].filter(({ release }) => release !== '');
  for (const { dir } of releases) {
    for (const inner of [`${dir}src/`, `${dir}src/cmd/`]) if (roots.get(inner)?.kind === 'go') roots.delete(inner);
  }
  return [...roots.values()].sort((a, b) => (a.dir < b.dir ? -1 : 1));
}

function modulePathOf(text: string): string {
  const [, quoted, plain] = /^[ \t]*module[ \t]+(?:["`]([^"`\n]+)["`]|([^\s"`]+))/m.exec(text) ?? [];
  return quoted ?? plain ?? '';
}

const vendoredOf = (text: string): string[] =>
  [...text.matchAll(/^# (\S+) (v\S+)/gm)].map(([, path, version]) => `${path}@${version}`);

/** What a folder is, in few words: `module example.com/paint`, `Go go1.27.4`, `module cache`; '' for a plain one. */
export function kindOf({ name, roots }: Pick<Folder, 'name' | 'roots'>): string {
  const whole = roots.find(({ dir }) => dir === '');
  if (whole?.kind === 'go') return whole.release ? `Go ${whole.release}` : 'Go, release not known';
  if (whole) return `module ${whole.path}${/@v[^/]+$/.exec(name)?.[0] ?? ''}`;
  if (roots.some(({ dir }) => /@v[^/]+\/$/.test(dir))) return 'module cache';
  if (roots.length === 1) return roots[0].kind === 'go' ? `Go ${roots[0].release}` : `module ${roots[0].path}`;
  return roots.length > 1 ? `${roots.length} modules` : '';
}
