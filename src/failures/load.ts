/**
 * One load of one frame: its hook events in order, and the failures they add up to. Ties consequences to their first
 * cause and merges equal failures. Told anew whenever an event comes or a binary is bound; what one event says, which is the
 * costly part, is remembered until its binary changes.
 */
import type { ErrorSeen, ExitSeen, HookEvent, ModuleSeen } from '../protocol/messages';
import { explainFollowUp } from './explain';
import type { Failure } from './failure';
import { framesOf } from './rows';
import { type Binding, bareMessage, fits, type Teller, tellError, tellExit } from './tell';

export interface Instance {
  seen: ModuleSeen;
  state: 'running' | 'trapped' | 'exited' | 'gone';
  exitCode: number | null;
}

/** How a program ended. */
interface End {
  failure: Failure;
  at: number;
}

/** lib/wasm/wasm_exec.js `_resume`, all releases. */
const ALREADY_EXITED = 'Go program has already exited';
/**
 * wasm_exec.js goes on after a callback ended the program and dropped its tables: it reads `this._inst.exports`, up to Go 1.16
 * first `this._ids.get`. V8, Firefox, Safari.
 */
const DROPPED_INSTANCE =
  /^Cannot read propert(?:y 'exports' of undefined|ies of undefined \(reading '(?:exports|get)'\))$|^can't access property "exports"|^undefined is not an object \(evaluating '.*\.exports'\)$/;

export class Load {
  readonly instances = new Map<number, Instance>();
  private readonly events: HookEvent[] = [];
  private readonly told = new Map<number, { by: Binding | null; failure: Failure }>();
  private readonly choices = new Map<number, { by: (Binding | null)[]; instance: number | null }>();

  constructor(
    readonly realm: string,
    private readonly bindingOf: (instance: number) => Binding | null,
  ) {}

  add(event: HookEvent): void {
    this.events.push(event);
    if (event.type === 'module') this.instances.set(event.instance, { seen: event, state: 'running', exitCode: null });
  }

  /** The frame is gone, and its programs with it. */
  leave(): void {
    for (const instance of this.instances.values()) if (instance.state !== 'exited') instance.state = 'gone';
  }

  /** The frame came back out of the back/forward cache, with its programs as they were. */
  comeBack(): void {
    for (const instance of this.instances.values()) if (instance.state === 'gone') instance.state = 'running';
  }

  /** All failures so far, in order, merged and tied. Sets the states of the instances on the way. */
  failures(): Failure[] {
    const all = new Map<string, Failure>();
    const bySeq = new Map<number, Failure>();
    const byKey = new Map<string, Failure>();
    const ends = new Map<number, End>();
    for (const event of this.events) {
      if (event.type === 'module') continue;
      if (event.type === 'again') {
        const failure = bySeq.get(event.of);
        if (failure) count(failure, event.count, event.at);
        continue;
      }
      const failure = event.type === 'exit' ? this.ofExit(event) : this.ofError(event, ends);
      const key = keyOf(failure);
      const equal = byKey.get(key);
      if (equal) count(equal, 1, event.at);
      else {
        byKey.set(key, failure);
        all.set(failure.id, failure);
        if (failure.causedBy) all.get(failure.causedBy)?.followUps.push(failure.id);
      }
      const kept = equal ?? failure;
      bySeq.set(event.seq, kept);
      if (event.type === 'exit') {
        ends.set(event.instance, { failure: kept, at: event.at });
        this.set(event.instance, 'exited', event.code);
      } else if (failure.stateUndefined && failure.instance !== null) this.set(failure.instance, 'trapped', null);
    }
    return [...all.values()];
  }

  private set(number: number, state: 'exited' | 'trapped', code: number | null): void {
    const instance = this.instances.get(number);
    if (!instance || instance.state === 'gone' || instance.state === 'exited') return;
    instance.state = state;
    instance.exitCode = code;
  }

