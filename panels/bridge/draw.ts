/**
 * Draws a stretch of a timeline on a canvas: ruler, bytes copied, nested calls, lanes. What it costs depends on the canvas' width
 * and not on how many calls there are (`bridge/slices.ts`).
 */
import type { Label } from '../../src/bridge/labels';
import { bytesIn, createSlices, kindOf, visible } from '../../src/bridge/slices';
import type { Range } from '../../src/bridge/sums';
import type { Timeline } from '../../src/bridge/timeline';
import { bytes } from '../widgets/format';
import { drawCycles, drawEdges, drawGoroutines, drawMemory } from './draw-lanes';
import { sizeOf, toX } from './measure';
import { tick, widthOf } from './viewport';
import { labelWords, moment } from './words';

export const RULER = 18;
export const ROW = 15;
const BAR = 3;

/** Where lanes stand, CSS pixels. */
export interface Layout {
  /** Left edge of the lanes. */
  left: number;
  width: number;
  height: number;
  bytes: { top: number; height: number } | null;
  /** `edge` is all that the lane takes, with what stands above and below its calls. */
  calls: { top: number; rows: number; edge: { top: number; height: number } } | null;
  /** `rows` is where the first goroutine stands. */
  goroutines: { top: number; height: number; rows: number } | null;
  gc: { top: number; height: number } | null;
  memory: { top: number; height: number } | null;
}

export interface Colours {
  text: string;
  quiet: string;
  divider: string;
  back: string;
  strip: string;
  primary: string;
  /** By `Kind`. */
  kinds: [go: string, js: string, copy: string];
  copy: string;
  go: string;
  gc: string;
  goroutine: string;
  error: string;
  font: string;
}

/** As the theme has them now. */
export function coloursOf(element: Element): Colours {
  const style = getComputedStyle(element);
  const of = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: of('--sys-color-on-surface'),
    quiet: of('--gw-text-2'),
    divider: of('--sys-color-divider'),
    back: of('--sys-color-cdt-base-container'),
    strip: of('--sys-color-surface1'),
    primary: of('--sys-color-primary'),
    kinds: [of('--gw-go-soft'), of('--gw-js-soft'), of('--gw-copy-soft')],
    copy: of('--gw-copy'),
    go: of('--gw-go'),
    gc: of('--gw-gc'),
    goroutine: of('--gw-goroutine'),
    error: of('--icon-error'),
    font: style.fontFamily,
  };
}

export interface Drawing {
  timeline: Timeline;
  labels: Label[];
  layout: Layout;
  colours: Colours;
  sight: Range;
  range: Range | null;
  /** Place of the chosen call, -1 for none. */
  place: number;
  /** By label: 1 where a filter lets it through; null without a filter. */
  hits: Uint8Array | null;
}

/** Text on coloured slices, in both themes. */
const ON_SLICE = '#1f1f1f';
const SHORTEST_TEXT = 26;
const found = createSlices(16_384);
const kinds = new Uint8Array(16_384);
const dim = new Uint8Array(16_384);

export function draw(context: CanvasRenderingContext2D, drawing: Drawing): void {
  const { layout, colours } = drawing;
  context.clearRect(0, 0, layout.left + layout.width, layout.height);
  drawRange(context, drawing);
  drawRuler(context, drawing);
  context.save();
  context.beginPath();
  context.rect(layout.left, RULER, layout.width, layout.height - RULER);
  context.clip();
  if (layout.bytes) drawBytes(context, drawing, layout.bytes);
  if (layout.calls) {
    drawEdges(context, drawing, layout.calls.edge);
    context.font = `11px ${colours.font}`;
    context.textBaseline = 'middle';
    const { lanes } = drawing.timeline;
    for (let depth = 0; depth < Math.min(lanes.length, layout.calls.rows); depth++) {
      drawLane(context, drawing, depth, layout.calls.top + depth * ROW);
    }
  }
  if (layout.goroutines) drawGoroutines(context, drawing, layout.goroutines);
  if (layout.gc) drawCycles(context, drawing, layout.gc);
  if (layout.memory) drawMemory(context, drawing, layout.memory);
  context.restore();
}

function drawRange(context: CanvasRenderingContext2D, drawing: Drawing): void {
  const { range, layout, colours } = drawing;
  if (!range) return;
  const from = Math.max(layout.left, toX(drawing, range.from));
  const to = Math.min(layout.left + layout.width, toX(drawing, range.to));
  if (to < from) return;
  context.globalAlpha = 0.14;
  context.fillStyle = colours.primary;
  context.fillRect(from, RULER, to - from, layout.height);
  context.globalAlpha = 1;
  context.fillRect(from, 0, 1, layout.height);
  context.fillRect(to - 1, 0, 1, layout.height);
}

function drawRuler(context: CanvasRenderingContext2D, drawing: Drawing): void {
  const { layout, colours, sight, timeline } = drawing;
  const pixel = widthOf(sight) / layout.width;
  const step = tick(pixel * 86);
  context.font = `11px ${colours.font}`;
  context.textBaseline = 'middle';
  for (let mark = Math.ceil((sight.from - timeline.began) / step); ; mark++) {
    const x = Math.round(toX(drawing, timeline.began + mark * step));
    if (x > layout.left + layout.width) break;
    context.fillStyle = colours.divider;
    context.fillRect(x, 0, 1, layout.height);
    context.fillStyle = colours.quiet;
    context.fillText(moment(mark * step, step / 20), x + 4, RULER / 2);
  }
}

