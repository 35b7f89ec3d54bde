/** Writes .debug_info and .debug_ranges (DWARF 4, 7.5 and 2.17.3) from what was gathered. */
import { Column } from '../bytes/column';
import { Writer } from '../bytes/writer';
import { INL_INLINED } from '../dwarf/codes';
import { abstractCode, DECLARING_UNIT, functionCode, Has, Identity, inlinedCode, UNIT } from './abbreviations';
import type { Collector } from './collect';
import { Strings } from './strings';
import type { Abstract, Concrete, Unit } from './unit';

export class InfoWriter {
  readonly info = new Writer();
  readonly ranges = new Writer();
  readonly strings = new Strings();
  /** Inlined calls written. */
  inlined = 0;
  functions = 0;

  /** Where abstract functions stand, and pairs of who refers to which: they may come later. */
  private readonly offsets: Uint32Array;
  private readonly references = new Column();

  constructor(private readonly collected: Collector) {
    this.offsets = new Uint32Array(collected.abstracts.length);
  }

  /** @param statements offset of the unit's program in .debug_line */
  unit(unit: Unit, producer: string, statements: number): void {
    const { info, strings, collected } = this;
    const start = info.length;
    // Length, filled in below; version; all units share the abbreviations at 0; addresses of wasm32.
    info.u32(0).u16(4).u32(0).u8(4);
    const hasCode = unit.stretches.length > 0;
    info.uleb(hasCode ? UNIT : DECLARING_UNIT);
    info.u32(strings.add(producer)).u32(strings.add(unit.name));
    // No folder: paths are whole, or relative to one that nobody knows (-trimpath).
    info.u32(strings.add('')).u32(statements);
    if (hasCode) {
      info.u32(0);
      this.pieces(unit.stretches);
    }
    for (const number of unit.abstracts) {
      this.offsets[number] = info.length;
      const abstract = collected.abstracts[number];
      info.uleb(abstractCode(abstract.file > 0 ? Identity.Declared : Identity.Name));
      this.named(abstract);
      info.u8(INL_INLINED);
    }
    for (const concrete of unit.concretes) this.concrete(concrete);
    info.u8(0);
    info.patch32(start, info.length - start - 4);
  }

  /** To be called when all units are written. */
  finish(): void {
    for (let i = 0; i < this.references.length; i += 2) {
      this.info.patch32(this.references.at(i), this.offsets[this.references.at(i + 1)]);
    }
  }

  private concrete(concrete: Concrete): void {
    const { info, collected } = this;
    const pieces = [...collected.inlines.pieces(concrete.root)].flat();
    if (pieces.length === 0) return;
    const children = [...collected.inlines.children(concrete.root)];
    const origin = collected.originOf(concrete);
    const has = hasOf(children, pieces);
    if (origin >= 0) {
      info.uleb(functionCode(Identity.Origin, has));
      this.refer(origin);
    } else {
      info.uleb(functionCode(concrete.file > 0 ? Identity.Declared : Identity.Name, has));
      this.named(concrete);
    }
    this.where(pieces);
    this.nested(children);
    this.functions++;
  }

  /** @param file 0 for a function whose file is not known: then nothing is said of its place */
  private named({ name, file, line }: Abstract): void {
    this.info.u32(this.strings.add(name));
    if (file > 0) this.info.uleb(file).uleb(line);
  }

  private nested(nodes: number[]): void {
    const { info } = this;
    const { inlines } = this.collected;
    for (const node of nodes) {
      const pieces = [...inlines.pieces(node)].flat();
      const children = [...inlines.children(node)];
      const file = inlines.callFile.at(node);
      info.uleb(inlinedCode(hasOf(children, pieces) | (file > 0 ? Has.Call : 0)));
      this.refer(inlines.callee.at(node));
      this.where(pieces);
      if (file > 0) info.uleb(file).uleb(inlines.callLine.at(node));
      this.nested(children);
      this.inlined++;
    }
    if (nodes.length > 0) info.u8(0);
  }

  private where(pieces: number[]): void {
    if (pieces.length === 2) this.info.u32(pieces[0]).uleb(pieces[1] - pieces[0]);
    else this.pieces(pieces);
  }

  /** From and to of each, relative to the unit's low PC, which is 0. */
  private pieces(pieces: number[]): void {
    this.info.u32(this.ranges.length);
    for (const address of pieces) this.ranges.u32(address);
    this.ranges.u32(0).u32(0);
  }

  private refer(abstract: number): void {
    this.references.push(this.info.length);
    this.references.push(abstract);
    this.info.u32(0);
  }
}

function hasOf(children: number[], pieces: number[]): number {
  return (children.length > 0 ? Has.Children : 0) | (pieces.length > 2 ? Has.Ranges : 0);
}
