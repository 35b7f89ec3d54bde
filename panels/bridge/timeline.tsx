/**
 * The timeline: a canvas with lanes, moved and zoomed by pointer, wheel and keys; a stretch can be chosen, and single calls, which
 * are told in a tooltip and to screen readers.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { CallRow } from '../../src/bridge/recording';
import { callAt } from '../../src/bridge/slices';
import type { Range } from '../../src/bridge/sums';
import type { Timeline } from '../../src/bridge/timeline';
import { shortFunction, shortPlace } from '../../src/failures/place';
import type { App } from '../app';
import { low, panes } from '../shell/layout';
import { bytes, plural } from '../widgets/format';
import { Icon } from '../widgets/icons';
import { paneWidth, SplitHandle } from '../widgets/split';
import { type Colours, coloursOf, draw, indexOf, type Layout, ROW, RULER } from './draw';
import { RUN_ROW } from './draw-lanes';
import { crowd, type LaneHit, LaneWords, laneSentence, laneUnder } from './lane-tooltip';
import { Minimap } from './minimap';
import { type Drawn, keyOf } from './store';
import { pan, widthOf, within, zoom } from './viewport';
import { goroutineName, labelWords, single } from './words';

const LABELS = 100;
const LABELS_NARROW = 76;
/** Of the lanes at first; they take less where there are few. */
const HEIGHT = 322;
const BYTES = 31;
const EMPTY = 22;
const CYCLES = 21;
const RUNS_TOP = 3;
const RUNS_TOP_NARROW = 17;
const MEMORY = 62;
/** Rows of the calls lane at least, so that a short recording does not jump. */
const LEAST_ROWS = 4;
/** Pixels around the pointer in which a thin call is found. */
const REACH = 2;
const ZOOM = 0.7;

type LaneName = 'bytes' | 'calls' | 'goroutines' | 'gc' | 'memory';

interface Place {
  lane: number;
  at: number;
}

