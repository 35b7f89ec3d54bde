/**
 * Runs a js/wasm program under Node as lib/wasm/wasm_exec_node.js does, for machines without Go:
 *   node bench.runner.mjs WASM_EXEC_JS FILE [ARGS…]
 * The wake-up at exit, which tells of deadlocks, is left out: nothing measured here ends in one.
 */
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

interface Go {
  argv: string[];
  env: NodeJS.ProcessEnv;
  exit: (code: number) => void;
  importObject: WebAssembly.Imports;
  run(instance: WebAssembly.Instance): Promise<void>;
}

const [script, ...argv] = process.argv.slice(2);
const require = createRequire(import.meta.url);
Object.assign(globalThis, { require, fs, path });
require(script);
const go = new (globalThis as unknown as { Go: new () => Go }).Go();
go.argv = argv;
go.env = { TMPDIR: tmpdir(), ...process.env };
go.exit = process.exit;
const { instance } = await WebAssembly.instantiate(fs.readFileSync(argv[0]), go.importObject);
await go.run(instance);
