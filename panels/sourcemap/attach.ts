/**
 * Gives DevTools a source map for each Go module of the page, at every load, without a word to the page. Runs in the hidden
 * page that exists as long as DevTools is open, so that the Console reads Go whether our panel was opened or not.
 *
 * A module that DevTools names by its URL is fetched as the frame has loaded it, or taken out of the Network panel's log where
 * no frame has it: a page is held up by the log for longer, for its thread writes the file as text. What is no `.wasm` by its URL is told by the hook, or by that log. One that was compiled from bytes has a URL
 * of V8's own: the hook has its bytes, and the log those of files of its length, which is how workers' are had.
 */
import type { LoadedFile } from '../../src/extension/loads';
import type { ScriptResource } from '../../src/extension/wasm-resources';
import type { Realm } from '../../src/protocol/messages';
import type { Target } from '../../src/target';
import { fingerprint } from '../fingerprint';
import { sameOrigin } from '../origin';
import { scriptURL } from './attached';
import { type GiverParts, MapGiver, type MappedModule, reason } from './giver';
import { NamelessModules } from './nameless';

export interface AttachParts extends GiverParts {
  target: Target & { file(realm: string, url: string, wanted: (head: string) => boolean): Promise<Uint8Array | null> };
  onScript(listener: (resource: ScriptResource) => void): () => void;
  onLoaded(listener: (file: LoadedFile) => void): () => void;
  /** The top frame goes to another document. */
  onNavigated(listener: () => void): () => void;
  /** The exact line table that lies beside a module, null when there is none. */
  lines(module: string): Promise<Uint8Array | null>;
}

/** Milliseconds after which a module of which no frame knows is given up, and after which the log is asked that has it. */
const REALM_WAIT = 5000;
const LOG_WAIT = 500;
/** Shorter files are no Go programs, and V8 names no module of fewer bytes by its length. */
const LEAST = 16_384;
/** Characters of a module that `mayBeGo` is asked of. */
const HEAD = 65_536;

enum Most {
  /** Scripts that may turn out to be WebAssembly: a page of a thousand JavaScript modules is nothing rare. */
  Others = 4096,
  /** Files of the log, and URLs that are known to be WebAssembly's. */
  Loaded = 256,
}

/** @returns whether the head of a file may be Go's: imports of wasm_exec.js or WASI, or the linker's build id */
export const mayBeGo = (head: string): boolean => /runtime\.wasmExit|go[:.]buildid|wasi_snapshot_preview1/.test(head);

/** @returns `again` attaches the maps of this load once more, with the texts that are there now */
export function attachMaps(parts: AttachParts): { stop(): void; again(): void } {
  const attacher = new Attacher(parts);
  const stops = [
    attacher.listen(),
    parts.onLoaded((file) => attacher.loaded(file)),
    parts.onNavigated(() => attacher.navigated()),
    parts.onScript((resource) => attacher.script(resource)),
  ];
  return {
    stop: () => {
      for (const stop of stops) stop();
    },
    again: () => attacher.again(),
  };
}

class Attacher {
  private readonly realms = new Map<string, Realm>();
  private readonly giver: MapGiver;
  private readonly nameless: NamelessModules;
  /** Scripts that are not known to be WebAssembly, by URL. */
  private readonly others = new Map<string, ScriptResource>();
  /** URLs that are known to be WebAssembly's, whatever they look like. */
  private readonly told = new Set<string>();
  private readonly loads = new Set<LoadedFile>();
  /** Files of the log that were looked into, because a script has their length. */
  private readonly taken = new WeakMap<LoadedFile, Promise<void>>();
  private readonly wakes = new Set<() => void>();

  constructor(private readonly parts: AttachParts) {
    this.giver = new MapGiver(parts, (realm) => (this.realms.get(realm) ?? this.top())?.url ?? '');
    this.nameless = new NamelessModules(this.giver);
  }

  listen(): () => void {
    return this.parts.target.listen({
      realm: (realm) => {
        this.realms.set(realm.id, realm);
        for (const wake of [...this.wakes]) wake();
      },
      event: (realm, event) => {
        if (event.type !== 'module') return;
        if (event.bytes === 'kept') void this.kept(realm, event.instance);
        else if (event.url) this.isModule(event.url);
      },
      missed: () => {},
      gone: (realm) => {
        this.realms.delete(realm);
        this.gone(realm);
      },
    });
  }

  private gone(realm: string): void {
    this.giver.gone(realm);
    void this.nameless.gone(realm);
  }

  script(resource: ScriptResource): void {
    const { url, wasm } = resource;
    if (url.startsWith('wasm://')) {
      const files = [...this.loads].filter(({ size }) => scriptURL(size) === url);
      void this.nameless.script(
        resource,
        files.map((file) => () => this.take(file)),
      );
    } else if (wasm || /^(?:blob|data):/.test(url) || this.told.has(url)) {
      void this.attach(resource);
    } else {
      this.others.set(url, resource);
      drop(this.others, Most.Others);
    }
  }

