/** Where a command puts the file that it makes. */
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { BadInput } from './input';

/** @param out `-` for standard output @throws BadInput when it cannot be written */
export function writeTo(out: string, content: string | Uint8Array): void {
  if (out === '-') {
    // Not writeFileSync: a pipe that is full for a moment would be an error.
    process.stdout.write(content);
    return;
  }
  try {
    writeFileSync(out, content);
  } catch (error) {
    throw new BadInput(`${out}: ${(error as Error).message}`);
  }
}

/** Writes what comes in pieces, and may be too long for one string. @param out as above @throws BadInput as above */
export function writeParts(out: string, parts: Iterable<string | Uint8Array>): void {
  if (out === '-') {
    for (const part of parts) process.stdout.write(part);
    return;
  }
  try {
    const file = openSync(out, 'w');
    try {
      for (const part of parts) writeFileSync(file, part);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new BadInput(`${out}: ${(error as Error).message}`);
  }
}
