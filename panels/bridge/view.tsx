/** The Bridge tab: counters, timeline, tables; or why there is nothing to show. */
import type { ComponentChildren } from 'preact';
import type { App } from '../app';
import { panes, wide } from '../shell/layout';
import { PageState } from '../shell/states';
import { Pill, TextLink } from '../widgets/button';
import { Empty } from '../widgets/empty';
import { Guard } from '../widgets/guard';
import { Icon } from '../widgets/icons';
import { paneWidth, SplitHandle } from '../widgets/split';
import { CountersStrip } from './counters';
import { Detail } from './detail';
import { Findings } from './findings';
import { EventLog } from './log';
import { Operations } from './operations';
import { type BridgeViewName, VIEWS } from './store';
import { TimelineView } from './timeline';
import { reloadToRecord, Toolbar } from './toolbar';
import { TreeView } from './tree';
import { calls, moment, span } from './words';

const SIDE = 356;
const SIDE_SMALL = 280;
const NAMES: Record<BridgeViewName, string> = {
  operations: 'Operations',
  sites: 'Go call sites',
  tree: 'Call tree',
  log: 'Event log',
  findings: 'Findings',
};

export function BridgeView({ app }: { app: App }) {
  const { bridge } = app;
  return (
    <>
      <Toolbar app={app} />
      <Banner app={app} />
      <div class="content">{bridge.summary.value ? <Recorded app={app} /> : <NotRecorded app={app} />}</div>
    </>
  );
}

/** The worst of what is to be said of the recording as a whole. */
function Banner({ app }: { app: App }) {
  const { bridge } = app;
  const summary = bridge.summary.value;
  const again = <Pill onClick={() => reloadToRecord(app)}>Reload to record</Pill>;
  const line = (bold: string, text: string, tone: 'warn' | 'info', deed?: ComponentChildren) => (
    <p class={`banner ${tone}`} role="status">
      <Icon name={tone === 'warn' ? 'warning' : 'info'} size={16} class={`tone-${tone}`} />
      <span class="banner-words">
        <strong>{bold}</strong> {text}
      </span>
      {deed}
    </p>
  );
  const forget = () => {
    bridge.problem.value = '';
  };
  if (bridge.problem.value) {
    const close = <TextLink onClick={forget}>Close</TextLink>;
    return line('Attention.', bridge.problem.value, 'warn', close);
  }
  if (!summary) return null;
  if (summary.broken) return line('The recording broke off.', summary.broken, 'warn', again);
  const note = bridge.shown.value?.note;
  if (note && !summary.named) return line('Read with care.', note, 'warn');
  if (summary.forgottenUntil > 0) {
    const gone = span(summary.forgottenUntil - summary.began);
    return line(`The oldest ${gone} were dropped from the timeline;`, 'counts stay exact.', 'info');
  }
  if (bridge.phase.value === 'armed') {
    return line('Recording begins with the next load.', 'What is shown is of the recording before.', 'info', again);
  }
  return null;
}

function NotRecorded({ app }: { app: App }) {
  const { bridge, subject } = app;
  const name = subject.value?.module?.name ?? 'The program';
  if (subject.value?.instance === null && bridge.phase.value === 'never') {
    return (
      <Empty
        icon="record"
        title="Calls are recorded on a page"
        text="This module was opened from a file. Open a page that runs it, or import a recording."
      />
    );
  }
  return (
    <PageState app={app}>
      {bridge.phase.value === 'recording' ? (
        <Empty icon="record" tone="bad" title="Recording" text={`${name} has made no call between Go and JS yet.`} />
      ) : bridge.phase.value === 'armed' ? (
        <Empty
          icon="record"
          tone="bad"
          title="Ready to record"
          text={`${name} started before recording was turned on. Calls are recorded from the next load of the page.`}
        >
          <Pill primary onClick={() => reloadToRecord(app)}>
            Reload to record
          </Pill>
          <Pill onClick={() => bridge.stop()}>Cancel</Pill>
        </Empty>
      ) : (
        <Empty
          icon="record"
          tone="bad"
          title="Record the calls between Go and JS"
          text="Counts, bytes and Go lines of every call, and times of as many as cost little. The page is reloaded once."
        >
          <Pill primary onClick={() => reloadToRecord(app)}>
            Reload to record
          </Pill>
          <Pill onClick={() => void bridge.record()}>Record from the next load</Pill>
        </Empty>
      )}
    </PageState>
  );
}

