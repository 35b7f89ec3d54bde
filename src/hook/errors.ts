/**
 * Uncaught errors and unhandled rejections that may have to do with a Go program. Which of them do, and what they mean, is
 * the session's to say: this takes a wide net, and captures the stacks of live programs at that moment.
 *
 * Nothing of the page is run: properties are read only where they are data, and `stack` only where it is V8's own (which may
 * look at `name` and `message` itself). A page that sets Error.prepareStackTrace would be called by reading `stack`; then the
 * place of the event stands in for it.
 */
import type { ErrorSeen } from '../protocol/messages';
import {
  apply,
  create,
  dataProperty,
  exec,
  getOwnPropertyDescriptor,
  includes,
  isObject,
  lengthOf,
  slice,
} from './pristine';
import type { Emit, Program } from './program';

enum Most {
  Errors = 200,
  /** For one error. */
  Captures = 4,
  /** In all captures of errors sent by this realm: 16 MB. */
  Words = 4000000,
  /** Characters of a message or a stack. */
  Text = 1000000,
  /** Characters of both that make two errors the same. */
  Same = 400,
}

/**
 * Traps and errors that pass through wasm; what wasm_exec.js says after an exit, and what it stumbles over when the program
 * has exited below it. Matched against `name: message`, newline, stack.
 */
const CONCERNS =
  /\.wasm:|wasm-function\[|^(RuntimeError|Error: Go program has|TypeError: Cannot read prop[\s\S]*('exports'|_resume|wasm_exec))/;

/** One that runs or has run. */
export interface Watched {
  id: number;
  /** URL of its module; '' when it was compiled from bytes, and is `wasm://wasm/…` in stacks. */
  source: { url: string };
  program: Pick<Program, 'capture'>;
}

const PristineError = Error;
const FORMATTER = 'prepareStackTrace';
/** Node brings one of its own. */
const formatter = (PristineError as { prepareStackTrace?: unknown })[FORMATTER];

/**
 * @param programs of this realm, grows
 * @returns a function to be told of each error: what was thrown, the browser's message about it, and the place it names
 *   (file:line:column, or '')
 */
export function errorWatch(programs: Watched[], emit: Emit) {
  const known: Record<string, number> = create(null);
  let left = Most.Errors;
  let words = Most.Words;

  return (how: ErrorSeen['how'], error: unknown, said: string, place: string): void => {
    if (!programs.length) return;
    const name = string(dataProperty(error, 'name'));
    const message = string(dataProperty(error, 'message')) || said;
    const stack = stackOf(error) || (place && `${name}: ${message}\n    at ${place}`);
    const text = `${name}: ${message}\n${stack}`;
    if (!exec(CONCERNS, text)) return;
    const key = slice(text, 0, Most.Same);
    if (known[key]) emit({ type: 'again', of: known[key], count: 1 });
    else if (left-- > 0) {
      known[key] = emit({ type: 'error', how, name, message, stack, captures: capturesFor(stack) });
    }
  };

  /** Of the running programs whose URL is in the stack; of all running ones when there is none. */
  function capturesFor(stack: string, any = false): ErrorSeen['captures'] {
    const captures: ErrorSeen['captures'] = [];
    for (let i = programs.length - 1; i >= 0 && captures.length < Most.Captures; i--) {
      const { id, source, program } = programs[i];
      const named = any || includes(stack, source.url || 'wasm://');
      const taken = named && words > 0 && program.capture();
      if (!taken) continue;
      // Even a small capture takes a look through the whole memory: 100 of them at most.
      words -= lengthOf(taken.words) + 4e4;
      captures[captures.length] = { instance: id, capture: taken };
    }
    return any || captures.length ? captures : capturesFor(stack, true);
  }
}

/** V8's text of the stack; '' when there is none, or reading it would run code of the page. */
function stackOf(error: unknown): string {
  if (dataProperty(PristineError, FORMATTER) !== formatter) return '';
  // V8 gives it to each error anew: the page has no hand in it. Asked late, because making an error takes time.
  const stackGetter = getOwnPropertyDescriptor(new PristineError(), 'stack')?.get;
  const own = isObject(error) ? getOwnPropertyDescriptor(error, 'stack') : undefined;
  return string(stackGetter && own?.get === stackGetter ? apply(stackGetter, error, []) : own?.value);
}

const string = (value: unknown) => (typeof value === 'string' ? slice(value, 0, Most.Text) : '');
