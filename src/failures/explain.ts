/**
 * One sentence of cause, one or two of remedy, for the failures of Go programs that have a known meaning.
 * Never a cause that is not known: what matches nothing gets no words. Texts follow the messages of runtime/error.go,
 * runtime/panic.go (1.11–1.27), V8's messages.h, and lib/wasm/wasm_exec.js.
 */
import type { Place } from '../symbols/frame';
import type { FrameRow, Words } from './failure';

export interface Explanation {
  what: Words;
  todo: Words;
}

const NONE: Explanation = { what: [], todo: [] };

/** Places of the frame in question: its candidates, else its line. */
function places(where: FrameRow | null): Words {
  const list: Place[] = !where || where.line === 0 ? [] : (where.candidates ?? [where]).slice(0, 4);
  return list.flatMap(({ file, line }, i) => [
    ...(i > 0 ? [i === list.length - 1 ? ' and ' : ', '] : []),
    { place: { file, line } },
  ]);
}

function at(where: FrameRow | null, before: string, without: string): Words {
  const found = places(where);
  return found.length > 0 ? [before, ...found] : [without];
}

const DEAD = 'All later calls into this program fail.';
const RELOAD = ' Reload before you trust anything else: this Go program’s state is undefined now.';

/** Go's runtime errors and fatal errors, by their message. */
const GO: [pattern: RegExp, what: Words, todo: (where: FrameRow | null) => Words][] = [
  [
    /assignment to entry in nil map/,
    ['Go code wrote to a nil map.'],
    (where) => [...at(where, 'Make the map before ', 'Make the map before the write'), ` runs. ${DEAD}`],
  ],
  [
    /invalid memory address or nil pointer dereference/,
    ['Go code followed a nil pointer.'],
    (where) => [...at(where, 'Check the pointer used at ', 'Check the pointer'), `. ${DEAD}`],
  ],
  [
    /index out of range/,
    ['Go code indexed beyond the end of a slice, array or string.'],
    (where) => [...at(where, 'Check the index at ', 'Check the index'), `. ${DEAD}`],
  ],
  [
    /slice bounds out of range/,
    ['Go code sliced beyond the capacity or with bounds in the wrong order.'],
    (where) => [...at(where, 'Check the bounds at ', 'Check the bounds'), `. ${DEAD}`],
  ],
  [
    /integer divide by zero/,
    ['Go code divided an integer by zero.'],
    (where) => [...at(where, 'Check the divisor at ', 'Check the divisor'), `. ${DEAD}`],
  ],
  [
    /interface conversion/,
    ['A type assertion met a value of another type.'],
    (where) => [
      ...at(where, 'Use the two-value form at ', 'Use the two-value form'),
      ` or check the type first. ${DEAD}`,
    ],
  ],
  [
    /all goroutines are asleep - deadlock/,
    ['Every goroutine waits for another one, so none can ever go on.'],
    () => [
      'If it waits inside a JavaScript callback: the page’s event loop stands still until the callback returns. Start a goroutine in the callback and return. ',
      DEAD,
    ],
  ],
  [
    /unknown caller pc|unexpected return pc/,
    [
      'Go’s stack was torn. Most likely a JavaScript error passed through Go frames before this and left them half done.',
    ],
    () => [`Look for an earlier JavaScript error. ${DEAD}`],
  ],
  [
    /unlock of unlocked (?:mutex|RWMutex)|RUnlock of unlocked RWMutex/,
    ['Go code unlocked a mutex that was not locked. The runtime cannot be recovered from this.'],
    (where) => [...at(where, 'Pair the Unlock at ', 'Pair the Unlock'), ` with a Lock. ${DEAD}`],
  ],
  [
    /concurrent map (?:writes|read and map write|iteration and map write)/,
    ['Two goroutines used a map at once, one of them writing.'],
    () => [`Guard the map with a mutex. ${DEAD}`],
  ],
  [
    /send on closed channel|close of closed channel|close of nil channel/,
    ['Go code used a channel after it was closed, or closed a nil channel.'],
    (where) => [
      ...at(where, 'Let only the sender close the channel; see ', 'Let only the sender close the channel'),
      `. ${DEAD}`,
    ],
  ],
  [
    /makeslice: (?:len|cap) out of range/,
    ['Go code asked for a slice longer than memory allows.'],
    (where) => [...at(where, 'Check the length at ', 'Check the length'), `. ${DEAD}`],
  ],
  [
    /out of memory|cannot allocate memory/,
    ['The Go heap could not grow any more.'],
    () => [`Linear memory ends at 4 GB, on phones much earlier. ${DEAD}`],
  ],
  [
    /syscall\/js: call of (\S+) on/,
    ['Go code used a JavaScript value as something that it is not.'],
    (where) => [...at(where, 'Check the value’s type before ', 'Check the value’s type first'), `. ${DEAD}`],
  ],
  [
    /ValueOf: invalid value/,
    ['Go code passed a value to JavaScript that has no JavaScript form.'],
    (where) => [...at(where, 'Convert the value before ', 'Convert the value first'), `. ${DEAD}`],
  ],
  [
    /JavaScript error: /,
    ['A JavaScript function threw while Go called it; Go turned the error into a panic.'],
    (where) => [
      ...at(where, 'Recover js.Error around ', 'Recover js.Error around the call'),
      `, or fix the function. ${DEAD}`,
    ],
  ],
];

