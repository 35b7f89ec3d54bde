/**
 * `gowasm lines PACKAGE -o TABLE`: file and line of every instruction, out of the listing of the user's own go command.
 * Without --module the module is the one that the same command builds, byte for byte, without the listing.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BuildInfo } from '../go/buildinfo';
import { appendTable } from '../lines/append';
import { LineMaker, type MadeLines } from '../lines/make';
import { encodeTable } from '../lines/table';
import type { Program } from '../program';
import { type Build, buildOf, goBuild, goCommand, goEnv, withListing } from './go-listing';
import { BadInput, expectFiles, openProgram, readArguments, withFile } from './input';
import { writeTo } from './output';
import { inLine, printJson } from './print';
import { Progress } from './progress';

const USAGE = 'lines PACKAGE -o TABLE [--module FILE] [--append OUT.wasm] [-- BUILD FLAGS…]';

/** Names that are printed for people; --json has all. */
const MOST_NAMED = 10;

export async function lines(args: string[]): Promise<number> {
  const split = args.indexOf('--');
  const own = split < 0 ? args : args.slice(0, split);
  const flags = split < 0 ? [] : args.slice(split + 1);
  const read = readArguments(own, ['o', 'module', 'append']);
  expectFiles(read, 1, 1, USAGE);
  const out = single(read.options, 'o');
  const append = single(read.options, 'append');
  const module = single(read.options, 'module');
  if (out === undefined && append === undefined) throw new BadInput(`usage: gowasm ${USAGE}`);
  const folder = mkdtempSync(join(tmpdir(), 'gowasm-lines-'));
  const progress = new Progress();
  const leave = () => rmSync(folder, { recursive: true, force: true });
  try {
    return await make(read.positional[0], { out, append, module, flags, folder, json: read.json }, progress, leave);
  } finally {
    progress.end();
    leave();
  }
}

interface Wanted {
  out?: string;
  append?: string;
  module?: string;
  flags: string[];
  /** Ours, and gone in the end. */
  folder: string;
  json: boolean;
}

async function make(packagePath: string, wanted: Wanted, progress: Progress, leave: () => void): Promise<number> {
  const { module, folder } = wanted;
  let program: Program;
  let build: Build;
  if (module === undefined) {
    const wasm = join(folder, 'app.wasm');
    build = { flags: [...goFlags(), ...wanted.flags], env: target() };
    goEnv('GOVERSION', build.env);
    progress.watch(() => `${goCommand()} build ${packagePath}`);
    await plainBuild(['-o', wasm, ...build.flags, packagePath], build.env, leave);
    program = openProgram(wasm);
  } else {
    program = openProgram(module);
    expectGo(program, module);
    const made = withFile(module, () => program.go.buildInfo());
    build = taken(made.ok ? made.value : null, wanted.flags, module);
    build = { flags: [...build.flags, ...wanted.flags], env: { ...target(), ...build.env } };
    expectRelease(program, module, build.env);
  }
  const name = module ?? packagePath;
  const maker = withFile(name, () => new LineMaker(program));
  const { listing } = maker;
  progress.watch(() => `listing: ${Math.floor(listing.read / 1e6)} MB, ${listing.functions} functions`);
  const args = [...withListing(build.flags), '-o', join(folder, 'listed.wasm'), packagePath];
  const code = await goBuild(args, build.env, (chunk) => withFile('the listing', () => listing.push(chunk)), leave);
  withFile('the listing', () => listing.end());
  if (code !== 0) throw new BadInput(`${goCommand()} build ${packagePath}: ${failure(listing.said)}`);
  const made = maker.finish();
  progress.end();
  if (made.otherBuild !== null) throw new BadInput(`${name}: the listing is of another build (${made.otherBuild})`);
  const table = encodeTable(made.table);
  if (wanted.out !== undefined) writeTo(wanted.out, table);
  if (wanted.append !== undefined) writeTo(wanted.append, appendTable(program.module, table));
  tell(made, table.length, wanted);
  return 0;
}

