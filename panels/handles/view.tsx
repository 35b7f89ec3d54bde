/** The Handles tab: totals, the table, what is known of a row; or why there is nothing to show. */
import type { App } from '../app';
import { panes, wide } from '../shell/layout';
import { PageState, WaitingBar } from '../shell/states';
import { Pill, TextLink } from '../widgets/button';
import { Empty } from '../widgets/empty';
import { Guard } from '../widgets/guard';
import { Icon } from '../widgets/icons';
import { paneWidth, SplitHandle } from '../widgets/split';
import { chooseDump, takeSnapshot } from './acts';
import { Banner } from './banner';
import { Detail } from './detail';
import { HandlesTable } from './table';
import { Toolbar } from './toolbar';
import { Totals } from './totals';

const SIDE = 324;
const SIDE_SMALL = 280;

export function HandlesView({ app }: { app: App }) {
  const { handles } = app;
  const { snapshot } = handles;
  const none = snapshot.value && snapshot.value.handles <= snapshot.value.fixed && !snapshot.value.funcs;
  return (
    <>
      <Toolbar app={app} />
      <WaitingBar waits={handles.taking.value || handles.reading.value} words="Reading the table of values" />
      <Banner app={app} />
      <div class="content">
        {!snapshot.value ? <NotRead app={app} /> : none ? <NoValues app={app} /> : <Read app={app} />}
      </div>
    </>
  );
}

function NoValues({ app }: { app: App }) {
  return (
    <Empty
      icon="camera"
      title="Go holds no JS values yet."
      text="Values that Go touches stand here until its GC lets go of them."
    >
      {app.handles.life.value === 'live' && <Pill onClick={() => void takeSnapshot(app)}>Take snapshot</Pill>}
    </Empty>
  );
}

/** Nothing of the program has been read: not yet, or it cannot be. */
function NotRead({ app }: { app: App }) {
  const { handles, subject } = app;
  const now = subject.value;
  const name = now?.module?.name ?? 'The program';
  const open = <Pill onClick={() => chooseDump(app)}>Open a dump</Pill>;
  const { target } = now?.module?.info?.toolchain ?? { target: null };
  if (handles.problem.value && target !== 'wasip1') return <Failed app={app} />;
  if (now?.instance === null) {
    return (
      <Empty
        icon="camera"
        title="Handles are read on a page"
        text="This module was opened from a file. Open a page that runs it, or a dump that was taken of it."
      >
        {open}
      </Empty>
    );
  }
  const reload = <Pill onClick={() => app.window.reload()}>Reload page</Pill>;
  return (
    <PageState app={app}>
      {target === 'wasip1' ? (
        <Empty
          icon="info"
          title="No handles"
          text="This module runs without syscall/js. Bridge and Handles stay empty."
        />
      ) : handles.life.value === 'exited' ? (
        <Empty
          icon="camera"
          title={`${name} has exited`}
          text="Its table is gone; a dump keeps it. Take one before it exits, or with gowasm run --dump."
        >
          {reload}
          {open}
        </Empty>
      ) : handles.life.value === 'gone' ? (
        <Empty icon="camera" title="The page is gone" text={`Handles of ${name} were not read while it was there.`}>
          {open}
        </Empty>
      ) : (
        <p class="quiet" role="status">
          {handles.settled.value ? 'Reading the table of values …' : `Waiting until ${name} is read …`}
        </p>
      )}
    </PageState>
  );
}

function Failed({ app }: { app: App }) {
  const { handles } = app;
  return (
    <div class="part-failed" role="status">
      <Icon name="warning" size={16} class="tone-warn" />
      <div>
        <p>{handles.problem.value}</p>
        <p class="deeds">
          {handles.life.value === 'live' && handles.shown.value && (
            <TextLink onClick={() => void takeSnapshot(app)}>Try again</TextLink>
          )}
          <TextLink onClick={() => chooseDump(app)}>Open a dump</TextLink>
        </p>
      </div>
    </div>
  );
}

function Read({ app }: { app: App }) {
  const { handles, settings } = app;
  const stale = handles.life.value === 'exited' || handles.life.value === 'gone' ? 'stale' : '';
  const totals = (
    <Guard name="Totals">
      <Totals app={app} snapshot={handles.snapshot.value!} />
    </Guard>
  );
  const table = (
    <div class="view" data-pane="table">
      <Guard name="The table">
        <HandlesTable app={app} />
      </Guard>
    </div>
  );
  if (!panes.value) {
    return (
      <div class={`column handles ${stale}`}>
        {totals}
        {table}
        <div class="below" data-pane="detail">
          <Detail app={app} />
        </div>
      </div>
    );
  }
  const initial = wide.value ? SIDE : SIDE_SMALL;
  return (
    <div class={`handles ${stale}`}>
      {totals}
      <div class="panes">
        {table}
        <SplitHandle name="handles" label="Width of the right pane" settings={settings} initial={initial} right />
        <div class="pane" data-pane="detail" style={{ width: `${paneWidth(settings, 'handles', initial)}px` }}>
          <Detail app={app} />
        </div>
      </div>
    </div>
  );
}
