/**
 * Gives DevTools a source map for each Go module of the page, at every load, without a word to the page. Runs in the hidden
 * page that exists as long as DevTools is open, so that the Console reads Go whether our panel was opened or not.
 *
 * A module that DevTools names by its URL is fetched as the frame has loaded it. One that was compiled from bytes has a URL
 * of V8's own, and the hook has its bytes: see `scriptURL`.
 */
import type { WasmResource } from '../../src/extension/wasm-resources';
import type { MadeMap, MapMaker } from '../../src/map-maker';
import type { Remote } from '../../src/protocol/channel';
import type { Realm } from '../../src/protocol/messages';
import type { Target } from '../../src/target';
import { fingerprint } from '../fingerprint';
import { sameOrigin } from '../origin';
import { type Attached, scriptURL } from './attached';

export interface AttachParts {
  target: Target & { file(realm: string, url: string, wanted: (head: string) => boolean): Promise<Uint8Array | null> };
  maker: Remote<MapMaker>;
  onWasmResource(listener: (resource: WasmResource) => void): () => void;
  /** The exact line table that lies beside a module, null when there is none. */
  lines(module: string): Promise<Uint8Array | null>;
  /** Texts of the map's files, null for those that cannot be had. @param page URL of the document */
  texts(made: MadeMap, module: string, page: string): Promise<(string | null)[]>;
  tell(attached: Attached): void;
}

/** Milliseconds that a map waits for the texts of its sources; what comes later comes with a second map. */
const TEXTS_WAIT = 400;
/** Milliseconds after which a module of which no frame knows is given up. */
const REALM_WAIT = 5000;
/** Modules compiled from bytes that are remembered. */
const MOST_NAMELESS = 64;

/** @returns whether the head of a file may be Go's: imports of wasm_exec.js or WASI, or the linker's build id */
export const mayBeGo = (head: string): boolean => /runtime\.wasmExit|go[:.]buildid|wasi_snapshot_preview1/.test(head);

/** A module that has been given its map in this load. */
interface Done {
  resource: WasmResource;
  key: string;
  made: MadeMap;
  realm: string;
  /** Of several that are under way the latest attaches. */
  turn: number;
}

/** A module that the hook keeps the bytes of. */
interface Kept {
  realm: string;
  url: string;
  key: string;
  made: MadeMap;
}

/** @returns `again` attaches the maps of this load once more, with the texts that are there now */
export function attachMaps(parts: AttachParts): { stop(): void; again(): void } {
  const attacher = new Attacher(parts);
  const stops = [attacher.listen(), parts.onWasmResource((resource) => void attacher.add(resource))];
  return {
    stop: () => {
      for (const stop of stops) stop();
    },
    again: () => attacher.again(),
  };
}

class Attacher {
  private readonly realms = new Map<string, Realm>();
  private readonly kept: Kept[] = [];
  /** Told by DevTools: modules without a URL, and whose map each has got; null for none yet. */
  private nameless: { resource: WasmResource; since: number; kept: Kept | null }[] = [];
  private done: Done[] = [];
  private readonly wakes = new Set<() => void>();

  constructor(private readonly parts: AttachParts) {}

  listen(): () => void {
    return this.parts.target.listen({
      realm: (realm) => {
        this.realms.set(realm.id, realm);
        for (const wake of [...this.wakes]) wake();
      },
      event: (realm, event) => {
        if (event.type === 'module' && event.bytes === 'kept') void this.keep(realm, event.instance);
      },
      missed: () => {},
      gone: (realm) => {
        this.realms.delete(realm);
        this.nameless = this.nameless.filter(({ kept }) => kept?.realm !== realm);
        for (let i = this.kept.length - 1; i >= 0; i--) if (this.kept[i].realm === realm) this.kept.splice(i, 1);
        this.done = this.done.filter((each) => each.realm !== realm);
      },
    });
  }

  async add(resource: WasmResource): Promise<void> {
    const since = performance.now();
    if (resource.url.startsWith('wasm://')) {
      // Small modules of any language are told so too; of those the hook never speaks.
      this.nameless = [...this.nameless.slice(1 - MOST_NAMELESS), { resource, since, kept: null }];
      const kept = this.kept.find(({ url }) => url === resource.url);
      if (kept) await this.give(kept);
      return;
    }
    const say = this.teller(resource.url, since);
    try {
      const realm = await this.realmFor(resource.url);
      if (!realm) return;
      const bytes = await this.parts.target.file(realm.id, resource.url, mayBeGo);
      if (!bytes) return;
      say('making');
      const lines = await this.parts.lines(resource.url);
      const key = `${await fingerprint(bytes)} ${lines ? await fingerprint(lines) : ''}`;
      const making = await this.parts.maker.make(key, bytes, lines);
      if (making.ok) await this.finish(resource, since, key, making.made, realm.id);
      else if (!/made by Go/.test(making.why)) say('failed', making.why);
    } catch (error) {
      say('failed', reason(error));
    }
  }