export function TimelineView({ app, drawn }: { app: App; drawn: Drawn }) {
  const { bridge, settings } = app;
  const { timeline, labels } = drawn;
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const look = useLook();
  const [width, setWidth] = useState(0);
  const [hover, setHover] = useState<Hover | null>(null);
  const all = useMemo<Range>(
    () => ({ from: timeline.began, to: Math.max(timeline.now, timeline.began + 0.1) }),
    [timeline],
  );
  const sight = bridge.sight.value ? within(bridge.sight.value, all) : all;
  const left = panes.value ? LABELS : LABELS_NARROW;
  const folded = (name: LaneName) => settings.sections.value[`lane-${name}`] === false;
  const { layout, tops } = layOut(timeline, width, left, folded);
  const hits = useMemo(() => {
    if (bridge.wanted.value.text === '') return null;
    const found = new Set(bridge.operations.value?.rows.map(keyOf));
    return Uint8Array.from(labels, (label) => (found.has(keyOf(label)) ? 1 : 0));
  }, [labels, bridge.operations.value, bridge.wanted.value]);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => setWidth(element.clientWidth);
    const resized = new ResizeObserver(measure);
    resized.observe(element);
    measure();
    return () => resized.disconnect();
  }, []);
  // Whatever changed: once a frame.
  const state = { timeline, labels, layout, sight, range: bridge.range.value, place: bridge.place.value, hits };
  useLayoutEffect(() => {
    const frame = requestAnimationFrame(() => {
      const element = canvas.current;
      if (element) paint(element, { ...state, colours: look.colours(element) });
    });
    return () => cancelAnimationFrame(frame);
  });

  const pixel = widthOf(sight) / Math.max(1, layout.width);
  const timeAt = (x: number) => sight.from + (x - layout.left) * pixel;
  const callUnder = (x: number, y: number): Place | null => {
    if (!layout.calls || x < layout.left) return null;
    const lane = Math.floor((y - layout.calls.top) / ROW);
    if (lane < 0 || lane >= timeline.lanes.length) return null;
    const at = callAt(timeline.lanes[lane], timeAt(x), pixel * REACH);
    return at < 0 ? null : { lane, at };
  };
  const show = (wanted: Range) => {
    bridge.sight.value = within(wanted, all);
  };
  const choose = (place: Place) => {
    const lane = timeline.lanes[place.lane];
    bridge.place.value = lane.places[place.at];
    bridge.chosen.value = keyOf(labels[timeline.labels[lane.places[place.at]]]);
    tell(app, lane.places[place.at]);
    // A call that keys lead to comes into sight.
    if (lane.ends[place.at] < sight.from || lane.begins[place.at] > sight.to) {
      show(pan(sight, all, lane.begins[place.at] - (sight.from + sight.to) / 2));
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey) return;
    if (!keyed(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const keyed = (key: string): boolean => {
    const middle = (sight.from + sight.to) / 2;
    const chosen = bridge.place.value;
    const at = chosen < 0 ? null : placeOf(chosen);
    const letter = key.length > 1 || settings.letterKeys.value ? key.toLowerCase() : key;
    if (letter === 'w' || key === '+' || key === '=') show(zoom(sight, all, ZOOM, middle));
    else if (letter === 's' || key === '-') show(zoom(sight, all, 1 / ZOOM, middle));
    else if (letter === 'a') show(pan(sight, all, -widthOf(sight) / 5));
    else if (letter === 'd') show(pan(sight, all, widthOf(sight) / 5));
    else if (key === '0') show(all);
    else if (key === 'Escape') return leave();
    else if (key === 'Enter' && at) show(around(at));
    else if (key.startsWith('Arrow')) choose(next(key, at));
    else return false;
    return true;
  };
  /** One step back: the chosen stretch, then the zoom. */
  const leave = (): boolean => {
    if (bridge.range.value) bridge.range.value = null;
    else if (bridge.sight.value && widthOf(sight) < widthOf(all)) bridge.sight.value = null;
    else return false;
    return true;
  };
  const around = ({ lane, at }: Place): Range => {
    const [begin, end] = [timeline.lanes[lane].begins[at], timeline.lanes[lane].ends[at]];
    const room = Math.max(0.05, (end - begin) * 0.1);
    return { from: begin - room, to: end + room };
  };
  const placeOf = (chosen: number): Place | null => {
    for (let lane = 0; lane < timeline.lanes.length; lane++) {
      const at = indexOf(timeline.lanes[lane].places, chosen);
      if (at >= 0) return { lane, at };
    }
    return null;
  };
  /** Left and right: the calls before and after; up and down: the caller, and the first call within. */
  const next = (key: string, from: Place | null): Place => {
    if (!from) return { lane: 0, at: Math.max(0, firstIn(sight)) };
    const { lane, at } = from;
    const here = timeline.lanes[lane];
    if (key === 'ArrowLeft') return { lane, at: Math.max(0, at - 1) };
    if (key === 'ArrowRight') return { lane, at: Math.min(here.begins.length - 1, at + 1) };
    const other = timeline.lanes[key === 'ArrowUp' ? lane - 1 : lane + 1];
    if (!other) return from;
    if (key === 'ArrowUp') return { lane: lane - 1, at: lastAtOrBefore(other.places, here.places[at]) };
    const within = lastAtOrBefore(other.places, here.places[at]) + 1;
    return within < other.places.length && other.begins[within] <= here.ends[at]
      ? { lane: lane + 1, at: within }
      : from;
  };
  const firstIn = (range: Range) => timeline.lanes[0]?.begins.findIndex((begin) => begin >= range.from) ?? 0;

  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const element = event.currentTarget as HTMLElement;
    const { left: edge, top } = element.getBoundingClientRect();
    const from = { x: event.clientX - edge, y: event.clientY - top, sight };
    const panning = event.shiftKey || from.y < RULER;
    let moved = false;
    element.setPointerCapture(event.pointerId);
    setHover(null);
    element.onpointermove = (now) => {
      const x = now.clientX - edge;
      if (!moved && Math.abs(x - from.x) < 4) return;
      moved = true;
      if (panning) show(pan(from.sight, all, (from.x - x) * pixel));
      else {
        const [a, b] = [timeAt(Math.max(layout.left, from.x)), timeAt(Math.max(layout.left, x))];
        bridge.range.value = { from: Math.max(all.from, Math.min(a, b)), to: Math.min(all.to, Math.max(a, b)) };
      }
    };
    element.onlostpointercapture = () => {
      element.onpointermove = null;
      if (moved) return;
      const place = callUnder(from.x, from.y);
      if (place) choose(place);
      else bridge.range.value = null;
    };
  };
  const onMove = (event: PointerEvent) => {
    const element = event.currentTarget as HTMLElement;
    if (event.buttons !== 0) return;
    const { left: edge, top } = element.getBoundingClientRect();
    const [x, y] = [event.clientX - edge, event.clientY - top];
    const place = callUnder(x, y);
    if (place) setHover({ x, y, place, size: crowd(timeline.lanes[place.lane], place.at, pixel) });
    else {
      const hit = x < layout.left ? null : laneUnder(timeline, layout, y, timeAt(x), REACH, pixel);
      setHover(hit && { x, y, hit });
    }
  };
  // Not passive: a wheel that zooms must not scroll.
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const onWheel = (event: WheelEvent) => {
      const scroller = box.current;
      const scrolls = scroller !== null && scroller.scrollHeight > scroller.clientHeight + 1;
      const across = event.shiftKey ? event.deltaX + event.deltaY : event.deltaX;
      if (
        !event.ctrlKey &&
        !event.metaKey &&
        !event.shiftKey &&
        scrolls &&
        Math.abs(event.deltaY) > Math.abs(event.deltaX)
      )
        return;
      event.preventDefault();
      setHover(null);
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) show(pan(sight, all, across * pixel));
      else show(zoom(sight, all, 1.0015 ** event.deltaY, timeAt(event.clientX - element.getBoundingClientRect().left)));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  });

  const lane = (name: LaneName, title: string, short: string, note?: ComponentChildren) => (
    <div class="lane" style={{ top: `${tops[name].top}px`, height: `${tops[name].height}px` }}>
      <button
        type="button"
        class="lane-label"
        style={{ width: `${left}px` }}
        aria-expanded={!folded(name)}
        title={folded(name) ? `Show ${title}` : `Hide ${title}`}
        onClick={() => {
          settings.sections.value = { ...settings.sections.value, [`lane-${name}`]: folded(name) };
        }}
      >
        {panes.value ? title : short}
        {folded(name) && <Icon name="triangle" size={12} class="closed" />}
      </button>
      {note && !folded(name) && <span class="lane-note">{note}</span>}
    </div>
  );
  const below = (name: 'goroutines' | 'gc' | 'memory', title: string) => {
    const drawn = timeline[name];
    if (!('why' in drawn))
      return lane(name, title, title, <span class="offscreen">{laneSentence(timeline, name)}</span>);
    // The shortest of reasons; all of it is in the title.
    return lane(name, title, title, <span title={drawn.why}>{drawn.why.replace(/^N/, 'n').replace(/\.$/, '')}</span>);
  };
  const { goroutines } = timeline;
  return (
    <>
      <Minimap timeline={timeline} sight={sight} look={look.version} onSight={show} />
      <div
        class="timeline"
        ref={box}
        data-pane="timeline"
        style={panes.value && !low.value ? { maxHeight: `${paneWidth(settings, 'timeline', HEIGHT)}px` } : undefined}
      >
        <div class="timeline-inside" style={{ height: `${layout.height}px` }}>
          <div
            class="timeline-keys"
            {...{ role: 'application', 'aria-label': 'Timeline', tabIndex: 0 }}
            aria-description={`${plural(timeline.count, 'timed call')}. Arrow keys move between calls, W A S D zoom and move, Escape goes back`}
            onKeyDown={onKeyDown}
          >
            <canvas
              ref={canvas}
              style={{ width: `${width}px`, height: `${layout.height}px` }}
              onPointerDown={onPointerDown}
              onPointerMove={onMove}
              onPointerLeave={() => setHover(null)}
              onDblClick={(event) => {
                const { left: edge, top } = event.currentTarget.getBoundingClientRect();
                const place = callUnder(event.clientX - edge, event.clientY - top);
                if (place) show(around(place));
              }}
            />
          </div>
          {lane('bytes', 'Bytes copied', 'Copied')}
          {lane('calls', 'Calls', 'Calls')}
          {below('goroutines', 'Goroutines')}
          {layout.goroutines &&
            'rows' in goroutines &&
            goroutines.rows.map(({ goid }, row) => (
              <span
                key={goid}
                class="lane-row"
                {...{ 'aria-hidden': true }}
                style={{
                  top: `${(layout.goroutines?.rows ?? 0) + row * RUN_ROW}px`,
                  width: `${left - 6}px`,
                }}
              >
                {goroutineName(goid)}
              </span>
            ))}
          {below('gc', 'GC')}
          {below('memory', 'Memory')}
          {hover && <Tooltip app={app} drawn={drawn} hover={hover} width={width} height={layout.height} />}
        </div>
      </div>
      {panes.value && !low.value && (
        <SplitHandle name="timeline" label="Height of the timeline" settings={settings} initial={HEIGHT} across />
      )}
    </>
  );
}

