/**
 * A made-up page whose program, example.com/paint, holds values of JavaScript: what its recorder and its handle table would say. Values come
 * and go as in wasm_exec.js: ids that were given back are used again, the last one first.
 */
import {
  type AnswerTo,
  type DumpParts,
  HandleFlag,
  type HandlePreviews,
  type HandlesQuestion,
  type HandleTable,
  type HandleType,
  PAGE,
  TYPES,
} from '../../../src/protocol/handles';
import type { Frame } from '../../../src/symbols/frame';

const P = 'example.com/paint';
const GO = '/usr/local/go/src';

/** Functions by number; a PC is `(0x1000 + number) << 16 | block`. */
const FRAMES: [name: string, file: string, line: number][] = [
  ['syscall/js.FuncOf', `${GO}/syscall/js/func.go`, 66],
  ['syscall/js.Value.Get', `${GO}/syscall/js/js.go`, 296],
  ['syscall/js.Value.Call', `${GO}/syscall/js/js.go`, 389],
  [`${P}/ui.(*Toolbar).rebuild`, `${P}/ui/toolbar.go`, 88],
  [`${P}/ui.(*Toolbar).Select`, `${P}/ui/toolbar.go`, 61],
  ['main.(*App).onClick', `${P}/app.go`, 143],
  ['main.(*App).listen.func1', `${P}/app.go`, 91],
  [`${P}/canvas.(*Layer).flush`, `${P}/canvas/layer.go`, 231],
  ['main.(*App).frame', `${P}/app.go`, 160],
  ['main.(*App).listen', `${P}/app.go`, 96],
  ['main.main', `${P}/main.go`, 31],
  [`${P}/history.(*Log).thumbnail`, `${P}/history/log.go`, 118],
  [`${P}/ui.Icon`, `${P}/ui/icon.go`, 33],
  ['main.(*App).onPointerMove', `${P}/app.go`, 112],
  [`${P}/ui.(*Palette).swatch`, `${P}/ui/palette.go`, 51],
  [`${P}/codec.(*Worker).post`, `${P}/codec/worker.go`, 40],
  [`${P}/ui.(*Status).show`, `${P}/ui/status.go`, 27],
  [`${P}/ui.(*Toolbar).rebuild.func1`, `${P}/ui/toolbar.go`, 89],
  ['main.(*App).onMove', `${P}/app.go`, 104],
  ['main.(*App).onDown', `${P}/app.go`, 98],
  [`main.Map[${'example.com/very/long/path.Type,'.repeat(9)}int].<b>Get</b>`, 'javascript:alert(1)/main.go', 7],
];
const [OF, GET, CALL, REBUILD, SELECT, CLICK, CLICKED, FLUSH, FRAME, LISTEN, MAIN, THUMBNAIL] = FRAMES.keys();
const [ICON, MOVED, SWATCH, POST, STATUS, RUN_TOOL, ON_MOVE, ON_DOWN, LONG] = [...FRAMES.keys()].slice(12);

/** Stands for a program, as far as handles ask one. */
export const paintProgram = {
  module: { sections: [], bytes: new Uint8Array(8) },
  go: { version: 'go1.26.5', collectorState: () => ({ ok: false, why: 'it is made up' }) },
  framesOfReturn(pc: number): Frame[] | null {
    const found = FRAMES[(pc >>> 16) - 0x1000];
    return found ? [{ function: found[0], file: found[1], line: found[2], inlined: false }] : null;
  },
  pcFNamed: () => null,
};

/** Stacks by number from 1, innermost first. */
const STACKS: number[][] = [
  [],
  [OF, REBUILD, SELECT, CLICK, CLICKED],
  [CALL, FLUSH, FRAME, MAIN],
  [OF, LISTEN, MAIN],
  [CALL, THUMBNAIL, CLICK, CLICKED],
  [CALL, ICON, REBUILD, SELECT, CLICK, CLICKED],
  [GET, MOVED, CLICKED],
  [CALL, SWATCH, MAIN],
  [CALL, POST, FRAME, MAIN],
  [CALL, STATUS, FRAME, MAIN],
  [CALL, LONG, MAIN],
];

