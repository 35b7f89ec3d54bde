/** `gowasm run FILE [ARGS…]`: a Go program under Node, as wasm_exec_node.js runs it; its failures are told with Go lines. */
import { statSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { Capture } from '../bridge/capture';
import { encodeCapture } from '../bridge/file';
import { frameTable, staticRange } from '../bridge/frames';
import { stateProbes } from '../bridge/state';
import type { Failure } from '../failures/failure';
import { toText } from '../failures/report';
import { handleOptions } from '../handles/options';
import { fingerprintOf } from '../lines/fingerprint';
import { writeDump } from '../node/dump-file';
import { INSTANCE, type RunOptions, runProgram } from '../node/run';
import { findScript, type Go, loadGo } from '../node/script';
import { Program } from '../program';
import { createSession } from '../session';
import { BadInput, readModule } from './input';
import { writeTo } from './output';
import { plain } from './print';

const SHORT = 'gowasm run [--wasm-exec PATH] [--bridge F] [--dump F [--dump-after S]] FILE [ARGS…]';
const USAGE = `${SHORT}

Runs a Go program built for js/wasm under Node, as Go's wasm_exec_node.js does. Failures are told on standard error, with Go
functions, files and lines, after the program's own output. Exits with the program's code; what follows FILE is the program's.

  --wasm-exec PATH    the wasm_exec.js to use; else that of the go command (GO names another one)
  --bridge F          records what crosses between Go and JavaScript and writes it to F when the program ends, for gowasm bridge:
                      counts, bytes and call sites of every call; times of as many as cost little
  --dump F            writes a dump to F, for gowasm handles: the program's memory, and its handles with where each was made; when it
                      exits or fails
  --dump-after S      takes the dump after so many seconds instead, or when the program ends before
`;

/** Seconds that Node's timers can wait for. */
const LONGEST = Math.floor(2 ** 31 / 1000) - 1;

/** Names of the realm and the binary within the session: there is one of each. */
const ONLY = 'run';

/** Does not return once the program runs: the process ends with it. */
export async function run(args: string[]): Promise<number> {
  const { options, file, rest, help } = readRunArguments(args);
  if (help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const bytes = readModule(file);
  const module = compile(file, bytes);
  const script = options.get('wasm-exec');
  const found = script === undefined ? findScript() : ({ ok: true, value: script } as const);
  if (!found.ok) throw new BadInput(found.why);
  // The program looks at `process.argv` too: [node, script, file, …].
  process.argv.splice(2, process.argv.length, file, ...rest);
  const go = loadGo(found.value);
  if (!go.ok) throw new BadInput(go.why);
  expectLike(file, module, go.value.importObject);
  expectApart(options, [file, found.value]);
  const out = options.get('bridge');
  const bridge = out === undefined ? undefined : recordTo(out, bytes, [file, ...rest].join(' '));
  const dump = options.has('dump') ? dumpTo(options, bytes, [file, ...rest].join(' ')) : undefined;
  const finish: RunOptions['finish'] = (events) => tell(bytes, events);
  return runProgram({ go: go.value, module, argv: [file, ...rest], finish, bridge, dump });
}

interface RunArguments {
  /** By name without dashes; the last of each. */
  options: Map<string, string>;
  file: string;
  rest: string[];
  help: boolean;
}

const OPTIONS = ['wasm-exec', 'bridge', 'dump', 'dump-after'];

/** Options stand before FILE. */
function readRunArguments(args: string[]): RunArguments {
  const read: RunArguments = { options: new Map(), file: '', rest: [], help: false };
  let at = 0;
  for (; args[at]?.startsWith('-') && args[at] !== '--'; at++) {
    const [dashed, inline] = args[at].split(/=(.*)/s);
    if (dashed === '--help' || dashed === '-h') return { ...read, help: true };
    const name = dashed.replace(/^--/, '');
    if (!OPTIONS.includes(name)) throw new BadInput(`unknown option ${args[at]}; see gowasm run --help`);
    const value = inline ?? args[++at];
    if (!value) throw new BadInput(`--${name} needs a value`);
    read.options.set(name, value);
  }
  if (args[at] === '--') at++;
  if (read.options.has('dump-after') && !read.options.has('dump')) throw new BadInput('--dump-after needs --dump F');
  if (args[at] === undefined) throw new BadInput(`usage: ${SHORT}`);
  return { ...read, file: args[at], rest: args.slice(at + 1) };
}

/** @throws BadInput in our own reader's words where it finds something wrong, else in the engine's */
function compile(file: string, bytes: Uint8Array): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
  } catch (error) {
    const opened = createSession().open(ONLY, bytes);
    throw new BadInput(`${file}: ${opened.ok ? (error as Error).message : opened.why}`);
  }
}

