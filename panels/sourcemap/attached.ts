/** What the hidden page and the panel both know of source maps: how each module is called, and what became of its map. */

/** What became of one module; told again as it changes. */
export interface Attached {
  url: string;
  phase: 'reading' | 'making' | 'attached' | 'failed';
  /** Why it failed, one clause; '' for nothing to say. */
  why: string;
  places: number;
  files: number;
  /** Files with text. */
  texts: number;
  /** As `MadeMap.lines`; '' until the map is made. */
  lines: string;
  /** Milliseconds from when DevTools told of the module. */
  ms: number;
}

/** The name V8 gives a module without a URL: a hash, which for more than 16,383 bytes is made of the length alone
 * (src/strings/string-hasher-inl.h HashSequentialString, src/wasm/wasm-engine.cc CreateWasmScript; tried with V8 15.6). */
export const scriptURL = (length: number): string =>
  `wasm://wasm/${((length * 4 + 2) >>> 0).toString(16).padStart(8, '0')}`;
