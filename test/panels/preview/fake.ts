/** A window, a target and a session that need no browser extension and no Go: they tell what a scenario holds. */

import { workerSession } from '../../../panels/session';
import type { Attached } from '../../../panels/sourcemap/attached';
import type { PanelWindow, SiteState, Theme } from '../../../panels/window';
import { Recordings, type RecordingsApi } from '../../../src/bridge/recordings';
import type { Failure, FrameRow } from '../../../src/failures/failure';
import type { HandlesApi } from '../../../src/handles/api';
import { Tables } from '../../../src/handles/tables';
import type { Program } from '../../../src/program';
import type { Remote } from '../../../src/protocol/channel';
import type { HookEvent, Realm } from '../../../src/protocol/messages';
import type { RecordBatch } from '../../../src/protocol/recording';
import type { Change, Info, InstanceRow, Pasted, SessionApi } from '../../../src/session';
import type { Target, TargetListener } from '../../../src/target';
import { paint } from '../../bridge/made';
import type { PaintPage } from './paint-page';

export interface Scenario {
  realms: Realm[];
  /** Events that were not kept, of the first realm. */
  missed?: number;
  instances: InstanceRow[];
  failures: Failure[];
  info: Info | null;
  /** How long the module's bytes take to come, ms; Infinity for never. */
  delay: number;
  /** Why they cannot be had, or ''. */
  problem: string;
  /** They cannot be had only for their size. */
  tooLarge?: boolean;
  /** The module's bytes, where they matter. */
  module?(): Promise<Uint8Array>;
  site: SiteState;
  theme: Theme;
  sources: Record<string, string>;
  maps: Attached[];
  /** A wasm file on the page that no Go instance belongs to. */
  foreign: Info | null;
  /** What is recorded as soon as the page is there. */
  recording?: Recording;
  /** The page whose handles are told, once earlier snapshots of it have been taken. @param tables where they go */
  handles?(tables: Remote<HandlesApi>, realm: string): Promise<PaintPage>;
  /** What a pasted text becomes. */
  paste(text: string): Pasted;
}

/** A recording of the last realm's program. */
export interface Recording {
  batches(): Iterable<RecordBatch> | Promise<RecordBatch[]>;
  /** The recorder is in the document. */
  there: boolean;
  /** It goes on. */
  on: boolean;
}

/** What the panel asked the window to do, for tests. */
export interface Log {
  opened: string[];
  fetched: string[];
  reloads: number;
  /** Orders to record: one call in so many is timed; `off` ends it. */
  records: string[];
  /** Orders to watch who makes handles, by realm; `off` ends it. */
  watches: string[];
  /** `bridge on`. */
  armed: string[];
  /** Handles that were shown in Elements. */
  inspected: number[];
  /** Rows of handles that were asked for. */
  rows: { from: number; count: number }[];
}

export interface Fake {
  window: PanelWindow;
  target: Target & { listener: TargetListener | null };
  session: Remote<SessionApi>;
  /** null until it is there. */
  page: PaintPage | null;
  /** How long rows of handles take to come, ms. */
  rowsTake: number;
  log: Log;
  setTheme(theme: Theme): void;
}

const NOTHING: Change = { failures: [], instances: [], removed: [] };