/** @throws BadInput for what wasm_exec.js cannot run: programs for other hosts, and of Go before or after it */
function expectLike(file: string, module: WebAssembly.Module, provided: Go['importObject']): void {
  const wanted = WebAssembly.Module.imports(module);
  const namespace = wanted.find(({ name }) => name === 'runtime.wasmExit')?.module;
  if (!namespace) throw new BadInput(`${file}: expected a Go program for js/wasm, which imports runtime.wasmExit`);
  const missing = wanted.find((each) => !(each.name in (provided[each.module] ?? {})));
  if (!missing) return;
  const name = `${missing.module} ${missing.name}`;
  throw new BadInput(
    `${file}: wasm_exec.js has no import ${name}: name that of the program's Go release with --wasm-exec`,
  );
}

/** @throws BadInput when what is written would lie over what is read or written besides */
function expectApart(options: RunArguments['options'], read: string[]): void {
  const used = [...read];
  for (const name of ['bridge', 'dump']) {
    const out = options.get(name);
    if (out === undefined) continue;
    if (used.some((other) => isSameFile(other, out))) throw new BadInput(`--${name} ${out}: this run needs that file`);
    used.push(out);
  }
}

/** Whether both name one file, which is no device. */
function isSameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => statSync(path, { throwIfNoEntry: false }));
  if (!a || !b) return !a && !b && resolve(one) === resolve(other);
  return a.isFile() && a.dev === b.dev && a.ino === b.ino;
}

/**
 * @param out where the recording goes at the program's end; tried at once, so that nobody runs a program for nothing
 * @throws BadInput when nothing can be written there
 */
function recordTo(out: string, bytes: Uint8Array, title: string): NonNullable<RunOptions['bridge']> {
  // The program may change the working directory.
  const path = resolve(out);
  writeTo(path, '');
  const program = new Program(bytes);
  const about = { fingerprint: fingerprintOf(program.module), size: bytes.length, title };
  return {
    options: { every: 0, frames: frameTable(program), ...staticRange(program), state: stateProbes(program) },
    batches(batches) {
      const capture = new Capture();
      const kept = batches.every((batch) => capture.add(batch));
      try {
        if (!kept) throw new Error(`${out}: the recording does not add up`);
        writeTo(path, encodeCapture(capture, about));
      } catch (error) {
        writeAll(`\ngowasm: ${plain((error as Error).message)}\n`);
      }
    },
  };
}

/**
 * @param options `dump`, where the dump goes; tried at once, so that nobody runs a program for nothing
 * @throws BadInput when nothing can be written there
 */
function dumpTo(options: RunArguments['options'], bytes: Uint8Array, title: string): RunOptions['dump'] {
  const out = options.get('dump') as string;
  const after = options.get('dump-after');
  if (after !== undefined && (!/^\d+(\.\d+)?$/.test(after) || Number(after) > LONGEST)) {
    throw new BadInput(`--dump-after takes a number of seconds, at most ${LONGEST}`);
  }
  const path = resolve(out);
  writeTo(path, '');
  const program = new Program(bytes);
  const about = { fingerprint: fingerprintOf(program.module), size: bytes.length, title };
  return {
    ...handleOptions(program),
    after: after === undefined ? null : Number(after),
    taken(parts) {
      try {
        if (typeof parts === 'string') throw new Error(`${out}: no dump was taken. ${parts}`);
        writeDump(path, parts, { ...about, takenAt: Date.now(), goVersion: program.go.version ?? '', pc: 0 });
      } catch (error) {
        writeAll(`\ngowasm: ${plain((error as Error).message)}\n`);
      }
    },
  };
}

/** Prints the failures among the events. Synchronous, for the process is about to end. */
function tell(bytes: Uint8Array, events: Parameters<RunOptions['finish']>[0]): void {
  // A program that ended well has nothing to be told, and its binary need not be read.
  if (!events.some((event) => event.type === 'error' || (event.type === 'exit' && event.code !== 0))) return;
  const session = createSession();
  const failures = new Map<string, Failure>();
  const take = ({ failures: changed, removed }: { failures: Failure[]; removed: string[] }) => {
    for (const failure of changed) failures.set(failure.id, failure);
    for (const id of removed) failures.delete(id);
  };
  if (!session.open(ONLY, bytes).ok) return;
  take(session.bind(ONLY, INSTANCE, ONLY));
  for (const event of events) take(session.seen(ONLY, event));
  for (const failure of failures.values()) {
    if (failure.exitCode === 0) continue;
    writeAll(`\ngowasm: ${plain(toText(failure))}`);
  }
}

/** Standard error may be a pipe that is full for a moment. */
function writeAll(text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(2, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
    }
  }
}
