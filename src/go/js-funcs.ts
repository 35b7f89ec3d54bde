/**
 * Where Go's map of registered js.Funcs lies in linear memory (the package variable `syscall/js.funcs`), and how it is laid out, without
 * symbols. The functions that use the map pass what describes its type together with the map: so the variable is the one that is read just
 * before the address of a type is passed that is described as a map from uint32 to functions. It must be the only one in each function, and
 * the same in all. The description also says how slots lie, whatever experiments the program was built with. A program that has no
 * js.FuncOf has the map all the same, for ever empty.
 *
 * Facts: syscall/js/func.go FuncOf, Release, handleEvent; cmd/compile/internal/reflectdata (1.19 to 1.27); fields by `layout.ts`.
 */
import { attempt, must } from '../bytes/malformed';
import type { BucketsProbe, FuncsProbe, GroupsProbe } from '../protocol/handles';
import type { Module } from '../wasm/module';
import { type Accesses, PASSED, readAccesses, reads, writes } from './accesses';
import { bodiesOf, dataRanges, type Range } from './bodies';
import type { Image } from './image';
import { type MapLayout, mapLayout } from './layout';
import type { GoProgram } from './program';

const VARIABLE = 'syscall/js.funcs';
/** Part of each program that links syscall/js. */
const HANDLER = 'syscall/js.handleEvent';
/** Part of those that need them. */
const OTHERS = ['syscall/js.FuncOf', 'syscall/js.Func.Release'];
/** Makes the map. */
const INIT = 'syscall/js.init';

/** reflect.Kind, in the lower bits of a byte. */
const KIND_BITS = 0x1f;
const UINT32 = 10;
const FUNC = 19;
const MAP = 21;

/** Slots of a bucket or group, and bytes of the marks of all of them, of an id and of a pointer. */
const SLOTS = 8;
const MARKS = 8;
const KEY = 4;
const POINTER = 8;
/** Bytes, several times what a group has. */
const MOST_SIZE = 1024;

/** The variable, and what describes its type. */
interface Place {
  address: number;
  type: number;
}

/** @throws Malformed, which says what was not found, or not for sure */
export function findFuncs(module: Module, go: GoProgram): FuncsProbe {
  const layout = mapLayout(go.release ?? '');
  if (!layout) return fail(`known for Go 1.19 to 1.27, and this is ${go.version ?? 'of no known release'}`);
  const image = must(go.image());
  const { types, variables } = dataRanges(go, image) ?? fail(`where ${go.version} keeps its variables is not known`);
  const [low, high] = [Math.min(types[0], variables[0]), Math.max(types[1], variables[1])];
  const accesses = new Map<string, Accesses>();
  for (const [name, { bytes, offset }] of bodiesOf(module, go, [HANDLER, ...OTHERS, INIT])) {
    accesses.set(name, readAccesses(bytes, offset, low, high));
  }
  const handler = accesses.get(HANDLER);
  if (!handler) return fail(`the program has no function ${HANDLER}`);
  const describes = (type: number) => attempt(() => isMapOfFuncs(image, layout, type)) ?? false;
  const place = onlyPlace(HANDLER, handler, variables, describes);
  let seen = 1;
  for (const name of OTHERS) {
    const other = accesses.get(name);
    if (!other) continue;
    const { address, type } = onlyPlace(name, other, variables, describes);
    if (address !== place.address || type !== place.type) fail(`${VARIABLE} is another in ${name} than in ${HANDLER}`);
    seen++;
  }
  if (seen === 1 && !writesTo(accesses.get(INIT), place.address)) {
    fail(`${VARIABLE} of ${HANDLER} is not made by ${INIT}`);
  }
  return { address: place.address, ...mapOf(image, layout, place.type) };
}

function onlyPlace(name: string, accesses: Accesses, variables: Range, describes: (type: number) => boolean): Place {
  const places = placesOf(accesses, variables, describes);
  if (places.length !== 1) fail(`${name} has ${places.length} places that may be ${VARIABLE}`);
  return places[0];
}

