/**
 * Runs a Go program for js/wasm in this process as wasm_exec_node.js does (lib/wasm of Go 1.27), with the hook's two imports
 * seen, and gathers what happens as the hook's events. Prints nothing of its own; the program's and Node's output and their
 * order stay as they are.
 */
import { tmpdir } from 'node:os';
import { errorWatch } from '../hook/errors';
import { derive, goNamespace } from '../hook/imports';
import { createProgram, type Emit } from '../hook/program';
import type { HookEvent } from '../protocol/messages';
import type { Go } from './script';

export interface RunOptions {
  go: Go;
  /** The compiled program. */
  module: WebAssembly.Module;
  /** File and arguments, what Go calls os.Args. */
  argv: string[];
  /** Called once, at the end, with all that happened; after it the process exits. Must be synchronous. */
  finish: (events: HookEvent[]) => void;
}

/** The only instance of a process. */
export const INSTANCE = 1;

/**
 * Starts the program.
 * @returns resolves never, for the process ends with the program; rejects when the module cannot be linked
 */
export async function runProgram({ go, module, argv, finish }: RunOptions): Promise<never> {
  const events: HookEvent[] = [];
  const emit: Emit = (event) => {
    events.push({ ...event, seq: events.length + 1 } as HookEvent);
    return events.length;
  };
  const namespace = goNamespace(go.importObject)?.name ?? 'gojs';
  const about = () => ({ url: '', bytes: 'kept', how: 'instantiate', namespace }) as const;
  const program = createProgram(INSTANCE, about, emit);
  const watch = errorWatch([{ id: INSTANCE, source: { url: '' }, program }], emit);
  const threw = (how: 'error' | 'rejection', error: unknown) => watch(how, error, String(error), '');

  let exiting = false;
  let finished = false;
  const end = () => {
    if (!finished) finish(events);
    finished = true;
  };
  go.argv = argv;
  go.env = { TMPDIR: tmpdir(), ...process.env };
  go.exit = (code) => {
    // While the process exits, `process.exit` ends it on the spot.
    if (exiting) end();
    process.exit(code);
  };

  const imports = derive(go.importObject, namespace, { ...program, linked() {} }) as WebAssembly.Imports;
  const instance = await WebAssembly.instantiate(module, imports);
  process.on('uncaughtExceptionMonitor', (error, origin) => {
    threw(origin === 'unhandledRejection' ? 'rejection' : 'error', error);
  });
  process.on('exit', (code) => {
    exiting = true;
    try {
      if (code === 0 && !go.exited) {
        // Nothing can wake the program any more: it is a deadlock, and Go says so when it is woken for nothing.
        go._pendingEvent = { id: 0 };
        go._resume();
      }
    } finally {
      end();
    }
  });
  program.run(instance.exports);
  try {
    await go.run(instance);
  } catch (error) {
    threw('rejection', error);
    console.error(error);
    process.exit(1);
  }
  return new Promise<never>(() => {});
}
