/** The whole recording in one strip, with a window over what the timeline shows: dragged, or moved and sized by keys. */
import { useEffect, useRef } from 'preact/hooks';
import type { Range } from '../../src/bridge/sums';
import type { Timeline } from '../../src/bridge/timeline';
import { coloursOf } from './draw';
import { pan, widthOf, within, zoom } from './viewport';
import { moment } from './words';

const HEIGHT = 36;
/** Pixels within which an edge is grabbed. */
const EDGE = 7;

interface MinimapProps {
  timeline: Timeline;
  sight: Range;
  /** Rises when the theme changes. */
  look: number;
  onSight(sight: Range): void;
}

export function Minimap({ timeline, sight, look, onSight }: MinimapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const all = { from: timeline.began, to: Math.max(timeline.now, timeline.began + 0.1) };
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const paint = () => drawOverview(element, timeline);
    paint();
    const resized = new ResizeObserver(paint);
    resized.observe(element);
    return () => resized.disconnect();
  }, [timeline, look]);
  const share = (time: number) => `${((time - all.from) / widthOf(all)) * 100}%`;
  const grab = (event: PointerEvent) => {
    const box = event.currentTarget as HTMLElement;
    const { left, width } = box.getBoundingClientRect();
    const time = (x: number) => all.from + ((x - left) / width) * widthOf(all);
    const x = (at: number) => left + ((at - all.from) / widthOf(all)) * width;
    const start = { sight, time: time(event.clientX) };
    const near = (at: number) => Math.abs(x(at) - event.clientX) <= EDGE;
    const inside = start.time > sight.from && start.time < sight.to && widthOf(sight) < widthOf(all) * 0.98;
    const how = near(sight.from) ? 'from' : near(sight.to) ? 'to' : inside ? 'move' : 'new';
    box.setPointerCapture(event.pointerId);
    box.onpointermove = (moved) => {
      const now = Math.min(all.to, Math.max(all.from, time(moved.clientX)));
      if (how === 'move') onSight(pan(start.sight, all, now - start.time));
      else {
        const other = how === 'from' ? start.sight.to : how === 'to' ? start.sight.from : start.time;
        onSight(within({ from: Math.min(now, other), to: Math.max(now, other) }, all));
      }
    };
    box.onlostpointercapture = () => {
      box.onpointermove = null;
    };
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = widthOf(sight) / 4;
    const middle = (sight.from + sight.to) / 2;
    const moved = {
      ArrowLeft: () => pan(sight, all, -step),
      ArrowRight: () => pan(sight, all, step),
      ArrowUp: () => zoom(sight, all, 0.7, middle),
      ArrowDown: () => zoom(sight, all, 1 / 0.7, middle),
      Home: () => pan(sight, all, all.from - sight.from),
      End: () => pan(sight, all, all.to - sight.to),
    }[event.key];
    if (!moved || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    onSight(moved());
  };
  const pixel = widthOf(sight) / 1000;
  const words = `${moment(sight.from - all.from, pixel)} to ${moment(sight.to - all.from, pixel)}`;
  return (
    <div
      class="minimap"
      role="slider"
      tabIndex={0}
      aria-label="Part of the recording that is shown"
      aria-valuemin={0}
      aria-valuemax={Math.round(widthOf(all))}
      aria-valuenow={Math.round(sight.from - all.from)}
      aria-valuetext={words}
      title={`${words}. Drag to move, drag an edge to size it`}
      onPointerDown={grab}
      onDblClick={() => onSight(all)}
      onKeyDown={onKeyDown}
    >
      <canvas ref={canvas} height={HEIGHT} />
      <span class="minimap-shade" style={{ left: 0, width: share(sight.from) }} />
      <span class="minimap-shade" style={{ left: share(sight.to), right: 0 }} />
      <span class="minimap-edge" style={{ left: share(sight.from) }} />
      <span class="minimap-edge" style={{ left: share(sight.to) }} />
    </div>
  );
}

function drawOverview(canvas: HTMLCanvasElement, { overview, began, now }: Timeline): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const ratio = globalThis.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(HEIGHT * ratio);
  context.scale(ratio, ratio);
  const { kinds } = coloursOf(canvas);
  const columns = overview.go.length;
  const part = Math.max(now - began, 1e-6) / columns;
  for (let x = 0; x < width; x++) {
    const first = Math.floor((x / width) * columns);
    const last = Math.max(first + 1, Math.floor(((x + 1) / width) * columns));
    let go = 0;
    let js = 0;
    for (let i = first; i < last; i++) {
      go += overview.go[i];
      js += overview.js[i];
    }
    const most = part * (last - first);
    context.fillStyle = kinds[0];
    const inGo = Math.min(1, go / most) * (HEIGHT - 3);
    context.fillRect(x, HEIGHT - inGo, 1, inGo);
    context.fillStyle = kinds[1];
    const inJs = Math.min(1, js / most) * (HEIGHT - 3);
    context.fillRect(x, HEIGHT - inJs, 1, inJs);
  }
}