/** What the pointer is over: a call, or something of another lane. */
type Hover = { x: number; y: number } & ({ place: Place; size: number } | { hit: LaneHit });

function layOut(timeline: Timeline, width: number, left: number, folded: (name: LaneName) => boolean) {
  const tops = {} as Record<LaneName, { top: number; height: number }>;
  let top = RULER;
  const depth = timeline.lanes.length;
  const rows = Math.max(LEAST_ROWS, depth);
  const { goroutines, gc, memory } = timeline;
  // Beside the lane's name, or beneath it where there is no room.
  const first = left < LABELS ? RUNS_TOP_NARROW : RUNS_TOP;
  const runs = 'rows' in goroutines ? Math.max(1, goroutines.rows.length) : 0;
  const heights: Record<LaneName, number> = {
    bytes: BYTES,
    calls: rows * ROW + 8,
    goroutines: runs > 0 ? runs * RUN_ROW + first + 3 : EMPTY,
    gc: 'why' in gc ? EMPTY : CYCLES,
    memory: 'why' in memory ? EMPTY : MEMORY,
  };
  for (const name of ['bytes', 'calls', 'goroutines', 'gc', 'memory'] as const) {
    const height = folded(name) ? 18 : heights[name];
    tops[name] = { top, height };
    top += height;
  }
  const layout: Layout = {
    ...{ left, width: Math.max(1, width - left), height: top },
    bytes: folded('bytes') ? null : tops.bytes,
    calls: folded('calls') ? null : { top: tops.calls.top + 3, rows: depth, edge: tops.calls },
    goroutines: folded('goroutines') ? null : { ...tops.goroutines, rows: tops.goroutines.top + first },
    gc: folded('gc') ? null : tops.gc,
    memory: folded('memory') ? null : tops.memory,
  };
  return { layout, tops };
}

