/**
 * Questions about the handle tables of a session: tables that a page has sent, and dumps out of files. All answers are plain data; null where
 * nothing was taken of an instance.
 */
import type { Outcome } from '../bytes/malformed';
import type { DumpParts, HandlePreviews, HandleTable, TableOptions, WatchOptions } from '../protocol/handles';
import type { Report } from './report';
import type { HandleDetail, HandleRow, HandlesView, HandlesWanted, SnapshotInfo, Suspect } from './view';

/** What the page must know of a program. */
export interface HandleOptions {
  watch: WatchOptions;
  table: TableOptions;
}

export type HandlesFormat = 'csv' | 'json';

/** A dump that is being put together from pieces of memory. */
export interface DumpBegun {
  dump: number;
  /** Bytes that `dumpAdd` expects in all. */
  size: number;
}

export interface OpenedDump {
  realm: string;
  instance: number;
  /** Path and arguments, or URL. */
  title: string;
  /** The binary it was taken of is open. */
  known: boolean;
}

export interface HandlesApi {
  /** null for a binary that is not open. */
  handleOptions(key: string): HandleOptions | null;
  /** Keeps a table as a new snapshot; the oldest of many is forgotten. Takes the arrays as they are. */
  handlesTaken(realm: string, instance: number, table: HandleTable): Outcome<SnapshotInfo>;
  /**
   * Adds what values are to a snapshot, of those that are the same still.
   * @returns whether figures, suspicions and groups may be others now; texts alone change none of them
   */
  handlesPreviewed(realm: string, instance: number, snapshot: number, previews: HandlePreviews): boolean;
  handlesSnapshots(realm: string, instance: number): SnapshotInfo[];
  handlesView(realm: string, instance: number, wanted: HandlesWanted): HandlesView | null;
  /** Rows of the view that was asked for last. */
  handlesRows(realm: string, instance: number, from: number, count: number): HandleRow[];
  /** @param func number of a js.Func without a handle, else 0 */
  handlesDetail(realm: string, instance: number, snapshot: number, id: number, func: number): HandleDetail | null;
  /** Worst first. */
  handlesSuspects(realm: string, instance: number, snapshot: number, against: number | null): Suspect[];
  /** The handles that a view is about. */
  handlesFile(realm: string, instance: number, wanted: HandlesWanted, format: HandlesFormat): Blob | null;
  /** The same handles as plain data, for a report; null as above, and for a filter that is none. */
  handlesReport(realm: string, instance: number, wanted: HandlesWanted): Report | null;
  handlesForget(realm: string, instance: number): void;
  /** Begins a dump file; memory is handed in by `dumpAdd`, in order, in pieces of whole pages. */
  dumpBegin(realm: string, instance: number, parts: Omit<DumpParts, 'bytes'>, title: string): Outcome<DumpBegun>;
  dumpAdd(dump: number, bytes: Uint8Array): Promise<void>;
  /** Cancels, or ends. @returns the file; null where it was not whole */
  dumpEnd(dump: number): Blob | null;
  /** Opens a dump under a realm of its own: its table is snapshot 1. Fails for a dump of another module than the one that is open under `key`. */
  dumpOpen(file: Uint8Array, key: string | null): Promise<Outcome<OpenedDump>>;
}
