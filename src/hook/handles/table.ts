/**
 * The table of values of a Go object (wasm_exec.js: `_values`, `_goRefCounts`, `_idPool`) as columns, copied in one turn. Interprets nothing
 * but what a value is. What the page has put into these lists may be anything; so none of it is read but as data, and what is no list is
 * refused.
 */

import { countFuncs, walkFuncs } from '../../go/funcs-map';
import type { Proof } from '../../protocol/binary';
import {
  type HandleCounts,
  type HandlePreviews,
  type HandleTable,
  type RegisteredFuncs,
  type TableOptions,
  TYPES,
} from '../../protocol/handles';
import { apply, dataProperty, exportsOf, getOwnPropertyDescriptor, Memory, min, pristine, U8 } from '../pristine';
import { F64, I32 } from '../record/pristine';
import { proves } from '../record/proof';
import type { Watch } from '../record/watch';
import { hasGetter } from './natives';
import { isProxy, preview, withoutStacks } from './preview';

enum Most {
  /** Rows; a table with more is cut, and says so by its slots. */
  Rows = 4194304,
  Classes = 65536,
  Funcs = 1048576,
}

/** Milliseconds of one turn that may go into classes; those of the rest are asked for later. */
const CLASS_BUDGET = 10;
/** Rows between two looks at the clock. */
const LOOK = 16;

/** One Go program as it is asked about. */
export interface Asked {
  goObject: object;
  /** null: nobody watches. */
  watch: Watch | null;
  clock: { performance: unknown; now: () => number; origin: number };
}

const [memoryOf] = pristine(Memory, 'buffer');
const numbers = { __proto__: null } as unknown as Record<string, number>;
for (let i = 0; i < TYPES.length; i++) numbers[TYPES[i]] = i;

/** Linear memory now. @throws when the program has none any more */
export function memoryBuffer(goObject: object): ArrayBuffer {
  const instance = dataProperty(goObject, '_inst');
  // While a program is recorded another object stands there, whose exports are data.
  const exports = dataProperty(instance, 'exports') ?? exportsOf(instance);
  return memoryOf(dataProperty(exports, 'mem')) as ArrayBuffer;
}

/** Go's stack pointer, out of any import call; 0 before Go 1.12, which has no such export. */
export function stackPointer(goObject: object): number {
  const instance = dataProperty(goObject, '_inst');
  const getsp = dataProperty(dataProperty(instance, 'exports') ?? exportsOf(instance), 'getsp');
  return typeof getsp === 'function' ? getsp() >>> 0 : 0;
}

const { isArray } = Array;

/** An array of the page's, and no proxy of one. @throws in one sentence for anything else */
function listOf(found: unknown): unknown[] {
  if (isArray(found) && !isProxy(found)) return found;
  throw 'The page has put something else in the place of the table of values.';
}

/** @throws in one sentence when the table is gone, or is none that can be read */
export function valuesOf(goObject: object): unknown[] {
  const values = dataProperty(goObject, '_values');
  if (!values) throw 'The program has exited: its table of values is gone.';
  return listOf(values);
}

interface Lists {
  values: unknown[];
  refs: unknown[];
  pool: unknown[];
}

/** @throws as `valuesOf` */
function listsOf(goObject: object): Lists {
  const values = valuesOf(goObject);
  const refs = dataProperty(goObject, '_goRefCounts');
  const pool = dataProperty(goObject, '_idPool');
  if (!refs || !pool)
    throw 'Which values Go holds is known from Go 1.14 on: before, wasm_exec.js did not count references.';
  return { values, refs: listOf(refs), pool: listOf(pool) };
}

/** @throws in one sentence where looking at the element would run code of the page */
export function elementAt(list: unknown[], index: number): unknown {
  if (hasGetter(list, index)) throw 'The page has put functions of its own into the table of values.';
  return list[index];
}

/** The memory as words, if it is that of the program the options speak of; null else, or when nothing of it is asked. */
function wordsFor(goObject: object, { funcs, numgc, proof }: TableOptions): Int32Array | null {
  if (!funcs && !numgc) return null;
  try {
    const words = new I32(memoryBuffer(goObject));
    return !proof || isProven(goObject, proof, words) ? words : null;
  } catch {
    return null;
  }
}

/** By Go object: the sum of the proof that it was last asked for, and whether that held. What is proven never changes. */
const proven = new WeakMap<object, [sum: number, holds: boolean]>();
const [get, set] = pristine(WeakMap, 'get', 'set');

function isProven(goObject: object, proof: Proof, words: Int32Array): boolean {
  let known = get(proven, goObject) as [number, boolean] | undefined;
  if (known?.[0] !== proof.sum) {
    known = [proof.sum, proves(proof, words)];
    set(proven, goObject, known);
  }
  return known[1];
}

/** Figures alone: cheap enough to be asked each second. */
export function counts({ goObject, clock }: Asked, options: TableOptions): HandleCounts {
  const { values, pool } = listsOf(goObject);
  const words = wordsFor(goObject, options);
  return {
    now: apply(clock.now, clock.performance, []),
    slots: values.length,
    free: min(pool.length, values.length),
    funcs: words && options.funcs ? countFuncs(words, options.funcs) : -1,
    numgc: words && options.numgc ? words[options.numgc >>> 2] >>> 0 : -1,
  };
}

