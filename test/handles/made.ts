/**
 * Handle tables made up by hand, as the page tells them; and those of the made-up program example.com/paint of test/bridge/made.ts, which leaks
 * four js.Funcs with each click. The same for the same numbers.
 */
import { HandleFlag, type HandlePreviews, type HandleTable, type HandleType, TYPES } from '../../src/protocol/handles';

export interface MadeHandle {
  id: number;
  type?: HandleType;
  class?: string;
  /** Told by `previewsOf` only. */
  text?: string;
  refs?: number;
  flags?: number;
  /** Of who watches: 0 or nothing for a handle that was made before. */
  birth?: number;
  time?: number;
  crossings?: number;
  /** Return PCs, innermost first. */
  stack?: number[];
  whole?: boolean;
  func?: number;
  /** PC_F of the function that it runs. */
  code?: number;
  handler?: number;
  turn?: number;
}

export interface MadeFunc {
  id: number;
  /** PC_F of the function it runs. */
  code: number;
  stack?: number[];
  time?: number;
  handler?: number;
  turn?: number;
}

export interface MadeTable {
  handles: MadeHandle[];
  /** null for not known. */
  funcs?: MadeFunc[] | null;
  /** js.Funcs that were made at stacks and released since. */
  released?: { stack: number[]; count: number }[];
  /** When the watch began; null: nobody watched. */
  since?: number | null;
  lost?: number;
  now?: number;
  numgc?: number;
  /** Slots behind the last handle; those between handles are free too. */
  spare?: number;
}

export const ORIGIN = Date.UTC(2026, 10, 20, 12, 47);

/** The predefined ones, as wasm_exec.js has them. */
export const FIXED: MadeHandle[] = [
  { id: 0, type: 'number', class: 'NaN', refs: -1 },
  { id: 1, type: 'number', class: '0', refs: -1 },
  { id: 2, type: 'object', class: 'null', refs: -1 },
  { id: 3, type: 'boolean', class: 'true', refs: -1 },
  { id: 4, type: 'boolean', class: 'false', refs: -1 },
  { id: 5, type: 'object', class: 'globalThis', refs: -1 },
  { id: 6, type: 'object', class: 'Go', refs: -1 },
];

/** @param made handles by rising id; @returns the table as it comes from a page */
export function tableOf(made: MadeTable): HandleTable {
  const { handles, funcs = [], released = [], since = 0, lost = 0, now = 100_000, numgc = 10, spare = 0 } = made;
  const slots = (handles.at(-1)?.id ?? -1) + 1 + spare;
  const classNames = [''];
  const numbered = (name: string) => {
    const known = classNames.indexOf(name);
    return known >= 0 ? known : classNames.push(name) - 1;
  };
  const stacks = new Map<string, number>();
  const words: number[] = [];
  const stackOf = (pcs: number[] | undefined, whole = true) => {
    if (!pcs) return 0;
    const key = `${whole} ${pcs}`;
    const known = stacks.get(key);
    if (known) return known;
    words.push(whole ? pcs.length : -pcs.length, ...pcs);
    stacks.set(key, stacks.size + 1);
    return stacks.size;
  };
  const ints = <T>(items: T[], read: (item: T) => number | undefined) =>
    Int32Array.from(items, (item) => read(item) ?? 0);
  const floats = <T>(items: T[], read: (item: T) => number | undefined) =>
    Float64Array.from(items, (item) => read(item) ?? 0);
  const watched = {
    ...{ births: floats(handles, ({ birth }) => birth), times: floats(handles, ({ time }) => time) },
    crossings: floats(handles, ({ crossings }) => crossings),
    stacks: ints(handles, ({ stack, whole }) => stackOf(stack, whole)),
    ...{ funcs: ints(handles, ({ func }) => func), handlers: ints(handles, ({ handler }) => handler) },
    codes: ints(handles, ({ code }) => code),
    turns: ints(handles, ({ turn }) => turn),
  };
  const ofFuncs = ints(funcs ?? [], ({ stack }) => stackOf(stack));
  const more = released.map(({ stack, count }) => [stackOf(stack), count]);
  const counts = new Int32Array(stacks.size + 1);
  for (const stack of ofFuncs) if (stack > 0) counts[stack]++;
  for (const [stack, count] of more) counts[stack] += count;
  return {
    ...{ now, origin: ORIGIN, slots, free: slots - handles.length, funcs: funcs?.length ?? -1, numgc },
    ids: ints(handles, ({ id }) => id),
    types: Uint8Array.from(handles, ({ type = 'object' }) => TYPES.indexOf(type)),
    refs: ints(handles, ({ refs = 1 }) => refs),
    classes: ints(handles, ({ class: name = '' }) => numbered(name)),
    classNames,
    flags: Uint8Array.from(handles, ({ flags = 0 }) => flags),
    watched: since === null ? null : { since, ...watched, stackWords: Int32Array.from(words), lost },
    registered: funcs && {
      ...{ ids: ints(funcs, ({ id }) => id), codes: ints(funcs, ({ code }) => code), stacks: ofFuncs },
      ...{ times: floats(funcs, ({ time }) => time), handlers: ints(funcs, ({ handler }) => handler) },
      ...{ turns: ints(funcs, ({ turn }) => turn), made: since === null ? new Int32Array(0) : counts },
    },
  };
}