export type Kind =
  | 'tool'
  | 'image'
  | 'listener'
  | 'canvas'
  | 'icon'
  | 'event'
  | 'swatch'
  | 'promise'
  | 'status'
  | 'hostile';

interface Spec {
  type: HandleType;
  class: string;
  text(number: number): string;
  stack: number;
  /** The function that a js.Func runs. */
  runs?: number[];
  node?: boolean;
}

const SPECS: Record<Kind, Spec> = {
  tool: { type: 'function', class: 'Function', text: () => '', stack: 1, runs: [RUN_TOOL] },
  image: { type: 'object', class: 'ImageData', text: () => '512 × 128', stack: 2 },
  listener: { type: 'function', class: 'Function', text: () => '', stack: 3, runs: [ON_DOWN, ON_MOVE, CLICK] },
  canvas: { type: 'object', class: 'OffscreenCanvas', text: () => '96 × 64', stack: 4 },
  icon: { type: 'object', class: 'SVGElement', text: (i) => `svg.icon-${i % 24}`, stack: 5, node: true },
  event: { type: 'object', class: 'PointerEvent', text: () => 'pointermove', stack: 6 },
  swatch: { type: 'object', class: 'HTMLDivElement', text: (i) => `div#swatch-${i}.swatch`, stack: 7, node: true },
  promise: { type: 'object', class: 'Promise', text: () => '', stack: 8 },
  hostile: {
    type: 'object',
    class: 'Object<img src=x onerror=alert(1)>',
    text: (i) =>
      ['\u202Eright to left', 'two\nlines', `long ${'word '.repeat(60)}`, '<b>bold</b>', 'x'.repeat(400)][i % 5],
    stack: 10,
  },
  status: { type: 'string', class: 'String', text: (i) => `Layer ${i}: 512 × 128, "multiply"`, stack: 9 },
};

interface Value {
  id: number;
  kind: Kind;
  /** Counted within its kind. */
  number: number;
  birth: number;
  time: number;
  func: number;
  handler: number;
  turn: number;
  crossings: number;
  refs: number;
  detached: boolean;
}

interface Registered {
  id: number;
  code: number;
  value: Value;
}

const FIXED: HandleType[] = ['number', 'number', 'object', 'boolean', 'boolean', 'object', 'object'];
const FIXED_CLASSES = ['NaN', '0', 'null', 'true', 'false', 'globalThis', 'Go'];

export class PaintPage {
  /** As `performance.now()`. */
  now = 1000;
  /** Of the made-up page, to tell ages. */
  origin: number;
  cycles = 0;
  private readonly values = new Map<number, Value>();
  private pool: number[] = [];
  private slots = FIXED.length;
  private births = 0;
  private funcs = 0;
  private turns = 0;
  private readonly numbers = new Map<Kind, number>();
  private readonly registered: Registered[] = [];
  private readonly made = new Int32Array(STACKS.length);
  exited = false;
  /** What was asked, for tests. */
  readonly asked: string[] = [];

  /** @param watched whether is known where values were made; @param until what time it is when all below has been done */
  constructor(
    readonly watched: boolean,
    until: number,
  ) {
    this.origin = until;
  }

  /** One entry into Go, in which so many values are made. @param handler number of the js.Func that runs */
  make(kind: Kind, count: number, handler = 0): void {
    this.turns++;
    for (let i = 0; i < count; i++) {
      const id = this.pool.pop() ?? this.slots++;
      const number = (this.numbers.get(kind) ?? 0) + 1;
      this.numbers.set(kind, number);
      const { runs, stack } = SPECS[kind];
      const value: Value = {
        ...{ id, kind, number, birth: ++this.births, time: this.now, func: runs ? ++this.funcs : 0, handler },
        ...{ turn: this.turns, crossings: 1 + (number % 3), refs: 1 + (number % 2), detached: false },
      };
      this.values.set(id, value);
      if (!runs) continue;
      this.registered.push({ id: value.func, code: 0x1000 + runs[number % runs.length], value });
      this.made[stack]++;
    }
  }

