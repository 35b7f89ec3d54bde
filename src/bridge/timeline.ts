/**
 * The timed calls of a recording in the order in which they began, as columns: nested calls by depth, ready to be drawn. The
 * recorder tells calls as they end, each with its depth, so what ended just before a call and lies deeper was called by it.
 */
import type { Capture } from './capture';
import { Kind, type Labels } from './labels';
import { type LaneColumns, laneBuffers } from './lane-columns';
import type { Spans } from './spans';

/** Deeper calls are drawn in the last lane. */
export const MOST_DEPTH = 128;
/** Columns of the overview. */
const COLUMNS = 1024;

/** Calls in the order of their beginnings; what called others stands before them. */
export interface Order {
  count: number;
  /** Which event of the capture it is. */
  events: Int32Array;
  /** Calls around it. */
  depths: Uint8Array;
  /** Milliseconds of the page's clock; ascending. */
  begins: Float64Array;
  ends: Float64Array;
}

/** The calls of one depth: none overlaps another. */
export interface Lane extends Spans {
  /** Place in the order. */
  places: Int32Array;
  /** How many of the calls before each one run JavaScript, and copy bytes: one more number than calls. */
  js: Int32Array;
  copies: Int32Array;
}

/** What the panel draws. Typed arrays are its own: they are handed over. */
export interface Timeline extends LaneColumns {
  count: number;
  /** Milliseconds of the page's clock: when recording began, when it was last heard of. */
  began: number;
  now: number;
  /** Before this the oldest calls were dropped; 0 for none. */
  droppedUntil: number;
  /** By place: the label, when it began; bytes of all before it, one more number than calls. */
  labels: Int32Array;
  begins: Float64Array;
  bytesUpTo: Float64Array;
  lanes: Lane[];
  /** Milliseconds in Go and in JavaScript in each of the equal parts of the recording. */
  overview: { go: Float32Array; js: Float32Array };
}

/** Puts the events of a capture into order. In linear time, whatever they say. */
export function orderOf({ events, times }: Capture): Order {
  const count = times.length / 2;
  const parents = new Int32Array(count).fill(-1);
  const starts = new Int32Array(count);
  const open = new Int32Array(count);
  const depthOf = (event: number) => Math.min(Math.max(0, events.at(event * 3 + 1)), MOST_DEPTH - 1);
  let top = 0;
  for (let event = 0; event < count; event++) {
    let start = event;
    while (top > 0) {
      const last = open[top - 1];
      // A call whose own caller was dropped belongs to nobody.
      if (depthOf(last) <= depthOf(event) || !(times.at(last * 2) >= times.at(event * 2))) break;
      parents[last] = event;
      start = starts[last];
      top--;
    }
    starts[event] = start;
    open[top++] = event;
  }
  const around = new Uint8Array(count);
  const order: Order = {
    count,
    events: new Int32Array(count),
    depths: new Uint8Array(count),
    begins: new Float64Array(count),
    ends: new Float64Array(count),
  };
  for (let event = count - 1; event >= 0; event--) {
    if (parents[event] >= 0) around[event] = around[parents[event]] + 1;
    // Before it stand all that ended before it began to call, and the calls around it.
    const place = starts[event] + around[event];
    order.events[place] = event;
    order.depths[place] = around[event];
  }
  straighten(order, times);
  return order;
}

/** A page's clock may say anything: times are made to rise, and calls of one depth not to overlap. */
function straighten({ count, events, depths, begins, ends }: Order, times: Capture['times']): void {
  const last = new Float64Array(MOST_DEPTH);
  let before = count > 0 ? finite(times.at(events[0] * 2), 0) : 0;
  last.fill(before);
  for (let place = 0; place < count; place++) {
    const depth = depths[place];
    const begin = Math.max(before, last[depth], finite(times.at(events[place] * 2), before));
    const end = Math.max(begin, finite(times.at(events[place] * 2 + 1), begin));
    begins[place] = before = begin;
    ends[place] = last[depth] = end;
  }
}

