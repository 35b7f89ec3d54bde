/**
 * Where the Go runtime's variables lie in linear memory that tell of the collector, of the heap's size and of the goroutine that
 * runs, without symbols: from the addresses that functions of the runtime access. Which function touches which fields is known from its source; a
 * variable is where all of them stand, at the distances that the release's layout says and accessed as the source does. It must be the only such
 * place, and the same for two functions; else it is not told.
 *
 * Facts: runtime/mgc.go gcStart, gcMarkTermination, gcTrigger.test; mheap.go allocSpan; asm_wasm.s rt0_go (Go 1.21 to 1.27).
 */
import { must } from '../bytes/malformed';
import type { Module } from '../wasm/module';
import { type Accesses, PASSED, readAccesses, reads, writes } from './accesses';
import { type Body, bodiesOf, dataRanges, type Range } from './bodies';
import { gLayout, type StateLayout, stateLayout } from './layout';
import type { GoProgram } from './program';

/** Linear addresses; sizes and units as in `StateLayout`. */
export interface CollectorState {
  /** u32: cycles begun, and ended. */
  cycles: number;
  numgc: number;
  /** i64 of runtime.nanotime, of the latest cycle. */
  tSweepTerm: number;
  tEnd: number;
  /** u64, bytes, of the latest cycle: when it began, and what it left. */
  heap0: number;
  heap2: number;
  /** u64, bytes. */
  heapLive: number;
  heapInUse: number;
  heapFree: number;
  heapReleased: number;
}

/** Linear addresses, and offsets from there. */
export interface GoroutineState {
  /** runtime.m0: the only thread there is. */
  m0: number;
  g0: number;
  /** Of m0.curg, a pointer to the goroutine that runs; 0 while none does. */
  curg: number;
  /** In a g: the pointer to its m, and its number, u64. */
  gM: number;
  gGoid: number;
}

type Field = keyof StateLayout;
/** What a function of the runtime does with fields of one variable. */
type Habit = [name: string, accesses: [field: Field, how: number][]];

const WORK: Habit[] = [
  [
    'runtime.gcStart',
    [
      ['tSweepTerm', writes(8)],
      ['heap0', writes(8)],
      ['pauseNS', writes(8)],
      ['userForced', writes(1)],
      ['cycles', PASSED],
    ],
  ],
  [
    'runtime.gcMarkTermination',
    [
      ['heap1', writes(8)],
      ['tEnd', writes(8)],
      ['tSweepTerm', reads(8)],
      ['tMark', reads(8)],
      ['tMarkTerm', reads(8)],
      ['heap0', reads(8)],
      ['heap2', reads(8)],
    ],
  ],
];

const MEMSTATS: Habit[] = [
  [
    'runtime.gcMarkTermination',
    [
      ['numgc', reads(4)],
      ['numgc', writes(4)],
      ['pauseTotalNs', reads(8)],
      ['pauseTotalNs', writes(8)],
      ['lastHeapInUse', writes(8)],
      ['lastGcUnix', PASSED],
      ['lastGcNanotime', PASSED],
    ],
  ],
  [
    'runtime.gcTrigger.test',
    [
      ['enablegc', reads(1)],
      ['lastGcNanotime', PASSED],
    ],
  ],
];

const CONTROLLER: Habit[] = [
  [
    'runtime.(*mheap).allocSpan',
    [
      ['heapInUse', PASSED],
      ['heapFree', PASSED],
      ['heapReleased', PASSED],
    ],
  ],
  [
    'runtime.gcMarkTermination',
    [
      ['heapLive', PASSED],
      ['heapInUse', PASSED],
      ['lastHeapGoal', reads(8)],
    ],
  ],
];

const ENTRY = 'runtime.rt0_go';
/** All that are read. */
const READ = [ENTRY, ...[...WORK, ...MEMSTATS, ...CONTROLLER].map(([name]) => name)];

/** Reads bodies of one program by their functions' names. */
export class RuntimeState {
  private readonly read = new Map<string, Accesses>();
  private bodies: Map<string, Body> | undefined;
  private variables: Range | undefined;

