/**
 * Everything a view may need, wired once: stores, session, window. Views get the `App` and read signals from it.
 */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { baseName, shortPlace } from '../src/failures/place';
import type { Remote } from '../src/protocol/channel';
import type { Change, Info, InstanceRow, SessionApi } from '../src/session';
import type { Target } from '../src/target';
import { type CaptureFiles, captureFiles } from './bridge/files';
import { type BridgeStore, createBridge } from './bridge/store';
import { type Companions, chosenFiles } from './companions';
import { createErrors, type ErrorsStore } from './errors/store';
import { applyChange, follow } from './follow';
import { type DumpFiles, dumpFiles } from './handles/dumps';
import { createHandles, type HandlesStore } from './handles/store';
import { createModules, instanceKey, type ModuleEntry, type ModuleStore } from './modules';
import { createPage, type PageStore } from './page';
import { createSettings, type Settings } from './settings/settings';
import { Announcer } from './shell/announcer';
import { createPlaces, type Places } from './shell/places';
import { createMaps, type MapsStore } from './sourcemap/store';
import { onFoldersChanged, tellFoldersChanged } from './sources/changes';
import { SourceFinder } from './sources/finder';
import { createFolders, type FoldersStore } from './sources/folders';
import { FolderSources, type FolderStore } from './sources/lookup';
import { chooseFiles } from './widgets/choose-file';
import type { PanelWindow } from './window';

export const TABS = ['overview', 'errors', 'bridge', 'handles'] as const;
export type Tab = (typeof TABS)[number];

export type Dialog =
  | { kind: 'settings'; part: string }
  | { kind: 'keys' }
  | { kind: 'measured' }
  /** `deed` names the button; the browser's own confirm() is closed to frames of another origin, as this one is. */
  | { kind: 'confirm'; question: string; deed: string; run(): void };

/** What the picker has chosen: an instance of the page, or a file the user opened. */
export interface Subject {
  id: string;
  /** null for an opened file. */
  instance: InstanceRow | null;
  module: ModuleEntry | null;
}

export interface App {
  window: PanelWindow;
  session: Remote<SessionApi>;
  target: Target;
  settings: Settings;
  page: PageStore;
  modules: ModuleStore;
  errors: ErrorsStore;
  bridge: BridgeStore;
  captures: CaptureFiles;
  handles: HandlesStore;
  dumps: DumpFiles;
  sources: SourceFinder;
  maps: MapsStore;
  folders: FoldersStore;
  say: Announcer;
  tab: Signal<Tab>;
  places: Places;
  dialog: Signal<Dialog | null>;
  pasting: Signal<boolean>;
  /** Chosen by hand; null: the one that last had an error, else the top frame's, else the first. */
  picked: Signal<string | null>;
  subjects: ReadonlySignal<Subject[]>;
  subject: ReadonlySignal<Subject | null>;
  /** The card of the binary an instance runs, where it has been read. */
  infoOf(realm: string, instance: number | null): Info | null;
  /** Lets the user choose a module, and files that belong to it, and opens it. */
  openFile(): void;
  openWasm(file: File, companions?: Companions): Promise<void>;
  /** Listens to the page anew. */
  reconnect(): void;
}

/** How long nothing may answer after a page has gone. */
const CRASHED = 5000;

export interface Parts {
  window: PanelWindow;
  session: Remote<SessionApi>;
  target: Target;
  storage: Storage | null;
  folders: FolderStore;
}

