/**
 * Scripts of modules without a URL, which DevTools names by their length alone (`scriptURL`), and the modules that each may be.
 * Where two different ones have one length neither is guessed: a map that is attached by then is taken back.
 */
import type { ScriptResource } from '../../src/extension/wasm-resources';
import type { MapGiver, MappedModule } from './giver';

/** Milliseconds within which the hook tells of a module after DevTools does. It runs in no worker. */
const HOOK_WAIT = 250;
/** Scripts that are remembered, small ones of any language among them. */
const MOST = 64;

interface Nameless {
  resource: ScriptResource;
  since: number;
  /** Whether all is known that it may be, as far as the log tells. */
  ready: boolean;
  /** Whose map it has got. */
  module: MappedModule | null;
}

export class NamelessModules {
  private scripts: Nameless[] = [];
  private modules: MappedModule[] = [];
  private readonly waits = new Set<(url: string) => void>();

  constructor(private readonly giver: MapGiver) {}

  /** @returns whether DevTools has told of a script of this name */
  has(url: string): boolean {
    return this.scripts.some(({ resource }) => resource.url === url);
  }

  /**
   * DevTools has told of a script.
   * @param files each looks into a file of the script's length, and tells when it is a module. One alone is left alone when
   *   the hook tells of a module of that length: it is the same
   */
  async script(resource: ScriptResource, files: readonly (() => Promise<void>)[]): Promise<void> {
    const { url } = resource;
    const script = { resource, since: performance.now(), ready: false, module: null };
    this.scripts = [...this.scripts.slice(1 - MOST), script];
    if (files.length > 1 || (files.length === 1 && !(await this.told(url)))) {
      await Promise.all(files.map((look) => look()));
    }
    script.ready = true;
    await this.settle(url);
  }

  /** @returns whether a module of this name is told soon; one that is known may be of an earlier load */
  private told(url: string): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (told: boolean) => {
        this.waits.delete(wait);
        resolve(told);
      };
      const wait = (name: string) => name === url && done(true);
      this.waits.add(wait);
      setTimeout(done, HOOK_WAIT, false);
    });
  }

  /** A module without a URL is in the page. */
  async module(module: MappedModule): Promise<void> {
    const { url, key, realm } = module;
    if (!this.modules.some((each) => each.url === url && each.key === key && each.realm === realm)) {
      this.modules = [...this.modules.slice(1 - MOST), module];
    }
    for (const wait of [...this.waits]) wait(url);
    await this.settle(url);
  }

  /** A document is gone; '' for the page's top one. What was of two modules may be of one now. */
  async gone(realm: string): Promise<void> {
    this.modules = this.modules.filter((module) => module.realm !== realm);
    this.scripts = this.scripts.filter(({ module }) => module?.realm !== realm);
    const names = new Set(this.modules.map(({ url }) => url));
    await Promise.all([...names].map((url) => this.settle(url)));
  }

  private async settle(url: string): Promise<void> {
    const [module, ...others] = this.modules.filter((each) => each.url === url);
    if (!module) return;
    const scripts = this.scripts.filter(({ resource }) => resource.url === url);
    if (others.some(({ key }) => key !== module.key)) {
      for (const script of scripts) script.module = null;
      await Promise.all(scripts.map(({ resource }) => this.giver.takeBack(resource)));
      this.giver.teller(url, performance.now())('failed', 'two modules of this page have the same length');
      return;
    }
    const waiting = scripts.filter((script) => script.ready && script.module?.key !== module.key);
    for (const script of waiting) script.module = module;
    await Promise.all(waiting.map(({ resource, since }) => this.giver.give(resource, since, module)));
  }
}
