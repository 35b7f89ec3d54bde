/**
 * Who makes which handle of a Go program: for each id of wasm_exec.js's table the stack that its value first crossed to Go from. No call is
 * waited for: `storeValue` gives one new id at most in each import call, out of `_idPool` or at the end of `_values`, and `finalizeRef`
 * puts one back (lib/wasm/wasm_exec.js, Go 1.12 to 1.27). So it is enough to look, before each call and whenever Go is entered or left,
 * which of the two lists has changed since the call before.
 *
 * That holds where all entries into Go are told: else, when Go calls JavaScript, which calls Go, what crosses last is not what stores the
 * next value.
 *
 * Before a panel has said how large frames are, all words of a stack that may be PCs are kept, and walked later.
 */
import type { RegisteredFuncs, WatchedColumns, WatchOptions } from '../../protocol/handles';
import { apply, bufferOf, dataProperty, exec, lengthOf, U8, utf8 } from '../pristine';
import { createFunctions, WRAPPER } from './functions';
import { F64, I32 } from './pristine';
import { createRawStacks } from './raw-stacks';
import { argumentsOf, createSites, Site } from './sites';
import { createStacks } from './stacks';

enum Most {
  /** Ids that are told apart; handles with greater ones are not watched. */
  Ids = 1048576,
  /** js.Funcs whose making is remembered, as many as there are slots. */
  Funcs = 65536,
  /** Entries into Go within each other. */
  Depth = 128,
  /** Handles made for each look at the clock. */
  PerLook = 16,
}

enum Kind {
  /** Makes no handle. */
  Other,
  Makes,
  /** A method's name stands at SP + 16. */
  Calls,
  /** Lets go of a ref. */
  Drops,
}

const kindOf = (name: string) =>
  exec(/valueCall$/, name)
    ? Kind.Calls
    : exec(/value(?:Get|New|Invoke|Index|PrepareString)$|stringVal$/, name)
      ? Kind.Makes
      : exec(/finalizeRef$/, name)
        ? Kind.Drops
        : Kind.Other;

export interface Watch {
  /** An import is about to be called. */
  before(sp: number, index: number): void;
  /** Go is entered. @param id of the js.Func that is called, if one is */
  enter(id: unknown): void;
  leave(): void;
  /** Goes on with what is known by now. */
  use(options: WatchOptions): void;
  /** What is known of the handles with these ids. Of the times that each has crossed only those that Go has let go of again. */
  columns(ids: Int32Array): WatchedColumns;
  /** What is known of the making of js.Funcs with these numbers. */
  funcs(ids: Int32Array): Omit<RegisteredFuncs, 'ids' | 'codes'>;
  /** Number of the handle that has an id now; 0 for one that was made before. */
  birth(id: number): number;
}

/** What is watched. */
export interface WatchedProgram {
  /** Of its imports, by their index in the gate. */
  names: string[];
  /** Its linear memory as it is now. Throws when it has none any more. */
  memory(): ArrayBuffer;
  goObject(): object | undefined;
  clock: { performance: unknown; now: () => number };
}

const NONE: never[] = [];
const NO_WORDS = new I32(0);
const NO_BYTES = new U8(0);
/** Their lengths are all that is read of the page's lists, and the last id of the pool. */
type List = ArrayLike<unknown>;

/** Numbers of a handle. */
enum When {
  Birth,
  Time,
  Count,
}

/** Words of one. */
enum Maker {
  Drops,
  Stack,
  Func,
  Code,
  Handler,
  Turn,
  Count,
}

