/**
 * Only the rows one can see, of any number. Heights are known before: `offsets[i]` is the top of row i, the last entry
 * the height of all. Scrolls with the nearest ancestor that scrolls, so a list may be a part of a longer column.
 */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { upperBound } from '../../src/bytes/search';

/** Rows kept beyond both edges, so that a quick turn of the wheel shows no gap. */
const BEYOND = 12;

/** However tall a layout lets the scroller grow: no screen shows more. */
const MOST = 400;

export interface WindowedProps {
  /** count + 1 ascending numbers, CSS pixels, from 0. */
  offsets: Float64Array;
  render(index: number): ComponentChildren;
  /** Row to bring into view when it changes; -1 for none. */
  reveal?: number;
}

export function Windowed({ offsets, render, reveal = -1 }: WindowedProps) {
  const box = useRef<HTMLDivElement>(null);
  const [range, setRange] = useState({ from: 0, to: Math.min(offsets.length - 1, 60) });
  const count = offsets.length - 1;

  useLayoutEffect(() => {
    const element = box.current;
    const scroller = element && scrollerOf(element);
    if (!element || !scroller) return;
    const look = () => {
      const top = scroller.getBoundingClientRect().top - element.getBoundingClientRect().top;
      const from = Math.max(0, upperBound(offsets, top) - 1 - BEYOND);
      const to = Math.min(count, from + MOST, upperBound(offsets, top + scroller.clientHeight) + BEYOND);
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
    if (!element || !scroller || reveal < 0 || reveal >= count) return;
    const top = element.getBoundingClientRect().top - scroller.getBoundingClientRect().top + offsets[reveal];
    const bottom = top + offsets[reveal + 1] - offsets[reveal];
    // A head that sticks to the top hides what is behind it.
    const head = (scroller.querySelector(':scope > .sticky') as HTMLElement | null)?.offsetHeight ?? 0;
    if (top < head) scroller.scrollTop += top - head;
    else if (bottom > scroller.clientHeight) scroller.scrollTop += bottom - scroller.clientHeight;
  }, [reveal, offsets]);

  const from = Math.min(range.from, count);
  const to = Math.min(range.to, count);
  const rows: ComponentChildren[] = [];
  for (let i = from; i < to; i++) rows.push(render(i));
  return (
    <div ref={box} role="presentation" class="windowed" style={{ height: `${offsets[count]}px` }}>
      <div role="presentation" style={{ transform: `translateY(${offsets[from] ?? 0}px)` }}>
        {rows}
      </div>
    </div>
  );
}

/** @param height of each row, CSS pixels */
export function offsetsOf(count: number, height: (index: number) => number): Float64Array {
  const offsets = new Float64Array(count + 1);
  for (let i = 0; i < count; i++) offsets[i + 1] = offsets[i] + height(i);
  return offsets;
}

function scrollerOf(element: HTMLElement): HTMLElement | null {
  for (let at = element.parentElement; at; at = at.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
  }
  return null;
}
