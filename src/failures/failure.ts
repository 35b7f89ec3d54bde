/**
 * The model of one failure as a face shows it: plain data, complete, with nothing left to look up.
 * Made by `Session` from what the hook saw; shown by panels/errors, printed by `gowasm run`, exported by report.ts.
 */
import type { Place } from '../symbols/frame';

/** A sentence with places and code in it, so that a face can link and set them in type. */
export type Words = (string | { place: Place } | { code: string } | { failure: string; text: string })[];

/** One row of a stack. Innermost first. */
export type StackRow = FrameRow | JsRow | RunRow | GapRow;

export interface FrameRow {
  kind: 'frame';
  function: string;
  file: string;
  line: number;
  inlined: boolean;
  /** `unknown`: not even the function could be named (then `function` is the raw text). */
  precision: 'exact' | 'candidates' | 'function' | 'unknown';
  candidates?: Place[];
  /** Who told us: V8's stack, Go's stack in linear memory, or Go's own printed traceback. */
  from: 'v8' | 'memory' | 'text';
  /** Belongs to package runtime, internal/… or syscall/js: dimmed and folded. */
  internal: boolean;
  /** Module offset of the instruction, where V8 told it. */
  offset?: number;
}

/** A JavaScript frame between or under Go frames. */
export interface JsRow {
  kind: 'js';
  /** As it stood in the stack, trimmed. */
  text: string;
}

/** Equal runs folded: `rows` stand `times` times in a row. */
export interface RunRow {
  kind: 'run';
  times: number;
  rows: FrameRow[];
}

/** Frames that are missing here, with the reason: "Go elided 312 frames". */
export interface GapRow {
  kind: 'gap';
  why: string;
}

export type FailureKind = 'panic' | 'trap' | 'js-error' | 'hang' | 'exit' | 'follow-up';

export interface Stack {
  rows: StackRow[];
  /** Ends in runtime.goexit (or the g0 entry): nothing is missing outward. */
  complete: boolean;
  /** Go frames by who told them, runs counted in full. */
  counts: { v8: number; memory: number; text: number };
  /** Why it is not complete, or where sources disagreed; '' when all is well. */
  note: string;
}

export interface Goroutine {
  /** Goroutine number; null when the layout of this Go release is not known. */
  id: number | null;
  /** In Go's words, e.g. `running`. */
  state: string;
  createdBy: { function: string; file: string; line: number; goroutine: number | null } | null;
}

export interface Failure {
  /** Unique in the session. */
  id: string;
  /** Realm and load it happened in; instance within the realm, null when none could be named. */
  realm: string;
  instance: number | null;
  /** Short name of the module: last part of its URL, or `wasm from bytes`. */
  module: string;
  kind: FailureKind;
  /** One line: Go's or V8's message. */
  title: string;
  /** Whole message, may have many lines. */
  message: string;
  /** First and last time, ms since the epoch, and how often (equal kind and top 3 Go frames are merged). */
  at: number;
  lastAt: number;
  count: number;
  /** One sentence of cause; one or two of remedy. Empty when nothing true can be said. */
  what: Words;
  todo: Words;
  /** First frame of the user's own code, else the first that is not runtime; null when nothing was named. */
  where: (Place & { function: string; precision: FrameRow['precision'] }) | null;
  stack: Stack;
  /** Index in `stack.rows` of the row to select first; -1 when none. */
  selected: number;
  /** V8's stack text, or Go's printed traceback, as it was. */
  raw: string;
  goroutine: Goroutine | null;
  exitCode: number | null;
  /** The Go program's state cannot be trusted any more: offer a reload. */
  stateUndefined: boolean;
  /** Ids: the failure that led to this one; failures this one led to. */
  causedBy: string | null;
  followUps: string[];
  /** Why symbols are missing ("main.wasm could not be fetched: 404"); '' when they are not. */
  problem: string;
}
