/** Runs the built CLI as its users do: the one file, alone in an empty folder, as a process. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

/** Where it runs. */
export const folder = mkdtempSync(join(tmpdir(), 'gowasm-cli-'));
after(() => rmSync(folder, { recursive: true, force: true }));
copyFileSync(join(process.env.GOWASM_ROOT ?? '.', 'dist/gowasm.js'), join(folder, 'gowasm.js'));

export interface Done {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** @param input what stands on standard input @param env beside PATH */
export function gowasm(args: string[], input: string | Uint8Array = '', env: Record<string, string> = {}): Done {
  const done = spawnSync(process.execPath, ['gowasm.js', ...args], {
    cwd: folder,
    input,
    env: { PATH: process.env.PATH, ...env },
    maxBuffer: 1 << 28,
    timeout: 60_000,
  });
  return { status: done.status, stdout: done.stdout.toString(), stderr: done.stderr.toString() };
}

/** Puts a file into the folder. @returns its name */
export function file(name: string, content: Uint8Array | string): string {
  writeFileSync(join(folder, name), content);
  return name;
}
