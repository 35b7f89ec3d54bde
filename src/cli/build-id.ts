/** Which build a file is about: the same 16 bytes as debug id of its source map and as build_id of its DWARF (contract.md). */
import { createHash } from 'node:crypto';

/** @returns the first 16 bytes of the module's SHA-256 */
export function buildId(module: Uint8Array): Uint8Array {
  return createHash('sha256').update(module).digest().subarray(0, 16);
}

/** @returns the same, spelled as a UUID */
export function debugId(module: Uint8Array): string {
  const hex = hexOf(buildId(module));
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