  again(): void {
    for (const { resource, key, made, realm } of this.done)
      void this.finish(resource, performance.now(), key, made, realm);
  }

  private async keep(realm: string, instance: number): Promise<void> {
    try {
      const bytes = await this.parts.target.bytes(realm, instance);
      const url = scriptURL(bytes.length);
      const key = await fingerprint(bytes);
      const making = await this.parts.maker.make(key, bytes, null);
      if (!making.ok) return this.teller(url, performance.now())('failed', making.why);
      // Another module of the same length: V8 gives both one name.
      if (this.kept.some((each) => each.url === url && each.key !== key)) {
        this.teller(url, performance.now())('failed', 'two modules of this page have the same length');
        return;
      }
      const kept = { realm, url, key, made: making.made };
      this.kept.push(kept);
      await this.give(kept);
    } catch {
      // The page is gone, or it has not kept them: then there is nothing to attach to.
    }
  }

  /** Gives its map to the scripts that have its name. One that has another is of an earlier load. */
  private async give(kept: Kept): Promise<void> {
    for (const each of this.nameless) {
      if (each.resource.url !== kept.url || each.kept?.key === kept.key) continue;
      each.kept = kept;
      await this.finish(each.resource, each.since, kept.key, kept.made, kept.realm);
    }
  }

  /** Attaches the map, with the texts that are there in time, and once more when more have come. */
  private async finish(resource: WasmResource, since: number, key: string, made: MadeMap, realm: string) {
    const { parts } = this;
    const say = this.teller(resource.url, since);
    const done = this.remember(resource, key, made, realm);
    const turn = ++done.turn;
    try {
      const none: null[] = made.files.map(() => null);
      const asked = parts.texts(made, resource.url, this.realms.get(realm)?.url ?? '').catch(() => none);
      const first = await Promise.race([asked, late(TEXTS_WAIT)]);
      const attach = async (texts: (string | null)[]) => {
        if (turn !== done.turn) return;
        const map = await parts.maker.url(key, texts);
        // Only the latest maps are kept.
        const why = map ? await resource.attach(map) : 'too many modules on this page: reload it';
        const count = texts.filter((text) => text !== null).length;
        say(why ? 'failed' : 'attached', why, {
          ...{ places: made.places, files: made.files.length, texts: count, lines: made.lines },
        });
      };
      await attach(first ?? none);
      if (!first) {
        const texts = await asked;
        if (texts.some((text) => text !== null)) await attach(texts);
      }
    } catch (error) {
      say('failed', reason(error));
    }
  }

  private remember(resource: WasmResource, key: string, made: MadeMap, realm: string): Done {
    const known = this.done.find((each) => each.resource === resource);
    if (known) return known;
    const done: Done = { resource, key, made, realm, turn: 0 };
    this.done.push(done);
    return done;
  }

  private teller(url: string, since: number) {
    return (phase: Attached['phase'], why = '', counts = { places: 0, files: 0, texts: 0, lines: '' }) =>
      this.parts.tell({ url, phase, why, ...counts, ms: performance.now() - since });
  }

  /** The frame to ask for a file: one of the same site if there is any. Waits for the page's first frame. */
  private async realmFor(url: string): Promise<Realm | null> {
    const find = () => {
      const realms = [...this.realms.values()];
      return realms.find((realm) => sameOrigin(realm.url, url)) ?? realms.find(({ top }) => top) ?? realms[0];
    };
    const found = find();
    if (found) return found;
    return new Promise((resolve) => {
      const wake = () => {
        this.wakes.delete(wake);
        resolve(find() ?? null);
      };
      this.wakes.add(wake);
      setTimeout(wake, REALM_WAIT);
    });
  }
}

const late = (milliseconds: number) => new Promise<null>((resolve) => setTimeout(resolve, milliseconds, null));

const reason = (error: unknown) => (error instanceof Error ? error.message : String(error));
