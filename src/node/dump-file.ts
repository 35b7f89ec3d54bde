/** Dumps as files, for Node: the codec of `memory/dump.ts` with zlib. Synchronous, for a process may be about to end. */
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { crc32 } from '../bytes/crc32';
import { beginDump, chunksOf, type DumpAbout } from '../memory/dump';
import { checkDumpParts } from '../protocol/check-handles';
import type { DumpParts } from '../protocol/handles';
import { deflate } from './deflate';

/**
 * @param taken of a program in this process, whose JavaScript may have put anything into its table
 * @throws Error of one sentence when it makes no sense, or cannot be written
 */
export function writeDump(path: string, taken: DumpParts, about: DumpAbout): void {
  const checked = checkDumpParts(taken);
  if (!checked || !(checked.bytes instanceof Uint8Array)) throw new Error('the dump does not add up');
  const writer = beginDump(about, checked);
  for (const { pages, bytes } of chunksOf(checked.pages, checked.bytes)) {
    writer.addChunk({ pages, crc: crc32(bytes), deflated: deflate(bytes) });
  }
  // A named pipe that nobody reads would hold the process for ever.
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NONBLOCK = 0 } = constants;
  const file = openSync(path, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK, 0o666);
  try {
    for (const part of writer.done()) for (let at = 0; at < part.length; ) at += writeSync(file, part, at);
  } finally {
    closeSync(file);
  }
}
