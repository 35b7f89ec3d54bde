/** The tree grid of handles: groups by the place that made them, and in each its handles. Rows are asked for as they come into sight. */
import { useMemo, useState } from 'preact/hooks';
import type { HandleRow, HandleSort } from '../../src/handles/view';
import type { App } from '../app';
import { openSite } from '../errors/open';
import { full, panes, wide } from '../shell/layout';
import { TextLink } from '../widgets/button';
import { DataGrid, type TreePlace } from '../widgets/grid';
import { columnsOf } from './cells';
import { keyOf } from './words';

/** What rises when it is sorted by for the first time. */
const FROM_LEAST: HandleSort[] = ['id', 'type', 'preview', 'state'];

export function HandlesTable({ app }: { app: App }) {
  const { handles } = app;
  const { toggle, openAll } = handles;
  const [reveal, setReveal] = useState(-1);
  // Rows have come.
  handles.rows.value;
  const view = handles.view.value;
  const { by, up } = handles.sort.value;
  const compared = handles.wanted.value?.against != null;
  const cursor = handles.cursor.value;
  const here = handles.row(cursor);
  const grouped = handles.group.value !== 'none';
  const columns = useMemo(
    () => columnsOf(app, { compared, grouped }),
    [app, compared, grouped, wide.value, full.value, panes.value],
  );
  return (
    <DataGrid
      name="Handles"
      columns={columns}
      count={view?.rows ?? 0}
      row={handles.row}
      rowClass={(row) => row.kind}
      selected={here && keyOf(here) !== handles.selected.value ? -1 : cursor}
      reveal={reveal}
      onSight={handles.look}
      onSelect={(index) => {
        handles.cursor.value = index;
        setReveal(index);
        const row = handles.row(index);
        if (row) handles.chosen.value = keyOf(row);
      }}
      onEnter={(row) => {
        if (row.kind === 'more') handles.toggle(row, true);
        const site = row.kind === 'group' ? row.site : row.kind === 'handle' ? row.runs : null;
        if (site?.file) openSite(app, site.function, site);
      }}
      sorted={{ by: compared && by === 'growth' ? 'delta' : by, up }}
      onSort={(wanted) => {
        const next = (wanted === 'delta' ? 'growth' : wanted) as HandleSort;
        handles.sort.value = { by: next, up: by === next ? !up : FROM_LEAST.includes(next) };
      }}
      // What lies in a group begins below its name.
      tree={grouped ? { place: placeOf, toggle, openAll: () => void openAll(), indent: 0 } : undefined}
      empty={<Nothing app={app} />}
    />
  );
}

function placeOf(row: HandleRow): TreePlace {
  const { position, siblings } = row;
  return { level: row.kind === 'group' ? 1 : 2, open: row.kind === 'group' ? row.open : null, position, siblings };
}

function Nothing({ app: { handles } }: { app: App }) {
  const text = handles.text.value.trim();
  if (text !== '') {
    return (
      <>
        Nothing matches “{text}”.{' '}
        <TextLink
          onClick={() => {
            handles.text.value = '';
          }}
        >
          Clear filter
        </TextLink>
      </>
    );
  }
  if (handles.suspectsOnly.value) {
    return (
      <>
        Nothing is suspected to leak.{' '}
        <TextLink
          onClick={() => {
            handles.suspectsOnly.value = false;
          }}
        >
          Show all
        </TextLink>
      </>
    );
  }
  return handles.view.value ? <>Go holds no JS values yet.</> : <>Reading …</>;
}
