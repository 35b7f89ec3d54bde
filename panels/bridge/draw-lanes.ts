/**
 * Draws what lies beneath the calls: goroutines, cycles of the collector, memory; and at the calls' edges what blocked the page, and
 * timers. As with calls, a frame costs what its width costs.
 */

import { extremes, type Sizes } from '../../src/bridge/lane-columns';
import { createSlices, visible } from '../../src/bridge/slices';
import type { Spans } from '../../src/bridge/spans';
import { upperBound } from '../../src/bytes/search';
import { bytes } from '../widgets/format';
import type { Drawing } from './draw';
import { sizeOf, toX } from './measure';
import { widthOf } from './viewport';
import { heapWords } from './words';

/** CSS pixels: a row of the goroutines' lane, its bar; a cycle's bar and its caps; marks above and below the calls. */
export const RUN_ROW = 13;
const RUN = 11;
const CYCLE = 14;
const CAP = 2;
const BLOCKED = 2;
const TIMER = 3;
/** What words of a cycle take at least. */
const LEAST_WORDS = 50;
/** Pixels of one column of memory. */
const COLUMN = 2;
/** Pixels of the widest canvas. */
const MOST_PIXELS = 16_384;

interface Box {
  top: number;
  height: number;
}

const found = createSlices(MOST_PIXELS);
const pair = { least: 0, most: 0 };
/** By column from where memory is drawn: the first row that is not before it; heights of what is drawn there. */
const rowsUpTo = new Int32Array(MOST_PIXELS + 1);
const highs = new Int32Array(MOST_PIXELS);
const lows = new Int32Array(MOST_PIXELS);

/** Boxes for stretches; crowds that touch are one box. */
function boxes(context: CanvasRenderingContext2D, drawing: Drawing, spans: Spans, top: number, height: number): void {
  visible(spans, drawing.sight.from, drawing.sight.to, widthOf(drawing.sight) / drawing.layout.width, found);
  const { count, begins, ends } = found;
  const scale = drawing.layout.width / widthOf(drawing.sight);
  const narrow = (i: number) => (ends[i] - begins[i]) * scale < 2;
  for (let i = 0; i < count; i++) {
    const from = toX(drawing, begins[i]);
    while (i + 1 < count && narrow(i) && narrow(i + 1) && (begins[i + 1] - ends[i]) * scale < 0.6) i++;
    const width = toX(drawing, ends[i]) - from;
    context.fillRect(from, top, width > 3 ? width - 0.75 : width, height);
  }
}

export function drawGoroutines(
  context: CanvasRenderingContext2D,
  drawing: Drawing,
  { rows: top }: { rows: number },
): void {
  const { goroutines } = drawing.timeline;
  if ('why' in goroutines) return;
  context.fillStyle = drawing.colours.goroutine;
  for (const [row, runs] of goroutines.rows.entries()) {
    // Rows in turn, so that neighbours are told apart.
    context.globalAlpha = runs.goid === 0 ? 0.45 : row % 2 === 0 ? 0.65 : 1;
    boxes(context, drawing, runs, top + row * RUN_ROW, RUN);
  }
  context.globalAlpha = 1;
}

export function drawCycles(context: CanvasRenderingContext2D, drawing: Drawing, { top, height }: Box): void {
  const { gc } = drawing.timeline;
  if ('why' in gc) return;
  const { colours, layout, sight } = drawing;
  visible(gc, sight.from, sight.to, widthOf(sight) / layout.width, found);
  const { count, begins, ends, firsts, sizes } = found;
  const y = top + (height - CYCLE) / 2;
  const right = layout.left + layout.width;
  context.font = `11px ${colours.font}`;
  context.textBaseline = 'middle';
  for (let i = 0; i < count; i++) {
    const from = toX(drawing, begins[i]);
    const to = toX(drawing, ends[i]);
    context.fillStyle = colours.gc;
    if (to - from <= CAP * 2) context.fillRect(from, y, Math.max(CAP, to - from), CYCLE);
    else {
      context.globalAlpha = 0.35;
      context.fillRect(from, y, to - from, CYCLE);
      context.globalAlpha = 1;
      context.fillRect(from, y, CAP, CYCLE);
      // One that runs has no end yet.
      if (!Number.isNaN(gc.after[firsts[i]])) context.fillRect(to - CAP, y, CAP, CYCLE);
    }
    if (sizes[i] > 1) continue;
    const room = (i + 1 < count ? toX(drawing, begins[i + 1]) : right) - to;
    if (room < LEAST_WORDS) continue;
    const words = heapWords(gc.before[firsts[i]], gc.after[firsts[i]]);
    if (sizeOf(context, words) + 10 > room) continue;
    context.fillStyle = colours.text;
    context.fillText(words, to + 5, top + height / 2 + 0.5);
  }
}

