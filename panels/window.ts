/**
 * What the panel needs of the window it lives in: DevTools around it, the page beside it. Types only.
 * `live.ts` answers through the extension, the preview with made-up answers; nothing else in panels/ knows which.
 */

import type { Attached } from './sourcemap/attached';

export type Theme = 'light' | 'dark';

/** Whether the extension may act on the page's site. */
export type SiteState =
  | { kind: 'enabled' }
  /** `site` as the user reads it, e.g. `example.com`. */
  | { kind: 'off'; site: string }
  /** Chrome keeps extensions out; one sentence says of what. */
  | { kind: 'closed'; why: string };

export interface Sites {
  state(): Promise<SiteState>;
  /** Asks Chrome's permission for the page's site: only within a click. @returns whether it was given */
  enable(): Promise<boolean>;
  enableAll(): Promise<boolean>;
  /** Enabled sites beyond the built-in ones, as match patterns. */
  list(): Promise<string[]>;
  disable(site: string): Promise<void>;
}

export interface PanelWindow {
  theme(): Theme;
  /** For as long as the window lives, as all listeners here. */
  onTheme(listener: (theme: Theme) => void): void;
  /** URL of the inspected page; '' when it cannot be told. */
  url(): Promise<string>;
  /** The top frame went to another document, or loaded again. */
  onNavigated(listener: () => void): void;
  reload(): void;
  /**
   * Opens the Sources panel.
   * @param line from 1; @param column from 0: in a wasm module line 1 and the offset
   * @returns false when DevTools does not know the resource
   */
  openResource(url: string, line: number, column: number): Promise<boolean>;
  /** Text of the page's server; null when there is none. */
  fetchText(url: string): Promise<string | null>;
  /** A file of the page's server; null when there is none, or when it has more than `most` bytes. */
  fetchFile(url: string, most: number): Promise<Uint8Array | null>;
  /** The header `SourceMap` of the answer for a URL; null without one. */
  sourceMapHeader(url: string): Promise<string | null>;
  /** URLs of the wasm files the page has loaded, hooked or not. */
  wasmOnPage(): Promise<string[]>;
  /** Bytes of one of these. Rejects with one sentence. */
  fetchBytes(url: string): Promise<Uint8Array>;
  /**
   * Whether the panel is about to record the bridge, or to watch who makes handles: while it is, the recorder is in the page, from its next
   * load on. Ends with the panel.
   */
  arm(what: 'bridge' | 'handles', on: boolean): Promise<void>;
  /**
   * Shows a node that Go holds in Elements, as DevTools' own `inspect()` does.
   * @param frameUrl of its document; '' for the top frame's. @returns why not, in one sentence; '' when it is shown
   */
  inspect(frameUrl: string, instance: number, id: number): Promise<string>;
  /** Chrome's own Performance panel begins or ends to record. */
  onProfiling(listener: (on: boolean) => void): void;
  /** What becomes of the source maps that DevTools gets from us, now and from now on. */
  onSourceMap(listener: (attached: Attached) => void): void;
  sites: Sites;
}