  loaded(file: LoadedFile): void {
    if (file.size < LEAST) return;
    this.loads.add(file);
    drop(this.loads, Most.Loaded);
    if (/^application\/wasm\b/i.test(file.type)) this.isModule(file.url);
    // It may be another of the length of one that has its map.
    if (this.nameless.has(scriptURL(file.size))) void this.take(file);
  }

  navigated(): void {
    this.loads.clear();
    this.others.clear();
    this.told.clear();
    this.gone('');
  }

  again(): void {
    this.giver.again();
  }

  private isModule(url: string): void {
    this.told.add(url);
    drop(this.told, Most.Loaded);
    const resource = this.others.get(url);
    if (!resource) return;
    this.others.delete(url);
    void this.attach(resource);
  }

  private async attach(resource: ScriptResource): Promise<void> {
    const since = performance.now();
    const http = resource.url.startsWith('http');
    // Other URLs are no names to show: the panel knows these modules by their length, as it does those compiled from bytes.
    let url = http ? resource.url : '';
    try {
      const found = await this.find(resource.url);
      if (!found) return;
      const { bytes, realm } = found;
      url ||= scriptURL(bytes.length);
      this.giver.teller(url, since)('making');
      const module = await this.map(url, bytes, realm, http ? await this.parts.lines(url) : null);
      if (module) await this.giver.give(resource, since, module);
    } catch (error) {
      if (url) this.giver.teller(url, since)('failed', reason(error));
    }
  }

  /** The hook has a module's bytes. */
  private async kept(realm: string, instance: number): Promise<void> {
    try {
      const bytes = await this.parts.target.bytes(realm, instance);
      await this.compiled(bytes, realm);
    } catch {
      // The page is gone, or it has not kept them: then there is nothing to attach to.
    }
  }

  /** Looks into a file of the log whose length is that of a module without a URL. */
  private take(file: LoadedFile): Promise<void> {
    const taken = this.taken.get(file) ?? this.look(file);
    this.taken.set(file, taken);
    return taken;
  }

  private async look(file: LoadedFile): Promise<void> {
    try {
      const bytes = await file.content();
      if (isGo(bytes)) await this.compiled(bytes, '');
    } catch {
      // The log has not kept it. The hook may have.
    }
  }

  private async compiled(bytes: Uint8Array, realm: string): Promise<void> {
    const url = scriptURL(bytes.length);
    try {
      const module = await this.map(url, bytes, realm, null);
      if (module) await this.nameless.module(module);
    } catch (error) {
      this.giver.teller(url, performance.now())('failed', reason(error));
    }
  }

  /** @returns null for what Go has not made. Throws for Go's modules that cannot be read */
  private async map(
    url: string,
    bytes: Uint8Array,
    realm: string,
    lines: Uint8Array | null,
  ): Promise<MappedModule | null> {
    const key = `${await fingerprint(bytes)} ${lines ? await fingerprint(lines) : ''}`;
    const making = await this.parts.maker.make(key, bytes, lines);
    if (making.ok) return { url, key, made: making.made, realm };
    if (/made by Go/.test(making.why)) return null;
    throw new Error(making.why);
  }

  /** The bytes behind a URL; null when no one has them, or when they are not Go's. */
  private async find(url: string): Promise<{ bytes: Uint8Array; realm: string } | null> {
    const loaded = [...this.loads].reverse().find((file) => file.url === url);
    // A blob belongs to one frame or worker, and its URL may be revoked by now.
    const realm = loaded && url.startsWith('blob:') ? null : await this.realmFor(url, loaded ? LOG_WAIT : REALM_WAIT);
    try {
      const bytes = realm && (await this.parts.target.file(realm.id, url, mayBeGo));
      if (realm || !loaded) return bytes && { bytes, realm: realm?.id ?? '' };
    } catch (error) {
      if (!loaded) throw error;
    }
    const bytes = await loaded.content();
    return isGo(bytes) ? { bytes, realm: '' } : null;
  }

  private top(): Realm | undefined {
    const realms = [...this.realms.values()];
    return realms.find(({ top }) => top) ?? realms[0];
  }

  /** The frame to ask for a file: one of the same site if there is any. Waits for the page's first frame. */
  private async realmFor(url: string, patience: number): Promise<Realm | null> {
    const find = () => [...this.realms.values()].find((realm) => sameOrigin(realm.url, url)) ?? this.top();
    const found = find();
    if (found) return found;
    return new Promise((resolve) => {
      const wake = () => {
        this.wakes.delete(wake);
        resolve(find() ?? null);
      };
      this.wakes.add(wake);
      setTimeout(wake, patience);
    });
  }
}

const isGo = (bytes: Uint8Array) => mayBeGo(new TextDecoder('latin1').decode(bytes.subarray(0, HEAD)));

/** Forgets the oldest. */
function drop<K>(items: { size: number; keys(): Iterator<K>; delete(key: K): boolean }, most: number): void {
  if (items.size > most) items.delete(items.keys().next().value as K);
}
