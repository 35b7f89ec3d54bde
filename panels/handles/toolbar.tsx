/** The Handles tab's toolbar: snapshots, marks, comparison, filter, groups, what is recorded, files. */
import type { HandleGroupBy } from '../../src/handles/view';
import type { App } from '../app';
import { full, panes, wide } from '../shell/layout';
import { ToolButton } from '../widgets/button';
import { Icon } from '../widgets/icons';
import { Popup, type PopupItem } from '../widgets/popup';
import { chooseDump, mark, saveDump, saveTable, takeSnapshot } from './acts';
import { snapshotWords } from './words';

const GROUPS: [by: HandleGroupBy, words: string][] = [
  ['site', 'created at'],
  ['class', 'type'],
  ['type', 'typeof'],
  ['none', 'none'],
];

export function Toolbar({ app }: { app: App }) {
  const { handles } = app;
  const cannot = handles.life.value !== 'live' || !handles.shown.value || handles.taking.value;
  const before = handles.marked.value === null;
  return (
    <div class="toolbar handles-bar" role="toolbar" aria-label="Handles">
      <ToolButton
        icon="camera"
        label="Take snapshot"
        bare={!wide.value}
        disabled={cannot}
        onClick={() => void takeSnapshot(app)}
      />
      <ToolButton
        icon="flag"
        label={before ? 'Mark' : 'Mark after'}
        bare={!wide.value}
        disabled={cannot}
        onClick={() => void mark(app)}
      />
      {panes.value ? <Choices app={app} /> : <OneChoice app={app} />}
      <span class="bar" />
      <FilterField app={app} />
      <label class="checkbox" title="Only what may be a leak">
        <input
          type="checkbox"
          checked={handles.suspectsOnly.value}
          onChange={(event) => {
            handles.suspectsOnly.value = event.currentTarget.checked;
          }}
        />
        {wide.value ? 'Leak suspects only' : 'Suspects'}
      </label>
      {panes.value && <GroupBy app={app} />}
      <span class="space" />
      {handles.shown.value?.file ? <File app={app} /> : <Recording app={app} />}
      <Files app={app} />
    </div>
  );
}

const list = (name: string, words: preact.ComponentChildren, items: PopupItem[]) => (
  <Popup
    name={name}
    as="listbox"
    button={
      <>
        <span>{words}</span>
        <Icon name="triangle" size={12} />
      </>
    }
    items={items}
  />
);

function snapshotItems({ handles }: App): PopupItem[] {
  const { snapshots, snapshot, picked } = handles;
  const latest = snapshots.value.at(-1)?.number;
  return [...snapshots.value].reverse().map((one) => ({
    id: `show ${one.number}`,
    text: snapshotWords(one),
    label: snapshotWords(one),
    checked: one.number === snapshot.value?.number,
    onChoose: () => {
      picked.value = one.number === latest ? null : one.number;
    },
  }));
}

function compareItems({ handles }: App): PopupItem[] {
  const { snapshots, snapshot, against } = handles;
  const others = snapshots.value.filter(({ number }) => number !== snapshot.value?.number);
  const now = others.find(({ number }) => number === against.value)?.number ?? null;
  const item = (number: number | null, words: string): PopupItem => ({
    ...{ id: `compare ${number}`, text: words, label: words, checked: number === now },
    onChoose: () => {
      against.value = number;
      if (number !== null) handles.sort.value = { by: 'growth', up: false };
    },
  });
  return [item(null, 'none'), ...others.map((one) => item(one.number, `with ${snapshotWords(one).toLowerCase()}`))];
}

function groupItems({ handles: { group } }: App): PopupItem[] {
  return GROUPS.map(([by, words]) => ({
    ...{ id: `group ${by}`, text: words, label: words, checked: by === group.value },
    onChoose: () => {
      group.value = by;
    },
  }));
}

function Choices({ app }: { app: App }) {
  const { snapshots, snapshot, against } = app.handles;
  const compared = snapshots.value.find(({ number }) => number === against.value && number !== snapshot.value?.number);
  return (
    <>
      {snapshots.value.length > 1 && list('Snapshot', `Snapshot ${snapshot.value?.number}`, snapshotItems(app))}
      {list('Compare', compared ? `Compare: ${compared.number}` : 'Compare: none', compareItems(app))}
    </>
  );
}

