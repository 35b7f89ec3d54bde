/**
 * What is asked of a program's table of values (wasm_exec.js `_values`), and what the page says of it. Types only, but for the enums. All of
 * it is hostile on arrival: `check-handles.ts` looks at every number.
 *
 *   panel ── runtime.Port ──▶ content script ── MessagePort ──▶ handles.js      (questions)
 *   panel ── runtime.Port ──▶ content script ── MessagePort ──▶ record.js       (orders to watch: who made which handle)
 *
 * handles.js is put into a document when a panel first asks there; record.js only runs in pages that were loaded while a panel was about
 * to watch or to record.
 */
import type { FrameTable, Proof } from './binary';

/** `typeof` a value. In this order on the wire. */
export const TYPES = ['undefined', 'object', 'function', 'string', 'symbol', 'bigint', 'number', 'boolean'] as const;
export type HandleType = (typeof TYPES)[number];

/**
 * How to read Go's map from ids of js.Funcs to functions (`syscall/js.funcs`), out of linear memory. See `go/js-funcs.ts`. All of it is
 * numbers of bytes.
 */
export type FuncsProbe = BucketsProbe | GroupsProbe;

interface SlotsProbe {
  /** Address of the variable, which holds a pointer to the map. */
  address: number;
  /** Of a bucket or group, which has eight slots. */
  size: number;
  /** Where in it the first slot's id and function are, and how far apart those of two slots are. */
  key: number;
  keyStride: number;
  elem: number;
  elemStride: number;
}

/** As `runtime/map.go` up to Go 1.23 lays it out. */
export interface BucketsProbe extends SlotsProbe {
  layout: 'buckets';
  /** Offsets in the map; see `MapLayout`. */
  flags: number;
  logBuckets: number;
  buckets: number;
  oldBuckets: number;
}

/** As `internal/runtime/maps` from Go 1.24 on does. */
export interface GroupsProbe extends SlotsProbe {
  layout: 'groups';
  /** Offsets in the map. */
  dirPtr: number;
  dirLen: number;
  /** Offsets in a table. */
  groups: number;
  lengthMask: number;
}

/** What a watch must know of a program. */
export interface WatchOptions {
  /** What follows is true of programs that have these words, and of no other. */
  proof?: Proof;
  frames: FrameTable | null;
  staticLow: number;
  staticHigh: number;
}

/** What a table needs besides the page. */
export interface TableOptions {
  /** null: which js.Funcs are registered is not known. */
  funcs: FuncsProbe | null;
  /** Address of the number of collector cycles that have ended, u32; 0 for not known. */
  numgc: number;
  proof?: Proof;
}

export type HandlesQuestion =
  /** Figures, for live counters. */
  | { ask: 'counts'; instance: number; options: TableOptions }
  /** All handles, in one turn. */
  | { ask: 'table'; instance: number; options: TableOptions }
  /** What values with these ids are, now. */
  | { ask: 'previews'; instance: number; ids: Int32Array<ArrayBuffer> }
  /** The table with all previews, and linear memory, in one turn. */
  | { ask: 'dump'; instance: number; options: TableOptions }
  | { ask: 'log' | 'store' | 'gc'; instance: number; id: number };

/** What is answered; of `log` and `store` the name of the global variable, if one was made, of `gc` nothing. */
export type AnswerTo<Q extends HandlesQuestion> = Q extends { ask: 'counts' }
  ? HandleCounts
  : Q extends { ask: 'table' }
    ? HandleTable
    : Q extends { ask: 'previews' }
      ? HandlePreviews
      : Q extends { ask: 'dump' }
        ? DumpParts
        : string;

export interface HandleCounts {
  /** `performance.now()` of the page. */
  now: number;
  /** Slots of the table, and how many of these are free. */
  slots: number;
  free: number;
  /** js.Funcs that Go has registered and not released; -1 for not known. */
  funcs: number;
  /** Collector cycles that have ended; -1 for not known. */
  numgc: number;
}

