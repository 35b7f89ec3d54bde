/**
 * One load of one frame: its hook events in order, and the failures they add up to. Ties consequences to their first
 * cause and merges equal failures. Told anew whenever an event comes or a binary is bound; the stacks, which are the
 * costly part, are remembered per event and program.
 */
import { packageOf } from '../go/names';
import type { Program } from '../program';
import type { Capture, ErrorSeen, ExitSeen, HookEvent, ModuleSeen } from '../protocol/messages';
import { Moment } from './capture';
import { type Explanation, explainExit, explainFollowUp, explainJsError, explainPanic, explainTrap } from './explain';
import type { Failure, FailureKind, FrameRow, Goroutine, Stack } from './failure';
import { type GoText, readGoText } from './gotext';
import { foldRows, tellingRow } from './rows';
import { engineStack, errorStack, memoryStack, readItems } from './stack';

/** A binary bound to an instance, or the reason why there is none. */
export type Binding = { program: Program; own: (name: string) => boolean } | { why: string };

export interface Instance {
  seen: ModuleSeen;
  state: 'running' | 'trapped' | 'exited' | 'gone';
  exitCode: number | null;
}

const ALREADY_EXITED = 'Go program has already exited';
/** wasm_exec.js reads `this._inst.exports` after a callback ended the program and dropped `_inst`. */
const DROPPED_INSTANCE =
  /^Cannot read propert(?:y|ies) (?:'exports' )?of undefined(?: \(reading 'exports'\))?$|undefined is not an object|can't access property "exports"/;
const OVERFLOW = /Maximum call stack size exceeded|too much recursion/;

export class Load {
  readonly instances = new Map<number, Instance>();
  private readonly events: HookEvent[] = [];
  private readonly told = new Map<number, { by: unknown; failure: Failure }>();

  constructor(
    readonly realm: string,
    private readonly bindingOf: (instance: number) => Binding | null,
  ) {}

  add(event: HookEvent): void {
    this.events.push(event);
    if (event.type === 'module') this.instances.set(event.instance, { seen: event, state: 'running', exitCode: null });
  }

  leave(): void {
    for (const instance of this.instances.values()) if (instance.state !== 'exited') instance.state = 'gone';
  }

  /** All failures so far, in order, merged and tied. Sets the states of the instances on the way. */
  failures(): Failure[] {
    const all: Failure[] = [];
    const bySeq = new Map<number, Failure>();
    const merged = new Map<string, Failure>();
    const ended = new Map<number, { failure: Failure; at: number }>();
    for (const event of this.events) {
      if (event.type === 'module') continue;
      if (event.type === 'again') {
        const failure = bySeq.get(event.of);
        if (failure) count(failure, event.count, event.at);
        continue;
      }
      const failure = event.type === 'exit' ? this.ofExit(event) : this.ofError(event, ended);
      const key = keyOf(failure);
      const equal = merged.get(key);
      if (equal) count(equal, 1, event.at);
      else {
        merged.set(key, failure);
        all.push(failure);
      }
      const kept = equal ?? failure;
      bySeq.set(event.seq, kept);
      if (!equal && kept.causedBy) all.find(({ id }) => id === kept.causedBy)?.followUps.push(kept.id);
      if (event.type === 'exit') {
        ended.set(event.instance, { failure: kept, at: event.at });
        this.set(event.instance, 'exited', event.code);
      } else if (failure.stateUndefined && failure.instance !== null) this.set(failure.instance, 'trapped', null);
    }
    return all;
  }

  private set(number: number, state: 'exited' | 'trapped', code: number | null): void {
    const instance = this.instances.get(number);
    if (!instance || instance.state === 'gone' || instance.state === 'exited') return;
    instance.state = state;
    instance.exitCode = code;
  }

  /** Remembers what was told of an event until its binary changes. A fresh copy each time: counts and ties are written into it. */
  private once(event: HookEvent, by: unknown, tell: () => Failure): Failure {
    let known = this.told.get(event.seq);
    if (!known || known.by !== by) {
      known = { by, failure: tell() };
      this.told.set(event.seq, known);
    }
    return { ...known.failure, followUps: [] };
  }

  private ofExit(event: ExitSeen): Failure {
    const binding = this.bindingOf(event.instance);
    return this.once(event, binding, () => {
      const text = event.code === 0 ? null : readGoText(event.output);
      return text ? this.panic(event, text, binding) : this.exit(event, binding);
    });
  }

