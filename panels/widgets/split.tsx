/** A handle between two panes: dragged, or moved with the arrow keys. The size is remembered by name. */
import type { Settings } from '../settings/settings';

interface SplitProps {
  name: string;
  label: string;
  settings: Settings;
  /** Width before the user moves it, CSS pixels. */
  initial: number;
  /** The pane it sizes lies at its right. */
  right?: boolean;
  /** It lies across, below the pane whose height it sets. */
  across?: boolean;
}

const LEAST = 160;
const STEP = 16;

export function paneWidth(settings: Settings, name: string, initial: number): number {
  return settings.panes.value[name] ?? initial;
}

export function SplitHandle({ name, label, settings, initial, right, across }: SplitProps) {
  const width = paneWidth(settings, name, initial);
  const sign = right ? -1 : 1;
  const set = (wanted: number) => {
    const { clientWidth, clientHeight } = document.documentElement;
    const most = Math.max(LEAST, (across ? clientHeight : clientWidth) - 2 * LEAST);
    settings.panes.value = { ...settings.panes.value, [name]: Math.round(Math.min(most, Math.max(LEAST, wanted))) };
  };
  return (
    <div
      class={`split ${across ? 'across' : ''}`}
      role="separator"
      tabIndex={0}
      aria-orientation={across ? 'horizontal' : 'vertical'}
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={LEAST}
      onKeyDown={(event) => {
        const [less, more] = across ? ['ArrowUp', 'ArrowDown'] : ['ArrowLeft', 'ArrowRight'];
        if (event.key !== less && event.key !== more) return;
        event.preventDefault();
        event.stopPropagation();
        set(width + sign * (event.key === more ? STEP : -STEP));
      }}
      onPointerDown={(event) => {
        const handle = event.currentTarget;
        const from = across ? event.clientY : event.clientX;
        handle.setPointerCapture(event.pointerId);
        handle.onpointermove = (moved) => set(width + sign * ((across ? moved.clientY : moved.clientX) - from));
        handle.onlostpointercapture = () => {
          handle.onpointermove = null;
        };
      }}
    />
  );
}
