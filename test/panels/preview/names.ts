/** What a screen reader would call the controls of a tab. */
import { evaluate } from '../../../tools/browser.mjs';
import type { Session } from '../../../tools/cdp.mjs';

/** @returns the markup of each control of the open tab that has no name */
export const nameless = (session: Session): Promise<string[]> =>
  evaluate(session, () =>
    [...document.querySelectorAll('.tabpanel button, .tabpanel input, .tabpanel [tabindex="0"]')]
      .filter(
        (each) =>
          !(each.getAttribute('aria-label') || each.textContent?.trim() || each.closest('label')?.textContent?.trim()),
      )
      .map((each) => each.outerHTML),
  );
