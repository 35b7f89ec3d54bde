/** From a place in Go to the Sources panel: the .go file where the page's server has it, else the wasm at its offset. */
import type { Failure, FrameRow } from '../../src/failures/failure';
import { shortPlace } from '../../src/failures/place';
import type { Place } from '../../src/symbols/frame';
import type { App } from '../app';
import { instanceKey } from '../modules';
import type { Wanted } from './source';

/** Where a frame's text may be looked for. @param realm null for a pasted stack */
export function wantedFor(
  app: App,
  realm: string | null,
  instance: number | null,
  row: FrameRow,
  place: Place,
): Wanted {
  const id = realm !== null && instance !== null ? instanceKey(realm, instance) : app.subject.value?.id;
  const entry = id === undefined ? undefined : app.modules.entries.value.get(id);
  const realmUrl = realm === null ? '' : (app.page.realms.value.get(realm)?.realm.url ?? '');
  return {
    file: place.file,
    modulePath: entry?.info?.modulePath ?? '',
    mainPath: entry?.info?.mainPath ?? '',
    moduleUrl: entry?.url || realmUrl || app.page.url.value,
    function: row.function,
    line: place.line,
    root: app.settings.sourceRoot.value,
  };
}

/** Opens Sources at a place; says so in the live region when DevTools does not know it. */
export async function openPlace(app: App, failure: Failure | null, row: FrameRow, place: Place): Promise<void> {
  const wanted = wantedFor(app, failure?.realm ?? null, failure?.instance ?? null, row, place);
  const source = await app.sources.find(wanted);
  if (source && (await app.window.openResource(source.url, Math.max(1, place.line), 0))) return;
  if (row.offset !== undefined && /\.wasm\b/.test(wanted.moduleUrl)) {
    if (await app.window.openResource(wanted.moduleUrl, 1, row.offset)) return;
  }
  app.say.tell(`Sources does not have ${shortPlace(place)}`);
}
