/**
 * Runs the user's go command for its listing (`-gcflags=all=-S -asmflags=all=-S`), which it prints on standard error, and for
 * the flags that a module was built with. Writes nowhere but into a temporary folder of its own and Go's build cache.
 * Source: cmd/go `go help build` (per-package flags: the last pattern that matches a package wins), cmd/go/internal/load/flag.go.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import type { BuildInfo } from '../go/buildinfo';
import { BadInput } from './input';

/** How to build: flags of `go build`, and what the environment must say. */
export interface Build {
  flags: string[];
  env: Record<string, string>;
}

/** Settings of modinfo that are flags of `go build` and change what is compiled or linked. */
const FLAGS = ['-asmflags', '-buildmode', '-gcflags', '-ldflags', '-pgo', '-tags', '-trimpath'];
/** And those that are variables. GOROOT and the like are the machine's own. */
const VARIABLES = ['CGO_ENABLED', 'GOARCH', 'GOEXPERIMENT', 'GOOS', 'GOWASM'];

/** @returns how the module was built, as far as it says */
export function buildOf(info: BuildInfo | null): Build {
  const settings = info?.settings ?? [];
  const flags = settings.filter(([name]) => FLAGS.includes(name)).map(([name, value]) => `${name}=${value}`);
  return { flags, env: Object.fromEntries(settings.filter(([name]) => VARIABLES.includes(name))) };
}

/**
 * Adds -S to every flag for the compiler and the assembler, for of several that match a package only the last one counts.
 * @param flags of `go build`: `-gcflags=all=-N -l`, or name and value one after the other
 */
export function withListing(flags: string[]): string[] {
  const listed: string[] = ['-gcflags=all=-S', '-asmflags=all=-S'];
  for (let i = 0; i < flags.length; i++) {
    const match = /^--?(gcflags|asmflags)(?:=(.*))?$/s.exec(flags[i]);
    if (!match) {
      listed.push(flags[i]);
      continue;
    }
    const value = match[2] ?? flags[++i] ?? '';
    // `pattern=flags`; flags alone are for the packages on the command line.
    const pattern = /^\s*[^-\s=][^=]*=/.exec(value)?.[0] ?? '';
    listed.push(`-${match[1]}=${pattern}-S ${value.slice(pattern.length)}`.trimEnd());
  }
  return listed;
}

export const goCommand = () => process.env.GO || 'go';

/** @returns what `go env NAME` says. @throws BadInput without a go command */
export function goEnv(name: string, env: Record<string, string>): string {
  const ran = spawnSync(goCommand(), ['env', name], { env: { ...process.env, ...env }, encoding: 'utf8' });
  if (ran.error) throw missing(ran.error);
  if (ran.status !== 0) throw new BadInput(`${goCommand()} env ${name}: ${firstLine(ran.stderr)}`);
  return ran.stdout.trim();
}

function missing(error: Error): BadInput {
  const { code } = error as NodeJS.ErrnoException;
  const why = code === 'ENOENT' ? 'not found' : error.message;
  return new BadInput(`the go command ${goCommand()}: ${why}; install Go (go.dev/dl) or set GO`);
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0] ?? '';
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs `go build`. Ctrl-C ends it and everything that it started, then us.
 * @param take called with what it prints on standard error, piece by piece
 * @param leave called before the process ends by a signal
 * @returns its exit code
 */
export async function goBuild(
  args: string[],
  env: Record<string, string>,
  take: (chunk: Uint8Array) => void,
  leave: () => void,
): Promise<number> {
  // A group of its own, for the go command does not pass signals on to compilers.
  const detached = process.platform !== 'win32';
  const child = spawn(goCommand(), ['build', ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached,
  });
  const ended = (signal: NodeJS.Signals) => {
    kill(child, detached, signal);
    leave();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  for (const signal of SIGNALS) process.on(signal, ended);
  const done = new Promise<number>((resolve, reject) => {
    child.on('error', (error) => reject(missing(error)));
    child.on('close', (code) => resolve(code ?? 1));
  });
  try {
    // Reading one piece after the other holds the go command back where we are slower.
    const read = async () => {
      for await (const chunk of child.stderr!) take(chunk as Buffer);
    };
    const [code] = await Promise.all([done, read()]);
    return code;
  } catch (error) {
    kill(child, detached, 'SIGTERM');
    throw error;
  } finally {
    for (const signal of SIGNALS) process.off(signal, ended);
  }
}

function kill(child: ChildProcess, group: boolean, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(group ? -child.pid : child.pid, signal);
  } catch {
    // It is gone already.
  }
}
