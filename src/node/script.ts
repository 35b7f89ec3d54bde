/**
 * wasm_exec.js, which Go's toolchain brings along: where it is, and how to make the class `Go` of it as wasm_exec_node.js
 * does (lib/wasm since Go 1.24, misc/wasm before). Scripts up to Go 1.18 look for Node's modules in the global scope
 * themselves and assign to `crypto` and `performance`, which are read-only in Node since 19.
 */
import { execFileSync } from 'node:child_process';
import nodeCrypto from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { TextDecoder, TextEncoder } from 'node:util';
import vm from 'node:vm';
import type { Outcome } from '../bytes/malformed';

/** `this` of wasm_exec.js, as far as a host touches it. */
export interface Go {
  argv: string[];
  env: Record<string, string | undefined>;
  exit: (code: number) => void;
  exited?: boolean;
  importObject: Record<string, Record<string, unknown>>;
  _pendingEvent: unknown;
  _resume(): void;
  run(instance: WebAssembly.Instance): Promise<void>;
}

/** @returns path of the wasm_exec.js of the go command that `GO` names, else of `go`. */
export function findScript(): Outcome<string> {
  const go = process.env.GO || 'go';
  let root: string;
  try {
    root = execFileSync(go, ['env', 'GOROOT'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return { ok: false, why: `no go command ${go} to take wasm_exec.js from: name the file with --wasm-exec PATH` };
  }
  const found = ['lib', 'misc'].map((folder) => path.join(root, folder, 'wasm', 'wasm_exec.js')).find(fs.existsSync);
  if (found) return { ok: true, value: found };
  return { ok: false, why: `${root} has no lib/wasm/wasm_exec.js: name the file with --wasm-exec PATH` };
}

/**
 * Runs wasm_exec.js in this process's global scope.
 * @returns a Go object as wasm_exec_node.js makes it
 */
export function loadGo(file: string): Outcome<Go> {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch {
    return { ok: false, why: `${file}: no such file` };
  }
  const world = globalThis as unknown as Record<string, unknown> & { Go?: new () => Go };
  const require = createRequire(path.resolve(file));
  Object.assign(world, { require, fs, path, TextEncoder, TextDecoder });
  makeWritable('performance', performance);
  makeWritable('crypto', nodeCrypto.webcrypto);
  // As a module of its own: the script must neither take itself for the main program nor for an ES module.
  const module = { exports: {} };
  const run = vm.runInThisContext(`(function (exports, require, module, __filename, __dirname) {${text}\n})`, {
    filename: path.resolve(file),
  });
  run.call(module.exports, module.exports, require, module, path.resolve(file), path.dirname(path.resolve(file)));
  if (!world.Go) return { ok: false, why: `${file}: expected a wasm_exec.js that defines Go` };
  return { ok: true, value: new world.Go() };
}

function makeWritable(name: string, value: unknown): void {
  const found = Object.getOwnPropertyDescriptor(globalThis, name);
  if (found?.set || found?.writable) return;
  Object.defineProperty(globalThis, name, { value, writable: true, enumerable: false, configurable: true });
}
