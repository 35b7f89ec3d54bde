/**
 * Runs a js/wasm program in this process as `gowasm run` does, recorded or not; for tools/fixtures/syscall-js.mjs:
 *   node … WASM_EXEC_JS|RELEASE FILE no|EVERY [ARGS…]
 * The scripts of a release (`go1.19`) are those of test/fixtures/wasm-exec.ts.
 * The last line of standard error is what was recorded, as JSON.
 */
import { readFileSync, writeSync } from 'node:fs';
import { Capture } from '../../src/bridge/capture';
import { frameTable, staticRange } from '../../src/bridge/frames';
import { runProgram } from '../../src/node/run';
import { loadGo } from '../../src/node/script';
import { Program } from '../../src/program';
import type { RecordBatch } from '../../src/protocol/recording';
import { wasmExec } from '../fixtures/wasm-exec';

const [given, file, every, ...args] = process.argv.slice(2);
process.argv.splice(2, process.argv.length, file, ...args);
const script = wasmExec(given)?.path;
const go = loadGo(/^go1\.\d+$/.test(given) && script ? script : given);
if (!go.ok) throw new Error(go.why);
const bytes = readFileSync(file);
const program = new Program(bytes);

function tell(batches: RecordBatch[]): void {
  const capture = new Capture();
  const taken = batches.every((batch) => capture.add(batch));
  let calls = 0;
  for (let number = 1; number < capture.entries; number++) calls += capture.entry(number).calls;
  const { dropped, lost } = capture;
  writeSync(2, `${JSON.stringify({ taken, calls, timed: capture.events.length / 3, dropped, lost })}\n`);
}

await runProgram({
  go: go.value,
  module: await WebAssembly.compile(bytes),
  argv: [file, ...args],
  finish: () => {},
  bridge:
    every === 'no'
      ? undefined
      : { options: { every: Number(every), frames: frameTable(program), ...staticRange(program) }, batches: tell },
});