/** The same in one list. */
function OneChoice({ app }: { app: App }) {
  const { handles } = app;
  const { snapshot, picked, wanted } = handles;
  const against = wanted.value?.against;
  const which = picked.value === null ? 'Now' : `${snapshot.value?.number ?? ''}`;
  const within = (group: string, items: PopupItem[]) => items.map((item) => ({ ...item, group }));
  return list('Snapshot, comparison, groups', against != null ? `${which} − ${against}` : which, [
    ...within('Show', snapshotItems(app)),
    ...within('Compare', compareItems(app)),
    ...within('Group by', groupItems(app)),
    {
      ...{ id: 'live', text: 'Live', label: 'Live', group: 'Counters', checked: handles.live.value },
      onChoose: () => {
        handles.live.value = !handles.live.value;
      },
    },
  ]);
}

function GroupBy({ app }: { app: App }) {
  const now = GROUPS.find(([by]) => by === app.handles.group.value)?.[1];
  return list('Group by', `${wide.value ? 'Group by' : 'By'} ${now}`, groupItems(app));
}

function FilterField({ app: { handles, say } }: { app: App }) {
  // What is shown is then of the filter before.
  const why = handles.view.value?.filterWhy ?? '';
  return (
    <label
      class={`filter ${why ? 'wrong' : ''}`}
      title={why || 'Text, -text, /regexp/, class:, kind:, site:, pkg:, state:, age>10s, refs>2, #1203'}
    >
      <Icon name="filter" size={16} />
      <input
        type="search"
        placeholder={wide.value ? 'Filter by type, preview or Go function' : 'Filter'}
        aria-label="Filter handles"
        aria-invalid={why !== ''}
        spellcheck={false}
        data-hotkey="/"
        value={handles.text.value}
        onInput={(event) => {
          handles.text.value = event.currentTarget.value;
          say.tell(`Filter: ${event.currentTarget.value || 'none'}`);
        }}
      />
    </label>
  );
}

function Recording({ app: { handles, say } }: { app: App }) {
  const { watch, live } = handles;
  const words = watch.on.value
    ? 'Stop recording where handles are made (Ctrl+E)'
    : 'Record where handles are made, from the next load on (Ctrl+E)';
  return (
    <>
      <button
        type="button"
        class="tool bare"
        aria-pressed={watch.on.value}
        aria-label="Record where handles are made"
        title={words}
        onClick={() => {
          if (!watch.on.value) void watch.begin();
          else {
            watch.end();
            say.tell('Stopped');
          }
        }}
      >
        <Icon name={watch.on.value ? 'stop' : 'record'} class={watch.on.value ? 'tone-bad' : ''} />
      </button>
      {full.value && panes.value && (
        <label class="checkbox" title="Counts handles once a second while this tab is looked at">
          <input
            type="checkbox"
            checked={live.value}
            onChange={(event) => {
              live.value = event.currentTarget.checked;
            }}
          />
          Live
        </label>
      )}
    </>
  );
}

/** A dump is shown instead of the page. */
function File({ app: { handles } }: { app: App }) {
  const { file } = handles.shown.value!;
  return (
    <>
      <span class="opened cut" title={file} translate={false}>
        {file}
      </span>
      <ToolButton icon="close" label={`Close ${file}`} bare onClick={() => handles.closeDump()} />
    </>
  );
}

function Files({ app }: { app: App }) {
  const { handles } = app;
  const item = (text: string, onChoose: () => void) => ({ id: text, text, label: text, onChoose });
  const items = [
    ...(handles.snapshot.value
      ? [item('CSV', () => void saveTable(app, 'csv')), item('JSON', () => void saveTable(app, 'json'))]
      : []),
    ...(handles.life.value === 'live' && handles.shown.value
      ? [item('Dump: memory and handles (gowasm handles)', () => void saveDump(app))]
      : []),
  ];
  return (
    <>
      <ToolButton icon="upload" label="Open a dump" bare onClick={() => chooseDump(app)} />
      {items.length > 0 && (
        <Popup name="Export" as="menu" align="right" button={<Icon name="download" />} items={items} />
      )}
    </>
  );
}
