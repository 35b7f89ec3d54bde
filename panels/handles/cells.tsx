/** What stands in the table's cells: groups by the place in Go that made them, values, ages, lines of growth. */
import { fullPlace } from '../../src/failures/place';
import type { GroupRow, HandleRow, OneHandle } from '../../src/handles/view';
import type { App } from '../app';
import { openSite } from '../errors/open';
import { full, panes, wide } from '../shell/layout';
import { TextLink } from '../widgets/button';
import { count, plural } from '../widgets/format';
import type { Column } from '../widgets/grid';
import { FunctionName, LocationLink } from '../widgets/names';
import { sparkline } from './chart';
import { ageWords, deltaWords, growthWords, idWords, isLeak, previewWords, STATES } from './words';

type Cells = Column<HandleRow>;

/** What tells of groups alone. */
const OF_GROUPS = ['count', 'growth'];

export interface Asked {
  /** There is another snapshot to compare with: growth is the difference to that. */
  compared: boolean;
  grouped: boolean;
}

export function columnsOf(app: App, { compared, grouped }: Asked): Cells[] {
  const columns = allColumns(app, compared, grouped);
  return grouped || !full.value ? columns : columns.filter(({ id }) => !OF_GROUPS.includes(id));
}

function allColumns(app: App, compared: boolean, grouped: boolean): Cells[] {
  const delta = compared ? [deltas] : [];
  const growth = (width: number) => growthOf(width, !compared);
  if (wide.value) {
    // A group's name has the room of what it has not: number, type, preview.
    return [
      { ...ids, span: spans(3), cell: name(app, false) },
      types,
      previews,
      counts,
      ...delta,
      refs,
      crossings,
      ages,
      growth(76),
      holders,
      states(110),
    ];
  }
  // Beside the pane of details there is room for less than without it.
  const beside = panes.value && grouped;
  if (full.value) {
    const short = { ...ids, width: '70px', span: spans(beside ? 2 : 3), cell: name(app, false) };
    const more = beside ? [] : [refs, ages];
    return [short, ...(beside ? [] : [types]), previews, counts, ...delta, ...more, growth(70), states(104)];
  }
  const both: Cells = {
    ...{ id: 'id', title: 'Created at / value', width: 'minmax(0, 1fr)', sorts: true },
    span: (row) => (row.kind === 'more' ? Number.POSITIVE_INFINITY : 1),
    cell: name(app, true),
    tooltip: ofHandle(titleOf),
  };
  return [both, counts, compared ? deltas : growthOrAge, states(102)];
}

/** What takes the whole row, or as many columns as have nothing of it. */
const spans = (group: number) => (row: HandleRow) =>
  row.kind === 'more' ? Number.POSITIVE_INFINITY : row.kind === 'group' ? group : 1;

/** @param withPreview the value stands beside its number */
const name = (app: App, withPreview: boolean) => (row: HandleRow) => {
  if (row.kind === 'group') return <GroupName app={app} row={row} />;
  if (row.kind === 'more') {
    const show = () => {
      app.handles.toggle(row, true);
      // The link goes away, and keys are for the table.
      document.querySelector<HTMLElement>('.handles .data-grid')?.focus();
    };
    return <TextLink onClick={show}>Show {count(row.count)} more</TextLink>;
  }
  if (!withPreview) return <span class="code-font">{idWords(row)}</span>;
  return (
    <>
      <span class="code-font">{idWords(row)}</span> {preview(row)}
    </>
  );
};

function GroupName({ app, row: { site, title } }: { app: App; row: GroupRow }) {
  if (!site) {
    return (
      <span class="cut" title={title} translate={false}>
        {title}
      </span>
    );
  }
  return (
    <>
      <FunctionName symbol={site.function} short />
      {site.file && (
        <span class="beside">
          <LocationLink place={site} open={(place) => openSite(app, site.function, place)} />
        </span>
      )}
    </>
  );
}

/** Text of the page is shown as text, in one direction whatever it holds. No component: there are many. */
function preview(row: OneHandle) {
  const words = previewWords(row);
  return words === '' ? <span class="remark">…</span> : <bdi translate={false}>{words}</bdi>;
}

/** All of it, for what is cut off. */
const titleOf = ({ runs, class: name, text }: OneHandle): string =>
  runs ? `${runs.function} ${fullPlace(runs)}` : text === name ? name : `${name} ${text}`;

const only =
  (cell: (row: OneHandle) => preact.ComponentChildren): Cells['cell'] =>
  (row) =>
    row.kind === 'handle' ? cell(row) : '';