  private panic(event: ExitSeen, text: GoText, binding: Binding | null): Failure {
    const moment = momentOf(binding, event.capture);
    const program = moment && binding && 'program' in binding ? binding.program : null;
    const unwound = moment && text.goroutine ? (moment.walkStopped(text.goroutine.id) ?? moment.walkImport()) : null;
    const printed: Stack = {
      rows: foldRows(text.rows),
      complete: false,
      counts: { v8: 0, memory: 0, text: text.rows.filter((row) => row.kind === 'frame').length },
      note: text.rows.length > 0 ? 'Told by Go’s own traceback' : 'Go printed no traceback',
    };
    const stack = program && unwound?.complete ? memoryStack(program, unwound) : printed;
    const goroutine: Goroutine | null = text.goroutine && { ...text.goroutine, createdBy: text.createdBy };
    const telling = tellingRow(stack.rows, ownOf(binding));
    return {
      ...this.base(event, event.instance, binding, stack, telling),
      kind: 'panic',
      title: text.title,
      message: text.message,
      ...explainPanic(text.message, text.fatal, telling?.row ?? null),
      raw: text.raw,
      goroutine,
      exitCode: event.code,
    };
  }

  private exit(event: ExitSeen, binding: Binding | null): Failure {
    const moment = momentOf(binding, event.capture);
    const program = binding && 'program' in binding ? binding.program : null;
    const unwound = moment?.walkImport();
    const stack = program && unwound ? memoryStack(program, unwound) : noStack(binding);
    const telling = tellingRow(stack.rows, ownOf(binding));
    // main returning is the runtime's own exit: no function of the user called it.
    const caller = telling && !telling.row.internal && telling.row.function !== 'main.main' ? telling.row : null;
    const calledExit = stack.rows.some((row) => row.kind === 'frame' && row.function === 'os.Exit');
    return {
      ...this.base(event, event.instance, binding, stack, telling),
      kind: 'exit',
      title: `Exited with code ${event.code}`,
      message: `Exited with code ${event.code}`,
      ...explainExit(event.code, calledExit ? (telling?.row ?? null) : caller),
      raw: event.output,
      goroutine: moment?.goroutine('running') ?? null,
      exitCode: event.code,
    };
  }

  private ofError(event: ErrorSeen, ended: Map<number, { failure: Failure; at: number }>): Failure {
    const cause = this.causeOf(event, ended);
    if (!cause) {
      const chosen = this.chosen(event);
      const binding = chosen === null ? null : this.bindingOf(chosen);
      return this.once(event, binding, () => this.error(event, chosen, binding));
    }
    const binding = this.bindingOf(cause.instance);
    const failure = this.once(event, binding, () => this.error(event, cause.instance, binding));
    const { what, todo } = explainFollowUp(event.at - cause.at, cause.failure.id, event.message !== ALREADY_EXITED);
    return { ...failure, kind: 'follow-up', what, todo, causedBy: cause.failure.id, stateUndefined: false };
  }

  /** The end of the program that this error comes after, if it is one of the two errors that such an end leads to. */
  private causeOf(event: ErrorSeen, ended: Map<number, { failure: Failure; at: number }>) {
    const message = bare(event.message);
    if (message !== ALREADY_EXITED && !DROPPED_INSTANCE.test(message)) return null;
    const last = [...ended].filter(([, { at }]) => at <= event.at).at(-1);
    return last ? { instance: last[0], ...last[1] } : null;
  }

  /** The instance whose copied stack fits V8's frames; the only one there is; else none. */
  private chosen(event: ErrorSeen): number | null {
    const fitting = event.captures.filter(({ instance, capture }) => {
      const binding = this.bindingOf(instance);
      if (!binding || !('program' in binding)) return false;
      const items = readItems(binding.program, event.stack, this.belongs(instance));
      return errorStack(binding.program, items, new Moment(binding.program, capture)).complete;
    });
    if (fitting.length > 0) return fitting[0].instance;
    const named = [...this.instances].filter(([, { seen }]) => seen.url !== '' && event.stack.includes(seen.url));
    if (named.length === 1) return named[0][0];
    if (event.captures.length > 0) return event.captures[0].instance;
    return this.instances.size === 1 ? [...this.instances.keys()][0] : null;
  }

  /** V8 spells a module by its URL, or `wasm://wasm/…` when it came from bytes. */
  private belongs(number: number | null): (url: string) => boolean {
    const known = number === null ? '' : (this.instances.get(number)?.seen.url ?? '');
    return (url) =>
      known === '' || url === '' || url === known || url.startsWith('wasm://') || known.endsWith(`/${url}`);
  }

