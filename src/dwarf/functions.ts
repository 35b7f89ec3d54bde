/**
 * The functions of one unit: which entries, inlined calls too, have which addresses, and in what scope each stands. One pass over
 * the unit; of an entry only its place and its scope are kept, in columns. Source: DWARF 5 section 2.3 (trees) and 3.3.
 */
import { floorIndex } from '../bytes/search';
import { TAG } from './codes';
import { Column } from './column';
import type { Add, Ranges } from './ranges';
import { Segments } from './segments';
import type { Unit } from './unit';

/** What has a name that stands in front of a function's. */
const SCOPES = new Set<number>([
  TAG.namespace,
  TAG.module,
  TAG.class_type,
  TAG.structure_type,
  TAG.union_type,
  TAG.interface_type,
  TAG.enumeration_type,
]);

/** What an entry is, in the lowest two bits beside its parent. */
export const SCOPE = 0;
export const FUNCTION = 1;
export const INLINED = 2;

/** Stands for no parent. */
const NONE = 0x3fffffff;

export class Functions {
  private constructor(
    /** Offsets in .debug_info of scopes, functions and inlined calls, ascending. */
    private readonly offsets: Uint32Array,
    /** The next one that encloses each, and what each is: SCOPE, FUNCTION or INLINED in the lowest two bits. */
    private readonly parents: Uint32Array,
    private readonly segments: Segments,
  ) {}

  /** @throws Malformed */
  static read(unit: Unit, ranges: Ranges): Functions {
    const size = unit.header.end - unit.header.first;
    const offsets = new Column(size >> 6);
    const parents = new Column(size >> 6);
    const segments = new Segments();
    // Of each entry that has children and is open: twice the number of what encloses them, and one more in removed code.
    const open = new Column();
    const { tags, children } = unit.abbreviations;
    const reader = unit.reader(unit.header.first);
    while (reader.left > 0) {
      const at = reader.position;
      const code = reader.leb64();
      if (code === 0) {
        if (open.length <= 1) break;
        open.pop();
        continue;
      }
      const shape = unit.shape(code, reader);
      const kind = kindOf(tags[shape]);
      let around = open.last() ?? NONE * 2;
      if (kind < 0) unit.skip(reader, shape);
      else {
        const number = offsets.length;
        if (number === NONE) reader.fail(`fewer than ${NONE} functions and scopes`);
        offsets.push(at);
        parents.push((around >>> 1) * 4 + kind);
        let removed = kind === INLINED && (around & 1) === 1;
        if (kind === SCOPE || removed) unit.skip(reader, shape);
        else {
          let live = false;
          const placed = ranges.each(unit, unit.placeOf(reader, shape), (low, high) => {
            live = true;
            segments.add(low, high, number);
          });
          removed = placed && !live && kind === FUNCTION;
        }
        around = number * 2 + (removed ? 1 : 0);
      }
      if (children[shape]) open.push(around);
      else if (open.length === 0) break;
    }
    return new Functions(offsets.done(), parents.done(), segments.close());
  }

  /** @returns number of the innermost function or inlined call that has an address; NOBODY when none has */
  at(address: number): number {
    return this.segments.find(address);
  }

  /** Every address that some function has. */
  eachRange(add: Add): void {
    this.segments.each(add);
  }

  /** Offset in .debug_info. */
  offset(number: number): number {
    return this.offsets[number];
  }

  /** @returns the number of what encloses a function or scope; -1 when nothing does */
  parent(number: number): number {
    const parent = this.parents[number] >>> 2;
    return parent === NONE ? -1 : parent;
  }

  /** @returns SCOPE, FUNCTION or INLINED */
  kind(number: number): number {
    return this.parents[number] & 3;
  }

  /** @returns the number of the entry that starts at an offset in .debug_info; -1 when none of those kept does */
  starting(offset: number): number {
    const number = floorIndex(this.offsets, offset);
    return number >= 0 && this.offsets[number] === offset ? number : -1;
  }
}

function kindOf(tag: number): number {
  if (tag === TAG.subprogram) return FUNCTION;
  if (tag === TAG.inlined_subroutine) return INLINED;
  return SCOPES.has(tag) ? SCOPE : -1;
}
