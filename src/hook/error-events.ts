/** The browser's reports of uncaught errors and unhandled rejections, read without running code of the page. */
import type { errorWatch } from './errors';
import { addEventListener, pristine } from './pristine';

const [errorOf, messageOf, fileOf, lineOf, columnOf] = pristine(
  ErrorEvent,
  'error',
  'message',
  'filename',
  'lineno',
  'colno',
);
const [reasonOf] = pristine(PromiseRejectionEvent, 'reason');

/**
 * Listens before any listener of the page.
 * @returns a function that listens again, in case `document.open` took the listeners away; no effect if it did not
 */
export function listen(watch: ReturnType<typeof errorWatch>): () => void {
  const onEvent = (event: Event) => {
    try {
      watch('rejection', reasonOf(event), '', '');
    } catch {
      try {
        const place = `${fileOf(event)}:${lineOf(event)}:${columnOf(event)}`;
        watch('error', errorOf(event), messageOf(event), place);
      } catch {
        // The load error of an image or a script: an Event of no such class.
      }
    }
  };
  const add = () => {
    addEventListener(window, 'error', onEvent, true);
    addEventListener(window, 'unhandledrejection', onEvent, true);
  };
  add();
  return add;
}
