/** Trees of Go places and operations: by call site, from the outermost function, or from the operation outward. */
import { useMemo, useState } from 'preact/hooks';
import type { Tree } from '../../src/bridge/tree';
import { shortFunction } from '../../src/failures/place';
import type { App } from '../app';
import { openSite } from '../errors/open';
import { panes, wide } from '../shell/layout';
import { type Column, DataGrid } from '../widgets/grid';
import { FunctionName, LocationLink } from '../widgets/names';
import { Nothing } from './nothing';
import { Side, targetWords } from './operations';
import { type TreeOrder, type TreeRow, treeRows } from './tree-rows';
import { bytesOrNone, calls, ms } from './words';

interface TreeProps {
  app: App;
  tree: Tree;
  name: string;
  /** `pane`: beside the table, with shares instead of times. */
  as: 'view' | 'pane';
  /** Starts at the children of this node. */
  root?: number;
  opens: 'only' | 'most';
  location?: boolean;
}

export function TreeView({ app, tree, name, as, root = 0, opens }: TreeProps) {
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [sorted, setSorted] = useState<TreeOrder>(as === 'pane' ? 'count' : 'selfMs');
  const [chosen, setChosen] = useState<string | null>(null);
  const rows = useMemo(
    () => treeRows(tree, { toggled, order: sorted, opens, root }),
    [tree, toggled, sorted, opens, root],
  );
  const whole = tree.sums[root * 5] || 1;
  const columns = as === 'pane' ? paneColumns(app, whole) : viewColumns(app);
  const at = rows.findIndex((row) => row.key === chosen);
  return (
    <DataGrid
      name={name}
      columns={columns}
      count={rows.length}
      row={(i) => rows[i]}
      selected={at}
      onSelect={(i) => setChosen(rows[i].key)}
      onEnter={({ name: called }) => {
        if (called.kind === 'frame' && called.file) openSite(app, called.function, called);
      }}
      sorted={{ by: sorted, up: false }}
      onSort={(by) => setSorted(by as TreeOrder)}
      tree={{
        place: (row) => row,
        toggle: (row, open) => setToggled(new Map(toggled).set(row.key, open)),
      }}
      empty={<Nothing app={app} />}
    />
  );
}

/** @param link the location stands beside the name, which is short then: its tooltip has all of it */
function Name({ row, app, link }: { row: TreeRow; app: App; link: boolean }) {
  const { name } = row;
  if (name.kind === 'gap') return <span class="remark cut">{name.why}</span>;
  if (name.kind === 'operation') {
    return (
      <span class="cut" translate={false}>
        <Side row={{ kind: name.side }} />
        {name.operation} <span class="remark">{targetWords(name)}</span>
      </span>
    );
  }
  return (
    <>
      {link ? (
        <span class="cut" title={name.function} translate={false}>
          {shortFunction(name.function)}
        </span>
      ) : (
        <FunctionName symbol={name.function} />
      )}
      {link && name.file && (
        <span class="beside">
          <LocationLink place={name} open={(place) => openSite(app, name.function, place)} />
        </span>
      )}
    </>
  );
}

const number = (id: TreeOrder, title: string, width: string, words: (row: TreeRow) => string): Column<TreeRow> => ({
  ...{ id, title, width, number: true, sorts: true },
  cell: words,
});

function viewColumns(app: App): Column<TreeRow>[] {
  const wide = panes.value;
  const time = (value: 'selfMs' | 'totalMs') => (row: TreeRow) => (row.timed > 0 ? ms(row[value]) : '–');
  const columns: Column<TreeRow>[] = [
    {
      ...{ id: 'name', title: 'Function', width: 'minmax(0, 1fr)' },
      cell: (row) => <Name row={row} app={app} link={!wide} />,
    },
  ];
  if (wide) {
    columns.push({
      ...{ id: 'location', title: 'Location', width: 'minmax(90px, 22%)' },
      cell: ({ name }) =>
        name.kind === 'frame' && name.file ? (
          <LocationLink place={name} open={(place) => openSite(app, name.function, place)} />
        ) : (
          ''
        ),
    });
  }
  columns.push(
    number('count', 'Count', wide ? '74px' : '60px', (row) => calls(row.count)),
    number('selfMs', 'Self, ms', wide ? '82px' : '66px', time('selfMs')),
  );
  if (wide) {
    columns.push(
      number('totalMs', 'Total, ms', '82px', time('totalMs')),
      number('bytes', 'Bytes', '78px', (row) => bytesOrNone(row.bytes)),
    );
  }
  return columns;
}

function paneColumns(app: App, whole: number): Column<TreeRow>[] {
  const columns: Column<TreeRow>[] = [
    {
      ...{ id: 'name', title: 'Function', width: 'minmax(0, 1fr)' },
      cell: (row) => <Name row={row} app={app} link />,
    },
    number('count', 'Count', '60px', (row) => calls(row.count)),
  ];
  // Beside a table of middle width names need the room.
  if (!wide.value && panes.value) return columns;
  return [
    ...columns,
    {
      ...{ id: 'share', title: 'Share', width: '58px', number: true },
      cell: (row) => `${((row.count / whole) * 100).toFixed(row.count === whole ? 0 : 1)} %`,
    },
  ];
}
