/**
 * gowasm: arguments, usage, exit codes. 0 fine; 1 the answer is "no"; 2 bad usage or bad input, with one line on standard
 * error and nothing on standard output (contract.md).
 */
import { bridge } from './bridge';
import { dwarf } from './dwarf';
import { functions } from './functions';
import { handles } from './handles';
import { info } from './info';
import { BadInput } from './input';
import { lines } from './lines';
import { run } from './run';
import { sourcemap } from './sourcemap';
import { symbolicate } from './symbolicate';

const USAGE = `gowasm: the developer tool for Go WebAssembly

  gowasm info FILE                    what the module says of itself
  gowasm symbolicate FILE [TEXT|-]    replaces every wasm frame of a stack by its Go frames
      --offset N                      a bare module offset, decimal or 0x hex; repeatable
                                      (FILE.map, or what sourceMappingURL names beside FILE, is read where it is needed)
  gowasm functions FILE               every function with its file and line
  gowasm run FILE [ARGS…]             runs a js/wasm program under Node; its failures with Go lines
      --wasm-exec PATH                the wasm_exec.js to use; else that of the go command
      --bridge F                      records what crosses between Go and JavaScript, for gowasm bridge
      --dump F                        writes a dump when it exits or fails, for gowasm handles; --dump-after S after S seconds
  gowasm bridge CAPTURE FILE          what crossed: operations by name, how often, how long, how many bytes, from which Go line
      --pprof F                       the same for go tool pprof; --speedscope F, --trace F (Chrome, Perfetto) with each timed call
  gowasm handles DUMP FILE            the JavaScript values that Go holds, where each was made, which js.Funcs were never released
      --all                           each handle too
  gowasm sourcemap FILE -o MAP        the source map that Go does not write; - is standard output
      --source-root DIR               a folder whose files become part of the map; repeatable
  gowasm dwarf FILE -o OUT            the module with DWARF and build_id; its code stays as it is
      --lines TABLE                   exact lines; also of symbolicate and dwarf; FILE's own .golines beside it is used by itself
  gowasm lines PACKAGE -o TABLE       file and line of every instruction, by the go command (GO names another one)
      --module FILE                   the binary it is for; else what go build makes of PACKAGE
      --append OUT.wasm               the binary with the table in it, as its last section
      -- FLAGS…                       further flags of go build

FILE may be .wasm, .wasm.gz or .wasm.br; - is standard input.
  --json      one JSON object    --help    this text    --version    the version
`;

const COMMANDS: Record<string, ((args: string[]) => number | Promise<number>) | undefined> = {
  info,
  symbolicate,
  functions,
  run,
  sourcemap,
  dwarf,
  lines,
  bridge,
  handles,
};

async function main(args: string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  if (name === '--version') {
    process.stdout.write(`gowasm ${process.env.GOWASM_VERSION}\n`);
    return 0;
  }
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command)
    throw new BadInput(
      name === undefined ? 'a command is missing; see gowasm --help' : `unknown command ${name}; see gowasm --help`,
    );
  if (name !== 'run' && (rest.includes('--help') || rest.includes('-h'))) {
    process.stdout.write(USAGE);
    return 0;
  }
  return await command(rest);
}

// A reader that closes early (`gowasm functions … | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (!(error instanceof BadInput)) throw error;
    process.stderr.write(`gowasm: ${error.message}\n`);
    process.exitCode = 2;
  },
);
