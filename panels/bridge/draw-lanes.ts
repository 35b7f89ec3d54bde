/**
 * Draws what lies beneath the calls: goroutines, cycles of the collector, memory; and at the calls' edges what blocked the page, and
 * timers. As with calls, a frame costs what its width costs.
 */

import { extremes, type MemoryLane, type Sizes } from '../../src/bridge/lane-columns';
import { createSlices, visible } from '../../src/bridge/slices';
import type { Spans } from '../../src/bridge/spans';
import { floorIndex } from '../../src/bytes/search';
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

interface Box {
  top: number;
  height: number;
}

const found = createSlices(16_384);
const pair = { least: 0, most: 0 };

/** Boxes for stretches; crowds that touch are one box. */
function boxes(context: CanvasRenderingContext2D, drawing: Drawing, spans: Spans, top: number, height: number): void {
  visible(spans, drawing.sight.from, drawing.sight.to, widthOf(drawing.sight) / drawing.layout.width, found);
  const { count, begins, ends } = found;
  for (let i = 0; i < count; i++) {
    const from = toX(drawing, begins[i]);
    let to = toX(drawing, ends[i]);
    while (i + 1 < count && to - from < 2 && toX(drawing, begins[i + 1]) - to < 0.6) to = toX(drawing, ends[++i]);
    context.fillRect(from, top, to - from > 3 ? to - from - 0.75 : to - from, height);
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
    const words = heapWords(gc.before[firsts[i]], gc.after[firsts[i]]);
    const room = (i + 1 < count ? toX(drawing, begins[i + 1]) : right) - to;
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
  const scale = (box.height - 6) / most;
  const line = (sizes: Sizes, filled: boolean) => outline(context, drawing, memory, sizes, box, scale, filled);
  context.lineWidth = 1;
  const area = memory.heap ? memory.heap.live : memory.linear;
  context.fillStyle = colours.kinds[0];
  context.globalAlpha = 0.32;
  line(area, true);
  context.globalAlpha = 1;
  if (memory.heap) {
    context.strokeStyle = colours.quiet;
    line(memory.linear, false);
    context.globalAlpha = 0.5;
    context.strokeStyle = colours.go;
    line(memory.heap.inuse, false);
    context.globalAlpha = 1;
  }
  context.strokeStyle = colours.go;
  line(area, false);
  context.font = `11px ${colours.font}`;
  context.textBaseline = 'middle';
  const words = bytes(most);
  const size = sizeOf(context, words);
  context.fillStyle = colours.back;
  context.fillRect(layout.left + layout.width - size - 8, box.top + 8, size + 8, 13);
  context.fillStyle = colours.quiet;
  context.fillText(words, layout.left + layout.width - size - 4, box.top + 15);
}

/** A column of sizes: in each pixel what was most and least in it, and between rows what was last. */
function outline(
  context: CanvasRenderingContext2D,
  drawing: Drawing,
  { times }: MemoryLane,
  sizes: Sizes,
  { top, height }: Box,
  scale: number,
  filled: boolean,
): void {
  const { layout, sight } = drawing;
  const pixel = widthOf(sight) / layout.width;
  const bottom = top + height;
  const y = (size: number) => bottom - 1 - size * scale;
  let at = floorIndex(times, sight.from);
  let x = at < 0 ? toX(drawing, times[0]) : layout.left;
  if (at < 0) at = 0;
  const left = x;
  const right = Math.min(layout.left + layout.width, toX(drawing, drawing.timeline.now));
  if (x > right) return;
  context.beginPath();
  context.moveTo(x, y(sizes.values[at]));
  for (x = Math.floor(x) + 1; x <= right; x++) {
    const next = floorIndex(times, sight.from + (x - layout.left) * pixel, at);
    if (next > at) {
      extremes(sizes, at + 1, next + 1, pair);
      context.lineTo(x, y(sizes.values[at]));
      context.lineTo(x, y(pair.most));
      if (!filled) context.lineTo(x, y(pair.least));
      context.lineTo(x, y(sizes.values[next]));
      at = next;
    }
  }
  context.lineTo(right, y(sizes.values[at]));
  if (!filled) {
    context.stroke();
    return;
  }
  context.lineTo(right, bottom);
  context.lineTo(left, bottom);
  context.fill();
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
