/** The row of totals, and the chart of the last minutes beside it. */
import type { SnapshotInfo } from '../../src/handles/view';
import type { App } from '../app';
import { low, panes, wide } from '../shell/layout';
import { count, plural } from '../widgets/format';
import { chartOf, SPAN } from './chart';
import { deltaWords, slotsWords } from './words';

export function Totals({ app, snapshot }: { app: App; snapshot: SnapshotInfo }) {
  const { handles } = app;
  const { handles: all, funcs, funcHandles, nodes, fixed, classified, funcsWhy, slots, free } = snapshot;
  const last = handles.samples.value.at(-1);
  const isLatest = snapshot.number === handles.snapshots.value.at(-1)?.number;
  // The table shows the snapshot; what has come since stands beside its numbers.
  const since = (now: number | undefined, then: number | null) =>
    last && isLatest && now !== undefined && now >= 0 && then !== null && now !== then ? (
      <span class="aside" title={`${count(now)} now; the table shows the snapshot`}>
        {deltaWords(now - then)}
      </span>
    ) : null;
  const known = classified < all ? `As far as values were looked at: ${count(classified)} of ${count(all)}` : undefined;
  return (
    <div class="totals">
      <div class="tiles" role="group" aria-label="Totals">
        <Tile
          name="Handles"
          value={count(all)}
          title={wide.value ? undefined : slotsWords(snapshot)}
          main
          aside={
            <>
              {since(last?.handles, all)}
              {!wide.value && <span class="offscreen">{`${plural(slots, 'slot')}, ${count(free)} free`}</span>}
            </>
          }
        />
        {funcs === null ? (
          <Tile name="js.Func" value="–" title={`Not known: ${funcsWhy}`} />
        ) : (
          <Tile
            name="js.Func"
            value={count(funcs)}
            title="Made by js.FuncOf and not released, with a handle or without one"
            aside={since(last?.funcs, funcs)}
          />
        )}
        {panes.value && (
          <>
            <Tile name="DOM nodes" value={count(nodes)} title={known} />
            <Tile name="Other objects" value={count(all - fixed - nodes - funcHandles)} title={known} />
            <Tile
              name="Fixed"
              value={count(fixed)}
              title="The values that every Go program has, from NaN to globalThis"
            />
          </>
        )}
        {wide.value && (
          <Tile
            name="Slots"
            value={count(slots)}
            title={slotsWords(snapshot)}
            aside={<span class="aside">{count(free)} free</span>}
          />
        )}
      </div>
      <Minutes app={app} />
    </div>
  );
}

interface TileProps {
  name: string;
  value: string;
  title?: string;
  main?: boolean;
  /** Behind the value, small. */
  aside?: preact.ComponentChildren;
}

function Tile({ name, value, title, main, aside }: TileProps) {
  return (
    <div class={`total ${main ? 'main' : ''}`} title={title}>
      <span class="total-name">{name}</span>
      <span class="total-value">
        <b>{value}</b> {aside}
      </span>
    </div>
  );
}

const WIDTH = 1000;
const HEIGHT = 52;

function Minutes({ app: { handles } }: { app: App }) {
  const samples = handles.samples.value;
  const now = Math.max(handles.now.value, samples.at(-1)?.at ?? 0);
  const taken = handles.snapshots.value.map(({ at }) => at);
  const chart = chartOf(samples, now, taken, { width: WIDTH, height: HEIGHT });
  const [first, last] = [samples[0], samples.at(-1)];
  const file = handles.life.value === 'dump';
  const words = file
    ? 'A dump has no history'
    : first && last
      ? `Handles in the last 3 minutes: ${count(first.handles)} at first, ${count(last.handles)} now; ${plural(chart.cycles.length, 'collection')} by Go`
      : 'No handles were counted yet';
  return (
    <div class="minutes" role="img" aria-label={words} title={words}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {chart.snapshots.map((x, i) => (
          <path key={i} class="taken" d={`M${x},0V${HEIGHT}`} />
        ))}
        <path class="all area" d={chart.handles.area} />
        <path class="funcs area" d={chart.funcs.area} />
        <path class="all curve" d={chart.handles.line} />
        <path class="funcs curve" d={chart.funcs.line} />
        {chart.cycles.map((x, i) => (
          <path key={i} class="cycle" d={`M${x},0v5`} />
        ))}
      </svg>
      {!low.value && (
        <>
          <span class="legend">
            {file ? words : panes.value ? 'all handles · js.Func (orange) · Go GC (ticks)' : 'all · js.Func · GC ticks'}
          </span>
          {!file && <span class="legend right">last {SPAN / 60_000} min</span>}
        </>
      )}
    </div>
  );
}
