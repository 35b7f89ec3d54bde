// The demo's page, used as a visitor uses it. What its buttons do stands in demo/failures.json.
import { click, waitFor } from './browser.mjs';

/**
 * Waits until the Go program listens to its buttons, which is when it shows a water level for the first time.
 * @param {import('./cdp.mjs').Session} page
 */
export const demoReady = (page) => waitFor(page, () => document.querySelector('#level')?.textContent);

/**
 * Presses a button of "Make it fail".
 * @param {import('./cdp.mjs').Session} page
 * @param {string} name key of demo/failures.json
 */
export async function makeFail(page, name) {
  await demoReady(page);
  await click(page, `[data-failure="${name}"]`);
}
