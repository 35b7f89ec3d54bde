/**
 * Hands maps over to DevTools, each with the texts that are there in time, and once more when more have come; takes back
 * what was wrong. Tells what became of each.
 */
import type { ScriptResource } from '../../src/extension/wasm-resources';
import type { MadeMap, MapMaker } from '../../src/map-maker';
import type { Remote } from '../../src/protocol/channel';
import type { Attached } from './attached';

export interface GiverParts {
  maker: Remote<MapMaker>;
  /** Texts of the map's files, null for those that cannot be had. @param page URL of the document */
  texts(made: MadeMap, module: string, page: string): Promise<(string | null)[]>;
  tell(attached: Attached): void;
}

/** A Go module whose map is made. */
export interface MappedModule {
  /** The name it is told under: its URL, or `scriptURL` of its length where that is none to show. */
  url: string;
  /** Under which the maker keeps its map. */
  key: string;
  made: MadeMap;
  /** Id of the document that has it; '' for one out of the log, which may be any frame's or worker's of the page. */
  realm: string;
}

/** Milliseconds that a map waits for the texts of its sources; what comes later comes with a second map. */
const TEXTS_WAIT = 400;

/** Says of a script that it has no sources, so that DevTools shows it as without a map. */
const NO_MAP = 'data:application/json,{"version":3,"sources":[],"names":[],"mappings":""}';

/** A script that has been given its map. */
interface Given {
  resource: ScriptResource;
  module: MappedModule;
  /** Of several that are under way the latest attaches. */
  turn: number;
}

export class MapGiver {
  private given: Given[] = [];

  /** @param page URL of the document with this id, of the page's for '' */
  constructor(
    private readonly parts: GiverParts,
    private readonly page: (realm: string) => string,
  ) {}

  /** @param since `performance.now()` of when DevTools told of the script */
  async give(resource: ScriptResource, since: number, module: MappedModule): Promise<void> {
    const { parts } = this;
    const { key, made, realm, url } = module;
    const say = this.teller(url, since);
    const given = this.remember(resource, module);
    const turn = ++given.turn;
    try {
      const none: null[] = made.files.map(() => null);
      const asked = parts.texts(made, url, this.page(realm)).catch(() => none);
      const first = await Promise.race([asked, late(TEXTS_WAIT)]);
      const attach = async (texts: (string | null)[]) => {
        if (turn !== given.turn) return;
        const map = await parts.maker.url(key, texts);
        if (turn !== given.turn) return;
        // Only the latest maps are kept.
        const why = map ? await resource.attach(map) : 'too many modules on this page: reload it';
        if (turn !== given.turn) return;
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

  /** Puts an empty map in the place of the one that the script has, or is about to get. */
  async takeBack(resource: ScriptResource): Promise<void> {
    const given = this.given.find((each) => each.resource === resource);
    if (!given) return;
    given.turn++;
    this.given = this.given.filter((each) => each !== given);
    await resource.attach(NO_MAP);
  }

  /** Gives the maps of this load once more, with the texts that are there now. */
  again(): void {
    for (const { resource, module } of this.given) void this.give(resource, performance.now(), module);
  }

  /** A document is gone; '' for the page's top one. */
  gone(realm: string): void {
    this.given = this.given.filter(({ module }) => module.realm !== realm);
  }

  teller(url: string, since: number) {
    return (phase: Attached['phase'], why = '', counts = { places: 0, files: 0, texts: 0, lines: '' }) =>
      this.parts.tell({ url, phase, why, ...counts, ms: performance.now() - since });
  }

  private remember(resource: ScriptResource, module: MappedModule): Given {
    const known = this.given.find((each) => each.resource === resource);
    if (known) {
      known.module = module;
      return known;
    }
    const given: Given = { resource, module, turn: 0 };
    this.given.push(given);
    return given;
  }
}

const late = (milliseconds: number) => new Promise<null>((resolve) => setTimeout(resolve, milliseconds, null));

export const reason = (error: unknown) => (error instanceof Error ? error.message : String(error));
