/** The Bridge tab's toolbar: record, reload, clear, filter, what is recorded, files. */
import type { FileFormat } from '../../src/bridge/exports';
import type { App } from '../app';
import { panes, wide } from '../shell/layout';
import { ToolButton } from '../widgets/button';
import { chooseFiles } from '../widgets/choose-file';
import { fileName, saveBlob } from '../widgets/clipboard';
import { plural } from '../widgets/format';
import { Icon } from '../widgets/icons';
import { Popup } from '../widgets/popup';
import { length, span } from './words';

/** One call in so many is timed; 0: as many as cost little. */
const EVERY: [every: number, words: string, cost: string][] = [
  [0, 'Times: by itself', 'as many calls as cost a tenth of the time'],
  [1, 'Times: every call', 'each call costs two looks at the clock more'],
  [4, 'Times: 1 in 4 calls', ''],
  [16, 'Times: 1 in 16 calls', ''],
  [64, 'Times: 1 in 64 calls', ''],
];

export function Toolbar({ app }: { app: App }) {
  const { bridge } = app;
  const on = bridge.phase.value === 'recording' || bridge.phase.value === 'armed';
  return (
    <div class="toolbar bridge-bar" role="toolbar" aria-label="Bridge">
      <button
        type="button"
        class="tool bare"
        aria-pressed={on}
        aria-label="Record"
        title={on ? 'Stop recording (Ctrl+E)' : 'Record (Ctrl+E)'}
        onClick={() => (on ? stop(app) : void bridge.record())}
      >
        <Icon name={on ? 'stop' : 'record'} class={on ? 'tone-bad' : ''} />
      </button>
      <ToolButton icon="refresh" label="Reload to record" bare onClick={() => reloadToRecord(app)} />
      <ToolButton icon="clear" label="Clear" bare disabled={!bridge.summary.value} onClick={() => bridge.clear()} />
      <span class="bar" />
      <FilterField app={app} />
      {panes.value && <CallSites app={app} />}
      <Times app={app} />
      <span class="space" />
      {panes.value && <Recorded app={app} />}
      <Files app={app} />
    </div>
  );
}

function stop(app: App): void {
  app.bridge.stop();
  const summary = app.bridge.summary.value;
  app.say.tell(summary ? `Stopped, ${plural(summary.calls, 'call')}` : 'Stopped');
}

/** A reload ends what is recorded now: asks first. */
export function reloadToRecord(app: App): void {
  const { bridge } = app;
  const summary = bridge.summary.value;
  const run = () => {
    // The recorder must be in place before the page comes again.
    void bridge.record().then(() => {
      if (bridge.phase.value === 'never' || bridge.phase.value === 'stopped') return;
      app.window.reload();
      app.say.tell('Recording');
    });
  };
  if (bridge.phase.value !== 'recording' || !summary || summary.calls === 0) {
    run();
    return;
  }
  const question = `Reload and drop ${span(summary.now - summary.began)} of recording?`;
  app.dialog.value = { kind: 'confirm', question, deed: 'Reload', run };
}

function FilterField({ app: { bridge, say } }: { app: App }) {
  return (
    <label class="filter" title="Text, -text: in operation, target, Go function or file">
      <Icon name="filter" size={16} />
      <input
        type="search"
        placeholder={wide.value ? 'Filter by operation, target or Go function' : 'Filter'}
        aria-label="Filter calls"
        spellcheck={false}
        data-hotkey="/"
        value={bridge.text.value}
        onInput={(event) => {
          bridge.text.value = event.currentTarget.value;
          say.tell(`Filter: ${event.currentTarget.value || 'none'}`);
        }}
      />
    </label>
  );
}

function CallSites({ app: { bridge } }: { app: App }) {
  return (
    <label class="checkbox" title="Which Go lines call: part of the next recording">
      <input
        type="checkbox"
        checked={bridge.sites.value}
        onChange={(event) => {
          bridge.sites.value = event.currentTarget.checked;
        }}
      />
      {wide.value ? 'Go call sites' : 'Sites'}
    </label>
  );
}

function Times({ app: { bridge } }: { app: App }) {
  const now = EVERY.find(([every]) => every === bridge.every.value) ?? EVERY[0];
  return (
    <Popup
      name="Which calls are timed"
      as="listbox"
      button={
        <>
          <span>{panes.value ? now[1] : 'Times'}</span>
          <Icon name="triangle" size={12} />
        </>
      }
      items={EVERY.map(([every, words, cost]) => ({
        id: String(every),
        text: words,
        label: (
          <>
            {words}
            {cost && <span class="remark"> · {cost}</span>}
          </>
        ),
        checked: every === now[0],
        onChoose: () => {
          bridge.every.value = every;
        },
      }))}
    />
  );
}

function Recorded({ app: { bridge } }: { app: App }) {
  const summary = bridge.summary.value;
  if (!summary) return null;
  const time = length(summary.now - summary.began);
  const file = bridge.shown.value?.file;
  if (file) return <span class="recorded">{`${file}: ${time}`}</span>;
  return <span class="recorded">{bridge.phase.value === 'recording' ? `Recording ${time}` : `Recorded ${time}`}</span>;
}

function Files({ app }: { app: App }) {
  const { captures, bridge } = app;
  return (
    <>
      <ToolButton icon="upload" label="Import a recording" bare onClick={() => choose(app)} />
      {bridge.summary.value && (
        <Popup
          name="Export"
          as="menu"
          align="right"
          button={<Icon name="download" />}
          items={captures.formats.map(({ id, text }) => ({
            id,
            text,
            label: text,
            onChoose: () => void save(app, id),
          }))}
        />
      )}
    </>
  );
}

const choose = (app: App): void => chooseFiles(([file]) => void openCapture(app, file));

/** Shows a capture out of a file, or says why it is none. */
export async function openCapture(app: App, file: File): Promise<void> {
  const { bridge, captures, subject } = app;
  try {
    const opened = await captures.read(file, subject.value?.module?.name ?? '');
    bridge.showFile({ ...opened, file: file.name });
    app.say.tell(`Opened ${file.name}`);
  } catch (error) {
    bridge.problem.value = `${file.name} could not be opened: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function save(app: App, format: FileFormat): Promise<void> {
  const { bridge, captures, page, subject } = app;
  const shown = bridge.shown.value;
  const how = captures.formats.find(({ id }) => id === format);
  if (!shown || !how) return;
  const title = page.realms.value.get(shown.realm)?.realm.url ?? page.url.value;
  const name = shown.file.replace(/\..*$/, '') || (subject.value?.module?.name ?? 'bridge');
  try {
    const file = await captures.write(shown.realm, shown.instance, format, title);
    saveBlob(file.slice(0, file.size, how.type), fileName(name, how.extension));
    app.say.tell(`Saved as ${how.text}`);
  } catch (error) {
    bridge.problem.value = `The recording could not be saved: ${error instanceof Error ? error.message : String(error)}`;
  }
}