export function drawMemory(context: CanvasRenderingContext2D, drawing: Drawing, box: Box): void {
  const { memory } = drawing.timeline;
  if ('why' in memory || memory.times.length === 0) return;
  const { colours, layout } = drawing;
  extremes(memory.linear, 0, memory.times.length, pair);
  const most = Math.max(1, pair.most);
  const { from, count } = findRows(drawing, memory.times);
  const measure = (sizes: Sizes) => measureSizes(sizes, count, box.top + box.height - 1, (box.height - 6) / most);
  const fill = (colour: string, alpha: number, bottom: number | null) => {
    context.fillStyle = colour;
    context.globalAlpha = alpha;
    fillColumns(context, from, count, bottom);
  };
  if (memory.heap) {
    measure(memory.linear);
    fill(colours.quiet, 1, null);
  }
  measure(memory.heap ? memory.heap.live : memory.linear);
  fill(colours.kinds[0], 0.32, box.top + box.height);
  fill(colours.go, 1, null);
  context.globalAlpha = 1;
  context.font = `11px ${colours.font}`;
  context.textBaseline = 'middle';
  const words = bytes(most);
  const size = sizeOf(context, words);
  context.fillStyle = colours.back;
  context.fillRect(layout.left + layout.width - size - 8, box.top + 8, size + 8, 13);
  context.fillStyle = colours.quiet;
  context.fillText(words, layout.left + layout.width - size - 4, box.top + 15);
}

/** Finds which rows lie in each column. @returns where the first column stands, and how many there are */
function findRows({ layout, sight, timeline }: Drawing, times: Float64Array): { from: number; count: number } {
  const place = { layout, sight };
  const right = Math.min(layout.left + layout.width, toX(place, timeline.now));
  const from = Math.max(layout.left, Math.floor(toX(place, times[0])));
  const count = Math.max(0, Math.min(Math.ceil((right - from) / COLUMN), MOST_PIXELS));
  const pixel = widthOf(sight) / layout.width;
  let at = 0;
  for (let i = 0; i <= count; i++) {
    at = upperBound(times, sight.from + (from + i * COLUMN - layout.left) * pixel, at);
    rowsUpTo[i] = at;
  }
  return { from, count };
}

/** In each column the least and the most that was in it, what was before among it: as it is seen where it changes. */
function measureSizes(sizes: Sizes, count: number, bottom: number, scale: number): void {
  for (let i = 0; i < count; i++) {
    extremes(sizes, Math.max(0, rowsUpTo[i] - 1), Math.max(1, rowsUpTo[i + 1]), pair);
    highs[i] = Math.round(bottom - pair.most * scale);
    lows[i] = Math.round(bottom - pair.least * scale);
  }
}

/**
 * What was measured, as a line or the area down to `bottom`: boxes of whole pixels, for a path of thousands of points takes many
 * times as long. Equal neighbours are one box.
 */
function fillColumns(context: CanvasRenderingContext2D, from: number, count: number, bottom: number | null): void {
  for (let i = 0; i < count; ) {
    const [first, high, low] = [i, highs[i], bottom ?? lows[i] + 1];
    do i++;
    while (i < count && highs[i] === high && (bottom ?? lows[i] + 1) === low);
    context.fillRect(from + first * COLUMN, high, (i - first) * COLUMN, low - high);
  }
}

/** Above the calls what blocked the page, below them when timers ran Go. */
export function drawEdges(context: CanvasRenderingContext2D, drawing: Drawing, { top, height }: Box): void {
  const { timeline, colours } = drawing;
  context.fillStyle = colours.error;
  boxes(context, drawing, timeline.long, top, BLOCKED);
  context.fillStyle = colours.quiet;
  context.globalAlpha = 0.5;
  boxes(context, drawing, timeline.timers, top + height - TIMER - 1, TIMER);
  context.globalAlpha = 1;
}
