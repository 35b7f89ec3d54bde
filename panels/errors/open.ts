/** From a place in Go to the Sources panel: the .go file where a folder or the page's server has it, else the wasm at its offset. */
import type { Failure, FrameRow } from '../../src/failures/failure';
import { shortPlace } from '../../src/failures/place';
import { devtoolsURL } from '../../src/sourcemap/sources';
import type { Place } from '../../src/symbols/frame';
import type { App } from '../app';
import { instanceKey } from '../modules';
import { sameOrigin } from '../origin';
import type { Wanted } from '../sources/finder';

/** Where a frame's text may be looked for. @param realm null for a pasted stack: then the picked module's */
export function wantedFor(
  app: App,
  realm: string | null,
  instance: number | null,
  row: FrameRow,
  place: Place,
): Wanted {
  const { entry, page } = moduleOf(app, realm, instance);
  return {
    file: place.file,
    modulePath: entry?.info?.modulePath ?? '',
    mainPath: entry?.info?.mainPath ?? '',
    release: entry?.info?.toolchain.version ?? '',
    dependencies: entry?.info?.dependencies ?? [],
    // A module may come from another host; only the page's own is ever asked for sources.
    moduleUrl: entry && sameOrigin(entry.url, page) ? entry.url : page,
    function: row.function,
    line: place.line,
    root: app.settings.sourceRoot.value,
  };
}

/** Opens Sources at a place; says so in the live region when DevTools does not know it. */
export async function openPlace(app: App, failure: Failure | null, row: FrameRow, place: Place): Promise<void> {
  const realm = failure?.realm ?? null;
  const instance = failure?.instance ?? null;
  const source = await app.sources.find(wantedFor(app, realm, instance, row, place));
  // By the page's own URL or, for a text of the user's folders, by the one that our source map has for it.
  const url = source && (source.url || devtoolsURL(place.file));
  if (url && (await app.window.openResource(url, Math.max(1, place.line), 0))) return;
  const { entry } = moduleOf(app, realm, instance);
  if (entry?.url && row.offset !== undefined && (await app.window.openResource(entry.url, 1, row.offset))) return;
  app.say.tell(`Sources does not have ${shortPlace(place)}`);
}

/** Opens the place of a Go function of the picked module in Sources. */
export function openSite(app: App, name: string, place: Place): void {
  const row = {
    kind: 'frame',
    function: name,
    ...place,
    inlined: false,
    precision: 'exact',
    from: 'memory',
    internal: false,
  } as const;
  void openPlace(app, null, row, place);
}

/** The module a frame is of, and the URL of the document that runs it; '' for an opened file, which belongs to no page. */
function moduleOf(app: App, realm: string | null, instance: number | null) {
  const subject = app.subject.value;
  const id = realm !== null && instance !== null ? instanceKey(realm, instance) : subject?.id;
  const entry = id === undefined ? undefined : app.modules.entries.value.get(id);
  const inRealm = realm ?? subject?.instance?.realm;
  if (inRealm === undefined) return { entry, page: '' };
  const url = app.page.realms.value.get(inRealm)?.realm.url ?? '';
  // about:srcdoc and its like have no server of their own.
  return { entry, page: url.startsWith('http') ? url : app.page.url.value };
}