  /** @throws Malformed when the program's parts that are needed cannot be read */
  constructor(
    private readonly module: Module,
    private readonly go: GoProgram,
  ) {}

  /** @throws Malformed, which says what was not found, or not for sure */
  collector(): CollectorState {
    const layout = stateLayout(this.go.release ?? '') ?? this.unknownRelease();
    const work = this.variable('runtime.work', WORK, layout);
    const memstats = this.variable('runtime.memstats', MEMSTATS, layout);
    const controller = this.variable('runtime.gcController', CONTROLLER, layout);
    return {
      cycles: work + layout.cycles,
      numgc: memstats + layout.numgc,
      tSweepTerm: work + layout.tSweepTerm,
      tEnd: work + layout.tEnd,
      heap0: work + layout.heap0,
      heap2: work + layout.heap2,
      heapLive: controller + layout.heapLive,
      heapInUse: controller + layout.heapInUse,
      heapFree: controller + layout.heapFree,
      heapReleased: controller + layout.heapReleased,
    };
  }

  /**
   * rt0_go ties g0 and m0 to each other before anything else runs.
   * @throws Malformed as above
   */
  goroutine(): GoroutineState {
    const release = this.go.release ?? '';
    const layout = (stateLayout(release) && gLayout(release)) ?? this.unknownRelease();
    const { addresses, how, values } = this.accesses(ENTRY);
    const written = new Map<number, number>();
    for (let i = 0; i < addresses.length; i++) {
      if (how.at(i) === writes(8) && values.at(i) !== 0) written.set(addresses.at(i), values.at(i));
    }
    const pairs = new Map<number, number>();
    for (const [address, g0] of written) {
      const m0 = address - layout.mG0;
      if (written.get(g0 + layout.m) === m0) pairs.set(m0, g0);
    }
    if (pairs.size !== 1) fail(`${ENTRY} has ${pairs.size} places that may be runtime.m0`);
    const [[m0, g0]] = pairs;
    return { m0, g0, curg: m0 + layout.mCurg, gM: layout.m, gGoid: layout.goid };
  }

  /** @returns the only address that the accesses of all these functions have in common */
  private variable(name: string, habits: Habit[], layout: StateLayout): number {
    let common: number | null = null;
    for (const [where, expected] of habits) {
      const bases = basesOf(this.accesses(where), expected, layout);
      if (bases.length !== 1) fail(`${where} has ${bases.length} places that may be ${name}`);
      if (common !== null && common !== bases[0]) fail(`${name} is another in ${where} than in ${habits[0][0]}`);
      common = bases[0];
    }
    return common as number;
  }

  private accesses(name: string): Accesses {
    let found = this.read.get(name);
    if (!found) {
      this.bodies ??= bodiesOf(this.module, this.go, READ);
      const { bytes, offset } = this.bodies.get(name) ?? fail(`the program has no function ${name}`);
      this.variables ??= dataRanges(this.go, must(this.go.image()))?.variables ?? this.unknownRelease();
      found = readAccesses(bytes, offset, ...this.variables);
      this.read.set(name, found);
    }
    return found;
  }

  private unknownRelease(): never {
    return fail(`known for Go 1.21 to 1.27, and this is ${this.go.version ?? 'of no known release'}`);
  }
}

/** @throws Malformed of these words */
function fail(why: string): never {
  return must({ ok: false, why });
}

/** @returns every address from which all of the expected accesses lie where the layout has their fields */
function basesOf({ addresses, how }: Accesses, expected: Habit[1], layout: StateLayout): number[] {
  const seen = new Set<number>();
  const key = (address: number, way: number) => address * 0x40 + way;
  for (let i = 0; i < addresses.length; i++) seen.add(key(addresses.at(i), how.at(i)));
  const [[first, way]] = expected;
  const bases = new Set<number>();
  for (let i = 0; i < addresses.length; i++) {
    const base = addresses.at(i) - layout[first];
    if (how.at(i) !== way || base % 8 !== 0) continue;
    if (expected.every(([field, each]) => seen.has(key(base + layout[field], each)))) bases.add(base);
  }
  return [...bases];
}
