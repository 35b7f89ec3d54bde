/**
 * Makes the exact line table of one module out of a listing that comes in pieces. Every listed function is laid over the
 * module's functions of its name: the code must be the same byte by byte, the end of every block must have the line that pclntab
 * has. What does not fit is named and left out; nothing is guessed.
 */
import { attempt, must } from '../bytes/malformed';
import { packageOf, printedName } from '../go/names';
import type { Func } from '../go/pclntab';
import type { Program } from '../program';
import { Operators } from '../wasm/operators';
import { Alignment, type Linked, sameCode } from './align';
import { fileOfNode } from './exact';
import { fingerprintOf } from './fingerprint';
import { Places } from './inline';
import { type Listed, Listing } from './listing';
import { RunColumns } from './runs';
import type { LineTable } from './table';
import { Variables } from './variables';

/** Why a function has no lines, in order of what was tried. */
export type WhyNot = 'not listed' | 'other code' | 'other lines' | 'several listings';

export interface MadeLines {
  table: LineTable;
  functions: number;
  aligned: number;
  /** Of bodies that can be decoded. */
  instructions: number;
  covered: number;
  notAligned: { name: string; why: WhyNot }[];
  /** Says that the listing is of another build, and by what; null when it is not. */
  otherBuild: string | null;
}

/** What is known of one function of the module. */
interface State {
  func: Func;
  why: WhyNot | null;
  /** Those that have a line. */
  instructions: number;
}

export class LineMaker {
  readonly listing: Listing;
  private readonly byName = new Map<string, State[]>();
  private readonly states: State[] = [];
  private readonly alignment = new Alignment();
  private readonly places = new Places();
  private readonly runs = new RunColumns();
  private readonly variables = new Variables();
  /** Which file of pclntab each file of the listing is. */
  private readonly fileNames: (string | undefined)[] = [];

  /** @throws Malformed when the module has no pclntab */
  constructor(private readonly program: Program) {
    const pclntab = must(program.go.pclntab());
    for (const func of program.go.funcs()) {
      const name = attempt(() => pclntab.name(func.nameOff));
      if (name === null) continue;
      const state: State = { func, why: 'not listed', instructions: 0 };
      this.states.push(state);
      const known = this.byName.get(name);
      if (known) known.push(state);
      else this.byName.set(name, [state]);
    }
    this.listing = new Listing(
      (name) => this.named(name).length > 0,
      (listed) => this.add(listed),
    );
  }

  private add(listed: Listed): void {
    for (const state of this.named(listed.name)) this.lay(listed, state);
  }

  /** Up to 1.20 the linker writes `[...]` for the type arguments of generic functions: several may go by one name. */
  private named(name: string): State[] {
    return this.byName.get(name) ?? this.byName.get(printedName(name, must(this.program.go.pclntab()).version)) ?? [];
  }

  private lay(listed: Listed, state: State): void {
    const body = this.bodyOf(state.func);
    if (!body || state.why === 'several listings') return;
    const linked: Linked[] = [];
    if (!sameCode(listed, body, linked) || !attempt(() => this.alignment.align(listed, body))) {
      if (state.why === 'not listed') state.why = 'other code';
      return;
    }
    const tables = attempt(() => must(this.program.go.lines()).tables(state.func));
    const fits =
      tables &&
      attempt(() => this.places.read(listed, tables, (file, number) => this.sameFile(state.func, file, number)));
    if (!fits) {
      if (state.why !== null) state.why = 'other lines';
      return;
    }
    const { count, made } = this.alignment;
    if (state.why === null) {
      // The same function out of another package's listing (generic code): it must say the same.
      if (!this.runs.same(state.func.index, this.places, made, count)) {
        state.why = 'several listings';
        this.runs.forget(state.func.index);
      }
      return;
    }
    state.why = null;
    state.instructions = count;
    for (let i = 0; i < count; i++) if (this.places.lines[made[i]] === 0) state.instructions--;
    this.runs.add(state.func.index, this.places, made, count);
    for (const each of linked) this.variables.add(each);
  }

  /** The body of a function, by its number: PC_F counts defined functions in a module that no tool has touched. */
  private bodyOf(func: Func): Uint8Array | null {
    const { module, go } = this.program;
    const code = module.code();
    if (!code.ok || !code.value || !go.untouched || func.index >= code.value.offsets.length) return null;
    const start = code.value.offsets[func.index];
    return module.bytes.subarray(start, start + code.value.sizes[func.index]);
  }

