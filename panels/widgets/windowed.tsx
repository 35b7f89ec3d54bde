/**
 * Only the rows one can see, of any number. Heights are known before. Scrolls with the nearest ancestor that scrolls, so a list may be a
 * part of a longer column.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { upperBound } from '../../src/bytes/search';

/** Rows kept beyond both edges, so that a quick turn of the wheel shows no gap. */
const BEYOND = 12;

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
  render(index: number): ComponentChildren;
  /** Row to bring into view when it changes; -1 for none. */
  reveal?: number;
  /** Called with the rows that are drawn, when they are others than before. */
  onSight?(from: number, to: number): void;
}

export function Windowed({ offsets, render, reveal = -1, onSight }: WindowedProps) {
  const box = useRef<HTMLDivElement>(null);
  const revealed = useRef(-1);
  const { count } = offsets;
  const [range, setRange] = useState({ from: 0, to: Math.min(count, 60) });

  useLayoutEffect(() => {
    const element = box.current;
    const scroller = element && scrollerOf(element);
    if (!element || !scroller) return;
    const look = () => {
      const top = scroller.getBoundingClientRect().top - element.getBoundingClientRect().top;
      const from = Math.max(0, offsets.above(top) - 1 - BEYOND);
      const to = Math.min(count, from + MOST, offsets.above(top + scroller.clientHeight) + BEYOND);
      setRange((old) => (old.from === from && old.to === to ? old : { from, to }));
    };
    const resized = new ResizeObserver(look);
    resized.observe(scroller);
    scroller.addEventListener('scroll', look, { passive: true });
    look();
    return () => {
      resized.disconnect();
      scroller.removeEventListener('scroll', look);
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

  const from = Math.min(range.from, count);
  const to = Math.min(range.to, count);
  useEffect(() => onSight?.(from, to), [from, to, onSight]);
  const rows: ComponentChildren[] = [];
  for (let i = from; i < to; i++) rows.push(render(i));
  return (
    <div ref={box} role="presentation" class="windowed" style={{ height: `${offsets.top(count)}px` }}>
      <div role="presentation" style={{ transform: `translateY(${offsets.top(from)}px)` }}>
        {rows}
      </div>
    </div>
  );
}

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
