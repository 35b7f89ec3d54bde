/**
 * Session: every question a face may ask. Takes bytes and hook events, returns plain data (structured-cloneable).
 * Synchronous over bytes in hand; it never fetches. One per panel window (in a worker), per CLI call, per test.
 */
import { optionsOf, type ProgramOptions, Recordings, type RecordingsApi } from './bridge/recordings';
import { Malformed } from './bytes/malformed';
import type { Failure } from './failures/failure';
import { Load } from './failures/load';
import { type Pasted, pasteStack, pasteUnread } from './failures/paste';
import type { Binding } from './failures/tell';
import { packageOf } from './go/names';
import type { HandlesApi } from './handles/api';
import { Tables } from './handles/tables';
import { type Info, readInfo } from './info';
import { Program } from './program';
import type { HookEvent } from './protocol/messages';

export type { Pasted, PastedLine } from './failures/paste';
export type { Info } from './info';

/** Names one binary's bytes within a session, e.g. its URL or file name. Chosen by the face. */
export type ModuleKey = string;

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

export type Opened = { ok: true; info: Info } | { ok: false; why: string };

export type Mapped = { ok: true } | { ok: false; why: string };
/** Whether an exact line table is used from now on. */
export type LinesTaken = { ok: true } | { ok: false; why: string };

/** The whole face of a session; `panels/` reaches it through a worker, the CLI directly. */
export interface SessionApi extends RecordingsApi, HandlesApi {
  /** Reads a binary. Cheap when the key is already open with equal length. */
  open(key: ModuleKey, bytes: Uint8Array): Opened;
  /**
   * Has a source map asked about an open binary, which somebody else made for it. What was told of failures stays as it is
   * until their instances are bound anew. Costs nothing but itself when it cannot be read.
   */
  sourceMap(key: ModuleKey, text: string): Mapped;
  /** Hands in the exact line table (`.golines`) of an open binary; what is told from now on uses it. */
  lines(key: ModuleKey, bytes: Uint8Array): LinesTaken;
  /** Says that the bytes for a key cannot be had, so that failures can say why. */
  unavailable(key: ModuleKey, why: string): Change;
  /** Takes a second module that holds the debug information of an open one. Binding again tells failures with it. */
  symbols(key: ModuleKey, bytes: Uint8Array): Opened;
  /** Ties an instance to a binary; failures of it are told anew with names. */
  bind(realm: string, instance: number, key: ModuleKey): Change;
  /** One event of one realm, in the order it came. */
  seen(realm: string, event: HookEvent): Change;
  /** The frame navigated or closed: its instances are gone. */
  gone(realm: string): Change;
  /** The frame came back out of the back/forward cache; nothing for one that is new. */
  back(realm: string): Change;
  /** Symbolicates any text: engine stacks, Go tracebacks, log lines around them. */
  paste(key: ModuleKey, text: string): Pasted;
  /** What a recorder must know of an open binary; null when it cannot be read. @param sites whether call sites are wanted */
  recordOptions(key: ModuleKey, sites: boolean): ProgramOptions | null;
  /** Forgets failures (Clear). */
  clear(ids: string[]): void;
}

/** @returns an empty session. */
export function createSession(): SessionApi {
  return new Session();
}

class Session extends Recordings implements SessionApi {
  private readonly programs = new Map<ModuleKey, { program: Program; size: number; info: Info }>();
  private readonly whyNot = new Map<ModuleKey, string>();
  private readonly loads = new Map<string, Load>();
  /** Which binary each instance runs, and the binding made of it, kept identical so that what was told of it stays told. */
  private readonly bound = new Map<string, { key: ModuleKey; binding: Binding }>();
  private readonly told = new Map<string, Map<string, string>>();
  private readonly cleared = new Set<string>();
  private readonly tables = new Tables(
    (realm, instance) => this.runs(realm, instance),
    (key) => this.programs.get(key)?.program ?? null,
    () => this.all(),
  );

  constructor() {
    super(
      (realm, instance) => this.runs(realm, instance),
      () => this.all(),
    );
  }

  /** The program of an instance, as far as it has been read. */
  private runs(realm: string, instance: number): Program | null {
    return this.programs.get(this.bound.get(`${realm}#${instance}`)?.key ?? '')?.program ?? null;
  }

  private all(): Program[] {
    return [...this.programs.values()].map(({ program }) => program);
  }

  handleOptions: HandlesApi['handleOptions'] = (...about) => this.tables.handleOptions(...about);
  handlesTaken: HandlesApi['handlesTaken'] = (...about) => this.tables.handlesTaken(...about);
  handlesPreviewed: HandlesApi['handlesPreviewed'] = (...about) => this.tables.handlesPreviewed(...about);
  handlesSnapshots: HandlesApi['handlesSnapshots'] = (...about) => this.tables.handlesSnapshots(...about);
  handlesView: HandlesApi['handlesView'] = (...about) => this.tables.handlesView(...about);
  handlesRows: HandlesApi['handlesRows'] = (...about) => this.tables.handlesRows(...about);
  handlesDetail: HandlesApi['handlesDetail'] = (...about) => this.tables.handlesDetail(...about);
  handlesSuspects: HandlesApi['handlesSuspects'] = (...about) => this.tables.handlesSuspects(...about);
  handlesFile: HandlesApi['handlesFile'] = (...about) => this.tables.handlesFile(...about);
  handlesReport: HandlesApi['handlesReport'] = (...about) => this.tables.handlesReport(...about);
  handlesForget: HandlesApi['handlesForget'] = (...about) => this.tables.handlesForget(...about);
  dumpBegin: HandlesApi['dumpBegin'] = (...about) => this.tables.dumpBegin(...about);
  dumpAdd: HandlesApi['dumpAdd'] = (...about) => this.tables.dumpAdd(...about);
  dumpEnd: HandlesApi['dumpEnd'] = (...about) => this.tables.dumpEnd(...about);
  dumpOpen: HandlesApi['dumpOpen'] = (...about) => this.tables.dumpOpen(...about);

