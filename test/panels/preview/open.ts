/** Opens the preview in Chromium for a test, with keys and clicks as a person makes them. */
import { click, evaluate, launch, type Session, waitFor } from '../../../tools/browser.mjs';
import { servePreview } from '../../../tools/preview.mjs';

export interface Panel {
  session: Session;
  /** Presses one key; `Alt+ArrowLeft` with a modifier. */
  press(key: string): Promise<void>;
  click(selector: string): Promise<void>;
  /** Text of all elements that match, trimmed. */
  texts(selector: string): Promise<string[]>;
  /** Resolves when an element matches. */
  appears(selector: string): Promise<void>;
  resize(width: number, height: number): Promise<void>;
  goto(query: string): Promise<void>;
  /** What the panel wrote to its console, and its uncaught errors. */
  messages: { text: string }[];
}

/** @param work gets the panel in a window of 1200 × 800 */
export async function withPreview(query: string, work: (panel: Panel) => Promise<void>): Promise<void> {
  const server = await servePreview();
  const browser = await launch({ extension: null });
  try {
    const page = await browser.openPage('about:blank');
    const { session } = page;
    const resize = async (width: number, height: number) => {
      await session.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
    };
    const goto = async (wanted: string) => {
      await page.goto(`${server.url}?${wanted}`);
      await waitFor(session, () => globalThis.preview.settled() && document.querySelector('.panel') !== null);
    };
    await resize(1200, 800);
    await goto(query);
    await work({
      session,
      press: (key) => press(session, key),
      click: (selector) => click(session, selector),
      texts: (selector) =>
        evaluate(
          session,
          // innerText, not textContent: what one sees, with its line breaks.
          (wanted) => [...document.querySelectorAll<HTMLElement>(wanted)].map((each) => (each.innerText ?? '').trim()),
          selector,
        ),
      appears: async (selector) => {
        await waitFor(session, (wanted) => document.querySelector(wanted) !== null, selector);
      },
      resize,
      goto,
      messages: page.messages,
    });
  } finally {
    await browser.close();
    server.close();
  }
}

const MODIFIERS: Record<string, number> = { Alt: 1, Control: 2, Shift: 8 };

async function press(session: Session, combination: string): Promise<void> {
  const parts = combination === '+' ? ['+'] : combination.split('+');
  const key = parts[parts.length - 1];
  const modifiers = parts.slice(0, -1).reduce((sum, name) => sum + (MODIFIERS[name] ?? 0), 0);
  const text = key.length === 1 && modifiers === 0 ? { text: key } : key === 'Enter' ? { text: '\r' } : {};
  const codes: Record<string, number> = { Enter: 13, Escape: 27, Tab: 9, F6: 117 };
  const common = { key, modifiers, windowsVirtualKeyCode: codes[key] ?? 0 };
  await session.send('Input.dispatchKeyEvent', { type: 'keyDown', ...common, ...text });
  await session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...common });
}
