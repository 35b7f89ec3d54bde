/**
 * Makes the source maps that DevTools get. Runs in a worker: a big module takes a second. Keeps the latest, so that a page
 * that loads again has its map at once.
 */
import { Malformed } from './bytes/malformed';
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
  /** Places in the map. */
  places: number;
  /** Functions that could not be read. */
  failed: number;
  /** Whether an exact line table was asked: `none` was there; else `used`, or why it was not. */
  lines: string;
}

export type Making = { ok: true; made: MadeMap } | { ok: false; why: string };

export interface MapMaker {
  /**
   * Reads a module and makes its map. Cheap for a key that it has.
   * @param lines an exact line table (`.golines`) that may be the module's; null for none
   */
  make(key: string, bytes: Uint8Array, lines: Uint8Array | null): Making;
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
    make(key, bytes, lines) {
      const known = kept.get(key);
      if (known) {
        kept.delete(key);
        kept.set(key, known);
        return { ok: true, made: known.made };
      }
      try {
        const made = read(bytes, lines);
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

function read(bytes: Uint8Array, table: Uint8Array | null): { map: SourceMap; made: MadeMap } {
  const program = new Program(bytes);
  if (!program.go.isGo) throw new Malformed('a module made by Go', 0);
  const attached = table && program.attachLines(table);
  const lines = attached && !attached.ok ? attached.why : program.exactLines() ? 'used' : 'none';
  const files: string[] = [];
  const { map, count, failed, written } = makeSourceMap(program, (file) => {
    files.push(file);
    return devtoolsURL(file);
  });
  const build = program.go.buildInfo();
  return {
    map,
    made: {
      files,
      written,
      modulePath: (build.ok && build.value?.main?.path) || '',
      mainPath: (build.ok && build.value?.path) || '',
      places: count,
      failed,
      lines,
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
