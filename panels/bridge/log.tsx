/** The timed calls one by one, as they began; fetched a page at a time as they come into sight. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { CallRow } from '../../src/bridge/recording';
import type { App } from '../app';
import { openSite } from '../errors/open';
import { panes, wide } from '../shell/layout';
import { type Column, DataGrid } from '../widgets/grid';
import { LocationLink } from '../widgets/names';
import { Nothing } from './nothing';
import { Side, targetWords } from './operations';
import { keyOf } from './store';
import { bytesOrNone, single } from './words';

const PAGE = 200;
/** Pages that are kept: more than any screen shows. */
const MOST_PAGES = 20;
/** What browsers lay out: rows beyond it are reached by a filter or a stretch. */
const MOST_ROWS = 1_500_000;

export function EventLog({ app }: { app: App }) {
  const { bridge } = app;
  const [total, setTotal] = useState(0);
  const [, repaint] = useState(0);
  const pages = useRef(new Map<number, CallRow[] | null>());
  const [at, setAt] = useState(-1);
  const shown = bridge.shown.value;
  const wanted = bridge.wanted.value;
  const summary = bridge.summary.value;
  const load = (page: number) => {
    if (!shown || pages.current.has(page)) return;
    const kept = pages.current;
    kept.set(page, null);
    if (kept.size > MOST_PAGES) kept.delete([...kept.keys()][0]);
    void app.session.bridgeCalls(shown.realm, shown.instance, wanted, page * PAGE, PAGE).then(
      (found) => {
        if (pages.current !== kept || !found) return;
        kept.set(page, found.rows);
        setTotal(Math.min(MOST_ROWS, found.total));
        repaint((old) => old + 1);
      },
      () => undefined,
    );
  };
  useEffect(() => {
    pages.current = new Map();
    load(0);
  }, [shown, wanted, summary?.now]);
  useEffect(() => setAt(-1), [shown, wanted]);
  const row = (i: number): CallRow | null => {
    const page = Math.floor(i / PAGE);
    const rows = pages.current.get(page);
    if (rows === undefined) queueMicrotask(() => load(page));
    return rows?.[i % PAGE] ?? null;
  };
  return (
    <DataGrid
      name="Event log"
      columns={columnsOf(app, summary?.began ?? 0, summary?.clockStep ?? 0)}
      count={total}
      row={row}
      selected={Math.min(at, total - 1)}
      onSelect={(i) => {
        setAt(i);
        const call = row(i);
        if (!call) return;
        bridge.place.value = call.place;
        bridge.chosen.value = keyOf(call);
      }}
      onEnter={(call) => {
        if (call.site?.file) openSite(app, call.site.function, call.site);
      }}
      empty={<Nothing app={app} />}
    />
  );
}

function columnsOf(app: App, began: number, step: number): Column<CallRow>[] {
  const time: Column<CallRow> = {
    ...{ id: 'time', title: 'Time, s', width: '84px', number: true },
    cell: ({ begin }) => ((begin - began) / 1000).toFixed(4),
  };
  const duration: Column<CallRow> = {
    ...{ id: 'duration', title: 'Duration', width: '82px', number: true },
    cell: ({ begin, end }) => single(end - begin, step),
  };
  const what: Column<CallRow> = {
    ...{ id: 'operation', title: 'Operation and target', width: 'minmax(110px, 1fr)' },
    cell: (call) => (
      <span class="cut" translate={false} style={{ paddingLeft: `${Math.min(call.depth, 12) * 10}px` }}>
        <Side row={call} />
        {call.operation} <span class="remark">{targetWords(call)}</span>
      </span>
    ),
  };
  if (!panes.value) return [time, what, duration];
  const columns = [time, what, siteColumn(app), duration];
  if (!wide.value) return columns;
  return [
    ...columns,
    {
      ...{ id: 'bytes', title: 'Bytes', width: '78px', number: true },
      cell: ({ bytes }) => bytesOrNone(bytes),
    },
  ];
}

const siteColumn = (app: App): Column<CallRow> => ({
  ...{ id: 'site', title: 'Go line', width: 'minmax(84px, 20%)' },
  cell: ({ site }) =>
    site?.file ? (
      <LocationLink place={site} open={(place) => openSite(app, site.function, place)} />
    ) : (
      <span class="remark">{site ? site.function : '–'}</span>
    ),
});
