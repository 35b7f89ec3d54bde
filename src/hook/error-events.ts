/** The browser's reports of uncaught errors and unhandled rejections, read without running code of the page. */
import type { errorWatch } from './errors';
import { addEventListener, native } from './pristine';

/**
 * Listens before any listener of the page.
 * @returns a function that listens again, in case `document.open` took the listeners away; no effect if it did not
 */
export function listen(watch: ReturnType<typeof errorWatch>): () => void {
  const onEvent = (event: Event) => {
    try {
      const read = (key: string) => native(event, key);
      if (read('type') !== 'error') return watch('rejection', read('reason'), '', '');
      const place = `${read('filename')}:${read('lineno')}:${read('colno')}`;
      watch('error', read('error'), read('message') as string, place);
    } catch {
      // The load error of an image or a script: an Event of no such class.
    }
  };
  const add = () => {
    addEventListener(window, 'error', onEvent, true);
    addEventListener(window, 'unhandledrejection', onEvent, true);
  };
  add();
  return add;
}
