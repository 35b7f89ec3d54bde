/** The handle tables of a session, one series for each Go program of the page that was asked; what a face may ask of them. */
import { lazily, type Outcome } from '../bytes/malformed';
import { isModuleOf } from '../lines/fingerprint';
import { decodeDump } from '../memory/dump';
import type { Program } from '../program';
import type { DumpParts, HandlePreviews, HandleTable } from '../protocol/handles';
import type { HandleOptions, HandlesApi, HandlesFormat, OpenedDump } from './api';
import { Dumps } from './dumps';
import { fileOf } from './export';
import { handleOptions, whyNoFuncs } from './options';
import { Series } from './series';
import type { HandlesWanted, SnapshotInfo } from './view';

/** Programs of which snapshots are kept: a page may make any number of instances. */
const MOST = 8;

export class Tables implements HandlesApi {
  private readonly kept = new Map<string, Series>();
  private readonly dumps = new Dumps();
  private opened = 0;

  /**
   * @param programOf the program of an instance, as far as it has been read
   * @param programFor an open program by the key of its binary
   * @param openPrograms all that are open
   */
  constructor(
    private readonly programOf: (realm: string, instance: number) => Program | null,
    private readonly programFor: (key: string) => Program | null,
    private readonly openPrograms: () => Iterable<Program>,
  ) {}

  handleOptions(key: string): HandleOptions | null {
    const program = this.programFor(key);
    return program && handleOptions(program);
  }

  handlesTaken(realm: string, instance: number, table: HandleTable): Outcome<SnapshotInfo> {
    const place = placeOf(realm, instance);
    const series = this.kept.get(place) ?? new Series(() => this.programOf(realm, instance), whyNoFuncs);
    const taken = series.take(table, 'page');
    if (taken.ok) this.keep(place, series);
    return taken;
  }

  private keep(place: string, series: Series): void {
    this.kept.delete(place);
    this.kept.set(place, series);
    const [oldest] = this.kept.keys();
    if (this.kept.size > MOST) this.kept.delete(oldest);
  }

  handlesPreviewed(realm: string, instance: number, snapshot: number, previews: HandlePreviews): boolean {
    return this.of(realm, instance)?.preview(snapshot, previews) ?? false;
  }

  handlesSnapshots(realm: string, instance: number) {
    return this.of(realm, instance)?.infos() ?? [];
  }

  handlesView(realm: string, instance: number, wanted: HandlesWanted) {
    return this.of(realm, instance)?.view(wanted) ?? null;
  }

  handlesRows(realm: string, instance: number, from: number, count: number) {
    return this.of(realm, instance)?.rows(from, count) ?? [];
  }

  handlesDetail(realm: string, instance: number, snapshot: number, id: number, func: number) {
    return this.of(realm, instance)?.detail(snapshot, id, func) ?? null;
  }

  handlesSuspects(realm: string, instance: number, snapshot: number, against: number | null) {
    return this.of(realm, instance)?.suspects(snapshot, against) ?? [];
  }

  handlesReport(realm: string, instance: number, wanted: HandlesWanted) {
    const source = this.of(realm, instance)?.report(wanted);
    return source ? { ...source, handles: [...source.handles()] } : null;
  }

  handlesFile(realm: string, instance: number, wanted: HandlesWanted, format: HandlesFormat) {
    const source = this.of(realm, instance)?.report(wanted);
    return source ? fileOf(format, source) : null;
  }

  handlesForget(realm: string, instance: number): void {
    this.kept.delete(placeOf(realm, instance));
  }

  dumpBegin(realm: string, instance: number, parts: Omit<DumpParts, 'bytes'>, title: string) {
    return this.dumps.begin(this.programOf(realm, instance), parts, title);
  }

  dumpAdd(dump: number, bytes: Uint8Array): Promise<void> {
    return this.dumps.add(dump, bytes);
  }

  dumpEnd(dump: number): Blob | null {
    return this.dumps.end(dump);
  }

  async dumpOpen(file: Uint8Array, key: string | null): Promise<Outcome<OpenedDump>> {
    const read = lazily(() => decodeDump(file))();
    if (!read.ok) return read;
    const { about, table, previews } = read.value;
    const own = key === null ? null : this.programFor(key);
    if (key !== null && !own) return { ok: false, why: 'The module that the dump is to be read with is not open.' };
    if (own && !isModuleOf(own.module, about.fingerprint)) {
      return {
        ok: false,
        why: 'expected a dump of this module, and not of another one or another build at offset 0x0',
      };
    }
    const programOf = () => own ?? this.programWith(about.fingerprint);
    const series = new Series(programOf, whyNoFuncs);
    const taken = series.take(table, 'dump');
    if (!taken.ok) return taken;
    series.preview(taken.value.number, previews);
    const [realm, instance] = [`dump ${++this.opened}`, 1];
    this.keep(placeOf(realm, instance), series);
    return { ok: true, value: { realm, instance, title: about.title, known: programOf() !== null } };
  }

  private programWith(fingerprint: Uint8Array): Program | null {
    for (const program of this.openPrograms()) if (isModuleOf(program.module, fingerprint)) return program;
    return null;
  }

  private of(realm: string, instance: number): Series | undefined {
    return this.kept.get(placeOf(realm, instance));
  }
}

const placeOf = (realm: string, instance: number) => `${realm}#${instance}`;
