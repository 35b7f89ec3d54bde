/** Failures to the clipboard and to files, with the source lines and the module's facts that go with them. */
import type { Failure } from '../../src/failures/failure';
import { placesOf } from '../../src/failures/place';
import { type Excerpt, type ModuleFacts, toJson, toMarkdown, toText } from '../../src/failures/report';
import type { Info } from '../../src/session';
import type { App } from '../app';
import { copyText, fileName, saveText } from '../widgets/clipboard';
import { excerptLines } from './lines';
import { wantedFor } from './open';

export type Format = 'Text' | 'Markdown' | 'JSON';

/** @returns whether it was copied */
export async function copyMarkdown(app: App, failure: Failure): Promise<boolean> {
  const text = toMarkdown(failure, { module: factsOf(app, failure), excerpt: await excerptOf(app, failure) });
  return copied(app, text);
}

/** Copies and says so. @returns whether it worked */
export async function copied(app: App, text: string): Promise<boolean> {
  const done = await copyText(text);
  app.say.tell(done ? 'Copied' : 'The clipboard is closed to this window');
  return done;
}

/** Saves what is listed as one file. */
export function exportFailures(app: App, failures: Failure[], format: Format): void {
  const [first] = failures;
  if (!first) return;
  const module = factsOf(app, first);
  if (format === 'JSON') {
    saveText(toJson(failures, { module }), fileName(first.module, 'json'), 'application/json');
  } else {
    const one = format === 'Text' ? toText : toMarkdown;
    const text = failures.map((failure) => one(failure, { module: factsOf(app, failure) })).join('\n');
    const [extension, type] = format === 'Text' ? ['txt', 'text/plain'] : ['md', 'text/markdown'];
    saveText(text, fileName(first.module, extension), type);
  }
  app.say.tell(`Saved ${failures.length} as ${format}`);
}

export function factsOf(app: App, failure: Failure): ModuleFacts | null {
  const info = app.infoOf(failure.realm, failure.instance);
  return info && moduleFacts(failure.module, info);
}

export function moduleFacts(name: string, info: Info): ModuleFacts {
  return {
    name,
    mainPath: info.mainPath,
    goVersion: info.toolchain.version,
    revision: info.vcs?.revision ?? null,
    modified: info.vcs?.modified ?? false,
    size: info.size,
    stripped: info.stripped,
  };
}

/** Only text that has been found already, or is found now, of the frame that is selected first. */
async function excerptOf(app: App, failure: Failure): Promise<Excerpt | null> {
  const selected = failure.stack.rows[failure.selected];
  const row = selected?.kind === 'run' ? selected.rows[0] : selected;
  if (row?.kind !== 'frame' || row.file === '') return null;
  const marked = placesOf(row).map((place) => place.line);
  const found = await app.sources.find(wantedFor(app, failure.realm, failure.instance, row, row));
  if (!found || marked.every((line) => line === 0)) return null;
  const lines = found.text.split(/\r?\n/);
  const shown = excerptLines(marked, lines.length);
  const first = shown[0];
  return { file: row.file, first, lines: lines.slice(first - 1, shown[shown.length - 1]), marked };
}
