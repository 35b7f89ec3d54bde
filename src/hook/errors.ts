/**
 * Uncaught errors and unhandled rejections that may have to do with a Go program. Which of them do, and what they mean, is
 * the session's to say: this takes a wide net, and captures the stacks of live programs at that moment.
 *
 * Nothing of the page is run: properties are read only where they are data, and `stack` only where it is V8's own. A page
 * that sets Error.prepareStackTrace would be called by reading `stack`; then the place of the event stands in for it.
 */
import type { ErrorSeen } from '../protocol/messages';
import { apply, create, dataProperty, getOwnPropertyDescriptor, isObject, now, text, typed } from './pristine';
import type { Emit, Program } from './program';

const MOST_ERRORS = 200;
const MOST_CAPTURES = 4;
/** Words of captures sent by one realm at most: 16 MB. */
const MOST_WORDS = 4 << 20;
const MOST_TEXT = 1 << 20;
/** Characters of message and stack that make two errors the same. */
const SAME = 800;

const PristineError = Error;
const stackGetter = getOwnPropertyDescriptor(new Error(), 'stack')?.get;

/**
 * @param programs of this realm, grows
 * @returns a function to be told of each error: what was thrown, the browser's message about it, and the place it names
 *   (file:line:column, or '')
 */
export function errorWatch(programs: Program[], emit: Emit) {
  const known: Record<string, number> = create(null);
  let left = MOST_ERRORS;
  let words = MOST_WORDS;

  return (how: ErrorSeen['how'], error: unknown, said: string, place: string): void => {
    if (!programs.length) return;
    const name = string(dataProperty(error, 'name'));
    const message = string(dataProperty(error, 'message')) || said;
    const stack = stackOf(error) || (place && `${name}: ${message}\n    at ${place}`);
    if (!concerns(message, stack)) return;
    const key = text.slice(`${name}: ${message}\n${stack}`, 0, SAME);
    if (known[key]) emit({ type: 'again', of: known[key], count: 1, at: now() });
    else if (left-- > 0) {
      known[key] = emit({ type: 'error', how, name, message, stack, captures: capturesFor(stack), at: now() });
    }
  };

  function concerns(message: string, stack: string): boolean {
    if (text.includes(stack, '.wasm:') || text.includes(stack, 'wasm-function[')) return true;
    if (text.includes(message, 'Go program has already exited')) return true;
    // What wasm_exec.js stumbles over when its program has exited below it.
    if (!text.startsWith(message, 'Cannot read properties of undefined')) return false;
    return text.includes(message, "'exports'") || text.includes(stack, '_resume') || text.includes(stack, 'wasm_exec');
  }

  /** Of the live programs whose URL is in the stack; of all live ones when there is none. */
  function capturesFor(stack: string, any = false): ErrorSeen['captures'] {
    const captures: ErrorSeen['captures'] = [];
    for (let i = programs.length - 1; i >= 0 && captures.length < MOST_CAPTURES; i--) {
      const { id, source, state, capture } = programs[i];
      const named = source.url && text.includes(stack, source.url);
      const taken = state === 'running' && words > 0 && (any || named) && capture();
      if (!taken) continue;
      words -= typed.length(taken.words);
      captures[captures.length] = { instance: id, capture: taken };
    }
    return any || captures.length ? captures : capturesFor(stack, true);
  }
}

/** V8's text of the stack; '' when there is none, or reading it would run code of the page. */
function stackOf(error: unknown): string {
  if (dataProperty(PristineError, 'prepareStackTrace')) return '';
  const own = isObject(error) ? getOwnPropertyDescriptor(error, 'stack') : undefined;
  return string(stackGetter && own?.get === stackGetter ? apply(stackGetter, error, []) : own?.value);
}

const string = (value: unknown) => (typeof value === 'string' ? text.slice(value, 0, MOST_TEXT) : '');