const ofHandle = (tell: (row: OneHandle) => string) => (row: HandleRow) =>
  row.kind === 'handle' ? tell(row) : undefined;
/** What of a handle stands behind what of a group stands out. */
const quiet = (row: HandleRow): string => (row.kind === 'handle' ? 'remark' : '');

const none = '–';
const numberOr = (value: number | null): string => (value === null ? none : count(value));

const ids: Cells = { ...{ id: 'id', title: 'ID', width: '76px', sorts: true }, cell: () => '' };
const types: Cells = { ...{ id: 'type', title: 'Type', width: '66px', sorts: true }, cell: only(({ type }) => type) };
const previews: Cells = {
  ...{ id: 'preview', title: 'Preview', width: 'minmax(60px, 1fr)', sorts: true },
  cell: only(preview),
  tooltip: ofHandle(titleOf),
};
const counts: Cells = {
  ...{ id: 'count', title: 'Handles', width: '60px', number: true, sorts: true },
  cell: (row) =>
    row.kind === 'group' ? (
      <b title={row.unheld > 0 ? `${plural(row.unheld, 'js.Func')} among them without a handle` : undefined}>
        {count(row.count)}
      </b>
    ) : (
      ''
    ),
};
const deltas: Cells = {
  ...{ id: 'delta', title: 'Δ', width: '54px', number: true, sorts: true },
  cell: (row) => {
    if (row.kind === 'handle') return row.fresh ? <span class="grew">new</span> : '';
    if (row.kind === 'more' || row.delta === null) return '';
    return <span class={row.delta > 0 ? 'grew' : row.delta < 0 ? 'shrank' : ''}>{deltaWords(row.delta)}</span>;
  },
};
const refs: Cells = {
  ...{ id: 'refs', title: 'Refs', width: '48px', number: true, sorts: true },
  cell: only((row) => numberOr(row.refs)),
};
const crossings: Cells = {
  ...{ id: 'crossings', title: 'Crossed', width: '58px', number: true },
  cell: only((row) => numberOr(row.crossings)),
};
const ages: Cells = {
  ...{ id: 'age', title: 'Age', width: '60px', number: true, sorts: true },
  cell: only((row) => ageWords(row.ageMs)),
};
const growthOf = (width: number, sorts: boolean): Cells => ({
  ...{ id: 'growth', title: 'Growth', width: `${width}px`, sorts },
  cell: (row) => (row.kind === 'group' ? <Growth row={row} /> : ''),
});
/** Where columns are few: the line of a group, the age of a handle. */
const growthOrAge: Cells = {
  ...growthOf(66, true),
  cell: (row) => (row.kind === 'group' ? <Growth row={row} /> : row.kind === 'handle' ? ageWords(row.ageMs) : ''),
};
const holders: Cells = {
  ...{ id: 'held', title: 'Held by (Go)', width: '104px' },
  cell: (row) => (row.kind === 'group' ? <Mostly row={row} /> : 'not known'),
  cellClass: quiet,
  tooltip: ofHandle(() => 'Which Go object holds it comes with a snapshot of Go’s heap'),
};
const states = (width: number): Cells => ({
  ...{ id: 'state', title: 'State', width: `${width}px`, sorts: true },
  cell: (row) => {
    if (row.kind === 'handle') return row.state;
    if (row.kind === 'more') return '';
    if (row.suspect && isLeak(row.suspect)) return <Suspected reason={row.suspect.reason} />;
    return wide.value ? '' : <Mostly row={row} />;
  },
  cellClass: quiet,
  tooltip: ofHandle(({ state }) => STATES[state]),
});

const Mostly = ({ row: { mostly, title } }: { row: GroupRow }) =>
  mostly === title ? null : (
    <span class="cut remark" title={mostly ? `Most of them: ${mostly}` : undefined} translate={false}>
      {mostly}
    </span>
  );

export const Suspected = ({ reason }: { reason: string }) => (
  <span class="chip unsure" title={reason}>
    leak suspect
  </span>
);

const [LINE_WIDTH, LINE_HEIGHT] = [64, 14];

export function Growth({ row }: { row: GroupRow }) {
  const { area, line } = sparkline(row.growth, LINE_WIDTH, LINE_HEIGHT);
  return (
    <>
      <svg
        class={`growth ${row.suspect && isLeak(row.suspect) ? 'bad' : ''}`}
        viewBox={`0 0 ${LINE_WIDTH} ${LINE_HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <path class="area" d={area} />
        <path class="curve" d={line} />
      </svg>
      <span class="offscreen">{growthWords(row.growth)}</span>
    </>
  );
}
