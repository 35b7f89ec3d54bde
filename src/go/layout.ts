// Made by `node tools/layout.mjs`; do not edit.
/**
 * Where the Go runtime keeps things on js/wasm, one row per minor release: fields of g, m, moduledata, maps and of what holds the
 * collector's state, the numbers of special functions, and the indexes of pclntab's side tables. Knows no bytes and reads nothing.
 * Facts: runtime/runtime2.go (g, m), runtime/symtab.go (moduledata, funcID), internal/abi/symtab.go (from 1.21),
 * runtime/funcdata.h, runtime/mgc.go (work), mstats.go (memstats), mgcpacer.go (gcController), runtime/map.go or map_noswiss.go (hmap),
 * internal/runtime/maps (Map, table), internal/abi (what describes a map) of each release, type-checked for GOOS=js GOARCH=wasm with that release's default experiments.
 */

type Rows = Record<string, readonly number[]>;

/** Offsets in bytes; -1 when the release has no such field. */
export interface GLayout {
  m: number;
  schedSp: number;
  schedPc: number;
  schedG: number;
  /** u32; bit 0x1000 means that its stack is being scanned. */
  atomicstatus: number;
  goid: number;
  waitsince: number;
  /** u8, index of runtime.waitReasonStrings. */
  waitreason: number;
  /** Since 1.21. */
  parentGoid: number;
  gopc: number;
  startpc: number;
  /** In m. */
  mG0: number;
  /** In m. */
  mCurg: number;
}

/** Values of _func.funcID; -1 when the release has no such id. */
export interface FuncIDs {
  goexit: number;
  rt0_go: number;
  mstart: number;
  mcall: number;
  morestack: number;
  systemstack: number;
  systemstack_switch: number;
  gogo: number;
  asyncPreempt: number;
  handleAsyncEvent: number;
  runtime_main: number;
  gopanic: number;
  sigpanic: number;
  panicwrap: number;
  /** Compiler-made functions; since 1.12. */
  wrapper: number;
}

/** Offsets in bytes in runtime.moduledata; pairs are [start, end). -1 when the release has no such field. */
export interface ModuledataLayout {
  ftab: number;
  minpc: number;
  maxpc: number;
  noptrdata: number;
  enoptrdata: number;
  data: number;
  edata: number;
  bss: number;
  ebss: number;
  noptrbss: number;
  enoptrbss: number;
  types: number;
  etypes: number;
  /** Base of funcdata offsets; since 1.18, before it funcdata are pointers. */
  gofunc: number;
}

/** Offsets in bytes, each in its own variable; from 1.21 on. */
export interface StateLayout {
  /** In runtime.work. u8: runtime.GC asked for the cycle. */
  userForced: number;
  /** In work. u32, cycles begun; one more than numgc while one runs. */
  cycles: number;
  /** In work. i64 of runtime.nanotime: when the latest cycle began, its marking began, its marking ended, and it ended. */
  tSweepTerm: number;
  tMark: number;
  tMarkTerm: number;
  tEnd: number;
  /** In work. i64, of the latest cycle. */
  pauseNS: number;
  /** In work. u64, bytes of the heap when the latest cycle began, when its marking ended, and what was marked. */
  heap0: number;
  heap1: number;
  heap2: number;
  /** In runtime.memstats. u8. */
  enablegc: number;
  /** In memstats. u32, cycles that ended. */
  numgc: number;
  /** In memstats. u64. */
  lastGcUnix: number;
  lastGcNanotime: number;
  pauseTotalNs: number;
  lastHeapInUse: number;
  /** In runtime.gcController. u64, bytes that the pacer takes for live: marked, or allocated since. */
  heapLive: number;
  /** In gcController. u64, bytes; together they are what runtime.MemStats calls HeapSys. */
  heapInUse: number;
  heapFree: number;
  heapReleased: number;
  /** In gcController. u64. */
  lastHeapGoal: number;
}

/**
 * How maps are laid out, offsets in bytes; -1 when the release has no such field. From 1.19 on. Up to 1.23 a map is made of buckets, from
 * 1.26 on of groups; in between both exist, and an experiment of the build decides.
 */
export interface MapLayout {
  /** In what describes any type: u8, its reflect.Kind in the lower 5 bits. */
  kind: number;
  /** In what describes a map: pointers to what describes its keys and elements. */
  key: number;
  elem: number;
  /** In what describes a map of buckets: u8 each, u16. */
  keySize: number;
  valueSize: number;
  bucketSize: number;
  /** In runtime.hmap: u8, of which bit 8 says that it grows at the same size, and u8, log 2 of the number of buckets. */
  flags: number;
  logBuckets: number;
  /** In hmap. Pointers to arrays of buckets. */
  buckets: number;
  oldBuckets: number;
  /** In what describes a map of groups. u64 each; from 1.27 on `keysOff` and the three that follow say where slots lie in a group. */
  groupSize: number;
  slotSize: number;
  /** Within a slot. */
  elemOff: number;
  keysOff: number;
  keyStride: number;
  elemsOff: number;
  elemStride: number;
  /** In maps.Map: a pointer to tables, and u64, how many pointers lie there; 0 for a pointer to the only group. */
  dirPtr: number;
  dirLen: number;
  /** In maps.table: a pointer to groups, and u64, one less than their number. */
  groups: number;
  lengthMask: number;
}