/** @returns each pair of a variable of 8 bytes that is read and the description of a map that is passed next */
function placesOf(accesses: Accesses, variables: Range, describes: (type: number) => boolean): Place[] {
  const { addresses, how } = accesses;
  const [from, to] = variables;
  const found = new Map<string, Place>();
  for (let i = 1; i < addresses.length; i++) {
    const [address, type] = [addresses.at(i - 1), addresses.at(i)];
    if (how.at(i) !== PASSED || how.at(i - 1) !== reads(POINTER)) continue;
    if (address % POINTER !== 0 || address < from || address >= to || !describes(type)) continue;
    found.set(`${address} ${type}`, { address, type });
  }
  return [...found.values()];
}

function writesTo(accesses: Accesses | undefined, address: number): boolean {
  for (let i = 0; accesses && i < accesses.addresses.length; i++) {
    if (accesses.addresses.at(i) === address && accesses.how.at(i) === writes(POINTER)) return true;
  }
  return false;
}

/** @throws Malformed where nothing can be described */
function isMapOfFuncs(image: Image, layout: MapLayout, type: number): boolean {
  const kind = (address: number) => image.slice(address + layout.kind, 1)[0] & KIND_BITS;
  if (kind(type) !== MAP) return false;
  return kind(image.pointer(type + layout.key)) === UINT32 && kind(image.pointer(type + layout.elem)) === FUNC;
}

/** @throws Malformed when the description fits neither layout that the release knows, or both */
function mapOf(image: Image, layout: MapLayout, type: number) {
  const [buckets, groups] = [bucketsOf, groupsOf].map((read) => attempt(() => read(image, layout, type)));
  const found = buckets && groups ? null : (buckets ?? groups);
  return found ?? fail(`the map ${VARIABLE} is not laid out as known of this release`);
}

function bucketsOf(image: Image, layout: MapLayout, type: number): Omit<BucketsProbe, 'address'> | null {
  const { flags, logBuckets, buckets, oldBuckets } = layout;
  if (layout.bucketSize < 0) return null;
  // Marks, ids, functions, and a pointer to the bucket where the chain goes on.
  const size = MARKS + SLOTS * (KEY + POINTER) + POINTER;
  const told = image.at(type + layout.bucketSize).u16();
  const [key, value] = [layout.keySize, layout.valueSize].map((offset) => image.at(type + offset).u8());
  if (told !== size || key !== KEY || value !== POINTER) return null;
  const slots = { size, key: MARKS, keyStride: KEY, elem: MARKS + SLOTS * KEY, elemStride: POINTER };
  return { layout: 'buckets', ...slots, flags, logBuckets, buckets, oldBuckets };
}

function groupsOf(image: Image, layout: MapLayout, type: number): Omit<GroupsProbe, 'address'> | null {
  const { dirPtr, dirLen, groups, lengthMask } = layout;
  if (layout.groupSize < 0) return null;
  const at = (offset: number) => image.pointer(type + offset);
  const size = at(layout.groupSize);
  const slots =
    layout.keysOff < 0
      ? {
          key: MARKS,
          keyStride: at(layout.slotSize),
          elem: MARKS + at(layout.elemOff),
          elemStride: at(layout.slotSize),
        }
      : {
          key: at(layout.keysOff),
          keyStride: at(layout.keyStride),
          elem: at(layout.elemsOff),
          elemStride: at(layout.elemStride),
        };
  const fits = (from: number, stride: number, bytes: number) =>
    from >= MARKS && from % bytes === 0 && stride >= bytes && stride % bytes === 0 && from + 7 * stride + bytes <= size;
  if (size > MOST_SIZE || size % POINTER !== 0) return null;
  if (!fits(slots.key, slots.keyStride, KEY) || !fits(slots.elem, slots.elemStride, POINTER)) return null;
  return { layout: 'groups', size, ...slots, dirPtr, dirLen, groups, lengthMask };
}

/** @throws Malformed of these words */
function fail(why: string): never {
  return must({ ok: false, why });
}
