/** `gowasm sourcemap FILE -o MAP`: the source map that Go does not write. */
import { readFileSync, realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { makeSourceMap, type SourceMap } from '../sourcemap/make';
import { isAbsolute, pathsUnder, sourceURL } from '../sourcemap/sources';
import { debugId } from './build-id';
import { attachLines, BadInput, expectFiles, openProgram, readArguments, withFile } from './input';
import { writeTo } from './output';
import { printJson } from './print';

const USAGE = 'sourcemap FILE -o MAP [--source-root DIR]… [--lines TABLE]';

export function sourcemap(args: string[]): number {
  const read = readArguments(args, ['o', 'source-root', 'lines']);
  expectFiles(read, 1, 1, USAGE);
  const [out, ...more] = read.options.get('o') ?? [];
  if (out === undefined || more.length > 0) throw new BadInput(`usage: gowasm ${USAGE}`);
  const [file] = read.positional;
  const program = openProgram(file);
  if (!program.go.isGo) throw new BadInput(`${file}: not made by Go`);
  attachLines(program, file, read.options.get('lines')?.at(-1));
  const { version } = program.go;
  const roots = (read.options.get('source-root') ?? []).map((folder) => openRoot(folder, version));
  const files: string[] = [];
  const { map, count, failed } = withFile(file, () =>
    makeSourceMap(program, (name) => {
      files.push(name);
      return sourceURL(name);
    }),
  );
  const whole: SourceMap = { ...map, debugId: debugId(program.module.bytes) };
  if (roots.length > 0) whole.sourcesContent = files.map((name) => textOf(name, roots));
  writeTo(out, `${JSON.stringify(whole)}\n`);
  if (out === '-') return 0;
  const embedded = whole.sourcesContent?.filter((text) => text !== null).length ?? 0;
  const said = { mappings: count, sources: files.length, embedded, unread: failed, debugId: whole.debugId };
  if (read.json) printJson('sourcemap', said);
  else {
    const texts = roots.length > 0 ? `, ${embedded} with text` : '';
    const lost = failed > 0 ? `, ${failed} functions could not be read` : '';
    process.stdout.write(`${out}: ${count} places in ${files.length} sources${texts}${lost}\n`);
  }
  return 0;
}

interface Root {
  folder: string;
  /** Module path in its go.mod; '' for none. */
  module: string;
}

/** @param version of the program: the text of another release's library would be wrong */
function openRoot(folder: string, version: string | null): Root {
  let real = '';
  try {
    real = realpathSync(folder);
  } catch {
    throw new BadInput(`${folder}: no such folder`);
  }
  const release = /^go[\d.]\S*/.exec(
    readText(join(real, 'VERSION')) ?? readText(join(real, '..', 'VERSION')) ?? '',
  )?.[0];
  if (release && version && release !== version) {
    throw new BadInput(`${folder}: this is ${release}, the program was made by ${version}`);
  }
  const mod = readText(join(real, 'go.mod')) ?? '';
  return { folder: real, module: /^module\s+"?([^\s"]+)/m.exec(mod)?.[1] ?? '' };
}

function textOf(file: string, roots: Root[]): string | null {
  for (const { folder, module } of roots) {
    const paths = isAbsolute(file) ? [file] : pathsUnder(file, module).map((path) => join(folder, path));
    for (const path of paths) {
      const text = readInside(path, folder);
      if (text !== null) return text;
    }
  }
  return null;
}

/** Names come from the module: none may lead out of the folder. @param folder its real path. @returns null for what cannot be read */
export function readInside(path: string, folder: string): string | null {
  try {
    const real = realpathSync(path);
    const way = relative(folder, real);
    return way.startsWith(`..${sep}`) || way === '..' || isAbsolute(way) ? null : readText(real);
  } catch {
    return null;
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