function paint(canvas: HTMLCanvasElement, drawing: Parameters<typeof draw>[1]): void {
  const context = canvas.getContext('2d');
  const { layout } = drawing;
  if (!context) return;
  const ratio = globalThis.devicePixelRatio || 1;
  const [width, height] = [Math.round((layout.left + layout.width) * ratio), Math.round(layout.height * ratio)];
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  draw(context, drawing);
}

/** Colours, read anew when the theme changes. */
function useLook() {
  const [version, setVersion] = useState(0);
  const kept = useRef<{ version: number; colours: Colours } | null>(null);
  useEffect(() => {
    const observer = new MutationObserver(() => setVersion((old) => old + 1));
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['class'] });
    return () => observer.disconnect();
  }, []);
  return {
    version,
    colours: (element: Element): Colours => {
      if (kept.current?.version !== version) kept.current = { version, colours: coloursOf(element) };
      return kept.current.colours;
    },
  };
}

function lastAtOrBefore(sorted: Int32Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return Math.max(-1, low - 1);
}

/** Reads a call to screen readers. */
function tell(app: App, place: number): void {
  const now = app.bridge.shown.value;
  if (!now) return;
  void app.session
    .bridgeCall(now.realm, now.instance, place)
    .then((call) => {
      if (call) app.say.tell(sentence(call, app.bridge.summary.value?.clockStep ?? 0));
    })
    .catch(() => undefined);
}

