/**
 * What the Go toolchain left in a module, opened lazily: release, pclntab, lines, build information, and the way from
 * wasm functions to Go's. Parts that cannot be read cost only themselves; `warnings` tells why.
 */
import { lazily, Malformed, must } from '../bytes/malformed';
import type { Module } from '../wasm/module';
import { readBuildInfo } from './buildinfo';
import { readImage } from './image';
import { funcIDs, tableIndexes } from './layout';
import { type InlineFormat, Lines } from './lines';
import { findGofunc, findModuledata } from './moduledata';
import { FIRST_PC_F, type Func, Pclntab } from './pclntab';
import { RuntimeState } from './runtime-state';
import { findBuildVersion, readToolchain, releaseOf } from './toolchain';

/** How many functions with inline trees are tried to tell whether a base of funcdata is the right one. */
const SAMPLES = 50;

export class GoProgram {
  readonly image = lazily(() => readImage(this.module));
  readonly pclntab = lazily(() => Pclntab.find(must(this.image()), this.release));
  readonly buildInfo = lazily(() => readBuildInfo(must(this.image())));
  readonly lines = lazily(() => this.openLines());
  /** Where the runtime keeps what tells of the collector and the heap, and of the goroutine that runs. */
  readonly collectorState = lazily(() => must(this.runtimeState()).collector());
  readonly goroutineState = lazily(() => must(this.runtimeState()).goroutine());
  /** Why inlined frames are missing; '' when they are not. */
  inlineWarning = '';

  private readonly toolchain = lazily(() => readToolchain(this.module));
  private readonly runtimeState = lazily(() => new RuntimeState(this.module, this));
  private readonly table = lazily(() => this.functionTable());

  constructor(private readonly module: Module) {}

  /** As the toolchain spells it, e.g. `go1.26.11`; from `producers`, else runtime.buildVersion; null when neither tells. */
  get version(): string | null {
    const told = must(this.toolchain()).version;
    if (told) return told;
    const image = this.image();
    return image.ok ? this.buildVersion(image.value) : null;
  }

  private readonly buildVersion = once(findBuildVersion);

  /** Minor release, e.g. `1.26`. */
  get release(): string | null {
    return releaseOf(this.version);
  }

  /** Whether this is a gc program at all: by its toolchain's mark, else by its pclntab. */
  get isGo(): boolean {
    const { kind } = must(this.toolchain());
    return kind === 'go' || (kind === 'other' && this.module.section('producers') === null && this.pclntab().ok);
  }

  private openLines(): Lines {
    const image = must(this.image());
    const pclntab = must(this.pclntab());
    const release = this.release ?? GUESS[pclntab.version];
    const tables = tableIndexes(release) ?? tableIndexes(NEWEST)!;
    const wrapper = (funcIDs(release) ?? funcIDs(NEWEST)!).wrapper;
    const format: InlineFormat = {
      pcdata: tables.inlTreeIndex,
      funcdata: tables.inlTree,
      node: pclntab.version === '1.20' ? 'startLine' : release === '1.11' ? 'parent' : 'parentPc',
    };
    if (pclntab.version === '1.2' || pclntab.version === '1.16')
      return new Lines(image, pclntab, format, null, wrapper);
    try {
      const base = findGofunc(image, findModuledata(image, pclntab), this.release, (candidate) =>
        fits(new Lines(image, pclntab, format, candidate, wrapper)),
      );
      return new Lines(image, pclntab, format, base, wrapper);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      this.inlineWarning = `inlined calls: ${error.message}`;
      return new Lines(image, pclntab, format, null, wrapper);
    }
  }

  /**
   * Go functions behind a wasm function. The element segment at 0x1000 has one entry per Go function in order of PC_F;
   * the linker makes it the identity, wasm-opt maps merged functions many-to-one and shifts indexes.
   */
  private functionTable(): { identity: boolean; pcFs: Map<number, number[]> } {
    const imported = this.module.importedFunctions();
    const segments = must(this.module.elements());
    const segment = segments.find((one) => one.offset === FIRST_PC_F);
    const pcFs = new Map<number, number[]>();
    if (!segment) return { identity: segments.length === 0, pcFs };
    const { functions } = segment;
    const code = this.module.code();
    let identity = code.ok && code.value?.offsets.length === functions.length;
    for (let i = 0; i < functions.length && identity; i++) identity = functions[i] === imported + i;
    if (!identity) {
      for (let i = 0; i < functions.length; i++) {
        const known = pcFs.get(functions[i]);
        if (known) known.push(FIRST_PC_F + i);
        else pcFs.set(functions[i], [FIRST_PC_F + i]);
      }
    }
    return { identity, pcFs };
  }

  /** False when a tool after the linker moved functions: then literals of other functions may stand in a body. */
  get untouched(): boolean {
    const table = this.table();
    return table.ok && table.value.identity;
  }

  /** @param functionIndex wasm function index, imports counted @returns PC_Fs of the Go functions in it, most often one */
  pcFsOf(functionIndex: number): number[] {
    const table = this.table();
    if (!table.ok) return [];
    if (!table.value.identity) return table.value.pcFs.get(functionIndex) ?? [];
    return [FIRST_PC_F + functionIndex - this.module.importedFunctions()];
  }

  /** @returns wasm function index of a Go function, imports counted; -1 when the element segment has no entry for it */
  functionIndexOf(pcF: number): number {
    const table = this.table();
    if (!table.ok) return -1;
    if (table.value.identity) return this.module.importedFunctions() + pcF - FIRST_PC_F;
    const segment = must(this.module.elements()).find((one) => one.offset === FIRST_PC_F);
    return segment?.functions[pcF - FIRST_PC_F] ?? -1;
  }

  /** Every function of pclntab in order; those whose record cannot be read are left out. */
  *funcs(): Generator<Func> {
    const pclntab = this.pclntab();
    if (!pclntab.ok) return;
    for (let i = 0; i < pclntab.value.count; i++) {
      try {
        yield pclntab.value.func(i);
      } catch (error) {
        if (!(error instanceof Malformed)) throw error;
      }
    }
  }

  /** A function's name as the runtime prints it; null when it cannot be read. */
  nameOf(func: Func): string | null {
    const lines = this.lines();
    try {
      return lines.ok ? lines.value.functionName(func) : null;
    } catch (error) {
      if (error instanceof Malformed) return null;
      throw error;
    }
  }

  /** The Go function with this PC_F. @throws Malformed when its record cannot be read */
  funcOf(pcF: number): Func | null {
    const pclntab = this.pclntab();
    if (!pclntab.ok) return null;
    const index = pclntab.value.indexOf(pcF);
    return index < 0 ? null : pclntab.value.func(index);
  }
}

/** Stands in for a release that nothing tells, by the format of pclntab. */
const GUESS = { '1.2': '1.15', '1.16': '1.17', '1.18': '1.19', '1.20': '1.26' };
const NEWEST = '1.27';

/** Inline trees read with a right base name functions and point at blocks of their own function; with a wrong one, noise. */
function fits(lines: Lines): boolean {
  const { pclntab } = lines;
  let seen = 0;
  for (let i = 0; i < pclntab.count && seen < SAMPLES; i++) {
    try {
      const verdict = lines.treeFits(pclntab.func(i));
      if (verdict === false) return false;
      if (verdict) seen++;
    } catch (error) {
      if (error instanceof Malformed) return false;
      throw error;
    }
  }
  return true;
}

function once<A, R>(compute: (argument: A) => R): (argument: A) => R {
  let done: { value: R } | undefined;
  return (argument) => {
    done ??= { value: compute(argument) };
    return done.value;
  };
}