/** @returns what the page says of handles with these ids; of one that is not there that it is gone */
export function previewsOf(handles: MadeHandle[], ids: number[]): HandlePreviews {
  const byId = new Map(handles.map((one) => [one.id, one]));
  const all = ids.map((id) => byId.get(id));
  return {
    now: 0,
    ids: Int32Array.from(ids),
    types: Uint8Array.from(all, (one) => TYPES.indexOf(one?.type ?? 'object')),
    classes: all.map((one) => one?.class ?? ''),
    texts: all.map((one) => one?.text ?? ''),
    flags: Uint8Array.from(all, (one) => one?.flags ?? 0),
    births: Float64Array.from(all, (one) => (one ? (one.birth ?? 0) : -1)),
  };
}

/** Numbers of functions in test/bridge/made.ts. */
enum F {
  Flush = 2,
  Thumbnail = 3,
  Paint = 1,
  Frame = 0,
  Listener2 = 6,
  Main = 7,
  RuntimeMain = 8,
  Get = 9,
  Rebuild = 11,
  Select = 12,
  OnClick = 13,
  Listener1 = 14,
  Listen = 15,
  OnPointerMove = 16,
  Icon = 17,
  Swatch = 18,
  Post = 19,
  FuncOf = 20,
  Tool = 21,
  OnMove = 22,
  OnDown = 23,
}

const codeOf = (number: F) => 0x1000 + number;
const stackOf = (...numbers: F[]) => numbers.map((number) => (codeOf(number) << 16) | 3);

/** Of a click on a tool, by number of the js.Func that Go is called by. */
const CLICK = 2;
const MOVE = 3;

/** A place that makes handles, and how many of it are there when the program has been used for a while. */
interface Maker {
  count: number;
  stack: number[];
  type: HandleType;
  class: string;
  text: (i: number) => string;
  flags?: (i: number) => number;
  refs?: (i: number) => number;
  /** Go's number of a js.Func, and the function it runs. */
  func?: (i: number) => { id: number; code: number };
  handler?: number;
  /** Handles that one call of it makes. */
  each?: number;
  /** Milliseconds since the last was made, and between two. */
  last: number;
  step: number;
  /** Of `count`, how many are left: the collector takes them. */
  left?: number;
}

const CLICKS = 79;
/** js.Funcs that each click leaks. */
const EACH = 4;
const CONNECTED = () => HandleFlag.Connected;

