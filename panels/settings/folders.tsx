/** Settings, Sources: the folders whose files give DevTools' Sources panel and the excerpts their text. */

import { useEffect, useRef, useState } from 'preact/hooks';
import type { App } from '../app';
import { mapOf } from '../sourcemap/store';
import { type Folder, kindOf } from '../sources/folder';
import type { Reading } from '../sources/folders';
import { Pill, TextLink } from '../widgets/button';
import { bytes, clock, count, plural } from '../widgets/format';
import { Icon } from '../widgets/icons';

/** Milliseconds after which a reading is told of. */
const PATIENCE = 500;

export function Folders({ app }: { app: App }) {
  const { folders } = app;
  const list = folders.list.value;
  const reading = useLate(folders.reading.value);
  const busy = folders.reading.value !== null;
  const problem = folders.problem.value;
  const here = useRef<HTMLElement>(null);
  const choose = useChooser((files, replaced) => {
    void folders.add(files, replaced).then((folder) => {
      if (folder) app.say.tell(`${folder.name}: ${plural(folder.files, 'file')} kept`);
      else if (folders.problem.value) app.say.alert(folders.problem.value);
      settle();
    });
  });
  // A button that is gone takes the focus with it, and keys would act on the panel behind.
  const settle = () => {
    const lost = document.activeElement === null || document.activeElement === document.body;
    requestAnimationFrame(() => {
      if (lost || document.activeElement === document.body) here.current?.querySelector<HTMLElement>('.pill')?.focus();
    });
  };
  const remove = (folder: Folder) => {
    void folders.remove(folder.id).then(() => {
      app.say.tell(`${folder.name} removed`);
      settle();
    });
  };
  return (
    <section class="folders" aria-label="Source folders" ref={here}>
      <h2>Source folders</h2>
      <p class="remark">
        Your project, the module cache, Go itself: their files give the Sources panel its text. When Chrome asks whether
        to “upload” them: they are copied into this browser and go nowhere else.
      </p>
      {list && list.length > 0 && (
        <ul>
          {list.map((folder) => (
            <Row key={folder.id} app={app} folder={folder} busy={busy} choose={choose.open} remove={remove} />
          ))}
        </ul>
      )}
      {list?.length === 0 && !reading && (
        <p class="no-folder">
          <Icon name="folder" size={16} />
          <span>No folder yet. Files that the page’s server does not have are shown as one line.</span>
        </p>
      )}
      {reading && <Progress reading={reading} cancel={folders.cancel} />}
      {problem && (
        <p class="folder-problem" role="status">
          <Icon name="warning" size={16} class="tone-warn" />
          <span>{problem}</span>
        </p>
      )}
      <div class="add">
        <Pill icon="folder" disabled={busy} onClick={() => choose.open(null)}>
          Add folder…
        </Pill>
        <Found app={app} />
      </div>
      {choose.input}
    </section>
  );
}

interface RowProps {
  app: App;
  folder: Folder;
  busy: boolean;
  choose(replaced: number): void;
  remove(folder: Folder): void;
}

function Row({ app, folder, busy, choose, remove }: RowProps) {
  const kind = kindOf(folder);
  const { files, left } = folder;
  return (
    <li>
      <Icon name="folder" size={16} />
      <div class="folder-what">
        <p translate={false}>
          <span class="code-font">{folder.name}</span> {kind && <span class="folder-kind">{kind}</span>}
        </p>
        <p class="remark">
          {plural(files, 'file')}, {bytes(folder.bytes)} · read {day(folder.readAt)}
          {left > 0 && ` · ${plural(left, 'file')} over 4 MB left out`}
        </p>
        <OtherRelease app={app} folder={folder} />
      </div>
      <div class="folder-deeds">
        <button
          type="button"
          class="link"
          disabled={busy}
          aria-label={`Update ${folder.name}`}
          title="Choose it again: Chrome lets no extension read it by itself"
          onClick={() => choose(folder.id)}
        >
          Update
        </button>
        <button
          type="button"
          class="link"
          disabled={busy}
          aria-label={`Remove ${folder.name}`}
          onClick={() => remove(folder)}
        >
          Remove
        </button>
      </div>
    </li>
  );
}

/** That a Go folder gives the chosen module nothing, and why. */
function OtherRelease({ app, folder }: { app: App; folder: Folder }) {
  const { entry, name } = chosen(app);
  const go = folder.roots.filter(({ kind }) => kind === 'go');
  if (go.length === 0) return null;
  if (go.every(({ release }) => release === ''))
    return (
      <p class="remark folder-doubt">Not used: its release is not known. Add the folder above it, which has VERSION.</p>
    );
  const release = entry?.info?.toolchain.kind === 'go' ? entry.info.toolchain.version?.split(' ')[0] : undefined;
  if (release === undefined || go.some((each) => each.release === release)) return null;
  return (
    <p class="remark folder-doubt">
      Not used for {name}, which was made by {release}.
    </p>
  );
}

/** How much of the chosen module has its text, where that is known. */
function Found({ app }: { app: App }) {
  const { entry, name } = chosen(app);
  const attached = entry?.info ? mapOf(app.maps, entry, entry.info) : undefined;
  if (attached?.phase !== 'attached') return null;
  const { texts, files } = attached;
  return (
    <span class="remark" role="status">
      Found {count(texts)} of {plural(files, 'file')} of {name}
    </span>
  );
}

function chosen(app: App) {
  const subject = app.subject.value;
  const entry = subject?.module ?? null;
  return { entry, name: entry?.name ?? 'this module' };
}

function Progress({ reading, cancel }: { reading: Reading; cancel(): void }) {
  const { name, done, total } = reading;
  return (
    <div class="folder-reading">
      <span class="spinner" role="img" aria-label="now" />
      <span class="folder-what">
        <span>Reading {name}</span>
        <span class="note">
          {total > 0 ? `${count(done)} of ${plural(total, 'file')}` : 'waiting for another window to finish reading'}
        </span>
        <progress max={Math.max(total, 1)} value={done} aria-label={`Reading ${name}`} />
      </span>
      <TextLink onClick={cancel}>Cancel</TextLink>
    </div>
  );
}

/**
 * Lets the user choose a folder. The File System Access API would keep a handle, but its pickers are closed to frames of
 * another origin, as a panel of DevTools is; a form field is not.
 */
function useChooser(chose: (files: File[], replaced: number | null) => void) {
  const ref = useRef<HTMLInputElement>(null);
  const replaced = useRef<number | null>(null);
  const input = (
    <input
      ref={ref}
      type="file"
      {...{ webkitdirectory: true }}
      hidden
      onChange={({ currentTarget }) => {
        const files = [...(currentTarget.files ?? [])];
        // The same folder chosen again must be a change.
        currentTarget.value = '';
        chose(files, replaced.current);
        replaced.current = null;
      }}
    />
  );
  const open = (id: number | null) => {
    replaced.current = id;
    ref.current?.click();
  };
  return { input, open };
}

/** What lasts, from half a second on. */
function useLate<T>(value: T | null): T | null {
  const [late, setLate] = useState(false);
  const waits = value !== null;
  useEffect(() => {
    if (!waits) return setLate(false);
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => clearTimeout(timer);
  }, [waits]);
  return late ? value : null;
}

/** `12:04:18` of today, else `20 Nov 2026`. */
function day(at: number): string {
  const date = new Date(at);
  if (date.toDateString() === new Date().toDateString()) return `today ${clock(at).slice(0, 5)}`;
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
}
