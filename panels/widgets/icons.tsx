/**
 * Icons, 20 × 20, drawn for this panel in the manner of DevTools' own set; coloured by `currentColor`.
 * `line` is stroked, `solid` is filled, `mark` is stroked in the background's colour on top of the fill.
 */

interface Drawing {
  line?: string;
  solid?: string;
  mark?: string;
}

const GEAR =
  'M8.6 3.2h2.8l.5 2 1.5.9 2-.6 1.4 2.4-1.5 1.4v1.8l1.5 1.4-1.4 2.4-2-.6-1.5.9-.5 2H8.6l-.5-2-1.5-.9-2 .6-1.4-2.4 1.5-1.4V9.3L3.2 7.9l1.4-2.4 2 .6 1.5-.9Z M10 7.6a2.6 2.6 0 1 0 0 5.2a2.6 2.6 0 0 0 0-5.2Z';
const DISC = 'M10 2.5a7.5 7.5 0 1 0 0 15a7.5 7.5 0 0 0 0-15Z';
const CROSS = 'M7.2 7.2l5.6 5.6M12.8 7.2l-5.6 5.6';

const DRAWINGS = {
  camera: {
    line: 'M3 6.4h3.2L7.6 4.4h4.8l1.4 2H17v9.4H3ZM10 8.2a2.9 2.9 0 1 0 .01 0Z',
  },
  flag: { line: 'M5.4 17V3.6M5.4 4.2h9.4l-2 3.4l2 3.4H5.4' },
  clear: { line: 'M10 3.2a6.8 6.8 0 1 0 0 13.6a6.8 6.8 0 0 0 0-13.6ZM5.2 5.2l9.6 9.6' },
  filter: { line: 'M3.8 5h12.4l-4.7 5.6v5L8.5 14v-3.4Z' },
  paste: { line: 'M10 12.8V4M6.4 7.4L10 3.8l3.6 3.6M4 12.5v3.7h12v-3.7' },
  download: { line: 'M10 3.8v8.8M6.4 9.2l3.6 3.6l3.6-3.6M4 12.5v3.7h12v-3.7' },
  gear: { line: GEAR },
  menu: { solid: 'M10 3.6a1.4 1.4 0 1 0 .01 0ZM10 8.6a1.4 1.4 0 1 0 .01 0ZM10 13.6a1.4 1.4 0 1 0 .01 0Z' },
  refresh: { line: 'M15.9 7.6A6.4 6.4 0 1 0 16.4 10.6M16.2 3.6v4.2H12' },
  copy: { line: 'M7 3.4h9v10.4H7ZM4 6.4v10.4h9' },
  open: { line: 'M3.2 15.8V4.4h4.6l1.8 2h7.2v9.4Z' },
  folder: { line: 'M2.8 15.6V4.6h5l1.8 2h7.6v9Z' },
  code: { line: 'M7 5.4L2.6 10L7 14.6M13 5.4l4.4 4.6L13 14.6' },
  lock: { line: 'M5 9h10v7.4H5ZM7.2 9V6.4a2.8 2.8 0 0 1 5.6 0V9M10 12v1.6' },
  stop: { line: DISC, solid: 'M7 7h6v6H7Z' },
  upload: { line: 'M10 12.8V4M6.4 7.4L10 3.8l3.6 3.6M4 12.5v3.7h12v-3.7' },
  record: { line: DISC, solid: 'M10 6.2a3.8 3.8 0 1 0 .01 0Z' },
  sync: { line: 'M6.6 4.4A6.4 6.4 0 0 0 6.8 15.6M13.4 15.6A6.4 6.4 0 0 0 13.2 4.4M3.6 4.2h3.4v3.4M16.4 15.8H13v-3.4' },
  check: { line: 'M4.6 10.4l3.6 3.8l7.2-8.2' },
  cross: { line: 'M5.4 5.4l9.2 9.2M14.6 5.4l-9.2 9.2' },
  close: { line: 'M5.4 5.4l9.2 9.2M14.6 5.4l-9.2 9.2' },
  shield: { line: 'M10 3l6 2.2v4.6c0 3.6-2.6 6-6 7.2c-3.4-1.2-6-3.6-6-7.2V5.2Z' },
  good: { line: `${DISC}M6.6 10.2l2.4 2.4l4.4-5` },
  error: { solid: DISC, mark: CROSS },
  'follow-up': { line: `M10 3.2a6.8 6.8 0 1 0 .01 0Z${CROSS}` },
  warning: { solid: 'M10 2.6l8.4 14.8H1.6Z', mark: 'M10 7.6v4.6M10 14v1.4' },
  info: { solid: DISC, mark: 'M10 9v5M10 5.8v1.5' },
  about: { line: `${DISC}M10 9v4.6M10 5.9v1.5` },
  triangle: { solid: 'M5 7.4h10l-5 6.2Z' },
} satisfies Record<string, Drawing>;

export type IconName = keyof typeof DRAWINGS;

/** An icon without a meaning of its own: the words stand beside it or name the button. @param size CSS pixels */
export function Icon({ name, size = 20, class: more = '' }: { name: IconName; size?: number; class?: string }) {
  const { line, solid, mark }: Drawing = DRAWINGS[name];
  return (
    <svg class={`icon ${more}`} width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      {solid && <path d={solid} fill="currentColor" />}
      {line && <path d={line} fill="none" stroke="currentColor" stroke-width="1.5" />}
      {mark && <path class="mark" d={mark} fill="none" stroke-width="1.7" />}
    </svg>
  );
}