/** Indexes in a function's pcdata and funcdata; -1 when the release has no such table. */
export interface TableIndexes {
  /** pcdata: the innermost inlined call at a PC. */
  inlTreeIndex: number;
  /** funcdata: the inline tree. */
  inlTree: number;
}

const G_FIELDS = [
  'm',
  'schedSp',
  'schedPc',
  'schedG',
  'atomicstatus',
  'goid',
  'waitsince',
  'waitreason',
  'parentGoid',
  'gopc',
  'startpc',
  'mG0',
  'mCurg',
] as const;
const G: Rows = {
  '1.11': [48, 56, 64, 72, 144, 152, 168, 176, -1, 280, 296, 0, 144],
  '1.12': [48, 56, 64, 72, 144, 152, 168, 176, -1, 280, 296, 0, 144],
  '1.13': [48, 56, 64, 72, 144, 152, 168, 176, -1, 280, 296, 0, 144],
  '1.14': [48, 56, 64, 72, 144, 152, 168, 176, -1, 280, 296, 0, 144],
  '1.15': [48, 56, 64, 72, 144, 152, 168, 176, -1, 280, 296, 0, 144],
  '1.16': [48, 56, 64, 72, 144, 152, 168, 176, -1, 280, 296, 0, 144],
  '1.17': [48, 56, 64, 72, 144, 152, 168, 176, -1, 296, 312, 0, 144],
  '1.18': [48, 56, 64, 72, 144, 152, 168, 176, -1, 296, 312, 0, 144],
  '1.19': [48, 56, 64, 72, 144, 152, 168, 176, -1, 296, 312, 0, 144],
  '1.20': [48, 56, 64, 72, 144, 152, 168, 176, -1, 296, 312, 0, 144],
  '1.21': [48, 56, 64, 72, 144, 152, 168, 176, 272, 280, 296, 0, 144],
  '1.22': [48, 56, 64, 72, 144, 152, 168, 176, 272, 280, 296, 0, 144],
  '1.23': [48, 56, 64, 72, 152, 160, 176, 184, 280, 288, 304, 0, 144],
  '1.24': [48, 56, 64, 72, 152, 160, 176, 184, 280, 288, 304, 0, 144],
  '1.25': [48, 56, 64, 72, 144, 152, 168, 176, 272, 280, 296, 0, 136],
  '1.26': [48, 56, 64, 72, 144, 152, 168, 176, 280, 288, 304, 0, 136],
  '1.27': [48, 56, 64, 72, 144, 152, 168, 176, 280, 288, 304, 0, 136],
};

const FUNC_IDS_FIELDS = [
  'goexit',
  'rt0_go',
  'mstart',
  'mcall',
  'morestack',
  'systemstack',
  'systemstack_switch',
  'gogo',
  'asyncPreempt',
  'handleAsyncEvent',
  'runtime_main',
  'gopanic',
  'sigpanic',
  'panicwrap',
  'wrapper',
] as const;
const FUNC_IDS: Rows = {
  '1.11': [2, 7, 6, 4, 5, 13, 12, 15, -1, -1, 1, -1, 9, -1, -1],
  '1.12': [2, 7, 6, 4, 5, 13, 12, 15, -1, -1, 1, 18, 9, 19, 20],
  '1.13': [2, 7, 6, 4, 5, 13, 12, 15, -1, -1, 1, 18, 9, 19, 20],
  '1.14': [2, 7, 6, 4, 5, 13, 12, 15, 21, 20, 1, 18, 9, 19, 22],
  '1.15': [2, 7, 6, 4, 5, 13, 12, 15, 21, 20, 1, 18, 9, 19, 22],
  '1.16': [2, 7, 6, 4, 5, 13, 12, 15, 21, 20, 1, 18, 9, 19, 22],
  '1.17': [7, 16, 14, 12, 13, 20, 21, 8, 3, 10, 18, 9, 19, 15, 22],
  '1.18': [7, 15, 13, 11, 12, 19, 20, 8, 3, 10, 17, 9, 18, 14, 21],
  '1.19': [7, 15, 13, 11, 12, 19, 20, 8, 3, 10, 17, 9, 18, 14, 21],
  '1.20': [7, 15, 13, 11, 12, 19, 20, 8, 3, 10, 17, 9, 18, 14, 21],
  '1.21': [7, 15, 13, 11, 12, 19, 20, 8, 3, 10, 17, 9, 18, 14, 21],
  '1.22': [8, 16, 14, 12, 13, 20, 21, 9, 3, 11, 18, 10, 19, 15, 22],
  '1.23': [8, 16, 14, 12, 13, 20, 21, 9, 3, 11, 18, 10, 19, 15, 22],
  '1.24': [8, 16, 14, 12, 13, 20, 21, 9, 3, 11, 18, 10, 19, 15, 22],
  '1.25': [8, 16, 14, 12, 13, 21, 22, 9, 3, 11, 17, 10, 20, 15, 23],
  '1.26': [8, 16, 14, 12, 13, 21, 22, 9, 3, 11, 17, 10, 20, 15, 23],
  '1.27': [8, 16, 14, 12, 13, 21, 22, 9, 3, 11, 17, 10, 20, 15, 23],
};

