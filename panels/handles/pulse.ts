/**
 * Once a second, as long as something is looked at: the time, and one question to the page. Nothing runs while the panel is hidden, for
 * each turn waits for a frame to be painted, and hidden panels paint none.
 */
import { effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';

const PERIOD = 1000;
/** After an answer that did not come, ms. */
const REST = 5000;

export interface PulseParts {
  /** Whether this is looked at. */
  visible: ReadonlySignal<boolean>;
  /** One question; null for none now. Its failure costs a rest. */
  ask(): Promise<void> | null;
}

/** @returns milliseconds since the epoch, as they were a second ago at most while this is looked at */
export function createPulse({ visible, ask }: PulseParts): Signal<number> {
  const now = signal(Date.now());
  let running = false;
  const turn = async () => {
    if (!visible.value) {
      running = false;
      return;
    }
    now.value = Date.now();
    let pause = PERIOD;
    try {
      await ask();
    } catch {
      pause = REST;
    }
    setTimeout(() => requestAnimationFrame(() => void turn()), pause);
  };
  effect(() => {
    if (!visible.value || running) return;
    running = true;
    requestAnimationFrame(() => void turn());
  });
  return now;
}