/** @throws BadInput, with the file in front */
function taken(info: BuildInfo | null, own: string[], file: string): Build {
  try {
    return buildOf(info, own);
  } catch (error) {
    throw error instanceof BadInput ? new BadInput(`${file}: ${error.message}`) : error;
  }
}

/** @throws BadInput with what the go command said, when it fails */
async function plainBuild(args: string[], env: Record<string, string>, leave: () => void): Promise<void> {
  let said = '';
  const code = await goBuild(
    args,
    env,
    (chunk) => {
      if (said.length < 1 << 16) said += new TextDecoder().decode(chunk);
    },
    leave,
  );
  if (code !== 0) throw new BadInput(`${goCommand()} build ${args.at(-1)}: ${failure(said.split('\n'))}`);
}

/** Where nobody says otherwise, the browser's. */
function target(): Record<string, string> {
  const os = process.env.GOOS === 'wasip1' ? 'wasip1' : 'js';
  return { GOOS: os, GOARCH: 'wasm' };
}

/** Flags for compiler and assembler in GOFLAGS: ours on the command line would replace them. */
function goFlags(): string[] {
  const words = goEnv('GOFLAGS', {}).match(/'[^']*'|"[^"]*"|\S+/g) ?? [];
  return words.map((word) => word.replace(/^(['"])(.*)\1$/s, '$2')).filter((word) => /^--?(?:gc|asm)flags=/.test(word));
}

function expectGo(program: Program, file: string): void {
  if (!program.go.isGo) throw new BadInput(`${file}: not made by Go`);
}

/** Another release's compiler makes other code: nothing would fit, after minutes. */
function expectRelease(program: Program, file: string, env: Record<string, string>): void {
  const own = goEnv('GOVERSION', env);
  const { version } = program.go;
  const plain = (text: string) => /^go[\d.]+(?:(?:rc|beta)\d+)?/.exec(text)?.[0] ?? text;
  if (version === null || plain(version) === plain(own)) return;
  throw new BadInput(`${file}: made by ${version}, ${goCommand()} is ${own}: set GO, or GOTOOLCHAIN=${plain(version)}`);
}

/** The first line that says what is wrong. */
function failure(said: string[]): string {
  const line = said.find((each) => each.trim() !== '' && !/^(?:# |go: downloading )/.test(each));
  return inLine(line ?? 'failed');
}

function single(options: Map<string, string[]>, name: string): string | undefined {
  const values = options.get(name) ?? [];
  if (values.length > 1) throw new BadInput(`usage: gowasm ${USAGE}`);
  return values[0];
}

function tell(made: MadeLines, size: number, { out, append, json }: Wanted): void {
  if (out === '-' || append === '-') return;
  const { functions, aligned, instructions, covered, table } = made;
  if (json) {
    const notAligned = made.notAligned.map(({ name }) => name);
    const why = Object.fromEntries(made.notAligned.map(({ name, why: reason }) => [name, reason]));
    const symbols = table.symbols.length;
    printJson('lines', { functions, aligned, instructions, covered, notAligned, why, symbols, bytes: size });
    return;
  }
  const count = (number: number) => number.toLocaleString('en-US');
  const share = instructions > 0 ? Math.floor((covered / instructions) * 1e5) / 1e3 : 0;
  process.stdout.write(
    `${out ?? append}: ${count(covered)} of ${count(instructions)} instructions (${share} %) in ${count(aligned)} of ` +
      `${count(functions)} functions, ${count(table.symbols.length)} variables, ${count(size)} bytes\n`,
  );
  for (const { name, why } of made.notAligned.slice(0, MOST_NAMED)) {
    process.stdout.write(`  without lines: ${inLine(name)} (${why})\n`);
  }
  const more = made.notAligned.length - MOST_NAMED;
  if (more > 0) process.stdout.write(`  and ${more} more; --json names them\n`);
}
