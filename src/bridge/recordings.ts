/** The recordings of a session, one for each Go program of the page that was recorded; what a face may ask of them. */
import { Malformed, type Outcome } from '../bytes/malformed';
import { isModuleOf } from '../lines/fingerprint';
import type { Program } from '../program';
import type { RecordBatch, RecordOptions } from '../protocol/recording';
import type { FileFormat } from './exports';
import { decodeCapture } from './file';
import type { Finding } from './findings';
import { frameTable, proofOf, staticRange } from './frames';
import type { Label } from './labels';
import { type CallRow, type Calls, type Operations, Recording, type Summary, type Wanted } from './recording';
import { stateProbes } from './state';
import type { Timeline } from './timeline';
import type { Tree, TreeKind } from './tree';

/** What a recorder must know of a program. */
export type ProgramOptions = Omit<RecordOptions, 'every'>;

/** Questions about the recording of an instance; null where it has none. */
export interface RecordingsApi {
  /** One batch of an instance, in the order they came; number 1 begins anew. @returns false when it was not taken */
  recorded(realm: string, instance: number, batch: RecordBatch): boolean;
  bridgeSummary(realm: string, instance: number): Summary | null;
  bridgeOperations(realm: string, instance: number, wanted: Wanted): Operations | null;
  bridgeTree(realm: string, instance: number, kind: TreeKind, wanted: Wanted): Tree | null;
  bridgeCalls(realm: string, instance: number, wanted: Wanted, from: number, count: number): Calls | null;
  bridgeCall(realm: string, instance: number, place: number): CallRow | null;
  /** With the labels that its numbers mean. */
  bridgeTimeline(realm: string, instance: number): { timeline: Timeline; labels: Label[] } | null;
  bridgeFindings(realm: string, instance: number): Finding[] | null;
  /** @param title what was recorded, for tools that show it: URL of the page */
  bridgeFile(realm: string, instance: number, format: FileFormat, title: string): Outcome<Blob> | null;
  /**
   * Opens a capture, under a realm of its own. It is told in the words of the open binary that it was recorded of, even one that is
   * opened later.
   */
  bridgeOpen(file: Uint8Array): Outcome<OpenedCapture>;
  /** Forgets a recording; what still comes of it is not taken. */
  bridgeForget(realm: string, instance: number): void;
}

export interface OpenedCapture {
  realm: string;
  instance: number;
  /** The binary it was recorded of is open. */
  known: boolean;
}

/** Recordings that are kept: a page may make any number of instances. */
const MOST = 8;

export class Recordings implements RecordingsApi {
  private readonly kept = new Map<string, Recording>();

  private opened = 0;

  /**
   * @param programOf the program of an instance, as far as it has been read
   * @param programs all that are open
   */
  constructor(
    private readonly programOf: (realm: string, instance: number) => Program | null,
    private readonly openPrograms: () => Iterable<Program>,
  ) {}

  recorded(realm: string, instance: number, batch: RecordBatch): boolean {
    const place = placeOf(realm, instance);
    if (batch.number === 1) {
      this.keep(place, new Recording(() => this.programOf(realm, instance)));
    }
    return this.kept.get(place)?.add(batch) ?? false;
  }

  bridgeOpen(file: Uint8Array): Outcome<OpenedCapture> {
    try {
      const decoded = decodeCapture(file);
      const programOf = () => this.programWith(decoded.about.fingerprint);
      const [realm, instance] = [`capture ${++this.opened}`, 1];
      this.keep(placeOf(realm, instance), new Recording(programOf, decoded));
      return { ok: true, value: { realm, instance, known: programOf() !== null } };
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      return { ok: false, why: error.message };
    }
  }

  bridgeFile(realm: string, instance: number, format: FileFormat, title: string) {
    return this.of(realm, instance)?.file(format, title) ?? null;
  }

  private keep(place: string, recording: Recording): void {
    this.kept.delete(place);
    const [oldest] = this.kept.keys();
    if (this.kept.size >= MOST) this.kept.delete(oldest);
    this.kept.set(place, recording);
  }

  private programWith(fingerprint: Uint8Array): Program | null {
    for (const program of this.openPrograms()) if (isModuleOf(program.module, fingerprint)) return program;
    return null;
  }

  bridgeSummary(realm: string, instance: number) {
    return this.of(realm, instance)?.summary() ?? null;
  }

  bridgeOperations(realm: string, instance: number, wanted: Wanted) {
    return this.of(realm, instance)?.operations(wanted) ?? null;
  }

  bridgeTree(realm: string, instance: number, kind: TreeKind, wanted: Wanted) {
    return this.of(realm, instance)?.tree(kind, wanted) ?? null;
  }

  bridgeCalls(realm: string, instance: number, wanted: Wanted, from: number, count: number) {
    return this.of(realm, instance)?.calls(wanted, from, count) ?? null;
  }

  bridgeCall(realm: string, instance: number, place: number) {
    return this.of(realm, instance)?.callAt(place) ?? null;
  }

  bridgeTimeline(realm: string, instance: number) {
    const recording = this.of(realm, instance);
    // Labels last: the timeline finds them.
    return recording ? { timeline: recording.timeline(), labels: recording.names() } : null;
  }

  bridgeFindings(realm: string, instance: number) {
    return this.of(realm, instance)?.findings() ?? null;
  }

  bridgeForget(realm: string, instance: number): void {
    this.kept.delete(placeOf(realm, instance));
  }

  private of(realm: string, instance: number): Recording | undefined {
    return this.kept.get(placeOf(realm, instance));
  }
}

const placeOf = (realm: string, instance: number) => `${realm}#${instance}`;

/** What is sent to the recorder with the order to record a program, where its memory is looked at too. @param sites whether call sites are wanted */
export function optionsOf(program: Program, sites: boolean): ProgramOptions {
  return {
    ...{ proof: proofOf(program) ?? undefined, frames: sites ? frameTable(program) : null },
    ...staticRange(program),
    state: stateProbes(program),
  };
}
