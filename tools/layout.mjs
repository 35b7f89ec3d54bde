// Writes src/go/layout.ts from the runtime sources of every Go release the go command can get (GOTOOLCHAIN).
//   node tools/layout.mjs
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensurePackages, explain, findGo, Missing, root } from './ensure.mjs';
import { goEnvironment, minorOf, RELEASES } from './releases.mjs';

function readReleases(go) {
  const folder = mkdtempSync(join(tmpdir(), 'layout-'));
  try {
    const tool = join(folder, 'layout');
    execFileSync(go, ['build', '-o', tool, '.'], { cwd: join(root, 'tools/layout'), stdio: 'inherit' });
    return RELEASES.map((version) => {
      const options = { env: goEnvironment(version), encoding: 'utf8' };
      const minor = String(minorOf(version));
      const goroot = execFileSync(go, ['env', 'GOROOT'], options).trim();
      // Releases before 1.17 know no tool tags and say so by failing.
      const tags = spawnSync(go, ['list', '-f', '{{range context.ToolTags}}{{.}},{{end}}', 'runtime'], options);
      const known = tags.status === 0 ? tags.stdout.trim() : '';
      return { minor: `1.${minor}`, ...JSON.parse(execFileSync(tool, [goroot, minor, known], { encoding: 'utf8' })) };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeLayout(rows) {
  const file = join(root, 'src/go/layout.ts');
  writeFileSync(file, HEAD + tables(rows) + TAIL);
  execFileSync(process.execPath, [join(root, 'node_modules/@biomejs/biome/bin/biome'), 'format', '--write', file], {
    cwd: root,
    stdio: 'inherit',
  });
}

function tables(rows) {
  const tags = {
    G: (row) => [...row.G, ...row.M],
    FUNC_IDS: (row) => pick(plainNames(row.FuncIDs), FIELDS.FUNC_IDS),
    MODULEDATA: (row) => row.Moduledata,
    TABLES: (row) => pick(row.Tables, ['PCDATA_InlTreeIndex', 'FUNCDATA_InlTree']),
    STATE: (row) => row.State,
    MAPS: (row) => row.Map,
  };
  return Object.entries(tags)
    .map(([name, numbers]) => {
      const known = rows.filter((row) => numbers(row));
      const lines = known.map((row) => `'${row.minor}': ${JSON.stringify(numbers(row))},`);
      return `
const ${name}_FIELDS = ${JSON.stringify(FIELDS[name])} as const;
const ${name}: Rows = {
${lines.join('\n')}
};
`;
    })
    .join('');
}

/** `_goexit`, `Wrapper`, `_wrapper` → `goexit`, `wrapper`. */
function plainNames(ids) {
  const plain = (name) => (name.startsWith('_') ? name.slice(1) : name.toLowerCase());
  return Object.fromEntries(Object.entries(ids).map(([name, id]) => [plain(name), id]));
}

function pick(numbers, names) {
  return names.map((name) => numbers[name] ?? -1);
}

// The columns; G, M, MODULEDATA, STATE and MAPS are in the order in which tools/layout/main.go prints them.
const FIELDS = {
  G: words(`m schedSp schedPc schedG atomicstatus goid waitsince waitreason parentGoid gopc startpc mG0 mCurg`),
  FUNC_IDS: words(`goexit rt0_go mstart mcall morestack systemstack systemstack_switch gogo asyncPreempt
    handleAsyncEvent runtime_main gopanic sigpanic panicwrap wrapper`),
  MODULEDATA: words(`ftab minpc maxpc noptrdata enoptrdata data edata bss ebss noptrbss enoptrbss types etypes gofunc`),
  TABLES: words(`inlTreeIndex inlTree`),
  STATE: words(`userForced cycles tSweepTerm tMark tMarkTerm tEnd pauseNS heap0 heap1 heap2
    enablegc numgc lastGcUnix lastGcNanotime pauseTotalNs lastHeapInUse
    heapLive heapInUse heapFree heapReleased lastHeapGoal`),
  MAPS: words(`kind key elem keySize valueSize bucketSize flags logBuckets buckets oldBuckets
    groupSize slotSize elemOff keysOff keyStride elemsOff elemStride dirPtr dirLen groups lengthMask`),
};

function words(text) {
  return text.split(/\s+/);
}

const HEAD = `// Made by \`node tools/layout.mjs\`; do not edit.
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
  /** In what describes a map of groups. u64 each; from 1.27 on \`keysOff\` and the three that follow say where slots lie in a group. */
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
`;

const TAIL = `
/** @param version as toolchains say it: \`go1.24.6\`, \`1.19\`, \`go1.26.5 X:nogreenteagc\`; @returns null if unknown */
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
  const minor = /^(?:devel )?(?:go)?(1\\.\\d+)/.exec(version)?.[1];
  if (minor === undefined || !Object.hasOwn(rows, minor)) return null;
  return Object.fromEntries(fields.map((field, i) => [field, rows[minor][i]])) as T;
}
`;

try {
  ensurePackages();
  const go = findGo();
  if (!go) throw new Missing('No go command found: install Go (go.dev/dl) or set GO.');
  writeLayout(readReleases(go));
} catch (error) {
  explain(error);
}
