/** Runs one child process to its end. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Ended {
  stdout: string;
  stderr: string;
}

/** @throws when it does not exit with 0, with what it wrote to standard error */
export function runNode(args: string[], env: NodeJS.ProcessEnv = process.env): Promise<Ended> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { env, timeout: 60_000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${args.join(' ')}: ${stderr || error.message}`));
      else resolve({ stdout, stderr });
    });
  });
}

/** What fresh.ts can do. */
export type Job = 'open' | 'validate' | 'memory' | 'sourcemap' | 'compile';

/** What a fresh process says about `job` of fresh.ts, which is bundled beside this code. */
export async function fresh<T>(job: Job, flags: string[] = []): Promise<T> {
  const script = fileURLToPath(new URL('bench.fresh.mjs', import.meta.url));
  return JSON.parse((await runNode([...flags, script, job])).stdout);
}
