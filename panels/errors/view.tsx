/** The Errors tab: list and detail, beside each other or, in one column, one within the other. */
import { useEffect } from 'preact/hooks';
import type { App } from '../app';
import { panes } from '../shell/layout';
import { PageState } from '../shell/states';
import { Pill } from '../widgets/button';
import { Empty } from '../widgets/empty';
import { clock } from '../widgets/format';
import { Guard } from '../widgets/guard';
import { paneWidth, SplitHandle } from '../widgets/split';
import { Detail } from './detail';
import { ErrorList } from './list';
import { PasteSheet } from './paste';
import { Toolbar } from './toolbar';

const LIST = 330;

export function ErrorsView({ app }: { app: App }) {
  const { errors } = app;
  const size = errors.failures.value.size;
  useEffect(() => errors.markRead());
  return (
    <>
      <Toolbar app={app} />
      <div class="content">
        {size === 0 ? <NoErrors app={app} /> : <Listed app={app} />}
        {app.pasting.value && (size === 0 || !panes.value) && <PasteSheet app={app} />}
      </div>
    </>
  );
}

function Listed({ app }: { app: App }) {
  const { errors, settings } = app;
  const failure = errors.selected.value;
  const hit = errors.rows.value.length > 0;
  const select = (id: string) => {
    errors.chosen.value = id;
  };
  const detail = failure && (
    <Guard key={failure.id} name="This error">
      <Detail app={app} failure={failure} />
    </Guard>
  );
  if (!hit) return <NoHit app={app} />;
  if (!panes.value) {
    return (
      <div class="column" data-pane="list">
        <ErrorList rows={errors.rows.value} selected={failure} onSelect={(each) => select(each.id)} detail={detail} />
      </div>
    );
  }
  return (
    <div class="panes">
      <div class="pane list-pane" data-pane="list" style={{ width: `${paneWidth(settings, 'list', LIST)}px` }}>
        <ErrorList rows={errors.rows.value} selected={failure} onSelect={(each) => select(each.id)} />
      </div>
      <SplitHandle name="list" label="Width of the error list" settings={settings} initial={LIST} />
      <div class="pane detail-pane">
        {detail}
        {app.pasting.value && <PasteSheet app={app} />}
      </div>
    </div>
  );
}

function NoHit({ app: { errors } }: { app: App }) {
  const text = errors.filterText.value.trim();
  return (
    <p class="quiet no-hit">
      No error matches {text ? <>“{text}”</> : 'this kind'}.{' '}
      <button
        type="button"
        class="link"
        onClick={() => {
          errors.filter('');
          errors.kind.value = 'all';
        }}
      >
        Clear filter
      </button>
    </p>
  );
}

function NoErrors({ app }: { app: App }) {
  const since = app.page.loads.value.at(-1)?.from ?? app.errors.since.value;
  return (
    <PageState app={app}>
      <Empty
        icon="good"
        tone="good"
        title={`No errors since ${clock(Math.max(since, app.errors.since.value))}`}
        text="Panics, traps, exits and errors that cross Go code show up here with their full Go stack."
      >
        <Pill
          onClick={() => {
            app.pasting.value = true;
          }}
        >
          Paste a stack trace
        </Pill>
      </Empty>
    </PageState>
  );
}