const finite = (value: number, other: number) => (Number.isFinite(value) ? value : other);

/** @param share how many calls each timed call of an entry stands for */
export function timelineOf(
  capture: Capture,
  order: Order,
  labels: Labels,
  share: (entry: number) => number,
): Omit<Timeline, keyof LaneColumns> {
  const { count, events, depths, begins, ends } = order;
  const sizes = new Int32Array(MOST_DEPTH);
  for (let place = 0; place < count; place++) sizes[depths[place]]++;
  const lanes: Lane[] = [];
  for (let depth = 0; depth < MOST_DEPTH && sizes[depth] > 0; depth++) lanes.push(emptyLane(sizes[depth]));
  const filled = new Int32Array(lanes.length);
  const ofPlace = new Int32Array(count);
  const bytesUpTo = new Float64Array(count + 1);
  const overview = { go: new Float32Array(COLUMNS), js: new Float32Array(COLUMNS) };
  const width = Math.max(capture.now - capture.began, 1e-6) / COLUMNS;
  for (let place = 0; place < count; place++) {
    const entry = capture.events.at(events[place] * 3);
    const label = labels.of(entry);
    const { kind } = labels.list[label];
    const weight = share(entry);
    const lane = lanes[depths[place]];
    const at = filled[depths[place]]++;
    lane.begins[at] = begins[place];
    lane.ends[at] = ends[place];
    lane.places[at] = place;
    lane.js[at + 1] = lane.js[at] + (kind === Kind.Js ? 1 : 0);
    lane.copies[at + 1] = lane.copies[at] + (kind === Kind.Copy ? 1 : 0);
    ofPlace[place] = label;
    bytesUpTo[place + 1] = bytesUpTo[place] + Math.max(0, capture.events.at(events[place] * 3 + 2)) * weight;
    // Outermost Go and all JavaScript; what is called within a call is part of it.
    if (kind !== Kind.Go)
      addSpan(overview.js, begins[place] - capture.began, ends[place] - capture.began, width, weight);
    else if (depths[place] === 0)
      addSpan(overview.go, begins[place] - capture.began, ends[place] - capture.began, width, 1);
  }
  const { began, now } = capture;
  return {
    count,
    began,
    now,
    droppedUntil: capture.forgottenUntil,
    labels: ofPlace,
    begins: begins.slice(),
    bytesUpTo,
    lanes,
    overview,
  };
}

const emptyLane = (size: number): Lane => ({
  begins: new Float64Array(size),
  ends: new Float64Array(size),
  places: new Int32Array(size),
  js: new Int32Array(size + 1),
  copies: new Int32Array(size + 1),
});

/** Adds what a span covers of each column. Long spans lie beside each other, so all columns together are passed a few times. */
function addSpan(columns: Float32Array, from: number, to: number, width: number, weight: number): void {
  const first = Math.min(columns.length - 1, Math.max(0, Math.floor(from / width)));
  const last = Math.min(columns.length - 1, Math.max(first, Math.floor(to / width)));
  if (first === last) {
    columns[first] += (to - from) * weight;
    return;
  }
  for (let column = first; column <= last; column++) {
    const covered = Math.min(to, (column + 1) * width) - Math.max(from, column * width);
    if (covered > 0) columns[column] += covered * weight;
  }
}

/** What of a timeline is handed over instead of copied. */
export function buffersOf(timeline: Timeline): ArrayBufferLike[] {
  const { labels, begins, bytesUpTo, lanes, overview } = timeline;
  const columns = [labels, begins, bytesUpTo, overview.go, overview.js];
  for (const lane of lanes) columns.push(lane.begins, lane.ends, lane.places, lane.js, lane.copies);
  return [...columns.map(({ buffer }) => buffer), ...laneBuffers(timeline)];
}
