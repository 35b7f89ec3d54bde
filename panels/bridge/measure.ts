/** Where a moment and words stand on the timeline's canvas. */
import type { Drawing } from './draw';
import { widthOf } from './viewport';

/** What words measure, by font. */
const measured = new Map<string, number>();

export const toX = ({ layout, sight }: Pick<Drawing, 'layout' | 'sight'>, time: number): number =>
  layout.left + ((time - sight.from) / widthOf(sight)) * layout.width;

export function sizeOf(context: CanvasRenderingContext2D, words: string): number {
  const key = context.font + words;
  let size = measured.get(key);
  if (size === undefined) {
    if (measured.size > 4096) measured.clear();
    size = context.measureText(words).width;
    measured.set(key, size);
  }
  return size;
}
