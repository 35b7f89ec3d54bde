/**
 * What a face is told of handles: rows of a view, details, snapshots. Types only; plain data.
 */
import type { HandleType } from '../protocol/handles';
import type { Frame } from '../symbols/frame';

/** A handle's life as far as it is known. `in use` and `waits for GC` need the heap. */
export type HandleState = 'never released' | 'fixed' | 'not known';

export interface SnapshotInfo {
  /** From 1. */
  number: number;
  /** Milliseconds since the epoch. */
  at: number;
  /** `dump` for one out of a file. */
  how: 'page' | 'dump';
  handles: number;
  /** js.Funcs registered and not released; null for not known. */
  funcs: number | null;
  /** Handles that are js.Funcs, as far as that is known. */
  funcHandles: number;
  /** DOM nodes, as far as classes are known. */
  nodes: number;
  fixed: number;
  strings: number;
  slots: number;
  free: number;
  /** Collector cycles that have ended by then; null for not known. */
  numgc: number | null;
  /** When creation began to be watched, ms since the epoch; null: it was not. */
  watchedSince: number | null;
  /** Handles made since of which no stack is known. */
  lost: number;
  /** Why js.Funcs are not known; '' when they are. */
  funcsWhy: string;
  /** Of how many handles the class is known. */
  classified: number;
}

export type HandleGroupBy = 'site' | 'class' | 'type' | 'none';
export type HandleSort = 'count' | 'growth' | 'id' | 'type' | 'preview' | 'refs' | 'age' | 'state';

export interface HandlesWanted {
  /** Number of a snapshot. */
  snapshot: number;
  /** Compared with this one; null for none. */
  against: number | null;
  group: HandleGroupBy;
  /** Words, `-word`, `kind:function`, `class:HTMLDivElement`, `site:main.go`, `age>10s`, `refs>2`. */
  text: string;
  /** Only groups and handles that are suspected to leak. */
  suspects: boolean;
  /** Keys of the groups that are open, and of how many of their handles rows are wanted. */
  open: Record<string, number>;
  sort: { by: HandleSort; up: boolean };
}

export interface HandlesView {
  /** Handles of the snapshot with the js.Funcs of which no handle is known, and those of them that the filter lets through. */
  total: number;
  shown: number;
  /** Of `shown`: js.Funcs of which no handle is known. */
  unheld: number;
  groups: number;
  /** Groups that are suspected. */
  suspects: number;
  /** Of the rows that `handlesRows` gives. */
  rows: number;
  /** Why the filter is none; '' for fine. All else, and the rows, are then those of the view before. */
  filterWhy: string;
}

export type HandleRow = GroupRow | OneHandle | MoreRow;

/**
 * Where a row lies among those beside it: a group among groups, a handle among all that its group lets through. For screen readers.
 */
export interface RowPlace {
  /** From 1. */
  position: number;
  siblings: number;
}

export interface GroupRow extends RowPlace {
  kind: 'group';
  key: string;
  /** Where it was made: the innermost frame outside of the runtime and syscall/js; null for not known, and for other groups. */
  site: Frame | null;
  /** Of groups by class and type; else what is said in place of a site. */
  title: string;
  count: number;
  /** js.Funcs among them that are registered still and of which no handle is known. */
  unheld: number;
  /** Against the other snapshot, of what the filter lets through; null without one. */
  delta: number | null;
  /** How many there were in each snapshot up to this one, the last 24; of the whole group, whatever the filter. */
  growth: number[];
  /** The class that most of them have. */
  mostly: string;
  open: boolean;
  suspect: Suspect | null;
}

/** A handle, wherever it is told of. */
export interface Handle {
  kind: 'handle';
  /** 0 for a js.Func without a handle. */
  id: number;
  /** Key of the group above; '' for none. */
  group: string;
  type: HandleType;
  /** '' for not looked at yet. */
  class: string;
  text: string;
  /** null for the predefined ones. */
  refs: number | null;
  crossings: number | null;
  ageMs: number | null;
  state: HandleState;
  /** Go's number of the js.Func that it is; 0 for none. */
  func: number;
  /** Function that it runs. */
  runs: Frame | null;
  /** null: no node, or not known. */
  connected: boolean | null;
  /** In compare: whether it was there in the other snapshot; null without one. */
  fresh: boolean | null;
  suspect: boolean;
}

export interface OneHandle extends Handle, RowPlace {}

/** Stands in place of the first handle of a group that has no row. */
export interface MoreRow extends RowPlace {
  kind: 'more';
  group: string;
  /** Handles without a row. */
  count: number;
}

export interface HandleDetail extends Handle {
  /** Innermost first; null: made before creation was watched, or not known. */
  createdAt: Frame[] | null;
  /** Whether the stack is whole. */
  whole: boolean;
  /** Why `createdAt` is null; '' else. */
  createdWhy: string;
  /** The js.Func that ran then: its function. */
  within: Frame | null;
  /** One sentence. */
  reason: string;
}

/** A group that is suspected to leak, or of which something is worth knowing. */
export interface Suspect {
  /** `func`: js.Funcs never released. `grows`: handles of one place grow. `detached`: nodes that left the document. `strings`: wait for Go's GC, no leak. */
  kind: 'func' | 'grows' | 'detached' | 'strings';
  /** Key of its group by site. */
  group: string;
  count: number;
  site: Frame | null;
  /** How many are made in each call of this function, a callback of JavaScript; null for not known. */
  each: { count: number; of: Frame } | null;
  /** One sentence: why. */
  reason: string;
  /** One sentence: what to do. */
  deed: string;
}