  /** The oldest of a kind go, as after a collection. @param release they are js.Funcs that were released */
  drop(kind: Kind, count: number, release = false): void {
    const gone = [...this.values.values()].filter((value) => value.kind === kind).slice(0, count);
    for (const { id, func } of gone) {
      this.values.delete(id);
      this.pool.push(id);
      const at = release ? this.registered.findIndex((one) => one.id === func) : -1;
      if (at >= 0) this.registered.splice(at, 1);
    }
  }

  detach(kind: Kind, count: number): void {
    for (const value of [...this.values.values()].filter((one) => one.kind === kind).slice(0, count)) {
      value.detached = true;
    }
  }

  /** How many of a kind there are. */
  count(kind: Kind): number {
    return [...this.values.values()].filter((value) => value.kind === kind).length;
  }

  pass(milliseconds: number): void {
    this.now += milliseconds;
  }

  answer<Q extends HandlesQuestion>(question: Q): AnswerTo<Q> {
    this.asked.push(question.ask);
    if (this.exited) throw new Error('The program has exited: its table of values is gone.');
    return this.answerTo(question) as AnswerTo<Q>;
  }

  private answerTo(question: HandlesQuestion): unknown {
    switch (question.ask) {
      case 'counts':
        return this.counts();
      case 'table':
        return this.table();
      case 'previews':
        return this.previews(question.ids);
      case 'dump':
        return this.dump();
      case 'store':
        return 'temp1';
      case 'gc':
        throw new Error('This program offers no way to run its collector: export one with //go:wasmexport gc.');
      case 'log':
        return '';
    }
  }

  private counts() {
    const { now, slots, cycles } = this;
    return { now, slots, free: this.pool.length, funcs: this.registered.length, numgc: cycles };
  }

  private table(): HandleTable {
    const values = [...this.values.values()].sort((a, b) => a.id - b.id);
    const count = FIXED.length + values.length;
    const classNames = ['', ...FIXED_CLASSES, ...new Set(Object.values(SPECS).map((spec) => spec.class))];
    const column = (fixed: (id: number) => number, of: (value: Value) => number) =>
      Array.from({ length: count }, (_, row) => (row < FIXED.length ? fixed(row) : of(values[row - FIXED.length])));
    const none = () => 0;
    return {
      ...this.counts(),
      origin: this.origin - this.now,
      ids: Int32Array.from(
        column(
          (id) => id,
          ({ id }) => id,
        ),
      ),
      types: Uint8Array.from(
        column(
          (id) => TYPES.indexOf(FIXED[id]),
          ({ kind }) => TYPES.indexOf(SPECS[kind].type),
        ),
      ),
      refs: Int32Array.from(
        column(
          () => -1,
          ({ refs }) => refs,
        ),
      ),
      classes: Int32Array.from(
        column(
          (id) => id + 1,
          ({ kind }) => classNames.indexOf(SPECS[kind].class),
        ),
      ),
      classNames,
      flags: Uint8Array.from(column(none, flagsOf)),
      watched: this.watched
        ? {
            since: 900,
            births: Float64Array.from(column(none, ({ birth }) => birth)),
            times: Float64Array.from(column(none, ({ time }) => time)),
            crossings: Float64Array.from(column(none, ({ crossings }) => crossings)),
            stacks: Int32Array.from(column(none, ({ kind }) => SPECS[kind].stack)),
            funcs: Int32Array.from(column(none, ({ func }) => func)),
            codes: Int32Array.from(column(none, none)),
            handlers: Int32Array.from(column(none, ({ handler }) => handler)),
            turns: Int32Array.from(column(none, ({ turn }) => turn)),
            stackWords: Int32Array.from(
              STACKS.slice(1).flatMap((stack) => [
                stack.length,
                ...stack.map((number) => ((0x1000 + number) << 16) | 3),
              ]),
            ),
            lost: 0,
          }
        : null,
      registered: {
        ids: Int32Array.from(this.registered, ({ id }) => id),
        codes: Int32Array.from(this.registered, ({ code }) => code),
        stacks: Int32Array.from(this.registered, ({ value }) => (this.watched ? SPECS[value.kind].stack : 0)),
        times: Float64Array.from(this.registered, ({ value }) => (this.watched ? value.time : 0)),
        handlers: Int32Array.from(this.registered, ({ value }) => (this.watched ? value.handler : 0)),
        turns: Int32Array.from(this.registered, ({ value }) => (this.watched ? value.turn : 0)),
        made: this.watched ? this.made.slice() : new Int32Array(0),
      },
    };
  }

