/**
 * Makes the source maps that DevTools get. Runs in a worker: a big module takes a second. Keeps the latest, so that a page
 * that loads again has its map at once.
 */
import { Malformed } from './bytes/malformed';
import { type Info, readInfo } from './info';
import { Program } from './program';
import { makeSourceMap, type SourceMap, type Written } from './sourcemap/make';
import { devtoolsURL } from './sourcemap/sources';

export interface MadeMap {
  /** As Go names them, in the map's order. */
  files: string[];
  /** Of each file. */
  written: Written[];
  modulePath: string;
  mainPath: string;
  /** Release of Go that made the program, or ''. */
  release: string;
  dependencies: Info['dependencies'];
  /** Places in the map. */
  places: number;
  /** Functions that could not be read. */
  failed: number;
}

export type Making = { ok: true; made: MadeMap } | { ok: false; why: string };

export interface MapMaker {
  /** Reads a module and makes its map. Cheap for a key that it has. */
  make(key: string, bytes: Uint8Array): Making;
  /**
   * @param texts of the files by index; null where there is none
   * @returns the map as a data: URL, '' when the key is not known any more
   */
  url(key: string, texts: (string | null)[]): string;
}

/** Maps kept: those of one page. */
const KEPT = 4;

export function createMapMaker(): MapMaker {
  const kept = new Map<string, { map: SourceMap; made: MadeMap }>();
  return {
    make(key, bytes) {
      const known = kept.get(key);
      if (known) {
        kept.delete(key);
        kept.set(key, known);
        return { ok: true, made: known.made };
      }
      try {
        const made = read(bytes);
        kept.set(key, made);
        for (const [old] of kept) if (kept.size > KEPT) kept.delete(old);
        return { ok: true, made: made.made };
      } catch (error) {
        if (!(error instanceof Malformed)) throw error;
        return { ok: false, why: error.message };
      }
    },
    url(key, texts) {
      const known = kept.get(key);
      if (!known) return '';
      const { map, made } = known;
      const sourcesContent = made.files.map((file, i) => texts[i] ?? missing(file));
      return dataURL(JSON.stringify({ ...map, sourcesContent }));
    },
  };
}

function read(bytes: Uint8Array): { map: SourceMap; made: MadeMap } {
  const program = new Program(bytes);
  if (!program.go.isGo) throw new Malformed('a module made by Go', 0);
  const files: string[] = [];
  const { map, count, failed, written } = makeSourceMap(program, (file) => {
    files.push(file);
    return devtoolsURL(file);
  });
  const { modulePath, mainPath, toolchain, dependencies } = readInfo(program);
  return {
    map,
    made: {
      files,
      written,
      modulePath: modulePath ?? '',
      mainPath: mainPath ?? '',
      release: toolchain.version ?? '',
      dependencies,
      places: count,
      failed,
    },
  };
}

/** Stands in Sources where the text should. */
const missing = (file: string) =>
  `// The text of ${file} is not here. To have it, open the Go WASM panel, Settings, and add the folder it lies in.\n`;

function dataURL(json: string): string {
  const bytes = new TextEncoder().encode(json) as Uint8Array & { toBase64(): string };
  return `data:application/json;base64,${bytes.toBase64()}`;
}
