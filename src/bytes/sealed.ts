/**
 * How our own large files begin: eight letters, a version (a byte), u32 length of what follows the checksum, u32 its CRC-32. Knows nothing of
 * what follows.
 */
import { crc32 } from './crc32';
import { Reader } from './reader';
import { Writer } from './writer';

/** A kind of file. */
export interface Seal {
  /** Eight letters of ASCII. */
  letters: string;
  version: number;
  /** In a word, and in full for who has another file. */
  word: string;
  what: string;
}

const LETTERS = 8;
/** Bytes before what the checksum is about. */
export const SEALED_FROM = LETTERS + 9;

/** @returns what a file begins with, to go on with; `seal` sets length and checksum */
export function beginSealed({ letters, version }: Seal): Writer {
  return new Writer().append(new TextEncoder().encode(letters)).u8(version).u32(0).u32(0);
}

/**
 * @param file begun by `beginSealed`
 * @param length bytes of what follows the checksum, and their CRC-32
 */
export function seal(file: Writer, length: number, crc: number): void {
  file.patch32(LETTERS + 1, length);
  file.patch32(LETTERS + 5, crc);
}

/**
 * @returns a reader of what the checksum is about
 * @throws Malformed for another kind of file, or one that is cut or was changed
 */
export function openSealed(file: Uint8Array, { letters, version, word, what }: Seal): Reader {
  const reader = new Reader(file);
  for (let i = 0; i < LETTERS; i++) if (file[i] !== letters.charCodeAt(i)) reader.fail(`${what} ("${letters}")`);
  reader.skip(LETTERS);
  if (file[LETTERS] !== version) reader.fail(`version ${version} of the ${word}`);
  reader.skip(1);
  const length = reader.u32();
  const sum = reader.u32();
  if (length !== reader.left) reader.fail(`${length} bytes, and not ${reader.left}`);
  if (crc32(file.subarray(SEALED_FROM)) !== sum) reader.fail('bytes that add up to the checksum');
  return reader;
}