/** @param part how much of what comes and goes is there, of 1 */
function makers(clicks: number, part: number): Maker[] {
  const goes = (count: number) => ({ count, left: Math.round(count * part) });
  return [
    {
      ...{ count: 9, stack: stackOf(F.FuncOf, F.Listen, F.Main, F.RuntimeMain), type: 'function', class: 'Function' },
      text: () => '',
      flags: () => HandleFlag.Wrapper,
      func: (i) => ({ id: i + 1, code: codeOf([F.Listener2, F.OnClick, F.OnMove, F.OnDown][i % 4]) }),
      ...{ last: 2_160_000, step: 0.1 },
    },
    {
      ...{ count: 148, stack: stackOf(F.Get, F.Icon, F.Main, F.RuntimeMain), type: 'object', class: 'SVGElement' },
      ...{ text: (i) => `svg#icon-${i}.icon`, flags: CONNECTED, last: 2_158_000, step: 5 },
    },
    {
      ...{ count: 64, stack: stackOf(F.Get, F.Swatch, F.Main, F.RuntimeMain), type: 'object', class: 'HTMLDivElement' },
      ...{ text: (i) => `div.swatch${i % 8 === 0 ? '.selected' : ''}`, flags: CONNECTED, last: 2_157_000, step: 5 },
    },
    {
      ...{ count: 23, stack: stackOf(F.Get, F.Thumbnail, F.Frame, F.Main, F.RuntimeMain), type: 'object' },
      ...{ class: 'OffscreenCanvas', text: () => '', last: 1_200_000, step: 12_000 },
    },
    {
      ...{ ...goes(402), stack: stackOf(F.Get, F.OnPointerMove, F.Listener2), type: 'object', class: 'PointerEvent' },
      ...{ text: () => 'pointermove', handler: MOVE, each: 1, last: 300, step: 40 },
    },
    {
      ...{ ...goes(214), stack: stackOf(F.Get, F.Flush, F.Paint, F.Frame, F.Main, F.RuntimeMain), type: 'object' },
      ...{ class: 'ImageData', text: () => '512 × 128', refs: (i) => 2 - (i % 2), last: 200, step: 200 },
    },
    {
      ...{ ...goes(21), stack: stackOf(F.Get, F.Post, F.Thumbnail, F.Frame, F.Main, F.RuntimeMain), type: 'object' },
      ...{ class: 'Promise', text: () => '', last: 700, step: 1_000 },
    },
    {
      ...{ count: clicks * EACH, stack: stackOf(F.FuncOf, F.Rebuild, F.Select, F.OnClick, F.Listener1) },
      ...{ type: 'function', class: 'Function', text: () => '', flags: () => HandleFlag.Wrapper },
      func: (i) => ({ id: 56 + i, code: codeOf(F.Tool) }),
      ...{ handler: CLICK, each: EACH, last: 4_000, step: 600 },
    },
  ];
}

export interface PaintShape {
  /** Clicks on tools so far. */
  clicks?: number;
  /** How much of what waits for Go's collector is there, of 1. */
  part?: number;
  /** The page's clock. */
  now?: number;
  numgc?: number;
  /** Whether somebody watches who makes handles. */
  watched?: boolean;
  /** How many of the leaked js.Funcs have no handle any more. */
  unheld?: number;
}

/** What the program made before, of handles that are gone: what is made later has greater numbers. */
const BEFORE = 1000;

/** @returns the handles of paint, as `tableOf` takes them; without anything said: 1,204, of which 316 are leaked js.Funcs */
export function paintMade(shape: PaintShape = {}): MadeTable {
  const { clicks = CLICKS, part = 1, now = 2_170_000, numgc = 41, watched = true, unheld = 0 } = shape;
  const handles: MadeHandle[] = FIXED.slice();
  const funcs: MadeFunc[] = [];
  let first = FIXED.length;
  for (const maker of makers(clicks, part)) {
    const { stack, handler, each = 1, text, flags, refs, count, left = count } = maker;
    for (let i = 0; i < left; i++) {
      const time = Math.max(1, now - maker.last - (left - 1 - i) * maker.step);
      const turn = handler ? handler * 10_000 + Math.floor(i / each) : 0;
      const func = maker.func?.(i);
      const making = watched ? { stack, time, handler, turn } : {};
      if (func) funcs.push({ ...func, ...making });
      if (func && handler && i < unheld) continue;
      // What comes and goes is never the same in two snapshots; all else keeps its id.
      const birth = first + i + (maker.left === undefined ? 0 : BEFORE * numgc);
      handles.push({
        ...{ id: first + i, type: maker.type, class: maker.class, text: text(i), flags: flags?.(i), refs: refs?.(i) },
        ...(watched && { ...making, birth, crossings: refs?.(i) ?? 1, func: func?.id }),
      });
    }
    first += count;
  }
  return { handles, funcs, since: watched ? 0 : null, now, numgc, spare: 58 };
}

/** @returns what a page says of paint's handles */
export const paintHandles = (shape?: PaintShape): HandleTable => tableOf(paintMade(shape));

/** @returns what a page says of values of paint that it is asked about */
export const paintPreviews = (shape: PaintShape | undefined, ids: Iterable<number>): HandlePreviews =>
  previewsOf(paintMade(shape).handles, [...ids]);

/** Snapshots one after another, up to the one without a shape: clicks leak, and the collector takes the rest now and then. */
export const PAINT_HISTORY: PaintShape[] = [0.9, 0.7, 0.95, 0.6, 0.85, 0.75, 1].map((part, i) => ({
  ...{ clicks: CLICKS - (6 - i) * 9, part, now: 2_170_000 - (6 - i) * 30_000, numgc: 41 - (6 - i) * 4 },
}));