  private previews(ids: Int32Array<ArrayBuffer>): HandlePreviews {
    const values = Array.from(ids, (id) => this.values.get(id));
    const spec = (value: Value | undefined) => value && SPECS[value.kind];
    return {
      ...{ now: this.now, ids },
      types: Uint8Array.from(values, (value) => TYPES.indexOf(spec(value)?.type ?? 'object')),
      classes: values.map((value) => spec(value)?.class ?? ''),
      texts: values.map((value) => spec(value)?.text(value!.number) ?? ''),
      flags: Uint8Array.from(values, (value) => (value ? flagsOf(value) : 0)),
      births: Float64Array.from(values, (value) => (!value ? -1 : this.watched ? value.birth : 0)),
    };
  }

  private dump(): DumpParts {
    const table = this.table();
    const pages = Int32Array.from({ length: 96 }, (_, i) => i * 3);
    const bytes = new Uint8Array(pages.length * PAGE).map((_, i) => i >>> 5);
    return { table, previews: this.previews(table.ids), sp: 0, at: 'event', memory: 300 * PAGE, pages, bytes };
  }
}

function flagsOf({ kind, detached }: Value): number {
  const { node, runs } = SPECS[kind];
  if (runs) return HandleFlag.Wrapper;
  return node ? (detached ? HandleFlag.Detached : HandleFlag.Connected) : 0;
}

/** Clicks on a tool between two snapshots, and snapshots. */
const [CLICKS, TAKEN] = [4, 19];

/**
 * The program of the design: each click on a tool leaves 4 js.Funcs behind, frames and pointers leave values that go with the next collection.
 * @param look called whenever a snapshot is to be taken
 * @returns the page, with 1,204 handles
 */
export async function paintPage(
  { watched = true, until = Date.now() }: { watched?: boolean; until?: number },
  look: (page: PaintPage) => Promise<void>,
): Promise<PaintPage> {
  const page = new PaintPage(watched, until);
  page.make('listener', 9);
  page.make('swatch', 64);
  page.make('icon', 148);
  page.make('canvas', 23);
  page.pass(34 * 60_000);
  for (let taken = 0; taken < TAKEN; taken++) {
    for (let click = 0; click < CLICKS; click++) {
      page.make('tool', 4, 2);
      page.pass(900);
      for (const [kind, count] of [
        ['image', 18],
        ['event', 26],
        ['promise', 2],
        ['status', 4],
      ] as const) {
        for (let i = 0; i < count; i++) page.make(kind, 1, kind === 'event' ? 1 : 0);
      }
      page.pass(900);
    }
    if (taken % 3 === 2) {
      for (const kind of ['image', 'event', 'promise', 'status'] as const) page.drop(kind, page.count(kind) - 3);
      page.cycles += 2;
    }
    await look(page);
  }
  page.detach('swatch', 12);
  for (const [kind, count] of [
    ['image', 214],
    ['event', 342],
    ['promise', 21],
    ['status', 60],
  ] as const) {
    const more = count - page.count(kind);
    for (let i = 0; i < more; i++) page.make(kind, 1);
    if (more < 0) page.drop(kind, -more);
  }
  for (let click = 0; click < 3; click++) page.make('tool', 4, 2);
  page.pass(4000);
  return page;
}
