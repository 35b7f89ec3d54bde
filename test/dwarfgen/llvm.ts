/** LLVM's own tools as judges of the DWARF we write: what they say now, where they are installed, and what they said. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHUNK, hashes, MODULES, subject } from './questions';

const FILE = join(process.env.GOWASM_ROOT ?? '.', 'test/fixtures/llvm-dwarf.json');

export interface Told {
  /** SHA-256 of the sections they were asked about. */
  written: string;
  /** llvm-dwarfdump --verify, its last line. */
  verify: string;
  /** Of llvm-symbolizer's answers, `CHUNK` at a time. */
  answers: string[];
  /** The first answer of each chunk, for people: `inShort`. */
  samples: Record<string, string[]>;
}

export interface Judgement {
  version: string;
  modules: Record<string, Told>;
}

/** What they said when they were asked (`npm run fixtures -- --dwarf`). */
export function stored(): Judgement {
  return JSON.parse(readFileSync(FILE, 'utf8'));
}

/** @returns e.g. `Debian LLVM version 14.0.6`; null when they are not installed */
export function llvmVersion(): string | null {
  const said = ['llvm-dwarfdump', 'llvm-symbolizer'].map((tool) => spawnSync(tool, ['--version']).stdout?.toString());
  return said.every(Boolean) ? (/.*LLVM version.*/.exec(said[0] ?? '')?.[0].trim() ?? null) : null;
}

/** @returns the last line that it prints; `No errors.` when all is well */
export function verify(module: Uint8Array): string {
  return inFile(module, (path) => {
    const { stdout, stderr } = spawnSync('llvm-dwarfdump', ['--verify', path], { maxBuffer: 1 << 28 });
    const said = `${stdout}${stderr}`.trim().split('\n');
    return said.find((line) => /^(error|warning):/.test(line)) ?? said[said.length - 1];
  });
}

/** @returns frames of each address as `function file:line`, innermost first */
export function symbolize(module: Uint8Array, addresses: number[]): string[][] {
  return inFile(module, (path) => {
    const done = spawnSync('llvm-symbolizer', [`--obj=${path}`, '--inlines', '--output-style=JSON'], {
      input: `${addresses.map((address) => `0x${address.toString(16)}`).join('\n')}\n`,
      maxBuffer: 1 << 28,
    });
    const answers = done.stdout.toString().trim().split('\n');
    return answers.map((line) => {
      const { Symbol: frames } = JSON.parse(line) as {
        Symbol: { FunctionName: string; FileName: string; Line: number }[];
      };
      if (frames.length === 1 && frames[0].FunctionName === '' && frames[0].FileName === '') return [];
      return frames.map((frame) => `${frame.FunctionName} ${frame.FileName}:${frame.Line}`);
    });
  });
}

/** A frame without the folder of its file. */
export const inShort = (frame: string) => frame.replace(/ [^ ]*\/([^ /]*)$/, ' $1');

/** Asks them about every module, and stores what they say. @returns in which file */
export function judge(): string {
  const version = llvmVersion();
  if (version === null) throw new Error('llvm-dwarfdump and llvm-symbolizer are not installed (Debian: llvm)');
  const modules: Judgement['modules'] = {};
  for (const { name, bytes } of MODULES) {
    const { module, addresses, written } = subject(bytes());
    const answers = symbolize(module, addresses);
    const samples = Object.fromEntries(
      answers.filter((_, i) => i % CHUNK === 0).map((frames, i) => [addresses[i * CHUNK], frames.map(inShort)]),
    );
    modules[name] = { written, verify: verify(module), answers: hashes(answers), samples };
    process.stdout.write(`${name.padEnd(28)} ${answers.length} answers, ${modules[name].verify}\n`);
  }
  writeFileSync(FILE, `${JSON.stringify({ version, modules }, null, 2)}\n`);
  return FILE;
}

function inFile<T>(module: Uint8Array, ask: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'gowasm-dwarf-'));
  try {
    const path = join(folder, 'module.wasm');
    writeFileSync(path, module);
    return ask(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
