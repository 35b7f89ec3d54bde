/**
 * Gathers what DWARF will say while the places of a module go by: units, functions, inlined calls as pieces of code, rows of
 * line programs. Addresses of DWARF on wasm count from the Code section's first byte, its number of functions (tool-conventions,
 * DWARF for WebAssembly; so do clang, LLDB and DevTools).
 */
import { attempt, Malformed } from '../bytes/malformed';
import type { Lines } from '../go/lines';
import { packageOf } from '../go/names';
import type { Func } from '../go/pclntab';
import type { Frame } from '../symbols/frame';
import { Declared } from './declared';
import { Inlines } from './inlines';
import type { Visitor } from './places';
import { type Abstract, type Concrete, Unit } from './unit';

/** Where functions are that belong to no package: equality of types, entry points, helpers in assembly. */
const NO_PACKAGE = '(no package)';

/** How much may be gathered; more is refused. */
export interface Bounds {
  /** Packages. */
  units: number;
  /** Pieces of code, of functions and of inlined calls. */
  pieces: number;
  /** Characters of paths in all units' tables of files. */
  paths: number;
}

export class Collector implements Visitor {
  readonly units: Unit[] = [];
  readonly abstracts: Abstract[] = [];
  readonly inlines: Inlines;
  /** Functions whose record could not be read. */
  failed = 0;

  private readonly unitsByName = new Map<string, Unit>();
  private readonly abstractNumbers = new Map<string, number>();
  private readonly concretes = new Map<number, Concrete | null>();
  private readonly declared: Declared;

  /** The function of the body that goes by. */
  private physical: Concrete | null = null;
  /** Whose code this is, and since where; another one's than the body's where wasm-opt inlined. */
  private owner: Concrete | null = null;
  private since = 0;
  /** Inlined calls that are open, outermost first, and since where. */
  private readonly open: { node: number; since: number }[] = [];
  /** Of the owner: the inlined call of each stack, and of each call. */
  private readonly nodesOfFrames = new Map<Frame[], number>();
  private readonly nodesOfCalls = new Map<string, number>();
  private lastUnit: Unit | null = null;

  private pathsLeft: number;

  /** @param base module offset of the Code section's content */
  constructor(
    private readonly lines: Lines,
    private readonly base: number,
    private readonly bounds: Bounds,
  ) {
    this.declared = new Declared(lines);
    this.inlines = new Inlines(bounds.pieces);
    this.pathsLeft = bounds.paths;
  }

  body(offset: number, func: Func | null): void {
    this.physical = func ? this.concrete(func) : null;
    if (!this.physical) return;
    this.own(this.physical, offset);
    this.row(offset, this.physical.file, this.physical.line, true);
  }

  place(offset: number, func: Func, frames: Frame[], sure: boolean): void {
    const owner = this.concrete(func);
    if (!owner) {
      this.unknown(offset);
      return;
    }
    this.own(owner, offset);
    this.nest(offset, this.node(owner, func, frames));
    const { file, line } = frames[0];
    const number = owner.unit.lines.file(file);
    if (number > 0) this.row(offset, number, line, sure);
    else this.row(offset, owner.file, 0, false);
  }

  unknown(offset: number): void {
    if (!this.physical) {
      this.leave(offset);
      return;
    }
    this.own(this.physical, offset);
    this.nest(offset, this.physical.root);
    this.row(offset, this.physical.file, 0, false);
  }

  end(offset: number): void {
    this.leave(offset);
  }

  private row(offset: number, file: number, line: number, sure: boolean): void {
    const { lines } = this.owner!.unit;
    // A row must name a file; without one there is no row.
    if (file > 0) lines.row(offset - this.base, file, line, sure && line > 0);
    else lines.end(offset - this.base);
  }

  private own(owner: Concrete, offset: number): void {
    if (owner === this.owner) return;
    this.leave(offset);
    this.owner = owner;
    this.since = offset;
  }