/** Columns, a row for each handle, by rising id. Of what is not known a number is 0, if not said otherwise. */
export interface HandleTable extends HandleCounts {
  /** What to add to a time for milliseconds since the epoch. */
  origin: number;
  ids: Int32Array<ArrayBuffer>;
  /** Index in `TYPES`. */
  types: Uint8Array<ArrayBuffer>;
  /** Of `_goRefCounts`; -1 for what is no whole number, as that of the predefined ids. */
  refs: Int32Array<ArrayBuffer>;
  /** Index in `classNames`; 0 for not looked at. */
  classes: Int32Array<ArrayBuffer>;
  /** Names of classes; that of index 0 is empty. */
  classNames: string[];
  /** A bit each: `HandleFlag`. */
  flags: Uint8Array<ArrayBuffer>;
  /** null: nobody has watched. */
  watched: WatchedColumns | null;
  /** null: not known. */
  registered: RegisteredFuncs | null;
}

export enum HandleFlag {
  /** A node that is in a document. */
  Connected = 1,
  /** A node that is in none. */
  Detached = 2,
  /** A function whose text is that of what wasm_exec.js makes for js.FuncOf. */
  Wrapper = 4,
}

/** Who made the handles of a table: a row for each of its rows. */
export interface WatchedColumns {
  /** When it began, as `now`. */
  since: number;
  /** How many handles were made before this one, and 1: two with one id are told apart by it. 0: made before it began. */
  births: Float64Array<ArrayBuffer>;
  /** When it was made, as `now`, a little late or early: clocks are looked at seldom. */
  times: Float64Array<ArrayBuffer>;
  /** How often it has crossed to Go. */
  crossings: Float64Array<ArrayBuffer>;
  /** Number of the stack that made it, from 1. */
  stacks: Int32Array<ArrayBuffer>;
  /** The js.Func that a function is, by Go's own number for it. */
  funcs: Int32Array<ArrayBuffer>;
  /** PC_F of the function that it runs, as js.FuncOf was given it: known of those that are released, too. */
  codes: Int32Array<ArrayBuffer>;
  /** The js.Func that ran, outermost, when it was made. */
  handlers: Int32Array<ArrayBuffer>;
  /** Which entry into Go it was made in, counted from 1. */
  turns: Int32Array<ArrayBuffer>;
  /** The stacks: for each the count of its PCs, negative when it is cut, and the PCs, innermost first. */
  stackWords: Int32Array<ArrayBuffer>;
  /** Handles that found no room. */
  lost: number;
}

/** The js.Funcs that Go has registered (js.FuncOf) and not released: columns. */
export interface RegisteredFuncs {
  ids: Int32Array<ArrayBuffer>;
  /** PC_F of the function each runs. */
  codes: Int32Array<ArrayBuffer>;
  /** As in `WatchedColumns`, of its making; 0 for not known. */
  stacks: Int32Array<ArrayBuffer>;
  times: Float64Array<ArrayBuffer>;
  handlers: Int32Array<ArrayBuffer>;
  turns: Int32Array<ArrayBuffer>;
  /** js.Funcs that were made at each stack, by its number, released ones too. */
  made: Int32Array<ArrayBuffer>;
}

/** What values are now: by index as the ids that were asked for. */
export interface HandlePreviews {
  /** `performance.now()` of the page. */
  now: number;
  ids: Int32Array<ArrayBuffer>;
  types: Uint8Array<ArrayBuffer>;
  classes: string[];
  /** What is known beyond the class; '' for nothing. See `hook/handles/preview.ts`. */
  texts: string[];
  flags: Uint8Array<ArrayBuffer>;
  /** As in `WatchedColumns`; all 0 when nobody watches. -1: no value has this id any more. */
  births: Float64Array<ArrayBuffer>;
}

export interface DumpParts {
  table: HandleTable;
  previews: HandlePreviews;
  /** Go's stack pointer, and whether the return PC lies there: `import`, as in `Capture`. */
  sp: number;
  at: 'import' | 'event';
  /** Bytes of linear memory. */
  memory: number;
  /** Numbers of the pages of `PAGE` bytes that are not all zero, rising, and their bytes one after another. */
  pages: Int32Array<ArrayBuffer>;
  bytes: Blob | Uint8Array<ArrayBuffer>;
}

/** Bytes of a page of WebAssembly's linear memory. */
export const PAGE = 65536;

/** content script → handles.js */
export interface HandlesHears {
  id: number;
  question: HandlesQuestion;
}

/** handles.js → content script */
export interface HandlesSays {
  answer: number;
  ok: boolean;
  value: HandleCounts | HandleTable | HandlePreviews | DumpParts | string;
  /** One sentence where it is not ok. */
  why: string;
}
