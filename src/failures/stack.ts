/**
 * One failure's stack: V8's part and Go's part made one.
 * V8 knows the innermost frames, the one that trapped and JavaScript between Go; Go's stack in linear memory knows all of
 * Go. They are joined where V8's call sites and the return PCs in memory say the same; if they do not, memory has moved
 * on since, and only V8's part is told.
 */
import type { PhysicalFrame, Unwound } from '../goroutines/unwind';
import type { Program } from '../program';
import type { Located } from '../symbols/frame';
import { readStack, type WasmLine } from '../symbols/stack';
import { lookUp } from '../symbols/symbolicate';
import type { Moment } from './capture';
import type { Stack, StackRow } from './failure';
import { foldRows, rowsOfLocated, rowsOfPhysical, unknownRow } from './rows';

/** One line of V8's stack as far as it matters here. */
type Item = V8Frame | { kind: 'js'; text: string };

interface V8Frame {
  kind: 'wasm';
  line: WasmLine;
  text: string;
  located: Located | null;
  /** Return PC that the call pushed; 0 for a trap, a call of runtime support, or an unknown frame. */
  pc: number;
  /** One of the stubs through which JavaScript enters Go: no Go frame belongs to it. */
  entry: boolean;
}

/** asm in rt0_js_wasm.s and asm_wasm.s: what V8 shows under the first Go frame. */
const ENTRIES = new Set([
  'wasm_pc_f_loop',
  'wasm_pc_f_loop_export',
  'wasm_export_run',
  'wasm_export_resume',
  'wasm_export_getsp',
  '_rt0_wasm_js',
]);

/** @param belongs whether a module's URL, as V8 spells it, is that of the program; frames of other modules stay unnamed */
export function readItems(program: Program | null, text: string, belongs: (url: string) => boolean): Item[] {
  const items: Item[] = [];
  for (const { input, line } of readStack(text)) {
    if (line.kind === 'js') items.push({ kind: 'js', text: input.trim() });
    if (line.kind !== 'wasm') continue;
    const located = program && belongs(line.url) ? lookUp(program, line).located : null;
    const pc = program && located ? pushedPC(program, located) : 0;
    const entry = ENTRIES.has(located?.frames.at(-1)?.function ?? '');
    items.push({ kind: 'wasm', line, text: input.trim(), located, pc, entry });
  }
  return items;
}

/** The return PC pushed by the call at a located instruction; 0 when it is none. */
function pushedPC(program: Program, located: Located): number {
  const body = program.locator.body(located.functionIndex - program.module.importedFunctions());
  const call = body ? body.callAt(located.offset) : -1;
  return body && call >= 0 ? program.locator.returnPC(located.functionIndex, body, call) : 0;
}

/** Rows of one stack before folding. No true stack has more; a hostile one would have one for each inlined call of each frame. */
const MOST_ROWS = 1 << 20;
/** Frames in memory that are told even then: how the goroutine began. */
const MOST_OUTER = 2_000;

/** Where V8's stack and Go's meet. */
interface Joint {
  /** Index in the items of the innermost frame that has a Go frame; what lies above are runtime support and stubs. */
  top: number;
  unwound: Unwound;
}

/**
 * The stack of an uncaught error.
 * @param moment SP and stack words at the error, null when they could not be had
 */
export function errorStack(program: Program, items: Item[], moment: Moment | null): Stack {
  const joint = moment ? join(program, items, moment) : null;
  if (!joint) {
    const hasGo = items.some((item) => item.kind === 'wasm');
    const why = moment ? 'Go’s stack had moved on' : 'Go’s stack was not copied';
    return engineStack(items, hasGo ? `${why}: only V8’s part is known` : '');
  }
  const rows: StackRow[] = [];
  const counts = { v8: 0, memory: 0, text: 0 };
  const push = (more: StackRow[], from: 'v8' | 'memory') => {
    for (const row of more) {
      if (row.kind === 'frame') counts[from]++;
      rows.push(row);
    }
  };
  for (const item of items.slice(0, joint.top + 1)) {
    if (rows.length >= MOST_ROWS) break;
    // JavaScript that Go called, and that threw, lies above the innermost Go frame.
    push(item.kind === 'wasm' ? rowsOfItem(item) : [{ kind: 'js', text: item.text }], 'v8');
  }
  const rest = new Rest(items, joint.top + 1);
  for (const frame of bounded(joint.unwound.frames, rows)) {
    const from = rest.tells(frame) ? 'v8' : 'memory';
    push(rowsOfPhysical(program, frame, from), from);
    // A callback runs on the goroutine that was calling JavaScript; what JavaScript lay between is in V8's stack alone.
    if (program.go.nameOf(frame.func) === 'runtime.handleEvent') push(rest.javaScript(), 'v8');
  }
  push(rest.remaining(), 'v8');
  const { complete, why } = joint.unwound;
  return { rows: foldRows(rows), complete, counts, note: complete ? '' : why };
}

/** Frames to be told as rows: once there are too many rows, a gap and the outermost frames. */
function* bounded(frames: PhysicalFrame[], rows: StackRow[]): Generator<PhysicalFrame> {
  for (let i = 0; i < frames.length; i++) {
    const outer = frames.length - MOST_OUTER;
    if (rows.length >= MOST_ROWS && i < outer) {
      rows.push({ kind: 'gap', why: `${outer - i} frames left out here` });
      i = outer;
    }
    yield frames[i];
  }
}