  private teller(instance: number | null): Teller {
    const url = instance === null ? '' : (this.instances.get(instance)?.seen.url ?? '');
    return { realm: this.realm, instance, url, binding: instance === null ? null : this.bindingOf(instance) };
  }

  /** Tells an event, or remembers it; a fresh copy each time, because counts and ties are written into it. */
  private once(event: HookEvent, by: Binding | null, tell: () => Failure): Failure {
    let known = this.told.get(event.seq);
    if (!known || known.by !== by) {
      known = { by, failure: tell() };
      this.told.set(event.seq, known);
    }
    return { ...known.failure, followUps: [] };
  }

  private ofExit(event: ExitSeen): Failure {
    const teller = this.teller(event.instance);
    return this.once(event, teller.binding, () => tellExit(event, teller));
  }

  private ofError(event: ErrorSeen, ends: Map<number, End>): Failure {
    const end = this.endBefore(event, ends);
    const instance = end ? end.instance : this.choice(event);
    const teller = this.teller(instance);
    const failure = this.once(event, teller.binding, () => tellError(event, teller, this.belongs(instance)));
    if (!end) return failure;
    const misleading = bareMessage(event.message) !== ALREADY_EXITED;
    const words = explainFollowUp(event.at - end.at, end.failure.id, misleading);
    return { ...failure, ...words, kind: 'follow-up', causedBy: end.failure.id, stateUndefined: false };
  }

  /** The last end of a program before this error, if it is one of the two errors that such an end leads to. */
  private endBefore(event: ErrorSeen, ends: Map<number, End>): (End & { instance: number }) | null {
    const message = bareMessage(event.message);
    if (message !== ALREADY_EXITED && !DROPPED_INSTANCE.test(message)) return null;
    const last = [...ends].at(-1);
    return last ? { instance: last[0], ...last[1] } : null;
  }

  /** The instance an error belongs to: found once for the binaries that are bound, because stacks may be long. */
  private choice(event: ErrorSeen): number | null {
    const by = event.captures.map(({ instance }) => this.bindingOf(instance));
    const known = this.choices.get(event.seq);
    if (known && by.length > 0 && by.every((binding, i) => binding === known.by[i])) return known.instance;
    const instance = this.chosen(event);
    this.choices.set(event.seq, { by, instance });
    return instance;
  }

  /** The instance whose copied stack fits the engine's frames; else the only one that the text can mean; else the first copied. */
  private chosen(event: ErrorSeen): number | null {
    if (event.captures.length === 1) return event.captures[0].instance;
    for (const { instance, capture } of event.captures) {
      const { binding } = this.teller(instance);
      if (binding && 'program' in binding && fits(event, binding.program, capture, this.belongs(instance)))
        return instance;
    }
    const named = [...this.instances].filter(([, { seen }]) => seen.url !== '' && event.stack.includes(seen.url));
    if (named.length === 1) return named[0][0];
    return event.captures[0]?.instance ?? (this.instances.size === 1 ? [...this.instances.keys()][0] : null);
  }

  /** V8 spells a module by its URL, or `wasm://wasm/…` when it came from bytes. */
  private belongs(instance: number | null): (url: string) => boolean {
    const own = this.teller(instance).url;
    return (url) => own === '' || url === '' || url === own || url.startsWith('wasm://') || own.endsWith(`/${url}`);
  }
}

function count(failure: Failure, more: number, at: number): void {
  failure.count += more;
  failure.lastAt = Math.max(failure.lastAt, at);
}

/** Equal: same kind, title, module and three innermost Go frames; follow-ups: same kind, title, module and cause. */
function keyOf(failure: Failure): string {
  const frames = framesOf(failure.stack.rows).slice(0, 3);
  const places = frames.map((row) => `${row.function} ${row.file}:${row.line}`);
  const { kind, title, module, causedBy } = failure;
  return [kind, title, module, causedBy ?? '', ...(causedBy ? [] : places)].join('\n');
}
