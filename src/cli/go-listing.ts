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

/**
 * Options of compiler, assembler and linker that are taken out of a module, which anybody may have made: those that change
 * what is made, and none that names a file to be written or a program to be run (`go tool compile -help` and so on, 1.27).
 */
const HARMLESS: Record<string, string[]> = {
  '-gcflags': [
    ...[
      'B',
      'C',
      'E',
      'K',
      'L',
      'N',
      'S',
      'W',
      'complete',
      'd',
      'dwarf',
      'dwarfbasentries',
      'dwarflocationlists',
      'e',
      'h',
    ],
    ...['j', 'l', 'lang', 'live', 'm', 'race', 'shared', 'smallframes', 'spectre', 'std', 'v', 'w', 'wb'],
  ],
  '-asmflags': ['D', 'S', 'd', 'debug', 'dynlink', 'e', 'shared', 'spectre', 'v'],
  '-ldflags': [
    ...[
      'B',
      'H',
      'X',
      'aslr',
      'bindnow',
      'buildid',
      'c',
      'checklinkname',
      'compressdwarf',
      'd',
      'f',
      'funcalign',
      'g',
      'h',
    ],
    ...['n', 'race', 'randlayout', 's', 'strictdups', 'v', 'w'],
  ],
};

/**
 * @param own flags of `go build` that the user gives: they stand for the module's of the same name
 * @returns how the module was built, as far as it says. @throws BadInput for a flag that is not taken out of a module
 */
export function buildOf(info: BuildInfo | null, own: string[] = []): Build {
  const settings = info?.settings ?? [];
  const given = (name: string) => own.some((flag) => flag.replace(/^--/, '-').split('=', 1)[0] === name);
  const taken = settings.filter(([name]) => FLAGS.includes(name) && !given(name));
  for (const [name, value] of taken) {
    const doubtful = HARMLESS[name] && options(value).find((option) => !HARMLESS[name].includes(option));
    if (doubtful)
      throw new BadInput(
        `built with ${name} that has -${doubtful}, which is not taken out of a module: give ${name} after --`,
      );
  }
  const flags = taken.map(([name, value]) => `${name}=${value}`);
  return { flags, env: Object.fromEntries(settings.filter(([name]) => VARIABLES.includes(name))) };
}

/** @returns names of the options in the value of such a flag. Whatever begins with a dash may be one (cmd/internal/quoted) */
function options(value: string): string[] {
  const words = value.slice(/^\s*[^-\s=][^=]*=/.exec(value)?.[0].length ?? 0).split(/[\s'"]+/);
  return words.flatMap((word) => /^--?([^=]*)/.exec(word)?.[1] ?? []);
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
