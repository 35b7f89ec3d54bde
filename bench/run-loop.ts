/**
 * What `gowasm run` without options costs a program that calls JavaScript all the time: the loop program under it and under
 * Go's own wasm_exec_node.js, with the same wasm_exec.js, each time in a new process. The program measures itself, so
 * neither's start counts. Without a GOROOT that has the script, runner.ts does what it does.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openFixture } from '../test/fixtures/open';
import { wasmExec } from '../test/fixtures/wasm-exec';
import { findGo } from '../tools/ensure.mjs';
import type { Figure } from './figure';
import { runNode } from './process';
import { LOOP } from './site';
import { inTurn, ratioOfMedians, tell } from './statistics';

const PLAN = { warmUp: 1, pairs: 15, most: 41, width: 0.02 };
/** Calls in one process, about 0.6 s. */
const CALLS = 2_000_000;

export const runLoop: Figure = {
  name: 'run-loop',
  what: 'gowasm run without options: the same loop in Node, against wasm_exec_node.js',
  allowed: 1.05,
  bound: 'most',
  unit: '×',
  measure() {
    const gowasm = join(process.env.GOWASM_ROOT ?? '.', 'dist', 'gowasm.js');
    return against('gowasm run', PLAN, (script, file) => [gowasm, 'run', '--wasm-exec', script, file]);
  },
};

/** The same recorded: every call counted with its call site, timed as the recorder finds right. */
export const recordRun: Figure = {
  name: 'record-run',
  what: 'recording under Node, sampling: the same loop, against wasm_exec_node.js',
  allowed: 2.5,
  bound: 'most',
  unit: '×',
  measure() {
    const recorded = fileURLToPath(new URL('test.judge.record-run.mjs', import.meta.url));
    return against('recorded', { ...PLAN, pairs: 9, most: 21 }, (script, file) => [recorded, script, file, '0']);
  },
};

/** @param command runs the program in a file with a wasm_exec.js */
async function against(name: string, plan: typeof PLAN, command: (script: string, file: string) => string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'gowasm-bench-'));
  try {
    const file = join(folder, 'loop.wasm');
    writeFileSync(file, openFixture(LOOP));
    const base = runner();
    const turns = await inTurn(
      plan,
      () => loop(command(base.script, file)),
      () => loop([...base.command, file]),
    );
    return { value: ratioOfMedians(turns), details: tell(turns, name, base.name) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @returns milliseconds, as the program measures them */
async function loop(command: string[]): Promise<number> {
  const { stderr } = await runNode([...command, String(CALLS)]);
  // What gowasm says of the end comes after it.
  const time = Number.parseInt(stderr, 10);
  if (!(time > 0)) throw new Error(`${command.join(' ')} wrote ${stderr}`);
  return time / 1e6;
}

/** The way to run that is compared with, and the wasm_exec.js that it uses. */
function runner(): { name: string; command: string[]; script: string } {
  for (const folder of ['lib/wasm', 'misc/wasm']) {
    const go = findGo();
    if (!go) break;
    const goroot = execFileSync(go, ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
    const node = join(goroot, folder, 'wasm_exec_node.js');
    const script = join(goroot, folder, 'wasm_exec.js');
    // Up to Go 1.20 the functions are imported from `go`; the program imports from `gojs`.
    if (existsSync(node) && readFileSync(script, 'utf8').includes('gojs')) {
      return { name: 'wasm_exec_node.js', command: [node], script };
    }
  }
  const script = wasmExec(LOOP)!.path;
  const own = fileURLToPath(new URL('bench.runner.mjs', import.meta.url));
  return { name: 'the same by our runner', command: [own, script], script };
}
