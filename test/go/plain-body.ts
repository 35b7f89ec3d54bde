/**
 * What a Go body says about calls and blocks, found out in the plainest way: every instruction is decoded and marked, and
 * every instruction has a lowest and a highest block of its own. The judge of `src/go/scan.ts`.
 */
import { OP, Operators } from '../../src/wasm/operators';

const FIRST_PC = 0x10000000;
const OPEN = 0xffff;

export interface PlainBody {
  instructions: number[];
  calls: number[];
  returnPCs: number[];
  /** Of each instruction; null when the body does not follow the assembler's layout. */
  low: number[] | null;
  high: number[] | null;
}

type Mark = { kind: 'segment' } | { kind: 'nop' } | { kind: 'literal'; behind: number } | null;

export function readPlainBody(bytes: Uint8Array, offset: number, pcF: number): PlainBody {
  const operators = new Operators(bytes, offset);
  const body: PlainBody = { instructions: [], calls: [], returnPCs: [], low: null, high: null };
  const marks: Mark[] = [];
  let segments: { low: number[]; high: number[] } | null = null;
  let state: 'before' | 'inside' | 'none' = 'before';
  let [depth, nested, level, current] = [0, 0, 0, -1];
  let [literal, age, constant] = [0, 0, 0];
  while (operators.next()) {
    const { op, at, value } = operators;
    body.instructions.push(at);
    let mark: Mark = null;
    if (op === OP.block || op === OP.loop || op === OP.if) depth++;
    if (state === 'before') {
      if (op === OP.block || op === OP.loop) nested++;
      else if (op === OP.brTable) {
        segments = segmentsOf([...operators.labels]);
        if (segments && nested < segments.low.length) segments = null;
        state = segments ? 'inside' : 'none';
        level = depth;
      } else if (op !== OP.globalGet && op !== OP.localSet && op !== OP.localGet) {
        state = 'none';
        if (nested === 0 || (nested <= 2 && op !== OP.end)) segments = { low: [0], high: [OPEN] };
      }
    }
    if (op === OP.end) {
      if (state === 'inside' && depth === level && current + 1 < (segments?.low.length ?? 0)) {
        current++;
        level--;
        mark = { kind: 'segment' };
      }
      depth--;
    }
    age++;
    if (op === OP.i64Store && constant >= FIRST_PC && value === 0) [literal, age] = [constant, 0];
    if (op === OP.nop) mark = { kind: 'nop' };
    if (op === OP.call || op === OP.callIndirect) {
      const pc = literal > 0 && age <= 6 + (op === OP.callIndirect ? 4 : 0) ? literal : 0;
      body.calls.push(at);
      body.returnPCs.push(pc);
      if (pc > 0 && Math.floor(pc / 0x10000) === pcF) mark = { kind: 'literal', behind: pc % 0x10000 };
      literal = 0;
    }
    constant = op === OP.i64Const ? value : 0;
    marks.push(mark);
  }
  if (segments) [body.low, body.high] = ranges(marks, segments);
  return body;
}

function segmentsOf(labels: number[]): { low: number[]; high: number[] } | null {
  if (labels[0] !== 0 || labels.some((label, pc) => pc > 0 && label !== labels[pc - 1] && label !== labels[pc - 1] + 1))
    return null;
  const low = labels.flatMap((label, pc) => (label === labels[pc - 1] ? [] : [pc]));
  return { low, high: [...low.slice(1).map((pc) => pc - 1), OPEN] };
}

/** Narrows each segment's PCs by the nops and literals in it: forward for the lowest, backward for the highest. */
function ranges(marks: Mark[], segments: { low: number[]; high: number[] }): [number[], number[]] {
  const low: number[] = [];
  const high: number[] = [];
  let segment = marks.some((mark) => mark?.kind === 'segment') ? -1 : 0;
  let pc = 0;
  marks.forEach((mark, i) => {
    low[i] = pc;
    if (mark?.kind === 'segment') pc = segments.low[++segment];
    else if (mark?.kind === 'nop') pc++;
    else if (mark) {
      low[i] = Math.max(pc, mark.behind - 1);
      pc = Math.max(pc, mark.behind);
    }
  });
  pc = segments.high[Math.max(segment, 0)];
  for (let i = marks.length - 1; i >= 0; i--) {
    const mark = marks[i];
    if (mark?.kind === 'segment') pc = segment-- > 0 ? segments.high[segment] : 0;
    else if (mark?.kind === 'nop') pc = Math.max(pc - 1, 0);
    else if (mark && mark.behind > 0) pc = Math.min(pc, mark.behind - 1);
    high[i] = pc;
  }
  return [low, high];
}
