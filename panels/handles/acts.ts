/** What the user does in the Handles tab beyond looking: snapshots, marks, deeds on single values, files. Says in words what came of it. */
import type { HandlesFormat } from '../../src/handles/api';
import type { HandlesQuestion } from '../../src/protocol/handles';
import type { App } from '../app';
import { chooseFiles } from '../widgets/choose-file';
import { fileName, saveBlob } from '../widgets/clipboard';
import { plural } from '../widgets/format';
import { EXTENSION } from './dumps';
import { deltaWords } from './words';

/** Takes a snapshot and says so. */
export async function takeSnapshot({ handles, say }: App): Promise<void> {
  const taken = await handles.take();
  if (taken) say.tell(`Snapshot ${taken.number} taken, ${plural(taken.handles, 'handle')}`);
}

/** Marks the moment before or after something the user does in the page. */
export async function mark({ handles, say }: App): Promise<void> {
  const before = handles.snapshots.value.find(({ number }) => number === handles.marked.value);
  const taken = await handles.mark();
  if (!taken) return;
  if (before) say.tell(`${deltaWords(taken.handles - before.handles)} handles since snapshot ${before.number}`);
  else say.tell(`Snapshot ${taken.number} taken. Do it in the page, then mark again`);
}

/** The recorder must be in place before the page comes again. */
export async function reloadToRecord(app: App): Promise<void> {
  if (!(await app.handles.watch.begin())) return;
  app.window.reload();
  app.say.tell('Recording');
}

export type Deed = 'log' | 'store';

/** @returns what was done, in words; '' when it failed: the store says why */
export async function act(app: App, ask: Deed, id: number): Promise<string> {
  const name = await inPage(app, ask, id);
  if (name === null) return '';
  const done = ask === 'log' ? 'Logged to the console' : `Stored as ${name}`;
  app.say.tell(done);
  return done;
}

/** Shows a node in Elements. @returns as `act` */
export async function reveal(app: App, id: number): Promise<string> {
  const { shown, problem } = app.handles;
  if (!shown.value) return '';
  const { realm, instance } = shown.value;
  problem.value = await app.window.inspect(app.page.realms.value.get(realm)?.realm.url ?? '', instance, id);
  if (problem.value) return '';
  app.say.tell('Shown in Elements');
  return 'Shown in Elements';
}

/** Runs Go's collector, where the program lets us, and looks what is left. */
export async function collect(app: App): Promise<void> {
  if ((await inPage(app, 'gc', 0)) !== null) await takeSnapshot(app);
}

async function inPage({ handles, target }: App, ask: Deed | 'gc', id: number): Promise<string | null> {
  const of = handles.shown.value;
  if (!of || handles.life.value !== 'live') return null;
  handles.problem.value = '';
  try {
    const question: HandlesQuestion = { ask, instance: of.instance, id };
    return await target.handles(of.realm, question);
  } catch (error) {
    handles.problem.value = said(error);
    return null;
  }
}

const TYPES: Record<HandlesFormat, string> = { csv: 'text/csv', json: 'application/json' };

/** Saves the handles that the view is about. */
export async function saveTable(app: App, format: HandlesFormat): Promise<void> {
  const { handles, session } = app;
  const { shown, wanted, problem } = handles;
  if (!shown.value || !wanted.value) return;
  try {
    const file = await session.handlesFile(shown.value.realm, shown.value.instance, wanted.value, format);
    if (!file) throw new Error('The snapshot is not kept any more.');
    saveBlob(file.slice(0, file.size, TYPES[format]), fileName(nameOf(app), format));
    app.say.tell(`Saved as ${format.toUpperCase()}`);
  } catch (error) {
    problem.value = `The table could not be saved: ${said(error)}`;
  }
}

/** Has the page make a dump, and saves it. */
export async function saveDump(app: App): Promise<void> {
  const { handles, dumps, page } = app;
  const of = handles.shown.value;
  if (!of || handles.life.value !== 'live' || handles.saving.value) return;
  const { realm, instance } = of;
  const ending = new AbortController();
  handles.problem.value = '';
  try {
    const title = page.realms.value.get(realm)?.realm.url ?? page.url.value;
    const progress = (now: { done: number; size: number }) => {
      handles.saving.value = { ...now, cancel: () => ending.abort() };
    };
    const options = await handles.options();
    const file = await dumps.save({ realm, instance, options, title }, progress, ending.signal);
    if (!file) {
      app.say.tell('No dump was saved');
      return;
    }
    saveBlob(file, fileName(nameOf(app), EXTENSION));
    app.say.tell('Dump saved');
  } catch (error) {
    handles.problem.value = `The dump could not be saved: ${said(error)}`;
  } finally {
    handles.saving.value = null;
  }
}

/** Lets the user choose a dump. */
export const chooseDump = (app: App): void => chooseFiles(([file]) => void openDump(app, file));

/** Shows the table of a dump, or says why it is none. */
export async function openDump(app: App, file: File): Promise<void> {
  const { handles, dumps, subject } = app;
  try {
    const opened = await dumps.open(file, subject.value?.module?.key ?? null);
    handles.showDump({ ...opened, file: file.name });
    app.say.tell(`Opened ${file.name}`);
  } catch (error) {
    handles.problem.value = `${file.name} could not be opened: ${said(error)}`;
  }
}

const nameOf = ({ handles, subject }: App): string =>
  handles.shown.value?.file.replace(/\..*$/, '') || (subject.value?.module?.name ?? 'handles');

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error));
