/** A module with its line table in it: the custom section comes last, so no offset moves. */

import { Writer } from '../bytes/writer';
import type { Module } from '../wasm/module';
import { SECTION } from './table';

/** @returns the module's bytes with the table as its last section, in place of one that it may have had */
export function appendTable(module: Module, table: Uint8Array): Uint8Array {
  const out = new Writer();
  const { bytes, sections } = module;
  let from = 8;
  out.append(bytes.subarray(0, from));
  for (const { id, name, offset, size } of sections) {
    const end = offset + size;
    if (id !== 0 || name !== SECTION) out.append(bytes.subarray(from, end));
    from = end;
  }
  const section = new Writer();
  section.name(SECTION);
  section.append(table);
  out.uleb(0);
  out.sized(section.done());
  return out.done();
}
