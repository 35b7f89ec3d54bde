/**
 * Session: every question a face may ask. Takes bytes and hook events, returns plain data (structured-cloneable).
 * Synchronous over bytes in hand; it never fetches. One per panel window (in a worker), per CLI call, per test.
 */
import type { Failure, StackRow } from './failures/failure';
import type { HookEvent } from './protocol/messages';

/** Names one binary's bytes within a session, e.g. its URL or file name. Chosen by the face. */
export type ModuleKey = string;

/** `gowasm info --json` without its `format` key: the module card (contract.md). */
export interface Info {
  toolchain: { kind: 'go' | 'tinygo' | 'other'; version: string | null; target: 'js' | 'wasip1' | null };
  mainPath: string | null;
  modulePath: string | null;
  /** Version of the main module as `mod` line says, e.g. `(devel)`. */
  moduleVersion: string | null;
  dependencies: { path: string; version: string; replace?: { path: string; version: string } }[];
  settings: Record<string, string>;
  vcs: { revision: string; time: string | null; modified: boolean } | null;
  /** `go`, `gojs`, or what the module imports most; null without imports. */
  importNamespace: string | null;
  /** Bytes, unpacked. */
  size: number;
  stripped: boolean;
  hasNames: boolean;
  hasDwarf: boolean;
  sourceMappingURL: string | null;
  functions: { wasm: number; go: number };
  /** Source files named in pclntab. */
  files: number;
  pclntab: { version: string; functions: number; address: number } | null;
  sections: { id: number; name: string; offset: number; size: number }[];
  /** What could not be read, one line each, with the reason. */
  warnings: string[];
  /** Language and tools as the `producers` section tells them, e.g. `Rust 1.68`; for modules not made by Go. */
  producer: string | null;
}

export type InstanceState = 'running' | 'trapped' | 'exited' | 'gone';

/** One Go program in one frame of the page. */
export interface InstanceRow {
  realm: string;
  instance: number;
  /** Which bytes belong to it; null until the face has bound some. */
  module: ModuleKey | null;
  url: string;
  state: InstanceState;
  exitCode: number | null;
  startedAt: number;
}

/** What one event or one newly opened module changed. */
export interface Change {
  failures: Failure[];
  instances: InstanceRow[];
  /** Ids merged away into another failure by better knowledge. */
  removed: string[];
}

/** One line of a pasted stack. `rows` is empty for a line that is no frame: show `input` dimmed. */
export interface PastedLine {
  input: string;
  rows: StackRow[];
}

export interface Pasted {
  lines: PastedLine[];
  /** The Go frames of all lines as one stack, runs folded. */
  stack: StackRow[];
  /** Frames with an offset, and how many of these point between instructions (wrong build). */
  frames: number;
  misfits: number;
  /** One sentence when the text does not fit the module, else ''. */
  warning: string;
}

export type Opened = { ok: true; info: Info } | { ok: false; why: string };

/** The whole face of a session; `panels/` reaches it through a worker, the CLI directly. */
export interface SessionApi {
  /** Reads a binary. Cheap when the key is already open with equal length. */
  open(key: ModuleKey, bytes: Uint8Array): Opened;
  /** Says that the bytes for a key cannot be had, so that failures can say why. */
  unavailable(key: ModuleKey, why: string): Change;
  /** Ties an instance to a binary; failures of it are told anew with names. */
  bind(realm: string, instance: number, key: ModuleKey): Change;
  /** One event of one realm, in the order it came. `live` false for events replayed from before the panel opened. */
  seen(realm: string, event: HookEvent): Change;
  /** The frame navigated or closed: its instances are gone. */
  gone(realm: string): Change;
  /** Symbolicates any text: engine stacks, Go tracebacks, log lines around them. */
  paste(key: ModuleKey, text: string): Pasted;
  /** Forgets failures (Clear). */
  clear(ids: string[]): void;
}

/** @returns an empty session. */
export function createSession(): SessionApi {
  throw new Error('not built yet');
}
