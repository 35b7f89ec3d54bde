/** What lies under the pointer in the lanes beneath the calls, and how it is told. */
import type { ComponentChildren } from 'preact';
import { callAt, createSlices, visible } from '../../src/bridge/slices';
import type { Spans } from '../../src/bridge/spans';
import type { Timeline } from '../../src/bridge/timeline';
import { floorIndex } from '../../src/bytes/search';
import { bytes, plural } from '../widgets/format';
import type { Layout } from './draw';
import { RUN_ROW } from './draw-lanes';
import type { Drawn } from './store';
import { goroutineName, heapWords, labelWords, ms, single } from './words';

/** A place in a lane; `size` things are drawn there as one. */
export interface LaneHit {
  kind: 'run' | 'cycle' | 'memory' | 'long' | 'timer';
  /** Of the goroutines. */
  row: number;
  at: number;
  size: number;
}

const one = createSlices(2);

/** How many stretches are drawn as one with a stretch. */
export function crowd(spans: Spans, at: number, pixel: number): number {
  visible(spans, spans.begins[at], spans.begins[at] + pixel, pixel, one);
  return one.count > 0 ? Math.max(1, one.sizes[0]) : 1;
}

/** @param reach pixels in which thin ones are found @param pixel milliseconds of one */
export function laneUnder(
  { goroutines, gc, memory, long, timers }: Timeline,
  layout: Layout,
  y: number,
  time: number,
  reach: number,
  pixel: number,
): LaneHit | null {
  const inside = (box: { top: number; height: number } | null) =>
    box !== null && y >= box.top && y < box.top + box.height;
  const hit = (kind: LaneHit['kind'], spans: Spans, row = 0): LaneHit | null => {
    const at = callAt(spans, time, reach * pixel);
    return at < 0 ? null : { kind, row, at, size: crowd(spans, at, pixel) };
  };
  if (layout.calls && inside(layout.calls.edge)) {
    return y < layout.calls.top
      ? hit('long', long)
      : y >= layout.calls.edge.top + layout.calls.edge.height - 6
        ? hit('timer', timers)
        : null;
  }
  if (layout.goroutines && inside(layout.goroutines) && 'rows' in goroutines) {
    const row = Math.floor((y - layout.goroutines.rows) / RUN_ROW);
    return goroutines.rows[row] ? hit('run', goroutines.rows[row], row) : null;
  }
  if (inside(layout.gc) && 'begins' in gc) return hit('cycle', gc);
  if (inside(layout.memory) && 'times' in memory) {
    const at = floorIndex(memory.times, time);
    return at < 0 ? null : { kind: 'memory', row: 0, at, size: 1 };
  }
  return null;
}

/** @param step of the page's clock, ms */
export function LaneWords({ drawn, hit, step }: { drawn: Drawn; hit: LaneHit; step: number }) {
  const { timeline, labels } = drawn;
  const { at, size } = hit;
  const { goroutines, gc, memory } = timeline;
  const lasted = ({ begins, ends }: Spans) => single(ends[at] - begins[at], step);
  const several = (what: string) => size > 1 && <p>{plural(size, what)} in this place; the first of them:</p>;
  if (hit.kind === 'run' && 'rows' in goroutines) {
    const row = goroutines.rows[hit.row];
    return (
      <Words title={`Goroutine ${row.goids ? row.goids[at] : row.goid}`}>
        {several('run')}
        <p>
          {lasted(row)} <span class="chip">as seen at calls</span>
        </p>
        <p class="remark">
          {row.goids ? 'All others' : 'All its runs'}: {ms(row.ms)} ms
        </p>
      </Words>
    );
  }
  if (hit.kind === 'cycle' && 'begins' in gc) {
    const payer = labels[gc.labels[at]];
    return (
      <Words title="GC cycle">
        {several('cycle')}
        <p>
          {lasted(gc)} {Number.isNaN(gc.after[at]) && 'so far '}
          <span class="chip">{gc.exact[at] ? 'Go’s own times' : 'as seen at calls'}</span>
        </p>
        <p>Heap {heapWords(gc.before[at], gc.after[at])}</p>
        <p class="remark">Paid by: {payer ? labelWords(payer) : 'not known'}</p>
      </Words>
    );
  }
  if (hit.kind === 'memory' && 'times' in memory) {
    const { linear, heap, heapWhy } = memory;
    return (
      <Words title={`Linear memory ${bytes(linear.values[at])}`}>
        {heap ? (
          <p>
            Heap in use {bytes(heap.inuse[at])} · objects {bytes(heap.live.values[at])}
          </p>
        ) : (
          <p class="remark">Heap not known: {heapWhy}</p>
        )}
      </Words>
    );
  }
  if (hit.kind === 'long') {
    return (
      <Words title="Long task">
        {several('long task')}
        <p>{lasted(timeline.long)} in which the page could do nothing else</p>
      </Words>
    );
  }
  return <Words title={size > 1 ? plural(size, 'timer') : 'Timer'}>of Go’s own, which ran it again</Words>;
}

function Words({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <>
      <p>
        <strong>{title}</strong>
      </p>
      {children}
    </>
  );
}

/** What the lanes draw, in a sentence for each: for those who do not see them. */
export function laneSentence({ goroutines, gc, memory }: Timeline, name: 'goroutines' | 'gc' | 'memory'): string {
  if (name === 'goroutines' && 'rows' in goroutines) {
    const told = goroutines.rows.map((row) => `${goroutineName(row.goid)} ran ${ms(row.ms)} ms`);
    return [plural(goroutines.count, 'goroutine'), ...told].join(', ');
  }
  if (name === 'gc' && 'begins' in gc) {
    const last = gc.begins.length - 1;
    const told = last >= 0 ? [`last ${heapWords(gc.before[last], gc.after[last])}`] : [];
    const missed = gc.missed > 0 ? [`${gc.missed} more not seen`] : [];
    return [plural(last + 1, 'cycle'), ...told, ...missed].join(', ');
  }
  if (name === 'memory' && 'times' in memory && memory.times.length > 0) {
    const at = memory.times.length - 1;
    const heap = memory.heap ? `${bytes(memory.heap.inuse[at])} of heap in use` : 'heap not known';
    return `At the end ${bytes(memory.linear.values[at])} of linear memory, ${heap}`;
  }
  return '';
}