const MODULEDATA_FIELDS = [
  'ftab',
  'minpc',
  'maxpc',
  'noptrdata',
  'enoptrdata',
  'data',
  'edata',
  'bss',
  'ebss',
  'noptrbss',
  'enoptrbss',
  'types',
  'etypes',
  'gofunc',
] as const;
const MODULEDATA: Rows = {
  '1.11': [24, 80, 88, 112, 120, 128, 136, 144, 152, 160, 168, 200, 208, -1],
  '1.12': [24, 80, 88, 112, 120, 128, 136, 144, 152, 160, 168, 200, 208, -1],
  '1.13': [24, 80, 88, 112, 120, 128, 136, 144, 152, 160, 168, 200, 208, -1],
  '1.14': [24, 80, 88, 112, 120, 128, 136, 144, 152, 160, 168, 200, 208, -1],
  '1.15': [24, 80, 88, 112, 120, 128, 136, 144, 152, 160, 168, 200, 208, -1],
  '1.16': [128, 160, 168, 192, 200, 208, 216, 224, 232, 240, 248, 280, 288, -1],
  '1.17': [128, 160, 168, 192, 200, 208, 216, 224, 232, 240, 248, 280, 288, -1],
  '1.18': [128, 160, 168, 192, 200, 208, 216, 224, 232, 240, 248, 280, 288, 304],
  '1.19': [128, 160, 168, 192, 200, 208, 216, 224, 232, 240, 248, 280, 288, 304],
  '1.20': [128, 160, 168, 192, 200, 208, 216, 224, 232, 240, 248, 296, 304, 320],
  '1.21': [128, 160, 168, 192, 200, 208, 216, 224, 232, 240, 248, 296, 304, 320],
  '1.22': [128, 160, 168, 192, 200, 208, 216, 224, 232, 240, 248, 296, 304, 320],
  '1.23': [128, 160, 168, 192, 200, 208, 216, 224, 232, 240, 248, 296, 304, 320],
  '1.24': [128, 160, 168, 192, 200, 208, 216, 224, 232, 240, 248, 296, 304, 320],
  '1.25': [128, 160, 168, 192, 200, 208, 216, 224, 232, 240, 248, 296, 304, 320],
  '1.26': [128, 160, 168, 192, 200, 208, 216, 224, 232, 240, 248, 296, 304, 320],
  '1.27': [128, 160, 168, 192, 200, 208, 216, 224, 232, 240, 248, 296, 312, 344],
};

const TABLES_FIELDS = ['inlTreeIndex', 'inlTree'] as const;
const TABLES: Rows = {
  '1.11': [1, 2],
  '1.12': [1, 2],
  '1.13': [2, 4],
  '1.14': [2, 4],
  '1.15': [2, 4],
  '1.16': [2, 3],
  '1.17': [2, 3],
  '1.18': [2, 3],
  '1.19': [2, 3],
  '1.20': [2, 3],
  '1.21': [2, 3],
  '1.22': [2, 3],
  '1.23': [2, 3],
  '1.24': [2, 3],
  '1.25': [2, 3],
  '1.26': [2, 3],
  '1.27': [2, 3],
};

