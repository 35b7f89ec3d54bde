/** The browser's reports of uncaught errors and unhandled rejections, read without running code of the page. */
import type { errorWatch } from './errors';
import { pristine } from './pristine';

const { addEventListener } = pristine(EventTarget);
const errors = pristine(ErrorEvent);
const rejections = pristine(PromiseRejectionEvent);

/**
 * Listens before any listener of the page.
 * @returns a function that listens again, in case `document.open` took the listeners away; no effect if it did not
 */
export function listen(watch: ReturnType<typeof errorWatch>): () => void {
  const onEvent = (event: Event) => {
    try {
      watch('rejection', rejections.reason(event), '', '');
    } catch {
      try {
        const place = `${errors.filename(event)}:${errors.lineno(event)}:${errors.colno(event)}`;
        watch('error', errors.error(event), errors.message(event), place);
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
