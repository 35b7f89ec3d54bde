/**
 * Inlined calls and pieces of code while bodies go by: a forest in columns, for a big program has a million of them. A root is
 * a Go function, what hangs below it was inlined into it. Knows no bytes of DWARF.
 */

import { Column } from '../bytes/column';
import { Malformed } from '../bytes/malformed';

export class Inlines {
  /** Of each node: which function it is a call of, and where (file and line of the caller's unit). */
  readonly callee = new Column();
  readonly callFile = new Column();
  readonly callLine = new Column();
  readonly parent = new Column();
  private readonly firstChild = new Column();
  private readonly lastChild = new Column();
  private readonly sibling = new Column();
  /** Of each piece: from, to, and the next one of the same node. */
  private readonly from = new Column();
  private readonly to = new Column();
  private readonly next = new Column();
  private readonly firstPiece = new Column();
  private readonly lastPiece = new Column();

  /** @param most pieces of code altogether: a true program has one in a dozen bytes */
  constructor(private readonly most: number) {}

  /** Nodes, roots included. */
  get size(): number {
    return this.callee.length;
  }

  /** @param parent -1 for a root @returns the node's number */
  add(parent: number, callee: number, callFile: number, callLine: number): number {
    const node = this.callee.length;
    this.callee.push(callee);
    this.callFile.push(callFile);
    this.callLine.push(callLine);
    this.parent.push(parent);
    for (const column of [this.firstChild, this.lastChild, this.sibling, this.firstPiece, this.lastPiece])
      column.push(-1);
    if (parent >= 0) {
      if (this.lastChild.at(parent) < 0) this.firstChild.set(parent, node);
      else this.sibling.set(this.lastChild.at(parent), node);
      this.lastChild.set(parent, node);
    }
    return node;
  }

  /** A piece of code is this node's; one that goes on where the last one ended becomes part of it. @throws Malformed */
  covers(node: number, from: number, to: number): void {
    if (from >= to) return;
    const last = this.lastPiece.at(node);
    if (last >= 0 && this.to.at(last) === from) {
      this.to.set(last, to);
      return;
    }
    if (this.from.length >= this.most) throw new Malformed('fewer inlined calls', from);
    const piece = this.from.length;
    this.from.push(from);
    this.to.push(to);
    this.next.push(-1);
    if (last < 0) this.firstPiece.set(node, piece);
    else this.next.set(last, piece);
    this.lastPiece.set(node, piece);
  }

  /** Nodes directly below that have code. */
  *children(node: number): Generator<number> {
    for (let child = this.firstChild.at(node); child >= 0; child = this.sibling.at(child)) {
      if (this.firstPiece.at(child) >= 0) yield child;
    }
  }

  /** Pieces of a node in the order they were told. */
  *pieces(node: number): Generator<[from: number, to: number]> {
    for (let piece = this.firstPiece.at(node); piece >= 0; piece = this.next.at(piece)) {
      yield [this.from.at(piece), this.to.at(piece)];
    }
  }
}
