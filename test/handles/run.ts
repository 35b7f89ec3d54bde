/**
 * Runs the program `handles` (test/fixtures/programs/handles) and brings home its own account of what it made, and the page's view of it
 * (view.js): by nothing but wasm_exec.js and Node, or by the CLI as its users do.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import type { HandleType } from '../../src/protocol/handles';
import type { Frame } from '../../src/symbols/frame';
import { openFixture } from '../fixtures/open';
import { wasmExec } from '../fixtures/wasm-exec';

const root = process.env.GOWASM_ROOT ?? '.';
const cli = join(root, 'dist/gowasm.js');
const folder = mkdtempSync(join(tmpdir(), 'gowasm-handles-'));
after(() => rmSync(folder, { recursive: true }));

/** What the program says of values that it made from one stack. */
export interface MadeValues {
  /** By which the page's view knows them. */
  label: string;
  type: HandleType;
  /** What their previews begin with; '' for not said. */
  preview: string;
  made: number;
  /** Of these, those that have a handle still; how often Go refers to them, and how often they have crossed, in all. */
  kept: number;
  refs: number;
  crossings: number;
  /** Of the function that made them, innermost first. Where that is syscall/js.handleEvent, its line is not known: 0. */
  frames: Frame[];
}

/** What it says of js.Funcs of one function that it made from one stack; they are named by Go's numbers for them. */
export interface MadeFuncs {
  function: string;
  made: number[];
  /** Those that it did not release. */
  registered: number[];
  /** Those whose handle it keeps, released or not. */
  held: number[];
  /** Its own word. */
  leaks: boolean;
  frames: Frame[];
}

export interface Account {
  handles: MadeValues[];
  funcs: MadeFuncs[];
}

/** What stands in the tables of wasm_exec.js at one moment. */
export interface View {
  handles: {
    id: number;
    type: HandleType;
    /** What the program calls it; names of others, and ''. */
    label: string;
    /** Go's number of the js.Func that it is; 0 for none. */
    func: number;
    /** null: without end, of those that are fixed. */
    refs: number | null;
  }[];
  slots: number;
  free: number;
  /** In which way the tables contradict each other. */
  wrong: string[];
}

export interface Views {
  /** When the program was about to tell its account. */
  ready: View;
  /** At its end. */
  exit: View;
  /** Numbers of the js.Funcs that answered when they were called. */
  there?: number[];
}

export interface Done {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the program when it stands behind wasm_exec.js and view.js, and ends it where it waits. */
const ALONE = `
const go = new Go();
go.argv = process.argv.slice(2);
go.exit = process.exit;
void go.run(new WebAssembly.Instance(new WebAssembly.Module(require('node:fs').readFileSync(process.argv[2])), go.importObject));
(function end() {
  if (globalThis.handlesEnd) globalThis.handlesEnd();
  else if (!go.exited) setImmediate(end);
})();
`;

/** @returns path of a file of this run of the tests */
export const path = (name: string) => join(folder, name);

/** Puts module and script of a fixture where the programs below find them. @returns their paths */
function put(name: string, behind = ''): [file: string, script: string] {
  const [file, script] = [path('main.wasm'), path('wasm_exec.cjs')];
  const view = readFileSync(join(root, 'test/handles/view.js'), 'utf8');
  writeFileSync(file, openFixture(name));
  writeFileSync(script, `${wasmExec(name)?.text() ?? assert.fail(name)}\n${view}${behind}`);
  return [file, script];
}

/** @param env beside PATH */
function node(args: string[], env: Record<string, string> = {}): Done {
  const done = spawnSync(process.execPath, args, {
    env: { PATH: process.env.PATH, ...env },
    maxBuffer: 1 << 28,
    timeout: 60_000,
  });
  return { status: done.status, stdout: done.stdout.toString(), stderr: done.stderr.toString() };
}

const views = (): Views => JSON.parse(readFileSync(path('views'), 'utf8'));

/** Runs it without anything of ours, and calls its js.Funcs. */
export function runAlone(name: string, ...args: string[]): Done & { views: () => Views } {
  const [file, script] = put(name, ALONE);
  rmSync(path('views'), { force: true });
  return { ...node([script, file, ...args], { HANDLES_VIEW: path('views'), HANDLES_ASK: 'yes' }), views };
}

/** Runs it with `gowasm run`. @param options before FILE */
export function runByCli(name: string, options: string[], ...args: string[]): Done & { views: () => Views } {
  const [file, script] = put(name);
  rmSync(path('views'), { force: true });
  const done = node([cli, 'run', '--wasm-exec', script, ...options, file, ...args], { HANDLES_VIEW: path('views') });
  return { ...done, views };
}

/** Asks the CLI about what a run of the same fixture has left. @returns what it says as JSON */
export function ask<T>(command: string, left: string): T {
  const { status, stdout, stderr } = node([cli, command, left, path('main.wasm'), '--json']);
  assert.deepEqual([status, stderr], [0, '']);
  return JSON.parse(stdout);
}

const INTERNAL = /^syscall\/js\.(?!handleEvent$)/;

/** Frames without syscall/js's own way from the called method to the import. */
export function outside(frames: Frame[]): Frame[] {
  const end = frames.findIndex(({ function: name }) => !INTERNAL.test(name));
  return end < 0 ? [] : frames.slice(end);
}

/** A stack as text; the line of handleEvent that made a handle is left out, as it is in the account. */
export function spelled(frames: Frame[]): string {
  return frames
    .map(({ function: name, file, line, inlined }, i) => {
      const known = i > 0 || name !== 'syscall/js.handleEvent';
      return `${name} ${file}:${known ? line : 0}${inlined ? ' inlined' : ''}`;
    })
    .join('\n  ');
}

interface Counted {
  handles: number;
  refs: number;
}

/** By label. */
function counted(rows: { label: string; handles: number; refs: number }[]): Record<string, Counted> {
  const sums: Record<string, Counted> = {};
  for (const { label, handles, refs } of rows) {
    sums[label] ??= { handles: 0, refs: 0 };
    sums[label].handles += handles;
    sums[label].refs += refs;
  }
  return sums;
}

/** Holds what the program says of its handles against the page's view of the same moment. */
export function judgeAccount({ handles, funcs }: Account, view: View): void {
  assert.deepEqual(view.wrong, []);
  const labels = new Set(handles.map(({ label }) => label));
  const seen = view.handles.filter(({ label }) => labels.has(label));
  assert.deepEqual(
    counted(seen.map(({ label, refs }) => ({ label, handles: 1, refs: refs ?? Number.NaN }))),
    // A label of which nothing is kept is not seen.
    Object.fromEntries(
      Object.entries(counted(handles.map((row) => ({ ...row, handles: row.kept })))).filter(
        ([, row]) => row.handles > 0,
      ),
    ),
  );
  for (const { label, type } of seen) {
    assert.ok(
      handles.some((row) => row.label === label && row.type === type && row.kept > 0),
      `${type} ${label}`,
    );
  }
  // Of js.Funcs a reference each.
  const made = new Set(funcs.flatMap((row) => row.made));
  const held = view.handles.filter(({ func }) => made.has(func));
  assert.deepEqual(
    held.map(({ func, refs, type }) => [func, refs, type]).sort(byNumber),
    funcs
      .flatMap((row) => row.held)
      .map((number) => [number, 1, 'function'])
      .sort(byNumber),
  );
}

export const byNumber = ([a]: unknown[], [b]: unknown[]) => Number(a) - Number(b);
