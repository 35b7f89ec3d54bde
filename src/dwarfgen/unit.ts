/** What is gathered of one Go package, a compilation unit of DWARF: its functions, its code, its lines. */
import { LineProgram } from './lineprogram';

/** A function as source: what calls that were inlined, and its own body, refer to. */
export interface Abstract {
  name: string;
  unit: Unit;
  /** In the unit's files; 0 for none. */
  file: number;
  line: number;
}

/** A function with code of its own. */
export interface Concrete extends Abstract {
  /** Its root among the inlined calls. */
  root: number;
}

export class Unit {
  readonly lines: LineProgram;
  /** Numbers of abstract functions. */
  readonly abstracts: number[] = [];
  readonly concretes: Concrete[] = [];
  /** From and to of each stretch of its code, ascending. */
  readonly stretches: number[] = [];

  /** @param spend is told the length of each path that the unit's files take */
  constructor(
    readonly name: string,
    spend: (length: number) => void,
  ) {
    this.lines = new LineProgram(spend);
  }

  /** @param follows whether no other unit's code lies between this and what was told last */
  covers(from: number, to: number, follows: boolean): void {
    if (follows) this.stretches[this.stretches.length - 1] = to;
    else this.stretches.push(from, to);
  }
}
