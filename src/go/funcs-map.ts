/**
 * Go's map of registered js.Funcs (`syscall/js.funcs`), read out of linear memory: ids and the functions they run. Knows the two ways in
 * which Go lays out a map; where it lies and at which offsets says the probe (`js-funcs.ts`).
 *
 * Also runs inside pages whose scripts have replaced what they could: it uses no method and no accessor of any prototype, so it does not
 * ask for a length either, for what lies beyond memory reads as undefined. And memory is the page's: whatever it says, this ends.
 *
 * Facts: runtime/map.go (Go 1.19 to 1.23; 1.24 and 1.25 map_noswiss.go): hmap, bmap, evacuated, mapiternext;
 * internal/runtime/maps map.go, table.go, group.go (1.24 to 1.27): Map, table, ctrl; runtime/runtime2.go funcval.
 */
import type { BucketsProbe, FuncsProbe, GroupsProbe } from '../protocol/handles';

/** More js.Funcs than this are not told. */
const MOST_FUNCS = 1 << 20;
/** These have so many buckets; with those of before the map grew, and all that they overflow into, less than so many parts. */
const MOST_LOG = 18;
const MOST_PARTS = 1 << 19;

/** Marks of a bucket's slots below this are of empty ones, and of all that are in an old bucket which has moved. */
const FIRST_FULL = 5;
/** In flags: it grows into as many buckets as it had. */
const SAME_SIZE = 8;
/** Marks of a group's slots from this on are of empty and deleted ones. */
const NOT_FULL = 0x80;

/** The lowest PC_F. */
const FIRST_PC_F = 0x1000;

/** What no address and no number is. */
const NONSENSE = -1;

type Found = (id: number, closure: number, pcF: number) => void;

interface Walk {
  words: Int32Array;
  found: Found;
  /** What is still to be found, and how many buckets or groups may still be looked at. */
  funcs: number;
  parts: number;
}

/**
 * @param words all of linear memory
 * @returns how many js.Funcs are registered; -1 when what lies there makes no sense
 */
export function countFuncs(words: Int32Array, probe: FuncsProbe): number {
  const map = pointerAt(words, probe.address);
  // Before the package is initialised there is no map.
  return map > 0 ? numberAt(words, map) : map;
}

/**
 * @param words all of linear memory
 * @param found is told of each: its id, the address of its closure and PC_F of the closure's code; both 0 for js.FuncOf(nil). Never more
 * often than `countFuncs` says
 * @returns false when what was read makes no sense: then what was found is worth nothing
 */
export function walkFuncs(words: Int32Array, probe: FuncsProbe, found: Found): boolean {
  const count = countFuncs(words, probe);
  if (count < 0 || count > MOST_FUNCS) return false;
  const map = pointerAt(words, probe.address);
  if (map === 0) return true;
  const walk: Walk = { words, found, funcs: count, parts: MOST_PARTS };
  const sense = probe.layout === 'buckets' ? walkBuckets(walk, probe, map) : walkGroups(walk, probe, map);
  return sense && walk.funcs === 0;
}

function walkBuckets(walk: Walk, probe: BucketsProbe, map: number): boolean {
  const { words } = walk;
  const log = byteAt(words, map + probe.logBuckets);
  const buckets = pointerAt(words, map + probe.buckets);
  const old = pointerAt(words, map + probe.oldBuckets);
  if (log < 0 || log > MOST_LOG || buckets < 0 || old < 0) return false;
  const number = 1 << log;
  // The first entry brings the first bucket.
  if (buckets > 0 && !walkChains(walk, probe, buckets, number)) return false;
  if (old === 0) return true;
  const sameSize = (byteAt(words, map + probe.flags) & SAME_SIZE) !== 0;
  return walkChains(walk, probe, old, sameSize ? number : number / 2);
}

function walkChains(walk: Walk, probe: BucketsProbe, from: number, number: number): boolean {
  for (let i = 0; i < number; i++) {
    let bucket = from + i * probe.size;
    while (bucket !== 0) {
      if (bucket < 0 || !walkSlots(walk, probe, bucket)) return false;
      bucket = pointerAt(walk.words, bucket + probe.size - 8);
    }
  }
  return true;
}

function walkGroups(walk: Walk, probe: GroupsProbe, map: number): boolean {
  const { words } = walk;
  const directory = pointerAt(words, map + probe.dirPtr);
  const length = numberAt(words, map + probe.dirLen);
  if (directory < 0 || length < 0 || length > MOST_PARTS) return false;
  // A small map has one group and no table; the first entry brings it.
  if (length === 0) return directory === 0 || walkSlots(walk, probe, directory);
  let last = 0;
  for (let i = 0; i < length; i++) {
    const table = pointerAt(words, directory + i * 8);
    if (table <= 0) return false;
    // A table that has split less often than others stands there several times in a row.
    if (table === last) continue;
    last = table;
    const groups = pointerAt(words, table + probe.groups);
    const mask = numberAt(words, table + probe.lengthMask);
    if (groups <= 0 || mask < 0) return false;
    for (let group = 0; group <= mask; group++) {
      if (!walkSlots(walk, probe, groups + group * probe.size)) return false;
    }
  }
  return true;
}

/** The eight slots of a bucket or group. */
function walkSlots(walk: Walk, probe: FuncsProbe, part: number): boolean {
  const { words } = walk;
  if (walk.parts-- === 0) return false;
  for (let slot = 0; slot < 8; slot++) {
    const mark = byteAt(words, part + slot);
    if (mark < 0) return false;
    if (probe.layout === 'buckets' ? mark < FIRST_FULL : mark >= NOT_FULL) continue;
    const closure = pointerAt(words, part + probe.elem + slot * probe.elemStride);
    const pcF = closure > 0 ? pcFAt(words, closure) : closure;
    // The id is in front of the function or behind it, so it is looked at by itself.
    const id = words[(part + probe.key + slot * probe.keyStride) / 4];
    if (pcF < 0 || id === undefined || walk.funcs-- === 0) return false;
    walk.found(id >>> 0, closure, pcF);
  }
  return true;
}

/** @returns PC_F of the code of a closure, whose first word is the PC of that code's beginning */
function pcFAt(words: Int32Array, closure: number): number {
  const low = words[closure / 4];
  const pcF = low >>> 16;
  return words[closure / 4 + 1] === 0 && low << 16 === 0 && pcF >= FIRST_PC_F ? pcF : NONSENSE;
}

/** @returns the address that is stored at an address: 0 for nil, else one of memory that is a multiple of 8 */
function pointerAt(words: Int32Array, address: number): number {
  // No shifts: they would take what is beyond 4 GB for an address.
  const value = words[address / 4] >>> 0;
  if (words[address / 4 + 1] !== 0 || value % 8 !== 0 || words[value / 4] === undefined) return NONSENSE;
  return value;
}

/** @returns what is stored in 8 bytes, if it is below 2^31 */
function numberAt(words: Int32Array, address: number): number {
  const low = words[address / 4];
  return low >= 0 && words[address / 4 + 1] === 0 ? low : NONSENSE;
}

function byteAt(words: Int32Array, address: number): number {
  const within = address % 4;
  const word = words[(address - within) / 4];
  return word === undefined ? NONSENSE : (word >>> (within * 8)) & 0xff;
}
