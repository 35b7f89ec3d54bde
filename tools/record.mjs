// Records the bridge of a stored Go program under Node, for tests and for the preview.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import { root as own } from './ensure.mjs';

const root = process.env.GOWASM_ROOT ?? own;

/**
 * @param {string} packed path of a js/wasm program, compressed by brotli, of Go 1.21 or later
 * @param {string[]} args of the program
 * @returns {{ program: Uint8Array, recorded: string }} the program, and the text that test/bridge/recorded.ts reads
 */
export function record(packed, args) {
  const folder = mkdtempSync(join(tmpdir(), 'gowasm-record-'));
  try {
    const [script, wasm, out] = ['record.mjs', 'program.wasm', 'recorded.json'].map((name) => join(folder, name));
    const program = new Uint8Array(brotliDecompressSync(readFileSync(join(root, packed))));
    writeFileSync(wasm, program);
    esbuild.buildSync({
      ...{ absWorkingDir: root, entryPoints: ['test/bridge/record.ts'], outfile: script, bundle: true },
      ...{ platform: 'node', format: 'esm', logLevel: 'warning' },
    });
    const runtime = join(root, 'node_modules/esbuild-wasm/wasm_exec.js');
    execFileSync(process.execPath, [script, wasm, runtime, out, ...args], { stdio: 'ignore', timeout: 60_000 });
    return { program, recorded: readFileSync(out, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
