/**
 * Which build a line table belongs to: 64 bits of the contents of the code and the data section, where instructions and
 * pclntab lie. Custom sections may come and go (`name` stripped, the table itself appended). Tells builds apart; proves nothing
 * against somebody who wants two to look alike.
 */
import type { Module } from '../wasm/module';

export function fingerprintOf(module: Module): Uint8Array {
  // Two FNV-1a of 32 bits, with different starts and primes.
  let low = 0x811c9dc5;
  let high = 0x1b873593;
  for (const { id, offset, size } of module.sections) {
    if (id !== 10 && id !== 11) continue;
    const end = offset + size;
    for (let at = offset; at < end; at++) {
      const byte = module.bytes[at];
      low = Math.imul(low ^ byte, 0x01000193);
      high = Math.imul(high ^ byte, 0x85ebca6b);
      high ^= high >>> 15;
    }
  }
  const print = new Uint8Array(8);
  new DataView(print.buffer).setInt32(0, low, true);
  new DataView(print.buffer).setInt32(4, high, true);
  return print;
}

const known = new WeakMap<Module, Uint8Array>();

/** Whether a module is the one of a fingerprint; worked out once for each module. */
export function isModuleOf(module: Module, fingerprint: Uint8Array): boolean {
  const print = known.get(module) ?? fingerprintOf(module);
  known.set(module, print);
  return print.every((byte, i) => byte === fingerprint[i]);
}
