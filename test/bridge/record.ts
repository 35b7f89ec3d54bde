/**
 * Runs a Go program under Node with its bridge recorded, and writes what the recorder said, with what the program itself told of
 * its stacks (`snap` of the judge program). A process of its own, for it ends with the program:
 *   node record.mjs FILE.wasm WASM_EXEC_JS OUT.json [ARGS…]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { optionsOf } from '../../src/bridge/recordings';
import { runProgram } from '../../src/node/run';
import { loadGo } from '../../src/node/script';
import { Program } from '../../src/program';
import type { RecordBatch } from '../../src/protocol/recording';

const [file, script, out, ...args] = process.argv.slice(2);
const bytes = readFileSync(file);
const go = loadGo(script);
if (!go.ok) throw new Error(go.why);
const truths: string[] = [];
Object.assign(globalThis, {
  capture: (_label: string, truth: string) => {
    truths.push(truth);
  },
});
await runProgram({
  ...{ go: go.value, module: await WebAssembly.compile(bytes), argv: [file, ...args], finish: () => undefined },
  bridge: {
    options: { every: 1, ...optionsOf(new Program(bytes), true) },
    batches: (batches: RecordBatch[]) => writeFileSync(out, JSON.stringify({ batches: batches.map(plain), truths })),
  },
});

/** Columns as lists, those of what was seen in memory too. */
function plain(batch: object): Record<string, unknown> {
  const listed = (name: string, value: unknown) =>
    ArrayBuffer.isView(value) ? [...(value as Int32Array)] : name === 'state' ? plain(value as object) : value;
  return Object.fromEntries(Object.entries(batch).map(([name, value]) => [name, listed(name, value)]));
}
