/** Handle tables of no particular program, the same for the same seed: every kind of row, in numbers that make groups. */
import { HandleFlag, type HandleType } from '../../src/protocol/handles';
import { random } from '../bridge/made';
import { FIXED, type MadeFunc, type MadeHandle, type MadeTable } from './made';

/** PCs of functions of test/bridge/made.ts: `syscall/js.Value.Get`, `runtime.main`, `syscall/js.FuncOf` are machinery. */
export const MACHINERY = [8, 9, 10, 20];
const PLACES = [0, 1, 2, 3, 11, 12, 13, 14, 16, 17, 18, 19];
const pc = (number: number, block = 3) => ((0x1000 + number) << 16) | block;

const CLASSES: [type: HandleType, name: string, flags: number][] = [
  ['object', 'HTMLDivElement', HandleFlag.Connected],
  ['object', 'SVGElement', HandleFlag.Detached],
  ['object', 'Uint8Array', 0],
  ['object', '', 0],
  ['function', 'Function', 0],
  ['string', 'String', 0],
  ['symbol', 'Symbol', 0],
  ['bigint', '', 0],
];

const TEXTS = ['', 'div#app', '(12)', 'Hello', '=1+1', 'draw /x/', 'toolbar.go'];

/** @param handles how many, about; @param seed of what is made at all; @param part of it is left */
export function randomTable(seed: number, handles: number, part = 1, now = 50_000, numgc = 5): MadeTable {
  const next = random(seed);
  const kept = random(seed * 31 + Math.round(part * 100));
  const one = <T>(list: T[]): T => list[Math.floor(next() * list.length)];
  const stacks = Array.from({ length: 40 }, () => [
    ...(next() < 0.9 ? [pc(one([9, 20]))] : []),
    ...(next() < 0.9 ? [pc(one(PLACES), 3 + Math.floor(next() * 2))] : []),
    ...[pc(one(PLACES)), pc(8)].slice(next() < 0.2 ? 1 : 0),
  ]);
  const made: MadeHandle[] = FIXED.slice();
  const funcs: MadeFunc[] = [];
  let id = FIXED.length;
  for (let i = 1; i <= handles; i++) {
    id += next() < 0.1 ? 2 : 1;
    const [type, name, flags] = one(CLASSES);
    const before = next() < 0.1;
    const stack = before || next() < 0.05 ? undefined : one(stacks);
    const time = before ? 0 : Math.floor(next() * 49_990) + 1;
    const birth = before ? 0 : i;
    const refs = Math.floor(next() * 5);
    const isFunc = type === 'function' && next() < 0.7;
    const making = { stack, time, handler: Math.floor(next() * 4), turn: 1 + Math.floor(next() * 50) };
    const code = 0x1000 + one([6, 13, 14]);
    const [registered, held] = [next() < 0.7, next() < 0.8];
    const text = one(TEXTS);
    if (kept() >= part) continue;
    if (isFunc && registered) funcs.push({ id: i, code, ...(before ? {} : making) });
    if (isFunc && !held) continue;
    // Some ids have been used again by then.
    const born = birth > 0 && kept() < 0.1 ? birth + Math.round(part * 100_000) : birth;
    const row: MadeHandle = { id, type, class: name, text, flags, refs, birth: born, ...(before ? {} : making) };
    made.push({ ...row, crossings: before ? 0 : refs + 1, func: isFunc && !before ? i : 0 });
  }
  return { handles: made, funcs, since: 0, now, numgc, spare: 3 };
}