function drawBytes(
  context: CanvasRenderingContext2D,
  drawing: Drawing,
  { top, height }: { top: number; height: number },
): void {
  const { layout, colours, sight, timeline } = drawing;
  const step = (widthOf(sight) / layout.width) * BAR;
  const columns = Math.ceil(layout.width / BAR) + 1;
  const first = Math.floor(sight.from / step);
  let most = 0;
  const heights = new Float64Array(columns);
  for (let i = 0; i < columns; i++) {
    heights[i] = bytesIn(timeline, (first + i) * step, (first + i + 1) * step);
    if (heights[i] > most) most = heights[i];
  }
  if (most === 0) return;
  context.fillStyle = colours.copy;
  for (let i = 0; i < columns; i++) {
    if (heights[i] === 0) continue;
    const bar = Math.max(1, (heights[i] / most) * (height - 4));
    context.fillRect(toX(drawing, (first + i) * step), top + height - bar, BAR - 0.5, bar);
  }
  const words = bytes(Math.round(most));
  const size = sizeOf(context, words);
  context.fillStyle = colours.back;
  context.fillRect(layout.left + layout.width - size - 8, top, size + 8, 13);
  context.fillStyle = colours.quiet;
  context.fillText(words, layout.left + layout.width - size - 4, top + 7);
}

function drawLane(context: CanvasRenderingContext2D, drawing: Drawing, depth: number, top: number): void {
  const { layout, colours, sight, timeline, labels, hits } = drawing;
  const lane = timeline.lanes[depth];
  visible(lane, sight.from, sight.to, widthOf(sight) / layout.width, found);
  const { count, begins, ends, firsts, sizes } = found;
  const scale = layout.width / widthOf(sight);
  const x = (time: number) => layout.left + (time - sight.from) * scale;
  const labelOf = (slice: number) => timeline.labels[lane.places[firsts[slice]]];
  for (let i = 0; i < count; i++) {
    kinds[i] = sizes[i] === 1 ? labels[labelOf(i)].kind : kindOf(lane, firsts[i], sizes[i]);
    dim[i] = hits && !hits[labelOf(i)] ? 1 : 0;
  }
  for (let pass = 0; pass < 6; pass++) {
    const kind = pass % 3;
    const dimmed = pass < 3 ? 0 : 1;
    if (dimmed && !hits) break;
    context.globalAlpha = dimmed ? 0.22 : 1;
    context.fillStyle = colours.kinds[kind];
    for (let i = 0; i < count; i++) {
      if (kinds[i] !== kind || dim[i] !== dimmed) continue;
      const from = x(begins[i]);
      let to = x(ends[i]);
      // Crowds of one colour that touch are one box; what is wide enough has edges of its own.
      const narrow = (slice: number) => (ends[slice] - begins[slice]) * scale < 2;
      while (
        narrow(i) &&
        i + 1 < count &&
        kinds[i + 1] === kind &&
        dim[i + 1] === dimmed &&
        narrow(i + 1) &&
        x(begins[i + 1]) - to < 0.6
      ) {
        to = x(ends[++i]);
      }
      const width = to - from;
      context.fillRect(from, top, width > 3 ? width - 0.75 : width, ROW - 1);
    }
  }
  context.globalAlpha = 1;
  context.fillStyle = ON_SLICE;
  for (let i = 0; i < count; i++) {
    if (dim[i]) continue;
    const from = Math.max(layout.left, x(begins[i]));
    const width = Math.min(layout.left + layout.width, x(ends[i])) - from;
    if (width < SHORTEST_TEXT) continue;
    const words = fitting(context, labelWords(labels[labelOf(i)]), width - 6);
    if (words) context.fillText(words, from + 3, top + ROW / 2);
  }
  drawChosen(context, drawing, lane.places, top);
}

function drawChosen(context: CanvasRenderingContext2D, drawing: Drawing, places: Int32Array, top: number): void {
  const { place, timeline, colours } = drawing;
  if (place < 0) return;
  const at = indexOf(places, place);
  const lane = timeline.lanes.find((each) => each.places === places);
  if (at < 0 || !lane) return;
  const from = toX(drawing, lane.begins[at]);
  context.strokeStyle = colours.primary;
  context.lineWidth = 2;
  context.strokeRect(from, top, Math.max(2, toX(drawing, lane.ends[at]) - from - 0.75), ROW - 1);
}

/** Place of a value in an ascending column; -1 for none. */
export function indexOf(sorted: Int32Array, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] === value) return middle;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** As much of the words as there is room for. */
function fitting(context: CanvasRenderingContext2D, words: string, room: number): string {
  const size = sizeOf(context, words);
  if (size <= room) return words;
  const kept = Math.floor((words.length * room) / size) - 1;
  return kept < 2 ? '' : `${words.slice(0, kept)}…`;
}
