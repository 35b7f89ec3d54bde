/**
 * One event told as a failure: what it is, where it happened, why, what to do. Knows nothing of other events.
 */
import { packageOf } from '../go/names';
import type { Program } from '../program';
import type { Capture, ErrorSeen, ExitSeen } from '../protocol/messages';
import { Moment } from './capture';
import { type Explanation, explainExit, explainJsError, explainPanic, explainTrap } from './explain';
import type { Failure, FailureKind, FrameRow, Stack } from './failure';
import { type GoText, readGoText } from './gotext';
import { foldRows, framesOf, tellingRow } from './rows';
import { engineStack, errorStack, memoryStack, readItems } from './stack';

/** A binary bound to an instance, or the reason why there is none. */
export type Binding = { program: Program; own: (name: string) => boolean } | { why: string };

/** Whose event it is. */
export interface Teller {
  realm: string;
  instance: number | null;
  /** Of the module, '' when it came from bytes. */
  url: string;
  binding: Binding | null;
}

const OVERFLOW = /Maximum call stack size exceeded|too much recursion/;

export function tellExit(event: ExitSeen, teller: Teller): Failure {
  const text = event.code === 0 ? null : readGoText(event.output);
  return text ? panic(event, text, teller) : exit(event, teller);
}

function panic(event: ExitSeen, text: GoText, teller: Teller): Failure {
  const program = programOf(teller);
  const moment = momentOf(program, event.capture);
  const unwound = moment && text.goroutine ? moment.walkGoroutine(text.goroutine.id) : null;
  const stack = program && unwound?.complete ? memoryStack(program, unwound) : printedStack(text);
  const { goroutine } = text;
  // Go does not print where the runtime's own goroutines, such as the one that runs callbacks, come from.
  const createdBy =
    goroutine?.createdBy ?? (goroutine && moment?.goroutine(goroutine.state, goroutine.id)?.createdBy) ?? null;
  const telling = tellingRow(stack.rows, ownOf(teller));
  return {
    ...base(event, teller, stack, telling),
    kind: 'panic',
    title: text.title,
    message: text.message,
    ...explainPanic(text.message, text.fatal, telling?.row ?? null),
    raw: text.raw,
    goroutine: goroutine && { id: goroutine.id, state: goroutine.state, createdBy },
    exitCode: event.code,
  };
}

function printedStack({ goroutine }: GoText): Stack {
  const rows = goroutine?.rows ?? [];
  return {
    rows: foldRows(rows),
    complete: false,
    counts: { v8: 0, memory: 0, text: rows.filter((row) => row.kind === 'frame').length },
    note: rows.length > 0 ? 'Told by Go’s own traceback' : 'Go printed no traceback',
  };
}

function exit(event: ExitSeen, teller: Teller): Failure {
  const program = programOf(teller);
  const moment = momentOf(program, event.capture);
  const unwound = moment?.walkImport();
  const stack = program && unwound ? memoryStack(program, unwound) : noStack(teller);
  const telling = tellingRow(stack.rows, ownOf(teller));
  // When main returns, the runtime itself exits: then no os.Exit is on the stack.
  const called = framesOf(stack.rows).some((row) => row.function === 'os.Exit');
  const title = `Exited with code ${event.code}`;
  return {
    ...base(event, teller, stack, telling),
    kind: 'exit',
    title,
    message: title,
    ...explainExit(event.code, called ? (telling?.row ?? null) : null),
    raw: event.output,
    goroutine: moment?.goroutine('running') ?? null,
    exitCode: event.code,
  };
}

/** @param belongs whether a module's URL, as the engine spells it, is that of the teller's program */
export function tellError(event: ErrorSeen, teller: Teller, belongs: (url: string) => boolean): Failure {
  const program = programOf(teller);
  const items = readItems(program, event.stack, belongs);
  const capture = event.captures.find((one) => one.instance === teller.instance)?.capture ?? null;
  const moment = momentOf(program, capture);
  const stack = program ? errorStack(program, items, moment) : engineStack(items, problemOf(teller));
  const telling = tellingRow(stack.rows, ownOf(teller));
  const isTrap = event.name === 'RuntimeError' || (event.name === 'RangeError' && OVERFLOW.test(event.message));
  const kind: FailureKind = isTrap ? 'trap' : 'js-error';
  const title = titleOf(event);
  return {
    ...base(event, teller, stack, telling),
    kind,
    title,
    message: title,
    ...explainError(event, kind, stack, telling?.row ?? null),
    raw: event.stack || title,
    goroutine: moment && stack.complete ? moment.goroutine('running') : null,
    exitCode: null,
    // Frames of Go were torn away without unwinding: what they held stays locked, half written, half done.
    stateUndefined: isTrap || items.some((item) => item.kind === 'wasm'),
  };
}

/** Whether Go's stack at this event, as this binary reads it, is the one that the engine's stack is a part of. */
export function fits(event: ErrorSeen, program: Program, capture: Capture, belongs: (url: string) => boolean): boolean {
  const items = readItems(program, event.stack, belongs);
  return errorStack(program, items, new Moment(program, capture)).complete;
}

/** V8 puts `Uncaught ` and the class in front of the messages of error events. */
export function bareMessage(message: string): string {
  return message.replace(/^Uncaught (?:\(in promise\) )?/, '').replace(/^\w*Error: /, '');
}

function titleOf(event: ErrorSeen): string {
  const message = bareMessage(event.message);
  return event.name ? `${event.name}: ${message}` : message;
}

function base(
  event: ErrorSeen | ExitSeen,
  { realm, instance, url, ...teller }: Teller,
  stack: Stack,
  telling: { index: number; row: FrameRow } | null,
) {
  const where = telling && {
    function: telling.row.function,
    file: telling.row.file,
    line: telling.row.line,
    precision: telling.row.precision,
  };
  return {
    id: `${realm}:${event.seq}`,
    realm,
    instance,
    module: moduleName(url),
    at: event.at,
    lastAt: event.at,
    count: 1,
    where,
    stack,
    selected: telling?.index ?? -1,
    stateUndefined: false,
    causedBy: null,
    followUps: [],
    problem: problemOf(teller),
  };
}

function explainError(event: ErrorSeen, kind: FailureKind, stack: Stack, where: FrameRow | null): Explanation {
  const frames = framesOf(stack.rows);
  if (kind === 'js-error') return frames.length > 0 ? explainJsError(frames[0].function) : { what: [], todo: [] };
  const repeats = stack.rows.reduce((most, row) => (row.kind === 'run' ? Math.max(most, row.times) : most), 0);
  return explainTrap(event.message, where, frames[0]?.function ?? '', repeats);
}

function noStack(teller: Teller): Stack {
  return { rows: [], complete: false, counts: { v8: 0, memory: 0, text: 0 }, note: problemOf(teller) };
}

function programOf({ binding }: Teller): Program | null {
  return binding && 'program' in binding ? binding.program : null;
}

function momentOf(program: Program | null, capture: Capture | null): Moment | null {
  return program && capture ? new Moment(program, capture) : null;
}

function problemOf({ binding }: Pick<Teller, 'binding'>): string {
  return binding && 'why' in binding ? binding.why : '';
}

function ownOf({ binding }: Teller): (name: string) => boolean {
  return binding && 'program' in binding ? binding.own : (name) => packageOf(name) === 'main';
}

function moduleName(url: string): string {
  if (url === '') return 'wasm from bytes';
  const path = url.replace(/[?#].*$/, '');
  return path.slice(path.lastIndexOf('/') + 1) || url;
}