  /**
   * The listing has the path as the compiler was given it, pclntab as -trimpath made it. The first block that ends in a file says
   * which it is in pclntab, if it has the same last part; all others must say the same.
   */
  private sameFile(func: Func, file: number, number: number): boolean {
    const name = must(this.program.go.pclntab()).file(func, number);
    const known = this.fileNames[file];
    if (known !== undefined) return known === name;
    if (lastPart(this.listing.files[file]) !== lastPart(name)) return false;
    this.fileNames[file] = name;
    return true;
  }

  /** To be called once, after the listing's end. */
  finish(): MadeLines {
    const { module } = this.program;
    const code = module.code();
    const bodies = code.ok && code.value ? code.value.offsets.length : 0;
    const aligned = this.states.filter(({ why }) => why === null);
    const covered = aligned.reduce((sum, { instructions }) => sum + instructions, 0);
    const notAligned: MadeLines['notAligned'] = [];
    let instructions = covered;
    for (const { func, why } of this.states) {
      if (why === null) continue;
      notAligned.push({ name: must(this.program.go.pclntab()).name(func.nameOff), why });
      instructions += attempt(() => countInstructions(this.bodyOf(func))) ?? 0;
    }
    const { addresses, symbols } = this.variables.sorted();
    const columns = this.runs.inOrder(bodies);
    const files = this.filesOf(columns.firstRuns, columns.nodes, columns.files);
    return {
      table: { fingerprint: fingerprintOf(module), ...columns, ...files, addresses, symbols },
      functions: this.states.length,
      aligned: aligned.length,
      instructions,
      covered,
      notAligned,
      otherBuild: this.otherBuild(aligned.length),
    };
  }

  /** Which runs have another file than pclntab has for their node. */
  private filesOf(firstRuns: Uint32Array, nodes: Int32Array, listedFiles: Int32Array) {
    const files: string[] = [];
    const numbers = new Map<string, number>();
    const otherRuns: number[] = [];
    const otherFiles: number[] = [];
    for (const { func, why } of this.states) {
      if (why !== null) continue;
      const lines = must(this.program.go.lines());
      const tables = lines.tables(func);
      const usual = new Map<number, string>();
      for (let run = firstRuns[func.index]; run < firstRuns[func.index + 1]; run++) {
        const node = nodes[run];
        let name = usual.get(node);
        if (name === undefined) {
          name = fileOfNode(lines, func, tables, node);
          usual.set(node, name);
        }
        const own = listedFiles[run] < 0 ? '' : this.fileName(listedFiles[run]);
        if (own === name) continue;
        let number = numbers.get(own);
        if (number === undefined) {
          number = files.push(own) - 1;
          numbers.set(own, number);
        }
        otherRuns.push(run);
        otherFiles.push(number);
      }
    }
    return { files, otherRuns: Uint32Array.from(otherRuns), otherFiles: Uint32Array.from(otherFiles) };
  }

  private fileName(file: number): string {
    // A file of which no block of the module ends in: pclntab does not have it, and the listing's own word stands.
    return this.fileNames[file] ?? this.listing.files[file];
  }

  /**
   * A package of which more functions differ than fit was compiled from other source or with other flags. Single ones that
   * differ are named only.
   */
  private otherBuild(aligned: number): string | null {
    if (aligned === 0)
      return this.listing.functions === 0 ? 'the listing has no functions' : 'none of its functions fits';
    const packages = new Map<string, { fits: number; differs: number }>();
    for (const { func, why } of this.states) {
      const path = packageOf(must(this.program.go.pclntab()).name(func.nameOff));
      const counts = packages.get(path) ?? { fits: 0, differs: 0 };
      packages.set(path, counts);
      if (why === null) counts.fits++;
      else if (why !== 'not listed') counts.differs++;
    }
    for (const [path, { fits, differs }] of packages) {
      if (differs > fits)
        return `${path === '' ? 'helpers of the runtime' : `package ${path}`}: ${differs} of ${fits + differs} functions differ`;
    }
    return null;
  }
}

function countInstructions(body: Uint8Array | null): number {
  if (!body) return 0;
  const operators = new Operators(body, 0);
  let count = 0;
  while (operators.next()) count++;
  return count;
}

function lastPart(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
