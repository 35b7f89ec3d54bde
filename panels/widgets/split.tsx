/** A handle between two panes: dragged, or moved with the arrow keys. The width is remembered by name. */
import type { Settings } from '../settings/settings';

interface SplitProps {
  name: string;
  label: string;
  settings: Settings;
  /** Width before the user moves it, CSS pixels. */
  initial: number;
  /** The pane it sizes lies at its right. */
  right?: boolean;
}

const LEAST = 160;
const STEP = 16;

export function paneWidth(settings: Settings, name: string, initial: number): number {
  return settings.panes.value[name] ?? initial;
}

export function SplitHandle({ name, label, settings, initial, right }: SplitProps) {
  const width = paneWidth(settings, name, initial);
  const sign = right ? -1 : 1;
  const set = (wanted: number) => {
    const most = Math.max(LEAST, document.documentElement.clientWidth - 2 * LEAST);
    settings.panes.value = { ...settings.panes.value, [name]: Math.round(Math.min(most, Math.max(LEAST, wanted))) };
  };
  return (
    <div
      class="split"
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={LEAST}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
        event.preventDefault();
        event.stopPropagation();
        set(width + sign * (event.key === 'ArrowRight' ? STEP : -STEP));
      }}
      onPointerDown={(event) => {
        const handle = event.currentTarget;
        const from = event.clientX;
        handle.setPointerCapture(event.pointerId);
        handle.onpointermove = (moved) => set(width + sign * (moved.clientX - from));
        handle.onlostpointercapture = () => {
          handle.onpointermove = null;
        };
      }}
    />
  );
}