  recordOptions(key: ModuleKey, sites: boolean): ProgramOptions | null {
    const program = this.programs.get(key)?.program;
    return program ? optionsOf(program, sites) : null;
  }

  open(key: ModuleKey, bytes: Uint8Array): Opened {
    const known = this.programs.get(key);
    if (known?.size === bytes.length) return { ok: true, info: known.info };
    try {
      const program = new Program(bytes);
      const info = readInfo(program);
      this.programs.set(key, { program, size: bytes.length, info });
      this.whyNot.delete(key);
      return { ok: true, info };
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      this.whyNot.set(key, error.message);
      return { ok: false, why: error.message };
    }
  }

  symbols(key: ModuleKey, bytes: Uint8Array): Opened {
    const opened = this.programs.get(key);
    if (!opened) return { ok: false, why: this.whyNot.get(key) ?? 'The module has not been read yet' };
    const attached = opened.program.attachDebugInfo(bytes);
    if (!attached.ok) return attached;
    opened.info = readInfo(opened.program);
    return { ok: true, info: opened.info };
  }

  sourceMap(key: ModuleKey, text: string): Mapped {
    const opened = this.programs.get(key);
    if (!opened) return { ok: false, why: this.whyNot.get(key) ?? 'The module has not been read yet' };
    try {
      opened.program.attachMap(text);
      return { ok: true };
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      return { ok: false, why: error.message };
    }
  }

  lines(key: ModuleKey, bytes: Uint8Array): LinesTaken {
    const program = this.programs.get(key)?.program;
    if (!program) return { ok: false, why: this.whyNot.get(key) ?? 'The module has not been read yet' };
    const opened = program.attachLines(bytes);
    return opened.ok ? { ok: true } : { ok: false, why: opened.why };
  }

  unavailable(key: ModuleKey, why: string): Change {
    this.whyNot.set(key, why);
    const realms = new Set<string>();
    for (const [place, { key: boundKey }] of this.bound) {
      if (boundKey !== key) continue;
      this.bound.set(place, { key, binding: { why } });
      realms.add(place.slice(0, place.lastIndexOf('#')));
    }
    return this.changes([...realms]);
  }

  bind(realm: string, instance: number, key: ModuleKey): Change {
    this.bound.set(`${realm}#${instance}`, { key, binding: this.bindingTo(key) });
    return this.changes([realm]);
  }

  private bindingTo(key: ModuleKey): Binding {
    const opened = this.programs.get(key);
    if (!opened) return { why: this.whyNot.get(key) ?? 'The module has not been read yet' };
    const own = opened.info.modulePath;
    return {
      program: opened.program,
      own: (name) => {
        const path = packageOf(name);
        return path === 'main' || (own !== null && own !== '' && (path === own || path.startsWith(`${own}/`)));
      },
    };
  }

  seen(realm: string, event: HookEvent): Change {
    this.load(realm).add(event);
    return this.changes([realm]);
  }

  gone(realm: string): Change {
    this.loads.get(realm)?.leave();
    return this.changes([realm]);
  }

  back(realm: string): Change {
    this.loads.get(realm)?.comeBack();
    return this.changes([realm]);
  }

  private load(realm: string): Load {
    let load = this.loads.get(realm);
    if (!load) {
      load = new Load(realm, (instance) => this.bound.get(`${realm}#${instance}`)?.binding ?? null);
      this.loads.set(realm, load);
    }
    return load;
  }

  /** What differs from what was last told of these realms. */
  private changes(realms: string[]): Change {
    const change: Change = { failures: [], instances: [], removed: [] };
    for (const realm of realms) {
      const load = this.loads.get(realm);
      if (!load) continue;
      const before = this.told.get(realm) ?? new Map<string, string>();
      const now = new Map<string, string>();
      for (const failure of load.failures()) {
        if (this.cleared.has(failure.id)) continue;
        const print = fingerprint(failure);
        now.set(failure.id, print);
        if (before.get(failure.id) !== print) change.failures.push(failure);
      }
      for (const id of before.keys()) if (!now.has(id) && !this.cleared.has(id)) change.removed.push(id);
      this.told.set(realm, now);
      change.instances.push(...this.rows(realm, load));
    }
    return change;
  }

  private rows(realm: string, load: Load): InstanceRow[] {
    return [...load.instances].map(([instance, { seen, state, exitCode }]) => ({
      realm,
      instance,
      module: this.bound.get(`${realm}#${instance}`)?.key ?? null,
      url: seen.url,
      state,
      exitCode,
      startedAt: seen.at,
    }));
  }

  paste(key: ModuleKey, text: string): Pasted {
    const opened = this.programs.get(key);
    return opened
      ? pasteStack(opened.program, text)
      : pasteUnread(text, this.whyNot.get(key) ?? 'The module has not been read yet');
  }

  clear(ids: string[]): void {
    for (const id of ids) this.cleared.add(id);
  }
}

/** What a face would show differently: all but the stack in full, which only a new binding changes. */
function fingerprint(failure: Failure): string {
  const { stack, raw, message, ...rest } = failure;
  return JSON.stringify({ ...rest, complete: stack.complete, counts: stack.counts, note: stack.note });
}
