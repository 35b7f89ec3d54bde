/**
 * Runs a Go program for js/wasm in this process as wasm_exec_node.js does (lib/wasm of Go 1.27), with the hook's two imports
 * seen, and gathers what happens as the hook's events, what crosses the bridge, and a dump where they are wanted. Prints nothing of its own;
 * the program's and Node's output and their order stay as they are.
 */
import { tmpdir } from 'node:os';
import { errorWatch } from '../hook/errors';
import { derive, goNamespace } from '../hook/imports';
import { createProgram, type Emit } from '../hook/program';
import { gateImports } from '../hook/record/imports';
import { createRecordedProgram, type RecordedProgram } from '../hook/record/program';
import type { DumpParts, TableOptions, WatchOptions } from '../protocol/handles';
import type { HookEvent } from '../protocol/messages';
import type { RecordBatch, RecordOptions } from '../protocol/recording';
import { takeDump } from './dump';
import type { Go } from './script';

export interface RunOptions {
  go: Go;
  /** The compiled program. */
  module: WebAssembly.Module;
  /** File and arguments, what Go calls os.Args. */
  argv: string[];
  /** Called once, at the end, with all that happened; after it the process exits. Must be synchronous. */
  finish: (events: HookEvent[]) => void;
  /** What crosses the bridge is recorded; `batches` gets all of it just before `finish`. Must be synchronous. */
  bridge?: { options: RecordOptions; batches: (batches: RecordBatch[]) => void };
  /** Who makes handles is watched, and a picture of the program is taken once. */
  dump?: {
    watch: WatchOptions;
    table: TableOptions;
    /** Seconds after which it is taken; null: when the program exits, fails or is over. */
    after: number | null;
    /** Gets it, or why there is none, in one sentence. Must be synchronous. */
    taken: (parts: DumpParts | string) => void;
  };
}

/** The only instance of a process. */
export const INSTANCE = 1;

/**
 * Starts the program.
 * @returns resolves never, for the process ends with the program; rejects when the module cannot be linked
 */
export async function runProgram({ go, module, argv, finish, bridge, dump }: RunOptions): Promise<never> {
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
    if (finished) return;
    finished = true;
    take(null);
    if (bridge && recorded) bridge.batches(batchesOf(recorded));
    finish(events);
  };
  go.argv = argv;
  go.env = { TMPDIR: tmpdir(), ...process.env };
  go.exit = (code) => {
    // While the process exits, `process.exit` ends it on the spot.
    if (exiting) end();
    process.exit(code);
  };

  const functions = go.importObject[namespace];
  const began = (program: RecordedProgram) => {
    if (bridge) program.start(bridge.options);
    if (dump) program.watch(dump.watch);
  };
  const recorded =
    bridge || dump ? createRecordedProgram(INSTANCE, { name: namespace, functions }, clock, () => true, began) : null;
  let taken = !dump;
  const take = (sp: number | null) => {
    if (taken || !dump) return;
    taken = true;
    const asked = { goObject: go, watch: recorded?.watched() ?? null, clock: clock() };
    let parts: DumpParts | string;
    try {
      parts = takeDump(asked, dump.table, sp);
    } catch (error) {
      parts = error instanceof Error ? error.message : String(error);
    }
    dump.taken(parts);
  };
  const gated = recorded ? gateImports(go.importObject, namespace, recorded) : go.importObject;
  const imports = derive(gated as typeof go.importObject, namespace, {
    ...program,
    // Before wasm_exec.js drops its table.
    exit(sp) {
      take(sp >>> 0);
      program.exit(sp);
    },
    linked() {},
  }) as WebAssembly.Imports;
  // Nothing is awaited before the program runs: while a promise is all there is to wait for, Node 20 waits for its own workers
  // (WorkerThreadsTaskRunner::BlockingDrain), and now and then one of those waits for this thread, for ever.
  const instance = new WebAssembly.Instance(module, imports);
  process.on('uncaughtExceptionMonitor', (error, origin) => {
    threw(origin === 'unhandledRejection' ? 'rejection' : 'error', error);
    take(null);
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
  program.run(instance.exports, go);
  // It does not keep the process alive.
  if (dump && dump.after !== null) setTimeout(take, dump.after * 1000, null).unref();
  try {
    await go.run(instance);
  } catch (error) {
    threw('rejection', error);
    take(null);
    console.error(error);
    process.exit(1);
  }
  return new Promise<never>(() => {});
}

const clock = () => ({ performance, now: performance.now, origin: performance.timeOrigin });

function batchesOf(recorded: RecordedProgram): RecordBatch[] {
  const recorder = recorded.recorder();
  recorded.stop();
  recorder?.end();
  const batches: RecordBatch[] = [];
  for (let last = !recorder; !last; ) {
    const batch = recorder?.take(true);
    if (batch) batches.push(batch);
    last = !batch || batch.last;
  }
  return batches;
}