export function fake(scenario: Scenario): Fake {
  const log: Log = {
    opened: [],
    fetched: [],
    reloads: 0,
    records: [],
    watches: [],
    armed: [],
    inspected: [],
    rows: [],
  };
  let onTheme: (theme: Theme) => void = () => undefined;
  const window: PanelWindow = {
    theme: () => scenario.theme,
    onTheme: (listener) => {
      onTheme = listener;
    },
    url: async () => scenario.realms.at(-1)?.url ?? 'http://localhost:8080/',
    onNavigated: () => undefined,
    reload: () => {
      log.reloads++;
    },
    onProfiling: () => {},
    arm: async (what, on) => {
      log.armed.push(`${what} ${on ? 'on' : 'off'}`);
    },
    inspect: async (_, __, id) => {
      log.inspected.push(id);
      return '';
    },
    openResource: async (url, line, column) => {
      log.opened.push(`${url}:${line}:${column}`);
      return true;
    },
    fetchText: async (url) => {
      log.fetched.push(url);
      return scenario.sources[new URL(url).pathname] ?? null;
    },
    fetchFile: async () => null,
    sourceMapHeader: async () => null,
    wasmOnPage: async () => (scenario.foreign ? ['http://localhost:8080/app.wasm'] : []),
    fetchBytes: async () => new Uint8Array(8),
    onSourceMap: (listener) => {
      for (const attached of scenario.maps) listener(attached);
    },
    sites: {
      state: async () => scenario.site,
      enable: async () => true,
      enableAll: async () => true,
      list: async () => ['*://example.com/*'],
      disable: async () => undefined,
    },
  };

  const target: Fake['target'] = {
    listener: null,
    listen(listener) {
      target.listener = listener;
      for (const realm of scenario.realms) {
        listener.realm(realm, true);
        if (scenario.missed && realm === scenario.realms[0]) listener.missed(realm.id, scenario.missed);
        let seq = 0;
        for (const row of scenario.instances.filter((each) => each.realm === realm.id)) {
          listener.event(realm.id, moduleSeen(row, ++seq));
        }
        for (const failure of scenario.failures.filter((each) => each.realm === realm.id)) {
          listener.event(realm.id, errorSeen(failure, ++seq));
        }
      }
      return () => undefined;
    },
    track: () => {},
    record: (realm, options) => {
      log.records.push(`${realm} ${options ? options.every : 'off'}`);
    },
    watch: (realm, options) => {
      log.watches.push(`${realm} ${options ? 'on' : 'off'}`);
    },
    handles: async (_, question) => {
      const page = await there;
      if (!page) throw new Error('The page does not answer.');
      return page.answer(question);
    },
    bytes: () =>
      new Promise((resolve, reject) => {
        if (scenario.delay === Number.POSITIVE_INFINITY) return;
        setTimeout(() => {
          if (scenario.problem) reject(new (scenario.tooLarge ? RangeError : Error)(scenario.problem));
          else resolve(scenario.module ? scenario.module() : new Uint8Array(8));
        }, scenario.delay);
      }),
  };

  const own: Omit<Remote<SessionApi>, keyof RecordingsApi | keyof HandlesApi> & Partial<Remote<HandlesApi>> = {
    handleOptions: async () => ({
      watch: { frames: null, staticLow: 0, staticHigh: 0 },
      table: { funcs: null, numgc: 0 },
    }),
    recordOptions: async () => ({ frames: null, staticLow: 0, staticHigh: 0 }),
    open: async (key) => {
      const info = key.startsWith('http') ? scenario.foreign : scenario.info;
      return info ? { ok: true, info } : { ok: false, why: 'expected the wasm magic number, at offset 0' };
    },
    symbols: async () => ({ ok: false, why: 'the second module is of another build' }),
    sourceMap: async () => ({ ok: true }),
    lines: async () => ({ ok: false, why: 'not part of the preview' }),
    unavailable: async () => NOTHING,
    bind: async () => NOTHING,
    seen: async (realm, event) => {
      if (event.type === 'module') {
        const row = scenario.instances.find((each) => each.realm === realm && each.instance === event.instance);
        return { ...NOTHING, instances: row ? [row] : [] };
      }
      const failure = scenario.failures.find((each) => event.type === 'error' && each.id === event.message);
      return { ...NOTHING, failures: failure ? [failure] : [] };
    },
    gone: async () => NOTHING,
    back: async () => NOTHING,
    paste: async (_, text) => scenario.paste(text),
    clear: async () => undefined,
  };
  // Recordings and tables are kept and read as they really are; only their programs are made up. Tables are kept in a worker: session.worker.ts.
  const painting = paint as unknown as Program;
  const recordings = new Recordings(
    () => painting,
    () => [painting],
  );
  const tables = workerSession();
  const realm = scenario.realms.at(-1)?.id ?? '';
  const there = scenario.handles?.(tables, realm) ?? Promise.resolve(null);
  void there.then((page) => {
    made.page = page;
  });
  const recorded = inThread(recordings as unknown as SessionApi);
  const session = new Proxy({} as Remote<SessionApi>, {
    get(_, method) {
      const isOfTables = method in Tables.prototype;
      const found = Reflect.get(own, method) ?? Reflect.get(isOfTables ? tables : recorded, method);
      if (!isOfTables) return found;
      return async (...args: unknown[]) => {
        if (method === 'handlesRows') {
          log.rows.push({ from: Number(args[2]), count: Number(args[3]) });
          if (made.rowsTake) await new Promise((done) => setTimeout(done, made.rowsTake));
        }
        // Earlier snapshots come first.
        await there;
        return found(...args);
      };
    },
  });
  const made: Fake = { window, target, session, page: null, rowsTake: 0, log, setTheme: (theme) => onTheme(theme) };
  return made;
}

function moduleSeen(row: InstanceRow, seq: number): HookEvent {
  const { instance, url, startedAt } = row;
  return {
    ...{ type: 'module', seq, instance, url, bytes: 'url', how: 'instantiateStreaming' },
    ...{ namespace: 'gojs', at: startedAt },
  } as HookEvent;
}

/** Carries the id of the failure the fake session answers with. */
function errorSeen(failure: Failure, seq: number): HookEvent {
  return { type: 'error', seq, how: 'error', name: '', message: failure.id, stack: '', captures: [], at: failure.at };
}

/** The real session, in the page's own thread. */
export function inThread(session: SessionApi): Remote<SessionApi> {
  return new Proxy({} as Remote<SessionApi>, {
    get:
      (_, method: keyof SessionApi) =>
      async (...args: unknown[]) =>
        (session[method] as (...all: unknown[]) => unknown).apply(session, args),
  });
}

/** Gives every line with `wasm-function[` the given frames in turn; the rest stays text. */
export function pasteAs(frames: FrameRow[], warning = ''): (text: string) => Pasted {
  return (text) => {
    let next = 0;
    const lines = text.split('\n').map((input) => ({
      input,
      rows: /wasm-function\[/.test(input) && next < frames.length ? [frames[next++]] : [],
    }));
    const stack = lines.flatMap((line) => line.rows);
    return { lines, stack, frames: stack.length, misfits: warning ? 1 : 0, warning };
  };
}