function Recorded({ app }: { app: App }) {
  const { bridge } = app;
  const summary = bridge.summary.value!;
  const drawn = bridge.drawn.value;
  const view = (
    <div
      class="view"
      role="tabpanel"
      id="bridge-view"
      aria-labelledby={`bridge-${bridge.view.value}`}
      data-pane="table"
    >
      <Guard key={bridge.view.value} name={NAMES[bridge.view.value]}>
        <View app={app} />
      </Guard>
    </div>
  );
  const top = (
    <>
      <CountersStrip summary={summary} />
      {drawn && drawn.timeline.count > 0 ? (
        <Guard name="Timeline">
          <TimelineView app={app} drawn={drawn} />
        </Guard>
      ) : (
        <p class="quiet no-timeline">
          {summary.calls > 0 ? 'No call has been timed yet.' : 'No call has crossed the bridge yet.'}
        </p>
      )}
      <Strip app={app} />
    </>
  );
  const initial = wide.value ? SIDE : SIDE_SMALL;
  const side = bridge.view.value === 'operations' || bridge.view.value === 'log';
  if (!panes.value) {
    return (
      <div class="column bridge">
        {top}
        {view}
        {side && (
          <div class="below" data-pane="detail">
            <Detail app={app} />
          </div>
        )}
      </div>
    );
  }
  return (
    <div class="bridge">
      {top}
      <div class="panes">
        {view}
        {side && (
          <>
            <SplitHandle
              name="bridge"
              label="Width of the right pane"
              settings={app.settings}
              initial={initial}
              right
            />
            <div class="pane" data-pane="detail" style={{ width: `${paneWidth(app.settings, 'bridge', initial)}px` }}>
              <Detail app={app} />
            </div>
          </>
        )}
      </div>
    </div>
  );
}

function View({ app }: { app: App }) {
  const { bridge } = app;
  const grown = bridge.tree.value;
  switch (bridge.view.value) {
    case 'operations':
      return <Operations app={app} />;
    case 'sites':
      return grown?.kind === 'sites' ? (
        <TreeView app={app} tree={grown.tree} name="Go call sites" as="view" opens="only" />
      ) : null;
    case 'tree':
      return grown && grown.kind !== 'sites' ? (
        <TreeView key={grown.kind} app={app} tree={grown.tree} name="Call tree" as="view" opens="only" />
      ) : null;
    case 'log':
      return <EventLog app={app} />;
    case 'findings':
      return <Findings app={app} />;
  }
}

/** The second strip: which table, and of what. */
function Strip({ app }: { app: App }) {
  const { bridge } = app;
  const range = bridge.range.value;
  const some = (bridge.findings.value?.length ?? 0) > 0 || bridge.view.value === 'findings';
  const names = VIEWS.filter((view) => view !== 'findings' || some);
  const go = (view: BridgeViewName) => {
    bridge.view.value = view;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = names.indexOf(bridge.view.value);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: names.length - 1 }[event.key];
    if (to === undefined || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const next = names[(to + names.length) % names.length];
    go(next);
    document.getElementById(`bridge-${next}`)?.focus();
  };
  return (
    <div class="strip views">
      <div class="tabs" role="tablist" aria-label="Bridge views" onKeyDown={onKeyDown}>
        {names.map((view) => (
          <button
            key={view}
            type="button"
            id={`bridge-${view}`}
            class="tab"
            role="tab"
            aria-selected={view === bridge.view.value}
            aria-controls="bridge-view"
            tabIndex={view === bridge.view.value ? 0 : -1}
            onClick={() => go(view)}
          >
            {NAMES[view]}
          </button>
        ))}
      </div>
      {bridge.view.value === 'tree' && (
        <label class="checkbox">
          <input
            type="checkbox"
            checked={bridge.inverted.value}
            onChange={(event) => {
              bridge.inverted.value = event.currentTarget.checked;
            }}
          />
          Inverted
        </label>
      )}
      <span class="space" />
      <span class="about" role="status">
        <About app={app} />
      </span>
      {range && (
        <button
          type="button"
          class="tool bare"
          aria-label="Show the whole recording"
          title="Show the whole recording (Esc)"
          onClick={() => {
            bridge.range.value = null;
          }}
        >
          <Icon name="close" size={14} />
        </button>
      )}
    </div>
  );
}

function About({ app: { bridge } }: { app: App }) {
  const summary = bridge.summary.value;
  const range = bridge.range.value;
  if (!summary) return null;
  const whole = span(summary.now - summary.began);
  if (bridge.view.value === 'findings') return <>Of the whole recording, {whole}</>;
  if (!range) {
    return (
      <>
        {panes.value
          ? `Table shows the whole recording, ${whole}. Drag in the timeline to narrow it.`
          : 'Whole recording'}
      </>
    );
  }
  const width = range.to - range.from;
  const sum = (bridge.operations.value?.rows ?? []).reduce((all, row) => all + row.count, 0);
  const edges = `${moment(range.from - summary.began, width / 200)} – ${moment(range.to - summary.began, width / 200)}`;
  return (
    <>
      {panes.value
        ? `${edges} · ${span(width)} · about ${calls(sum)} calls`
        : `${span(width)} · about ${calls(sum)} calls`}
    </>
  );
}
