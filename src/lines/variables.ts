/**
 * Addresses of package variables, which fall out of the alignment: where the listing says `$runtime.allgs(SB)`, the module has
 * the number. Only names that a programmer could ask about; what the compiler makes for itself stays out.
 */
import type { Linked } from './align';

/** Strings, types, itabs, static temporaries, dictionaries, function values, tables for the collector. */
const MADE =
  /^(?:go|type|gclocals|gcargs|\$f\d+|runtime\.gcbits)[.:·]|\.\.|·f$|^""|^_cgo|\.(?:stkobj|arginfo\d*|argliveinfo|wrapinfo|opendefer)$/;

/** PCs of functions begin here; addresses of variables lie below. */
const FIRST_PC = 0x10000000;

export class Variables {
  private readonly addresses = new Map<string, number>();

  add({ symbol, address }: Linked): void {
    const known = this.addresses.get(symbol);
    if (known === address) return;
    if (known !== undefined) {
      // Two things of one name: neither is told.
      this.addresses.set(symbol, -1);
      return;
    }
    if (address <= 0 || address >= FIRST_PC || MADE.test(symbol)) return;
    this.addresses.set(symbol, address);
  }

  sorted(): { addresses: Uint32Array; symbols: string[] } {
    const known = [...this.addresses].filter(([, address]) => address > 0).sort((a, b) => a[1] - b[1]);
    return { addresses: Uint32Array.from(known, ([, address]) => address), symbols: known.map(([name]) => name) };
  }
}
