/**
 * On which line the `func` of an inlined function stands: Go 1.20 and later keep it with each inlined call (runtime/symtabinl.go
 * inlinedCall.startLine), for many such functions have no code of their own. Before, nothing tells.
 */
import { attempt } from '../bytes/malformed';
import type { Lines } from '../go/lines';
import { printedName } from '../go/names';
import type { Func } from '../go/pclntab';

export class Declared {
  private readonly known = new Map<string, number>();

  constructor(private readonly lines: Lines) {}

  /** @param func one that it was inlined into @returns 0 when not known */
  lineOf(name: string, func: Func): number {
    if (this.lines.pclntab.version !== '1.20') return 0;
    if (!this.known.has(name)) attempt(() => this.read(func));
    return this.known.get(name) ?? 0;
  }

  /** All that were inlined into a function. */
  private read(func: Func): void {
    const { pclntab } = this.lines;
    const { nodes, tree } = this.lines.tables(func);
    if (tree === null) return;
    for (const node of new Set(nodes.values)) {
      if (node < 0) continue;
      const call = attempt(() => this.lines.inlineCall(tree, node));
      const name = call && attempt(() => printedName(pclntab.name(call.nameOff), pclntab.version));
      if (call && name !== null && !this.known.has(name)) this.known.set(name, Math.max(call.startLine, 0));
    }
  }
}
