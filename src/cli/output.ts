/** Where a command puts the file that it makes. */
import { writeFileSync } from 'node:fs';
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