export function createWatch({ names, memory, goObject, clock }: WatchedProgram): Watch {
  const { length } = names;
  const kinds = new U8(length);
  for (let i = 0; i < length; i++) kinds[i] = kindOf(names[i]);
  const stacks = createStacks();
  const sites = createSites();
  const { table } = sites;
  const raw = createRawStacks();
  const functions = createFunctions();
  /** By id: for so many is room. */
  let room = 0;
  let whens = new F64(0);
  let makers = new I32(0);
  /** How many js.Funcs were made at each stack; at those that are not walked yet. */
  let made = new I32(1024);
  /** By slot: number of a js.Func, its stack, the js.Func that ran, the entry into Go; and when. */
  const FUNC = 4;
  const makings = new I32(Most.Funcs * FUNC);
  const madeAt = new F64(Most.Funcs);
  const number = new F64(1);
  const halves = new I32(bufferOf(number));
  /** What was taken of the stacks so far. */
  let told: Int32Array<ArrayBuffer> = new I32(0);
  let walks = false;

  let words: Int32Array = NO_WORDS;
  let bytes: Uint8Array<ArrayBuffer> = NO_BYTES;
  /** The page's lists, while Go runs. */
  let values: List | null = null;
  let pool: List | null = null;
  let slots = 0;
  let free = 0;
  /** The last id of the pool. */
  let last = -1;
  let begun = false;
  let births = 0;
  let lost = 0;
  const time = new F64(1);
  let untimed = 0;

  /** What a handle that is made now is made by. */
  let stack = 0;
  let func = 0;
  let turn = 0;
  let outermost = 0;
  let handler = 0;
  let depth = 0;
  /** By depth: what was called when Go was entered, and what ran then. */
  const FRAME = 4;
  const held = new I32(Most.Depth * FRAME);

  const look = () => {
    const buffer = memory();
    words = new I32(buffer);
    bytes = new U8(buffer);
  };
  const read = () => {
    time[0] = apply(clock.now, clock.performance, NONE);
    untimed = 0;
  };
  const note = () => {
    slots = (values as List).length;
    free = (pool as List).length;
    last = free ? ((pool as List)[free - 1] as number) : -1;
  };
  /** @returns whether the page's lists are at hand */
  const take = (): boolean => {
    if (values) return true;
    const object = goObject();
    const itsValues = dataProperty(object, '_values') as List | undefined;
    const itsPool = dataProperty(object, '_idPool') as List | undefined;
    if (!itsValues || !itsPool) return false;
    values = itsValues;
    pool = itsPool;
    if (!begun) note();
    begun = true;
    return true;
  };
  const filled = <T extends Int32Array | Float64Array>(to: T, from: T): T => {
    for (let i = 0; i < lengthOf(from); i++) to[i] = from[i];
    return to;
  };
  /** @returns whether there is room for an id */
  const reach = (id: number): boolean => {
    // As an index: whatever the page has put into its pool.
    if (id !== id >>> 0 || id >= Most.Ids) return false;
    if (id < room) return true;
    room ||= 1024;
    while (room <= id) room *= 2;
    whens = filled(new F64(room * When.Count), whens);
    makers = filled(new I32(room * Maker.Count), makers);
    return true;
  };
  const born = (id: number) => {
    births++;
    if (!reach(id)) {
      lost++;
      return;
    }
    if (++untimed >= Most.PerLook) read();
    whens[id * When.Count] = births;
    whens[id * When.Count + When.Time] = time[0];
    const maker = id * Maker.Count;
    makers[maker] = 0;
    makers[maker + Maker.Stack] = stack;
    makers[maker + Maker.Func] = func;
    makers[maker + Maker.Code] = functions.of(func);
    makers[maker + Maker.Handler] = handler;
    makers[maker + Maker.Turn] = outermost;
    if (!stack) lost++;
  };
  const birth = (id: number) => whens[id * When.Count] || 0;
  const died = (id: number) => {
    if (birth(id)) whens[id * When.Count] = 0;
  };
  /** What has changed since the call before was made by it. */
  const settle = () => {
    const nowSlots = (values as List).length;
    const nowFree = (pool as List).length;
    if (nowSlots === slots && nowFree === free) return;
    if (nowFree === free - 1 && nowSlots === slots) born(last);
    else if (nowSlots === slots + 1 && nowFree === free) born(slots);
    else if (nowFree === free + 1 && nowSlots === slots) died((pool as List)[free] as number);
    else unseen(nowSlots, nowFree);
    note();
  };
  /** Somebody else has changed the lists: those handles have no maker. */
  const unseen = (nowSlots: number, nowFree: number) => {
    stack = func = 0;
    for (let id = slots; id < nowSlots && id < Most.Ids; id++) born(id);
    for (let i = free; i < nowFree && i < Most.Ids; i++) died((pool as List)[i] as number);
    // Which ids were taken out of the pool is not known; their columns say that nobody has made them.
    if (nowFree < free) lost += free - nowFree;
  };
  const isWrapper = (at: number): boolean => {
    const pointer = words[at + 4] >>> 0;
    if (words[at + 6] !== WRAPPER.length || pointer + WRAPPER.length > lengthOf(bytes)) return false;
    return utf8(new U8(bufferOf(bytes), pointer, WRAPPER.length)) === WRAPPER;
  };
  const visit = (sp: number, at: number, index: number): number => {
    let site: number;
    if (walks) {
      const found = stacks.at(words, sp);
      site = sites.enter(words, at, index, stacks.places, stacks.pcs, stacks.settled());
      table[site + Site.Stack] = found;
    } else {
      const found = raw.at(words, at);
      site = sites.enter(words, at, index, raw.places, raw.pcs, raw.depth());
      table[site + Site.Stack] = -found;
    }
    table[site + Site.Wraps] = kinds[index] === Kind.Calls && isWrapper(at) ? 1 : 0;
    return site;
  };
  /** A js.Func is about to be made: its number is the only argument. */
  const making = (at: number, site: number) => {
    // What js.FuncOf was given.
    const given = walks ? argumentsOf(table, site, stacks.inBridge) : 0;
    if (given) functions.made(words, at, given, stacks.isFunction);
    const list = words[at + 8] >>> 2;
    halves[0] = words[list];
    halves[1] = words[list + 1];
    const id = number[0];
    if (!(id > 0 && id < 2 ** 31) || id !== (id | 0)) return;
    func = id;
    const slot = id % Most.Funcs;
    makings[slot * FUNC] = id;
    makings[slot * FUNC + 1] = stack;
    makings[slot * FUNC + 2] = handler;
    makings[slot * FUNC + 3] = outermost;
    read();
    madeAt[slot] = time[0];
    if (stack > 0) count(stack, 1);
    else if (stack < 0) raw.made(-stack);
  };
  const count = (at: number, more: number) => {
    if (at >= lengthOf(made)) made = filled(new I32(at * 2), made);
    made[at] += more;
  };
  const walked = (at: number) => (at < 0 ? raw.walked(-at) : at);
  const walkAll = (list: Int32Array, from: number, step: number) => {
    for (let i = from; i < lengthOf(list); i += step) list[i] = walked(list[i]);
  };
  const whole = (from: number) => (from > 0 ? from : 0);

  read();
  const since = time[0];
  const before = (sp: number, index: number) => {
    stack = func = 0;
    const kind = kinds[index];
    if (kind === Kind.Other) return;
    const at = sp >>> 2;
    // Memory that has grown leaves an empty array behind.
    if (words[at] === undefined) look();
    if (kind === Kind.Drops) {
      const id = words[at + 2];
      if (birth(id)) makers[id * Maker.Count]++;
      return;
    }
    let site = sites.of(words, at);
    if (!sites.holds(site, words, at, index)) site = visit(sp, at, index);
    stack = table[site + Site.Stack];
    if (table[site + Site.Wraps]) making(at, site);
  };
  /** Nothing of the page is held while no Go runs. */
  const release = () => {
    if (depth) return;
    values = pool = null;
    words = NO_WORDS;
    bytes = NO_BYTES;
  };
  return {
    before(sp, index) {
      if (!take()) return;
      // Nobody said that Go is entered.
      if (!depth) read();
      settle();
      before(sp, index);
      release();
    },
    enter(id) {
      if (depth < Most.Depth) {
        const frame = depth * FRAME;
        held[frame] = stack;
        held[frame + 1] = func;
        held[frame + 2] = handler;
        held[frame + 3] = outermost;
      }
      depth++;
      turn++;
      // The outermost js.Func is what the user did; without one it is whatever let Go run.
      if (!handler) outermost = turn;
      if (!handler && typeof id === 'number') handler = id | 0;
      try {
        if (depth === 1) read();
        if (take()) settle();
      } catch {
        // It must be left all the same.
      }
    },
    leave() {
      if (!depth) return;
      let settled = false;
      try {
        if (take()) settle();
        settled = true;
      } finally {
        stack = func = 0;
        if (--depth < Most.Depth) {
          const frame = depth * FRAME;
          stack = settled ? held[frame] : 0;
          func = held[frame + 1];
          handler = held[frame + 2];
          outermost = held[frame + 3];
        }
        release();
      }
    },
    use({ frames }) {
      if (!frames) return;
      stacks.use(frames);
      sites.clear();
      if (walks) return;
      walks = true;
      raw.walk(stacks, count);
      walkAll(makers, Maker.Stack, Maker.Count);
      walkAll(makings, 1, FUNC);
      walkAll(held, 0, FRAME);
      stack = walked(stack);
    },
    columns(ids) {
      if (take()) settle();
      release();
      const size = lengthOf(ids);
      const out: WatchedColumns = {
        ...{ since, births: new F64(size), times: new F64(size), crossings: new F64(size) },
        ...{ stacks: new I32(size), funcs: new I32(size), codes: new I32(size), handlers: new I32(size) },
        turns: new I32(size),
        ...{ stackWords: allStacks(), lost },
      };
      for (let i = 0; i < size; i++) {
        const id = ids[i];
        out.births[i] = birth(id);
        if (!out.births[i]) continue;
        const maker = id * Maker.Count;
        out.times[i] = whens[id * When.Count + When.Time];
        out.crossings[i] = makers[maker];
        out.stacks[i] = whole(makers[maker + Maker.Stack]);
        out.funcs[i] = makers[maker + Maker.Func];
        out.codes[i] = makers[maker + Maker.Code];
        out.handlers[i] = makers[maker + Maker.Handler];
        out.turns[i] = makers[maker + Maker.Turn];
      }
      return out;
    },
    funcs(ids) {
      const size = lengthOf(ids);
      const out = {
        ...{ stacks: new I32(size), times: new F64(size), handlers: new I32(size), turns: new I32(size) },
        made: filled(new I32(lengthOf(made)), made),
      };
      for (let i = 0; i < size; i++) {
        const slot = ids[i] % Most.Funcs;
        if (makings[slot * FUNC] !== ids[i]) continue;
        out.stacks[i] = whole(makings[slot * FUNC + 1]);
        out.handlers[i] = makings[slot * FUNC + 2];
        out.turns[i] = makings[slot * FUNC + 3];
        out.times[i] = madeAt[slot];
      }
      return out;
    },
    birth,
  };

  function allStacks(): Int32Array<ArrayBuffer> {
    const fresh = stacks.take();
    const before = lengthOf(told);
    if (lengthOf(fresh) > 0) {
      told = filled(new I32(before + lengthOf(fresh)), told);
      for (let i = 0; i < lengthOf(fresh); i++) told[before + i] = fresh[i];
    }
    return filled(new I32(lengthOf(told)), told);
  }
}