  private leave(offset: number): void {
    const { owner } = this;
    if (!owner) return;
    const [from, to] = [this.since - this.base, offset - this.base];
    owner.unit.lines.end(to);
    owner.unit.covers(from, to, this.lastUnit === owner.unit);
    this.lastUnit = owner.unit;
    this.owner = null;
    this.nodesOfFrames.clear();
    this.nodesOfCalls.clear();
    this.nest(offset, owner.root);
    this.inlines.covers(owner.root, from, to);
  }

  /** Closes and opens inlined calls until `node` is the innermost. */
  private nest(offset: number, node: number): void {
    const { inlines, open } = this;
    const path: number[] = [];
    for (let each = node; inlines.parent.at(each) >= 0; each = inlines.parent.at(each)) path.push(each);
    path.reverse();
    let common = 0;
    while (common < open.length && open[common].node === path[common]) common++;
    while (open.length > common) {
      const { node: closed, since } = open.pop()!;
      inlines.covers(closed, since - this.base, offset - this.base);
    }
    for (; common < path.length; common++) open.push({ node: path[common], since: offset });
  }

  /** The innermost inlined call of a stack; the function's root when nothing was inlined. */
  private node(owner: Concrete, func: Func, frames: Frame[]): number {
    let node = this.nodesOfFrames.get(frames);
    if (node !== undefined) return node;
    node = owner.root;
    for (let i = frames.length - 2; i >= 0; i--) {
      const callee = this.abstract(frames[i], func);
      const caller = frames[i + 1];
      const key = `${node} ${callee} ${caller.line} ${caller.file}`;
      let call = this.nodesOfCalls.get(key);
      if (call === undefined) {
        call = this.inlines.add(node, callee, owner.unit.lines.file(caller.file), caller.line);
        this.nodesOfCalls.set(key, call);
      }
      node = call;
    }
    this.nodesOfFrames.set(frames, node);
    return node;
  }

  private abstract(frame: Frame, into: Func): number {
    let number = this.abstractNumbers.get(frame.function);
    if (number === undefined) {
      number = this.abstracts.length;
      const unit = this.unit(frame.function);
      const line = this.declared.lineOf(frame.function, into);
      this.abstracts.push({ name: frame.function, unit, file: unit.lines.file(frame.file), line });
      unit.abstracts.push(number);
      this.abstractNumbers.set(frame.function, number);
    }
    return number;
  }

  /** @returns number of the abstract function that says the same of a concrete one; -1 for none */
  originOf({ name, file, line }: Concrete): number {
    const number = this.abstractNumbers.get(name) ?? -1;
    if (number < 0) return -1;
    const origin = this.abstracts[number];
    return origin.file === file && origin.line === line ? number : -1;
  }

  private concrete(func: Func): Concrete | null {
    let concrete = this.concretes.get(func.index);
    if (concrete === undefined) {
      concrete = attempt(() => {
        const name = this.lines.functionName(func);
        const { file, line } = this.lines.start(func);
        const unit = this.unit(name);
        return { name, unit, file: unit.lines.file(file), line, root: this.inlines.add(-1, -1, 0, 0) };
      });
      if (concrete) concrete.unit.concretes.push(concrete);
      else this.failed++;
      this.concretes.set(func.index, concrete);
    }
    return concrete;
  }

  private unit(name: string): Unit {
    const path = packageOf(name) || NO_PACKAGE;
    let unit = this.unitsByName.get(path);
    if (!unit) {
      if (this.units.length >= this.bounds.units) throw new Malformed('fewer packages', this.since);
      unit = new Unit(path, (length) => this.spendPath(length));
      this.units.push(unit);
      this.unitsByName.set(path, unit);
    }
    return unit;
  }

  private spendPath(length: number): void {
    this.pathsLeft -= length;
    if (this.pathsLeft < 0) throw new Malformed('fewer source files', this.since);
  }
}
