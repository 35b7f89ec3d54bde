/** Which modules get DWARF in the tests, and which addresses of them are asked: the same ones of us and of LLVM. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { buildIdSection, withSections } from '../../src/dwarfgen/append';
import { makeDwarf } from '../../src/dwarfgen/make';
import { Program } from '../../src/program';
import type { Located } from '../../src/symbols/frame';
import { bodyAt } from '../../src/wasm/code';
import { openFixture, realBinaries } from '../fixtures/open';

/** Each shape of inline tree; a name section; code that wasm-opt has moved; a big program by others. */
const FIXTURES = [
  'go1.27/judge-stripped',
  'go1.24/judge-wasmopt',
  'go1.19/judge-plain',
  'go1.16/judge-stripped',
  'go1.11/judge-stripped',
];

export const MODULES: { name: string; bytes: () => Uint8Array }[] = [
  ...FIXTURES.map((name) => ({ name, bytes: () => openFixture(name) })),
  ...realBinaries().filter(({ name }) => name === 'esbuild-wasm 0.25.12'),
];

export const ASKED = 12_000;
/** Answers that share one hash. */
export const CHUNK = 1000;

export interface Subject {
  program: Program;
  /** With DWARF. */
  module: Uint8Array;
  made: ReturnType<typeof makeDwarf>;
  /** Module offset of the Code section's content, from which addresses count. */
  base: number;
  /** Ascending. */
  addresses: number[];
  /** SHA-256 of all that was written. */
  written: string;
}

/** @param lines an exact line table of the module */
export function subject(bytes: Uint8Array, lines?: Uint8Array): Subject {
  const program = new Program(bytes);
  if (lines) assert.ok(program.attachLines(lines).ok);
  const made = makeDwarf(program, 'a test');
  const sections = [...made.sections, ['build_id', buildIdSection(new Uint8Array(16))] as [string, Uint8Array]];
  const module = Buffer.concat(withSections(program.module, sections));
  const hash = createHash('sha256');
  for (const [name, content] of sections) hash.update(name).update(content);
  const code = program.module.section('code')!;
  const addresses = Int32Array.from(random(ASKED, code.size)).sort();
  return { program, module, made, base: code.offset, addresses: [...addresses], written: hash.digest('hex') };
}

/** Marsaglia's xorshift with a fixed seed. */
function* random(count: number, limit: number): Generator<number> {
  let state = 20_240_601;
  for (let i = 0; i < count; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    yield (state >>> 0) % limit;
  }
}

/** @param answers frames of each address @returns a short hash for each chunk of them */
export function hashes(answers: string[][]): string[] {
  const found: string[] = [];
  for (let i = 0; i < answers.length; i += CHUNK) {
    const text = answers.slice(i, i + CHUNK).map((frames) => `${frames.join('\n')}\n\n`);
    found.push(createHash('sha256').update(text.join('')).digest('hex').slice(0, 16));
  }
  return found;
}

/** What DWARF should say where the Locator says this: of the function alone no line, but at the function's entry. */
export function expected(program: Program, located: Located | null): string[] {
  if (located?.via !== 'pclntab' && located?.via !== 'exact') return [];
  const code = program.module.code();
  const body = code.ok && code.value ? program.locator.body(bodyAt(code.value, located.offset)) : null;
  const entry = located.precision === 'function' && (!body || located.offset < body.start);
  return located.frames.map(({ function: name, file, line }) => {
    return `${name} ${file}:${located.precision === 'function' && !entry ? 0 : line}`;
  });
}
