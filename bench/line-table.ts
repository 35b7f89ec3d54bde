/**
 * An exact line table against the module it is for: hello world, stripped, by the go command of this machine. Of larger programs
 * the table is a smaller part, for the runtime has more inlined calls than most code.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { findGo, root } from '../tools/ensure.mjs';
import type { Figure } from './figure';

const PROGRAM = 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("hello") }\n';

export const lineTable: Figure = {
  name: 'line-table',
  what: 'an exact line table by gzip, against its module: hello world, stripped',
  allowed: 0.03,
  bound: 'most',
  unit: '×',
  async measure() {
    const go = findGo();
    if (!go) throw new Error('it takes a go command');
    const folder = mkdtempSync(join(tmpdir(), 'gowasm-bench-'));
    try {
      writeFileSync(join(folder, 'go.mod'), 'module example.com/hello\n\ngo 1.21\n');
      writeFileSync(join(folder, 'main.go'), PROGRAM);
      const options = { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] as ['ignore', 'pipe', 'ignore'] };
      const env = { ...process.env, GOOS: 'js', GOARCH: 'wasm', GOFLAGS: '' };
      execFileSync(go, ['build', '-ldflags=-s -w', '-o', 'hello.wasm', '.'], { ...options, env });
      const cli = join(root, 'dist/gowasm.js');
      const args = [cli, 'lines', '.', '-o', 'hello.golines', '--module', 'hello.wasm', '--json'];
      const said = JSON.parse(
        execFileSync(process.execPath, args, { ...options, env: { ...process.env, GO: go } }).toString(),
      );
      const module = readFileSync(join(folder, 'hello.wasm'));
      const table = readFileSync(join(folder, 'hello.golines'));
      const packed = gzipSync(table, { level: 9 }).length;
      const percent = (size: number) => `${((100 * size) / module.length).toFixed(2)} %`;
      return {
        value: packed / module.length,
        details:
          `${percent(packed)}, unpacked ${percent(table.length)} of ${module.length} bytes; lines for ${said.covered} of ` +
          `${said.instructions} instructions, ${said.aligned} of ${said.functions} functions`,
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