/** @param message Go's whole message @param where the telling frame */
export function explainPanic(message: string, fatal: boolean, where: FrameRow | null): Explanation {
  const known = GO.find(([pattern]) => pattern.test(message));
  if (known) return { what: known[1], todo: known[2](where) };
  if (fatal) return { what: ['The Go runtime gave up: no recover can catch this.'], todo: [DEAD] };
  return {
    what: ['Go code panicked and nothing recovered it, so the program ended.'],
    todo: [...at(where, 'See ', 'See the stack'), `. ${DEAD}`],
  };
}

/** @param top name of the innermost Go function @param repeats how often the folded run stands, 0 without one */
export function explainTrap(message: string, where: FrameRow | null, top: string, repeats: number): Explanation {
  if (
    /memory access out of bounds|index out of bounds|out of bounds memory access/i.test(message) &&
    !/table/.test(message)
  ) {
    return {
      what: [
        'Go code using ',
        { code: 'unsafe' },
        ' went beyond the end of linear memory. The Go runtime did not see it and printed nothing.',
      ],
      todo: [...at(where, 'Check the bounds at ', 'Check the bounds'), `.${RELOAD}`],
    };
  }
  if (/unreachable/.test(message)) {
    if (top === 'runtime.Breakpoint' || top === 'runtime.breakpoint') {
      return {
        what: [{ code: 'runtime.Breakpoint' }, ' ran. On wasm it is a trap, not a pause.'],
        todo: ['Set a breakpoint in Sources instead.', RELOAD],
      };
    }
    return {
      what: ['The program reached code that the compiler or the runtime marked as never reached.'],
      todo: [RELOAD.trim()],
    };
  }
  if (/Maximum call stack size exceeded|too much recursion|call stack exhausted/i.test(message)) {
    const shown = repeats > 0 ? ` (shown once, × ${repeats.toLocaleString('en-US')})` : '';
    return {
      what: ['Go recursed until the browser’s stack was full; Go’s own limit was not reached.'],
      todo: [`Look for the repeating frames${shown}.`, RELOAD],
    };
  }
  if (
    /table index is out of bounds|null function|function signature mismatch|indirect call|RuntimeError: table/i.test(
      message,
    )
  ) {
    return {
      what: ['Go called a function value that points at no function.'],
      todo: [
        ...at(where, 'Look for ', 'Look for '),
        places(where).length > 0 ? ' and ' : '',
        { code: 'unsafe' },
        ` code that overwrote it.${RELOAD}`,
      ],
    };
  }
  if (/divide by zero|remainder by zero|unrepresentable|integer overflow/i.test(message)) {
    return {
      what: ['An arithmetic instruction trapped.'],
      todo: [...at(where, 'See ', 'See the stack'), `.${RELOAD}`],
    };
  }
  return NONE;
}

/** @param bridge Go name of the bridge call that the error came through, e.g. `syscall/js.valueGet`; '' when not known */
export function explainJsError(bridge: string): Explanation {
  const method = BRIDGE[bridge.replace(/^syscall\/js\./, '')];
  if (!method) {
    return {
      what: ['A JavaScript error passed through Go frames. Go cannot catch it there, and it left them half done.'],
      todo: [RELOAD.trim()],
    };
  }
  return {
    what: [
      `JavaScript threw while Go called `,
      { code: method },
      '. Go cannot catch that; the error passed through its frames and left them half done.',
    ],
    todo: [
      'Check the value first, or do it in a JavaScript function called with ',
      { code: 'Call' },
      ': that turns the error into a Go panic.',
      RELOAD,
    ],
  };
}

/** Imports of wasm_exec.js without try/catch, by the method of js.Value that uses them. */
const BRIDGE: Record<string, string | undefined> = {
  valueGet: 'Value.Get',
  valueSet: 'Value.Set',
  valueDelete: 'Value.Delete',
  valueIndex: 'Value.Index',
  valueSetIndex: 'Value.SetIndex',
  valueLength: 'Value.Length',
  valueInstanceOf: 'Value.InstanceOf',
  valuePrepareString: 'Value.String',
  copyBytesToGo: 'CopyBytesToGo',
  copyBytesToJS: 'CopyBytesToJS',
};

/** @param where the frame that called os.Exit; null when main returned */
export function explainExit(code: number, where: FrameRow | null): Explanation {
  if (!where)
    return {
      what: code === 0 ? ['main returned.'] : [`The program ended with code ${code}.`],
      todo: code === 0 ? [] : [DEAD],
    };
  return {
    what: [{ code: `os.Exit(${code})` }, ' was called', ...at(where, ' at ', ''), '.'],
    todo: code === 0 ? [] : [DEAD],
  };
}

/** @param after milliseconds since the program ended @param cause id of the failure that ended it */
export function explainFollowUp(after: number, cause: string, misleading: boolean): Explanation {
  const link = { failure: cause, text: 'See what ended it' };
  if (misleading) {
    return {
      what: [
        'This error hides another one: the program had ended inside this call, and wasm_exec.js had dropped its instance.',
      ],
      todo: [link, '.'],
    };
  }
  const seconds = after < 1000 ? `${Math.max(1, Math.round(after))} ms` : `${(after / 1000).toFixed(1)} s`;
  return { what: [`The program had exited ${seconds} earlier; this call came too late.`], todo: [link, '.'] };
}
