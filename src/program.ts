/**
 * Program: all that one binary tells, each part lazy and remembered, failures included. The CLI and the session ask here.
 */
import { lazily, type Outcome } from './bytes/malformed';
import { GoProgram } from './go/program';
import { readToolchain } from './go/toolchain';
import { ExactLines } from './lines/exact';
import { SECTION } from './lines/table';
import { readPlaces } from './sourcemap/consume';
import { DebugInfo } from './symbols/debug-info';
import { externalDebugInfo, openExternal } from './symbols/external-debug-info';
import type { Frame, Located } from './symbols/frame';
import { Locator } from './symbols/locate';
import { Module } from './wasm/module';

export class Program {
  readonly module: Module;
  readonly go: GoProgram;
  readonly locator: Locator;

  /** @throws Malformed when the bytes are no wasm module */
  constructor(bytes: Uint8Array) {
    this.module = new Module(bytes);
    this.go = new GoProgram(this.module);
    this.locator = new Locator(this.module, this.go);
    this.locator.attach('dwarf', () => this.debug());
    if (this.module.section(SECTION)) this.locator.attach('exact', () => this.exactLines());
  }

  private readonly ownDebugInfo = lazily(() => DebugInfo.open(this.module, this.module));
  private attachedDebugInfo: DebugInfo | null = null;

  /** @returns the DWARF that is asked for places: of a second module when one was attached, else the module's own; null for none */
  debug(): DebugInfo | null {
    if (this.attachedDebugInfo) return this.attachedDebugInfo;
    const own = this.ownDebugInfo();
    return own.ok ? own.value : null;
  }

  /** Why debug information that is there does not tell all; one line each. Grows as more of it is read. */
  debugWarnings(): string[] {
    if (this.attachedDebugInfo) return this.attachedDebugInfo.warnings;
    const own = this.ownDebugInfo();
    return own.ok ? (own.value?.warnings ?? []) : [own.why];
  }

  /** @returns where the debug information lies that was taken out of this module, as the module says; null when it does not */
  externalDebugInfo(): string | null {
    return externalDebugInfo(this.module);
  }

  /** Takes a second module that holds this one's debug information. @returns why not, when it does not fit */
  attachDebugInfo(bytes: Uint8Array): Outcome<null> {
    const outcome = openExternal(this.module, bytes);
    if (!outcome.ok) return outcome;
    this.attachedDebugInfo = outcome.value;
    // What was answered without it is forgotten.
    this.locator.attach('dwarf', () => this.debug());
    return { ok: true, value: null };
  }

  /**
   * Has an exact line table asked from now on, in place of the module's own.
   * @returns why not, when it cannot be read or belongs to another build
   */
  attachLines(bytes: Uint8Array): Outcome<ExactLines> {
    const opened = lazily(() => ExactLines.open(this, bytes))();
    if (opened.ok) {
      this.attached = opened.value;
      this.locator.attach('exact', () => opened.value);
    }
    return opened;
  }

  /** The exact line table: the one handed in, else the module's own section; null without one that can be read. */
  exactLines(): ExactLines | null {
    if (this.attached) return this.attached;
    const own = this.ownLines();
    return own.ok ? own.value : null;
  }

  /** The table in the module's section `go_debug_line`; null without one. */
  readonly ownLines = lazily(() => {
    const section = this.module.section(SECTION);
    return section ? ExactLines.open(this, this.module.reader(section).bytes, section.offset) : null;
  });

  private attached: ExactLines | null = null;

  /** @returns what is known about a module offset; null when nothing can name it */
  locate(offset: number): Located | null {
    return this.locator.locate(offset);
  }

  /**
   * Has a source map asked from now on about what pclntab and DWARF do not know.
   * @throws Malformed when it cannot be read; what was known stays as it was
   */
  attachMap(text: string): void {
    const places = readPlaces(this, text);
    this.locator.attach('sourcemap', () => places);
  }

  /** Frames of a return PC on Go's stack, innermost first. */
  framesOfReturn(pc: number): Frame[] | null {
    return this.locator.framesOfReturn(pc);
  }

  /** @returns wasm function index by its name in the name section, as engines print it; null when none or several have it */
  functionNamed(name: string): number | null {
    this.byName ??= this.indexNames();
    return this.byName.get(name) ?? null;
  }

  /** @returns whether Go's own tracebacks can be of this program, as far as one function's name tells */
  printsFunction(name: string, inlined: boolean): boolean {
    this.byGoName ??= this.indexGoNames();
    // Functions that were inlined everywhere have no entry; gopanic is printed as `panic`.
    return this.byGoName.has(name) || (this.byGoName.size > 0 && (inlined || name === 'panic'));
  }

  /** @returns PC_F of the Go function that tracebacks print so; null when none or several have it */
  pcFNamed(name: string): number | null {
    this.byGoName ??= this.indexGoNames();
    return this.byGoName.get(name) ?? null;
  }

  /** @returns wasm function index of a Go function, -1 when its table entry is missing */
  functionIndexOf(pcF: number): number {
    return this.go.functionIndexOf(pcF);
  }

  private byName: Map<string, number | null> | undefined;
  private byGoName: Map<string, number | null> | undefined;

  private indexNames(): Map<string, number | null> {
    const names = this.module.names();
    const index = new Map<string, number | null>();
    if (!names.ok || !names.value) return index;
    for (const [number, name] of names.value.all()) index.set(name, index.has(name) ? null : number);
    return index;
  }

  private indexGoNames(): Map<string, number | null> {
    const index = new Map<string, number | null>();
    for (const func of this.go.funcs()) {
      const name = this.go.nameOf(func);
      if (name !== null) index.set(name, index.has(name) ? null : func.pcF);
    }
    return index;
  }

  readonly toolchain = () => readToolchain(this.module);
}