const STATE_FIELDS = [
  'userForced',
  'cycles',
  'tSweepTerm',
  'tMark',
  'tMarkTerm',
  'tEnd',
  'pauseNS',
  'heap0',
  'heap1',
  'heap2',
  'enablegc',
  'numgc',
  'lastGcUnix',
  'lastGcNanotime',
  'pauseTotalNs',
  'lastHeapInUse',
  'heapLive',
  'heapInUse',
  'heapFree',
  'heapReleased',
  'lastHeapGoal',
] as const;
const STATE: Rows = {
  '1.21': [
    344, 400, 416, 424, 432, 440, 448, 464, 472, 480, 7736, 7704, 3592, 7720, 3600, 7728, 104, 272, 288, 280, 96,
  ],
  '1.22': [
    344, 400, 416, 424, 432, 440, 448, 456, 464, 472, 7736, 7704, 3592, 7720, 3600, 7728, 104, 272, 288, 280, 96,
  ],
  '1.23': [
    336, 424, 440, 448, 456, 464, 472, 480, 488, 496, 7736, 7704, 3592, 7720, 3600, 7728, 104, 272, 288, 280, 96,
  ],
  '1.24': [
    336, 424, 440, 448, 456, 464, 472, 480, 488, 496, 7736, 7704, 3592, 7720, 3600, 7728, 104, 272, 288, 280, 96,
  ],
  '1.25': [
    400, 512, 528, 536, 544, 552, 560, 568, 576, 584, 8256, 7680, 3568, 7696, 3576, 7704, 104, 272, 288, 280, 96,
  ],
  '1.26': [
    536, 648, 664, 672, 680, 688, 696, 704, 712, 720, 10432, 7680, 3568, 7696, 3576, 7704, 104, 272, 288, 280, 96,
  ],
  '1.27': [
    536, 648, 664, 672, 680, 688, 696, 704, 712, 720, 10432, 7680, 3568, 7696, 3576, 7704, 104, 272, 288, 280, 96,
  ],
};

const MAPS_FIELDS = [
  'kind',
  'key',
  'elem',
  'keySize',
  'valueSize',
  'bucketSize',
  'flags',
  'logBuckets',
  'buckets',
  'oldBuckets',
  'groupSize',
  'slotSize',
  'elemOff',
  'keysOff',
  'keyStride',
  'elemsOff',
  'elemStride',
  'dirPtr',
  'dirLen',
  'groups',
  'lengthMask',
] as const;
const MAPS: Rows = {
  '1.19': [23, 48, 56, 80, 81, 82, 8, 9, 16, 24, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1],
  '1.20': [23, 48, 56, 80, 81, 82, 8, 9, 16, 24, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1],
  '1.21': [23, 48, 56, 80, 81, 82, 8, 9, 16, 24, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1],
  '1.22': [23, 48, 56, 80, 81, 82, 8, 9, 16, 24, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1],
  '1.23': [23, 48, 56, 80, 81, 82, 8, 9, 16, 24, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1],
  '1.24': [23, 48, 56, 80, 81, 82, 8, 9, 16, 24, 80, 88, 96, -1, -1, -1, -1, 16, 24, 16, 24],
  '1.25': [23, 48, 56, 80, 81, 82, 8, 9, 16, 24, 80, 88, 96, -1, -1, -1, -1, 16, 24, 16, 24],
  '1.26': [23, 48, 56, -1, -1, -1, -1, -1, -1, -1, 80, 88, 96, -1, -1, -1, -1, 16, 24, 16, 24],
  '1.27': [23, 48, 56, -1, -1, -1, -1, -1, -1, -1, 80, -1, 120, 88, 96, 104, 112, 16, 24, 16, 24],
};

/** @param version as toolchains say it: `go1.24.6`, `1.19`, `go1.26.5 X:nogreenteagc`; @returns null if unknown */
export function gLayout(version: string): GLayout | null {
  return row<GLayout>(G, G_FIELDS, version);
}

/** @returns null if the release is unknown; takes versions as gLayout does */
export function funcIDs(version: string): FuncIDs | null {
  return row<FuncIDs>(FUNC_IDS, FUNC_IDS_FIELDS, version);
}

/** @returns null if the release is unknown; takes versions as gLayout does */
export function moduledataLayout(version: string): ModuledataLayout | null {
  return row<ModuledataLayout>(MODULEDATA, MODULEDATA_FIELDS, version);
}

/** @returns null if the release is unknown; takes versions as gLayout does */
export function tableIndexes(version: string): TableIndexes | null {
  return row<TableIndexes>(TABLES, TABLES_FIELDS, version);
}

/** @returns null if the release is unknown or older than 1.21; takes versions as gLayout does */
export function stateLayout(version: string): StateLayout | null {
  return row<StateLayout>(STATE, STATE_FIELDS, version);
}

/** @returns null if the release is unknown or older than 1.19; takes versions as gLayout does */
export function mapLayout(version: string): MapLayout | null {
  return row<MapLayout>(MAPS, MAPS_FIELDS, version);
}

function row<T>(rows: Rows, fields: readonly (keyof T)[], version: string): T | null {
  const minor = /^(?:devel )?(?:go)?(1\.\d+)/.exec(version)?.[1];
  if (minor === undefined || !Object.hasOwn(rows, minor)) return null;
  return Object.fromEntries(fields.map((field, i) => [field, rows[minor][i]])) as T;
}
