/**
 * Only the rows one can see, of any number. Heights are known before. Scrolls with the nearest ancestor that scrolls, so a list may be a
 * part of a longer column.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { upperBound } from '../../src/bytes/search';

/** Rows kept beyond both edges, so that a quick turn of the wheel shows no gap. */
const BEYOND = 12;
/** Of the rows in sight of a long list a lesser share was drawn before: that is a jump. */
const STAY = 0.5;
/** Beyond the edges after a jump, when rows in sight come first; the others come once those are here and it is still for so long, ms. */
const BEYOND_JUMP = 1;
const STILL = 150;

/** However tall a layout lets the scroller grow: no screen shows more. */
const MOST = 400;

/** Where rows lie, in CSS pixels from the top of the first. */
export interface Offsets {
  count: number;
  /** Of the row at `count`, which is none: the height of all. */
  top(index: number): number;
  /** How many rows begin at or above a height, the one at `count` among them. */
  above(height: number): number;
}

export interface WindowedProps {
  offsets: Offsets;
  /** @param slot a key by which, after a jump, rows that come fill the elements of those that go: to make elements takes longer */
  render(index: number, slot: number): ComponentChildren;
  /** Whether rows can be drawn. While they cannot, their place is empty, and what was drawn before stays where it was. */
  isHere?(from: number, to: number): boolean;
  /** Row to bring into view when it changes; -1 for none. */
  reveal?: number;
  /** Called with the rows that are drawn, when they are others than before. */
  onSight?(from: number, to: number): void;
}

export function Windowed({ offsets, render, isHere, reveal = -1, onSight }: WindowedProps) {
  const box = useRef<HTMLDivElement>(null);
  const revealed = useRef(-1);
  const { count } = offsets;
  const [range, setRange] = useState<Range>({ from: 0, to: Math.min(count, 60) });
  const seen = useRef(range);
  const here = useRef(isHere);
  here.current = isHere;

  useLayoutEffect(() => {
    const element = box.current;
    const scroller = element && scrollerOf(element);
    if (!element || !scroller) return;
    let rest: ReturnType<typeof setTimeout> | undefined;
    const look = (isStill: boolean) => {
      clearTimeout(rest);
      const top = scroller.getBoundingClientRect().top - element.getBoundingClientRect().top;
      const first = offsets.above(top) - 1;
      const end = offsets.above(top + scroller.clientHeight);
      const last = seen.current;
      if (isStill && here.current?.(Math.max(0, first), Math.min(count, end)) === false) {
        rest = setTimeout(look, STILL, true);
        return;
      }
      const jumps = !isStill && count > MOST && shared({ from: first, to: end }, last) < (end - first) * STAY;
      const beyond = jumps ? BEYOND_JUMP : BEYOND;
      const from = Math.max(0, first - beyond);
      const to = Math.min(count, from + MOST, end + beyond);
      if (jumps) rest = setTimeout(look, STILL, true);
      if (from === last.from && to === last.to) return;
      seen.current = { from, to };
      setRange(seen.current);
    };
    const onScroll = () => look(false);
    const resized = new ResizeObserver(onScroll);
    resized.observe(scroller);
    scroller.addEventListener('scroll', onScroll, { passive: true });
    onScroll();
    return () => {
      clearTimeout(rest);
      resized.disconnect();
      scroller.removeEventListener('scroll', onScroll);
    };
  }, [offsets]);

  useLayoutEffect(() => {
    const element = box.current;
    const scroller = element && scrollerOf(element);
    // More rows, or fewer, are no reason to leave what is looked at.
    if (!element || !scroller || reveal >= count || reveal === revealed.current) return;
    revealed.current = reveal;
    if (reveal < 0) return;
    const top = element.getBoundingClientRect().top - scroller.getBoundingClientRect().top + offsets.top(reveal);
    const bottom = top + offsets.top(reveal + 1) - offsets.top(reveal);
    // A head that sticks to the top hides what is behind it.
    const head = (scroller.querySelector(':scope > .sticky') as HTMLElement | null)?.offsetHeight ?? 0;
    if (top < head) scroller.scrollTop += top - head;
    else if (bottom > scroller.clientHeight) scroller.scrollTop += bottom - scroller.clientHeight;
  }, [reveal, offsets]);

  const sight = { from: Math.min(range.from, count), to: Math.min(range.to, count) };
  useEffect(() => onSight?.(sight.from, sight.to), [sight.from, sight.to, onSight]);
  const drawn = useRef<Drawn>({ ...sight, shift: 0 });
  drawn.current = drawNext(drawn.current, sight, count, isHere);
  const { from, to, shift } = drawn.current;
  const rows: ComponentChildren[] = [];
  for (let i = from; i < to; i++) rows.push(render(i, i - shift));
  return (
    <div ref={box} role="presentation" class="windowed" style={{ height: `${offsets.top(count)}px` }}>
      <div role="presentation" style={{ transform: `translateY(${offsets.top(from)}px)` }}>
        {rows}
      </div>
    </div>
  );
}

interface Range {
  from: number;
  to: number;
}

/** Rows that have elements; the slot of each is its index less `shift`. */
interface Drawn extends Range {
  shift: number;
}

function drawNext(old: Drawn, sight: Range, count: number, isHere?: WindowedProps['isHere']): Drawn {
  if (old.from < old.to && isHere && !isHere(sight.from, sight.to)) {
    return { ...old, from: Math.min(old.from, count), to: Math.min(old.to, count) };
  }
  const jumps = shared(old, sight) < (sight.to - sight.from) * STAY;
  return { ...sight, shift: jumps ? old.shift + sight.from - old.from : old.shift };
}

/** How many rows two ranges share; less than none where they lie apart. */
const shared = (a: Range, b: Range): number => Math.min(a.to, b.to) - Math.max(a.from, b.from);

/** @param height of each row, CSS pixels */
export function offsetsOf(count: number, height: (index: number) => number): Offsets {
  const tops = new Float64Array(count + 1);
  for (let i = 0; i < count; i++) tops[i + 1] = tops[i] + height(i);
  return { count, top: (index) => tops[index], above: (at) => upperBound(tops, at) };
}

/** Of rows of one height: costs the same for any number. @param height CSS pixels */
export function equalOffsets(count: number, height: number): Offsets {
  return {
    count,
    top: (index) => index * height,
    above: (at) => Math.max(0, Math.min(count + 1, Math.floor(at / height) + 1)),
  };
}

function scrollerOf(element: HTMLElement): HTMLElement | null {
  for (let at = element.parentElement; at; at = at.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
  }
  return null;
}