/** `copyBytesToJS, 6.3 ms, 256 KB, layer.go:231` */
function sentence(call: CallRow, step: number): string {
  const parts = [labelWords(call), single(call.end - call.begin, step)];
  if (call.bytes > 0) parts.push(bytes(call.bytes));
  if (call.site?.file) parts.push(shortPlace(call.site));
  return parts.join(', ');
}

interface TooltipProps {
  app: App;
  drawn: Drawn;
  hover: Hover;
  width: number;
  height: number;
}

function Tooltip({ app, drawn, hover, width, height }: TooltipProps) {
  const { x, y } = hover;
  const below = y < height - 90;
  return (
    <div
      class="slice-tooltip"
      style={{
        left: `${Math.min(x + 12, Math.max(4, width - 320))}px`,
        ...(below ? { top: `${y + 14}px` } : { bottom: `${height - y + 10}px` }),
      }}
    >
      {'hit' in hover ? (
        <LaneWords drawn={drawn} hit={hover.hit} step={app.bridge.summary.value?.clockStep ?? 0} />
      ) : (
        <CallWords app={app} drawn={drawn} {...hover} />
      )}
    </div>
  );
}

interface CallWordsProps {
  app: App;
  drawn: Drawn;
  place: Place;
  size: number;
}

function CallWords({ app, drawn: { timeline, labels }, place, size }: CallWordsProps) {
  const lane = timeline.lanes[place.lane];
  const number = lane.places[place.at];
  const [call, setCall] = useState<CallRow | null>(null);
  useEffect(() => {
    const now = app.bridge.shown.value;
    setCall(null);
    if (now) void app.session.bridgeCall(now.realm, now.instance, number).then(setCall, () => undefined);
  }, [number]);
  const step = app.bridge.summary.value?.clockStep ?? 0;
  const label = labels[timeline.labels[number]];
  const time = lane.ends[place.at] - lane.begins[place.at];
  return (
    <>
      <p>
        <strong>{label.operation}</strong>
        {label.target && (
          <span class="remark"> → {label.operation === 'callback' ? shortFunction(label.target) : label.target}</span>
        )}
      </p>
      {size > 1 && <p>{plural(size, 'call')} in this place; the first of them:</p>}
      <p>
        {single(time, step)}
        {call && call.bytes > 0 && ` · ${bytes(call.bytes)}`}{' '}
        <span class="chip">
          timed call{step > 0 && ` ± ${step.toLocaleString('en', { maximumFractionDigits: 3 })} ms`}
        </span>
      </p>
      {call?.site && (
        <p class="remark">
          {shortFunction(call.site.function)} <span class="place">{call.site.file && shortPlace(call.site)}</span>
        </p>
      )}
    </>
  );
}
