/** Clicks as a user of the panel does. */
import { waitFor } from '../../tools/browser.mjs';
import type { Session } from '../../tools/cdp.mjs';

/** Clicks what this selector finds and has this name, or begins with this text, as soon as it is there and can be clicked. */
export const press = (panel: Session, selector: string, text: string) =>
  waitFor(
    panel,
    (wanted, words) => {
      const found = [...document.querySelectorAll<HTMLElement>(wanted)].find(
        (each) => each.getAttribute('aria-label') === words || each.textContent?.trim().startsWith(words),
      );
      if (!found || (found instanceof HTMLButtonElement && found.disabled)) return false;
      found.click();
      return true;
    },
    selector,
    text,
  );