  private error(event: ErrorSeen, instance: number | null, binding: Binding | null): Failure {
    const program = binding && 'program' in binding ? binding.program : null;
    const items = readItems(program, event.stack, this.belongs(instance));
    const capture = event.captures.find((one) => one.instance === instance)?.capture ?? null;
    const moment = program && capture ? new Moment(program, capture) : null;
    const stack = program ? errorStack(program, items, moment) : engineStack(items, problemOf(binding));
    const telling = tellingRow(stack.rows, ownOf(binding));
    const isTrap = event.name === 'RuntimeError' || (event.name === 'RangeError' && OVERFLOW.test(event.message));
    const kind: FailureKind = isTrap ? 'trap' : 'js-error';
    return {
      ...this.base(event, instance, binding, stack, telling),
      kind,
      title: titleOf(event),
      message: event.stack.startsWith(titleOf(event)) || event.stack === '' ? titleOf(event) : event.message,
      ...explain(event, kind, stack, telling?.row ?? null),
      raw: event.stack || titleOf(event),
      goroutine: moment && stack.complete ? moment.goroutine('running') : null,
      exitCode: null,
      // Frames of Go were torn away without unwinding: what they held stays locked, half written, half done.
      stateUndefined: isTrap || items.some((item) => item.kind === 'wasm'),
    };
  }

  private base(
    event: ErrorSeen | ExitSeen,
    instance: number | null,
    binding: Binding | null,
    stack: Stack,
    telling: { index: number; row: FrameRow } | null,
  ) {
    const url = instance === null ? '' : (this.instances.get(instance)?.seen.url ?? '');
    return {
      id: `${this.realm}:${event.seq}`,
      realm: this.realm,
      instance,
      module: moduleName(url),
      at: event.at,
      lastAt: event.at,
      count: 1,
      where: telling && {
        function: telling.row.function,
        file: telling.row.file,
        line: telling.row.line,
        precision: telling.row.precision,
      },
      stack,
      selected: telling?.index ?? -1,
      stateUndefined: false,
      causedBy: null,
      followUps: [],
      problem: problemOf(binding),
    };
  }
}

function explain(event: ErrorSeen, kind: FailureKind, stack: Stack, where: FrameRow | null): Explanation {
  const frames = stack.rows.flatMap((row) => (row.kind === 'frame' ? [row] : row.kind === 'run' ? row.rows : []));
  if (kind === 'js-error') return frames.length > 0 ? explainJsError(frames[0].function) : { what: [], todo: [] };
  const repeats = Math.max(0, ...stack.rows.map((row) => (row.kind === 'run' ? row.times : 0)));
  return explainTrap(event.message, where, frames[0]?.function ?? '', repeats);
}

function noStack(binding: Binding | null): Stack {
  return { rows: [], complete: false, counts: { v8: 0, memory: 0, text: 0 }, note: problemOf(binding) };
}

function momentOf(binding: Binding | null, capture: Capture | null): Moment | null {
  return binding && 'program' in binding && capture ? new Moment(binding.program, capture) : null;
}

function problemOf(binding: Binding | null): string {
  return binding && 'why' in binding ? binding.why : '';
}

function ownOf(binding: Binding | null): (name: string) => boolean {
  return binding && 'program' in binding ? binding.own : (name) => packageOf(name) === 'main';
}

function count(failure: Failure, more: number, at: number): void {
  failure.count += more;
  failure.lastAt = Math.max(failure.lastAt, at);
}

/** V8 puts `Uncaught ` in front of the messages of error events. */
function bare(message: string): string {
  return message.replace(/^Uncaught (?:\(in promise\) )?/, '').replace(/^\w*Error: /, '');
}

function titleOf(event: ErrorSeen): string {
  const message = bare(event.message);
  return event.name ? `${event.name}: ${message}` : message;
}

function moduleName(url: string): string {
  if (url === '') return 'wasm from bytes';
  const path = url.replace(/[?#].*$/, '');
  return path.slice(path.lastIndexOf('/') + 1) || url;
}

/** Equal: same kind, same title where it is not a plain follow-up of another cause, same three innermost Go frames. */
function keyOf(failure: Failure): string {
  const frames = failure.stack.rows
    .flatMap((row) => (row.kind === 'frame' ? [row] : row.kind === 'run' ? row.rows : []))
    .slice(0, 3)
    .map((row) => `${row.function} ${row.file}:${row.line}`);
  return [failure.kind, failure.title, failure.causedBy ?? '', ...(failure.kind === 'follow-up' ? [] : frames)].join(
    '\n',
  );
}