/** What marks a slot as free. */
const FREE = 255;

/** @param budget milliseconds that may go into classes */
export function table(asked: Asked, options: TableOptions, budget = CLASS_BUDGET): HandleTable {
  const { goObject, watch, clock } = asked;
  const { values, refs, pool } = listsOf(goObject);
  const slots = min(values.length, Most.Rows);
  /** By id: what has a value is of a type, counted from 1. */
  const kinds = new U8(slots);
  for (let i = 0; i < pool.length && i < slots; i++) {
    const id = elementAt(pool, i) as number;
    if (isCount(id) && id < slots) kinds[id] = FREE;
  }
  let rows = 0;
  let free = 0;
  for (let id = 0; id < slots; id++) {
    if (kinds[id]) {
      kinds[id] = 0;
      free++;
      continue;
    }
    const type = numbers[typeof elementAt(values, id)];
    // A slot that is not there is no handle.
    if (type === 0 && !getOwnPropertyDescriptor(values, id)) continue;
    kinds[id] = type + 1;
    rows++;
  }

  const ids = new I32(rows);
  const types = new U8(rows);
  const counted = new I32(rows);
  for (let id = 0, row = 0; id < slots; id++) {
    if (!kinds[id]) continue;
    ids[row] = id;
    types[row] = kinds[id] - 1;
    const count = elementAt(refs, id);
    counted[row++] = isCount(count) ? count : -1;
  }
  const { classes, classNames, flags } = classesOf(values, ids, clock, budget);
  const now = counts(asked, options);
  const watched = watch ? watch.columns(ids) : null;
  // It has crossed as often as Go holds it now, and as often as Go has let go of it.
  for (let row = 0; watched && row < rows; row++) {
    if (watched.births[row] && counted[row] > 0) watched.crossings[row] += counted[row];
  }
  return {
    ...now,
    // The page's pool may name an id twice, and ids that are none.
    free: slots < values.length ? now.free : free,
    origin: clock.origin,
    ...{ ids, types, refs: counted, classes, classNames, flags, watched },
    registered: registered(goObject, watch, options),
  };
}

/** Whether it is a number that a column has room for. */
const isCount = (value: unknown): value is number => typeof value === 'number' && value === (value | 0) && value >= 0;

function classesOf(values: unknown[], ids: Int32Array, clock: Asked['clock'], budget: number) {
  const { length } = ids;
  const classes = new I32(length);
  const flags = new U8(length);
  const classNames: string[] = [''];
  const known = { __proto__: null } as unknown as Record<string, number>;
  const end = apply(clock.now, clock.performance, []) + budget;
  withoutStacks(() => {
    for (let row = 0; row < length; row++) {
      if (row % LOOK === LOOK - 1 && apply(clock.now, clock.performance, []) > end) break;
      const seen = preview(elementAt(values, ids[row]), ids[row], true);
      let number = known[seen.class];
      if (!number && classNames.length < Most.Classes) {
        number = known[seen.class] = classNames.length;
        classNames[number] = seen.class;
      }
      classes[row] = number || 0;
      flags[row] = seen.flags;
    }
  });
  return { classes, classNames, flags };
}

function registered(goObject: object, watch: Watch | null, options: TableOptions): RegisteredFuncs | null {
  const words = wordsFor(goObject, options);
  if (!words || !options.funcs) return null;
  const count = countFuncs(words, options.funcs);
  if (count < 0 || count > Most.Funcs) return null;
  const ids = new I32(count);
  const codes = new I32(count);
  let found = 0;
  const made = walkFuncs(words, options.funcs, (id, _closure, pcF) => {
    if (found === count) return;
    ids[found] = id;
    codes[found++] = pcF;
  });
  if (!made || found !== count) return null;
  const none = () => new I32(count);
  const making = watch
    ? watch.funcs(ids)
    : { stacks: none(), handlers: none(), turns: none(), times: new F64(count), made: new I32(0) };
  return { ids, codes, ...making };
}

/** What values with these ids are, now. */
export function previews({ goObject, watch, clock }: Asked, ids: Int32Array<ArrayBuffer>): HandlePreviews {
  const values = valuesOf(goObject);
  const { length } = ids;
  const out: HandlePreviews = {
    ...{ now: apply(clock.now, clock.performance, []), ids, types: new U8(length), classes: [], texts: [] },
    ...{ flags: new U8(length), births: new F64(length) },
  };
  withoutStacks(() => {
    for (let i = 0; i < length; i++) {
      const id = ids[i];
      const value = elementAt(values, id);
      const seen = preview(value, id, false);
      out.types[i] = numbers[typeof value];
      out.classes[i] = seen.class;
      out.texts[i] = seen.text;
      out.flags[i] = seen.flags;
      // wasm_exec.js puts null into a slot that is free, and null itself has an id of its own.
      const gone = id >= values.length || (value === null && id !== 2);
      out.births[i] = gone ? -1 : watch ? watch.birth(id) : 0;
    }
  });
  return out;
}
