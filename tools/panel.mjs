// Reads our panel as a user of a screen reader does: by roles and accessible names, which are a promise (contract.md).
import { evaluate, waitFor } from './browser.mjs';

/**
 * @typedef {import('./cdp.mjs').Session} Session
 * @typedef {{ number: string, function: string, places: string[], line: string }} ShownFrame `places`: whole file and
 *   line, the most likely first; `line`: how exact, as the panel says it
 * @typedef {{ name: string, title: string, followUp: boolean }} ShownError `name`: the whole entry, as it is read out
 */

/** Waits for a Go stack in the Errors tab and unfolds it. @param {Session} panel @returns {Promise<void>} */
export async function unfoldStack(panel) {
  await waitFor(panel, () => document.querySelector('[aria-label="Go stack"] [role="row"] [role="gridcell"]'));
  await waitFor(panel, () => {
    const folded = document.querySelector('[aria-label="Go stack"] [role="row"][aria-expanded="false"]');
    if (folded instanceof HTMLElement) folded.click();
    return !folded;
  });
}

/**
 * The rows of the Go stack that are in sight; make the window tall to have more.
 * @param {Session} panel
 * @returns {Promise<ShownFrame[]>}
 */
export const shownStack = (panel) =>
  evaluate(panel, () =>
    [...document.querySelectorAll('[aria-label="Go stack"] [role="row"]')].flatMap((row) => {
      const [number, name, location, line] = row.querySelectorAll('[role="gridcell"]');
      if (!line) return [];
      const titles = [...location.querySelectorAll('[title]')].map((link) => link.getAttribute('title') ?? '');
      return {
        number: number.textContent ?? '',
        function: name.querySelector('[title]')?.getAttribute('title') ?? name.textContent ?? '',
        places: titles.map((title) => title.split(' · ')[0]),
        line: line.textContent ?? '',
      };
    }),
  );

/**
 * The entries of the error list, in order.
 * @param {Session} panel
 * @returns {Promise<ShownError[]>}
 */
export const shownErrors = (panel) =>
  evaluate(panel, () =>
    [...document.querySelectorAll('[role="listbox"] [role="option"]')].map((entry) => ({
      name: entry.getAttribute('aria-label') ?? '',
      title: entry.querySelector('.title')?.textContent ?? '',
      followUp: entry.classList.contains('follow-up'),
    })),
  );

/** Selects an entry of the error list. @param {Session} panel @param {string} title @returns {Promise<void>} */
export async function selectError(panel, title) {
  await waitFor(
    panel,
    (wanted) => {
      const entries = [...document.querySelectorAll('[role="listbox"] [role="option"]')];
      const entry = entries.find((one) => one.querySelector('.title')?.textContent === wanted);
      if (entry instanceof HTMLElement) entry.click();
      return entry?.getAttribute('aria-selected') === 'true';
    },
    title,
  );
}
