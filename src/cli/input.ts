/**
 * What the commands read: files (also compressed, also standard input) and arguments. One error for all that a user can
 * get wrong.
 */
import { existsSync, readFileSync } from 'node:fs';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { Malformed } from '../bytes/malformed';
import { Program } from '../program';

/** Ends a command with exit 2 and this one line. */
export class BadInput extends Error {}

/** Unpacked modules may have this many bytes; Node could not hold much more in one buffer anyway. */
const MOST_BYTES = 1 << 30;

/** @returns bytes of a file, or of standard input for `-`. @throws BadInput */
export function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    throw new BadInput(`${file}: ${reason(error)}`);
  }
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EISDIR') return 'is a directory';
  if (code === 'EACCES') return 'permission denied';
  return message;
}

/** How much a packed module may grow: compilers' output grows fivefold, a bomb a thousandfold. */
const ALWAYS_ALLOWED = 1 << 26;
const MOST_TIMES = 64;

/** @returns the bytes of a module, unpacked by what they are, not by what the file is called. @throws BadInput */
export function readModule(file: string): Uint8Array {
  const bytes = readBytes(file);
  const maxOutputLength = Math.min(MOST_BYTES, ALWAYS_ALLOWED + MOST_TIMES * bytes.length);
  try {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) return gunzipSync(bytes, { maxOutputLength });
    // Brotli has no magic number: only the name tells.
    if (file.endsWith('.br')) return brotliDecompressSync(bytes, { maxOutputLength });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new BadInput(`${file}: expected at most ${maxOutputLength} bytes of unpacked data at offset 0x0`);
    }
    throw new BadInput(`${file}: expected ${file.endsWith('.br') ? 'brotli' : 'gzip'} data at offset 0x0`);
  }
  return bytes;
}

/** @throws BadInput with what was expected at which offset */
export function openProgram(file: string): Program {
  const bytes = readModule(file);
  return withFile(file, () => new Program(bytes));
}

/**
 * Has a program answer out of an exact line table: the one that is named, else the one beside the module, `app.golines` for
 * `app.wasm`. One beside it that does not fit costs one line.
 * @throws BadInput when the one that is named cannot be used
 */
export function attachLines(program: Program, file: string, named: string | undefined): void {
  if (named !== undefined) {
    const opened = program.attachLines(readBytes(named));
    if (!opened.ok) throw new BadInput(`${named}: ${opened.why}`);
    return;
  }
  const beside = `${file.replace(/(?:\.wasm)?(?:\.gz|\.br)?$/, '')}.golines`;
  if (file === '-' || !existsSync(beside)) return;
  const opened = program.attachLines(readBytes(beside));
  if (!opened.ok) process.stderr.write(`gowasm: ${beside}: ${opened.why}; not used\n`);
}

/** Turns what a reader throws into the one line for a file. */
export function withFile<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Malformed) throw new BadInput(`${file}: ${error.message}`);
    throw error;
  }
}

export interface Arguments {
  positional: string[];
  json: boolean;
  /** Values of each repeatable option, by its name without dashes. */
  options: Map<string, string[]>;
  /** Options without a value that were given, without dashes. */
  flags: Set<string>;
}

/**
 * @param names options that take a value, without dashes
 * @param flags options that take none
 * @throws BadInput for an unknown option or a missing value
 */
export function readArguments(args: string[], names: string[] = [], flags: string[] = []): Arguments {
  const read: Arguments = { positional: [], json: false, options: new Map(), flags: new Set() };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === '--') {
      read.positional.push(...args.slice(i + 1));
      break;
    }
    if (arg === '--json') read.json = true;
    else if (arg === '-' || !arg.startsWith('-')) read.positional.push(arg);
    else {
      const [name, inline] = splitOption(arg);
      if (flags.includes(name) && inline === undefined) {
        read.flags.add(name);
        continue;
      }
      if (!names.includes(name)) throw new BadInput(`unknown option ${arg}`);
      const value = inline ?? args[++i];
      if (value === undefined) throw new BadInput(`--${name} needs a value`);
      read.options.set(name, [...(read.options.get(name) ?? []), value]);
    }
  }
  return read;
}

function splitOption(arg: string): [string, string | undefined] {
  const equals = arg.indexOf('=');
  const name = (equals < 0 ? arg : arg.slice(0, equals)).replace(/^--?/, '');
  return [name, equals < 0 ? undefined : arg.slice(equals + 1)];
}

/** @throws BadInput unless there are between `least` and `most` positional arguments */
export function expectFiles(read: Arguments, least: number, most: number, usage: string): void {
  const count = read.positional.length;
  if (count < least || count > most) throw new BadInput(`usage: gowasm ${usage}`);
}