export function createApp({ window, session, target, storage, folders }: Parts): App {
  const settings = createSettings(storage);
  const say = new Announcer();
  const page = createPage();
  const errors = createErrors(page, (failure) =>
    say.alert(`Error: ${failure.title}${failure.where ? `, ${shortPlace(failure.where)}` : ''}`),
  );
  const modules = createModules(
    ...([target, session, (change: Change) => applyChange(page, errors, change), window] as const),
  );
  const picked = signal<string | null>(null);
  const tab = signal<Tab>(TABS.find((each) => each === settings.tab.value) ?? 'errors');
  const subjects = computed(() => subjectsOf(page, modules));
  const subject = computed(() => chosen(subjects.value, picked.value, page, errors));
  const about = {
    ...{ window, session, target },
    subject: computed(() => subject.value?.instance ?? null),
    key: computed(() => subject.value?.module?.key ?? null),
    failed: () => {
      page.lost.value = true;
    },
  };
  const bridge = createBridge({ ...about, visible: computed(() => tab.value === 'bridge') });
  const handles = createHandles({
    ...about,
    settled: computed(() => ['ready', 'failed', 'cancelled'].includes(subject.value?.module?.phase ?? '')),
    visible: computed(() => tab.value === 'handles'),
  });
  const preserve = () => settings.preserveLog.value;
  const listen = () => follow({ target, session, page, modules, errors, bridge, handles, preserve, topGone });
  // A page that goes away is followed by another one; when nothing answers instead, the tab has crashed.
  const topGone = () => {
    setTimeout(() => {
      const alive = [...page.realms.value.values()].some((entry) => entry.realm.top && !entry.gone);
      if (alive) return;
      void window.url().then((url) => {
        page.lost.value ||= url === '';
      });
    }, CRASHED);
  };
  let stop = listen();
  const inFolders = new FolderSources(folders);
  const sources = new SourceFinder(
    (url) => window.fetchText(url),
    (wanted) => inFolders.find(wanted),
  );

  const app: App = {
    window,
    session,
    target,
    settings,
    page,
    modules,
    errors,
    bridge,
    captures: captureFiles(session),
    handles,
    dumps: dumpFiles(session, target),
    say,
    tab,
    picked,
    subjects,
    subject,
    maps: createMaps(window),
    sources,
    folders: createFolders({
      ...{ store: folders, sources: inFolders, tell: tellFoldersChanged, onTold: onFoldersChanged },
      changed: () => sources.forget(),
    }),
    places: createPlaces(tab, { errors: errors.chosen, handles: handles.chosen }),
    dialog: signal<Dialog | null>(null),
    pasting: signal(false),
    infoOf: (realm, instance) =>
      (instance === null ? null : modules.entries.value.get(instanceKey(realm, instance))?.info) ?? null,
    openFile: () => {
      const open = async (files: File[]) => {
        const chosen = await chosenFiles(files);
        if (chosen) await app.openWasm(chosen.module, chosen.companions);
        else say.tell('No .wasm file was among them');
      };
      chooseFiles((files) => void open(files), { accept: '.wasm,.map,.golines,application/wasm', multiple: true });
    },
    openWasm: async (file, companions) => {
      const opening = modules.openFile(file, companions);
      if (!app.pasting.value) tab.value = 'overview';
      picked.value = [...modules.entries.value.keys()].at(-1) ?? null;
      picked.value = await opening;
    },
    reconnect: () => {
      stop();
      stop = listen();
      page.lost.value = false;
    },
  };
  watchSite(app);
  return app;
}

/** Modules need a moment to be linked; only a page that stays without a Go instance is looked at more closely. */
const SETTLED = 1500;
/** Wasm files that are fetched again for that. */
const MOST_LOOKED_AT = 4;

/** Keeps site, URL and what else the page loaded up to date. */
function watchSite({ window, page, session }: App): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = async () => {
    page.foreign.value = null;
    page.url.value = await window.url();
    page.site.value = await window.sites.state();
  };
  const lookCloser = async () => {
    const here = page.instances.value.some((row) => page.realms.value.get(row.realm)?.load === page.load.value);
    if (here || page.site.value.kind !== 'enabled') return;
    for (const url of (await window.wasmOnPage()).slice(0, MOST_LOOKED_AT)) {
      const name = baseName(url.replace(/[?#].*$/, '')) || url;
      const opened = await session.open(url, await window.fetchBytes(url));
      if (!opened.ok) continue;
      const { toolchain, producer } = opened.info;
      if (toolchain.kind !== 'other') {
        page.foreign.value = { kind: 'missed', name };
        return;
      }
      page.foreign.value ??= { kind: 'other', name, producer: producer ?? '' };
    }
  };
  // What cannot be told leaves the plainest state, "No Go module on this page".
  const start = () => {
    void look().catch(() => undefined);
    clearTimeout(timer);
    timer = setTimeout(() => void lookCloser().catch(() => undefined), SETTLED);
  };
  window.onNavigated(start);
  start();
}

function subjectsOf(page: PageStore, modules: ModuleStore): Subject[] {
  const entries = new Map(modules.entries.value);
  const subjects: Subject[] = page.instances.value.map((instance) => {
    const id = instanceKey(instance.realm, instance.instance);
    const module = entries.get(id) ?? null;
    entries.delete(id);
    return { id, instance, module };
  });
  for (const [id, module] of entries) if (id.startsWith('file ')) subjects.push({ id, instance: null, module });
  return subjects;
}

function chosen(subjects: Subject[], picked: string | null, page: PageStore, errors: ErrorsStore): Subject | null {
  const byHand = subjects.find((each) => each.id === picked);
  if (byHand) return byHand;
  const here = subjects.filter(({ instance }) => {
    const entry = instance ? page.realms.value.get(instance.realm) : undefined;
    return entry && !entry.gone && entry.load === page.load.value;
  });
  const failed = [...errors.failures.value.values()]
    .filter((each) => each.instance !== null)
    .sort((a, b) => b.lastAt - a.lastAt);
  for (const failure of failed) {
    const found = here.find((each) => each.id === instanceKey(failure.realm, failure.instance!));
    if (found) return found;
  }
  const top = here.find((each) => each.instance && page.realms.value.get(each.instance.realm)?.realm.top);
  // What an earlier page ran is there to be picked, but it is not what this page is about.
  return top ?? here[0] ?? subjects.filter((each) => each.instance === null).at(-1) ?? null;
}
