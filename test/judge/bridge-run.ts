/** The entry of a process that runs a Go program as `gowasm run --bridge` does, but times as many calls as it is told to. */
import { readFileSync, writeFileSync } from 'node:fs';
import { Capture } from '../../src/bridge/capture';
import { encodeCapture } from '../../src/bridge/file';
import { frameTable, proofOf, staticRange } from '../../src/bridge/frames';
import { proves } from '../../src/hook/record/proof';
import { fingerprintOf } from '../../src/lines/fingerprint';
import { runProgram } from '../../src/node/run';
import { loadGo } from '../../src/node/script';
import { Program } from '../../src/program';

const [file, script, every, out] = process.argv.slice(2);
const bytes = readFileSync(file);
const program = new Program(bytes);
const go = loadGo(script);
if (!go.ok) throw new Error(go.why);
void runProgram({
  go: go.value,
  module: new WebAssembly.Module(bytes),
  argv: [file],
  // What the recorder is told to know the program by is still there when the program has run.
  finish() {
    const { mem } = go.value as unknown as { mem: DataView };
    const proof = proofOf(program);
    if (!proof || !proves(proof, new Int32Array(mem.buffer))) throw new Error('the static data has changed');
  },
  bridge: {
    options: { every: Number(every), frames: frameTable(program), ...staticRange(program) },
    batches(batches) {
      const capture = new Capture();
      for (const batch of batches) if (!capture.add(batch)) throw new Error('refused');
      const { module } = program;
      writeFileSync(out, encodeCapture(capture, { fingerprint: fingerprintOf(module), size: bytes.length, title: '' }));
    },
  },
});