/** The items under the joint, walked in step with the frames in memory. */
class Rest {
  constructor(
    private readonly items: Item[],
    private next: number,
  ) {}

  /** Whether the next wasm frame of V8's stack is this one; stubs and calls of runtime support are passed over. */
  tells(frame: PhysicalFrame): boolean {
    for (let i = this.next; i < this.items.length; i++) {
      const item = this.items[i];
      if (item.kind === 'js') return false;
      if (item.pc === 0) continue;
      if (item.pc !== frame.pc) return false;
      this.next = i + 1;
      return true;
    }
    return false;
  }

  /** JavaScript frames up to the next Go frame. */
  javaScript(): StackRow[] {
    const rows: StackRow[] = [];
    for (; this.next < this.items.length; this.next++) {
      const item = this.items[this.next];
      if (item.kind === 'js') rows.push({ kind: 'js', text: item.text });
      else if (!item.entry) break;
    }
    return rows;
  }

  /** JavaScript at the very bottom: who started the program or called back. */
  remaining(): StackRow[] {
    return this.items
      .slice(this.next)
      .flatMap((item): StackRow[] => (item.kind === 'js' ? [{ kind: 'js', text: item.text }] : []));
  }
}

function rowsOfItem(item: V8Frame): StackRow[] {
  if (item.entry) return [];
  return item.located ? rowsOfLocated(item.located, 'v8') : [unknownRow(nameOf(item), item.line.offset)];
}

function nameOf(item: V8Frame): string {
  return item.line.name || `wasm-function[${item.line.index ?? '?'}]`;
}

/** Only what the engine's own stack says. @param note why Go's part is missing */
export function engineStack(items: Item[], note: string): Stack {
  const rows: StackRow[] = [];
  for (const item of items) {
    if (rows.length >= MOST_ROWS) break;
    if (item.kind === 'js') rows.push({ kind: 'js', text: item.text });
    else for (const row of rowsOfItem(item)) rows.push(row);
  }
  const v8 = rows.filter((row) => row.kind === 'frame').length;
  return { rows: foldRows(rows), complete: false, counts: { v8, memory: 0, text: 0 }, note };
}

/**
 * Finds the place in V8's stack from which Go's stack goes on, and walks it.
 * @returns null when no Go frame is on V8's stack, or when the two disagree
 */
function join(program: Program, items: Item[], moment: Moment): Joint | null {
  const first = items.findIndex((item) => item.kind === 'wasm');
  // A wrapper that ends in a tail call has no frame of its own; then the joint is one of the frames above it.
  for (let top = topFrame(items, first); top >= first && first >= 0; top--) {
    const item = items[top];
    if (item.kind !== 'wasm' || !item.located) continue;
    for (const size of frameSizes(program, item.located)) {
      const unwound = moment.walkFrom(moment.sp + size);
      if (unwound.frames.length > 0 && agrees(items, top, unwound)) return { top, unwound };
    }
  }
  return null;
}

/** Innermost V8 frame that has a frame on Go's stack: one that its caller pushed a return PC for, or the last before a stub. */
function topFrame(items: Item[], first: number): number {
  let i = first;
  for (; i >= 0 && i + 1 < items.length; i++) {
    const below = items[i + 1];
    if (below.kind !== 'wasm' || below.pc > 0 || below.entry || !below.located) break;
  }
  return i;
}

/** What the function at the top may have taken from the Go stack at that instruction: one size mostly, innermost guess first. */
function frameSizes(program: Program, located: Located): number[] {
  const pclntab = program.go.pclntab();
  const pcF = program.go.pcFsOf(located.functionIndex)[0];
  const func = pcF === undefined ? null : program.go.funcOf(pcF);
  if (!pclntab.ok || !func) return [];
  const sizes = pclntab.value.table(func.pcsp);
  const body = program.locator.body(located.functionIndex - program.module.importedFunctions());
  const range = body?.blocks(located.offset, sizes.size);
  const all = new Set<number>();
  if (range) for (let block = range.low; block <= range.high; block++) all.add(sizes.at(block));
  else if (located.precision === 'function') all.add(0);
  // In the middle of pushing a return address, SP is 8 lower already.
  return [...all].filter((size) => size >= 0).flatMap((size) => [size, size + 8]);
}

/** Whether the return PCs in memory are those that V8's call sites push, as far as both go. */
function agrees(items: Item[], top: number, unwound: Unwound): boolean {
  let compared = 0;
  let frame = 0;
  for (let i = top + 1; i < items.length && frame < unwound.frames.length; i++) {
    const item = items[i];
    if (item.kind === 'js' || item.entry) break;
    if (item.pc === 0) continue;
    if (item.pc !== unwound.frames[frame].pc) return false;
    frame++;
    compared++;
  }
  return compared > 0 || unwound.complete;
}

/** The stack of an import call such as wasmExit, or of a goroutine that stopped: all of it from memory. */
export function memoryStack(program: Program, unwound: Unwound): Stack {
  const rows: StackRow[] = [];
  for (const frame of bounded(unwound.frames, rows)) {
    for (const row of rowsOfPhysical(program, frame, 'memory')) rows.push(row);
  }
  const counts = { v8: 0, memory: rows.length, text: 0 };
  return { rows: foldRows(rows), complete: unwound.complete, counts, note: unwound.complete ? '' : unwound.why };
}
