/**
 * The answer to "where is this?": one wasm offset or Go PC as Go frames.
 * Knows no format; every reader that can name a place fills these.
 */

/** A place in Go source. `file` as the binary spells it; `line` 0 when not known. */
export interface Place {
  file: string;
  line: number;
}

/** One Go frame. `function` is spelled as the Go runtime prints it. */
export interface Frame extends Place {
  function: string;
  /** Has no wasm frame of its own: the compiler put it inside the next frame. */
  inlined: boolean;
  /** A compiler-made wrapper; Go's own tracebacks leave it out (runtime/traceback.go elideWrapperCalling). */
  wrapper?: boolean;
}

/** Who answered, in order of trust. `exact` = exact line table of the user's own toolchain. */
export type Via = 'exact' | 'pclntab' | 'dwarf' | 'sourcemap' | 'names';

/** `exact`; `candidates`: the true line is most likely one of `candidates`; `function`: only the function is known. */
export type Precision = 'exact' | 'candidates' | 'function';

/** All that is known about one module offset. Frames are innermost first; the last is the physical function. */
export interface Located {
  /** Wasm function index, imports counted. */
  functionIndex: number;
  /** Offset of the instruction in the module. */
  offset: number;
  via: Via;
  precision: Precision;
  frames: Frame[];
  candidates?: Place[];
}

/** What a reader of one format says of one offset; `frames` and `candidates` as in `Located`. */
export type Named = Pick<Located, 'precision' | 'frames' | 'candidates'>;

/** A reader that names places by module offset: an exact line table, DWARF, a source map. */
export interface Places {
  /** @returns null for what it does not know. Shared: not to be written into */
  locate(offset: number): Named | null;
}
