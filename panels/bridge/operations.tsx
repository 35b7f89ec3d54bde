/** The table of operations: how often, how long, how many bytes. */
import { useMemo, useState } from 'preact/hooks';
import { type Operation, targetName } from '../../src/bridge/profile';
import type { OperationSums } from '../../src/bridge/recording';
import { shortFunction } from '../../src/failures/place';
import type { App } from '../app';
import { panes, wide } from '../shell/layout';
import { type Column, DataGrid } from '../widgets/grid';
import { Nothing } from './nothing';
import { keyOf } from './store';
import { bytesOrNone, calls, LEAST_TIMED, mean, ms } from './words';

const DIRECTIONS = { 'go→js': 'Go → JS', 'js→go': 'JS → Go' };
const TONES = ['go', 'js', 'copy'];

/** The side whose code runs. */
export function Side({ row }: { row: Pick<OperationSums, 'kind'> }) {
  return <i class={`side ${TONES[row.kind]}`} />;
}

/** What a callback runs is a Go function. */
export const targetWords = (called: Operation): string =>
  called.operation === 'callback' ? shortFunction(called.target) : targetName(called);

export function Operations({ app }: { app: App }) {
  const { bridge } = app;
  const [sorted, setSorted] = useState({ by: 'selfMs', up: false });
  const all = bridge.operations.value?.rows ?? [];
  const rows = useMemo(() => sort(all, sorted.by, sorted.up), [all, sorted]);
  const most = all.reduce((highest, row) => Math.max(highest, row.selfMs), 0);
  const selected = bridge.selected.value;
  return (
    <DataGrid
      name="Operations"
      columns={columnsOf(most, bridge.operations.value?.exact ?? true)}
      count={rows.length}
      row={(i) => rows[i]}
      selected={selected ? rows.indexOf(selected) : -1}
      onSelect={(i) => {
        bridge.chosen.value = keyOf(rows[i]);
      }}
      sorted={sorted}
      onSort={(by) => setSorted((old) => ({ by, up: old.by === by ? !old.up : by === 'operation' || by === 'target' }))}
      empty={<Nothing app={app} />}
    />
  );
}

function columnsOf(most: number, exact: boolean): Column<OperationSums>[] {
  const about = exact ? undefined : 'about: of the timed calls in this stretch';
  const self: Column<OperationSums> = {
    ...{ id: 'selfMs', title: 'Self, ms', width: '88px', number: true, sorts: true },
    cell: (row) => (
      <>
        <i
          class={`share ${TONES[row.kind]}`}
          style={{ width: `${most > 0 ? (Math.max(0, row.selfMs) / most) * 100 : 0}%` }}
        />
        <span class="over">{row.timed > 0 ? ms(row.selfMs) : '–'}</span>
      </>
    ),
  };
  const count: Column<OperationSums> = {
    ...{ id: 'count', title: 'Count', width: panes.value ? '74px' : '60px', number: true, sorts: true },
    cell: (row) => <span title={about}>{calls(row.count)}</span>,
  };
  const size: Column<OperationSums> = {
    ...{ id: 'bytes', title: 'Bytes', width: panes.value ? '78px' : '68px', number: true, sorts: true },
    cell: (row) => <span title={about}>{bytesOrNone(row.bytes)}</span>,
  };
  const means: Column<OperationSums> = {
    ...{ id: 'mean', title: 'Mean, µs', width: '78px', number: true, sorts: true },
    cell: (row) => (
      <span title={row.timed < LEAST_TIMED ? `fewer than ${LEAST_TIMED} timed calls` : undefined}>{mean(row)}</span>
    ),
  };
  if (!wide.value) {
    const both: Column<OperationSums> = {
      ...{ id: 'operation', title: 'Operation and target', width: 'minmax(0, 1fr)', sorts: true },
      cell: (row) => (
        <span class="cut" translate={false} title={`${DIRECTIONS[row.direction]} ${row.operation} ${targetName(row)}`}>
          <Side row={row} />
          {row.operation} <span class="remark">{targetWords(row)}</span>
        </span>
      ),
    };
    return panes.value ? [both, count, self, means, size] : [both, count, { ...self, width: '70px' }, size];
  }
  const direction: Column<OperationSums> = {
    ...{ id: 'direction', title: 'Direction', width: '80px', sorts: true },
    cell: (row) => (
      <>
        <Side row={row} />
        {DIRECTIONS[row.direction]}
      </>
    ),
  };
  return [
    direction,
    {
      ...{ id: 'operation', title: 'Operation', width: 'minmax(104px, 3fr)', sorts: true },
      cell: (row) => (
        <span class="cut" translate={false} title={`${DIRECTIONS[row.direction]} ${row.operation}`}>
          {row.operation}
        </span>
      ),
    },
    {
      ...{ id: 'target', title: 'Target', width: 'minmax(60px, 5fr)', sorts: true },
      cell: (row) => (
        <span class="cut" translate={false} title={targetName(row)}>
          {targetWords(row)}
        </span>
      ),
    },
    count,
    self,
    {
      ...{ id: 'totalMs', title: 'Total, ms', width: '78px', number: true, sorts: true },
      cell: (row) => (row.timed > 0 ? ms(row.totalMs) : '–'),
    },
    means,
    size,
  ];
}

function sort(rows: readonly OperationSums[], by: string, up: boolean): OperationSums[] {
  const value = (row: OperationSums): number | string => {
    if (by === 'mean') return row.timed < LEAST_TIMED ? -1 : row.totalMs / row.count;
    if (by === 'target') return targetWords(row);
    return row[by as 'selfMs'] ?? '';
  };
  const sign = up ? 1 : -1;
  return [...rows].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    return sign * (typeof x === 'string' ? x.localeCompare(String(y)) : x - Number(y)) || b.count - a.count;
  });
}
