/**
 * The judge program of every release and flavour that can run: what V8's stack and linear memory tell us, against what
 * runtime.CallersFrames told at the same moment.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Program } from '../../src/program';
import { fixtureNames, openFixture } from '../fixtures/open';
import { runFixture } from '../fixtures/run';
import { wasmExec } from '../fixtures/wasm-exec';
import { judgeUnwound, judgeV8 } from './judge';

const RUNS: [scenario: string, stackMb: number][] = [
  ['all', 4],
  ['depth-20000', 64],
  ['fresh', 4],
];
/** Programs of Go 1.11 and 1.12 take 1 GB of memory, which the hook looks through at each capture: two runs will do. */
const HUGE = /go1\.1[12]\//;

const names = fixtureNames().filter((name) => name.includes('/judge-') && wasmExec(name));

for (const name of names) {
  test(`${name}: V8's frames and the unwound stack say what Go says`, async () => {
    const program = new Program(openFixture(name));
    const wrong: string[] = [];
    const compared = { V8: 0, memory: 0 };
    for (const [scenario, stackMb] of HUGE.test(name) ? RUNS.slice(0, 2) : RUNS) {
      const run = await runFixture(name, [scenario], { stackMb });
      assert.deepEqual([run.exitCode, run.uncaught, run.output], [0, [], 'done\n'], scenario);
      for (const snap of run.snaps) {
        for (const [how, judge] of [
          ['V8', judgeV8],
          ['memory', judgeUnwound],
        ] as const) {
          const verdict = judge(program, snap);
          compared[how] += verdict.compared;
          wrong.push(...verdict.wrong.map((line) => `${scenario}, ${how}, ${line}`));
        }
      }
    }
    assert.equal(wrong.length, 0, `${wrong.length} frames or stacks differ:\n${wrong.slice(0, 20).join('\n')}`);
    assert.ok(compared.V8 > 5000 && compared.memory > 20_000, `only ${JSON.stringify(compared)} frames compared`);
  });
}
